package io.amcinsights.workflows;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.Run;
import io.amcinsights.ports.MessageQueue;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.ExecutionAlreadyExistsException;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes runs from the queue and starts them as their AMC instances have room. What must wait goes
 * back into the queue, in order.
 */
public final class Dispatcher {

    /** Messages that stay in the queue, in the form that Lambda's event source reads. */
    record Left(@JsonProperty("batchItemFailures") List<Item> items) {
        record Item(@JsonProperty("itemIdentifier") String messageId) {}
    }

    private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);
    private static final Duration FIRST_WAIT = Duration.ofSeconds(5);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    /** SQS gives up on a message after two weeks; the run must not vanish with it. */
    private static final Duration GIVE_UP = Duration.ofDays(3);

    private final RunStore runs;
    private final Leases leases;
    private final MessageQueue queue;
    private final SfnClient machines;
    private final String workflowRun;
    private final RunNotices notices;
    private final Clock clock;

    /**
     * @param workflowRun ARN of the state machine {@code workflow-run}
     */
    public Dispatcher(
            RunStore runs,
            Leases leases,
            MessageQueue queue,
            SfnClient machines,
            String workflowRun,
            RunNotices notices,
            Clock clock) {
        this.runs = runs;
        this.leases = leases;
        this.queue = queue;
        this.machines = machines;
        this.workflowRun = workflowRun;
        this.notices = notices;
        this.clock = clock;
    }

    /**
     * @param event of an SQS queue
     */
    Left dispatch(JsonNode event) {
        List<Left.Item> left = new ArrayList<>();
        Map<String, Duration> waiting = new HashMap<>();
        for (JsonNode message : event.path("Records")) {
            String group = message.path("attributes").path("MessageGroupId").asText();
            if (!waiting.containsKey(group) && start(message)) {
                continue;
            }
            // one that stays hidden for longer than the first would hold up its whole group
            Duration wait = waiting.computeIfAbsent(group, g -> waitOf(message));
            queue.postpone(message.path("receiptHandle").asText(), wait);
            left.add(new Left.Item(message.path("messageId").asText()));
        }
        return new Left(left);
    }

    /** False where the message has to wait. */
    private boolean start(JsonNode message) {
        String body = message.path("body").asText();
        try {
            Run run = runs.find(Json.read(body, Runs.Message.class).runId()).orElse(null);
            if (run == null || run.status().ended() || run.execution() != null) {
                return true;
            }
            if (run.requestedAt().plus(GIVE_UP).isBefore(clock.instant())) {
                giveUp(run);
                return true;
            }
            if (!leases.take(run.tenantId(), run.runId(), Lane.of(run).places(), this::hasEnded)) {
                return false;
            }
            String execution = start(run);
            runs.change(run.runId(), r -> RunChanges.cared(r, execution));
            return true;
        } catch (RuntimeException e) {
            log.error("The run {} could not be started now", body, e);
            return false;
        }
    }

    private String start(Run run) {
        try {
            return machines.startExecution(
                            r ->
                                    r.stateMachineArn(workflowRun)
                                            .name(run.runId())
                                            .input(Json.write(new Runs.Message(run.runId()))))
                    .executionArn();
        } catch (ExecutionAlreadyExistsException e) {
            return workflowRun.replace(":stateMachine:", ":execution:") + ":" + run.runId();
        }
    }

    private boolean hasEnded(String runId) {
        return runs.find(runId).map(r -> r.status().ended()).orElse(true);
    }

    private void giveUp(Run run) {
        Failure problem =
                Failure.of(
                                ErrorCode.AMC_UNAVAILABLE,
                                "The AMC instance had no room for this run for three days.")
                        .next("Run fewer workflows at a time, then run this one again.");
        notices.tell(
                runs.change(
                        run.runId(),
                        r -> RunChanges.ended(r, Run.Status.FAILED, problem, clock.instant())));
    }

    private static Duration waitOf(JsonNode message) {
        long receives = message.path("attributes").path("ApproximateReceiveCount").asLong(1);
        Duration wait = FIRST_WAIT.multipliedBy(Math.min(receives, 60));
        return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
    }
}
