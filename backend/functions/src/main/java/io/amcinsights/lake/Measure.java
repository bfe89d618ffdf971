package io.amcinsights.lake;

import io.amcinsights.contract.DatasetSettings.FilteredRows;
import io.amcinsights.contract.Quality;
import io.amcinsights.lake.plan.Column;
import io.amcinsights.lake.plan.TransformPlan;
import io.amcinsights.lake.plan.TransformPlan.Counts;
import io.amcinsights.lake.plan.TransformPlan.Filtered;
import io.amcinsights.lake.plan.TransformPlan.Separate;

import org.duckdb.DuckDBConnection;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Counts what the rows of a delivery are like. */
record Measure(TransformPlan plan, Path parquet) {

    static Measure of(TransformPlan plan, Path parquet) {
        return new Measure(plan, parquet);
    }

    /** DuckDB's condition for a row whose values AMC has hidden, whatever the flag's type is. */
    static String isFiltered(String flag) {
        return "(coalesce(lower(CAST(%s AS VARCHAR)), '') = 'true')"
                .formatted(Transform.quoted(flag));
    }

    Counts in(DuckDBConnection duck) throws SQLException {
        Filtered filtered = plan.filtered();
        return new Counts(
                plan.rows(),
                filtered == null
                        ? null
                        : count(
                                duck,
                                "count(*) FILTER (WHERE %s)"
                                        .formatted(isFiltered(filtered.flag()))),
                plan.rows() > Counts.MOST_COMPARED ? null : duplicates(duck),
                nulls(duck),
                new RuleCheck(plan, parquet, duck).run());
    }

    /** What the counts say of the delivery. */
    static Quality quality(TransformPlan plan, Counts counts) {
        Filtered filtered = plan.filtered();
        return new Quality(
                counts.rows(),
                filtered == null || counts.filtered() == null
                        ? null
                        : filtered(plan, filtered, counts.filtered()),
                counts.duplicates(),
                counts.nulls(),
                plan.provenance().windowEnd(),
                plan.provenance().deliveredAt(),
                Rules.checks(plan.rules(), counts.broken()));
    }

    /** DuckDB spills the rows that it compares where they do not fit into its memory. */
    private long duplicates(DuckDBConnection duck) throws SQLException {
        String row =
                plan.columns().stream()
                        .map(column -> Transform.quoted(column.name()))
                        .collect(Collectors.joining(", "));
        return plan.rows() - count(duck, "count(DISTINCT row(%s))".formatted(row));
    }

    private long count(DuckDBConnection duck, String what) throws SQLException {
        String sql =
                "SELECT %s FROM read_parquet(%s)"
                        .formatted(what, Transform.text(parquet.toString()));
        try (Statement statement = duck.createStatement();
                ResultSet counted = statement.executeQuery(sql)) {
            counted.next();
            return counted.getLong(1);
        }
    }

    /** The writer has counted them already. */
    private Map<String, Long> nulls(DuckDBConnection duck) throws SQLException {
        Map<String, Long> nulls = new LinkedHashMap<>();
        plan.columns().forEach(column -> nulls.put(column.name(), 0L));
        String sql =
                "SELECT path_in_schema, sum(stats_null_count) FROM parquet_metadata(%s) GROUP BY 1"
                        .formatted(Transform.text(parquet.toString()));
        try (Statement statement = duck.createStatement();
                ResultSet counted = statement.executeQuery(sql)) {
            while (counted.next()) {
                long count = counted.getLong(2);
                nulls.computeIfPresent(counted.getString(1), (column, none) -> count);
            }
        }
        for (Column column : plan.columns()) {
            if (column.type().isNested()) { // the writer counts those of its parts
                nulls.put(
                        column.name(),
                        count(
                                duck,
                                "count(*) FILTER (WHERE %s IS NULL)"
                                        .formatted(Transform.quoted(column.name()))));
            }
        }
        return nulls;
    }

    private static Quality.Filtered filtered(TransformPlan plan, Filtered filtered, long rows) {
        Separate separate = filtered.separate();
        if (filtered.kept()) {
            return new Quality.Filtered(rows, FilteredRows.KEEP, rows == 0 ? null : plan.dataset());
        }
        return separate == null
                ? new Quality.Filtered(rows, FilteredRows.DROP, null)
                : new Quality.Filtered(
                        rows, FilteredRows.SEPARATE, rows == 0 ? null : separate.dataset());
    }
}
