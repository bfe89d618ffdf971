package io.amcinsights.local.lambda;

import io.amcinsights.local.clock.Timer;
import io.amcinsights.local.http.AwsError;
import io.amcinsights.local.store.Database;
import io.amcinsights.local.store.Sql;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Invocations that nobody waits for: kept until they succeeded, or failed three times as Lambda
 * tries them ("Asynchronous invocation").
 */
public final class AsyncInvocations implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AsyncInvocations.class);
    private static final List<Duration> RETRIES =
            List.of(Duration.ofMinutes(1), Duration.ofMinutes(2));

    private record Pending(long id, String function, String payload, int attempts, long due) {}

    private final Database database;
    private final LambdaFunctions functions;
    private final Timer timer;
    private final Set<Long> underway = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    public AsyncInvocations(Database database, LambdaFunctions functions, Timer timer) {
        this.database = database;
        this.functions = functions;
        this.timer = timer;
        database.define(
                """
                CREATE TABLE IF NOT EXISTS lambda_events (
                    id INTEGER PRIMARY KEY, function TEXT NOT NULL, payload TEXT NOT NULL,
                    attempts INTEGER NOT NULL DEFAULT 0, due INTEGER NOT NULL)
                """);
    }

    /**
     * Accepts an invocation as part of a transaction; {@link #wake} when it is committed.
     *
     * @param functionArn with an alias or not
     * @param payload JSON
     */
    public void accept(Connection c, String functionArn, String payload) throws SQLException {
        Sql.update(
                c,
                "INSERT INTO lambda_events (function, payload, due) VALUES (?, ?, ?)",
                functionArn,
                payload,
                timer.millis());
    }

    /** Accepts an invocation and begins it. */
    public void invoke(String functionArn, String payload) {
        database.write(
                c -> {
                    accept(c, functionArn, payload);
                    return true;
                });
        wake();
    }

    /** Begins what has been accepted, also before the workspace was last stopped. */
    public void wake() {
        List<Pending> all =
                database.read(
                        c ->
                                Sql.query(
                                        c,
                                        "SELECT * FROM lambda_events ORDER BY id",
                                        row ->
                                                new Pending(
                                                        row.getLong("id"),
                                                        row.getString("function"),
                                                        row.getString("payload"),
                                                        row.getInt("attempts"),
                                                        row.getLong("due"))));
        for (Pending pending : all) {
            if (underway.add(pending.id())) {
                timer.at(Instant.ofEpochMilli(pending.due()), () -> run(pending));
            }
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    private void run(Pending pending) {
        if (closed) {
            return;
        }
        String failure;
        try {
            Invoked invoked = functions.invoke(pending.function(), null, pending.payload());
            failure = invoked.functionError() == null ? "" : invoked.payload();
        } catch (AwsError e) {
            failure = e.code() + ": " + e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        if (closed) {
            return;
        }
        boolean again = !failure.isEmpty() && pending.attempts() < RETRIES.size();
        long due = again ? timer.instant().plus(RETRIES.get(pending.attempts())).toEpochMilli() : 0;
        database.write(
                c ->
                        again
                                ? Sql.update(
                                        c,
                                        "UPDATE lambda_events SET attempts = attempts + 1, due = ?"
                                                + " WHERE id = ?",
                                        due,
                                        pending.id())
                                : Sql.update(
                                        c, "DELETE FROM lambda_events WHERE id = ?", pending.id()));
        underway.remove(pending.id());
        if (again) {
            LOG.warn("{} failed and is tried again: {}", pending.function(), failure);
            wake();
        } else if (!failure.isEmpty()) {
            LOG.error("{} failed three times and is given up: {}", pending.function(), failure);
        }
    }
}
