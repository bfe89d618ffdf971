package io.amcinsights.local.amc;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.amc.world.World.Instance;
import io.amcinsights.local.clock.Timer;
import io.amcinsights.local.store.Database;
import io.amcinsights.local.store.Sql;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * AMC's own schedules. What is due is computed six hours later, and once more after a fortnight,
 * when all conversions have come in: as the dated files {@code -ver1} and {@code -ver2}. What was
 * missed while the simulator was stopped runs once when it starts. Source: AMC Reporting API
 * reference, schedules; Amazon Ads, AMC guide, "Scheduled queries".
 */
final class Schedules {

    private static final Logger LOG = LoggerFactory.getLogger(Schedules.class);

    /** From the scheduled time to each version of its file. */
    private static final List<Duration> VERSIONS =
            List.of(Duration.ofHours(6), Duration.ofDays(14));

    private static final Set<String> FIELDS =
            Set.of(
                    "scheduleId",
                    "workflowId",
                    "aggregationPeriod",
                    "aggregationStartDay",
                    "aggregationHourUtc",
                    "scheduleEnabled",
                    "requireSyntheticData",
                    "disableAggregationControls");

    /** A schedule, and when it is due. */
    private record Kept(String instance, String id, ObjectNode body, Instant due) {}

    /** A file that is yet to come. */
    private record Coming(String instance, String id, Instant due, int version) {

        Instant at() {
            return due.plus(VERSIONS.get(version - 1));
        }

        String key() {
            return instance + "/" + id + "/" + due + "/" + version;
        }
    }

    private final Database database;
    private final Workflows workflows;
    private final Executions executions;
    private final Instances instances;
    private final Timer timer;
    private final Map<String, Timer.Alarm> alarms = new ConcurrentHashMap<>();

    Schedules(
            Database database,
            Workflows workflows,
            Executions executions,
            Instances instances,
            Timer timer) {
        this.database = database;
        this.workflows = workflows;
        this.executions = executions;
        this.instances = instances;
        this.timer = timer;
        database.define(
                "CREATE TABLE IF NOT EXISTS amc_schedule (instance TEXT NOT NULL, id TEXT NOT NULL,"
                    + " workflow TEXT NOT NULL, body TEXT NOT NULL, next INTEGER NOT NULL, PRIMARY"
                    + " KEY (instance, id))",
                "CREATE TABLE IF NOT EXISTS amc_schedule_file (instance TEXT NOT NULL, id TEXT NOT"
                        + " NULL, due INTEGER NOT NULL, version INTEGER NOT NULL, PRIMARY KEY"
                        + " (instance, id, due, version))");
    }

    /** Waits for what is due next; also after the clock was moved. */
    void resume() {
        List<Kept> all =
                database.read(
                        c ->
                                Sql.query(
                                        c,
                                        "SELECT instance, id, body, next FROM amc_schedule",
                                        r ->
                                                new Kept(
                                                        r.getString(1),
                                                        r.getString(2),
                                                        Workflows.parsed(r.getString(3)),
                                                        Instant.ofEpochMilli(r.getLong(4)))));
        for (Kept kept : all) {
            try {
                // A time that was kept while the clock was ahead is not waited for.
                Instant next = Cadence.of(kept.body(), timer.instant()).next(timer.instant());
                arm(kept.instance(), kept.id(), next.isBefore(kept.due()) ? next : kept.due());
            } catch (AmcError e) {
                throw new IllegalStateException("A broken schedule was kept", e);
            }
        }
        database.read(
                        c ->
                                Sql.query(
                                        c,
                                        "SELECT instance, id, due, version FROM amc_schedule_file",
                                        r ->
                                                new Coming(
                                                        r.getString(1),
                                                        r.getString(2),
                                                        Instant.ofEpochMilli(r.getLong(3)),
                                                        r.getInt(4))))
                .forEach(this::arm);
    }

