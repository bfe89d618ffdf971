package io.amcinsights.local.states;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.clock.Timer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** The task of a Task state: its request, its time limits and its callback. */
final class TaskRun {

    private static final Logger LOG = LoggerFactory.getLogger(TaskRun.class);

    private final FlowRun flow;

    TaskRun(FlowRun flow) {
        this.flow = flow;
    }

    /** Does what the state asks for; when it has been done before a kill, gives what it gave. */
    JsonNode run(State.Task task) throws StateError, InterruptedException {
        if (flow.at.result != null) {
            return flow.at.result;
        }
        flow.taskFailed = false;
        JsonNode result;
        if (flow.at.submitted) {
            result = outcome(task, () -> answer(task));
        } else {
            JsonNode arguments = schedule(task);
            result = outcome(task, () -> request(task, arguments));
        }
        flow.at.result = result;
        ObjectNode succeeded = named(task);
        Event.text(succeeded, "output", result);
        flow.later(Event.of("TaskSucceeded", succeeded));
        return result;
    }

    private JsonNode schedule(State.Task task) throws StateError, InterruptedException {
        if (task.waitsForToken() && flow.at.token == null) {
            flow.at.token = flow.host.callbacks.token();
        }
        JsonNode arguments =
                task.arguments() == null
                        ? flow.input()
                        : flow.evaluate(
                                task, "Arguments", task.arguments(), flow.states(null, null));
        Interpreter.limit(arguments, task);
        ObjectNode scheduled = named(task).put("region", flow.host.region);
        scheduled.put("parameters", arguments.toString());
        if (task.timeoutSeconds() != null) {
            long seconds = flow.whole(task, "TimeoutSeconds", task.timeoutSeconds(), 1);
            scheduled.put("timeoutInSeconds", seconds);
            flow.at.deadline = flow.host.timer.instant().plusSeconds(seconds).toEpochMilli();
        }
        if (task.heartbeatSeconds() != null) {
            long seconds = flow.whole(task, "HeartbeatSeconds", task.heartbeatSeconds(), 1);
            scheduled.put("heartbeatInSeconds", seconds);
            flow.at.heartbeat = seconds * 1000;
        }
        if (flow.at.token != null) {
            flow.host.callbacks.open(flow.at.token, flow.host.execution, flow.key);
        }
        flow.record(Event.of("TaskScheduled", scheduled), Event.of("TaskStarted", named(task)));
        return arguments;
    }

    /** Writes how a task has failed. */
    private JsonNode outcome(State.Task task, FlowRun.Work work)
            throws StateError, InterruptedException {
        try {
            JsonNode result = work.run();
            Interpreter.limit(result, task);
            return result;
        } catch (StateError e) {
            String type = e.error().equals(StateError.TIMEOUT) ? "TaskTimedOut" : "TaskFailed";
            flow.record(Event.of(type, Event.error(named(task), e.error(), e.cause())));
            flow.taskFailed = true;
            throw e;
        }
    }

    private JsonNode request(State.Task task, JsonNode arguments)
            throws StateError, InterruptedException {
        JsonNode reply = call(task, arguments);
        if (!task.waitsForToken()) {
            return reply;
        }
        Interpreter.limit(reply, task);
        flow.at.submitted = true;
        submitted(task, reply);
        return answer(task);
    }

    private JsonNode answer(State.Task task) throws StateError, InterruptedException {
        if (flow.at.token == null) {
            throw new IllegalStateException("No token of " + task.name());
        }
        return flow.host.callbacks.await(flow.at.token, flow.at.deadline, flow.at.heartbeat);
    }

    private void submitted(State.Task task, JsonNode reply)
            throws StateError, InterruptedException {
        ObjectNode details = named(task);
        Event.text(details, "output", reply);
        flow.record(Event.of("TaskSubmitted", details));
    }

    private JsonNode call(State.Task task, JsonNode arguments)
            throws StateError, InterruptedException {
        TaskResource resource = flow.resource(task.resource());
        CompletableFuture<JsonNode> submitted = new CompletableFuture<>();
        CompletableFuture<JsonNode> done = new CompletableFuture<>();
        Timer.Alarm alarm =
                flow.at.deadline == null
                        ? () -> {}
                        : flow.host.timer.at(
                                Instant.ofEpochMilli(flow.at.deadline),
                                () -> done.completeExceptionally(StateError.timeout(false)));
        // Not interrupted with the execution: a function that runs is not stopped on AWS
        // either.
        Thread.ofVirtual()
                .name("task-" + task.name())
                .start(
                        () -> {
                            try {
                                done.complete(resource.run(arguments, submitted::complete));
                            } catch (StateError | InterruptedException | RuntimeException e) {
                                done.completeExceptionally(e);
                            }
                        });
        try {
            CompletableFuture.anyOf(submitted, done.exceptionally(e -> NullNode.getInstance()))
                    .get();
            if (submitted.isDone()) {
                submitted(task, submitted.get());
            }
            return done.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StateError error) {
                throw error;
            }
            LOG.error("Task {} of {} failed", task.name(), flow.host.execution.arn(), e.getCause());
            throw new StateError(StateError.RUNTIME, "The local workspace failed: " + e.getCause());
        } finally {
            alarm.cancel();
        }
    }

    /** {@code arn:aws:states:::lambda:invoke} is resource {@code invoke} of {@code lambda}. */
    private static ObjectNode named(State.Task task) {
        String[] parts = task.resource().split(":", -1);
        return Event.object().put("resourceType", parts[5]).put("resource", parts[6]);
    }
}
