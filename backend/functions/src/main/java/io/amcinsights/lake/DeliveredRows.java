package io.amcinsights.lake;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.lake.duck.DuckSql;
import io.amcinsights.lake.duck.NestedSql;
import io.amcinsights.lake.plan.AmcCsv;
import io.amcinsights.lake.plan.Column;
import io.amcinsights.lake.plan.ColumnType;
import io.amcinsights.lake.plan.Dialect;
import io.amcinsights.lake.plan.Nested;
import io.amcinsights.lake.plan.SourceFormat;
import io.amcinsights.lake.plan.SourceRows;
import io.amcinsights.lake.plan.TransformPlan;

import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The rows of a delivered file, as DuckDB is told of them.
 *
 * @param relation what stands behind FROM; its columns have the names of the plan's
 * @param types of the relation's columns, in DuckDB's words; none where all are texts
 */
record DeliveredRows(
        TransformPlan plan, DuckDBConnection duck, String relation, Map<String, String> types) {

    /** Where rows are that DuckDB does not read by itself. */
    static final String TABLE = "delivery";

    /** DuckDB's own setting, in bytes; more costs time. */
    private static final long LONGEST_ROW = 2 << 20;

    static DeliveredRows of(TransformPlan plan, Path file, DuckDBConnection duck)
            throws SQLException, IOException {
        if (plan.format() == SourceFormat.PARQUET) {
            String parquet = parquet(plan, file);
            return new DeliveredRows(plan, duck, parquet, DuckSql.typesOf(parquet, duck));
        }
        boolean nested = plan.columns().stream().anyMatch(c -> c.type().isNested());
        String relation =
                plan.dialect() == null || nested
                        ? appended(plan, file, duck)
                        : read(plan, plan.dialect(), file);
        return new DeliveredRows(plan, duck, relation, Map.of());
    }

    private static String parquet(TransformPlan plan, Path file) {
        return "(SELECT %s FROM read_parquet(%s))"
                .formatted(
                        plan.columns().stream()
                                .map(
                                        c ->
                                                "%s AS %s"
                                                        .formatted(
                                                                DuckSql.quoted(c.source()),
                                                                DuckSql.quoted(c.name())))
                                .collect(Collectors.joining(", ")),
                        DuckSql.text(file.toString()));
    }

    /** The file as DuckDB reads it by itself, told everything, guessing nothing. */
    private static String read(TransformPlan plan, Dialect dialect, Path file) throws IOException {
        return """
        read_csv(%s, auto_detect = false, header = true, delim = ',', quote = '"',
            escape = '%s', new_line = '%s', nullstr = '', allow_quoted_nulls = false,
            max_line_size = %d, compression = '%s', columns = {%s})\
        """
                .formatted(
                        DuckSql.text(file.toString()),
                        dialect.escape(),
                        dialect.lineEnd().replace("\r", "\\r").replace("\n", "\\n"),
                        Math.max(dialect.longestRow(), LONGEST_ROW),
                        isZipped(file) ? "gzip" : "none",
                        plan.columns().stream()
                                .map(c -> DuckSql.text(c.name()) + ": 'VARCHAR'")
                                .collect(Collectors.joining(", ")));
    }

    private static boolean isZipped(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return SourceFormat.isZipped(in);
        }
    }

    /** The file as only we read it exactly, in a table. */
    private static String appended(TransformPlan plan, Path file, DuckDBConnection duck)
            throws SQLException, IOException {
        try (Statement statement = duck.createStatement()) {
            statement.execute(
                    "CREATE TABLE %s (%s)"
                            .formatted(
                                    TABLE,
                                    plan.columns().stream()
                                            .map(c -> DuckSql.quoted(c.name()) + " VARCHAR")
                                            .collect(Collectors.joining(", "))));
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
                DuckDBAppender appender = duck.createAppender(TABLE)) {
            SourceRows rows = plan.format().rows(in);
            List<@Nullable Nested> row;
            while ((row = rows.nextValues()) != null) {
                appender.beginRow();
                for (int i = 0; i < plan.columns().size(); i++) {
                    String value =
                            i < row.size()
                                    ? text(row.get(i), plan.columns().get(i), rows.rows())
                                    : null;
                    if (value == null) {
                        appender.appendNull();
                    } else {
                        appender.append(value);
                    }
                }
                appender.endRow();
            }
        } catch (AmcCsv.MalformedException e) {
            throw Inspection.unreadable(String.valueOf(e.getMessage()), e);
        }
        return TABLE;
    }

    private static @Nullable String text(@Nullable Nested value, Column column, long row) {
        if (!column.type().isNested()) {
            return Nested.text(value);
        }
        try {
            Nested shaped = Nested.shaped(value, column.type());
            return shaped == null ? null : Nested.json(shaped);
        } catch (IllegalArgumentException e) {
            throw misfit(row, String.valueOf(Nested.text(value)), column);
        }
    }

    /** A column in the type that the dataset has for it, under its name. */
    String typed(Column column) {
        return "%s AS %s".formatted(value(column), DuckSql.quoted(column.name()));
    }

    private String value(Column column) {
        String name = DuckSql.quoted(column.name());
        ColumnType type = column.type();
        String given = types.get(column.name());
        if (given != null) {
            return DuckSql.inType(name, given, type);
        }
        if (type.isNested()) {
            return NestedSql.read(name, type);
        }
        // A text may be empty; of another type nothing is there then.
        return type.duck().equals("varchar")
                ? name
                : "CAST(NULLIF(%s, '') AS %s)".formatted(name, type.duck());
    }

    /** Why the rows cannot be written: the first value that does not fit, if there is one. */
    FailureException explained(SQLException problem) {
        try {
            for (Column column : plan.columns()) {
                Optional<FailureException> misfit = firstMisfit(column);
                if (misfit.isPresent()) {
                    misfit.get().initCause(problem);
                    return misfit.get();
                }
            }
        } catch (SQLException e) {
            problem.addSuppressed(e);
        }
        return Transform.unwritable(problem);
    }

    private Optional<FailureException> firstMisfit(Column column) throws SQLException {
        String name = DuckSql.quoted(column.name());
        String sql =
                """
                SELECT number, CAST(%1$s AS VARCHAR)
                FROM (SELECT row_number() OVER () AS number, %1$s FROM %2$s)
                WHERE %1$s IS NOT NULL AND CAST(%1$s AS VARCHAR) <> '' AND TRY(%3$s) IS NULL
                ORDER BY number LIMIT 1
                """
                        .formatted(name, relation, value(column));
        try (Statement statement = duck.createStatement();
                ResultSet first = statement.executeQuery(sql)) {
            return first.next()
                    ? Optional.of(misfit(first.getLong(1), first.getString(2), column))
                    : Optional.empty();
        }
    }

    private static FailureException misfit(long row, String value, Column column) {
        return Failure.of(
                        ErrorCode.BAD_DELIVERY,
                        "Row %d has “%s” in the column “%s”, which does not fit into the dataset's %s."
                                .formatted(row, value, column.source(), column.type().sql()))
                .next("Correct the value and deliver the file again; the dataset is as it was.")
                .exception();
    }
}
