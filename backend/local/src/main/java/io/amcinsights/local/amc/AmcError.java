package io.amcinsights.local.amc;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Map;

/** An error as the APIs answer it. */
final class AmcError extends Exception {

    private static final long serialVersionUID = 1;

    private final int status;
    private final transient ObjectNode body;
    private final transient Map<String, String> headers;

    private AmcError(int status, String message, ObjectNode body, Map<String, String> headers) {
        super(message);
        this.status = status;
        this.body = body;
        this.headers = headers;
    }

    /** The shape of the AMC APIs. */
    static AmcError of(int status, String details) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("code", String.valueOf(status)).put("details", details);
        return new AmcError(status, details, body, Map.of());
    }

    /** The shape of Login with Amazon. */
    static AmcError oauth(int status, String error, String description) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("error", error).put("error_description", description);
        return new AmcError(status, description, body, Map.of());
    }

    static AmcError badRequest(String details) {
        return of(400, details);
    }

    /** The same with one header. */
    AmcError with(String header, String value) {
        return new AmcError(status, String.valueOf(getMessage()), body, Map.of(header, value));
    }

    /**
     * As the operation answers it: listing accounts has a shape of its own. Source: AMC
     * Administration API reference.
     */
    Answer answer(boolean ofAccounts, String requestId) {
        ObjectNode shown = body;
        if (ofAccounts) {
            shown = JsonNodeFactory.instance.objectNode();
            shown.put("message", getMessage()).put("requestId", requestId);
        }
        Answer answer = Answer.of(status, shown);
        for (Map.Entry<String, String> header : headers.entrySet()) {
            answer = answer.with(header.getKey(), header.getValue());
        }
        return answer;
    }
}
