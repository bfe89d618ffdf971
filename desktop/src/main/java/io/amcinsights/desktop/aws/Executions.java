package io.amcinsights.desktop.aws;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/** Executions of the installation's state machines. Calls block; never on the JavaFX thread. */
public interface Executions {

    /**
     * Newest first.
     *
     * @param stateMachine ARN
     * @param nextToken from the page before; null for the first
     */
    Page list(String stateMachine, int limit, @Nullable String nextToken);

    Execution describe(String execution);

    /** All events so far, oldest first. */
    List<Event> history(String execution);

    /** The state machine's definition as the execution runs it: ASL in JSON. */
    String definition(String execution);

    void stop(String execution, String cause);

    /** Goes on from the state that failed. */
    void redrive(String execution);

    record Page(List<Execution> executions, @Nullable String nextToken) {}

    /**
     * @param arn of the execution
     * @param input JSON; null in a list
     * @param output JSON; null in a list, and until it has succeeded
     * @param redrivable whether AWS accepts a redrive; false in a list
     */
    record Execution(
            String arn,
            String name,
            String stateMachine,
            Status status,
            Instant startedAt,
            @Nullable Instant stoppedAt,
            @Nullable String input,
            @Nullable String output,
            @Nullable String error,
            @Nullable String cause,
            boolean redrivable) {}

    /** Where an execution stands. */
    enum Status {
        RUNNING,
        SUCCEEDED,
        FAILED,
        TIMED_OUT,
        ABORTED,
        PENDING_REDRIVE;

        public boolean ended() {
            return this != RUNNING && this != PENDING_REDRIVE;
        }
    }

    /**
     * One event of an execution's history.
     *
     * @param type AWS's word, such as {@code TaskStateEntered}
     * @param state the state's name, where the event tells it (entered and exited)
     */
    record Event(
            long id,
            long previousId,
            Instant time,
            String type,
            @Nullable String state,
            @Nullable String input,
            @Nullable String output,
            @Nullable String error,
            @Nullable String cause) {}
}
