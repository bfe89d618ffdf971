package io.amcinsights.lake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.Invocation;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Json;
import io.amcinsights.lake.duck.CustomSqlException;
import io.amcinsights.lake.plan.AmcCsv;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why a Glue job has not succeeded, as Step Functions tells it: the job's run as JSON. Source: AWS
 * Glue Web API Reference, {@code JobRun}.
 */
final class JobFailure {

    /** How Glue tells of an exception that a job in Scala or Java ended with. */
    private static final Pattern EXCEPTION =
            Pattern.compile("(?s)(?:Exception in User Class: )?([\\w.$]+) : (.*)");

    private JobFailure() {}

    /** The failure that a state machine has caught: the job's, or that of a step. */
    static Failure orThatOf(JsonNode error) {
        JsonNode run;
        try {
            run = Json.mapper().readTree(error.path("Cause").asText());
        } catch (JsonProcessingException e) {
            return error.path("Error").asText().startsWith("Glue.")
                    ? notStarted(error)
                    : Invocation.failureOf(error);
        }
        return run.has("JobRunState") ? of(run) : Invocation.failureOf(error);
    }

    private static Failure of(JsonNode run) {
        String message = run.path("ErrorMessage").asText();
        Matcher exception = EXCEPTION.matcher(message);
        boolean ended = exception.matches();
        if (ended && exception.group(1).equals(AmcCsv.MalformedException.class.getName())) {
            return Failure.of(
                    ErrorCode.BAD_DELIVERY,
                    "The file cannot be turned into a table: " + exception.group(2));
        }
        if (ended && exception.group(1).equals(CustomSqlException.class.getName())) {
            return Transform.unusable(exception.group(2));
        }
        String id = run.path("Id").asText();
        return switch (run.path("JobRunState").asText()) {
            case "TIMEOUT" ->
                    internal(
                            "The Glue job for large files took longer than it may.",
                            "Load the delivery again; if it stays so, let the job have more"
                                    + " workers.");
            case "STOPPED", "STOPPING" ->
                    internal(
                            "The Glue job for large files was stopped.",
                            "Load the delivery again.");
            default ->
                    internal(
                            "The Glue job for large files has failed: "
                                    + (message.isEmpty()
                                            ? run.path("JobRunState").asText()
                                            : ended ? exception.group(2) : message),
                            "Load the delivery again; if it stays so, look into the log of the job"
                                    + " run %s.".formatted(id));
        };
    }

    private static Failure notStarted(JsonNode error) {
        return internal(
                "The Glue job for large files could not be started: %s (%s)"
                        .formatted(error.path("Cause").asText(), error.path("Error").asText()),
                "Load the delivery again later.");
    }

    private static Failure internal(String message, String next) {
        return Failure.of(ErrorCode.INTERNAL, message).next(next);
    }
}
