package io.amcinsights.local.http;

import java.io.IOException;

/** A body that turns out while it is read not to be what was signed. */
final class RefusedBody extends IOException {

    private static final long serialVersionUID = 1;

    private final AwsError error;

    RefusedBody(int status, String code, String message) {
        super(message);
        this.error = new AwsError(status, code, message);
    }

    AwsError error() {
        return error;
    }
}
