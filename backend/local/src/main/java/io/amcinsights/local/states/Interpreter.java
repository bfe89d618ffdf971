package io.amcinsights.local.states;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.clock.Timer;
import io.amcinsights.local.states.State.Catcher;
import io.amcinsights.local.states.State.Exit;
import io.amcinsights.local.states.State.Flow;
import io.amcinsights.local.states.State.Handling;
import io.amcinsights.local.states.State.Retrier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Runs one execution, or goes on with it from its recorded positions. It is written as one would
 * read the States Language: each flow is a thread that waits where the language waits.
 */
final class Interpreter {

    private static final Logger LOG = LoggerFactory.getLogger(Interpreter.class);
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Step Functions, "Quotas": input or output of a state, as UTF-8. */
    static final int LARGEST_PAYLOAD = 262_144;

    /** How many iterations of an inline Map state run at a time unless it says (same page). */
    private static final int MAP_CONCURRENCY = 40;

    private final Machine machine;
    private final Execution execution;
    private final Executions executions;
    private final Map<String, TaskResource> resources;
    private final String region;
    private final Timer timer;

    Interpreter(
            Machine machine,
            Execution execution,
            Executions executions,
            Map<String, TaskResource> resources,
            String region,
            Timer timer) {
        this.machine = machine;
        this.execution = execution;
        this.executions = executions;
        this.resources = resources;
        this.region = region;
        this.timer = timer;
    }

    /**
     * Runs to the end.
     *
     * @return the execution's output
     * @throws StateError that nothing caught
     * @throws InterruptedException if the execution was ended or the workspace stops
     */
    JsonNode run() throws StateError, InterruptedException {
        return new FlowRun("", machine.flow(), Map.of(), Executions.json(execution.input()), 1)
                .run();
    }

    /** Work of one of several flows side by side. */
    @FunctionalInterface
    private interface Part {
        JsonNode run(int index) throws StateError, InterruptedException;
    }

    /** Work that may be retried. */
    @FunctionalInterface
    private interface Work {
        JsonNode run() throws StateError, InterruptedException;
    }

    /** One flow at work. */
    private final class FlowRun {

        private final String key;
        private final Flow flow;
        private final Map<String, JsonNode> outer;
        private final Position at;
        private final boolean begun;
        private final List<Event> unwritten = new ArrayList<>();
        private @Nullable JsonNode item;
        private int itemIndex;

        FlowRun(String key, Flow flow, Map<String, JsonNode> outer, JsonNode input, long previous) {
            this.key = key;
            this.flow = flow;
            this.outer = outer;
            Position position = executions.position(execution.sequence(), key);
            begun = position != null;
            if (position == null) {
                position = new Position();
                position.state = flow.startAt();
                position.input = input;
                position.previous = previous;
            }
            at = position;
        }

