package io.amcinsights.lake.duck;

import io.amcinsights.lake.plan.Column;
import io.amcinsights.lake.plan.ColumnType;
import io.amcinsights.lake.plan.TransformPlan;
import io.amcinsights.lake.plan.TransformPlan.Counts;
import io.amcinsights.lake.plan.TransformPlan.CustomSql;
import io.amcinsights.lake.plan.TransformPlan.Filtered;
import io.amcinsights.lake.plan.TransformPlan.Lookup;
import io.amcinsights.lake.plan.TransformPlan.Move;
import io.amcinsights.lake.plan.TransformPlan.Outcome;
import io.amcinsights.lake.plan.TransformPlan.Separate;
import io.amcinsights.lake.plan.TransformPlan.Stale;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Makes the dataset's rows of a delivery whose file is Parquet by now, and puts them down. */
public final class DuckRows {

    /** Where files are fetched from and put. */
    public interface Lake {

        void download(String key, Path file) throws IOException;

        void upload(Path file, String key) throws IOException;

        boolean has(String key) throws IOException;
    }

    /** What a customer's SQL has made of a delivery. */
    public record Made(Path parquet, List<Column> columns, long rows) {}

    private final Connection duck;
    private final Lake lake;

    public DuckRows(Connection duck, Lake lake) {
        this.duck = duck;
        this.lake = lake;
    }

    /**
     * Puts the rows down where the plan says.
     *
     * @param delivered the file's rows in the types of the plan, with their provenance; others are
     *     put beside it
     * @throws CustomSqlException the plan's transformation cannot be used
     */
    public Outcome load(TransformPlan plan, Path delivered) throws SQLException, IOException {
        CustomSql transformation = plan.transformation();
        if (transformation == null) {
            return put(plan, delivered);
        }
        Made made = made(plan, transformation, delivered);
        return put(plan.of(made.columns(), made.rows()), made.parquet()).of(made.columns());
    }

    /**
     * Runs a customer's SQL. From here on the connection reaches no file outside of the folder.
     *
     * @throws CustomSqlException it cannot be used
     */
    public Made made(TransformPlan plan, CustomSql transformation, Path delivered)
            throws SQLException, IOException {
        Map<String, List<Path>> lookups = new HashMap<>();
        for (Lookup lookup : transformation.lookups()) {
            List<Path> parts = new ArrayList<>();
            for (String key : lookup.keys()) {
                Path part =
                        delivered.resolveSibling(
                                "lookup-%d-%d.parquet".formatted(lookups.size(), parts.size()));
                lake.download(key, part);
                parts.add(part);
            }
            lookups.put(lookup.dataset(), parts);
        }
        CustomRows custom = CustomRows.of(plan, transformation, delivered, lookups, duck);
        Path parquet = delivered.resolveSibling("made.parquet");
        try {
            long rows = DuckSql.write(duck, custom.select(plan), parquet);
            return new Made(parquet, custom.columns(duck, parquet), rows);
        } catch (SQLException e) {
            throw custom.failed(plan, e);
        }
    }

    private Outcome put(TransformPlan plan, Path parquet) throws SQLException, IOException {
        Counts counts = new Measure(plan, parquet, duck).counts();
        Filtered filtered = plan.filtered();
        if (filtered == null || filtered.kept()) {
            lake.upload(parquet, plan.target());
            return new Outcome(counts.rows(), Files.size(parquet), 0, counts);
        }
        String select =
                "SELECT * FROM read_parquet(%s) WHERE ".formatted(DuckSql.text(parquet.toString()));
        String isFiltered = DuckSql.isFiltered(filtered.flag());
        Path shown = parquet.resolveSibling("shown.parquet");
        long rows = DuckSql.write(duck, select + "NOT " + isFiltered, shown);
        lake.upload(shown, plan.target());
        Separate separate = filtered.separate();
        if (separate == null || rows == counts.rows()) {
            return new Outcome(rows, Files.size(shown), 0, counts);
        }
        Path hidden = parquet.resolveSibling("hidden.parquet");
        DuckSql.write(duck, select + isFiltered, hidden);
        lake.upload(hidden, separate.target());
        return new Outcome(rows, Files.size(shown), Files.size(hidden), counts);
    }

    /** How many rows a file of Parquet has. */
    public long count(Path parquet) throws SQLException {
        try (Statement statement = duck.createStatement();
                ResultSet counted =
                        statement.executeQuery(
                                "SELECT count(*) FROM read_parquet(%s)"
                                        .formatted(DuckSql.text(parquet.toString())))) {
            counted.next();
            return counted.getLong(1);
        }
    }

    /**
     * Writes the plan's stale files anew, their columns in the types that the dataset has by now.
     * What was written already is kept, so that many files need not fit into the time of one call.
     *
     * @param folder for files that are of no use afterwards
     */
    public void renew(TransformPlan plan, Path folder) throws SQLException, IOException {
        List<Move> moves = new ArrayList<>(plan.moves());
        if (plan.filtered() != null && plan.filtered().separate() != null) {
            moves.addAll(plan.filtered().separate().moves());
        }
        for (Move move : moves) {
            for (Stale stale : move.files()) {
                if (!lake.has(stale.newKey())) {
                    renew(plan, stale, folder);
                }
            }
        }
    }

    private void renew(TransformPlan plan, Stale stale, Path folder)
            throws SQLException, IOException {
        Path old = folder.resolve("old.parquet");
        Path renewed = folder.resolve("renewed.parquet");
        Files.deleteIfExists(old);
        lake.download(stale.key(), old);
        Map<String, ColumnType> types =
                plan.datasetColumns().stream()
                        .collect(Collectors.toMap(Column::name, Column::type));
        String relation = "read_parquet(%s)".formatted(DuckSql.text(old.toString()));
        List<String> columns = new ArrayList<>();
        DuckSql.typesOf(relation, duck)
                .forEach((name, before) -> columns.add(renewed(name, before, types.get(name))));
        DuckSql.write(
                duck, "SELECT %s FROM %s".formatted(String.join(", ", columns), relation), renewed);
        lake.upload(renewed, stale.newKey());
    }

    private static String renewed(String name, String before, @Nullable ColumnType type) {
        String column = DuckSql.quoted(name);
        return type == null
                ? column
                : "%s AS %s".formatted(DuckSql.inType(column, before, type), column);
    }
}
