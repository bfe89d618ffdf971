package io.amcinsights.lake;

import io.amcinsights.contract.Quality;
import io.amcinsights.lake.plan.TransformPlan;
import io.amcinsights.lake.plan.TransformPlan.Filtered;
import io.amcinsights.lake.plan.TransformPlan.Separate;

import org.duckdb.DuckDBConnection;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

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
        Filtered filtered = plan.filtered();
        String condition = filtered == null ? "false" : isFiltered(filtered.flag());
        try (Statement statement = duck.createStatement();
                ResultSet counted =
                        statement.executeQuery(
                                "SELECT count(*) FILTER (WHERE %s) FROM read_parquet(%s)"
                                        .formatted(
                                                condition, Transform.text(parquet.toString())))) {
            counted.next();
            return new Quality(
                    plan.rows(), filtered == null ? null : filtered(filtered, counted.getLong(1)));
        }
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
