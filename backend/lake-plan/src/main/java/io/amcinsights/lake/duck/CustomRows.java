package io.amcinsights.lake.duck;

import io.amcinsights.lake.plan.Column;
import io.amcinsights.lake.plan.ColumnType;
import io.amcinsights.lake.plan.Layout;
import io.amcinsights.lake.plan.Names;
import io.amcinsights.lake.plan.TransformPlan;
import io.amcinsights.lake.plan.TransformPlan.CustomSql;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The rows that a customer's SQL makes of a delivery.
 *
 * @param types of the SQL's columns, by their names, in DuckDB's words
 * @param columns of the dataset that they become, in the same order
 */
record CustomRows(CustomSql transformation, Map<String, String> types, List<Column> columns) {

    /** How DuckDB says what is wrong, and in which line. */
    private static final Pattern WHERE = Pattern.compile("(?s)(.*?)\\s+LINE (\\d+): .*");

    /** No dataset is named so. */
    private static final String MADE = "\"made rows\"";

    /**
     * Gives the SQL its tables and nothing else: from here on the connection reaches no file
     * outside of the folder, and its settings stay.
     *
     * @param input the delivery's rows, as they would be loaded
     * @param lookups files of each of the other datasets
     * @throws CustomSqlException the SQL cannot run on this delivery, or makes what is no dataset
     */
    static CustomRows of(
            TransformPlan plan,
            CustomSql transformation,
            Path input,
            Map<String, List<Path>> lookups,
            Connection duck)
            throws SQLException {
        try (Statement statement = duck.createStatement()) {
            statement.execute(
                    view(CustomSql.INPUT, transformation.input(), List.of(input), Map.of(), duck));
            for (TransformPlan.Lookup lookup : transformation.lookups()) {
                statement.execute(
                        view(
                                lookup.dataset(),
                                lookup.columns(),
                                lookups.getOrDefault(lookup.dataset(), List.of()),
                                Layout.PROVENANCE,
                                duck));
            }
            statement.execute(
                    "SET allowed_directories = [%s]"
                            .formatted(DuckSql.text(input.getParent() + "/")));
            statement.execute("SET enable_external_access = false");
            statement.execute("SET lock_configuration = true");
        }
        Map<String, String> types;
        try (Statement statement = duck.createStatement()) {
            // as a statement of its own, it may end with a semicolon and comments
            statement.execute("CREATE VIEW %s AS %s".formatted(MADE, transformation.sql()));
            types = DuckSql.typesOf(MADE, duck);
        } catch (SQLException e) {
            Matcher told = WHERE.matcher(String.valueOf(e.getMessage()));
            throw failed(
                    plan,
                    transformation,
                    told.matches()
                            ? "Line %s: %s".formatted(told.group(2), told.group(1))
                            : String.valueOf(e.getMessage()),
                    e);
        }
        List<Column> made = made(plan, transformation, types);
        Map<String, Column> byName =
                Layout.withMade(plan.datasetColumns(), made).stream()
                        .collect(Collectors.toMap(Column::name, c -> c));
        return new CustomRows(
                transformation,
                types,
                made.stream().map(c -> Objects.requireNonNull(byName.get(c.name()))).toList());
    }

    private static String view(
            String name,
            List<Column> columns,
            List<Path> files,
            Map<String, ColumnType> more,
            Connection duck)
            throws SQLException {
        String relation =
                "read_parquet([%s], union_by_name = true)"
                        .formatted(
                                files.stream()
                                        .map(p -> DuckSql.text(p.toString()))
                                        .collect(Collectors.joining(", ")));
        Map<String, String> there = files.isEmpty() ? Map.of() : DuckSql.typesOf(relation, duck);
        Map<String, ColumnType> types = new LinkedHashMap<>();
        columns.forEach(c -> types.put(c.name(), c.type()));
        types.putAll(more);
        List<String> values = new ArrayList<>();
        types.forEach(
                (column, type) ->
                        values.add(
                                "CAST(%s AS %s) AS %s"
                                        .formatted(
                                                there.containsKey(column)
                                                        ? DuckSql.quoted(column)
                                                        : "NULL",
                                                type.duck(),
                                                DuckSql.quoted(column))));
        return "CREATE VIEW %s AS SELECT %s%s"
                .formatted(
                        DuckSql.quoted(name),
                        String.join(", ", values),
                        files.isEmpty() ? " WHERE false" : " FROM " + relation);
    }

