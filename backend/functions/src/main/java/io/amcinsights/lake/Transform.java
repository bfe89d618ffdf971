package io.amcinsights.lake;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Json;
import io.amcinsights.lake.plan.Column;
import io.amcinsights.lake.plan.ColumnType;
import io.amcinsights.lake.plan.Layout;
import io.amcinsights.lake.plan.TransformPlan;
import io.amcinsights.lake.plan.TransformPlan.Counts;
import io.amcinsights.lake.plan.TransformPlan.CustomSql;
import io.amcinsights.lake.plan.TransformPlan.Filtered;
import io.amcinsights.lake.plan.TransformPlan.Lookup;
import io.amcinsights.lake.plan.TransformPlan.Move;
import io.amcinsights.lake.plan.TransformPlan.Outcome;
import io.amcinsights.lake.plan.TransformPlan.Provenance;
import io.amcinsights.lake.plan.TransformPlan.Separate;
import io.amcinsights.lake.plan.TransformPlan.Stale;

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
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Carries out a plan with DuckDB: the delivered file becomes Parquet, stale files are renewed. */
public final class Transform {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

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

    /** What a customer's SQL has made of a delivery. */
    private record Made(Path parquet, List<Column> columns, long rows) {}

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
                    Made made =
                            made(plan, Objects.requireNonNull(plan.transformation()), folder, duck);
                    List<List<@Nullable String>> first = new ArrayList<>();
                    String values =
                            made.columns().stream()
                                    .map(c -> "CAST(%s AS VARCHAR)".formatted(quoted(c.name())))
                                    .collect(Collectors.joining(", "));
                    try (Statement statement = duck.createStatement();
                            ResultSet rows =
                                    statement.executeQuery(
                                            "SELECT %s FROM read_parquet(%s) LIMIT %d"
                                                    .formatted(
                                                            values,
                                                            text(made.parquet().toString()),
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
                write(
                        duck,
                        "SELECT * FROM read_parquet([%s], union_by_name = true)"
                                .formatted(
                                        parts.stream()
                                                .map(p -> text(p.toString()))
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
                    Outcome outcome = load(plan, folder, duck);
                    List<Move> moves = new ArrayList<>(plan.moves());
                    if (plan.filtered() != null && plan.filtered().separate() != null) {
                        moves.addAll(plan.filtered().separate().moves());
                    }
                    for (Move move : moves) {
                        for (Stale file : move.files()) {
                            renew(plan, file, folder, duck);
                        }
                    }
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
        } catch (SQLException e) {
            throw unwritable(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    private Outcome load(TransformPlan plan, Path folder, DuckDBConnection duck)
            throws SQLException, IOException {
        CustomSql transformation = plan.transformation();
        if (transformation == null) {
            return delivered(plan, rows(plan, folder, duck), duck);
        }
        Made made = made(plan, transformation, folder, duck);
        return delivered(plan.of(made.columns(), made.rows()), made.parquet(), duck)
                .of(made.columns());
    }

    private Made made(
            TransformPlan plan, CustomSql transformation, Path folder, DuckDBConnection duck)
            throws SQLException, IOException {
        Path input = rows(plan, folder, duck);
        Map<String, List<Path>> lookups = new HashMap<>();
        for (Lookup lookup : transformation.lookups()) {
            List<Path> parts = new ArrayList<>();
            for (String key : lookup.keys()) {
                Path part =
                        folder.resolve(
                                "lookup-%d-%d.parquet".formatted(lookups.size(), parts.size()));
                files.download(key, part);
                parts.add(part);
            }
            lookups.put(lookup.dataset(), parts);
        }
        CustomRows custom = CustomRows.of(plan, transformation, input, lookups, duck);
        Path parquet = folder.resolve("made.parquet");
        try {
            long rows = write(duck, custom.select(plan), parquet);
            return new Made(parquet, custom.columns(), rows);
        } catch (SQLException e) {
            throw custom.failed(plan, e);
        }
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
                                provenance(plan).entrySet().stream()
                                        .map(e -> e.getValue() + " AS " + quoted(e.getKey())))
                        .flatMap(Function.identity())
                        .collect(Collectors.joining(", "));
        Path parquet = folder.resolve("delivery.parquet");
        long written;
        try {
            written = write(duck, "SELECT %s FROM %s".formatted(values, rows.relation()), parquet);
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
        return parquet;
    }

    private Outcome delivered(TransformPlan plan, Path parquet, DuckDBConnection duck)
            throws SQLException, IOException {
        Counts counts = Measure.of(plan, parquet).in(duck);
        Filtered filtered = plan.filtered();
        if (filtered == null || filtered.kept()) {
            files.upload(parquet, plan.target());
            return new Outcome(counts.rows(), Files.size(parquet), 0, counts);
        }
        return divided(plan, filtered, counts, parquet, duck);
    }

    /** Loads the rows whose values AMC has hidden elsewhere, or not at all. */
    private Outcome divided(
            TransformPlan plan,
            Filtered filtered,
            Counts counts,
            Path parquet,
            DuckDBConnection duck)
            throws SQLException, IOException {
        String select = "SELECT * FROM read_parquet(%s) WHERE ".formatted(text(parquet.toString()));
        String isFiltered = Measure.isFiltered(filtered.flag());
        Path shown = parquet.resolveSibling("shown.parquet");
        long rows = write(duck, select + "NOT " + isFiltered, shown);
        files.upload(shown, plan.target());
        Separate separate = filtered.separate();
        if (separate == null || rows == counts.rows()) {
            return new Outcome(rows, Files.size(shown), 0, counts);
        }
        Path hidden = parquet.resolveSibling("hidden.parquet");
        write(duck, select + isFiltered, hidden);
        files.upload(hidden, separate.target());
        return new Outcome(rows, Files.size(shown), Files.size(hidden), counts);
    }

    /** From the text that AMC wrote: its column may be a double, which is not exact. */
    private static String converted(Column twin) {
        Column.Money money = Objects.requireNonNull(twin.money());
        return "%s AS %s"
                .formatted(
                        money.unit().convert(quoted(money.column()), twin.type()),
                        quoted(twin.name()));
    }

    /** What is told of all rows: expressions of their values, by column. */
    static Map<String, String> provenance(TransformPlan plan) {
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

    /**
     * Writes a file anew, its columns in the types that the dataset has by now. What was written
     * already is kept, so that many files need not fit into the time of one call.
     */
    private void renew(TransformPlan plan, Stale stale, Path folder, DuckDBConnection duck)
            throws SQLException, IOException {
        if (files.has(stale.newKey())) {
            return;
        }
        Path old = folder.resolve("old.parquet");
        Path renewed = folder.resolve("renewed.parquet");
        Files.deleteIfExists(old);
        files.download(stale.key(), old);
        Map<String, ColumnType> types =
                plan.datasetColumns().stream()
                        .collect(Collectors.toMap(Column::name, Column::type));
        List<String> columns = new ArrayList<>();
        typesOf("read_parquet(%s)".formatted(text(old.toString())), duck)
                .forEach((name, before) -> columns.add(renewed(name, before, types.get(name))));
        write(
                duck,
                "SELECT %s FROM read_parquet(%s)"
                        .formatted(String.join(", ", columns), text(old.toString())),
                renewed);
        files.upload(renewed, stale.newKey());
    }

    private static String renewed(String name, String before, @Nullable ColumnType type) {
        String column = quoted(name);
        if (type == null) {
            return column;
        }
        return "%s AS %s".formatted(DeliveredRows.inType(column, before, type), column);
    }

    /** The columns of what stands behind FROM, in their order, with DuckDB's types. */
    static Map<String, String> typesOf(String relation, DuckDBConnection duck) throws SQLException {
        try (Statement statement = duck.createStatement();
                ResultSet rows = statement.executeQuery("DESCRIBE SELECT * FROM " + relation)) {
            Map<String, String> types = new LinkedHashMap<>();
            while (rows.next()) {
                types.put(rows.getString("column_name"), rows.getString("column_type"));
            }
            return types;
        }
    }

    /** How many rows were written. */
    private static long write(DuckDBConnection duck, String select, Path parquet)
            throws SQLException {
        try (Statement statement = duck.createStatement()) {
            return statement.executeLargeUpdate(
                    "COPY (%s) TO %s (FORMAT parquet, COMPRESSION zstd)"
                            .formatted(select, text(parquet.toString())));
        }
    }

    private static String time(@Nullable Instant instant) {
        return instant == null ? "NULL" : text(TIME.format(instant));
    }

    private static String textOrNull(@Nullable String value) {
        return value == null ? "NULL" : text(value);
    }

    static String text(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.toList().reversed()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
