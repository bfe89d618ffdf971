package io.amcinsights.local.states;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.clock.Timer;
import io.amcinsights.local.http.AwsError;
import io.amcinsights.local.store.Database;
import io.amcinsights.local.store.Sql;

import org.jspecify.annotations.Nullable;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * Task tokens and what was answered on them. An answer is kept before it is acknowledged, so that
 * neither it nor the waiting is lost by a kill. Errors: Step Functions API reference,
 * SendTaskSuccess, SendTaskFailure, SendTaskHeartbeat.
 */
final class Callbacks {

    private record Row(long execution, String flow, long beat, @Nullable String answer) {}

    private final Database database;
    private final Timer timer;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, CountDownLatch> waiting = new ConcurrentHashMap<>();

    Callbacks(Database database, Timer timer) {
        this.database = database;
        this.timer = timer;
        database.define(
                """
                CREATE TABLE IF NOT EXISTS task_tokens (
                    token TEXT PRIMARY KEY, execution INTEGER NOT NULL, flow TEXT NOT NULL,
                    beat INTEGER NOT NULL, answer TEXT) WITHOUT ROWID
                """);
    }

    String token() {
        byte[] bytes = new byte[48];
        random.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** From now on the token is good, and its heartbeat is due. */
    void open(String token, Execution execution, String flow) {
        database.write(
                c ->
                        Sql.update(
                                c,
                                "INSERT OR REPLACE INTO task_tokens VALUES (?, ?, ?, ?, NULL)",
                                token,
                                execution.sequence(),
                                flow,
                                timer.millis()));
    }

    /**
     * Waits for the answer.
     *
     * @param deadline epoch milliseconds; null: none
     * @param heartbeat most milliseconds between two signs of life; null: as long as it takes
     * @throws StateError the task failed, or its time is over
     */
    JsonNode await(String token, @Nullable Long deadline, @Nullable Long heartbeat)
            throws StateError, InterruptedException {
        while (true) {
            CountDownLatch changed = new CountDownLatch(1);
            waiting.put(token, changed);
            try {
                Row row = row(token);
                if (row == null) {
                    throw new IllegalStateException("No token " + token);
                }
                if (row.answer() != null) {
                    return result(Executions.json(row.answer()));
                }
                long silence = heartbeat == null ? Long.MAX_VALUE : row.beat() + heartbeat;
                long end = deadline == null ? Long.MAX_VALUE : deadline;
                long due = Math.min(silence, end);
                if (timer.millis() >= due) {
                    answer(token, row, Event.object().put("silent", silence < end));
                    continue;
                }
                Timer.Alarm alarm =
                        due == Long.MAX_VALUE
                                ? () -> {}
                                : timer.at(Instant.ofEpochMilli(due), changed::countDown);
                try {
                    changed.await();
                } finally {
                    alarm.cancel();
                }
            } finally {
                waiting.remove(token, changed);
            }
        }
    }

    private static JsonNode result(JsonNode answer) throws StateError {
        if (answer.has("output")) {
            return answer.path("output");
        }
        if (answer.has("silent")) {
            throw StateError.timeout(answer.path("silent").asBoolean());
        }
        throw new StateError(answer.path("error").asText(), answer.path("cause").asText());
    }

    void succeed(String token, JsonNode output) throws AwsError {
        give(token, Event.object().set("output", output));
    }

    void fail(String token, String error, String cause) throws AwsError {
        give(token, Event.error(Event.object(), error, cause));
    }

    private void give(String token, ObjectNode answer) throws AwsError {
        if (!answer(token, live(token), answer)) {
            throw gone();
        }
        wake(token);
    }

    void beat(String token) throws AwsError {
        live(token);
        database.write(
                c ->
                        Sql.update(
                                c,
                                "UPDATE task_tokens SET beat = ? WHERE token = ?",
                                timer.millis(),
                                token));
        wake(token);
    }

    private void wake(String token) {
        CountDownLatch latch = waiting.get(token);
        if (latch != null) {
            latch.countDown();
        }
    }

    /** Keeps an answer; false if there is one. */
    private boolean answer(String token, Row row, ObjectNode answer) {
        return database.write(
                        c ->
                                Sql.update(
                                        c,
                                        "UPDATE task_tokens SET answer = ?"
                                                + " WHERE token = ? AND execution = ?"
                                                + " AND answer IS NULL",
                                        answer.toString(),
                                        token,
                                        row.execution()))
                == 1;
    }

    /** The token of a task that still waits. */
    private Row live(String token) throws AwsError {
        Row row = row(token);
        if (row == null) {
            throw new AwsError(400, "InvalidToken", "Invalid Token: 'Invalid token'");
        }
        String position =
                database.read(
                        c ->
                                Sql.first(
                                        c,
                                        """
                                        SELECT position FROM execution_flows
                                        JOIN executions ON sequence = execution
                                        WHERE execution = ? AND flow = ? AND status = 'RUNNING'
                                        """,
                                        r -> r.getString(1),
                                        row.execution(),
                                        row.flow()));
        if (row.answer() != null
                || position == null
                || !token.equals(Executions.parse(position).token)) {
            throw gone();
        }
        return row;
    }

    private @Nullable Row row(String token) {
        return database.read(
                c ->
                        Sql.first(
                                c,
                                "SELECT * FROM task_tokens WHERE token = ?",
                                r ->
                                        new Row(
                                                r.getLong("execution"),
                                                r.getString("flow"),
                                                r.getLong("beat"),
                                                r.getString("answer")),
                                token));
    }

    private static AwsError gone() {
        return new AwsError(
                400, "TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");
    }
}
