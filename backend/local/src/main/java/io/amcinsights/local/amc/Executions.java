package io.amcinsights.local.amc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.amc.ExecutionStore.Row;
import io.amcinsights.local.amc.ExecutionStore.Status;
import io.amcinsights.local.amc.world.World.Instance;

import java.nio.file.Files;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Workflow executions as callers ask for them and see them; {@link Runner} moves them on. */
final class Executions {

    /** How a run that AMC's own schedule asks for differs from one that a caller asks for. */
    record Occasion(String category, String folder, String file) {

        static Occasion adHoc(JsonNode workflow, Instant now) {
            String name = workflow.path("workflowId").asText();
            return new Occasion("AD_HOC", "adhoc", Times.MILLIS.format(now) + "-" + name + ".csv");
        }
    }

    /** From creation to {@code expireTime}. */
    static final Duration LIVES = Duration.ofHours(24);

    private static final int DEFAULT_TIMEOUT = 21_600;

    /** What lies further ahead was made before the clock was put back. */
    private static final Duration CLOSE = Duration.ofMillis(500);

    private final ExecutionStore store;
    private final Workflows workflows;
    private final Runner runner;
    private final Instances instances;
    private final ResultFiles files;
    private final Statuses statuses;
    private final InstantSource clock;
    private final Supplier<Behaviour> behaviour;
    private final Map<String, Instant> last = new ConcurrentHashMap<>();

    Executions(
            ExecutionStore store,
            Workflows workflows,
            Runner runner,
            Instances instances,
            ResultFiles files,
            Statuses statuses,
            InstantSource clock,
            Supplier<Behaviour> behaviour) {
        this.store = store;
        this.workflows = workflows;
        this.runner = runner;
        this.instances = instances;
        this.files = files;
        this.statuses = statuses;
        this.clock = clock;
        this.behaviour = behaviour;
    }

    ObjectNode create(Instance instance, ObjectNode request) throws AmcError {
        ObjectNode workflow = workflow(instance, request);
        Instant now = moment(instance, workflow);
        return create(instance, request, workflow, now, Occasion.adHoc(workflow, now));
    }

    ObjectNode create(
            Instance instance,
            ObjectNode request,
            ObjectNode workflow,
            Instant now,
            Occasion occasion)
            throws AmcError {
        instances.requireMade(instance);
        sandbox(instance, request);
        if (!request.path("advertisers").isEmpty()) {
            throw AmcError.badRequest(
                    "advertisers is not simulated: leave it out, and filter by advertiser_id in the"
                            + " query.");
        }
        int timeout = request.path("workflowExecutionTimeoutSeconds").asInt(DEFAULT_TIMEOUT);
        if (timeout < 900 || timeout > 86_400) {
            throw AmcError.badRequest(
                    "workflowExecutionTimeoutSeconds must be between 900 and 86400.");
        }
        TimeWindow window = TimeWindow.of(request, now);
        Map<String, JsonNode> values = Parameters.values(workflow, request.path("parameterValues"));
        if (!behaviour.get().asyncValidation()) {
            workflows.compile(instance, workflow);
        }

        ObjectNode job = AmcCall.JSON.createObjectNode();
        job.set("workflow", workflow);
        job.set("values", AmcCall.JSON.valueToTree(values));
        long start = window.start().toEpochMilli();
        job.put("start", start).put("end", window.isEmpty() ? start : window.end().toEpochMilli());
        job.put("controls", !request.path("disableAggregationControls").asBoolean());
        job.put("dryRun", request.path("dryRun").asBoolean());
        job.put("publish", !request.path("skipPublish").asBoolean());
        job.put("folder", occasion.folder()).put("file", occasion.file());

        String id = UUID.randomUUID().toString();
        ObjectNode body = AmcCall.JSON.createObjectNode();
        body.put("createTime", Times.SECONDS.format(now));
        body.putArray("dataGaps");
        body.put(
                "disableAggregationControls",
                request.path("disableAggregationControls").asBoolean());
        body.put("executionCategory", occasion.category());
        body.put("expireTime", Times.SECONDS.format(now.plus(LIVES)));
        body.put("ignoreDataGaps", request.path("ignoreDataGaps").asBoolean());
        body.put("lastUpdatedTime", Times.SECONDS.format(now));
        body.set("parameterValues", AmcCall.JSON.valueToTree(values));
        body.put("timeWindowStart", Times.SECONDS.format(window.start()));
        body.put("timeWindowEnd", Times.SECONDS.format(window.end()));
        body.put("timeWindowStartOriginal", window.startOriginal());
        body.put("timeWindowEndOriginal", window.endOriginal());
        body.put("timeWindowTimeZoneOriginal", window.zone().getId());
        body.put("waitUntil", Times.SECONDS.format(now.minus(Duration.ofHours(1))));
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
        statuses.assign(id, row.workflow());
        store.add(row);
        runner.advance(instance);
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
        runner.expire(instance);
        Row row = store.find(instance.id(), id);
        if (row == null) {
            throw absent(id);
        }
        return row;
    }