        JsonNode run() throws StateError, InterruptedException {
            try {
                while (at.output == null) {
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
                at.entered = timer.instant().toString();
                unwritten.add(Event.entered(state, input()));
            }
            switch (state) {
                case State.Pass pass -> leave(pass, pass.exit(), input(), null, null);
                case State.Succeed succeed -> leave(succeed, succeed.exit(), input(), null, null);
                case State.Fail fail -> fail(fail);
                case State.Choice choice -> choose(choice);
                case State.Wait wait -> waitFor(wait);
                case State.Task task ->
                        attempt(task, task.handling(), task.exit(), () -> runTask(task));
                case State.Parallel parallel ->
                        attempt(
                                parallel,
                                parallel.handling(),
                                parallel.exit(),
                                () -> runBranches(parallel));
                case State.Each each ->
                        attempt(each, each.handling(), each.exit(), () -> runIterations(each));
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
                String field = "Choices[" + index++ + "].Condition";
                JsonNode verdict = evaluate(choice, field, rule.condition(), states);
                if (!verdict.isBoolean()) {
                    throw evaluationFailed(
                            choice, field, "A condition must give true or false, not " + verdict);
                }
                if (verdict.asBoolean()) {
                    leave(choice, rule.exit(), input(), null, null);
                    return;
                }
            }
            if (choice.otherwise() == null) {
                throw new StateError(
                        StateError.NO_CHOICE_MATCHED,
                        "No choice of the state '" + choice.name() + "' matched.");
            }
            leave(choice, choice.otherwise(), input(), null, null);
        }

        private void waitFor(State.Wait wait) throws StateError, InterruptedException {
            if (at.until == null) {
                at.until = end(wait).toEpochMilli();
                record();
            }
            sleepUntil(at.until);
            leave(wait, wait.exit(), input(), null, null);
        }

        private Instant end(State.Wait wait) throws StateError, InterruptedException {
            ObjectNode states = states(null, null);
            if (wait.seconds() != null) {
                JsonNode seconds = evaluate(wait, "Seconds", wait.seconds(), states);
                if (!seconds.isIntegralNumber() || seconds.asLong() < 0) {
                    throw evaluationFailed(
                            wait, "Seconds", "Seconds must be a whole number, not " + seconds);
                }
                return timer.instant().plusSeconds(seconds.asLong());
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
                    sleepUntil(at.until);
                    at.until = null;
                }
                try {
                    JsonNode result = work.run();
                    leave(state, exit, result, result, null);
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
                if (!matches(retrier.errors(), error, state)) {
                    continue;
                }
                int used = at.attempts.getOrDefault(i, 0);
                if (used >= retrier.maxAttempts()) {
                    return false;
                }
                at.attempts.put(i, used + 1);
                at.tryAgain(timer.instant().plus(delay(retrier, used)).toEpochMilli());
                record(true);
                return true;
            }
            return false;
        }

        private void caught(State state, Handling handling, StateError error)
                throws StateError, InterruptedException {
            for (Catcher catcher : handling.catchers()) {
                if (matches(catcher.errors(), error, state)) {
                    ObjectNode output = JSON.objectNode();
                    output.put("Error", error.error());
                    output.put("Cause", error.cause());
                    leave(state, catcher.exit(), output, null, output);
                    return;
                }
            }
            throw error;
        }

        private JsonNode runTask(State.Task task) throws StateError, InterruptedException {
            if (at.result != null) {
                return at.result;
            }
            ObjectNode states = states(null, null);
            JsonNode arguments =
                    task.arguments() == null
                            ? input()
                            : evaluate(task, "Arguments", task.arguments(), states);
            Duration timeout = timeout(task, states);

            // arn:aws:states:::lambda:invoke
            String[] parts = task.resource().split(":", -1);
            ObjectNode scheduled = named(parts).put("region", region);
            scheduled.put("parameters", arguments.toString());
            if (timeout != null) {
                scheduled.put("timeoutInSeconds", timeout.toSeconds());
            }
            record(Event.of("TaskScheduled", scheduled), Event.of("TaskStarted", named(parts)));
            JsonNode result;
            try {
                result = call(task, arguments, timeout);
                limit(result, task);
            } catch (StateError e) {
                ObjectNode failed = named(parts).put("error", e.error()).put("cause", e.cause());
                record(
                        Event.of(
                                e.error().equals(StateError.TIMEOUT)
                                        ? "TaskTimedOut"
                                        : "TaskFailed",
                                failed));
                throw e;
            }
            at.result = result;
            ObjectNode succeeded = named(parts);
            Event.text(succeeded, "output", result);
            unwritten.add(Event.of("TaskSucceeded", succeeded));
            return result;
        }

        private @Nullable Duration timeout(State.Task task, ObjectNode states)
                throws StateError, InterruptedException {
            if (task.timeoutSeconds() == null) {
                return null;
            }
            JsonNode seconds = evaluate(task, "TimeoutSeconds", task.timeoutSeconds(), states);
            if (!seconds.isIntegralNumber() || seconds.asLong() < 1) {
                throw evaluationFailed(
                        task,
                        "TimeoutSeconds",
                        "TimeoutSeconds must be a whole number above 0, not " + seconds);
            }
            return Duration.ofSeconds(seconds.asLong());
        }

        private JsonNode call(State.Task task, JsonNode arguments, @Nullable Duration timeout)
                throws StateError, InterruptedException {
            TaskResource resource = resources.get(task.resource());
            if (resource == null) {
                throw new StateError(
                        StateError.RUNTIME,
                        task.resource() + " has no integration in the local workspace");
            }
            CompletableFuture<JsonNode> done = new CompletableFuture<>();
            Timer.Alarm alarm =
                    timeout == null
                            ? () -> {}
                            : timer.at(
                                    timer.instant().plus(timeout),
                                    () ->
                                            done.completeExceptionally(
                                                    new StateError(
                                                            StateError.TIMEOUT,
                                                            "The task took longer than "
                                                                    + timeout.toSeconds()
                                                                    + " s.")));
            // Not interrupted with the execution: a function that runs is not stopped on AWS
            // either.
            Thread.ofVirtual()
                    .name("task-" + task.name())
                    .start(
                            () -> {
                                try {
                                    done.complete(resource.run(arguments));
                                } catch (StateError | InterruptedException | RuntimeException e) {
                                    done.completeExceptionally(e);
                                }
                            });
            try {
                return done.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof StateError error) {
                    throw error;
                }
                LOG.error("Task {} of {} failed", task.name(), execution.arn(), e.getCause());
                throw new StateError(
                        StateError.RUNTIME, "The local workspace failed: " + e.getCause());
            } finally {
                alarm.cancel();
            }
        }

