package io.amcinsights.local.http;

/** An error as AWS would answer it: the code that SDKs map to an exception, and a message. */
public final class AwsError extends Exception {

    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;

    public AwsError(int status, String code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    /** HTTP status. */
    public int status() {
        return status;
    }

    /** AWS's error code, such as {@code NoSuchKey} or {@code InvalidRequestException}. */
    public String code() {
        return code;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
