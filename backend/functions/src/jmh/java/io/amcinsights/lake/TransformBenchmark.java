package io.amcinsights.lake;

import io.amcinsights.aws.MemoryS3;
import io.amcinsights.contract.Json;
import io.amcinsights.lake.plan.Layout;
import io.amcinsights.lake.plan.SourceFormat;
import io.amcinsights.lake.plan.TransformPlan;
import io.amcinsights.lake.plan.TransformPlan.Provenance;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * Makes Parquet of a result file of AMC, side by side with DuckDB's own {@code COPY} of the same
 * file, which guesses the types from a sample. The limit is 1.3 times the peer.
 *
 * <p>{@code mvn -q -pl backend/functions -am -Pbench package -DskipTests}; argument: megabytes of
 * CSV.
 */
final class TransformBenchmark {

    private static final double LIMIT = 1.3;
    private static final int RUNS = 5;

    /** Something that takes its time. */
    private interface Work {
        void run() throws IOException, SQLException;
    }

    private TransformBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        int megabytes = arguments.length == 0 ? 200 : Integer.parseInt(arguments[0]);
        Path folder = Files.createTempDirectory("transform-benchmark");
        Path csv = folder.resolve("delivery.csv");
        Path parquet = folder.resolve("peer.parquet");
        try {
            long rows = write(csv, megabytes);
            System.out.printf(
                    Locale.ROOT, "%,d rows, %d MB of CSV, %d runs each%n", rows, megabytes, RUNS);
            MemoryS3 s3 = new MemoryS3().bucket("lake");
            s3.objects.put("lake/delivery.csv", Files.readAllBytes(csv));
            LakeFiles files = new LakeFiles(s3, "lake");
            files.put(
                    "plan.json",
                    Json.write(
                            plan(files.inspect("delivery.csv", SourceFormat.AMC_CSV, Map.of()))));
            Transform transform = new Transform(files);
            double[] plan = new double[RUNS];
            double[] ours = new double[RUNS];
            double[] peer = new double[RUNS];
            for (int run = 0; run < RUNS; run++) {
                peer[run] = seconds(() -> copy(files, csv, parquet));
                ours[run] =
                        seconds(
                                () ->
                                        transform.step(
                                                "transform",
                                                Json.mapper()
                                                        .createObjectNode()
                                                        .put("plan", "plan.json")));
                plan[run] =
                        seconds(
                                () ->
                                        files.inspect(
                                                "delivery.csv", SourceFormat.AMC_CSV, Map.of()));
            }
            print("DuckDB COPY", median(peer), megabytes);
            print("transform", median(ours), megabytes);
            print("types of all values", median(plan), megabytes);
            System.out.printf(
                    Locale.ROOT,
                    "transform takes %.2f times DuckDB's COPY (limit %.1f)%n",
                    median(ours) / median(peer),
                    LIMIT);
        } finally {
            for (Path file : List.of(csv, parquet, folder)) {
                Files.deleteIfExists(file);
            }
        }
    }

    static TransformPlan plan(Inspection inspection) {
        var columns = Layout.merge(List.of(), inspection.header(), inspection.types());
        return new TransformPlan(
                "delivery-1",
                "delivery.csv",
                "delivery.parquet",
                inspection.rows(),
                SourceFormat.AMC_CSV,
                inspection.dialect(),
                columns,
                List.of(),
                new Provenance("tenant", "2026-11", null, null, null, null, Instant.EPOCH),
                "dataset",
                0,
                columns,
                null,
                List.of(),
                List.of(),
                null);
    }

    /** From the bucket and back into it, as the function does it. */
    private static void copy(LakeFiles files, Path csv, Path parquet)
            throws IOException, SQLException {
        Files.delete(csv);
        files.download("delivery.csv", csv);
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement()) {
            statement.execute(
                    "COPY (FROM read_csv('%s', header=true, escape='\\')) TO '%s' (FORMAT parquet, COMPRESSION zstd)"
                            .formatted(csv, parquet));
        }
        files.upload(parquet, "peer.parquet");
    }

    /** A result as analysts ask for it: a row for each campaign, day, segment and creative. */
    private static long write(Path csv, int megabytes) throws IOException {
        return write(csv, megabytes * 1_000_000L, Long.MAX_VALUE);
    }

    /** As many rows of such a result. */
    static void write(Path csv, long rows) throws IOException {
        write(csv, Long.MAX_VALUE, rows);
    }

    private static long write(Path csv, long mostBytes, long mostRows) throws IOException {
        Random random = new Random(7);
        long size = 0;
        long rows = 0;
        try (BufferedWriter out = Files.newBufferedWriter(csv)) {
            out.write(
                    "campaign_id,campaign,day,segment,creative_asin,impressions,reach,clicks,"
                            + "total_cost,share,new_to_brand,note\n");
            while (size < mostBytes && rows < mostRows) {
                String row =
                        String.format(
                                Locale.ROOT,
                                "%d,\"Kestrel %d, \\\"always on\\\"\",%s,Segment"
                                        + " %d,B0%08X,%d,%d,%s,%.4f,%s,%s,%s%n",
                                580_000_000_000L + random.nextInt(400),
                                random.nextInt(40),
                                LocalDate.of(2026, 1, 1).plusDays(random.nextInt(300)),
                                random.nextInt(900),
                                random.nextInt(5_000),
                                random.nextInt(2_000_000),
                                random.nextInt(300_000),
                                random.nextInt(10) == 0 ? "" : random.nextInt(9_000),
                                random.nextDouble() * 90_000,
                                random.nextDouble(),
                                random.nextBoolean(),
                                random.nextInt(3) == 0 ? "" : "\"\"");
                out.write(row);
                size += row.length();
                rows++;
            }
        }
        return rows;
    }

    private static double seconds(Work work) throws IOException, SQLException {
        long from = System.nanoTime();
        work.run();
        return (System.nanoTime() - from) / 1e9;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static void print(String what, double seconds, int megabytes) {
        System.out.printf(
                Locale.ROOT, "%-20s %6.2f s  %5.0f MB/s%n", what, seconds, megabytes / seconds);
    }
}
