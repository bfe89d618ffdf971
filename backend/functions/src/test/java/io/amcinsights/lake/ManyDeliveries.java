package io.amcinsights.lake;

import static io.amcinsights.TestInstallation.ask;
import static io.amcinsights.TestInstallation.call;
import static io.amcinsights.TestInstallation.caught;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.Busy;
import io.amcinsights.Functions;
import io.amcinsights.StepFailed;
import io.amcinsights.TestInstallation;
import io.amcinsights.aws.MemoryS3;
import io.amcinsights.contract.DatasetSettings;
import io.amcinsights.contract.DatasetSettings.FilteredRows;
import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.LakeRequest.ListDeliveries;
import io.amcinsights.contract.LakeRequest.ReconcileDeliveries;
import io.amcinsights.ports.Documents.ConflictException;
import io.amcinsights.ports.Ports;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.StartExecutionRequest;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Many deliveries, told of in disorder and more than once, loaded by several functions at the same
 * time, which all die at a moment that nobody knows, again and again. What the state machines have
 * been told goes on from there. Meanwhile types widen, small files become few, old folders go.
 */
final class ManyDeliveries implements AutoCloseable {

    /** The process is no more; nobody may catch it. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    /** An execution of a state machine: the step that comes next, and what it is given. */
    private static final class Execution {

        private final String id;
        private final ObjectNode event;
        private @Nullable String next;
        private JsonNode input;
        private boolean taken;

        Execution(String id, String first, ObjectNode event) {
            this.id = id;
            this.event = event;
            this.next = first;
            this.input = event;
        }
    }

    /**
     * What there is in the end.
     *
     * @param statuses how many deliveries ended so
     * @param wrong in words; none where all is right
     */
    record Result(
            int kills,
            int executions,
            long calls,
            Map<Delivery.Status, Integer> statuses,
            long rows,
            List<String> wrong) {}

    private static final int WORKERS = 4;
    private static final int CALLS_OF_A_DELIVERY = 70;
    private static final List<String> TENANTS = List.of("amcr1aaaa1a", "amcr2bbbb2b");

    private final TestInstallation installation = new TestInstallation();
    private final List<Execution> executions = new ArrayList<>();
    private final Map<String, Long> expected = new HashMap<>();
    private final Random random;
    private final Path folder;
    private final int deliveries;
    private final int kills;
    private final Object world = new Object();
    private long calls;
    private long lastCall;
    private boolean dead;
    private int killed;

    ManyDeliveries(int deliveries, int kills, long seed, Path folder) throws ConflictException {
        this.deliveries = deliveries;
        this.kills = kills;
        this.random = new Random(seed);
        this.folder = folder;
        for (String tenant : TENANTS) {
            installation.tenant(tenant, "bucket-" + tenant);
            installation.amc.on(
                    "GET",
                    "/amc/reporting/%s/workflowExecutions".formatted(tenant),
                    200,
                    "{\"executions\":[]}");
        }
        installation.s3.written = installation.clock.instant().minus(Duration.ofHours(1));
        new DatasetStore(installation.ports.documents(), installation.clock)
                .put(new DatasetSettings("reach_b", FilteredRows.SEPARATE, "filtered", null, 0));
        for (int i = 0; i < deliveries; i++) {
            deliver(i);
        }
        Collections.shuffle(executions, random);
    }

