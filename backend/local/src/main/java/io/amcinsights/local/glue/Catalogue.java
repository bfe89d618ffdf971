package io.amcinsights.local.glue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.http.AwsError;
import io.amcinsights.local.store.Database;
import io.amcinsights.local.store.Sql;

import org.jspecify.annotations.Nullable;

import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;

/**
 * Databases, tables and partitions, each kept as the JSON that Glue answers. Names are in lower
 * case, as Glue keeps them.
 */
public final class Catalogue {

    /** Decides what the one who asks sees of the catalogue, and may change in it. */
    public interface Guard {

        /** Whether everything is allowed. */
        boolean isOpen();

        boolean sees(String database);

        boolean sees(String database, ObjectNode table);

        boolean seesAllRows(String database, ObjectNode table);

        /**
         * @param stored the table or partition that is to be
         */
        void checkChange(String database, JsonNode stored) throws AwsError;
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    private volatile @Nullable Guard guard;
    private final Database database;
    private final String account;
    private final Clock clock;

    /**
     * @param account is the catalogue's id
     */
    public Catalogue(Database database, String account, Clock clock) {
        this.database = database;
        this.account = account;
        this.clock = clock;
        database.define(
                """
                create table if not exists glue_databases(
                  name text primary key, body text not null)\
                """,
                """
                create table if not exists glue_tables(
                  database text not null, name text not null, version integer not null,
                  body text not null, primary key(database, name))\
                """,
                """
                create table if not exists glue_partitions(
                  database text not null, tbl text not null, vals text not null,
                  body text not null, primary key(database, tbl, vals))\
                """);
    }

    /** From now on not everybody sees everything. */
    public void guardedBy(Guard by) {
        guard = by;
    }

    /** Null where everything is allowed. */
    private @Nullable Guard guard() {
        Guard now = guard;
        return now == null || now.isOpen() ? null : now;
    }

    private static AwsError denied(String what) {
        return new AwsError(
                400,
                "AccessDeniedException",
                "Insufficient Lake Formation permission(s): Required Describe on " + what);
    }

    private void checkChange(String databaseName, JsonNode stored) throws AwsError {
        Guard now = guard();
        if (now != null) {
            now.checkChange(lower(databaseName), stored);
        }
    }

    /** Makes a database unless it is there. */
    public void provideDatabase(String name, String description) {
        ObjectNode input = JSON.createObjectNode();
        input.put("Name", name).put("Description", description);
        create(input);
    }

    /** Up to {@code limit} databases by name, behind {@code after}. */
    public List<ObjectNode> databases(String after, int limit) {
        Guard now = guard();
        return now == null
                ? read(after, limit)
                : read(after, Integer.MAX_VALUE).stream()
                        .filter(d -> now.sees(d.path("Name").asText()))
                        .limit(limit)
                        .toList();
    }

    private List<ObjectNode> read(String after, int limit) {
        return database.read(
                c ->
                        Sql.query(
                                c,
                                "select body from glue_databases where name > ?"
                                        + " order by name limit ?",
                                row -> object(row.getString(1)),
                                after,
                                limit));
    }

    /**
     * The database of a name.
     *
     * @throws AwsError {@code EntityNotFoundException}
     */
    public ObjectNode database(String name) throws AwsError {
        ObjectNode found =
                database.read(
                        c ->
                                Sql.first(
                                        c,
                                        "select body from glue_databases where name = ?",
                                        row -> object(row.getString(1)),
                                        lower(name)));
        if (found == null) {
            throw new AwsError(
                    400, "EntityNotFoundException", "Database " + lower(name) + " not found.");
        }
        Guard now = guard();
        if (now != null && !now.sees(lower(name))) {
            throw denied(lower(name));
        }
        return found;
    }

    /** False if the database is there already. */
    public boolean create(ObjectNode input) {
        ObjectNode kept = input.deepCopy();
        String name = lower(kept.path("Name").asText());
        kept.put("Name", name);
        kept.put("CreateTime", now());
        kept.put("CatalogId", account);
        return database.write(
                        c ->
                                Sql.update(
                                        c,
                                        "insert or ignore into glue_databases values (?, ?)",
                                        name,
                                        kept.toString()))
                == 1;
    }

    /** Drops a database with all that is in it. */
    public void dropDatabase(String name) throws AwsError {
        String key = database(name).path("Name").asText();
        checkChange(key, JSON.createObjectNode());
        database.write(
                c -> {
                    Sql.update(c, "delete from glue_partitions where database = ?", key);
                    Sql.update(c, "delete from glue_tables where database = ?", key);
                    return Sql.update(c, "delete from glue_databases where name = ?", key);
                });
    }

