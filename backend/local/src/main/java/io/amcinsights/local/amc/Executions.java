package io.amcinsights.local.amc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.amc.ExecutionStore.Row;
import io.amcinsights.local.amc.ExecutionStore.Status;
import io.amcinsights.local.amc.engine.Cancellation;
import io.amcinsights.local.amc.engine.Query;
import io.amcinsights.local.amc.engine.QueryEngine;
import io.amcinsights.local.amc.engine.QueryException;
import io.amcinsights.local.amc.engine.Result;
import io.amcinsights.local.amc.world.World;
import io.amcinsights.local.amc.world.World.Instance;
import io.amcinsights.local.clock.Timer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The life of workflow executions: they wait as PENDING, run ten at a time an instance, and end.
 * What was not ended when the simulator stopped goes on when it starts again.
 */
final class Executions implements AutoCloseable {

    /** How a run that AMC's own schedule asks for differs from one that a caller asks for. */
    record Occasion(String category, String folder, String file) {}

    private static final Logger LOG = LoggerFactory.getLogger(Executions.class);

    /** Source: Amazon Ads, AMC Reporting API limits. */
    private static final int MOST_RUNNING = 10;

    private static final int DEFAULT_TIMEOUT = 21_600;
    private static final Duration WAITS = Duration.ofMillis(700);
    private static final Duration RUNS = Duration.ofMillis(1200);

    /** Queries that compute at the same time, over all instances. */
    private static final int WORKERS = 3;

    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final ExecutionStore store;
    private final Workflows workflows;
    private final QueryEngine engine;
    private final World world;
    private final ResultStore results;
    private final Path folder;
    private final Timer timer;
    private final double speed;

    // Queries run in native code, which must not hold a carrier of virtual threads.
    private final ExecutorService workers =
            Executors.newFixedThreadPool(
                    WORKERS, Thread.ofPlatform().daemon().name("amc-query-", 0).factory());

    private final Map<String, Cancellation> running = new ConcurrentHashMap<>();
    private final Set<String> ready = ConcurrentHashMap.newKeySet();
    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private final ReentrantLock starting = new ReentrantLock();
    private volatile boolean closed;

    /**
     * @param folder keeps the results for download
     * @param speed how many times faster than usual executions go
     */
    Executions(
            ExecutionStore store,
            Workflows workflows,
            QueryEngine engine,
            World world,
            ResultStore results,
            Path folder,
            Timer timer,
            double speed) {
        this.store = store;
        this.workflows = workflows;
        this.engine = engine;
        this.world = world;
        this.results = results;
        this.folder = folder;
        this.timer = timer;
        this.speed = speed;
    }

    /** Takes up what was left. */
    void resume() {
        store.recover();
        world.instances().forEach(this::advance);
    }

    /** Makes an instance's events in the background; its executions wait for them. */
    void prepare(Instance instance) {
        if (!asked.add(instance.id())) {
            return;
        }
        submit(
                () -> {
                    try {
                        engine.prepare(instance);
                        ready.add(instance.id());
                        advance(instance);
                    } catch (QueryException e) {
                        asked.remove(instance.id());
                        if (!closed) {
                            LOG.error("The events of {} could not be made", instance.id(), e);
                        }
                    }
                });
    }

    ObjectNode create(Instance instance, ObjectNode request) throws AmcError {
        Instant now = timer.instant().truncatedTo(ChronoUnit.MILLIS);
        ObjectNode workflow = workflow(instance, request);
        String workflowId = workflow.path("workflowId").asText();
        return create(
                instance,
                request,
                workflow,
                now,
                new Occasion("AD_HOC", "adhoc", MILLIS.format(now) + "-" + workflowId + ".csv"));
    }

