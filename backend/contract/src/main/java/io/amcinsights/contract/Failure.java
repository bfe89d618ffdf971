package io.amcinsights.contract;

import com.fasterxml.jackson.annotation.JsonIgnore;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Why something did not happen.
 *
 * @param message what happened and why, in the user's words
 * @param details facts for a closer look; {@code field} names the request's field at fault, {@code
 *     next} says what to do
 */
public record Failure(ErrorCode code, String message, Map<String, String> details) {

    public static Failure of(ErrorCode code, String message) {
        return new Failure(code, message, Map.of());
    }

    /** A field of the request is wrong. */
    public static Failure invalid(String field, String message) {
        return of(ErrorCode.INVALID_REQUEST, message).with("field", field);
    }

    /**
     * Refuses a request whose fields are wrong; passes where none is.
     *
     * @param problems what is wrong, by field, in words
     * @throws FailureException for the first of them
     */
    public static void refuse(Map<String, String> problems) {
        for (Map.Entry<String, String> problem : problems.entrySet()) {
            throw invalid(problem.getKey(), problem.getValue()).exception();
        }
    }

    /** The same failure with what to do next. */
    public Failure next(String next) {
        return with("next", next);
    }

    public Failure with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(details);
        more.put(name, value);
        return new Failure(code, message, more);
    }

    /** The field of the request at fault. */
    @JsonIgnore
    public @Nullable String field() {
        return details.get("field");
    }

    /** What to do next. */
    @JsonIgnore
    public @Nullable String nextStep() {
        return details.get("next");
    }

    public FailureException exception() {
        return new FailureException(this);
    }
}
