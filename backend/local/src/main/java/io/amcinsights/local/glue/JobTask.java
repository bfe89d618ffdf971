package io.amcinsights.local.glue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.states.StateError;
import io.amcinsights.local.states.TaskResource;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * {@code arn:aws:states:::glue:startJobRun.sync}: AWS Step Functions Developer Guide, "Start an AWS
 * Glue job with Step Functions".
 */
public final class JobTask implements TaskResource {

    /** Runs Glue jobs. */
    @FunctionalInterface
    public interface Runner {

        /**
         * Runs a job to its end.
         *
         * @param arguments of this run, without the job's own
         * @throws StateError the run could not be started
         */
        Ended run(String job, Map<String, String> arguments)
                throws StateError, InterruptedException;
    }

    /**
     * How a run has ended.
     *
     * @param state such as {@code SUCCEEDED}, {@code FAILED}, {@code TIMEOUT} or {@code STOPPED}
     * @param message what went wrong; null where nothing did, or Glue does not say
     */
    public record Ended(String state, @Nullable String message) {}

    /** This workspace: it has no Spark, and its installation never asks for it. */
    public static final Runner WITHOUT_SPARK =
            (job, arguments) ->
                    new Ended(
                            "FAILED",
                            "The local workspace has no Spark; its function transform takes files"
                                    + " of every size.");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Runner runner;

    public JobTask(Runner runner) {
        this.runner = runner;
    }

    @Override
    public JsonNode run(JsonNode arguments, Consumer<JsonNode> submitted)
            throws StateError, InterruptedException {
        Map<String, String> ofRun = new LinkedHashMap<>();
        arguments
                .path("Arguments")
                .properties()
                .forEach(a -> ofRun.put(a.getKey(), a.getValue().asText()));
        String job = arguments.path("JobName").asText();
        String id = "jr_" + UUID.randomUUID();
        submitted.accept(JSON.createObjectNode().put("JobRunId", id));
        Ended ended = runner.run(job, ofRun);
        ObjectNode run = JSON.createObjectNode();
        run.put("Id", id);
        run.put("JobName", job);
        run.put("JobRunState", ended.state());
        run.set("Arguments", arguments.path("Arguments"));
        if (ended.message() != null) {
            run.put("ErrorMessage", ended.message());
        }
        if (!ended.state().equals("SUCCEEDED")) {
            throw new StateError("States.TaskFailed", run.toString());
        }
        return run;
    }
}