    ObjectNode create(
            Instance instance,
            ObjectNode request,
            ObjectNode workflow,
            Instant now,
            Occasion occasion)
            throws AmcError {
        sandbox(instance, request);
        int timeout = request.path("workflowExecutionTimeoutSeconds").asInt(DEFAULT_TIMEOUT);
        if (timeout < 900 || timeout > 86_400) {
            throw AmcError.badRequest(
                    "workflowExecutionTimeoutSeconds must be between 900 and 86400.");
        }
        TimeWindow window = TimeWindow.of(request, now);
        Map<String, JsonNode> values = Parameters.values(workflow, request.path("parameterValues"));

        ObjectNode job = AmcCall.JSON.createObjectNode();
        job.set("workflow", workflow);
        job.set("values", AmcCall.JSON.valueToTree(values));
        job.put("start", window.start().toEpochMilli()).put("end", window.end().toEpochMilli());
        job.put("controls", !request.path("disableAggregationControls").asBoolean());
        job.put("dryRun", request.path("dryRun").asBoolean());
        job.put("publish", !request.path("skipPublish").asBoolean());
        job.put("folder", occasion.folder()).put("file", occasion.file());

        String id = UUID.randomUUID().toString();
        ObjectNode body = AmcCall.JSON.createObjectNode();
        body.put("createTime", SECONDS.format(now));
        body.putArray("dataGaps");
        body.put(
                "disableAggregationControls",
                request.path("disableAggregationControls").asBoolean());
        body.put("executionCategory", occasion.category());
        body.put("expireTime", SECONDS.format(now.plus(Duration.ofHours(24))));
        body.put("ignoreDataGaps", request.path("ignoreDataGaps").asBoolean());
        body.put("lastUpdatedTime", SECONDS.format(now));
        body.set("parameterValues", AmcCall.JSON.valueToTree(values));
        body.put("timeWindowStart", SECONDS.format(window.start()));
        body.put("timeWindowEnd", SECONDS.format(window.end()));
        body.put("timeWindowStartOriginal", window.original(window.start()));
        body.put("timeWindowEndOriginal", window.original(window.end()));
        body.put("timeWindowTimeZoneOriginal", window.zone().getId());
        body.put("waitUntil", SECONDS.format(now.minus(Duration.ofHours(1))));
        body.put("workflowExecutionId", id);
        body.put("workflowExecutionTimeoutSeconds", timeout);
        body.put("workflowId", workflow.path("workflowId").asText());
        Row row =
                new Row(
                        id,
                        instance.id(),
                        workflow.path("workflowId").asText(),
                        now.toEpochMilli(),
                        Status.PENDING,
                        job,
                        body);
        store.add(row);
        advance(instance);
        return shown(row, false);
    }

    private ObjectNode workflow(Instance instance, ObjectNode request) throws AmcError {
        boolean saved = request.hasNonNull("workflowId");
        if (saved == request.hasNonNull("workflow")) {
            throw AmcError.badRequest("Give either workflowId or workflow.");
        }
        if (saved) {
            return workflows.get(instance.id(), request.path("workflowId").asText());
        }
        if (!(request.get("workflow") instanceof ObjectNode inline)) {
            throw AmcError.badRequest("workflow must be an object.");
        }
        Workflows.checkFields(inline);
        inline.put("workflowId", "transient_" + UUID.randomUUID());
        return inline;
    }

    private static void sandbox(Instance instance, JsonNode request) throws AmcError {
        boolean sandbox = instance.type() == Instance.Type.SANDBOX;
        if (sandbox && !request.path("requireSyntheticData").asBoolean()) {
            throw AmcError.badRequest("requireSyntheticData must be true in a sandbox instance.");
        }
        for (String field : List.of("requireSyntheticData", "disableAggregationControls")) {
            if (!sandbox && request.path(field).asBoolean()) {
                throw AmcError.badRequest(field + " is allowed in a sandbox instance only.");
            }
        }
    }

    ObjectNode get(Instance instance, String id) throws AmcError {
        return shown(find(instance, id), true);
    }

    private Row find(Instance instance, String id) throws AmcError {
        Row row = store.find(instance.id(), id);
        if (row == null) {
            throw AmcError.badRequest("Workflow execution with ID " + id + " does not exist.");
        }
        return row;
    }

    ObjectNode list(Instance instance, AmcCall call) throws AmcError {
        String workflowId = call.query().get("workflowId");
        if (workflowId == null && !call.query().containsKey("minCreationTime")) {
            throw AmcError.badRequest("Either workflowId or minCreationTime is required.");
        }
        long from = time(call, "minCreationTime", Long.MIN_VALUE);
        long to = time(call, "maxCreationTime", Long.MAX_VALUE);
        boolean sql = call.flag("includeWorkflow");
        List<ObjectNode> found = new ArrayList<>();
        for (Row row : store.list(instance.id())) {
            if ((workflowId == null || row.workflow().equals(workflowId))
                    && row.created() >= from
                    && row.created() <= to
                    && (row.status() != Status.CANCELLED || call.flag("includeCancelled"))) {
                ObjectNode one = shown(row, true);
                if (sql) {
                    one.put("sqlQuery", row.job().path("workflow").path("sqlQuery").asText());
                }
                found.add(one);
            }
        }
        if (!call.flag("sortAscending")) {
            Collections.reverse(found);
        }
        return AmcCall.list("executions", found, call.page());
    }

