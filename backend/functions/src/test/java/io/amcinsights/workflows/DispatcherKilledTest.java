package io.amcinsights.workflows;

import static io.amcinsights.TestInstallation.ask;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;

import io.amcinsights.Functions;
import io.amcinsights.TestInstallation;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.TimeWindow;
import io.amcinsights.contract.Workflow;
import io.amcinsights.contract.WorkflowRequest.ListRuns;
import io.amcinsights.contract.WorkflowRequest.RunWorkflow;
import io.amcinsights.ports.BucketOwners;
import io.amcinsights.ports.Documents;
import io.amcinsights.ports.MemoryPorts;
import io.amcinsights.ports.MessageQueue;
import io.amcinsights.ports.Notices;
import io.amcinsights.ports.Ports;
import io.amcinsights.ports.Secrets;
import io.amcinsights.ports.Timers;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import software.amazon.awssdk.services.sfn.SfnClient;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A run on its way from the request to its state machine, the process killed at each call. */
class DispatcherKilledTest {

    private static final String TENANT = "amcr1aaaa1a";

    /** The process is no more; nobody may catch it. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    /** Passes calls on until its hour has come. */
    private static final class Fate {

        private final int last;
        private final boolean before;
        private int calls;

        /**
         * @param last the call that is the last
         * @param before it dies before the call has any effect, or else before the answer is back
         */
        Fate(int last, boolean before) {
            this.last = last;
            this.before = before;
        }

        boolean hasCome() {
            return calls >= last;
        }

        <T> T of(Class<T> type, T target) {
            return type.cast(
                    Proxy.newProxyInstance(
                            type.getClassLoader(),
                            new Class<?>[] {type},
                            (proxy, method, arguments) -> {
                                calls++;
                                if (calls == last && before) {
                                    throw new Killed();
                                }
                                try {
                                    Object answer = method.invoke(target, arguments);
                                    if (calls == last) {
                                        throw new Killed();
                                    }
                                    return answer;
                                } catch (InvocationTargetException e) {
                                    throw Objects.requireNonNull(e.getCause());
                                }
                            }));
        }
    }

    /** The ports that the way of a run leads over, under one fate. */
    private record Mortal(MemoryPorts ports, Fate fate) implements Ports {

        @Override
        public Documents documents() {
            return fate.of(Documents.class, ports.documents());
        }

        @Override
        public MessageQueue queue() {
            return fate.of(MessageQueue.class, ports.queue());
        }

        @Override
        public Secrets secrets() {
            return ports.secrets();
        }

        @Override
        public Timers timers() {
            return ports.timers();
        }

        @Override
        public BucketOwners bucketOwners() {
            return ports.bucketOwners();
        }

        @Override
        public Notices notices() {
            return ports.notices();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nothingIsLostAndNothingIsDoneTwice(boolean before) throws Exception {
        int last = 1;
        Fate fate;
        do {
            fate = new Fate(last, before);
            live(fate, "killed at call %d, %s it".formatted(last, before ? "before" : "behind"));
            last++;
        } while (fate.hasCome());
        assertThat(last).as("calls on the way").isGreaterThan(10);
    }

    private static void live(Fate fate, String when) throws Exception {
        try (TestInstallation installation = new TestInstallation()) {
            installation.tenant(TENANT);
            workflow(installation);
            Functions mortal =
                    installation.functions(
                            new Mortal(installation.ports, fate),
                            fate.of(SfnClient.class, installation.machines));
            try {
                request(new WorkflowsHandler(mortal));
                dispatch(new DispatcherHandler(mortal), installation);
            } catch (Killed e) {
                // whoever asked asks again, and the queue hands out again what was not done
            }
            request(new WorkflowsHandler(installation.functions()));
            dispatch(new DispatcherHandler(installation.functions()), installation);

            List<Run> runs =
                    ask(
                                    new WorkflowsHandler(installation.functions()),
                                    new ListRuns(null, 10, null))
                            .runs();
            assertThat(runs).as(when).hasSize(1);
            assertThat(installation.machines.started)
                    .as(when)
                    .singleElement()
                    .satisfies(s -> assertThat(s.name()).isEqualTo(runs.getFirst().runId()));
            assertThat(runs.getFirst().execution()).as(when).isNotNull();
            assertThat(
                            Json.mapper()
                                    .readTree(
                                            installation
                                                    .ports
                                                    .documents()
                                                    .get("lease", TENANT)
                                                    .orElseThrow()
                                                    .json())
                                    .path("taken"))
                    .as(when)
                    .hasSize(1);
        }
    }

    private static void workflow(TestInstallation installation) throws Exception {
        new WorkflowStore(installation.ports.documents())
                .put(
                        new Workflow(
                                TENANT,
                                "reach",
                                "Reach",
                                "",
                                "SELECT 1",
                                List.of(),
                                null,
                                Instant.EPOCH,
                                0),
                        0);
    }

    private static void request(WorkflowsHandler handler) {
        ask(
                handler,
                new RunWorkflow(
                        TENANT,
                        "reach",
                        TimeWindow.of(TimeWindow.Type.MOST_RECENT_DAY, "UTC"),
                        Map.of(),
                        "key-1"));
    }

    private static void dispatch(RequestStreamHandler dispatcher, TestInstallation installation) {
        var event = Json.mapper().createObjectNode();
        var records = event.putArray("Records");
        for (MemoryPorts.Message message : installation.ports.messages) {
            var record = records.addObject();
            record.put("messageId", message.deduplicationId());
            record.put("receiptHandle", message.deduplicationId());
            record.put("body", message.body());
            record.putObject("attributes")
                    .put("MessageGroupId", message.group())
                    .put("ApproximateReceiveCount", "1");
        }
        TestInstallation.call(dispatcher, "write", event.toString());
    }
}
