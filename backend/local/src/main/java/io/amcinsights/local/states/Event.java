package io.amcinsights.local.states;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/**
 * An event of an execution's history, named and shaped as in the Step Functions API reference,
 * HistoryEvent.
 *
 * @param field name of the details in the reply; null: the event has none
 * @param aside whether what follows in the flow points at the event before this one
 */
record Event(String type, @Nullable String field, ObjectNode details, boolean aside) {

    static Event plain(String type) {
        return new Event(type, null, object(), false);
    }

    static Event of(String type, ObjectNode details) {
        return new Event(
                type,
                type.substring(0, 1).toLowerCase(Locale.ROOT) + type.substring(1) + "EventDetails",
                details,
                false);
    }

    static Event entered(State state, JsonNode input) {
        ObjectNode details = object().put("name", state.name());
        text(details, "input", input);
        return new Event(state.type() + "StateEntered", "stateEnteredEventDetails", details, false);
    }

    static Event exited(State state, JsonNode output, ObjectNode assigned) {
        ObjectNode details = object().put("name", state.name());
        text(details, "output", output);
        if (!assigned.isEmpty()) {
            // The API gives each variable as JSON text.
            ObjectNode variables = details.putObject("assignedVariables");
            assigned.properties().forEach(v -> variables.put(v.getKey(), v.getValue().toString()));
            details.putObject("assignedVariablesDetails").put("truncated", false);
        }
        return new Event(state.type() + "StateExited", "stateExitedEventDetails", details, false);
    }

    /** {@code MapIterationStarted} and its kind. */
    static Event iteration(String type, State state, int index) {
        return of(type, object().put("name", state.name()).put("index", index));
    }

    static Event failed(String type, @Nullable String error, @Nullable String cause) {
        return of(type, error(object(), error, cause));
    }

    /** Adds what is known of an error. */
    static ObjectNode error(ObjectNode details, @Nullable String error, @Nullable String cause) {
        if (error != null && !error.isEmpty()) {
            details.put("error", error);
        }
        if (cause != null && !cause.isEmpty()) {
            details.put("cause", cause);
        }
        return details;
    }

    Event beside() {
        return new Event(type, field, details, true);
    }

    boolean entersState() {
        return type.endsWith("StateEntered");
    }

    static void text(ObjectNode details, String name, JsonNode value) {
        details.put(name, value.toString());
        details.putObject(name + "Details").put("truncated", false);
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
