package io.amcinsights.local.states;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.amcinsights.local.states.Execution.Status;
import io.amcinsights.local.store.Database;
import io.amcinsights.local.store.Sql;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Executions, their histories and where each of their flows is. An event and the position that it
 * leads to are written together.
 */
final class Executions {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Step Functions ends an execution at 25,000 events: "Quotas". */
    private static final int MOST_EVENTS = 25_000;

    /** An event as it is stored. */
    record Recorded(
            long id,
            long previous,
            long time,
            String type,
            @Nullable String field,
            String details) {}

    private final Database database;
    private final InstantSource clock;

    Executions(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
        database.define(
                """
                CREATE TABLE IF NOT EXISTS executions (
                    sequence INTEGER PRIMARY KEY, arn TEXT UNIQUE NOT NULL,
                    machine_arn TEXT NOT NULL, name TEXT NOT NULL, definition TEXT NOT NULL,
                    status TEXT NOT NULL, input TEXT NOT NULL, output TEXT, error TEXT, cause TEXT,
                    started INTEGER NOT NULL, stopped INTEGER,
                    redrives INTEGER NOT NULL DEFAULT 0, redriven INTEGER)
                """,
                """
                CREATE INDEX IF NOT EXISTS executions_of_machine
                    ON executions (machine_arn, sequence)
                """,
                """
                CREATE TABLE IF NOT EXISTS execution_events (
                    execution INTEGER NOT NULL, id INTEGER NOT NULL, previous INTEGER NOT NULL,
                    time INTEGER NOT NULL, type TEXT NOT NULL, field TEXT, details TEXT NOT NULL,
                    PRIMARY KEY (execution, id)) WITHOUT ROWID
                """,
                """
                CREATE TABLE IF NOT EXISTS execution_flows (
                    execution INTEGER NOT NULL, flow TEXT NOT NULL, position TEXT NOT NULL,
                    PRIMARY KEY (execution, flow)) WITHOUT ROWID
                """,
                """
                CREATE TABLE IF NOT EXISTS state_machines (
                    arn TEXT PRIMARY KEY, created INTEGER NOT NULL)
                """);
    }

    /** Begins an execution; empty if there is one of this ARN. */
    Optional<Execution> begin(Machine machine, String arn, String name, String input) {
        return database.write(
                c -> {
                    long now = clock.millis();
                    int inserted =
                            Sql.update(
                                    c,
                                    """
                                    INSERT OR IGNORE INTO executions (arn, machine_arn, name,
                                        definition, status, input, started)
                                    VALUES (?, ?, ?, ?, 'RUNNING', ?, ?)
                                    """,
                                    arn,
                                    machine.arn(),
                                    name,
                                    machine.definition(),
                                    input,
                                    now);
                    if (inserted == 0) {
                        return Optional.empty();
                    }
                    Execution execution = byArn(c, arn).orElseThrow();
                    var details = Event.object().put("roleArn", machine.roleArn());
                    details.put("input", input).putObject("inputDetails").put("truncated", false);
                    append(c, execution.sequence(), 1, 0, Event.of("ExecutionStarted", details));
                    return Optional.of(execution);
                });
    }

    Optional<Execution> find(String arn) {
        return database.read(c -> byArn(c, arn));
    }

    List<Execution> running() {
        return database.read(
                c ->
                        Sql.query(
                                c,
                                "SELECT * FROM executions WHERE status = 'RUNNING'"
                                        + " ORDER BY sequence",
                                Executions::execution));
    }

    /** Executions of a machine, newest first, those before a sequence number. */
    List<Execution> list(String machineArn, @Nullable Status status, long before, int most) {
        return database.read(
                c ->
                        Sql.query(
                                c,
                                """
                                SELECT * FROM executions
                                WHERE machine_arn = ?1 AND sequence < ?2
                                    AND (?3 IS NULL OR status = ?3)
                                ORDER BY sequence DESC LIMIT ?4
                                """,
                                Executions::execution,
                                machineArn,
                                before,
                                status == null ? null : status.name(),
                                most));
    }

