package io.amcinsights.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TenantRequest.ListTenants;

import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.StsClient;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A workspace as it is installed, with its start-up cache: how long it takes to start, how much
 * memory it and its engine hold when nothing happens, how soon the rows of a file of 50 MB are
 * found by Athena, and how it answers 200 who ask at the same time for a minute. Each figure stands
 * beside its limit.
 *
 * <p>{@code mvn -q -pl backend/local -am -Pbench package -DskipTests}
 */
final class WorkspaceBenchmark {

    private static final int AT_ONCE = 200;
    private static final Duration ASKING = Duration.ofMinutes(1);
    private static final long FILE = 50_000_000;

    private WorkspaceBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("workspace");
        try {
            measure(folder);
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void measure(Path folder) throws Exception {
        Path cache = folder.resolve("start-up.aot");
        try (StartedWorkspace workspace =
                started(folder.resolve("rehearsal"), "-XX:AOTCacheOutput=" + cache)) {
            workspace.ask("SELECT 1");
            ProcessHandle process = ProcessHandle.of(workspace.pid()).orElseThrow();
            List<ProcessHandle> all = process.descendants().toList();
            process.destroy();
            process.onExit().join();
            all.forEach(p -> p.onExit().join());
        }
        Path data = folder.resolve("data");
        long begun = System.nanoTime();
        try (StartedWorkspace workspace = started(data, "-XX:AOTCache=" + cache)) {
            row("start, all but Athena (s)", seconds(begun), 1.5);
            workspace.ask("SELECT 1");
            row("start, first answer of Athena (s)", seconds(begun), 8);
            awaitEvents(data);
            double all = resident(workspace.pid());
            System.out.printf(Locale.ROOT, "%-40s %9.0f%n", "memory, the workspace (MB)", all);
            for (ProcessHandle child :
                    ProcessHandle.of(workspace.pid()).orElseThrow().descendants().toList()) {
                double engine = resident(child.pid());
                all += engine;
                System.out.printf(
                        Locale.ROOT, "%-40s %9.0f%n", "memory, Athena's engine (MB)", engine);
            }
            row("memory, both (MB)", all, 700);
            queryable(workspace);
            ask(workspace);
        }
    }

    /** As the desktop starts it. */
    private static StartedWorkspace started(Path data, String cache)
            throws IOException, URISyntaxException {
        Path target =
                Path.of(
                                LocalWorkspace.class
                                        .getProtectionDomain()
                                        .getCodeSource()
                                        .getLocation()
                                        .toURI())
                        .getParent();
        return new StartedWorkspace(
                data,
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + target.resolve("amc-insights-local.options"),
                        cache,
                        "-jar",
                        target.resolve("amc-insights-local.jar").toString(),
                        "--port",
                        "0",
                        "--data",
                        data.toString(),
                        "--with-parent",
                        String.valueOf(ProcessHandle.current().pid())));
    }

    /** Until the simulator has made the events of its instances, and nothing happens any more. */
    private static void awaitEvents(Path data) throws Exception {
        JsonNode accounts =
                new ObjectMapper().readTree(data.resolve("amc.json").toFile()).path("accounts");
        long instances =
                accounts.findValues("instanceIds").stream().mapToLong(JsonNode::size).sum();
        Path events = data.resolve("amc/events");
        Workspaces.await(
                Duration.ofMinutes(5),
                () -> {
                    try (Stream<Path> files = Files.list(events)) {
                        return files.filter(f -> f.toString().endsWith(".duckdb")).count();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                made -> made == instances);
    }

    private static void queryable(StartedWorkspace workspace) throws Exception {
        Tenant tenant = workspace.onboard(1).getFirst();
        workspace.load(tenant, "warm", "day,campaign,users,cost\n2026-10-01,A,1,1.5\n");
        workspace.ask("SELECT count(*) FROM warm");
        byte[] file = file();
        long begun = System.nanoTime();
        workspace.deliver(tenant, "reach", RequestBody.fromBytes(file));
        row("50 MB, loaded (s)", seconds(begun), 5);
        workspace.ask("SELECT count(*), sum(cost) FROM reach");
        row("50 MB, delivered to answered (s)", seconds(begun), 5);
    }

    private static byte[] file() {
        StringBuilder csv = new StringBuilder("day,campaign,users,cost\n");
        Random random = new Random(1);
        while (csv.length() < FILE) {
            csv.append("2026-10-")
                    .append(10 + random.nextInt(20))
                    .append(",\"Campaign ")
                    .append(random.nextInt(500))
                    .append("\",")
                    .append(random.nextInt(1_000_000))
                    .append(',')
                    .append(random.nextInt(10_000) / 100.0)
                    .append('\n');
        }
        return csv.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static void ask(StartedWorkspace workspace) throws Exception {
        ConcurrentLinkedQueue<Long> took = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<String> errors = new ConcurrentLinkedQueue<>();
        StsClient sts = workspace.to(StsClient.builder());
        LambdaClient lambda = workspace.to(LambdaClient.builder());
        S3Client s3 = workspace.s3();
        List<Runnable> questions =
                List.of(
                        sts::getCallerIdentity,
                        () -> Workspaces.call(lambda, new ListTenants()),
                        s3::listBuckets);
        long until = System.nanoTime() + ASKING.toNanos();
        try (ExecutorService people = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < AT_ONCE; i++) {
                int number = i;
                people.execute(
                        () -> {
                            for (int n = number; System.nanoTime() < until; n++) {
                                long begun = System.nanoTime();
                                try {
                                    questions.get(n % questions.size()).run();
                                } catch (RuntimeException e) {
                                    errors.add(String.valueOf(e.getMessage()));
                                }
                                took.add(System.nanoTime() - begun);
                            }
                        });
            }
            people.shutdown();
            people.awaitTermination(ASKING.toSeconds() * 2, TimeUnit.SECONDS);
        }
        long[] sorted = took.stream().mapToLong(Long::longValue).sorted().toArray();
        System.out.printf(
                Locale.ROOT,
                "%d at once for %d s: %d answers, %d errors, p50 %.0f ms, p99 %.0f ms%n",
                AT_ONCE,
                ASKING.toSeconds(),
                sorted.length,
                errors.size(),
                sorted[sorted.length / 2] / 1e6,
                sorted[sorted.length * 99 / 100] / 1e6);
        errors.stream().distinct().limit(5).forEach(System.out::println);
    }

    private static void row(String what, double value, double limit) {
        System.out.printf(
                Locale.ROOT,
                "%-40s %9.2f   limit %5.1f   %.2f of it%n",
                what,
                value,
                limit,
                value / limit);
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    /** What a process holds of the machine's memory, in MB. */
    private static double resident(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status")).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .map(line -> line.replaceAll("\\D", ""))
                        .mapToLong(Long::parseLong)
                        .findFirst()
                        .orElse(0)
                / 1024.0;
    }
}