    void updateDatabase(String name, ObjectNode input) throws AwsError {
        ObjectNode before = database(name);
        checkChange(name, JSON.createObjectNode());
        ObjectNode kept = input.deepCopy();
        String key = before.path("Name").asText();
        kept.put("Name", key);
        kept.set("CreateTime", before.path("CreateTime"));
        kept.put("CatalogId", account);
        database.write(
                c ->
                        Sql.update(
                                c,
                                "update glue_databases set body = ? where name = ?",
                                kept.toString(),
                                key));
    }

    /** Up to {@code limit} tables of a database by name, behind {@code after}. */
    public List<ObjectNode> tables(String databaseName, String after, int limit) {
        Guard now = guard();
        return now == null
                ? read(databaseName, after, limit)
                : read(databaseName, after, Integer.MAX_VALUE).stream()
                        .filter(t -> now.sees(lower(databaseName), t))
                        .limit(limit)
                        .toList();
    }

    private List<ObjectNode> read(String databaseName, String after, int limit) {
        return database.read(
                c ->
                        Sql.query(
                                c,
                                "select body from glue_tables where database = ? and name > ?"
                                        + " order by name limit ?",
                                row -> object(row.getString(1)),
                                lower(databaseName),
                                after,
                                limit));
    }

    /**
     * The table of a name.
     *
     * @throws AwsError {@code EntityNotFoundException}
     */
    public ObjectNode table(String databaseName, String name) throws AwsError {
        database(databaseName);
        ObjectNode found = database.read(c -> table(c, databaseName, name));
        if (found == null) {
            throw new AwsError(
                    400, "EntityNotFoundException", "Table " + lower(name) + " not found.");
        }
        Guard now = guard();
        if (now != null && !now.sees(lower(databaseName), found)) {
            throw denied(lower(name));
        }
        return found;
    }

    private static @Nullable ObjectNode table(Connection c, String databaseName, String name)
            throws SQLException {
        return Sql.first(
                c,
                "select body from glue_tables where database = ? and name = ?",
                row -> object(row.getString(1)),
                lower(databaseName),
                lower(name));
    }

    /** False if the table is there already. */
    public boolean createTable(String databaseName, ObjectNode input) throws AwsError {
        String databaseKey = database(databaseName).path("Name").asText();
        String name = lower(input.path("Name").asText());
        checkChange(databaseKey, input);
        ObjectNode kept = tableOf(databaseKey, name, input, 0);
        kept.put("CreateTime", now());
        return database.write(
                        c ->
                                Sql.update(
                                        c,
                                        "insert or ignore into glue_tables values (?, ?, 0, ?)",
                                        databaseKey,
                                        name,
                                        kept.toString()))
                == 1;
    }

    /**
     * Replaces a table's definition.
     *
     * @param expected the version that the caller has seen, or null for any
     * @return false if the table has another version by now
     */
    public boolean updateTable(String databaseName, ObjectNode input, @Nullable String expected)
            throws AwsError {
        String name = lower(input.path("Name").asText());
        ObjectNode seen = table(databaseName, name);
        String databaseKey = seen.path("DatabaseName").asText();
        checkChange(databaseKey, input);
        return database.write(
                c -> {
                    ObjectNode before = table(c, databaseKey, name);
                    if (before == null) {
                        return false;
                    }
                    String version = before.path("VersionId").asText();
                    if (expected != null && !expected.equals(version)) {
                        return false;
                    }
                    int next = Integer.parseInt(version) + 1;
                    ObjectNode kept = tableOf(databaseKey, name, input, next);
                    kept.set("CreateTime", before.path("CreateTime"));
                    return Sql.update(
                                    c,
                                    "update glue_tables set version = ?, body = ?"
                                            + " where database = ? and name = ?",
                                    next,
                                    kept.toString(),
                                    databaseKey,
                                    name)
                            == 1;
                });
    }

    private ObjectNode tableOf(String databaseName, String name, ObjectNode input, int version) {
        ObjectNode table = input.deepCopy();
        table.put("Name", name);
        table.put("DatabaseName", databaseName);
        table.put("CatalogId", account);
        table.put("VersionId", Integer.toString(version));
        table.put("UpdateTime", now());
        table.put("IsRegisteredWithLakeFormation", false);
        return table;
    }

    /** Drops a table with its partitions; its files stay. */
    public void dropTable(String databaseName, String name) throws AwsError {
        ObjectNode table = table(databaseName, name);
        String databaseKey = table.path("DatabaseName").asText();
        String key = table.path("Name").asText();
        checkChange(databaseKey, JSON.createObjectNode());
        database.write(
                c -> {
                    Sql.update(
                            c,
                            "delete from glue_partitions where database = ? and tbl = ?",
                            databaseKey,
                            key);
                    return Sql.update(
                            c,
                            "delete from glue_tables where database = ? and name = ?",
                            databaseKey,
                            key);
                });
    }

