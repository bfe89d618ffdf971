package io.amcinsights.local.states;

import com.fasterxml.jackson.databind.JsonNode;

/** Does the work of Task states. */
@FunctionalInterface
public interface TaskResource {

    /**
     * Runs one task; may take as long as it needs.
     *
     * @return the task's result, as {@code $states.result}
     * @throws StateError as the service's integration reports it
     */
    JsonNode run(JsonNode arguments) throws StateError, InterruptedException;
}