    ObjectNode create(Instance instance, ObjectNode schedule) throws AmcError {
        String id = schedule.path("scheduleId").asText("");
        if (!Workflows.ID.matcher(id).matches()) {
            throw AmcError.badRequest(
                    "scheduleId may have letters, digits, periods, hyphens and underscores only: \""
                            + id
                            + "\"");
        }
        put(
                instance,
                id,
                schedule,
                "INSERT OR IGNORE INTO amc_schedule (workflow, body, next, instance, id) VALUES (?,"
                        + " ?, ?, ?, ?)",
                AmcError.badRequest("Schedule with ID " + id + " already exists."));
        return schedule;
    }

    ObjectNode replace(Instance instance, String id, ObjectNode schedule) throws AmcError {
        if (!schedule.path("scheduleId").asText(id).equals(id)) {
            throw AmcError.badRequest("The scheduleId of the body is not that of the path.");
        }
        put(
                instance,
                id,
                schedule,
                "UPDATE amc_schedule SET workflow = ?, body = ?, next = ? WHERE instance = ? AND id"
                        + " = ?",
                absent(id));
        return schedule;
    }

    private void put(
            Instance instance, String id, ObjectNode schedule, String sql, AmcError unchanged)
            throws AmcError {
        schedule.retain(FIELDS);
        workflows.get(instance.id(), schedule.path("workflowId").asText(""));
        if (!schedule.hasNonNull("scheduleEnabled")) {
            schedule.put("scheduleEnabled", true);
        }
        schedule.put("scheduleId", id);
        Instant next = Cadence.of(schedule, timer.instant()).next(timer.instant());
        int changed =
                database.write(
                        c ->
                                Sql.update(
                                        c,
                                        sql,
                                        schedule.path("workflowId").asText(),
                                        schedule.toString(),
                                        next.toEpochMilli(),
                                        instance.id(),
                                        id));
        if (changed == 0) {
            throw unchanged;
        }
        arm(instance.id(), id, next);
    }

    private void arm(String instance, String id, Instant due) {
        arm(instance + "/" + id, due, () -> fire(instance, id, due));
    }

    private void arm(Coming coming) {
        arm(coming.key(), coming.at(), () -> compute(coming));
    }

    private void arm(String key, Instant at, Runnable action) {
        Timer.Alarm before = alarms.put(key, timer.at(at, action));
        if (before != null) {
            before.cancel();
        }
    }

    private void fire(String instanceId, String id, Instant due) {
        Instance instance = instances.find(instanceId);
        if (instance == null) {
            return;
        }
        try {
            ObjectNode schedule = get(instance, id);
            Instant next = Cadence.of(schedule, timer.instant()).next(timer.instant());
            boolean enabled = schedule.path("scheduleEnabled").asBoolean();
            database.write(
                    c -> {
                        for (int i = 1; enabled && i <= VERSIONS.size(); i++) {
                            Sql.update(
                                    c,
                                    "INSERT OR IGNORE INTO amc_schedule_file VALUES (?, ?, ?, ?)",
                                    instanceId,
                                    id,
                                    due.toEpochMilli(),
                                    i);
                        }
                        return Sql.update(
                                c,
                                "UPDATE amc_schedule SET next = ? WHERE instance = ? AND id = ?",
                                next.toEpochMilli(),
                                instanceId,
                                id);
                    });
            for (int i = 1; enabled && i <= VERSIONS.size(); i++) {
                arm(new Coming(instanceId, id, due, i));
            }
            arm(instanceId, id, next);
        } catch (AmcError e) {
            LOG.warn("Schedule {} of {} did not run: {}", id, instanceId, e.getMessage());
        }
    }