    private static List<Column> made(
            TransformPlan plan, CustomSql transformation, Map<String, String> types) {
        Map<String, Column> made = new LinkedHashMap<>();
        types.forEach(
                (source, type) -> {
                    String name = Names.plain(source);
                    if (Layout.PROVENANCE.containsKey(name) || Layout.PARTITIONS.contains(name)) {
                        throw failed(
                                plan,
                                transformation,
                                "The column “%s” is added to all rows; leave it out, or name yours otherwise."
                                        .formatted(name),
                                null);
                    }
                    if (!DuckType.isReadable(type)) {
                        throw failed(
                                plan,
                                transformation,
                                "The column “%s” is of the type %s, which a dataset cannot hold. Cast it to another."
                                        .formatted(source, type),
                                null);
                    }
                    if (made.put(name, new Column(name, source, DuckType.parse(type))) != null) {
                        throw failed(
                                plan,
                                transformation,
                                "Two columns are named “%s”. Give one of them another name with AS."
                                        .formatted(name),
                                null);
                    }
                });
        return List.copyOf(made.values());
    }

    /** The SELECT that makes the rows, in the types of the dataset. */
    String select(TransformPlan plan) {
        List<String> values = new ArrayList<>();
        int i = 0;
        for (Map.Entry<String, String> source : types.entrySet()) {
            Column column = columns.get(i++);
            values.add(
                    "%s AS %s"
                            .formatted(
                                    DuckSql.inType(
                                            DuckSql.quoted(source.getKey()),
                                            source.getValue(),
                                            column.type()),
                                    DuckSql.quoted(column.name())));
        }
        DuckSql.provenance(plan)
                .forEach(
                        (name, value) ->
                                values.add("%s AS %s".formatted(value, DuckSql.quoted(name))));
        return "SELECT %s FROM %s".formatted(String.join(", ", values), MADE);
    }

    /** The columns, once their rows are written: some hold numbers that a double does not. */
    List<Column> columns(Connection duck, Path parquet) throws SQLException {
        List<Column> known = new ArrayList<>();
        for (Column column : columns) {
            known.add(isWide(column, duck, parquet) ? column.as(column.type().widely()) : column);
        }
        return known;
    }

    private static boolean isWide(Column column, Connection duck, Path parquet)
            throws SQLException {
        if (column.type().kind() != ColumnType.Kind.BIGINT
                && column.type().kind() != ColumnType.Kind.DECIMAL) {
            return false;
        }
        String name = DuckSql.quoted(column.name());
        String sql =
                "SELECT count(*) FROM read_parquet(%1$s) WHERE %2$s IS NOT NULL AND TRY_CAST(CAST(%2$s AS DOUBLE) AS %3$s) IS DISTINCT FROM %2$s"
                        .formatted(DuckSql.text(parquet.toString()), name, column.type().duck());
        try (Statement statement = duck.createStatement();
                ResultSet wide = statement.executeQuery(sql)) {
            wide.next();
            return wide.getLong(1) > 0;
        }
    }

    CustomSqlException failed(TransformPlan plan, SQLException problem) {
        Matcher told = WHERE.matcher(String.valueOf(problem.getMessage()));
        return failed(
                plan,
                transformation,
                // the lines are those of our own statement
                told.matches() ? told.group(1) : String.valueOf(problem.getMessage()),
                problem);
    }

    private static CustomSqlException failed(
            TransformPlan plan,
            CustomSql transformation,
            String message,
            @Nullable SQLException cause) {
        return new CustomSqlException(plan, transformation, message, cause);
    }
}
