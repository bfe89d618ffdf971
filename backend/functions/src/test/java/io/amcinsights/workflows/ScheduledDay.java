package io.amcinsights.workflows;

import static io.amcinsights.TestInstallation.ask;
import static io.amcinsights.TestInstallation.call;
import static io.amcinsights.TestInstallation.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.Functions;
import io.amcinsights.TestInstallation;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.Schedule;
import io.amcinsights.contract.ScheduleExpression;
import io.amcinsights.contract.TimeWindow;
import io.amcinsights.contract.Workflow;
import io.amcinsights.contract.WorkflowRequest.FireSchedule;
import io.amcinsights.contract.WorkflowRequest.PutSchedule;
import io.amcinsights.ports.BucketOwners;
import io.amcinsights.ports.Documents;
import io.amcinsights.ports.Documents.ConflictException;
import io.amcinsights.ports.MessageQueue;
import io.amcinsights.ports.Notices;
import io.amcinsights.ports.Ports;
import io.amcinsights.ports.Secrets;
import io.amcinsights.ports.Timers;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.StartExecutionRequest;
import software.amazon.awssdk.services.sfn.model.StartExecutionResponse;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;

/**
 * One day of an installation, simulated: the real functions, a queue that hands out its groups as
 * SQS does, and AMC instances whose runs take five to fifteen minutes. Some firings come twice.
 */
final class ScheduledDay implements AutoCloseable {

    /**
     * @param delays from the time that was due to the start, by tenant, seconds
     * @param documents that were read and written
     * @param seconds that the day took to be computed
     */
    record Outcome(
            int due, int runs, Map<String, List<Long>> delays, long documents, double seconds) {

        double documentsPerRun() {
            return (double) documents / runs;
        }

        double microsPerRun() {
            return seconds * 1e6 / runs;
        }

        /** Seconds that a share of the runs of all tenants but one did not exceed. */
        long delay(double share, @Nullable String without) {
            List<Long> all =
                    delays.entrySet().stream()
                            .filter(e -> !e.getKey().equals(without))
                            .flatMap(e -> e.getValue().stream())
                            .sorted()
                            .toList();
            return all.get((int) Math.ceil(share * all.size()) - 1);
        }
    }

    private record Event(Instant at, long order, Runnable happens) {}

    private static final double TWICE = 0.02;
    private static final Instant END = TestInstallation.START.plus(Duration.ofDays(1));

