package io.amcinsights.lake.duck;

import io.amcinsights.lake.plan.Column;
import io.amcinsights.lake.plan.TransformPlan;
import io.amcinsights.lake.plan.TransformPlan.Counts;
import io.amcinsights.lake.plan.TransformPlan.Filtered;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Counts what the rows of a delivery are like. */
record Measure(TransformPlan plan, Path parquet, Connection duck) {

    Counts counts() throws SQLException {
        Filtered filtered = plan.filtered();
        return new Counts(
                plan.rows(),
                filtered == null
                        ? null
                        : count(
                                "count(*) FILTER (WHERE %s)"
                                        .formatted(DuckSql.isFiltered(filtered.flag()))),
                plan.rows() > Counts.MOST_COMPARED ? null : duplicates(),
                nulls(),
                new RuleCheck(plan, parquet, duck).run());
    }

    /** DuckDB spills the rows that it compares where they do not fit into its memory. */
    private long duplicates() throws SQLException {
        String row =
                plan.columns().stream()
                        .map(column -> DuckSql.quoted(column.name()))
                        .collect(Collectors.joining(", "));
        return plan.rows() - count("count(DISTINCT row(%s))".formatted(row));
    }

    private long count(String what) throws SQLException {
        String sql =
                "SELECT %s FROM read_parquet(%s)".formatted(what, DuckSql.text(parquet.toString()));
        try (Statement statement = duck.createStatement();
                ResultSet counted = statement.executeQuery(sql)) {
            counted.next();
            return counted.getLong(1);
        }
    }

    /** The writer has counted them already. */
    private Map<String, Long> nulls() throws SQLException {
        Map<String, Long> nulls = new LinkedHashMap<>();
        plan.columns().forEach(column -> nulls.put(column.name(), 0L));
        String sql =
                "SELECT path_in_schema, sum(stats_null_count) FROM parquet_metadata(%s) GROUP BY 1"
                        .formatted(DuckSql.text(parquet.toString()));
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
                                "count(*) FILTER (WHERE %s IS NULL)"
                                        .formatted(DuckSql.quoted(column.name()))));
            }
        }
        return nulls;
    }
}
