package io.amcinsights.local.athena;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.amcinsights.local.store.Database;
import io.amcinsights.local.store.Sql;

import org.jspecify.annotations.Nullable;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.UnaryOperator;

/** The query executions, kept through a restart. */
final class QueryStore {

    /** A query and its place in the order of submission. */
    record Placed(long place, String id) {}

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Database database;

    QueryStore(Database database) {
        this.database = database;
        database.define(
                """
                create table if not exists athena_queries(
                  place integer primary key autoincrement, id text not null unique,
                  work_group text not null, token text unique, ended integer not null,
                  body text not null)\
                """,
                """
                create index if not exists athena_queries_of_group
                  on athena_queries(work_group, place desc)\
                """);
    }

    /**
     * Keeps a new query.
     *
     * @param token by which a repeated request is known, or null
     * @return the query of that token: the new one, or the one that was there before
     */
    Query add(Query query, @Nullable String token) {
        return database.write(
                c -> {
                    String before =
                            token == null
                                    ? null
                                    : Sql.first(
                                            c,
                                            "select body from athena_queries where token = ?",
                                            row -> row.getString(1),
                                            token);
                    if (before != null) {
                        return read(before);
                    }
                    Sql.update(
                            c,
                            "insert into athena_queries(id, work_group, token, ended, body)"
                                    + " values (?, ?, ?, ?, ?)",
                            query.id(),
                            query.workGroup(),
                            token,
                            query.state().ended() ? 1 : 0,
                            write(query));
                    return query;
                });
    }

    @Nullable Query find(String id) {
        return database.read(
                c ->
                        Sql.first(
                                c,
                                "select body from athena_queries where id = ?",
                                row -> read(row.getString(1)),
                                id));
    }

    /** Changes a query that has not ended; false if it has. */
    boolean change(String id, UnaryOperator<Query> change) {
        return database.write(
                c -> {
                    String before =
                            Sql.first(
                                    c,
                                    "select body from athena_queries where id = ? and ended = 0",
                                    row -> row.getString(1),
                                    id);
                    if (before == null) {
                        return false;
                    }
                    Query after = change.apply(read(before));
                    Sql.update(
                            c,
                            "update athena_queries set ended = ?, body = ? where id = ?",
                            after.state().ended() ? 1 : 0,
                            write(after),
                            id);
                    return true;
                });
    }

    /** A work group's queries, newest first, that were submitted before a place. */
    List<Placed> list(String workGroup, long before, int limit) {
        return database.read(
                c ->
                        Sql.query(
                                c,
                                "select place, id from athena_queries"
                                        + " where work_group = ? and place < ?"
                                        + " order by place desc limit ?",
                                row -> new Placed(row.getLong(1), row.getString(2)),
                                workGroup,
                                before,
                                limit));
    }

    /** Queries of a work group that succeeded with what one asks, newest first. */
    List<Query> same(Query query, long endedSince) {
        return database.read(
                c ->
                        Sql.query(
                                c,
                                "select body from athena_queries where work_group = ? and ended = 1"
                                        + " and body ->> 'asked' = ? and body ->> 'state' = ?"
                                        + " and body ->> 'ended' >= ?"
                                        + " order by place desc",
                                row -> read(row.getString(1)),
                                query.workGroup(),
                                query.asked(),
                                Query.State.SUCCEEDED.name(),
                                endedSince));
    }

    /** Queries that a workspace before this one left without an end. */
    List<Query> open() {
        return database.read(
                c ->
                        Sql.query(
                                c,
                                "select body from athena_queries where ended = 0",
                                row -> read(row.getString(1))));
    }

    private static String write(Query query) {
        try {
            return JSON.writeValueAsString(query);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Query read(String body) {
        try {
            return JSON.readValue(body, Query.class);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
