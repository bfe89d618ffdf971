package io.amcinsights.lake.duck;

import io.amcinsights.lake.plan.ColumnType;
import io.amcinsights.lake.plan.Layout;
import io.amcinsights.lake.plan.TransformPlan;
import io.amcinsights.lake.plan.TransformPlan.Provenance;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Expressions of DuckDB. */
public final class DuckSql {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

    /** Numbers that a double may not hold exactly. */
    private static final Set<String> EXACT = Set.of("BIGINT", "UBIGINT", "HUGEINT", "DECIMAL");

    private DuckSql() {}

    /** A text. */
    public static String text(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    /** A name. */
    public static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** The columns of what stands behind FROM, in their order, with DuckDB's types. */
    public static Map<String, String> typesOf(String relation, Connection duck)
            throws SQLException {
        try (Statement statement = duck.createStatement();
                ResultSet rows = statement.executeQuery("DESCRIBE SELECT * FROM " + relation)) {
            Map<String, String> types = new LinkedHashMap<>();
            while (rows.next()) {
                types.put(rows.getString("column_name"), rows.getString("column_type"));
            }
            return types;
        }
    }

    /** Writes rows as Parquet; how many they were. */
    public static long write(Connection duck, String select, Path parquet) throws SQLException {
        try (Statement statement = duck.createStatement()) {
            return statement.executeLargeUpdate(
                    "COPY (%s) TO %s (FORMAT parquet, COMPRESSION zstd)"
                            .formatted(select, text(parquet.toString())));
        }
    }

    /** A condition for a row whose values AMC has hidden, whatever the flag's type is. */
    static String isFiltered(String flag) {
        return "(coalesce(lower(CAST(%s AS VARCHAR)), '') = 'true')".formatted(quoted(flag));
    }

    /** What is told of all rows of a delivery: their values, by column. */
    public static Map<String, String> provenance(TransformPlan plan) {
        Provenance provenance = plan.provenance();
        Map<String, String> values = new HashMap<>();
        values.put("delivery_id", text(plan.deliveryId()));
        values.put("run_id", textOrNull(provenance.runId()));
        values.put("parameters", textOrNull(provenance.parameters()));
        values.put("window_start", time(provenance.windowStart()));
        values.put("window_end", time(provenance.windowEnd()));
        values.put("delivered_at", time(provenance.deliveredAt()));
        Map<String, String> typed = new LinkedHashMap<>();
        Layout.PROVENANCE.forEach(
                (name, type) ->
                        typed.put(name, "CAST(%s AS %s)".formatted(values.get(name), type.sql())));
        return typed;
    }

    private static String time(@Nullable Instant instant) {
        return instant == null ? "NULL" : text(TIME.format(instant));
    }

    private static String textOrNull(@Nullable String value) {
        return value == null ? "NULL" : text(value);
    }

    /**
     * A value in the type of a dataset; where that does not hold it exactly, DuckDB refuses it.
     *
     * @param given its type, in DuckDB's words
     */
    public static String inType(String value, String given, ColumnType type) {
        return type.duck().equals("varchar") && DuckType.isNested(given)
                ? NestedSql.write(value, given)
                : cast(value, given, type);
    }

    private static String cast(String value, String given, ColumnType type) {
        String cast = "CAST(%s AS %s)".formatted(value, type.duck());
        if (given.equals("TIMESTAMP_NS") && type.equals(ColumnType.TIMESTAMP)) {
            return unlessLost(value, "epoch_ns(%s) %% 1000 = 0".formatted(value), cast);
        }
        if (type.kind() == ColumnType.Kind.DOUBLE
                && EXACT.contains(given.replaceFirst("\\(.*", ""))) {
            return unlessLost(value, "CAST(%s AS %s) = %s".formatted(cast, given, value), cast);
        }
        return cast;
    }

    private static String unlessLost(String value, String same, String cast) {
        String refused = cast.replace(value, "'lost: ' || " + value);
        return "CASE WHEN %s IS NULL THEN NULL WHEN %s THEN %s ELSE %s END"
                .formatted(value, same, cast, refused);
    }
}
