package io.amcinsights.local.amc;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** An error as the API answers it. */
final class AmcError extends Exception {

    private static final long serialVersionUID = 1;

    private final int status;
    private final transient ObjectNode body;

    private AmcError(int status, String message, ObjectNode body) {
        super(message);
        this.status = status;
        this.body = body;
    }

    /** The shape of the AMC APIs. */
    static AmcError of(int status, String details) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("code", String.valueOf(status)).put("details", details);
        return new AmcError(status, details, body);
    }

    /** The shape of Login with Amazon. */
    static AmcError oauth(int status, String error, String description) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("error", error).put("error_description", description);
        return new AmcError(status, description, body);
    }

    static AmcError badRequest(String details) {
        return of(400, details);
    }

    int status() {
        return status;
    }

    ObjectNode body() {
        return body;
    }
}
