package io.amcinsights.local.states;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
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
@JsonIgnoreProperties(ignoreUnknown = true)
final class Position {

    String state = "";
    @Nullable JsonNode input;
    Map<String, JsonNode> variables = new LinkedHashMap<>();

    /** Id of the event that the flow's next event points at. */
    long previous;

    /** Id of the flow's last event. */
    long last;

    /** When the state was entered, ISO; null: not yet. */
    @Nullable String entered;

    /** Id of the event of entering the state. */
    long enteredAt;

    /** How often each retrier of the state was used, by its place. */
    Map<Integer, Integer> attempts = new LinkedHashMap<>();

    /** Epoch milliseconds until which the state waits. */
    @Nullable Long until;

    /** What the branches or iterations of the state work on. */
    @Nullable JsonNode work;

    /** The token of a task that waits for a callback. */
    @Nullable String token;

    /** Whether that task's request was made, so that only the callback is waited for. */
    boolean submitted;

    /** Epoch milliseconds at which the task's time is over. */
    @Nullable Long deadline;

    /** Milliseconds that may pass between two heartbeats of the task. */
    @Nullable Long heartbeat;

    /** What the state's work gave; it is not done twice. */
    @Nullable JsonNode result;

    /** The flow's output, when it has ended. */
    @Nullable JsonNode output;

    /** What ended a child of a distributed Map state, which may be tolerated. */
    @Nullable JsonNode failure;

    /** An event of the flow was written, or counted. */
    void passed(Event event, long id) {
        last = id;
        if (!event.aside()) {
            previous = id;
        }
        if (event.entersState()) {
            enteredAt = id;
        }
    }

    void move(@Nullable String next, JsonNode value) {
        entered = null;
        attempts.clear();
        tryAgain(null);
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
        token = null;
        submitted = false;
        deadline = null;
        heartbeat = null;
        result = null;
    }

    /** After a failure the state's work is done again, that of inner flows from where they are. */
    void redrive() {
        attempts.clear();
        JsonNode items = work;
        tryAgain(null);
        work = items;
        failure = null;
    }
}