    private static AmcError absent(String id) {
        return AmcError.badRequest("Workflow execution with ID " + id + " does not exist.");
    }

    ObjectNode list(Instance instance, AmcCall call) throws AmcError {
        String workflowId = call.query().get("workflowId");
        if (workflowId == null && !call.query().containsKey("minCreationTime")) {
            throw AmcError.badRequest("Either workflowId or minCreationTime is required.");
        }
        runner.expire(instance);
        AmcCall.Page page = call.page();
        List<Row> found =
                store.list(
                        instance.id(),
                        new ExecutionStore.Filter(
                                workflowId,
                                time(call, "minCreationTime", Long.MIN_VALUE),
                                time(call, "maxCreationTime", Long.MAX_VALUE),
                                call.flag("includeCancelled"),
                                call.flag("sortAscending")),
                        page.offset(),
                        page.limit() + 1);
        ObjectNode reply = AmcCall.JSON.createObjectNode();
        ArrayNode list = reply.putArray("executions");
        for (Row row : found.subList(0, Math.min(page.limit(), found.size()))) {
            ObjectNode one = shown(row, true);
            if (call.flag("includeWorkflow")) {
                one.set("sqlQuery", row.job().path("workflow").path("sqlQuery"));
            }
            list.add(one);
        }
        boolean more = found.size() > page.limit();
        return reply.put("nextToken", more ? AmcCall.token(page.offset() + page.limit()) : null);
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
        if (runner.end(instance, id, Status.CANCELLED, null)) {
            return AmcCall.JSON.createObjectNode();
        }
        throw AmcError.badRequest(
                "Execution with ID %s cannot be cancelled: it is %s."
                        .formatted(id, find(instance, row.id()).status()));
    }

    /**
     * Lets only finished executions pass whose result is there and not yet given up.
     *
     * @throws AmcError in AMC's words
     */
    void requireResult(Instance instance, String id) throws AmcError {
        Row row = find(instance, id);
        Instant expires = Instant.ofEpochMilli(row.created()).plus(LIVES);
        if (row.status() != Status.SUCCEEDED
                || !Files.exists(files.whole(id))
                || !clock.instant().isBefore(expires)) {
            throw AmcError.badRequest("Execution with ID " + id + " is unavailable for download.");
        }
    }

    /** Runs SQL as somebody does who types it into AMC's own console. */
    ObjectNode createInConsole(Instance instance, String sql) throws AmcError {
        ObjectNode request = AmcCall.JSON.createObjectNode();
        request.put("requireSyntheticData", instance.type() == Instance.Type.SANDBOX);
        ObjectNode workflow = AmcCall.JSON.createObjectNode();
        workflow.put("workflowId", "analytics-" + UUID.randomUUID()).put("sqlQuery", sql);
        Workflows.checkFields(workflow);
        Instant now = moment(instance, workflow);
        return create(instance, request, workflow, now, Occasion.adHoc(workflow, now));
    }

    /** No two executions of a workflow begin in the same millisecond: it is their file's name. */
    private Instant moment(Instance instance, JsonNode workflow) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        String key = instance.id() + "/" + workflow.path("workflowId").asText();
        return last.merge(
                key,
                now,
                (before, _) ->
                        before.isBefore(now) || before.isAfter(now.plus(CLOSE))
                                ? now
                                : before.plusMillis(1));
    }

    /** Makes an execution have a status, or lets it go on with {@code SUCCEEDED}. */
    ObjectNode force(String id, Statuses.Forced forced) throws AmcError {
        Row row = store.find(id);
        Instance instance = row == null ? null : instances.find(row.instance());
        if (row == null || instance == null) {
            throw absent(id);
        }
        if (row.status().isTerminal()) {
            throw AmcError.badRequest(
                    "Execution with ID %s has ended: it is %s.".formatted(id, row.status()));
        }
        if (forced.ends()) {
            runner.end(instance, id, Status.valueOf(forced.status()), forced.why());
        } else if (forced.status().equals(Status.SUCCEEDED.name())) {
            runner.release(instance, id);
        } else {
            statuses.set(id, forced);
        }
        return get(instance, id);
    }

    private ObjectNode shown(Row row, boolean location) {
        ObjectNode shown = row.body().deepCopy();
        String held = row.status().isTerminal() ? null : statuses.held(row.id());
        boolean waits = row.status() == Status.PENDING;
        shown.put("status", held == null || waits ? row.status().name() : held);
        if (location && !shown.has("outputS3URI")) {
            shown.put("outputS3URI", "N/A");
        }
        return shown;
    }
}