    /** Events whose ids are beyond a given one, in the order of reading. */
    List<Recorded> history(long sequence, long beyond, boolean reverse, int most) {
        return database.read(
                c ->
                        Sql.query(
                                c,
                                "SELECT * FROM execution_events WHERE execution = ? AND id "
                                        + (reverse ? "< ? ORDER BY id DESC" : "> ? ORDER BY id")
                                        + " LIMIT ?",
                                row ->
                                        new Recorded(
                                                row.getLong("id"),
                                                row.getLong("previous"),
                                                row.getLong("time"),
                                                row.getString("type"),
                                                row.getString("field"),
                                                row.getString("details")),
                                sequence,
                                beyond,
                                most));
    }

    /** Where a flow was left; null if it has not begun. */
    @Nullable Position position(long sequence, String flow) {
        String text =
                database.read(
                        c ->
                                Sql.first(
                                        c,
                                        "SELECT position FROM execution_flows"
                                                + " WHERE execution = ? AND flow = ?",
                                        row -> row.getString(1),
                                        sequence,
                                        flow));
        return text == null ? null : parse(text);
    }

    /**
     * Writes events and where they lead.
     *
     * @param forgetInner whether the flows inside of this one have no further use
     * @throws InterruptedException if the execution has ended meanwhile, or goes on in a later
     *     attempt: nothing is written
     * @throws StateError if the history is full
     */
    void record(
            Execution execution,
            String flow,
            Position position,
            boolean forgetInner,
            Event... events)
            throws InterruptedException, StateError {
        long sequence = execution.sequence();
        enum Outcome {
            WRITTEN,
            ENDED,
            FULL
        }
        Outcome outcome =
                database.write(
                        c -> {
                            if (!isRunning(c, execution)) {
                                return Outcome.ENDED;
                            }
                            long last = lastEvent(c, sequence);
                            if (last + events.length >= MOST_EVENTS) {
                                return Outcome.FULL;
                            }
                            for (Event event : events) {
                                append(c, sequence, ++last, position.previous, event);
                                position.passed(event, last);
                            }
                            Sql.update(
                                    c,
                                    "INSERT OR REPLACE INTO execution_flows VALUES (?, ?, ?)",
                                    sequence,
                                    flow,
                                    text(position));
                            if (forgetInner) {
                                // '0' is the character after '/'.
                                Sql.update(
                                        c,
                                        "DELETE FROM execution_flows"
                                                + " WHERE execution = ? AND flow >= ? AND flow < ?",
                                        sequence,
                                        flow + "/",
                                        flow + "0");
                            }
                            return Outcome.WRITTEN;
                        });
        if (outcome == Outcome.ENDED) {
            throw new InterruptedException("The execution has ended");
        }
        if (outcome == Outcome.FULL) {
            throw new StateError(
                    StateError.RUNTIME,
                    "The execution reached the maximum number of history events (25000).");
        }
    }

    /** Ends an execution; false if it had ended before, also if a later attempt runs now. */
    boolean end(
            Execution execution,
            Status status,
            @Nullable String output,
            @Nullable String error,
            @Nullable String cause,
            Event event) {
        long sequence = execution.sequence();
        return database.write(
                c -> {
                    if (!isRunning(c, execution)) {
                        return false;
                    }
                    Sql.update(
                            c,
                            """
                            UPDATE executions SET status = ?, output = ?, error = ?, cause = ?,
                                stopped = ? WHERE sequence = ?
                            """,
                            status.name(),
                            output,
                            error,
                            cause,
                            clock.millis(),
                            sequence);
                    long last = lastEvent(c, sequence);
                    // AWS: the end by time points at nothing.
                    append(c, sequence, last + 1, status == Status.TIMED_OUT ? 0 : last, event);
                    if (status == Status.SUCCEEDED) {
                        Sql.update(c, "DELETE FROM execution_flows WHERE execution = ?", sequence);
                    }
                    return true;
                });
    }

    /** Whether its history has room for a redrive and what follows. */
    boolean hasRoom(Execution execution) {
        return database.read(c -> lastEvent(c, execution.sequence())) < MOST_EVENTS - 1;
    }

