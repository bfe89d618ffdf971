package io.amcinsights.local.amc.engine;

/** The query cannot be run; the message says why, for the person who wrote it. */
public final class QueryException extends Exception {

    private static final long serialVersionUID = 1;

    public QueryException(String message) {
        super(message);
    }

    QueryException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
