package io.amcinsights.desktop.aws;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Executions with the histories that a test writes. */
public final class FakeExecutions implements Executions {

    private static final Instant START = Instant.parse("2026-05-04T10:00:00Z");

    private final Map<String, List<Event>> histories = new HashMap<>();
    private final Map<String, Execution> executions = new HashMap<>();
    private final Map<String, String> definitions = new HashMap<>();
    private final List<String> redriven = new ArrayList<>();

    /** Adds events, such as {@code TaskStateEntered Validate}. */
    public FakeExecutions happened(String execution, String... events) {
        List<Event> history = histories.computeIfAbsent(execution, name -> new ArrayList<>());
        for (String text : events) {
            int space = text.indexOf(' ');
            long id = history.size() + 1L;
            history.add(
                    new Event(
                            id,
                            id - 1,
                            START.plusSeconds(id),
                            space < 0 ? text : text.substring(0, space),
                            space < 0 ? null : text.substring(space + 1),
                            null,
                            null,
                            null,
                            null));
        }
        return this;
    }

    /** Knows an execution of a state machine. */
    public FakeExecutions runs(Execution execution, String definition) {
        executions.put(execution.arn(), execution);
        definitions.put(execution.arn(), definition);
        return this;
    }

    /** The executions that were redriven, in order. */
    public List<String> redriven() {
        return List.copyOf(redriven);
    }

    /** Ends the last state of an execution with a failure. */
    public FakeExecutions failed(String execution, String type, String error, String cause) {
        List<Event> history = histories.computeIfAbsent(execution, name -> new ArrayList<>());
        long id = history.size() + 1L;
        history.add(
                new Event(id, id - 1, START.plusSeconds(id), type, null, null, null, error, cause));
        return this;
    }

    @Override
    public List<Event> history(String execution) {
        return List.copyOf(histories.getOrDefault(execution, List.of()));
    }

    @Override
    public Page list(String stateMachine, int limit, @Nullable String nextToken) {
        throw new AssertionError("Nobody expects a list");
    }

    @Override
    public Execution describe(String execution) {
        return Objects.requireNonNull(executions.get(execution), execution);
    }

    @Override
    public String definition(String execution) {
        return Objects.requireNonNull(definitions.get(execution), execution);
    }

    @Override
    public void stop(String execution, String cause) {
        throw new AssertionError("Nobody expects a stop");
    }

    @Override
    public void redrive(String execution) {
        redriven.add(execution);
    }
}
