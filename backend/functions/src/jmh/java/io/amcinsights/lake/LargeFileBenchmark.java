package io.amcinsights.lake;

import io.amcinsights.contract.Json;
import io.amcinsights.lake.plan.SourceFormat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Loads a result of ten million rows, more than 1 GB of CSV, in a process of its own as the
 * functions do it: types of all values, then Parquet. The most memory that the process ever had is
 * limited to 1.5 GB. The peer is what the retired job did, in a single process of Python with
 * pandas and pyarrow, where these are installed.
 */
final class LargeFileBenchmark {

    private static final long ROWS = 10_000_000;
    private static final double LIMIT_GB = 1.5;
    private static final String OWN = "load";

    /** Steps 3 to 7 of the retired job: read twice, once as text; whole numbers; Parquet. */
    private static final String PANDAS =
            """
            import sys, time, pandas
            begun = time.monotonic()
            options = dict(escapechar="\\\\", encoding="utf-8", header=0, skip_blank_lines=True)
            texts = pandas.read_csv(sys.argv[1], dtype=str, **options)
            frame = pandas.read_csv(sys.argv[1], **options)
            for name in frame.columns:
                if name.endswith(("_id", "_asin")):
                    frame[name] = texts[name].astype("string")
                elif frame[name].dtype == object:
                    frame[name] = frame[name].astype(str)
                elif frame[name].dtype.kind == "f" and "cost" not in name:
                    if (frame[name].dropna() % 1 == 0).all():
                        frame[name] = frame[name].astype("Int64")
            frame.to_parquet(sys.argv[2], compression="snappy", index=False)
            print(time.monotonic() - begun)
            """;

    private LargeFileBenchmark() {}

    /** Without arguments the whole comparison; with a folder, the loading of the file in it. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 2 && arguments[0].equals(OWN)) {
            load(Path.of(arguments[1]));
            return;
        }
        long rows = arguments.length == 0 ? ROWS : Long.parseLong(arguments[0]);
        Path folder = Files.createTempDirectory("large-file-benchmark");
        try {
            Path csv = folder.resolve("delivery.csv");
            TransformBenchmark.write(csv, rows);
            System.out.printf(
                    Locale.ROOT, "%,d rows, %.2f GB of CSV%n", rows, Files.size(csv) / 1e9);
            double ours = ours(folder);
            double peer = pandas(csv, folder.resolve("pandas.parquet"));
            if (peer > 0) {
                System.out.printf(Locale.ROOT, "the lake takes %.2f times pandas%n", ours / peer);
            }
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.toList().reversed()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static double ours(Path folder) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx384m",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                LargeFileBenchmark.class.getName(),
                                OWN,
                                folder.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        List<String> said = lines(process);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("The loading failed: " + said);
        }
        said.subList(0, said.size() - 1).forEach(System.out::println);
        return Double.parseDouble(said.getLast());
    }

    private static void load(Path folder) throws IOException {
        LakeFiles files = new LakeFiles(new FolderS3(folder), "lake");
        long begun = System.nanoTime();
        Inspection inspection = files.inspect("delivery.csv", SourceFormat.AMC_CSV, Map.of());
        double inspected = seconds(begun);
        files.put("plan.json", Json.write(TransformBenchmark.plan(inspection)));
        begun = System.nanoTime();
        new Transform(files)
                .step("transform", Json.mapper().createObjectNode().put("plan", "plan.json"));
        double transformed = seconds(begun);
        System.out.printf(
                Locale.ROOT,
                "types of all values %.1f s, transform %.1f s, Parquet %.2f GB%n",
                inspected,
                transformed,
                Files.size(folder.resolve("delivery.parquet")) / 1e9);
        Path status = Path.of("/proc/self/status");
        if (Files.exists(status)) {
            double peak =
                    Files.readAllLines(status).stream()
                                    .filter(line -> line.startsWith("VmHWM:"))
                                    .mapToDouble(
                                            line -> Double.parseDouble(line.replaceAll("\\D", "")))
                                    .sum()
                            * 1024
                            / 1e9;
            System.out.printf(
                    Locale.ROOT,
                    "peak memory %.2f GB (limit %.1f, %s)%n",
                    peak,
                    LIMIT_GB,
                    peak < LIMIT_GB ? "kept" : "BROKEN");
        } else {
            System.out.println("peak memory: skipped, this system does not tell it");
        }
        System.out.println(inspected + transformed);
    }

    /** Seconds; 0 where it is not there. */
    private static double pandas(Path csv, Path parquet) throws IOException, InterruptedException {
        String python = System.getProperty("python", "python3");
        try {
            Process asked =
                    new ProcessBuilder(python, "-c", "import pandas, pyarrow")
                            .redirectErrorStream(true)
                            .start();
            List<String> refusal = lines(asked);
            if (asked.waitFor() != 0) {
                System.out.println(
                        "pandas: skipped, "
                                + (refusal.isEmpty() ? "no reason" : refusal.getLast()));
                return 0;
            }
            Process process =
                    new ProcessBuilder(python, "-c", PANDAS, csv.toString(), parquet.toString())
                            .redirectErrorStream(true)
                            .start();
            List<String> said = lines(process);
            if (process.waitFor() != 0) {
                System.out.println("pandas: failed, " + said.getLast());
                return 0;
            }
            double seconds = Double.parseDouble(said.getLast());
            System.out.printf(Locale.ROOT, "pandas %.1f s%n", seconds);
            return seconds;
        } catch (IOException e) {
            System.out.println("pandas: skipped, " + e.getMessage());
            return 0;
        }
    }

    private static List<String> lines(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    private static double seconds(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }
}
