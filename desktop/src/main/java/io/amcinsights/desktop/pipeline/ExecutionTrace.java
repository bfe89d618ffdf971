package io.amcinsights.desktop.pipeline;

import io.amcinsights.desktop.aws.Executions;
import io.amcinsights.desktop.aws.Executions.Event;
import io.amcinsights.desktop.common.Tone;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an execution's history says about each state that it entered.
 *
 * @param visits in the order of entering; a state in a loop has several
 */
record ExecutionTrace(List<Visit> visits) {

    /** Where one visit of a state stands. */
    enum Outcome {
        RUNNING(Tone.RUNNING),
        SUCCEEDED(Tone.SUCCEEDED),
        FAILED(Tone.FAILED),
        /** It failed, and the state machine went on from there. */
        CAUGHT(Tone.FAILED),
        ABORTED(Tone.CANCELLED);

        private final Tone tone;

        Outcome(Tone tone) {
            this.tone = tone;
        }

        Tone tone() {
            return tone;
        }
    }

    /**
     * One visit of a state.
     *
     * @param from the state that led here; null for the first
     * @param attempts how often its task was started; 0 for a state without one
     * @param request what its task was asked, as JSON
     * @param error of the last attempt that failed
     */
    record Visit(
            String state,
            @Nullable String from,
            Outcome outcome,
            Instant enteredAt,
            @Nullable Instant exitedAt,
            int attempts,
            @Nullable String input,
            @Nullable String request,
            @Nullable String output,
            @Nullable String error,
            @Nullable String cause) {}

    /** Reads a history, oldest event first. */
    static ExecutionTrace of(List<Event> events) {
        List<Open> visits = new ArrayList<>();
        // The visit that each event belongs to: its own, or that of the event before it.
        Map<Long, Open> byEvent = new HashMap<>();
        for (Event event : events) {
            Open visit = byEvent.get(event.previousId());
            if (event.type().endsWith("StateEntered") && event.state() != null) {
                visit = new Open(event.state(), visit == null ? null : visit.state, event);
                visits.add(visit);
            } else if (event.type().startsWith("Execution")) {
                end(event, visit, visits);
            } else if (visit != null) {
                visit.add(event);
            }
            if (visit != null) {
                byEvent.put(event.id(), visit);
            }
        }
        return new ExecutionTrace(visits.stream().map(Open::visit).toList());
    }

    private static void end(Event event, @Nullable Open last, List<Open> visits) {
        switch (event.type()) {
            case "ExecutionSucceeded" -> visits.forEach(v -> v.close(Outcome.SUCCEEDED, event));
            case "ExecutionAborted" -> visits.forEach(v -> v.close(Outcome.ABORTED, event));
            case "ExecutionTimedOut" -> visits.forEach(v -> v.close(Outcome.FAILED, event));
            case "ExecutionFailed" -> {
                if (last != null && last.error == null) {
                    last.error = event.error();
                    last.cause = event.cause();
                }
                visits.forEach(v -> v.close(Outcome.FAILED, event));
            }
            default -> {}
        }
    }

    /** The latest visit of a state. */
    Optional<Visit> latest(String state) {
        return visits.reversed().stream().filter(v -> v.state().equals(state)).findFirst();
    }

    /** How often a state was entered. */
    long times(String state) {
        return visits.stream().filter(v -> v.state().equals(state)).count();
    }

    /** Whether the execution went straight from one state to the other. */
    boolean went(String from, String to) {
        return visits.stream().anyMatch(v -> v.state().equals(to) && from.equals(v.from()));
    }

    /** The first failure that nothing repaired: where to look first. */
    Optional<Visit> firstFailure() {
        return visits.stream()
                .filter(v -> v.outcome() == Outcome.FAILED || v.outcome() == Outcome.CAUGHT)
                .findFirst();
    }

    /** Whether an execution has come to an end that a person should look at. */
    static boolean failed(Executions.Status status) {
        return switch (status) {
            case FAILED, TIMED_OUT -> true;
            case RUNNING, SUCCEEDED, ABORTED, PENDING_REDRIVE -> false;
        };
    }

    private static final class Open {
        private final String state;
        private final @Nullable String from;
        private final Event entered;
        private @Nullable Event exited;
        private @Nullable Outcome outcome;
        private int attempts;
        private @Nullable String request;
        private @Nullable String error;
        private @Nullable String cause;

        Open(String state, @Nullable String from, Event entered) {
            this.state = state;
            this.from = from;
            this.entered = entered;
        }

        void add(Event event) {
            if (event.type().endsWith("StateExited")) {
                exited = event;
                outcome = error == null ? Outcome.SUCCEEDED : Outcome.CAUGHT;
            } else if (event.type().equals("TaskScheduled")) {
                attempts++;
                request = event.input();
            } else if (event.type().equals("TaskSucceeded")) {
                error = null;
                cause = null;
            } else if (event.error() != null) {
                error = event.error();
                cause = event.cause();
            }
        }

        /** Ends the visit with the execution, unless it ended before. */
        void close(Outcome end, Event event) {
            if (exited == null && outcome == null) {
                exited = event;
                outcome = end;
            }
        }

        Visit visit() {
            return new Visit(
                    state,
                    from,
                    outcome == null ? Outcome.RUNNING : outcome,
                    entered.time(),
                    exited == null ? null : exited.time(),
                    attempts,
                    entered.input(),
                    request,
                    exited != null && exited.type().endsWith("StateExited")
                            ? exited.output()
                            : null,
                    error,
                    cause);
        }
    }
}
