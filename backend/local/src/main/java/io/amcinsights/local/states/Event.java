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
 */
record Event(String type, @Nullable String field, ObjectNode details) {

    static Event plain(String type) {
        return new Event(type, null, object());
    }

    static Event of(String type, ObjectNode details) {
        return new Event(
                type,
                type.substring(0, 1).toLowerCase(Locale.ROOT) + type.substring(1) + "EventDetails",
                details);
    }

    static Event entered(State state, JsonNode input) {
        ObjectNode details = object().put("name", state.name());
        text(details, "input", input);
        return new Event(state.type() + "StateEntered", "stateEnteredEventDetails", details);
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
        return new Event(state.type() + "StateExited", "stateExitedEventDetails", details);
    }

    static Event failed(String type, @Nullable String error, @Nullable String cause) {
        ObjectNode details = object();
        if (error != null) {
            details.put("error", error);
        }
        if (cause != null) {
            details.put("cause", cause);
        }
        return of(type, details);
    }

    static void text(ObjectNode details, String name, JsonNode value) {
        details.put(name, value.toString());
        details.putObject(name + "Details").put("truncated", false);
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