    private void deliver(int i) {
        String tenant = TENANTS.get(random.nextInt(TENANTS.size()));
        String workflow = "reach." + (char) ('a' + i % 2);
        // a month that is over, and one that goes on
        Instant made =
                Instant.parse(i % 3 == 0 ? "2026-10-05T00:00:00.001Z" : "2026-11-05T00:00:00.001Z")
                        .plusSeconds(i);
        String key = "workflow=%s/schedule=adhoc/%s-%s.csv".formatted(workflow, made, workflow);
        byte[] csv = file(i).getBytes(StandardCharsets.UTF_8);
        String bucket = "bucket-" + tenant;
        installation.s3.objects.put(bucket + "/" + key, csv);
        ObjectNode event = Json.mapper().createObjectNode();
        ObjectNode detail = event.put("source", "aws.s3").putObject("detail");
        detail.putObject("bucket").put("name", bucket);
        detail.putObject("object")
                .put("key", key)
                .put("size", csv.length)
                .put("etag", MemoryS3.etag(csv));
        int told = 1 + random.nextInt(3);
        for (int t = 0; t < told; t++) {
            executions.add(new Execution("execution-%d-%d".formatted(i, t), "claim", event));
        }
        if (i % 41 != 7 && i % 83 != 11) {
            expected.put("%s/%s".formatted(bucket, key), (long) rows(i));
        }
    }

    private static int rows(int i) {
        return 1 + i % 5;
    }

    private String file(int i) {
        boolean more = i % 53 == 3;
        String header = "n,v,filtered" + (more ? ",more%d".formatted(i % 7) : "") + "\n";
        if (i % 41 == 7) {
            return header; // nothing was found
        }
        StringBuilder csv = new StringBuilder(header);
        for (int row = 0; row < rows(i); row++) {
            String value = i % 997 == 500 ? "text" : i % 97 == 5 ? row + ".25" : "" + row;
            csv.append("%d,%s,%s%s\n".formatted(i, value, row % 2 == 1, more ? ",x" : ""));
        }
        return i % 83 == 11 ? csv.append("1\n").toString() : csv.toString();
    }

    Result run() throws Exception {
        long between = 2L * deliveries * CALLS_OF_A_DELIVERY / (kills + 1);
        try (ExecutorService workers = Executors.newFixedThreadPool(WORKERS)) {
            boolean open = true;
            while (open) {
                synchronized (world) {
                    dead = false;
                    lastCall =
                            killed < kills ? calls + 1 + random.nextLong(between) : Long.MAX_VALUE;
                    executions.forEach(e -> e.taken = false);
                }
                List<Future<Boolean>> ends = new ArrayList<>();
                for (int w = 0; w < WORKERS; w++) {
                    ends.add(workers.submit(worker(random.nextLong())));
                }
                open = false;
                for (Future<Boolean> end : ends) {
                    open |= !end.get();
                }
            }
        }
        Functions functions = functions();
        for (int hours : new int[] {0, 25, 25}) {
            installation.clock.forward(Duration.ofHours(hours));
            ask(new LakeHandler(functions), new ReconcileDeliveries());
        }
        return result(new LakeHandler(functions));
    }

    private Functions functions() {
        return installation.functions(
                (Ports)
                        Proxy.newProxyInstance(
                                Ports.class.getClassLoader(),
                                new Class<?>[] {Ports.class},
                                (proxy, method, arguments) ->
                                        mortal(
                                                method.getReturnType(),
                                                method.invoke(installation.ports, arguments))),
                mortal(S3Client.class, installation.s3),
                mortal(SfnClient.class, installation.machines),
                mortal(GlueClient.class, installation.glue));
    }

