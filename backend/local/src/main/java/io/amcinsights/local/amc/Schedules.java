package io.amcinsights.local.amc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.amc.world.World;
import io.amcinsights.local.amc.world.World.Instance;
import io.amcinsights.local.clock.Timer;
import io.amcinsights.local.store.Database;
import io.amcinsights.local.store.Sql;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * AMC's own schedules: daily or weekly at a full hour (UTC), over the day or week before. One that
 * was missed while the simulator was stopped runs once when it starts.
 */
final class Schedules {

    private static final Logger LOG = LoggerFactory.getLogger(Schedules.class);

    private final Database database;
    private final Workflows workflows;
    private final Executions executions;
    private final World world;
    private final Timer timer;
    private final Map<String, Timer.Alarm> alarms = new ConcurrentHashMap<>();

    Schedules(
            Database database,
            Workflows workflows,
            Executions executions,
            World world,
            Timer timer) {
        this.database = database;
        this.workflows = workflows;
        this.executions = executions;
        this.world = world;
        this.timer = timer;
        database.define(
                "CREATE TABLE IF NOT EXISTS amc_schedule (instance TEXT NOT NULL, id TEXT NOT NULL,"
                    + " workflow TEXT NOT NULL, body TEXT NOT NULL, next INTEGER NOT NULL, PRIMARY"
                    + " KEY (instance, id))");
    }

    private record Due(String instance, String id, long next, String body) {}

    /** Waits for what is due next; also after the clock was moved. */
    void resume() {
        List<Due> all =
                database.read(
                        c ->
                                Sql.query(
                                        c,
                                        "SELECT instance, id, next, body FROM amc_schedule",
                                        r ->
                                                new Due(
                                                        r.getString(1),
                                                        r.getString(2),
                                                        r.getLong(3),
                                                        r.getString(4))));
        for (Due due : all) {
            arm(due.instance(), due.id(), earliest(due));
        }
    }

    /** A time that was kept while the clock was ahead is not waited for. */
    private Instant earliest(Due due) {
        Instant kept = Instant.ofEpochMilli(due.next());
        try {
            Instant next = next(Workflows.parsed(due.body()), timer.instant());
            return next.isBefore(kept) ? next : kept;
        } catch (AmcError e) {
            return kept;
        }
    }

    void put(Instance instance, String id, ObjectNode schedule, boolean isNew) throws AmcError {
        check(instance, schedule);
        schedule.put("scheduleId", id);
        Instant next = next(schedule, timer.instant());
        String sql =
                isNew
                        ? "INSERT OR IGNORE INTO amc_schedule (workflow, body, next, instance, id)"
                                + " VALUES (?, ?, ?, ?, ?)"
                        : "UPDATE amc_schedule SET workflow = ?, body = ?, next = ? WHERE instance"
                                + " = ? AND id = ?";
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
            throw isNew
                    ? AmcError.badRequest("Schedule with ID " + id + " already exists.")
                    : absent(id);
        }
        arm(instance.id(), id, next);
    }

    private void check(Instance instance, ObjectNode schedule) throws AmcError {
        workflows.get(instance.id(), schedule.path("workflowId").asText(""));
        String period = schedule.path("aggregationPeriod").asText("");
        if (!period.equals("Daily") && !period.equals("Weekly")) {
            throw AmcError.badRequest("aggregationPeriod must be Daily or Weekly.");
        }
        int hour = schedule.path("aggregationHourUtc").asInt(-1);
        if (hour < 0 || hour > 23) {
            throw AmcError.badRequest("aggregationHourUtc must be between 0 and 23.");
        }
        if (!schedule.hasNonNull("scheduleEnabled")) {
            schedule.put("scheduleEnabled", true);
        }
        if (period.equals("Weekly")) {
            if (!schedule.hasNonNull("aggregationStartDay")) {
                String today = timer.instant().atZone(ZoneOffset.UTC).getDayOfWeek().toString();
                schedule.put(
                        "aggregationStartDay",
                        today.charAt(0) + today.substring(1).toLowerCase(Locale.ROOT));
            }
            day(schedule);
        }
    }

    private static DayOfWeek day(JsonNode schedule) throws AmcError {
        String name = schedule.path("aggregationStartDay").asText();
        for (DayOfWeek day : DayOfWeek.values()) {
            if (day.name().equalsIgnoreCase(name)) {
                return day;
            }
        }
        throw AmcError.badRequest("aggregationStartDay is not a day of the week: " + name);
    }

    /** The first time after an instant. */
    private static Instant next(JsonNode schedule, Instant after) throws AmcError {
        boolean weekly = schedule.path("aggregationPeriod").asText().equals("Weekly");
        ZonedDateTime next =
                after.atZone(ZoneOffset.UTC)
                        .truncatedTo(ChronoUnit.DAYS)
                        .withHour(schedule.path("aggregationHourUtc").asInt());
        DayOfWeek day = weekly ? day(schedule) : next.getDayOfWeek();
        while (!next.toInstant().isAfter(after) || (weekly && next.getDayOfWeek() != day)) {
            next = next.plusDays(1);
        }
        return next.toInstant();
    }

    private void arm(String instance, String id, Instant next) {
        Timer.Alarm before =
                alarms.put(instance + "/" + id, timer.at(next, () -> fire(instance, id)));
        if (before != null) {
            before.cancel();
        }
    }

    private void fire(String instanceId, String id) {
        try {
            Instance instance = world.instance(instanceId);
            if (instance == null) {
                return;
            }
            ObjectNode schedule = get(instance, id);
            Instant due =
                    Instant.ofEpochMilli(
                            database.read(
                                    c ->
                                            Sql.query(
                                                            c,
                                                            "SELECT next FROM amc_schedule WHERE"
                                                                    + " instance = ? AND id = ?",
                                                            r -> r.getLong(1),
                                                            instanceId,
                                                            id)
                                                    .getFirst()));
            Instant next = next(schedule, timer.instant());
            database.write(
                    c ->
                            Sql.update(
                                    c,
                                    "UPDATE amc_schedule SET next = ? WHERE instance = ? AND id ="
                                            + " ?",
                                    next.toEpochMilli(),
                                    instanceId,
                                    id));
            if (schedule.path("scheduleEnabled").asBoolean()) {
                run(instance, schedule, due);
            }
            arm(instanceId, id, next);
        } catch (AmcError e) {
            LOG.warn("Schedule {} of {} did not run: {}", id, instanceId, e.getMessage());
        }
    }

    private void run(Instance instance, ObjectNode schedule, Instant due) throws AmcError {
        boolean weekly = schedule.path("aggregationPeriod").asText().equals("Weekly");
        Instant start = due.minus(Duration.ofDays(weekly ? 7 : 1));
        ObjectNode request = AmcCall.JSON.createObjectNode();
        request.put("timeWindowType", "EXPLICIT").put("timeWindowTimeZone", "UTC");
        request.put("timeWindowStart", TimeWindow.LOCAL.format(start.atZone(ZoneOffset.UTC)));
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
                        weekly ? "weekly" : "daily",
                        date + "-" + workflowId + "-ver1.csv"));
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

    void delete(Instance instance, String id) throws AmcError {
        int removed =
                database.write(
                        c ->
                                Sql.update(
                                        c,
                                        "DELETE FROM amc_schedule WHERE instance = ? AND id = ?",
                                        instance.id(),
                                        id));
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
