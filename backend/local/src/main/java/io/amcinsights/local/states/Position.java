package io.amcinsights.local.states;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where one flow of an execution is. Written with each event, so that after a kill the flow goes on
 * from here.
 */
@JsonAutoDetect(fieldVisibility = JsonAutoDetect.Visibility.ANY)
@JsonInclude(JsonInclude.Include.NON_NULL)
final class Position {

    String state = "";
    @Nullable JsonNode input;
    Map<String, JsonNode> variables = new LinkedHashMap<>();

    /** Id of the flow's last event. */
    long previous;

    /** When the state was entered, ISO; null: not yet. */
    @Nullable String entered;

    /** How often each retrier of the state was used, by its place. */
    Map<Integer, Integer> attempts = new LinkedHashMap<>();

    /** Epoch milliseconds until which the state waits. */
    @Nullable Long until;

    /** What the branches or iterations of the state work on. */
    @Nullable JsonNode work;

    /** What the state's work gave; it is not done twice. */
    @Nullable JsonNode result;

    /** The flow's output, when it has ended. */
    @Nullable JsonNode output;

    void move(@Nullable String next, JsonNode value) {
        entered = null;
        until = null;
        work = null;
        result = null;
        attempts.clear();
        if (next == null) {
            input = null;
            output = value;
        } else {
            state = next;
            input = value;
        }
    }

    void tryAgain(@Nullable Long at) {
        until = at;
        work = null;
        result = null;
    }
}
