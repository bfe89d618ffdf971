package io.amcinsights.local.lakeformation;

import io.amcinsights.local.store.Database;
import io.amcinsights.local.store.Sql;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What is granted to whom, the data cells filters, and who has opted in. Resources are kept as
 * texts: {@code database/NAME}, {@code table/DATABASE/NAME} with an asterisk for all tables, {@code
 * rows/DATABASE/TABLE/FILTER}.
 */
public final class Permissions {

    /** Stands for everybody whom IAM lets in. */
    static final String EVERYBODY = "IAM_ALLOWED_PRINCIPALS";

    record Granted(String principal, String resource, String permission) {}

    record OptIn(String principal, String resource) {}

    record Filter(String database, String table, String name, String body) {}

    private final Database database;

    public Permissions(Database database) {
        this.database = database;
        database.define(
                """
                create table if not exists lf_permissions(
                  principal text not null, resource text not null, permission text not null,
                  primary key(principal, resource, permission))\
                """,
                """
                create table if not exists lf_filters(
                  database text not null, tbl text not null, name text not null,
                  body text not null, primary key(database, tbl, name))\
                """,
                """
                create table if not exists lf_opt_ins(
                  principal text not null, resource text not null,
                  primary key(principal, resource))\
                """);
    }

    void grant(Granted granted) {
        database.write(
                c ->
                        Sql.update(
                                c,
                                "insert or ignore into lf_permissions values (?, ?, ?)",
                                granted.principal(),
                                granted.resource(),
                                granted.permission()));
    }

    /** False if it was not granted. */
    boolean revoke(Granted granted) {
        return database.write(
                        c ->
                                Sql.update(
                                        c,
                                        "delete from lf_permissions"
                                                + " where principal = ? and resource = ?"
                                                + " and permission = ?",
                                        granted.principal(),
                                        granted.resource(),
                                        granted.permission()))
                == 1;
    }

    /** All, by principal and resource. */
    List<Granted> all() {
        return database.read(
                c ->
                        Sql.query(
                                c,
                                "select principal, resource, permission from lf_permissions"
                                        + " order by 1, 2, 3",
                                row ->
                                        new Granted(
                                                row.getString(1),
                                                row.getString(2),
                                                row.getString(3))));
    }

    @Nullable Filter filter(String databaseName, String table, String name) {
        return filters(databaseName, table).stream()
                .filter(f -> f.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    List<Filter> filters(String databaseName, String table) {
        return database.read(
                c ->
                        Sql.query(
                                c,
                                "select database, tbl, name, body from lf_filters"
                                        + " where database = ? and tbl = ? order by name",
                                row ->
                                        new Filter(
                                                row.getString(1),
                                                row.getString(2),
                                                row.getString(3),
                                                row.getString(4)),
                                databaseName,
                                table));
    }

    void put(Filter filter) {
        database.write(
                c ->
                        Sql.update(
                                c,
                                "insert or replace into lf_filters values (?, ?, ?, ?)",
                                filter.database(),
                                filter.table(),
                                filter.name(),
                                filter.body()));
    }

    /** With what is granted through it. */
    void delete(Filter filter) {
        database.write(
                c -> {
                    Sql.update(
                            c,
                            "delete from lf_permissions where resource = ?",
                            "rows/%s/%s/%s"
                                    .formatted(filter.database(), filter.table(), filter.name()));
                    return Sql.update(
                            c,
                            "delete from lf_filters where database = ? and tbl = ? and name = ?",
                            filter.database(),
                            filter.table(),
                            filter.name());
                });
    }

    List<OptIn> optIns() {
        return database.read(
                c ->
                        Sql.query(
                                c,
                                "select principal, resource from lf_opt_ins order by 1, 2",
                                row -> new OptIn(row.getString(1), row.getString(2))));
    }

    void optIn(OptIn optIn) {
        database.write(
                c ->
                        Sql.update(
                                c,
                                "insert or ignore into lf_opt_ins values (?, ?)",
                                optIn.principal(),
                                optIn.resource()));
    }

    /** False if there is no such opt-in. */
    boolean optOut(OptIn optIn) {
        return database.write(
                        c ->
                                Sql.update(
                                        c,
                                        "delete from lf_opt_ins where principal = ? and resource ="
                                                + " ?",
                                        optIn.principal(),
                                        optIn.resource()))
                == 1;
    }
}
