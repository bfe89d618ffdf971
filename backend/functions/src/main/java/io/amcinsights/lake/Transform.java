package io.amcinsights.lake;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Json;
import io.amcinsights.lake.duck.CustomSqlException;
import io.amcinsights.lake.duck.DuckRows;
import io.amcinsights.lake.duck.DuckSql;
import io.amcinsights.lake.plan.Column;
import io.amcinsights.lake.plan.TransformPlan;
import io.amcinsights.lake.plan.TransformPlan.Outcome;

import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Carries out a plan with DuckDB: the delivered file becomes Parquet, stale files are renewed. */
public final class Transform {

    private static final int SHOWN_ROWS = 50;

    private record Compacted(int files) {}

    /**
     * @param datasets that a customer's SQL reads besides the delivered rows
     */
    record Reads(List<String> datasets) {}

    /**
     * @param rows that a customer's SQL has made
     * @param first some of them, as texts
     */
    record Tried(long rows, List<Column> columns, List<List<@Nullable String>> first) {}

    private interface Work<T> {
        T in(Path folder, DuckDBConnection duck) throws SQLException, IOException;
    }

    private final LakeFiles files;

    public Transform(LakeFiles files) {
        this.files = files;
    }

    Object step(String step, JsonNode input) {
        return switch (step) {
            case "transform" -> carryOut(plan(input, TransformPlan.class));
            case "compact" -> compact(plan(input, Compaction.Plan.class));
            case "check-sql" -> reads(input.path("sql").asText());
            case "try" -> tried(Json.read(input.path("plan").toString(), TransformPlan.class));
            default ->
                    throw Failure.invalid("step", "There is no step “%s”.".formatted(step))
                            .exception();
        };
    }

    private <T> T plan(JsonNode input, Class<T> type) {
        return Json.read(files.read(input.path("plan").asText()), type);
    }

    private static Reads reads(String sql) {
        return inFolder((folder, duck) -> new Reads(CustomSqlCheck.reads(sql, duck)));
    }

    private Tried tried(TransformPlan plan) {
        return inFolder(
                (folder, duck) -> {
                    DuckRows.Made made =
                            new DuckRows(duck, files)
                                    .made(
                                            plan,
                                            Objects.requireNonNull(plan.transformation()),
                                            rows(plan, folder, duck));
                    List<List<@Nullable String>> first = new ArrayList<>();
                    String values =
                            made.columns().stream()
                                    .map(
                                            c ->
                                                    "CAST(%s AS VARCHAR)"
                                                            .formatted(DuckSql.quoted(c.name())))
                                    .collect(Collectors.joining(", "));
                    try (Statement statement = duck.createStatement();
                            ResultSet rows =
                                    statement.executeQuery(
                                            "SELECT %s FROM read_parquet(%s) LIMIT %d"
                                                    .formatted(
                                                            values,
                                                            DuckSql.text(made.parquet().toString()),
                                                            SHOWN_ROWS))) {
                        while (rows.next()) {
                            List<@Nullable String> row = new ArrayList<>();
                            for (int i = 1; i <= made.columns().size(); i++) {
                                row.add(rows.getString(i));
                            }
                            first.add(row);
                        }
                    }
                    return new Tried(made.rows(), made.columns(), first);
                });
    }

    private Compacted compact(Compaction.Plan plan) {
        return inFolder(
                (folder, duck) -> {
                    for (Compaction.Merge merge : plan.merges()) {
                        if (!files.has(merge.target())) {
                            merge(merge, folder, duck);
                        }
                    }
                    return new Compacted(plan.merges().size());
                });
    }

    private void merge(Compaction.Merge merge, Path folder, DuckDBConnection duck)
            throws SQLException, IOException {
        if (merge.keys().size() == 1) {
            files.copy(merge.keys().getFirst(), merge.target());
            return;
        }
        List<Path> parts = new ArrayList<>();
        for (String key : merge.keys()) {
            Path part = folder.resolve("part-%d.parquet".formatted(parts.size()));
            files.download(key, part);
            parts.add(part);
        }
        Path merged = folder.resolve("merged.parquet");
        long rows =
                DuckSql.write(
                        duck,
                        // by period, so that whoever asks for one skips the others' row groups
                        """
                        SELECT * EXCLUDE (filename, file_row_number) FROM read_parquet([%s],
                            union_by_name = true, filename = true, file_row_number = true)
                        ORDER BY window_start, delivered_at, filename, file_row_number
                        """
                                .formatted(
                                        parts.stream()
                                                .map(p -> DuckSql.text(p.toString()))
                                                .collect(Collectors.joining(", "))),
                        merged);
        if (rows != merge.file().rows()) {
            throw new IllegalStateException(
                    "%d rows became %d in %s".formatted(merge.file().rows(), rows, merge.target()));
        }
        files.upload(merged, merge.target());
        for (Path part : parts) {
            Files.delete(part);
        }
    }

