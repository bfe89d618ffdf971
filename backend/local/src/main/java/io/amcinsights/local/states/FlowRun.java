package io.amcinsights.local.states;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.states.State.Catcher;
import io.amcinsights.local.states.State.Exit;
import io.amcinsights.local.states.State.Flow;
import io.amcinsights.local.states.State.Handling;
import io.amcinsights.local.states.State.Retrier;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One flow at work: a machine, a branch or an iteration. It is written as one would read the States
 * Language: each flow is a thread that waits where the language waits.
 */
final class FlowRun {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Same page: all variables of an execution. */
    private static final int LARGEST_VARIABLES = 10 * 1024 * 1024;

    /** Work that may be retried. */
    @FunctionalInterface
    interface Work {
        JsonNode run() throws StateError, InterruptedException;
    }

    /** What a state leaves behind. */
    private record Left(JsonNode output, ObjectNode assigned) {}

    final Interpreter host;
    final String key;
    final Flow flow;
    private final Map<String, JsonNode> outer;
    final @Nullable ObjectNode mapItem;

    /** In a child execution of a distributed Map state: its events are in no history here. */
    final boolean silent;

    final Position at;
    private final boolean begun;
    private final List<Event> unwritten = new ArrayList<>();

    final TaskRun task = new TaskRun(this);
    final InnerRuns inner = new InnerRuns(this);

    /** Whether the last event tells that a task has failed. */
    boolean taskFailed;

    FlowRun(
            Interpreter host,
            String key,
            Flow flow,
            Map<String, JsonNode> outer,
            JsonNode input,
            long previous,
            @Nullable ObjectNode mapItem,
            boolean silent) {
        this.host = host;
        this.key = key;
        this.flow = flow;
        this.outer = outer;
        this.mapItem = mapItem;
        this.silent = silent;
        Position position = host.executions.position(host.execution.sequence(), key);
        begun = position != null;
        if (position == null) {
            position = new Position();
            position.state = flow.startAt();
            position.input = input;
            position.previous = previous;
            position.last = Math.max(1, previous);
        }
        at = position;
    }