        private JsonNode runBranches(State.Parallel parallel)
                throws StateError, InterruptedException {
            if (at.result != null) {
                return at.result;
            }
            if (at.work == null) {
                at.work =
                        parallel.arguments() == null
                                ? input()
                                : evaluate(
                                        parallel,
                                        "Arguments",
                                        parallel.arguments(),
                                        states(null, null));
                record(Event.plain("ParallelStateStarted"));
            }
            JsonNode arguments = at.work;
            Map<String, JsonNode> visible = variables();
            long started = at.previous;
            return together(
                    parallel,
                    parallel.branches().size(),
                    Integer.MAX_VALUE,
                    i ->
                            new FlowRun(
                                            key + "/" + i,
                                            parallel.branches().get(i),
                                            visible,
                                            arguments,
                                            started)
                                    .run());
        }

        private JsonNode runIterations(State.Each each) throws StateError, InterruptedException {
            if (at.result != null) {
                return at.result;
            }
            ObjectNode states = states(null, null);
            if (at.work == null) {
                JsonNode items =
                        each.items() == null
                                ? input()
                                : evaluate(each, "Items", each.items(), states);
                if (!items.isArray()) {
                    throw evaluationFailed(
                            each, "Items", "The items of a Map state must be an array");
                }
                at.work = items;
                record(Event.of("MapStateStarted", Event.object().put("length", items.size())));
            }
            JsonNode items = at.work;
            int concurrency = concurrency(each, states);
            Map<String, JsonNode> visible = variables();
            long started = at.previous;
            return together(
                    each,
                    items.size(),
                    concurrency,
                    i -> iterate(each, i, items.get(i), visible, started));
        }

        private int concurrency(State.Each each, ObjectNode states)
                throws StateError, InterruptedException {
            if (each.maxConcurrency() == null) {
                return MAP_CONCURRENCY;
            }
            JsonNode most = evaluate(each, "MaxConcurrency", each.maxConcurrency(), states);
            if (!most.isIntegralNumber() || most.asInt() < 0) {
                throw evaluationFailed(
                        each, "MaxConcurrency", "MaxConcurrency must be a whole number");
            }
            return most.asInt() == 0 ? MAP_CONCURRENCY : most.asInt();
        }