    /** False if a partition of the same values is there already. */
    public boolean createPartition(ObjectNode table, ObjectNode input) throws AwsError {
        checkValues(table, input.path("Values"));
        checkChange(table.path("DatabaseName").asText(), input);
        ObjectNode kept = partitionOf(table, input);
        kept.put("CreationTime", now());
        return database.write(
                        c ->
                                Sql.update(
                                        c,
                                        "insert or ignore into glue_partitions"
                                                + " values (?, ?, ?, ?)",
                                        table.path("DatabaseName").asText(),
                                        table.path("Name").asText(),
                                        input.path("Values").toString(),
                                        kept.toString()))
                == 1;
    }

    /** Replaces the partition of some values, by one that may have others; false if not there. */
    boolean updatePartition(ObjectNode table, JsonNode values, ObjectNode input) throws AwsError {
        checkValues(table, input.path("Values"));
        checkChange(table.path("DatabaseName").asText(), input);
        ObjectNode before = partition(table, values);
        if (before == null) {
            return false;
        }
        ObjectNode kept = partitionOf(table, input);
        kept.set("CreationTime", before.path("CreationTime"));
        return database.write(
                        c ->
                                Sql.update(
                                        c,
                                        "update or ignore glue_partitions set vals = ?, body = ?"
                                                + " where database = ? and tbl = ? and vals = ?",
                                        input.path("Values").toString(),
                                        kept.toString(),
                                        table.path("DatabaseName").asText(),
                                        table.path("Name").asText(),
                                        values.toString()))
                == 1;
    }

    private ObjectNode partitionOf(ObjectNode table, ObjectNode input) {
        ObjectNode partition = input.deepCopy();
        partition.set("DatabaseName", table.path("DatabaseName"));
        partition.set("TableName", table.path("Name"));
        partition.put("CatalogId", account);
        return partition;
    }

    private static void checkValues(ObjectNode table, JsonNode values) throws AwsError {
        if (values.size() != table.path("PartitionKeys").size()) {
            throw new AwsError(
                    400,
                    "InvalidInputException",
                    "The number of partition keys do not match the number of partition values");
        }
    }

    private void checkAllRows(ObjectNode table) throws AwsError {
        Guard now = guard();
        if (now != null && !now.seesAllRows(table.path("DatabaseName").asText(), table)) {
            throw denied("all rows of " + table.path("Name").asText());
        }
    }

    @Nullable ObjectNode partition(ObjectNode table, JsonNode values) throws AwsError {
        checkAllRows(table);
        return database.read(
                c ->
                        Sql.first(
                                c,
                                "select body from glue_partitions"
                                        + " where database = ? and tbl = ? and vals = ?",
                                row -> object(row.getString(1)),
                                table.path("DatabaseName").asText(),
                                table.path("Name").asText(),
                                values.toString()));
    }

    /** False if there is no such partition. */
    public boolean dropPartition(ObjectNode table, JsonNode values) throws AwsError {
        checkChange(table.path("DatabaseName").asText(), JSON.createObjectNode());
        return database.write(
                        c ->
                                Sql.update(
                                        c,
                                        "delete from glue_partitions"
                                                + " where database = ? and tbl = ? and vals = ?",
                                        table.path("DatabaseName").asText(),
                                        table.path("Name").asText(),
                                        values.toString()))
                == 1;
    }

    /**
     * Up to {@code limit} partitions behind {@code after}, a partition's values as JSON text.
     *
     * @param wanted sees the values as JSON text, and the partition
     */
    public List<ObjectNode> partitions(
            ObjectNode table, String after, int limit, BiPredicate<String, ObjectNode> wanted)
            throws AwsError {
        checkAllRows(table);
        return database
                .read(
                        c ->
                                Sql.query(
                                        c,
                                        "select body from glue_partitions"
                                                + " where database = ? and tbl = ? and vals > ?"
                                                + " order by vals",
                                        row -> object(row.getString(1)),
                                        table.path("DatabaseName").asText(),
                                        table.path("Name").asText(),
                                        after))
                .stream()
                .filter(partition -> wanted.test(partition.path("Values").toString(), partition))
                .limit(limit)
                .toList();
    }

    static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private double now() {
        return clock.millis() / 1000.0;
    }

    private static ObjectNode object(String body) {
        try {
            return (ObjectNode) JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