    private void compute(Coming coming) {
        alarms.remove(coming.key());
        int mine =
                database.write(
                        c ->
                                Sql.update(
                                        c,
                                        "DELETE FROM amc_schedule_file WHERE instance = ? AND id ="
                                                + " ? AND due = ? AND version = ?",
                                        coming.instance(),
                                        coming.id(),
                                        coming.due().toEpochMilli(),
                                        coming.version()));
        Instance instance = instances.find(coming.instance());
        if (mine == 0 || instance == null) {
            return;
        }
        try {
            run(instance, get(instance, coming.id()), coming);
        } catch (AmcError e) {
            LOG.warn(
                    "Schedule {} of {} did not run: {}",
                    coming.id(),
                    coming.instance(),
                    e.getMessage());
        }
    }

    private void run(Instance instance, ObjectNode schedule, Coming coming) throws AmcError {
        Cadence cadence = Cadence.of(schedule, timer.instant());
        Instant due = coming.due();
        ObjectNode request = AmcCall.JSON.createObjectNode();
        request.put("timeWindowType", "EXPLICIT").put("timeWindowTimeZone", "UTC");
        request.put(
                "timeWindowStart",
                TimeWindow.LOCAL.format(cadence.start(due).atZone(ZoneOffset.UTC)));
        request.put("timeWindowEnd", TimeWindow.LOCAL.format(due.atZone(ZoneOffset.UTC)));
        for (String field : List.of("requireSyntheticData", "disableAggregationControls")) {
            request.put(field, schedule.path(field).asBoolean());
        }
        String workflowId = schedule.path("workflowId").asText();
        LocalDate date = due.atZone(ZoneOffset.UTC).toLocalDate();
        executions.create(
                instance,
                request,
                workflows.get(instance.id(), workflowId),
                timer.instant().truncatedTo(ChronoUnit.MILLIS),
                new Executions.Occasion(
                        "SCHEDULED",
                        cadence.folder(),
                        "%s-%s-ver%d.csv".formatted(date, workflowId, coming.version())));
    }

    ObjectNode get(Instance instance, String id) throws AmcError {
        String body =
                database.read(
                        c ->
                                Sql.first(
                                        c,
                                        "SELECT body FROM amc_schedule WHERE instance = ? AND id ="
                                                + " ?",
                                        r -> r.getString(1),
                                        instance.id(),
                                        id));
        if (body == null) {
            throw absent(id);
        }
        return Workflows.parsed(body);
    }

    List<ObjectNode> list(Instance instance) {
        return database
                .read(
                        c ->
                                Sql.query(
                                        c,
                                        "SELECT body FROM amc_schedule WHERE instance = ? ORDER BY"
                                                + " id",
                                        r -> r.getString(1),
                                        instance.id()))
                .stream()
                .map(Workflows::parsed)
                .toList();
    }

    /** Removes a schedule; its files that are yet to come do not come. */
    void delete(Instance instance, String id) throws AmcError {
        int removed =
                database.write(
                        c -> {
                            Sql.update(
                                    c,
                                    "DELETE FROM amc_schedule_file WHERE instance = ? AND id = ?",
                                    instance.id(),
                                    id);
                            return Sql.update(
                                    c,
                                    "DELETE FROM amc_schedule WHERE instance = ? AND id = ?",
                                    instance.id(),
                                    id);
                        });
        if (removed == 0) {
            throw absent(id);
        }
        Timer.Alarm alarm = alarms.remove(instance.id() + "/" + id);
        if (alarm != null) {
            alarm.cancel();
        }
    }

    /** AMC keeps a workflow that a schedule refers to. */
    void requireUnscheduled(Instance instance, String workflowId) throws AmcError {
        for (ObjectNode schedule : list(instance)) {
            if (schedule.path("workflowId").asText().equals(workflowId)) {
                throw AmcError.badRequest(
                        "Workflow with ID %s cannot be deleted: schedule %s refers to it."
                                .formatted(workflowId, schedule.path("scheduleId").asText()));
            }
        }
    }

    void close() {
        alarms.values().forEach(Timer.Alarm::cancel);
    }

    private static AmcError absent(String id) {
        return AmcError.badRequest("Schedule with ID " + id + " does not exist.");
    }
}