    /** Passes calls on until the hour has come, and lets nobody survive it. */
    private <T> T mortal(Class<T> type, Object target) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> {
                            synchronized (world) {
                                boolean before = calls % 2 == 0;
                                if (before) {
                                    live();
                                }
                                try {
                                    return method.invoke(target, arguments);
                                } catch (InvocationTargetException e) {
                                    throw e.getCause();
                                } finally {
                                    if (!before) {
                                        live();
                                    }
                                }
                            }
                        }));
    }

    private void live() {
        synchronized (world) {
            if (!dead && ++calls == lastCall) {
                dead = true;
                killed++;
            }
            if (dead) {
                throw new Killed();
            }
        }
    }

    /** True where everything is done; false where it has been killed. */
    private Callable<Boolean> worker(long seed) {
        return () -> {
            Random choice = new Random(seed);
            try {
                Functions functions = functions();
                LakeHandler lake = new LakeHandler(functions);
                TransformHandler transform = new TransformHandler(functions);
                Execution execution;
                while ((execution = take(choice)) != null) {
                    advance(execution, lake, transform);
                    if (choice.nextInt(deliveries) < 12) {
                        ask(lake, new ReconcileDeliveries());
                        enlist();
                    }
                }
                return true;
            } catch (Killed e) {
                return false;
            }
        };
    }

    private @Nullable Execution take(Random choice) {
        synchronized (world) {
            List<Execution> open =
                    executions.stream().filter(e -> e.next != null && !e.taken).toList();
            if (open.isEmpty()) {
                return null;
            }
            Execution execution = open.get(Math.min(choice.nextInt(20), open.size() - 1));
            execution.taken = true;
            return execution;
        }
    }

    /** One step as the state machines' definitions have them. */
    private void advance(Execution of, LakeHandler lake, TransformHandler transform) {
        String next = Objects.requireNonNull(of.next);
        ObjectNode input = Json.mapper().createObjectNode().put("step", next);
        JsonNode answer;
        try {
            answer =
                    switch (next) {
                        case "claim" ->
                                told(
                                        lake,
                                        input.put("execution", of.id)
                                                .set("event", of.event)
                                                .toString());
                        case "pre-stage" ->
                                told(lake, input.put("deliveryId", deliveryId(of)).toString());
                        case "publish" ->
                                told(
                                        lake,
                                        input.put("deliveryId", deliveryId(of))
                                                .set("result", of.input.path("outcome"))
                                                .toString());
                        case "record-failure" ->
                                told(lake, input.setAll((ObjectNode) of.input).toString());
                        case "publish-compaction" ->
                                told(lake, input.put("plan", of.input.asText()).toString());
                        case "plan-compaction" -> told(lake, input.setAll(of.event).toString());
                        default -> told(transform, of.input.path("transform").toString());
                    };
        } catch (Busy e) {
            record(of, next, of.input);
            return;
        } catch (StepFailed e) {
            if (next.endsWith("compaction") || next.equals("compact")) {
                throw e;
            }
            ObjectNode failure = Json.mapper().createObjectNode();
            failure.put("deliveryId", deliveryId(of)).put("execution", of.id);
            try {
                failure.set("error", Json.mapper().readTree(caught(e)));
            } catch (IOException unreadable) {
                throw new IllegalStateException(unreadable);
            }
            record(of, "record-failure", failure);
            return;
        }
        then(of, next, answer);
    }

    private static JsonNode told(RequestStreamHandler handler, String json) {
        return Json.read(call(handler, "write", json), JsonNode.class);
    }

    private static String deliveryId(Execution of) {
        return of.input.isTextual() ? of.input.asText() : of.input.path("deliveryId").asText();
    }

    private void then(Execution of, String done, JsonNode answer) {
        ObjectNode given = Json.mapper().createObjectNode().put("deliveryId", deliveryId(of));
        switch (done) {
            case "claim" ->
                    record(
                            of,
                            answer.path("proceed").asBoolean() ? "pre-stage" : null,
                            answer.path("deliveryId"));
            case "pre-stage" ->
                    record(
                            of,
                            answer.path("empty").asBoolean() ? null : "transform",
                            given.set("transform", answer.path("transform")));
            case "transform" -> record(of, "publish", given.set("outcome", answer));
            case "publish" ->
                    record(
                            of,
                            answer.path("replan").asBoolean() ? "pre-stage" : null,
                            given.path("deliveryId"));
            case "plan-compaction" ->
                    record(of, answer.path("worthwhile").asBoolean() ? "compact" : null, answer);
            case "compact" ->
                    record(of, "publish-compaction", of.input.path("transform").path("plan"));
            default -> record(of, null, answer);
        }
    }

    /** The state machine's own memory; the step may be done and nobody know it. */
    private void record(Execution of, @Nullable String next, JsonNode input) {
        synchronized (world) {
            live();
            of.next = next;
            of.input = input;
            of.taken = false;
        }
    }

    /** What the functions have asked the state machines for. */
    private void enlist() throws IOException {
        synchronized (world) {
            for (StartExecutionRequest started : installation.machines.started) {
                ObjectNode input = (ObjectNode) Json.mapper().readTree(started.input());
                boolean compaction = started.stateMachineArn().endsWith("lake-compaction");
                executions.add(
                        new Execution(
                                "started-" + executions.size(),
                                compaction ? "plan-compaction" : "claim",
                                input));
            }
            installation.machines.started.clear();
        }
    }

    private Result result(LakeHandler lake) throws IOException, SQLException {
        Map<Delivery.Status, Integer> statuses = new TreeMap<>();
        Map<String, String> objects = new HashMap<>();
        List<String> wrong = new ArrayList<>();
        String token = null;
        do {
            var page = ask(lake, new ListDeliveries(null, 200, token));
            for (Delivery delivery : page.deliveries()) {
                statuses.merge(delivery.status(), 1, Integer::sum);
                String object = "%s/%s".formatted(delivery.bucket(), delivery.key());
                String twin = objects.put(object, delivery.deliveryId());
                boolean loads = expected.containsKey(object);
                if (twin != null) {
                    wrong.add("%s is two deliveries".formatted(object));
                }
                if (loads != (delivery.status() == Delivery.Status.LOADED)) {
                    wrong.add("%s is %s".formatted(object, delivery.status()));
                }
            }
            token = page.nextToken();
        } while (token != null);
        List<String> live = live(wrong);
        long rows = 0;
        Map<String, Long> found = found(live);
        for (Map.Entry<String, Long> wanted : expected.entrySet()) {
            String deliveryId = objects.get(wanted.getKey());
            Long counted = deliveryId == null ? null : found.remove(deliveryId);
            if (!wanted.getValue().equals(counted)) {
                wrong.add(
                        "%s has %s rows instead of %d"
                                .formatted(wanted.getKey(), counted, wanted.getValue()));
            }
            rows += counted == null ? 0 : counted;
        }
        found.forEach((id, count) -> wrong.add("%d rows are of %s".formatted(count, id)));
        long told =
                new DatasetStore(installation.ports.documents(), installation.clock)
                        .all().stream().mapToLong(DatasetState::rows).sum();
        if (told != rows) {
            wrong.add("The datasets tell of %d rows, and have %d".formatted(told, rows));
        }
        return new Result(killed, executions.size(), calls, statuses, rows, wrong);
    }

    /** The files that readers come upon; no others may be there. */
    private List<String> live(List<String> wrong) {
        List<String> folders =
                installation.glue.partitions().stream()
                        .map(p -> p.storageDescriptor().location().substring("s3://".length()))
                        .toList();
        List<String> live = new ArrayList<>();
        for (String key : installation.s3.objects.keySet()) {
            if (folders.stream().anyMatch(key::startsWith)) {
                live.add(key);
            } else if (key.startsWith("lake/post-stage/")) {
                wrong.add("%s is left over".formatted(key));
            }
        }
        return live;
    }

    private Map<String, Long> found(List<String> keys) throws IOException, SQLException {
        Map<String, Long> found = new HashMap<>();
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement()) {
            for (String key : keys) {
                Path file = folder.resolve("live.parquet");
                Files.write(file, Objects.requireNonNull(installation.s3.objects.get(key)));
                try (ResultSet rows =
                        statement.executeQuery(
                                "SELECT delivery_id, count(*) FROM read_parquet('%s') GROUP BY 1"
                                        .formatted(file))) {
                    while (rows.next()) {
                        found.merge(rows.getString(1), rows.getLong(2), Long::sum);
                    }
                }
            }
        }
        return found;
    }

    @Override
    public void close() {
        installation.close();
    }
}
