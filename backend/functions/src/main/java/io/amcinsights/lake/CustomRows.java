package io.amcinsights.lake;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.lake.plan.Column;
import io.amcinsights.lake.plan.ColumnType;
import io.amcinsights.lake.plan.Layout;
import io.amcinsights.lake.plan.Names;
import io.amcinsights.lake.plan.TransformPlan;
import io.amcinsights.lake.plan.TransformPlan.CustomSql;

import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
     * @throws FailureException the SQL cannot run on this delivery, or makes what is no dataset
     */
    static CustomRows of(
            TransformPlan plan,
            CustomSql transformation,
            Path input,
            Map<String, List<Path>> lookups,
            DuckDBConnection duck)
            throws SQLException {
        try (Statement statement = duck.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS " + DeliveredRows.TABLE);
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
                            .formatted(Transform.text(input.getParent() + "/")));
            statement.execute("SET enable_external_access = false");
            statement.execute("SET lock_configuration = true");
        }
        Map<String, String> types;
        try (Statement statement = duck.createStatement()) {
            // as a statement of its own, it may end with a semicolon and comments
            statement.execute("CREATE VIEW %s AS %s".formatted(MADE, transformation.sql()));
            types = Transform.typesOf(MADE, duck);
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
                transformation, types, made.stream().map(c -> byName.get(c.name())).toList());
    }

    private static String view(
            String name,
            List<Column> columns,
            List<Path> files,
            Map<String, ColumnType> more,
            DuckDBConnection duck)
            throws SQLException {
        String relation =
                "read_parquet([%s], union_by_name = true)"
                        .formatted(
                                files.stream()
                                        .map(p -> Transform.text(p.toString()))
                                        .collect(Collectors.joining(", ")));
        Map<String, String> there = files.isEmpty() ? Map.of() : Transform.typesOf(relation, duck);
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
                                                        ? Transform.quoted(column)
                                                        : "NULL",
                                                type.duck(),
                                                Transform.quoted(column))));
        return "CREATE VIEW %s AS SELECT %s%s"
                .formatted(
                        Transform.quoted(name),
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
                                    DeliveredRows.inType(
                                            Transform.quoted(source.getKey()),
                                            source.getValue(),
                                            column.type()),
                                    Transform.quoted(column.name())));
        }
        Transform.provenance(plan)
                .forEach(
                        (name, value) ->
                                values.add("%s AS %s".formatted(value, Transform.quoted(name))));
        return "SELECT %s FROM %s".formatted(String.join(", ", values), MADE);
    }

    FailureException failed(TransformPlan plan, SQLException problem) {
        Matcher told = WHERE.matcher(String.valueOf(problem.getMessage()));
        return failed(
                plan,
                transformation,
                // the lines are those of our own statement
                told.matches() ? told.group(1) : String.valueOf(problem.getMessage()),
                problem);
    }

    private static FailureException failed(
            TransformPlan plan,
            CustomSql transformation,
            String message,
            @Nullable SQLException cause) {
        if (transformation.version() == 0) {
            return new FailureException(
                    Failure.invalid("sql", message).next("Correct the SQL, then try it again."),
                    cause);
        }
        return new FailureException(
                Failure.of(
                                ErrorCode.BAD_DELIVERY,
                                "Version %d of the transformation of “%s” cannot be used on this file: %s"
                                        .formatted(
                                                transformation.version(), plan.dataset(), message))
                        .next(
                                "Correct the transformation of the dataset, try it on this delivery"
                                        + " and put it in force; then load the delivery again."),
                cause);
    }
}
