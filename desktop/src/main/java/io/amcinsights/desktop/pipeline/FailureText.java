package io.amcinsights.desktop.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Json;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;

import org.jspecify.annotations.Nullable;

/**
 * Error and cause of an execution in words. A function's failure travels in the cause as JSON
 * within JSON: Lambda's {@code errorMessage}, and in it our {@link Failure}.
 */
final class FailureText {

    private static final Messages MESSAGES = Messages.of(FailureText.class);

    private FailureText() {}

    static Problem problem(@Nullable String error, @Nullable String cause) {
        String code = error == null ? "" : error;
        String text = cause == null ? "" : cause;
        String message = text;
        JsonNode outer = json(text);
        if (outer != null && outer.path("errorMessage").isTextual()) {
            message = outer.get("errorMessage").asText();
        }
        JsonNode inner = json(message);
        if (inner != null && inner.has("code") && inner.has("message")) {
            try {
                return Problem.of(Json.mapper().treeToValue(inner, Failure.class));
            } catch (JsonProcessingException e) {
                message = inner.get("message").asText();
            }
        }
        return new Problem(
                MESSAGES.text("failure.title"),
                message.isBlank() ? explained(code) : message,
                MESSAGES.text("failure.next"),
                code + "\n" + text,
                null,
                null);
    }

    private static String explained(String code) {
        return switch (code) {
            case "" -> MESSAGES.text("failure.unknown");
            case "States.Timeout" -> MESSAGES.text("failure.timeout");
            default -> code;
        };
    }

    private static @Nullable JsonNode json(String text) {
        if (!text.startsWith("{")) {
            return null;
        }
        try {
            return Json.mapper().readTree(text);
        } catch (JsonProcessingException e) {
            return null;
        }
    }
}