    private static long time(AmcCall call, String name, long absent) throws AmcError {
        String text = call.query().get(name);
        if (text == null) {
            return absent;
        }
        ZoneId zone = TimeWindow.zone(call.query().getOrDefault("timeZone", "UTC"));
        try {
            String bare = text.endsWith("Z") ? text.substring(0, text.length() - 1) : text;
            return LocalDateTime.parse(bare, TimeWindow.LOCAL)
                    .atZone(zone)
                    .toInstant()
                    .toEpochMilli();
        } catch (DateTimeException e) {
            throw AmcError.badRequest(name + " must have the form yyyy-MM-ddTHH:mm:ss.");
        }
    }

    ObjectNode cancel(Instance instance, String id, JsonNode request) throws AmcError {
        if (!request.path("status").asText("").equals("CANCELLED")) {
            throw AmcError.badRequest("Only the status CANCELLED can be set.");
        }
        Row row = find(instance, id);
        for (Status from : List.of(Status.PENDING, Status.RUNNING)) {
            if (store.move(id, from, Status.CANCELLED, this::touch)) {
                Cancellation cancellation = running.get(id);
                if (cancellation != null) {
                    cancellation.cancel();
                }
                advance(instance);
                return AmcCall.JSON.createObjectNode();
            }
        }
        throw AmcError.badRequest(
                "Execution with ID %s cannot be cancelled: it is %s."
                        .formatted(id, find(instance, row.id()).status()));
    }

    /** The file of a finished execution. */
    Path file(Instance instance, String id) throws AmcError {
        Row row = find(instance, id);
        if (row.status() != Status.SUCCEEDED || !Files.exists(file(id))) {
            throw AmcError.badRequest("Execution with ID " + id + " is unavailable for download.");
        }
        return file(id);
    }

    Path file(String id) {
        return folder.resolve(id + ".csv");
    }

