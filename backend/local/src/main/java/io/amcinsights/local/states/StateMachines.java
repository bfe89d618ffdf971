package io.amcinsights.local.states;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.local.clock.Timer;
import io.amcinsights.local.http.AwsError;
import io.amcinsights.local.states.Execution.Status;
import io.amcinsights.local.store.Database;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The workspace's state machines and their executions. */
public final class StateMachines implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StateMachines.class);
    private static final long LONGEST_STOP_MILLIS = 1_000;

    /** From the end of an execution: RedriveExecution in the API reference. */
    private static final Duration REDRIVABLE = Duration.ofDays(14);

    /** Step Functions, "Quotas". */
    private static final Duration LONGEST_EXECUTION = Duration.ofDays(365);

    private record Run(Thread thread, Timer.Alarm limit) {}

    private final Executions executions;
    private final Callbacks callbacks;
    private final Timer timer;
    private final String region;
    private final Map<String, TaskResource> resources;
    private final Map<String, Machine> machines = new TreeMap<>();
    private final Map<String, Run> runs = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * @param resources by the ARN that Task states name, such as {@code
     *     arn:aws:states:::lambda:invoke}
     */
    public StateMachines(
            Database database, Timer timer, String region, Map<String, TaskResource> resources) {
        this.executions = new Executions(database, timer);
        this.callbacks = new Callbacks(database, timer);
        this.timer = timer;
        this.region = region;
        this.resources = Map.copyOf(resources);
    }

    /**
     * Defines a state machine. Executions that already run keep the definition that they began
     * with.
     */
    public void define(String arn, String roleArn, JsonNode definition) throws InvalidDefinition {
        machines.put(arn, machine(arn, roleArn, definition));
        executions.created(arn);
    }

    /** Goes on with the executions that had not ended when the workspace stopped. */
    public void resume() {
        for (Execution execution : executions.running()) {
            try {
                JsonNode definition = Executions.json(execution.definition());
                Machine known = machines.get(execution.machineArn());
                run(
                        machine(
                                execution.machineArn(),
                                known == null ? "" : known.roleArn(),
                                definition),
                        execution);
            } catch (InvalidDefinition e) {
                finish(
                        execution,
                        Status.FAILED,
                        StateError.RUNTIME,
                        "The definition that it began with cannot be run any more: "
                                + e.getMessage());
            }
        }
    }

    /**
     * Starts an execution.
     *
     * @param name null: a random one. The same name and input again, while it runs, is the same
     *     execution
     */
    public StartedExecution start(String machineArn, @Nullable String name, String input)
            throws AwsError {
        Machine machine = known(machineArn);
        String named = name == null ? UUID.randomUUID().toString() : name;
        if (!named.matches("[A-Za-z0-9_\\-+.]{1,80}")) {
            throw new AwsError(400, "InvalidName", "Invalid Name: '" + named + "'");
        }
        if (input.getBytes(StandardCharsets.UTF_8).length > Interpreter.LARGEST_PAYLOAD) {
            throw new AwsError(
                    400, "InvalidExecutionInput", "The input is larger than 262144 bytes");
        }
        String arn = machineArn.replace(":stateMachine:", ":execution:") + ":" + named;
        Optional<Execution> begun = executions.begin(machine, arn, named, input);
        if (begun.isPresent()) {
            run(machine, begun.get());
            return new StartedExecution(arn, Instant.ofEpochMilli(begun.get().started()));
        }
        Execution same = execution(arn);
        if (same.status() == Status.RUNNING && same.input().equals(input)) {
            return new StartedExecution(arn, Instant.ofEpochMilli(same.started()));
        }
        throw new AwsError(
                400, "ExecutionAlreadyExists", "Execution Already Exists: '" + arn + "'");
    }

    /** An execution that has been started, now or by an earlier request of the same name. */
    public record StartedExecution(String arn, Instant at) {}

    /** Stops everything; what has not ended goes on after the next {@link #resume}. */
    @Override
    public void close() {
        closed = true;
        List<Run> all = List.copyOf(runs.values());
        for (Run run : all) {
            run.limit().cancel();
            run.thread().interrupt();
        }
        long deadline = System.nanoTime() + LONGEST_STOP_MILLIS * 1_000_000;
        for (Run run : all) {
            try {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                run.thread().join(Math.max(1, left));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    Callbacks callbacks() {
        return callbacks;
    }

    /** Holds a definition against what this workspace runs. */
    void check(JsonNode definition) throws InvalidDefinition {
        machine("arn:aws:states:::stateMachine:unnamed", "", definition);
    }

    List<Machine> machines() {
        return List.copyOf(machines.values());
    }

    Instant created(Machine machine) {
        return executions.created(machine.arn());
    }

    Machine known(String arn) throws AwsError {
        Machine machine = machines.get(arn);
        if (machine == null) {
            throw new AwsError(
                    400, "StateMachineDoesNotExist", "State Machine Does Not Exist: '" + arn + "'");
        }
        return machine;
    }

    Execution execution(String arn) throws AwsError {
        return executions
                .find(arn)
                .orElseThrow(
                        () ->
                                new AwsError(
                                        400,
                                        "ExecutionDoesNotExist",
                                        "Execution Does Not Exist: '" + arn + "'"));
    }

    List<Execution> executions(Machine machine, @Nullable Status status, long before, int most) {
        return executions.list(machine.arn(), status, before, most);
    }

    List<Executions.Recorded> history(Execution execution, long beyond, boolean reverse, int most) {
        return executions.history(execution.sequence(), beyond, reverse, most);
    }

    /** Ends an execution; nothing happens if it has ended. */
    Instant stop(String arn, @Nullable String error, @Nullable String cause) throws AwsError {
        finish(execution(arn), Status.ABORTED, error, cause);
        Long stopped = execution(arn).stopped();
        return Instant.ofEpochMilli(stopped == null ? timer.millis() : stopped);
    }

    /** Runs a failed execution again, from where it failed. */
    Instant redrive(String arn) throws AwsError {
        Execution execution = execution(arn);
        String obstacle = obstacleToRedrive(execution);
        if (obstacle != null) {
            throw new AwsError(400, "ExecutionNotRedrivable", obstacle);
        }
        Machine machine;
        try {
            machine =
                    machine(
                            execution.machineArn(),
                            known(execution.machineArn()).roleArn(),
                            Executions.json(execution.definition()));
        } catch (InvalidDefinition e) {
            throw new AwsError(400, "ExecutionNotRedrivable", String.valueOf(e.getMessage()));
        }
        Execution again =
                executions
                        .redrive(execution)
                        .orElseThrow(
                                () ->
                                        new AwsError(
                                                400,
                                                "ExecutionNotRedrivable",
                                                cannotBeRedriven(Status.RUNNING)));
        run(machine, again);
        return Instant.ofEpochMilli(again.redriven() == null ? 0 : again.redriven());
    }

    /** Why an execution cannot be redriven, in AWS's words; null if it can. */
    @Nullable String obstacleToRedrive(Execution execution) {
        Long stopped = execution.stopped();
        if (execution.status() == Status.SUCCEEDED || stopped == null) {
            return cannotBeRedriven(execution.status());
        }
        if (stopped + REDRIVABLE.toMillis() < timer.millis()) {
            return "Execution redrivable period exceeded";
        }
        if (execution.started() + LONGEST_EXECUTION.toMillis() < timer.millis()) {
            return "Execution has exceeded the max execution time";
        }
        return executions.hasRoom(execution) ? null : "Execution history event limit exceeded";
    }

    private static String cannotBeRedriven(Status status) {
        return "Execution is %s and cannot be redriven".formatted(status);
    }

    private Machine machine(String arn, String roleArn, JsonNode definition)
            throws InvalidDefinition {
        return new Machine(
                arn,
                arn.substring(arn.lastIndexOf(':') + 1),
                roleArn,
                definition.toString(),
                DefinitionReader.read(definition, resources.keySet()),
                DefinitionReader.timeoutSeconds(definition));
    }

    private void run(Machine machine, Execution execution) {
        Interpreter interpreter =
                new Interpreter(
                        machine, execution, executions, callbacks, resources, region, timer);
        Thread thread =
                Thread.ofVirtual()
                        .name("execution-" + execution.name())
                        .unstarted(
                                () -> {
                                    runToEnd(interpreter, execution);
                                    ended(execution.arn());
                                });
        Timer.Alarm limit = () -> {};
        if (machine.timeoutSeconds() > 0) {
            long from = execution.redriven() == null ? execution.started() : execution.redriven();
            limit =
                    timer.at(
                            Instant.ofEpochMilli(from).plusSeconds(machine.timeoutSeconds()),
                            () -> finish(execution, Status.TIMED_OUT, null, null));
        }
        Run before = runs.put(execution.arn(), new Run(thread, limit));
        if (before != null) {
            before.limit().cancel();
        }
        if (!closed) {
            thread.start();
        }
    }

    /** Called by the thread of an attempt; a redrive may have begun the next one already. */
    private void ended(String arn) {
        Run run = runs.get(arn);
        if (run != null && run.thread() == Thread.currentThread() && runs.remove(arn, run)) {
            run.limit().cancel();
        }
    }

    private void runToEnd(Interpreter interpreter, Execution execution) {
        try {
            String output = interpreter.run().toString();
            var details = Event.object().put("output", output);
            details.putObject("outputDetails").put("truncated", false);
            executions.end(
                    execution,
                    Status.SUCCEEDED,
                    output,
                    null,
                    null,
                    Event.of("ExecutionSucceeded", details));
        } catch (StateError e) {
            finish(execution, Status.FAILED, e.error(), e.cause());
        } catch (InterruptedException e) {
            LOG.debug("{} is no longer run: {}", execution.arn(), e.getMessage());
        } catch (RuntimeException e) {
            if (!closed) {
                LOG.error("{} failed", execution.arn(), e);
                finish(
                        execution,
                        Status.FAILED,
                        StateError.RUNTIME,
                        "The local workspace failed: " + e);
            }
        }
    }

    private void finish(
            Execution execution, Status status, @Nullable String error, @Nullable String cause) {
        String type =
                switch (status) {
                    case FAILED -> "ExecutionFailed";
                    case TIMED_OUT -> "ExecutionTimedOut";
                    case ABORTED -> "ExecutionAborted";
                    case RUNNING, SUCCEEDED -> throw new IllegalArgumentException(status.name());
                };
        String shownError = error == null || error.isEmpty() ? null : error;
        String shownCause = cause == null || cause.isEmpty() ? null : cause;
        // Before the end: after it, a redrive may have begun another.
        Run run = runs.get(execution.arn());
        boolean ended =
                executions.end(
                        execution,
                        status,
                        null,
                        shownError,
                        shownCause,
                        status == Status.TIMED_OUT
                                ? Event.failed(type, StateError.TIMEOUT, null)
                                : Event.failed(type, shownError, shownCause));
        if (ended && run != null && run.thread() != Thread.currentThread()) {
            run.thread().interrupt();
        }
    }
}
