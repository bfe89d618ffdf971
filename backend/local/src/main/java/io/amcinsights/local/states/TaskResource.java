package io.amcinsights.local.states;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.function.Consumer;

/** Does the work of Task states, and reads for Map states. */
@FunctionalInterface
public interface TaskResource {

    /**
     * Runs one task; may take as long as it needs.
     *
     * @param submitted is told what the request to start a job ({@code .sync}) was answered, before
     *     the job is waited for
     * @return the task's result, as {@code $states.result}
     * @throws StateError as the service's integration reports it
     */
    JsonNode run(JsonNode arguments, Consumer<JsonNode> submitted)
            throws StateError, InterruptedException;
}
