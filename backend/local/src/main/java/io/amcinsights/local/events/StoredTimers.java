package io.amcinsights.local.events;

import io.amcinsights.contract.ScheduleExpression;
import io.amcinsights.local.clock.Timer;
import io.amcinsights.local.lambda.AsyncInvocations;
import io.amcinsights.local.store.Database;
import io.amcinsights.local.store.Sql;
import io.amcinsights.ports.Timers;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.UUID;

/**
 * EventBridge Scheduler: timers that outlive the workspace. What was due while it was stopped fires
 * once, for the last time that was missed.
 */
public final class StoredTimers implements AutoCloseable {

    private static final int STEP = 50;

    private record Due(
            String name, String expression, String zone, String target, String payload, long at) {}

    private final Database database;
    private final AsyncInvocations invocations;
    private final Timer timer;
    private Timer.Alarm alarm = () -> {};
    private boolean started;

    public StoredTimers(Database database, AsyncInvocations invocations, Timer timer) {
        this.database = database;
        this.invocations = invocations;
        this.timer = timer;
        database.define(
                """
                CREATE TABLE IF NOT EXISTS timers (
                    name TEXT PRIMARY KEY, expression TEXT NOT NULL, zone TEXT NOT NULL,
                    target TEXT NOT NULL, payload TEXT NOT NULL, next INTEGER)
                """,
                "CREATE INDEX IF NOT EXISTS timers_due ON timers (next)");
    }

    /** Begins to fire. */
    public synchronized void start() {
        started = true;
        fire();
    }

    @Override
    public synchronized void close() {
        started = false;
        alarm.cancel();
    }

    /** The timers of one function. */
    public Timers of(String functionArn) {
        return new Timers() {
            @Override
            public void set(
                    String name, String expression, String zone, boolean enabled, String payload) {
                Timers.check(name, expression, zone);
                Long next = enabled ? next(expression, zone, timer.instant()) : null;
                database.write(
                        c ->
                                Sql.update(
                                        c,
                                        "INSERT OR REPLACE INTO timers VALUES (?, ?, ?, ?, ?, ?)",
                                        name,
                                        expression,
                                        zone,
                                        functionArn,
                                        payload,
                                        next));
                setAlarm();
            }

            @Override
            public void remove(String name) {
                database.write(c -> Sql.update(c, "DELETE FROM timers WHERE name = ?", name));
                setAlarm();
            }
        };
    }

    private synchronized void setAlarm() {
        alarm.cancel();
        if (!started) {
            return;
        }
        Long first =
                database.read(
                        c ->
                                Sql.first(
                                        c,
                                        "SELECT next FROM timers WHERE next IS NOT NULL"
                                                + " ORDER BY next LIMIT 1",
                                        row -> row.getLong(1)));
        if (first != null) {
            alarm = timer.at(Instant.ofEpochMilli(first), this::fire);
        }
    }

    private synchronized void fire() {
        if (!started) {
            return;
        }
        Instant now = timer.instant();
        database.write(
                c -> {
                    List<Due> due =
                            Sql.query(
                                    c,
                                    "SELECT * FROM timers WHERE next <= ? ORDER BY next",
                                    row ->
                                            new Due(
                                                    row.getString("name"),
                                                    row.getString("expression"),
                                                    row.getString("zone"),
                                                    row.getString("target"),
                                                    row.getString("payload"),
                                                    row.getLong("next")),
                                    now.toEpochMilli());
                    for (Due timer : due) {
                        fire(c, timer, now);
                    }
                    return due.size();
                });
        invocations.wake();
        setAlarm();
    }

    private void fire(Connection c, Due due, Instant now) throws SQLException {
        Times times = times(due, now);
        invocations.accept(
                c,
                due.target(),
                due.payload()
                        .replace("<aws.scheduler.scheduled-time>", times.last().toString())
                        .replace("<aws.scheduler.execution-id>", UUID.randomUUID().toString())
                        .replace("<aws.scheduler.attempt-number>", "1"));
        Sql.update(c, "UPDATE timers SET next = ? WHERE name = ?", times.next(), due.name());
    }

    /**
     * @param last time that has come
     * @param next epoch milliseconds; null: none any more
     */
    private record Times(Instant last, @Nullable Long next) {}

    private static Times times(Due due, Instant now) {
        ScheduleExpression expression = ScheduleExpression.parse(due.expression());
        ZoneId zone = ZoneId.of(due.zone());
        Instant last = Instant.ofEpochMilli(due.at());
        while (true) {
            List<ZonedDateTime> ahead = expression.next(last, zone, STEP);
            for (ZonedDateTime time : ahead) {
                if (time.toInstant().isAfter(now)) {
                    return new Times(last, time.toInstant().toEpochMilli());
                }
                last = time.toInstant();
            }
            if (ahead.isEmpty()) {
                return new Times(last, null);
            }
        }
    }

    private static @Nullable Long next(String expression, String zone, Instant after) {
        List<ZonedDateTime> next =
                ScheduleExpression.parse(expression).next(after, ZoneId.of(zone), 1);
        return next.isEmpty() ? null : next.getFirst().toInstant().toEpochMilli();
    }
}