    private final TestInstallation installation = new TestInstallation();
    private final Random random = new Random(20261123);
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparing(Event::at).thenComparingLong(Event::order));
    private final Map<String, Group> groups = new HashMap<>();
    private final Map<String, Instant> due = new HashMap<>();
    private final Map<String, List<Long>> delays = new TreeMap<>();
    private final CountingDocuments documents =
            new CountingDocuments(installation.ports.documents());
    private final RunStore runs = new RunStore(documents);
    private final WorkflowsHandler workflows;
    private final DispatcherHandler dispatcher;
    private final RunStepsHandler steps;
    private int firings;
    private long order;

    ScheduledDay() {
        Functions functions = installation.functions(new SimulatedPorts(), new Machines());
        workflows = new WorkflowsHandler(functions);
        dispatcher = new DispatcherHandler(functions);
        steps = new RunStepsHandler(functions);
    }

    @Override
    public void close() {
        installation.close();
    }

    /** The id of a tenant. */
    static String tenant(int number) {
        return "amcr%06d".formatted(number);
    }

    /** Adds a tenant with schedules of these expressions. */
    void add(String tenantId, List<String> expressions) throws ConflictException {
        installation.tenant(tenantId);
        new WorkflowStore(documents)
                .put(
                        new Workflow(
                                tenantId,
                                "reach",
                                "Reach",
                                "",
                                "SELECT 1",
                                List.of(),
                                null,
                                Instant.EPOCH,
                                0),
                        0);
        for (String expression : expressions) {
            Schedule schedule =
                    ask(
                            workflows,
                            new PutSchedule(
                                    new Schedule(
                                            "",
                                            tenantId,
                                            "reach",
                                            "Reach",
                                            expression,
                                            "UTC",
                                            null,
                                            null,
                                            TimeWindow.of(TimeWindow.Type.MOST_RECENT_DAY, "UTC"),
                                            Map.of(),
                                            true,
                                            null,
                                            null,
                                            Instant.EPOCH,
                                            0)));
            List<ZonedDateTime> times =
                    ScheduleExpression.parse(expression)
                            .next(TestInstallation.START, ZoneOffset.UTC, 24 * 60);
            times.stream()
                    .map(ZonedDateTime::toInstant)
                    .takeWhile(t -> t.isBefore(END))
                    .forEach(t -> at(t, () -> fire(schedule, t)));
        }
    }

    /** Twenty schedules: most run daily, some every six hours, one hourly. */
    List<String> usual() {
        List<String> expressions = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int minute = random.nextInt(60);
            int hour = random.nextInt(24);
            expressions.add(
                    i < 16
                            ? "cron(%d %d * * ? *)".formatted(minute, hour)
                            : i < 19
                                    ? "cron(%d %d/6 * * ? *)".formatted(minute, hour % 6)
                                    : "cron(%d * * * ? *)".formatted(minute));
        }
        return expressions;
    }

    /** Lets the day pass, and what it began come to its end. */
    Outcome pass() {
        documents.touched = 0;
        long began = System.nanoTime();
        for (Event next = events.poll(); next != null; next = events.poll()) {
            Duration ahead = Duration.between(installation.clock.instant(), next.at());
            if (ahead.isPositive()) {
                installation.clock.forward(ahead);
            }
            next.happens().run();
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        return new Outcome(firings, due.size(), delays, documents.touched, seconds);
    }

    private void at(Instant time, Runnable happens) {
        events.add(new Event(time, order++, happens));
    }

    private void fire(Schedule schedule, Instant time) {
        firings++;
        int times = random.nextDouble() < TWICE ? 2 : 1;
        for (int i = 0; i < times; i++) {
            Run run =
                    ask(
                                    workflows,
                                    new FireSchedule(
                                            schedule.tenantId(), schedule.scheduleId(), time))
                            .run();
            due.put(Objects.requireNonNull(run).runId(), time);
        }
    }

    /** A group of the queue: its messages in order, hidden together while the first must wait. */
    private final class Group {
        private final String name;
        private final Deque<String> bodies = new ArrayDeque<>();
        private int receives;
        private boolean hidden;

        private Group(String name) {
            this.name = name;
        }

        private void deliver() {
            while (!hidden && !bodies.isEmpty()) {
                ObjectNode event = Json.mapper().createObjectNode();
                ArrayNode records = event.putArray("Records");
                records.addObject()
                        .put("messageId", name)
                        .put("receiptHandle", name)
                        .put("body", bodies.getFirst())
                        .putObject("attributes")
                        .put("MessageGroupId", name)
                        .put("ApproximateReceiveCount", Integer.toString(++receives));
                JsonNode left =
                        Json.read(call(dispatcher, "write", event.toString()), JsonNode.class);
                if (left.path("batchItemFailures").isEmpty()) {
                    bodies.removeFirst();
                    receives = 0;
                }
            }
        }

        private void hide(Duration delay) {
            hidden = true;
            at(
                    installation.clock.instant().plus(delay),
                    () -> {
                        hidden = false;
                        deliver();
                    });
        }
    }

    private void begin(String runId) {
        Instant now = installation.clock.instant();
        Run run = runs.get(runId);
        delays.computeIfAbsent(run.tenantId(), t -> new ArrayList<>())
                .add(Duration.between(Objects.requireNonNull(due.get(runId)), now).toSeconds());
        runs.change(runId, r -> RunChanges.asked(r, now));
        at(now.plusSeconds(300 + random.nextInt(600)), () -> end(runId));
    }

    private void end(String runId) {
        Instant now = installation.clock.instant();
        runs.change(runId, r -> RunChanges.ended(r, Run.Status.SUCCEEDED, null, now));
        step(steps, "{'step':'finish','runId':'%s'}".formatted(runId));
    }

    private final class Machines implements SfnClient {
        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}

        @Override
        public StartExecutionResponse startExecution(StartExecutionRequest request) {
            at(installation.clock.instant(), () -> begin(request.name()));
            return StartExecutionResponse.builder().executionArn("arn:" + request.name()).build();
        }
    }

    private final class SimulatedPorts implements Ports {
        @Override
        public Documents documents() {
            return documents;
        }

        @Override
        public MessageQueue queue() {
            return new MessageQueue() {
                @Override
                public void send(String group, String deduplicationId, String body) {
                    Group to = groups.computeIfAbsent(group, Group::new);
                    to.bodies.add(body);
                    at(installation.clock.instant(), to::deliver);
                }

                @Override
                public void postpone(String receipt, Duration delay) {
                    Objects.requireNonNull(groups.get(receipt)).hide(delay);
                }
            };
        }

        @Override
        public Secrets secrets() {
            return installation.ports.secrets();
        }

        @Override
        public Timers timers() {
            return installation.ports.timers();
        }

        @Override
        public BucketOwners bucketOwners() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Notices notices() {
            return notice -> {};
        }
    }

    private static final class CountingDocuments implements Documents {
        private final Documents inner;
        private long touched;

        private CountingDocuments(Documents inner) {
            this.inner = inner;
        }

        @Override
        public Optional<Document> get(String partition, String key) {
            touched++;
            return inner.get(partition, key);
        }

        @Override
        public long put(
                String partition,
                String key,
                String json,
                long expectedVersion,
                @Nullable Instant expires)
                throws ConflictException {
            touched++;
            return inner.put(partition, key, json, expectedVersion, expires);
        }

        @Override
        public void delete(String partition, String key, long expectedVersion)
                throws ConflictException {
            touched++;
            inner.delete(partition, key, expectedVersion);
        }

        @Override
        public Page list(
                String partition,
                String keyPrefix,
                boolean descending,
                @Nullable String fromKey,
                int limit) {
            Page page = inner.list(partition, keyPrefix, descending, fromKey, limit);
            touched += 1 + page.documents().size();
            return page;
        }
    }
}
