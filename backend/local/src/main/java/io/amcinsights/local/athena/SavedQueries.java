package io.amcinsights.local.athena;

import io.amcinsights.local.store.Database;
import io.amcinsights.local.store.Sql;

import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;

/** Named queries and prepared statements. */
public final class SavedQueries {

    record Named(
            String id,
            String workGroup,
            String name,
            String description,
            String database,
            String sql) {}

    record Prepared(String workGroup, String name, String description, String sql, long modified) {}

    private static final String NAMED =
            "select id, work_group, name, description, db, sql from athena_named ";
    private static final String PREPARED =
            "select work_group, name, description, sql, modified from athena_prepared ";

    private final Database database;
    private final InstantSource clock;

    public SavedQueries(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
        database.define(
                """
                create table if not exists athena_named(
                  id text primary key, work_group text not null, token text unique,
                  name text not null, description text not null, db text not null,
                  sql text not null)\
                """,
                """
                create table if not exists athena_prepared(
                  work_group text not null, name text not null, description text not null,
                  sql text not null, modified integer not null,
                  primary key(work_group, name))\
                """);
    }

    /**
     * Keeps a named query under a new id.
     *
     * @param query its id is not looked at
     * @param token by which a repeated request is known, or null
     * @return the id: the new one, or that of the same request before
     */
    String add(Named query, @Nullable String token) {
        String id = UUID.randomUUID().toString();
        return database.write(
                c -> {
                    String before =
                            token == null
                                    ? null
                                    : Sql.first(
                                            c,
                                            "select id from athena_named where token = ?",
                                            row -> row.getString(1),
                                            token);
                    if (before != null) {
                        return before;
                    }
                    Sql.update(
                            c,
                            "insert into athena_named(id, work_group, token, name, description, db,"
                                    + " sql) values (?, ?, ?, ?, ?, ?, ?)",
                            id,
                            query.workGroup(),
                            token,
                            query.name(),
                            query.description(),
                            query.database(),
                            query.sql());
                    return id;
                });
    }

    @Nullable Named named(String id) {
        return database.read(c -> Sql.first(c, NAMED + "where id = ?", SavedQueries::named, id));
    }

    /** Up to {@code limit} ids of a work group, behind {@code after}. */
    List<String> named(String workGroup, String after, int limit) {
        return database.read(
                c ->
                        Sql.query(
                                c,
                                "select id from athena_named where work_group = ? and id > ?"
                                        + " order by id limit ?",
                                row -> row.getString(1),
                                workGroup,
                                after,
                                limit));
    }

    /** False if there is no such query. */
    boolean update(String id, String name, String description, String sql) {
        return database.write(
                        c ->
                                Sql.update(
                                        c,
                                        "update athena_named set name = ?, description = ?, sql = ?"
                                                + " where id = ?",
                                        name,
                                        description,
                                        sql,
                                        id))
                == 1;
    }

    /** False if there is no such query. */
    boolean delete(String id) {
        return database.write(c -> Sql.update(c, "delete from athena_named where id = ?", id)) == 1;
    }

    /** Makes a prepared statement; false if there is one of that name. */
    boolean create(String workGroup, String name, String description, String sql) {
        return database.write(
                        c ->
                                Sql.update(
                                        c,
                                        "insert or ignore into athena_prepared values (?, ?, ?, ?,"
                                                + " ?)",
                                        workGroup,
                                        name,
                                        description,
                                        sql,
                                        clock.millis()))
                == 1;
    }

    /** Changes a prepared statement; false if there is none of that name. */
    boolean change(String workGroup, String name, String description, String sql) {
        return database.write(
                        c ->
                                Sql.update(
                                        c,
                                        "update athena_prepared set description = ?, sql = ?,"
                                                + " modified = ? where work_group = ? and name = ?",
                                        description,
                                        sql,
                                        clock.millis(),
                                        workGroup,
                                        name))
                == 1;
    }

    /** What PREPARE does. */
    void putPrepared(String workGroup, String name, String sql) {
        if (!create(workGroup, name, "", sql)) {
            change(workGroup, name, "", sql);
        }
    }

    @Nullable Prepared find(String workGroup, String name) {
        return database.read(
                c ->
                        Sql.first(
                                c,
                                PREPARED + "where work_group = ? and name = ?",
                                SavedQueries::prepared,
                                workGroup,
                                name));
    }

    /** The text of a prepared statement, or null. */
    @Nullable String prepared(String workGroup, String name) {
        Prepared found = find(workGroup, name);
        return found == null ? null : found.sql();
    }

    /** Up to {@code limit} prepared statements of a work group by name, behind {@code after}. */
    List<Prepared> prepared(String workGroup, String after, int limit) {
        return database.read(
                c ->
                        Sql.query(
                                c,
                                PREPARED
                                        + "where work_group = ? and name > ? order by name limit ?",
                                SavedQueries::prepared,
                                workGroup,
                                after,
                                limit));
    }

    /** False if there is no such statement. */
    boolean deletePrepared(String workGroup, String name) {
        return database.write(
                        c ->
                                Sql.update(
                                        c,
                                        "delete from athena_prepared"
                                                + " where work_group = ? and name = ?",
                                        workGroup,
                                        name))
                == 1;
    }

    private static Named named(ResultSet row) throws SQLException {
        return new Named(
                row.getString("id"),
                row.getString("work_group"),
                row.getString("name"),
                row.getString("description"),
                row.getString("db"),
                row.getString("sql"));
    }

    private static Prepared prepared(ResultSet row) throws SQLException {
        return new Prepared(
                row.getString("work_group"),
                row.getString("name"),
                row.getString("description"),
                row.getString("sql"),
                row.getLong("modified"));
    }
}
