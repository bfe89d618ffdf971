package io.amcinsights.local.states;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.local.clock.Timer;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * Runs one execution, or goes on with it from its recorded positions. What its flows share; each of
 * them is a {@link FlowRun}.
 */
final class Interpreter {

    /** Step Functions, "Quotas": input or output of a state, as UTF-8. */
    static final int LARGEST_PAYLOAD = 262_144;

    /** As the context object writes times, always with milliseconds. */
    static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

    final Machine machine;
    final Execution execution;
    final Executions executions;
    final Callbacks callbacks;
    final Map<String, TaskResource> resources;
    final String region;
    final Timer timer;

    Interpreter(
            Machine machine,
            Execution execution,
            Executions executions,
            Callbacks callbacks,
            Map<String, TaskResource> resources,
            String region,
            Timer timer) {
        this.machine = machine;
        this.execution = execution;
        this.executions = executions;
        this.callbacks = callbacks;
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
        JsonNode input = Executions.json(execution.input());
        // The first state's event points at none, not at the execution's start.
        return new FlowRun(this, "", machine.flow(), Map.of(), input, 0, null, false).run();
    }

    void sleepUntil(long epochMillis) throws InterruptedException {
        CountDownLatch rung = new CountDownLatch(1);
        Timer.Alarm alarm = timer.at(Instant.ofEpochMilli(epochMillis), rung::countDown);
        try {
            rung.await();
        } finally {
            alarm.cancel();
        }
    }

    static void limit(JsonNode value, State state) throws StateError {
        if (size(value) > LARGEST_PAYLOAD) {
            throw new StateError(
                    StateError.DATA_LIMIT_EXCEEDED,
                    "The state/task '%s' returned a result with a size exceeding the maximum number of bytes service limit."
                            .formatted(state.name()));
        }
    }

    static int size(JsonNode value) {
        return value.toString().getBytes(StandardCharsets.UTF_8).length;
    }
}
