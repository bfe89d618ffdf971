package io.amcinsights.lake;

import io.amcinsights.contract.Quality;
import io.amcinsights.lake.plan.Column;
import io.amcinsights.lake.plan.TransformPlan;
import io.amcinsights.lake.plan.TransformPlan.Filtered;
import io.amcinsights.lake.plan.TransformPlan.Separate;

import org.duckdb.DuckDBConnection;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Counts what the rows of a delivery are like, all of them in one pass. */
record Measure(TransformPlan plan, Path parquet) {

    static Measure of(TransformPlan plan, Path parquet) {
        return new Measure(plan, parquet);
    }

    /** DuckDB's condition for a row whose values AMC has hidden, whatever the flag's type is. */
    static String isFiltered(String flag) {
        return "(coalesce(lower(CAST(%s AS VARCHAR)), '') = 'true')"
                .formatted(Transform.quoted(flag));
    }

    Quality in(DuckDBConnection duck) throws SQLException {
        List<String> names = plan.columns().stream().map(Column::name).toList();
        Filtered filtered = plan.filtered();
        // DuckDB spills the rows that it compares where they do not fit into its memory
        String sql =
                "SELECT count(DISTINCT row(%s)), count(*) FILTER (WHERE %s), %s FROM read_parquet(%s)"
                        .formatted(
                                each(names, "%s"),
                                filtered == null ? "false" : isFiltered(filtered.flag()),
                                each(names, "count(*) - count(%s)"),
                                Transform.text(parquet.toString()));
        try (Statement statement = duck.createStatement();
                ResultSet counted = statement.executeQuery(sql)) {
            counted.next();
            Map<String, Long> nulls = new LinkedHashMap<>();
            for (int i = 0; i < names.size(); i++) {
                nulls.put(names.get(i), counted.getLong(i + 3));
            }
            return new Quality(
                    plan.rows(),
                    filtered == null ? null : filtered(filtered, counted.getLong(2)),
                    plan.rows() - counted.getLong(1),
                    nulls,
                    plan.provenance().windowEnd());
        }
    }

    private static String each(List<String> names, String expression) {
        return names.stream()
                .map(name -> expression.formatted(Transform.quoted(name)))
                .collect(Collectors.joining(", "));
    }

    private Quality.Filtered filtered(Filtered filtered, long rows) {
        Separate separate = filtered.separate();
        String dataset =
                switch (filtered.handling()) {
                    case KEEP -> plan.dataset();
                    case DROP -> null;
                    case SEPARATE -> separate == null ? null : separate.dataset();
                };
        return new Quality.Filtered(rows, filtered.handling(), rows == 0 ? null : dataset);
    }
}