    JsonNode run() throws StateError, InterruptedException {
        try {
            while (at.output == null) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedException("Another branch has failed");
                }
                step(flow.state(at.state));
            }
            return at.output;
        } catch (StateError e) {
            if (!unwritten.isEmpty()) {
                record();
            }
            throw e;
        }
    }

    private void step(State state) throws StateError, InterruptedException {
        if (at.entered == null) {
            at.entered = Interpreter.TIME.format(host.timer.instant());
            unwritten.add(Event.entered(state, input()));
        }
        switch (state) {
            case State.Pass pass -> leave(pass, pass.exit(), "", input(), null);
            case State.Succeed succeed -> leave(succeed, succeed.exit(), "", input(), null);
            case State.Fail fail -> fail(fail);
            case State.Choice choice -> choose(choice);
            case State.Wait wait -> waitFor(wait);
            case State.Task task ->
                    attempt(task, task.handling(), task.exit(), () -> this.task.run(task));
            case State.Parallel parallel ->
                    attempt(
                            parallel,
                            parallel.handling(),
                            parallel.exit(),
                            () -> inner.runBranches(parallel));
            case State.Each each ->
                    attempt(each, each.handling(), each.exit(), () -> inner.runIterations(each));
        }
    }

    private void fail(State.Fail fail) throws StateError, InterruptedException {
        ObjectNode states = states(null, null);
        String error = fail.error() == null ? "" : text(fail, "Error", fail.error(), states);
        String cause = fail.cause() == null ? "" : text(fail, "Cause", fail.cause(), states);
        at.entered = null; // a redrive enters it again
        throw new StateError(error, cause);
    }

    private String text(State state, String field, JsonNode template, ObjectNode states)
            throws StateError, InterruptedException {
        JsonNode value = evaluate(state, field, template, states);
        if (!value.isTextual()) {
            throw evaluationFailed(
                    state, field, "The field '" + field + "' must be a text, not " + value);
        }
        return value.asText();
    }

    private void choose(State.Choice choice) throws StateError, InterruptedException {
        ObjectNode states = states(null, null);
        int index = 0;
        for (State.Rule rule : choice.rules()) {
            String place = "Choices[" + index++ + "]/";
            String field = place + "Condition";
            JsonNode verdict = evaluate(choice, field, rule.condition(), states);
            if (!verdict.isBoolean()) {
                throw evaluationFailed(
                        choice, field, "A condition must give true or false, not " + verdict);
            }
            if (verdict.asBoolean()) {
                leave(choice, rule.exit(), place, input(), null);
                return;
            }
        }
        if (choice.otherwise() == null) {
            record();
            throw new StateError(
                    StateError.NO_CHOICE_MATCHED, whileIn(choice) + "No choice matched.");
        }
        leave(choice, choice.otherwise(), "", input(), null);
    }

    private void waitFor(State.Wait wait) throws StateError, InterruptedException {
        if (at.until == null) {
            at.until = end(wait).toEpochMilli();
            record();
        }
        host.sleepUntil(at.until);
        leave(wait, wait.exit(), "", input(), null);
    }

    private Instant end(State.Wait wait) throws StateError, InterruptedException {
        ObjectNode states = states(null, null);
        if (wait.seconds() != null) {
            return host.timer.instant().plusSeconds(whole(wait, "Seconds", wait.seconds(), 0));
        }
        JsonNode template = wait.timestamp() == null ? JSON.nullNode() : wait.timestamp();
        String timestamp = text(wait, "Timestamp", template, states);
        try {
            return OffsetDateTime.parse(timestamp).toInstant();
        } catch (DateTimeException e) {
            throw evaluationFailed(
                    wait, "Timestamp", "Timestamp must be ISO 8601, not " + timestamp);
        }
    }

    private void attempt(State state, Handling handling, Exit exit, Work work)
            throws StateError, InterruptedException {
        while (true) {
            if (at.until != null) {
                host.sleepUntil(at.until);
                at.until = null;
            }
            try {
                JsonNode result = work.run();
                leave(state, exit, "", result, result);
                return;
            } catch (StateError e) {
                if (!retries(state, handling, e)) {
                    caught(state, handling, e);
                    return;
                }
            }
        }
    }

    private boolean retries(State state, Handling handling, StateError error)
            throws InterruptedException, StateError {
        for (int i = 0; i < handling.retriers().size(); i++) {
            Retrier retrier = handling.retriers().get(i);
            if (!error.isOneOf(retrier.errors(), state)) {
                continue;
            }
            int used = at.attempts.getOrDefault(i, 0);
            if (used >= retrier.maxAttempts()) {
                return false;
            }
            at.attempts.put(i, used + 1);
            at.tryAgain(host.timer.instant().plus(retrier.delay(used)).toEpochMilli());
            record(true);
            return true;
        }
        return false;
    }

    private void caught(State state, Handling handling, StateError error)
            throws StateError, InterruptedException {
        Event[] failed =
                state instanceof State.Task || error.isTerminal()
                        ? new Event[0]
                        : new Event[] {Event.plain(state.type() + "StateFailed")};
        long before = at.previous;
        record(failed);
        for (int i = 0; i < handling.catchers().size(); i++) {
            Catcher catcher = handling.catchers().get(i);
            if (!error.isOneOf(catcher.errors(), state)) {
                continue;
            }
            ObjectNode output = JSON.objectNode();
            output.put("Error", error.error());
            output.put("Cause", error.cause());
            long after = at.previous;
            at.previous = before;
            Left left;
            try {
                ObjectNode states = states(null, output);
                left = left(state, catcher.exit(), "Catch[" + i + "]/", output, states);
            } catch (StateError e) {
                record(failed);
                throw e;
            }
            at.previous = after;
            leave(state, catcher.exit(), left);
            return;
        }
        throw error;
    }

    TaskResource resource(String arn) throws StateError {
        TaskResource resource = host.resources.get(arn);
        if (resource == null) {
            throw new StateError(
                    StateError.RUNTIME, arn + " has no integration in the local workspace");
        }
        return resource;
    }

    void begin(State.@Nullable Each iterated, int index) throws StateError, InterruptedException {
        if (iterated != null && !begun) {
            record(Event.iteration("MapIterationStarted", iterated, index));
        }
    }

    /** Runs as a part of an outer state. */
    InnerRuns.@Nullable Failure runIn(State state, int index)
            throws StateError, InterruptedException {
        boolean child = state instanceof State.Each each && each.distribution() != null;
        if (at.failure != null) {
            return new InnerRuns.Failure(
                    index,
                    new StateError(
                            at.failure.path("Error").asText(), at.failure.path("Cause").asText()));
        }
        try {
            run();
        } catch (StateError e) {
            if (child) {
                ObjectNode failure = Event.object().put("Status", "FAILED");
                failure.put("Error", e.error()).put("Cause", e.cause());
                at.failure = failure;
                record();
            }
            return new InnerRuns.Failure(index, e);
        }
        // Not if that was written before a kill.
        if (state instanceof State.Each && !child && at.last == at.previous) {
            record(Event.iteration("MapIterationSucceeded", state, index).beside());
        }
        return null;
    }

    private Left left(State state, Exit exit, String place, JsonNode value, ObjectNode states)
            throws StateError, InterruptedException {
        JsonNode output =
                exit.output() == null
                        ? value
                        : evaluate(state, place + "Output", exit.output(), states);
        ObjectNode assigned = JSON.objectNode();
        if (exit.assign() != null) {
            assigned.setAll((ObjectNode) evaluate(state, place + "Assign", exit.assign(), states));
        }
        Interpreter.limit(output, state);
        Interpreter.limit(assigned, state);
        return new Left(output, assigned);
    }

    private void leave(
            State state, Exit exit, String place, JsonNode value, @Nullable JsonNode result)
            throws StateError, InterruptedException {
        leave(state, exit, left(state, exit, place, value, states(result, null)));
    }

    private void leave(State state, Exit exit, Left left) throws StateError, InterruptedException {
        left.assigned().properties().forEach(v -> at.variables.put(v.getKey(), v.getValue()));
        if (!left.assigned().isEmpty()
                && variables().values().stream().mapToInt(Interpreter::size).sum()
                        > LARGEST_VARIABLES) {
            throw new StateError(
                    StateError.DATA_LIMIT_EXCEEDED,
                    whileIn(state) + "The variables are larger than 10 MiB together.");
        }
        at.move(exit.next(), left.output());
        inner.forget();
        record(true, Event.exited(state, left.output(), left.assigned()));
    }

    JsonNode evaluate(State state, String field, JsonNode template, ObjectNode states)
            throws StateError, InterruptedException {
        try {
            return Expressions.evaluate(template, field, states, variables());
        } catch (Expressions.NoValue e) {
            throw evaluationFailed(state, e.location(), e.reason());
        }
    }

    long whole(State state, String field, JsonNode template, long least)
            throws StateError, InterruptedException {
        JsonNode value = evaluate(state, field, template, states(null, null));
        if (!value.isIntegralNumber() || value.asLong() < least) {
            throw evaluationFailed(
                    state,
                    field,
                    "%s must be a whole number, at least %d, not %s"
                            .formatted(field, least, value));
        }
        return value.asLong();
    }

    StateError evaluationFailed(State state, String field, String cause)
            throws InterruptedException, StateError {
        record(); // or the state's event has no id yet
        String message = whileIn(state) + cause;
        taskFailed = false;
        record(
                Event.of(
                        "EvaluationFailed",
                        Event.object()
                                .put("error", StateError.QUERY_EVALUATION)
                                .put("cause", message)
                                .put("location", field)
                                .put("state", state.name())));
        return new StateError(StateError.QUERY_EVALUATION, message);
    }

    String whileIn(State state) {
        return "An error occurred while executing the state '%s' (entered at the event id #%d). "
                .formatted(state.name(), at.enteredAt);
    }

    /** The value of {@code $states}. */
    ObjectNode states(@Nullable JsonNode result, @Nullable JsonNode errorOutput) {
        ObjectNode states = JSON.objectNode();
        states.set("input", input());
        if (result != null) {
            states.set("result", result);
        }
        if (errorOutput != null) {
            states.set("errorOutput", errorOutput);
        }
        states.set("context", context());
        return states;
    }

    /** Step Functions Developer Guide, "Accessing execution data from the Context object". */
    private ObjectNode context() {
        ObjectNode context = JSON.objectNode();
        ObjectNode ours = context.putObject("Execution");
        ours.put("Id", host.execution.arn());
        ours.set("Input", Executions.json(host.execution.input()));
        ours.put("Name", host.execution.name());
        ours.put("RoleArn", host.machine.roleArn());
        ours.put(
                "StartTime",
                Interpreter.TIME.format(Instant.ofEpochMilli(host.execution.started())));
        ours.put("RedriveCount", host.execution.redrives());
        if (host.execution.redriven() != null) {
            ours.put(
                    "RedriveTime",
                    Interpreter.TIME.format(Instant.ofEpochMilli(host.execution.redriven())));
        }
        ObjectNode state = context.putObject("State");
        state.put("Name", at.state);
        state.put("EnteredTime", at.entered == null ? "" : at.entered);
        State now = flow.state(at.state);
        if (now instanceof State.Task
                || now instanceof State.Parallel
                || now instanceof State.Each) {
            state.put(
                    "RetryCount", at.attempts.values().stream().mapToInt(Integer::intValue).sum());
        }
        context.putObject("StateMachine")
                .put("Id", host.machine.arn())
                .put("Name", host.machine.name());
        if (at.token != null) {
            context.putObject("Task").put("Token", at.token);
        }
        if (mapItem != null) {
            context.putObject("Map").set("Item", mapItem);
        }
        return context;
    }

    Map<String, JsonNode> variables() {
        Map<String, JsonNode> all = new LinkedHashMap<>(outer);
        all.putAll(at.variables);
        return all;
    }

    JsonNode input() {
        return at.input == null ? JSON.nullNode() : at.input;
    }

    void record(Event... events) throws InterruptedException, StateError {
        record(false, events);
    }

    /** Leaves an event to be written with the next one. */
    void later(Event event) {
        unwritten.add(event);
    }

    /** What happens between two waits is written at once. */
    void record(boolean forgetInner, Event... events) throws InterruptedException, StateError {
        unwritten.addAll(List.of(events));
        if (silent) {
            // As its own history would count them.
            unwritten.forEach(e -> at.passed(e, at.last + 1));
            unwritten.clear();
        }
        Event[] all = unwritten.toArray(Event[]::new);
        unwritten.clear();
        host.executions.record(host.execution, key, at, forgetInner, all);
    }
}
