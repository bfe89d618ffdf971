package io.amcinsights.local.amc;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.sun.management.OperatingSystemMXBean;

import io.amcinsights.local.amc.engine.Cancellation;
import io.amcinsights.local.amc.engine.Query;
import io.amcinsights.local.amc.engine.QueryEngine;
import io.amcinsights.local.amc.engine.QueryException;
import io.amcinsights.local.amc.world.EventStore;
import io.amcinsights.local.amc.world.World;
import io.amcinsights.local.amc.world.World.Instance;
import io.amcinsights.sql.amc.AmcSchema;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Makes the events of all instances, against a limit of 20 seconds, and runs the query library over
 * 13 months of the largest instance, each template against a limit of 3 seconds. Seconds are those
 * of the clock and those of the processors: on a machine that does other things at the same time
 * only the second say something.
 *
 * <p>{@code mvn -q -pl backend/local -am -Pbench package -DskipTests}; system property {@code
 * events}: a folder whose events are used again.
 */
final class LibraryBenchmark {

    private static final double MAKING_LIMIT = 20;
    private static final double QUERY_LIMIT = 3;
    private static final String TEMPLATES = "/io/amcinsights/workflows/templates/";

    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    /** Seconds of the clock and of the processors. */
    private record Time(long nanos, long cpu) {

        static Time now() {
            return new Time(System.nanoTime(), PROCESS.getProcessCpuTime());
        }

        double seconds() {
            return (System.nanoTime() - nanos) / 1e9;
        }

        double cpuSeconds() {
            return (PROCESS.getProcessCpuTime() - cpu) / 1e9;
        }
    }

    private LibraryBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        String given = System.getProperty("events");
        Path folder = given == null ? Files.createTempDirectory("amc-events") : Path.of(given);
        try {
            measure(folder, arguments.length == 0 ? "" : arguments[0]);
        } finally {
            if (given == null) {
                delete(folder);
            }
        }
    }

    private static void measure(Path folder, String only) throws Exception {
        Clock clock = Clock.fixed(Instant.parse("2026-11-24T09:00:00Z"), ZoneOffset.UTC);
        Instance largest = World.load().instances().getFirst();
        System.out.printf(
                Locale.ROOT,
                "load %.1f of %d processors%n",
                PROCESS.getSystemLoadAverage(),
                PROCESS.getAvailableProcessors());
        try (EventStore events = new EventStore(folder, AmcSchema.standard(), clock)) {
            QueryEngine engine = new QueryEngine(AmcSchema.standard(), events, clock);
            Time making = Time.now();
            for (Instance instance : World.load().instances()) {
                Time one = Time.now();
                events.connect(instance).close();
                row(
                        instance.id(),
                        one,
                        Files.size(folder.resolve(instance.id() + ".duckdb")) >> 20);
            }
            row("all instances", making, 0);
            System.out.printf(
                    Locale.ROOT,
                    "limit %.0f s: %.2f of it%n%n",
                    MAKING_LIMIT,
                    making.seconds() / MAKING_LIMIT);
            Path csv = folder.resolve("benchmark.csv");
            String worst = "";
            double most = 0;
            for (String template : text("library").lines().filter(l -> !l.isBlank()).toList()) {
                if (!template.contains(only)) {
                    continue;
                }
                Time one = Time.now();
                try {
                    row(
                            template,
                            one,
                            engine.run(largest, query(template), csv, new Cancellation()).rows());
                } catch (QueryException e) {
                    System.out.println(template + ": " + e.getMessage());
                }
                if (one.seconds() > most) {
                    most = one.seconds();
                    worst = template;
                }
            }
            System.out.printf(
                    Locale.ROOT,
                    "limit %.0f s: the slowest, %s, takes %.2f of it%n",
                    QUERY_LIMIT,
                    worst,
                    most / QUERY_LIMIT);
        }
    }

    private static void row(String what, Time time, long size) {
        System.out.printf(
                Locale.ROOT,
                "%-55s %7.2f s %7.2f s cpu %8d%n",
                what,
                time.seconds(),
                time.cpuSeconds(),
                size);
    }

    private static Query query(String template) throws IOException {
        JsonNode yaml = new YAMLMapper().readTree(text(template + ".yaml"));
        ObjectNode workflow = new ObjectMapper().createObjectNode();
        workflow.put("sqlQuery", yaml.path("sql").asText());
        Map<String, JsonNode> values = new HashMap<>();
        for (JsonNode parameter : yaml.path("parameters")) {
            if (parameter.hasNonNull("defaultValue")) {
                values.put(parameter.path("name").asText(), parameter.path("defaultValue"));
            }
        }
        return Query.of(
                workflow,
                values,
                Instant.parse("2025-10-24T00:00:00Z"),
                Instant.parse("2026-11-24T00:00:00Z"),
                true);
    }

    private static String text(String file) throws IOException {
        try (InputStream in =
                requireNonNull(
                        LibraryBenchmark.class.getResourceAsStream(TEMPLATES + file), file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