    /**
     * Sets a failed execution running again from where it failed; empty if another redrive was
     * first.
     */
    Optional<Execution> redrive(Execution execution) {
        return database.write(
                c -> {
                    int set =
                            Sql.update(
                                    c,
                                    """
                                    UPDATE executions SET status = 'RUNNING', error = NULL,
                                        cause = NULL, stopped = NULL, redrives = redrives + 1,
                                        redriven = ?
                                    WHERE sequence = ? AND redrives = ?
                                        AND status NOT IN ('RUNNING', 'SUCCEEDED')
                                    """,
                                    clock.millis(),
                                    execution.sequence(),
                                    execution.redrives());
                    if (set == 0) {
                        return Optional.empty();
                    }
                    long last = lastEvent(c, execution.sequence());
                    append(
                            c,
                            execution.sequence(),
                            last + 1,
                            last,
                            Event.of(
                                    "ExecutionRedriven",
                                    Event.object().put("redriveCount", execution.redrives() + 1)));
                    record Flow(String name, String position) {}
                    for (Flow flow :
                            Sql.query(
                                    c,
                                    "SELECT flow, position FROM execution_flows"
                                            + " WHERE execution = ?",
                                    row -> new Flow(row.getString(1), row.getString(2)),
                                    execution.sequence())) {
                        Position position = parse(flow.position());
                        position.redrive();
                        Sql.update(
                                c,
                                "UPDATE execution_flows SET position = ?"
                                        + " WHERE execution = ? AND flow = ?",
                                text(position),
                                execution.sequence(),
                                flow.name());
                    }
                    return byArn(c, execution.arn());
                });
    }

    /** When a machine was first defined in this workspace. */
    Instant created(String machineArn) {
        return database.write(
                c -> {
                    Sql.update(
                            c,
                            "INSERT OR IGNORE INTO state_machines VALUES (?, ?)",
                            machineArn,
                            clock.millis());
                    Long created =
                            Sql.first(
                                    c,
                                    "SELECT created FROM state_machines WHERE arn = ?",
                                    row -> row.getLong(1),
                                    machineArn);
                    return Instant.ofEpochMilli(created == null ? 0 : created);
                });
    }

    private void append(Connection c, long sequence, long id, long previous, Event event)
            throws SQLException {
        Sql.update(
                c,
                "INSERT INTO execution_events VALUES (?, ?, ?, ?, ?, ?, ?)",
                sequence,
                id,
                previous,
                clock.millis(),
                event.type(),
                event.field(),
                event.details().toString());
    }

    private static long lastEvent(Connection c, long sequence) throws SQLException {
        Long last =
                Sql.first(
                        c,
                        "SELECT max(id) FROM execution_events WHERE execution = ?",
                        row -> row.getLong(1),
                        sequence);
        return last == null ? 0 : last;
    }

    private static boolean isRunning(Connection c, Execution attempt) throws SQLException {
        return Sql.first(
                        c,
                        "SELECT 1 FROM executions"
                                + " WHERE sequence = ? AND redrives = ? AND status = 'RUNNING'",
                        row -> row.getInt(1),
                        attempt.sequence(),
                        attempt.redrives())
                != null;
    }

    private static Optional<Execution> byArn(Connection c, String arn) throws SQLException {
        return Optional.ofNullable(
                Sql.first(c, "SELECT * FROM executions WHERE arn = ?", Executions::execution, arn));
    }

    private static Execution execution(ResultSet row) throws SQLException {
        long stopped = row.getLong("stopped");
        long redriven = row.getLong("redriven");
        return new Execution(
                row.getLong("sequence"),
                row.getString("arn"),
                row.getString("machine_arn"),
                row.getString("name"),
                row.getString("definition"),
                Status.valueOf(row.getString("status")),
                row.getString("input"),
                row.getString("output"),
                row.getString("error"),
                row.getString("cause"),
                row.getLong("started"),
                stopped == 0 ? null : stopped,
                row.getInt("redrives"),
                redriven == 0 ? null : redriven);
    }

    private static String text(Position position) {
        return JSON.valueToTree(position).toString();
    }

    static Position parse(String text) {
        try {
            return JSON.readValue(text, Position.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "The workspace's database holds no position: " + text, e);
        }
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The workspace's database holds no JSON: " + text, e);
        }
    }
}
