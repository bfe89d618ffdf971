package io.amcinsights.local.amc;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.store.Database;
import io.amcinsights.local.store.Sql;

import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;

/** The executions of every instance, as they are known to callers, and what there is to do. */
final class ExecutionStore {

    enum Status {
        PENDING,
        RUNNING,
        SUCCEEDED,
        FAILED,
        REJECTED,
        CANCELLED;

        boolean isTerminal() {
            return this != PENDING && this != RUNNING;
        }
    }

    /**
     * An execution.
     *
     * @param created milliseconds of the epoch
     * @param job what to run, known to {@link Executions} only
     * @param body as the API shows it, without its status
     */
    record Row(
            String id,
            String instance,
            String workflow,
            long created,
            Status status,
            ObjectNode job,
            ObjectNode body) {}

    private static final String COLUMNS = "id, instance, workflow, created, status, job, body";

    private final Database database;

    ExecutionStore(Database database) {
        this.database = database;
        database.define(
                "CREATE TABLE IF NOT EXISTS amc_execution (seq INTEGER PRIMARY KEY AUTOINCREMENT,"
                    + " id TEXT NOT NULL UNIQUE, instance TEXT NOT NULL, workflow TEXT NOT NULL,"
                    + " created INTEGER NOT NULL, status TEXT NOT NULL, job TEXT NOT NULL, body"
                    + " TEXT NOT NULL)",
                "CREATE INDEX IF NOT EXISTS amc_execution_by_instance ON amc_execution (instance,"
                        + " status, seq)",
                "CREATE INDEX IF NOT EXISTS amc_execution_by_workflow ON amc_execution (instance,"
                        + " workflow, seq)");
    }

    /** What was running when the simulator ended is to run again. */
    void recover() {
        database.write(
                c ->
                        Sql.update(
                                c,
                                "UPDATE amc_execution SET status = 'PENDING' WHERE status ="
                                        + " 'RUNNING'"));
    }

    void add(Row row) {
        database.write(
                c ->
                        Sql.update(
                                c,
                                "INSERT INTO amc_execution ("
                                        + COLUMNS
                                        + ") VALUES (?, ?, ?, ?, ?, ?, ?)",
                                row.id(),
                                row.instance(),
                                row.workflow(),
                                row.created(),
                                row.status().name(),
                                row.job().toString(),
                                row.body().toString()));
    }

    @Nullable Row find(String instance, String id) {
        return database.read(
                c ->
                        Sql.first(
                                c,
                                "SELECT "
                                        + COLUMNS
                                        + " FROM amc_execution WHERE instance = ? AND id = ?",
                                ExecutionStore::row,
                                instance,
                                id));
    }

    @Nullable Row find(String id) {
        return database.read(
                c ->
                        Sql.first(
                                c,
                                "SELECT " + COLUMNS + " FROM amc_execution WHERE id = ?",
                                ExecutionStore::row,
                                id));
    }

    /** Executions of an instance, in the order of their creation. */
    List<Row> list(String instance) {
        return database.read(
                c ->
                        Sql.query(
                                c,
                                "SELECT "
                                        + COLUMNS
                                        + " FROM amc_execution WHERE instance = ? ORDER BY seq",
                                ExecutionStore::row,
                                instance));
    }

    /**
     * Which executions to list.
     *
     * @param workflow null: of any
     * @param from milliseconds of the epoch, included
     * @param to milliseconds of the epoch, included
     */
    record Filter(
            @Nullable String workflow, long from, long to, boolean cancelled, boolean ascending) {}

    List<Row> list(String instance, Filter filter, int offset, int most) {
        return database.read(
                c ->
                        Sql.query(
                                c,
                                "SELECT "
                                        + COLUMNS
                                        + " FROM amc_execution WHERE instance = ?1 AND (?2 IS NULL"
                                        + " OR workflow = ?2) AND created BETWEEN ?3 AND ?4 AND (?5"
                                        + " OR status <> 'CANCELLED') ORDER BY seq "
                                        + (filter.ascending() ? "ASC" : "DESC")
                                        + " LIMIT ?6 OFFSET ?7",
                                ExecutionStore::row,
                                instance,
                                filter.workflow(),
                                filter.from(),
                                filter.to(),
                                filter.cancelled(),
                                most,
                                offset));
    }

    /** The oldest executions of an instance that wait. */
    List<Row> pending(String instance, int most) {
        return database.read(
                c ->
                        Sql.query(
                                c,
                                "SELECT "
                                        + COLUMNS
                                        + " FROM amc_execution WHERE instance = ? AND status ="
                                        + " 'PENDING' ORDER BY seq LIMIT ?",
                                ExecutionStore::row,
                                instance,
                                most));
    }

    /** Those that wait since before a moment. */
    List<Row> expired(String instance, long created) {
        return database.read(
                c ->
                        Sql.query(
                                c,
                                "SELECT "
                                        + COLUMNS
                                        + " FROM amc_execution WHERE instance = ? AND status ="
                                        + " 'PENDING' AND created <= ?",
                                ExecutionStore::row,
                                instance,
                                created));
    }

    /** How many run of those that callers asked for; those of the console do not count. */
    int running(String instance) {
        return database.read(
                c ->
                        Sql.query(
                                        c,
                                        "SELECT count(*) FROM amc_execution WHERE instance = ? AND"
                                                + " status = 'RUNNING' AND workflow NOT LIKE"
                                                + " 'analytics-%'",
                                        row -> row.getInt(1),
                                        instance)
                                .getFirst());
    }

    /**
     * Moves an execution on, unless somebody else moved it before.
     *
     * @return whether it was moved
     */
    boolean move(String id, Status from, Status to, Consumer<ObjectNode> change) {
        return database.write(
                c -> {
                    Row row =
                            Sql.first(
                                    c,
                                    "SELECT "
                                            + COLUMNS
                                            + " FROM amc_execution WHERE id = ? AND status = ?",
                                    ExecutionStore::row,
                                    id,
                                    from.name());
                    if (row == null) {
                        return false;
                    }
                    change.accept(row.body());
                    Sql.update(
                            c,
                            "UPDATE amc_execution SET status = ?, body = ? WHERE id = ?",
                            to.name(),
                            row.body().toString(),
                            id);
                    return true;
                });
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getLong(4),
                Status.valueOf(row.getString(5)),
                Workflows.parsed(row.getString(6)),
                Workflows.parsed(row.getString(7)));
    }
}