        private JsonNode iterate(
                State.Each each,
                int index,
                JsonNode item,
                Map<String, JsonNode> visible,
                long started)
                throws StateError, InterruptedException {
            JsonNode input = item;
            if (each.itemSelector() != null) {
                ObjectNode states = states(null, null);
                ObjectNode position = ((ObjectNode) states.get("context")).putObject("Map");
                position.putObject("Item").put("Index", index).set("Value", item);
                input = evaluate(each, "ItemSelector", each.itemSelector(), states);
            }
            FlowRun iteration =
                    new FlowRun(key + "/" + index, each.processor(), visible, input, started);
            iteration.item = item;
            iteration.itemIndex = index;
            ObjectNode details = Event.object().put("name", each.name()).put("index", index);
            if (!iteration.begun) {
                iteration.record(
                        new Event(
                                "MapIterationStarted", "mapIterationStartedEventDetails", details));
            }
            if (iteration.at.output != null) {
                return iteration.at.output;
            }
            try {
                JsonNode output = iteration.run();
                iteration.record(Event.of("MapIterationSucceeded", details));
                return output;
            } catch (StateError e) {
                iteration.record(Event.of("MapIterationFailed", details));
                throw e;
            }
        }

        private JsonNode together(State state, int count, int concurrency, Part part)
                throws StateError, InterruptedException {
            JsonNode[] results = new JsonNode[count];
            Semaphore permits = new Semaphore(concurrency);
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                ExecutorCompletionService<Integer> ended = new ExecutorCompletionService<>(threads);
                for (int i = 0; i < count; i++) {
                    int index = i;
                    ended.submit(
                            () -> {
                                permits.acquire();
                                try {
                                    results[index] = part.run(index);
                                    return index;
                                } finally {
                                    permits.release();
                                }
                            });
                }
                try {
                    for (int i = 0; i < count; i++) {
                        ended.take().get();
                    }
                } finally {
                    // The first failure ends the others.
                    threads.shutdownNow();
                }
            } catch (ExecutionException e) {
                switch (e.getCause()) {
                    case StateError error -> {
                        record(Event.plain(state.type() + "StateFailed"));
                        throw error;
                    }
                    case InterruptedException ended -> throw ended;
                    case RuntimeException bug -> throw bug;
                    case null, default -> throw new IllegalStateException(e.getCause());
                }
            }
            ArrayNode all = JSON.arrayNode();
            for (JsonNode result : results) {
                all.add(result);
            }
            at.result = all;
            record(Event.plain(state.type() + "StateSucceeded"));
            return all;
        }

        private void leave(
                State state,
                Exit exit,
                JsonNode value,
                @Nullable JsonNode result,
                @Nullable JsonNode errorOutput)
                throws StateError, InterruptedException {
            ObjectNode states = states(result, errorOutput);
            JsonNode output =
                    exit.output() == null
                            ? value
                            : evaluate(state, "Output", exit.output(), states);
            ObjectNode assigned = JSON.objectNode();
            if (exit.assign() != null) {
                assigned.setAll((ObjectNode) evaluate(state, "Assign", exit.assign(), states));
            }
            limit(output, state);
            assigned.properties().forEach(v -> at.variables.put(v.getKey(), v.getValue()));
            at.move(exit.next(), output);
            record(true, Event.exited(state, output, assigned));
        }

        private JsonNode evaluate(State state, String field, JsonNode template, ObjectNode states)
                throws StateError, InterruptedException {
            try {
                return Expressions.evaluate(template, states, variables());
            } catch (Expressions.NoValue e) {
                throw evaluationFailed(state, field, e.reason());
            }
        }