    /** Leaves what is not ended to the next start. */
    @Override
    public void close() {
        closed = true;
        workers.shutdownNow();
        running.values().forEach(Cancellation::cancel);
        try {
            if (!workers.awaitTermination(2, TimeUnit.SECONDS)) {
                LOG.warn("A query of the AMC simulator did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Starts what may start; called whenever that may have changed. */
    private void advance(Instance instance) {
        if (closed) {
            return;
        }
        if (!ready.contains(instance.id())) {
            if (!store.pending(instance.id(), 1).isEmpty()) {
                prepare(instance);
            }
            return;
        }
        starting.lock();
        try {
            int free = MOST_RUNNING - store.running(instance.id());
            for (Row row : store.pending(instance.id(), Math.max(0, free))) {
                Instant due = Instant.ofEpochMilli(row.created()).plus(scaled(WAITS));
                if (due.isAfter(timer.instant())) {
                    timer.at(due, () -> advance(instance));
                    return;
                }
                start(instance, row);
            }
        } finally {
            starting.unlock();
        }
    }

    private void start(Instance instance, Row row) {
        JsonNode workflow = row.job().path("workflow");
        try {
            engine.compile(workflow.path("sqlQuery").asText(), Workflows.declared(workflow));
            query(row);
        } catch (QueryException e) {
            store.move(row.id(), Status.PENDING, Status.REJECTED, body -> failed(body, e));
            return;
        }
        Status next = row.job().path("dryRun").asBoolean() ? Status.SUCCEEDED : Status.RUNNING;
        boolean moved =
                store.move(
                        row.id(),
                        Status.PENDING,
                        next,
                        body -> {
                            body.put("validatedTime", MILLIS.format(timer.instant()));
                            touch(body);
                        });
        if (moved && next == Status.RUNNING) {
            running.put(row.id(), new Cancellation());
            submit(() -> run(instance, row));
        }
    }

    private static Query query(Row row) throws QueryException {
        JsonNode job = row.job();
        Map<String, JsonNode> values = new LinkedHashMap<>();
        job.path("values").properties().forEach(e -> values.put(e.getKey(), e.getValue()));
        String sql = job.path("workflow").path("sqlQuery").asText();
        Query.requireValues(sql, values.keySet());
        return new Query(
                sql,
                values,
                Instant.ofEpochMilli(job.path("start").asLong()),
                Instant.ofEpochMilli(job.path("end").asLong()),
                job.path("controls").asBoolean());
    }

    private void run(Instance instance, Row row) {
        Cancellation cancellation = running.getOrDefault(row.id(), new Cancellation());
        Instant began = timer.instant();
        Path part = folder.resolve(row.id() + ".part");
        try {
            Files.createDirectories(folder);
            Result result = engine.run(instance, query(row), part, cancellation);
            Files.move(part, file(row.id()), StandardCopyOption.ATOMIC_MOVE);
            timer.at(began.plus(scaled(RUNS)), () -> succeed(instance, row, result, began));
        } catch (QueryException e) {
            end(instance, row, Status.FAILED, body -> failed(body, e));
        } catch (IOException | RuntimeException e) {
            LOG.error("Execution {} broke", row.id(), e);
            end(instance, row, Status.FAILED, body -> failed(body, e));
        }
    }

    private void succeed(Instance instance, Row row, Result result, Instant began) {
        if (closed || cancelled(row)) {
            return;
        }
        try {
            JsonNode job = row.job();
            URI uri = null;
            if (job.path("publish").asBoolean()) {
                String key =
                        "workflow=%s/schedule=%s/%s"
                                .formatted(
                                        row.workflow(),
                                        job.path("folder").asText(),
                                        job.path("file").asText());
                uri = results.put(instance.bucket(), key, file(row.id()));
            }
            String location = uri == null ? "N/A" : uri.toString();
            end(
                    instance,
                    row,
                    Status.SUCCEEDED,
                    body -> {
                        body.put("availableTimeBeforeWindowSecs", 0);
                        body.put(
                                "executionTime",
                                Math.max(1, Duration.between(began, timer.instant()).toSeconds()));
                        body.put("invalidationOffsetSecs", 266_400);
                        body.set("outputColumns", columns(result));
                        body.put("outputS3URI", location);
                        touch(body);
                    });
        } catch (IOException | UncheckedIOException e) {
            LOG.error("The result of {} could not be published", row.id(), e);
            end(instance, row, Status.FAILED, body -> failed(body, e));
        }
    }

    private boolean cancelled(Row row) {
        Cancellation cancellation = running.get(row.id());
        return cancellation == null || cancellation.isCancelled();
    }

    private void end(Instance instance, Row row, Status status, Consumer<ObjectNode> change) {
        if (closed) {
            return;
        }
        running.remove(row.id());
        store.move(row.id(), Status.RUNNING, status, change);
        advance(instance);
    }

    private static JsonNode columns(Result result) {
        var columns = AmcCall.JSON.createArrayNode();
        for (Result.Column column : result.columns()) {
            ObjectNode one = columns.addObject();
            one.put("columnType", column.metric() ? "METRIC" : "DIMENSION");
            one.put("dataType", column.dataType()).put("name", column.name());
            if (column.precision() > 0) {
                one.put("dataTypePrecision", column.precision());
                one.put("dataTypeScale", column.scale());
            }
        }
        return columns;
    }

    private void failed(ObjectNode body, Exception e) {
        body.put("statusReason", String.valueOf(e.getMessage()));
        touch(body);
    }

    private void touch(ObjectNode body) {
        body.put("lastUpdatedTime", SECONDS.format(timer.instant()));
    }

    private static ObjectNode shown(Row row, boolean location) {
        ObjectNode shown = row.body().deepCopy();
        shown.put("status", row.status().name());
        if (location && !shown.has("outputS3URI")) {
            shown.put("outputS3URI", "N/A");
        }
        return shown;
    }

    private Duration scaled(Duration usual) {
        return Duration.ofMillis(Math.round(usual.toMillis() / speed));
    }

    private void submit(Runnable work) {
        try {
            workers.execute(work);
        } catch (RejectedExecutionException e) {
            LOG.debug("Left for the next start", e);
        }
    }
}