    private Outcome carryOut(TransformPlan plan) {
        return inFolder(
                (folder, duck) -> {
                    DuckRows rows = new DuckRows(duck, files);
                    Outcome outcome = rows.load(plan, rows(plan, folder, duck));
                    rows.renew(plan, folder);
                    return outcome;
                });
    }

    private static <T> T inFolder(Work<T> work) {
        try {
            Path folder = Files.createTempDirectory("transform");
            try (DuckDBConnection duck = open(folder)) {
                return work.in(folder, duck);
            } finally {
                delete(folder);
            }
        } catch (CustomSqlException e) {
            throw unusable(e);
        } catch (SQLException e) {
            throw unwritable(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FailureException unusable(CustomSqlException e) {
        Failure failure =
                e.isTrial()
                        ? Failure.invalid("sql", String.valueOf(e.getMessage()))
                                .next("Correct the SQL, then try it again.")
                        : unusable(String.valueOf(e.getMessage()));
        return new FailureException(failure, e);
    }

    /** Why a delivery could not be loaded with the transformation that was in force. */
    static Failure unusable(String reason) {
        return Failure.of(ErrorCode.BAD_DELIVERY, reason)
                .next(
                        "Correct the transformation of the dataset, try it on this delivery and put"
                                + " it in force; then load the delivery again.");
    }

    static FailureException unwritable(SQLException e) {
        return new FailureException(
                Failure.of(
                        ErrorCode.BAD_DELIVERY,
                        "The file cannot be turned into a table: " + e.getMessage()),
                e);
    }

    private static DuckDBConnection open(Path folder) throws SQLException {
        Properties settings = new Properties();
        settings.setProperty("autoinstall_known_extensions", "false");
        settings.setProperty("memory_limit", "1GB");
        settings.setProperty("TimeZone", "UTC");
        settings.setProperty("temp_directory", folder.resolve("spill").toString());
        Connection connection = DriverManager.getConnection("jdbc:duckdb:", settings);
        return connection.unwrap(DuckDBConnection.class);
    }

    /** The rows of the delivered file, with what is told of all of them. */
    private Path rows(TransformPlan plan, Path folder, DuckDBConnection duck)
            throws SQLException, IOException {
        Path csv = folder.resolve("delivery.csv");
        files.download(plan.source(), csv);
        DeliveredRows rows = DeliveredRows.of(plan, csv, duck);
        String values =
                Stream.of(
                                plan.columns().stream().map(rows::typed),
                                plan.converted().stream().map(Transform::converted),
                                DuckSql.provenance(plan).entrySet().stream()
                                        .map(
                                                e ->
                                                        e.getValue()
                                                                + " AS "
                                                                + DuckSql.quoted(e.getKey())))
                        .flatMap(Function.identity())
                        .collect(Collectors.joining(", "));
        Path parquet = folder.resolve("delivery.parquet");
        long written;
        try {
            written =
                    DuckSql.write(
                            duck, "SELECT %s FROM %s".formatted(values, rows.relation()), parquet);
        } catch (SQLException e) {
            throw rows.explained(e);
        }
        if (written != plan.rows()) {
            throw Failure.of(
                            ErrorCode.BAD_DELIVERY,
                            "The file has %d rows where %d were counted before."
                                    .formatted(written, plan.rows()))
                    .exception();
        }
        try (Statement statement = duck.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS " + DeliveredRows.TABLE);
        }
        return parquet;
    }

    /** From the text that AMC wrote: its column may be a double, which is not exact. */
    private static String converted(Column twin) {
        Column.Money money = Objects.requireNonNull(twin.money());
        return "%s AS %s"
                .formatted(
                        money.unit().convert(DuckSql.quoted(money.column()), twin.type()),
                        DuckSql.quoted(twin.name()));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.toList().reversed()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