        private StateError evaluationFailed(State state, String field, String cause)
                throws InterruptedException, StateError {
            String message =
                    "An error occurred while executing the state '%s': %s"
                            .formatted(state.name(), cause);
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

        /** The value of {@code $states}. */
        private ObjectNode states(@Nullable JsonNode result, @Nullable JsonNode errorOutput) {
            ObjectNode states = JSON.objectNode();
            states.set("input", input());
            if (result != null) {
                states.set("result", result);
            }
            if (errorOutput != null) {
                states.set("errorOutput", errorOutput);
            }
            ObjectNode context = states.putObject("context");
            ObjectNode ours = context.putObject("Execution");
            ours.put("Id", execution.arn());
            ours.set("Input", Executions.json(execution.input()));
            ours.put("Name", execution.name());
            ours.put("RoleArn", machine.roleArn());
            ours.put("StartTime", Instant.ofEpochMilli(execution.started()).toString());
            ours.put("RedriveCount", execution.redrives());
            ObjectNode state = context.putObject("State");
            state.put("Name", at.state);
            state.put("EnteredTime", at.entered == null ? "" : at.entered);
            state.put(
                    "RetryCount", at.attempts.values().stream().mapToInt(Integer::intValue).sum());
            context.putObject("StateMachine").put("Id", machine.arn()).put("Name", machine.name());
            if (item != null) {
                context.putObject("Map")
                        .putObject("Item")
                        .put("Index", itemIndex)
                        .set("Value", item);
            }
            return states;
        }

        private Map<String, JsonNode> variables() {
            Map<String, JsonNode> all = new LinkedHashMap<>(outer);
            all.putAll(at.variables);
            return all;
        }

        private JsonNode input() {
            return at.input == null ? JSON.nullNode() : at.input;
        }

        private void record(Event... events) throws InterruptedException, StateError {
            record(false, events);
        }

        /** What happens between two waits is written at once. */
        private void record(boolean forgetInner, Event... events)
                throws InterruptedException, StateError {
            unwritten.addAll(List.of(events));
            Event[] all = unwritten.toArray(Event[]::new);
            unwritten.clear();
            executions.record(execution, key, at, forgetInner, all);
        }
    }

    private void sleepUntil(long epochMillis) throws InterruptedException {
        CountDownLatch rung = new CountDownLatch(1);
        Timer.Alarm alarm = timer.at(Instant.ofEpochMilli(epochMillis), rung::countDown);
        try {
            rung.await();
        } finally {
            alarm.cancel();
        }
    }

    /** States Language, "Errors": what States.ALL and States.TaskFailed stand for. */
    private static boolean matches(List<String> names, StateError error, State state) {
        for (String name : names) {
            boolean matches =
                    switch (name) {
                        case StateError.ALL ->
                                !error.error().equals(StateError.DATA_LIMIT_EXCEEDED)
                                        && !error.error().equals(StateError.RUNTIME);
                        case StateError.TASK_FAILED ->
                                state instanceof State.Task
                                        && !error.error().equals(StateError.TIMEOUT)
                                        && !error.error().equals(StateError.DATA_LIMIT_EXCEEDED)
                                        && !error.error().equals(StateError.RUNTIME);
                        case StateError.BRANCH_FAILED -> state instanceof State.Parallel;
                        default -> name.equals(error.error());
                    };
            if (matches) {
                return true;
            }
        }
        return false;
    }

    private static Duration delay(Retrier retrier, int used) {
        double seconds = retrier.intervalSeconds() * Math.pow(retrier.backoffRate(), used);
        if (retrier.maxDelaySeconds() > 0) {
            seconds = Math.min(seconds, retrier.maxDelaySeconds());
        }
        if (retrier.jitter() && seconds > 0) {
            seconds = ThreadLocalRandom.current().nextDouble(seconds);
        }
        return Duration.ofMillis(Math.round(seconds * 1000));
    }

    private static void limit(JsonNode value, State state) throws StateError {
        if (value.toString().getBytes(StandardCharsets.UTF_8).length > LARGEST_PAYLOAD) {
            throw new StateError(
                    StateError.DATA_LIMIT_EXCEEDED,
                    "The state/task '%s' returned a result with a size exceeding the maximum number of bytes service limit."
                            .formatted(state.name()));
        }
    }

    private static ObjectNode named(String[] resourceParts) {
        return Event.object()
                .put("resourceType", resourceParts[5])
                .put("resource", resourceParts[6]);
    }
}
