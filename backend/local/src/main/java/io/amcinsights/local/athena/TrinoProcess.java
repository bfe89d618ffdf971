package io.amcinsights.local.athena;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.local.clock.Timer;
import io.amcinsights.local.http.AccessKeys.AccessKey;
import io.amcinsights.local.store.PrivateFiles;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future.State;
import java.util.concurrent.TimeUnit;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The Athena engine: Trino in a Java process of its own, on a free port of the loopback address. It
 * starts in the background, is started again when it dies, and ends with the workspace. When nobody
 * has used it for a while it ends, too, gives its memory back, and starts with the next query. Only
 * who holds the key in its folder may use it.
 */
public final class TrinoProcess implements AutoCloseable {

    /** Who runs the statements, as Trino knows him. */
    static final String USER = "athena";

    private static final Logger LOG = LoggerFactory.getLogger(TrinoProcess.class);
    private static final Duration START = Duration.ofMinutes(5);
    private static final Duration STOP = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(100);

    /** Longer than a break between two questions. */
    static final Duration IDLE = Duration.ofMinutes(30);

    private static final String LAUNCHER = "lib/amc-insights-engine.jar";
    private static final Base64.Encoder URL_BASE64 = Base64.getUrlEncoder().withoutPadding();

    private record Running(Process process, TrinoClient client) {}

    private record Services(URI endpoint, AccessKey key) {}

    /** The engine in use; it does not rest before this is closed. */
    final class Lease implements AutoCloseable {
        private final TrinoClient client;

        private Lease(TrinoClient client) {
            this.client = client;
        }

        TrinoClient client() {
            return client;
        }

        @Override
        public void close() {
            release();
        }
    }

    private final Path engine;
    private final Path folder;
    private final String region;
    private final int memoryMb;
    private final Timer timer;
    private final byte[] secret = new byte[32];

    private @Nullable Services services;
    private @Nullable CompletableFuture<Running> current;
    private Timer.Alarm rest = () -> {};
    private int users;
    private boolean closed;

    /**
     * Starts nothing yet.
     *
     * @param engine folder of the assembled engine
     * @param folder for the engine's configuration and log
     * @param memoryMb of its heap
     */
    public TrinoProcess(Path engine, Path folder, String region, int memoryMb, Timer timer) {
        this.engine = engine.toAbsolutePath();
        this.folder = folder;
        this.region = region;
        this.memoryMb = memoryMb;
        this.timer = timer;
        new SecureRandom().nextBytes(secret);
    }

    /** Where the engine is if nobody says: as in the installed application, or as built. */
    public static Path place() {
        Path code = code();
        Path installed = code.resolveSibling("engine");
        return Files.exists(installed)
                ? installed
                : code.resolveSibling("../../engine/target/engine").normalize();
    }

    /** Our jar or folder of classes. A class from a start-up cache may not know its code source. */
    private static Path code() {
        String name = TrinoProcess.class.getName().replace('.', '/') + ".class";
        try {
            String url =
                    Objects.requireNonNull(TrinoProcess.class.getResource("/" + name)).toString();
            String place = url.substring(0, url.length() - name.length());
            return Path.of(
                    new URI(
                            place.startsWith("jar:")
                                    ? place.substring("jar:".length(), place.lastIndexOf("!/"))
                                    : place));
        } catch (URISyntaxException e) {
            throw new IllegalStateException("The program's place is not a path", e);
        }
    }

    /** Whether there is an engine in a folder. */
    public static boolean isIn(Path engine) {
        return Files.exists(engine.resolve(LAUNCHER));
    }

    /**
     * Begins to start the engine.
     *
     * @param endpoint where Glue and S3 are served
     * @param key that the engine signs its requests with
     * @param then is done when the engine has started, or could not
     */
    public void start(URI endpoint, AccessKey key, Runnable then) {
        CompletableFuture<Running> first;
        synchronized (this) {
            services = new Services(endpoint, key);
            first = current();
        }
        var _ = first.whenComplete((_, _) -> then.run());
    }

    /**
     * The engine, as soon as it has started; one that could not start is tried again.
     *
     * @throws EngineException why there is none
     */
    Lease use() throws EngineException, InterruptedException {
        boolean up = false;
        CompletableFuture<Running> wanted = begin();
        try {
            Lease lease = new Lease(wanted.get().client());
            up = true;
            return lease;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof EngineException reason) {
                throw new EngineException(reason.getMessage());
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            if (!up) {
                release();
            }
        }
    }

    private synchronized CompletableFuture<Running> begin() {
        users++;
        rest.cancel();
        return current();
    }

    private synchronized void release() {
        users--;
        restLater();
    }

    private synchronized void restLater() {
        rest.cancel();
        if (users == 0) {
            rest = timer.at(timer.instant().plus(IDLE), this::rest);
        }
    }

    private void rest() {
        Running running;
        synchronized (this) {
            if (users > 0 || current == null || current.state() != State.SUCCESS) {
                return;
            }
            running = current.resultNow();
            current = null;
        }
        LOG.info("Nobody has used the Athena engine for {} minutes; it rests", IDLE.toMinutes());
        end(running.process());
    }

    private synchronized CompletableFuture<Running> current() {
        wake();
        return current != null
                ? current
                : CompletableFuture.failedFuture(
                        new EngineException("The local workspace is stopping."));
    }

    /** Begins to start the engine unless it runs, or is starting. */
    private synchronized void wake() {
        boolean usable =
                current != null
                        && switch (current.state()) {
                            case RUNNING -> true;
                            case SUCCESS -> current.resultNow().process().isAlive();
                            case FAILED, CANCELLED -> false;
                        };
        Services known = services;
        if (!usable && !closed && known != null) {
            CompletableFuture<Running> next = new CompletableFuture<>();
            current = next;
            Thread.ofVirtual().name("athena-engine").start(() -> launch(next, known));
        }
    }

    private void launch(CompletableFuture<Running> next, Services known) {
        long began = System.nanoTime();
        try {
            Running running = launch(known);
            next.complete(running);
            LOG.info(
                    "The Athena engine is ready after {} ms",
                    Duration.ofNanos(System.nanoTime() - began).toMillis());
            restLater();
            running.process().waitFor();
            if (isWanted()) {
                LOG.warn("The Athena engine has stopped; it is started again");
                wake();
            }
        } catch (EngineException e) {
            if (!isClosed()) {
                LOG.error(e.getMessage());
            }
            next.completeExceptionally(e);
        } catch (IOException e) {
            LOG.error("The Athena engine cannot start", e);
            next.completeExceptionally(
                    new EngineException("The Athena engine cannot start: " + e.getMessage()));
        } catch (InterruptedException | RuntimeException e) {
            next.completeExceptionally(new EngineException("The Athena engine cannot start: " + e));
        }
    }

    private Running launch(Services known)
            throws EngineException, IOException, InterruptedException {
        if (!isIn(engine)) {
            throw new EngineException(
                    "There is no Athena engine in %s. Build it with mvn package, or name its folder with --engine."
                            .formatted(engine));
        }
        if (System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows")) {
            throw new EngineException(
                    "The local Athena engine (Trino) runs on Linux and macOS only."
                            + " Everything else of the workspace works; query on AWS instead.");
        }
        int port = freePort();
        configure(known, port);
        Path log = folder.resolve("engine.log");
        if (Files.exists(log)) {
            Files.move(
                    log, folder.resolve("engine.before.log"), StandardCopyOption.REPLACE_EXISTING);
        }
        Process process = command(log).start();
        boolean up = false;
        try {
            TrinoClient client = new TrinoClient(URI.create("http://127.0.0.1:" + port), token());
            await(process, client, log);
            up = true;
            return new Running(process, client);
        } finally {
            if (!up) {
                process.destroyForcibly();
            } else {
                endIfClosed(process);
            }
        }
    }

    private synchronized void endIfClosed(Process process) {
        if (closed) {
            process.destroyForcibly();
        }
    }

    private ProcessBuilder command(Path log) {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms128m",
                        "-Xmx" + memoryMb + "m",
                        // Up in two thirds of the time, and analysts' queries are short.
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        // And again: kept when an engine of these libraries first ends.
                        "-XX:+AutoCreateSharedArchive",
                        "-XX:SharedArchiveFile=" + archive(),
                        "-XX:+ExitOnOutOfMemoryError",
                        "-Djava.awt.headless=true",
                        "-Duser.timezone=UTC",
                        "--add-modules=jdk.incubator.vector",
                        "-Dconfig=" + folder.resolve("config.properties"),
                        "-jar",
                        engine.resolve(LAUNCHER).toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
    }

    /** Of loaded classes: beside the engine, for all workspaces, or else for this one. */
    private Path archive() {
        Path shared = engine.resolveSibling("engine.jsa");
        return Files.exists(shared) || Files.isWritable(shared.getParent())
                ? shared
                : folder.resolve("engine.jsa");
    }

    /** Until it runs a first statement, which also loads what later ones need. */
    private void await(Process process, TrinoClient client, Path log)
            throws EngineException, InterruptedException {
        long end = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < end) {
            if (process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new EngineException(
                        "The Athena engine stopped while it started (exit code %d). Its log, %s, ends: %s"
                                .formatted(process.exitValue(), log, end(log)));
            }
            if (isClosed()) {
                throw new EngineException("The local workspace is stopping.");
            }
            if (client.isUp() && runsFirst(client)) {
                return;
            }
        }
        throw new EngineException(
                "The Athena engine did not start within %d minutes. Its log is %s."
                        .formatted(START.toMinutes(), log));
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized boolean isWanted() {
        return !closed && current != null;
    }

    private static boolean runsFirst(TrinoClient client) throws InterruptedException {
        try {
            client.run(
                    "SELECT count(*) FROM information_schema.schemata",
                    new TrinoClient.Session(null, Map.of(), Map.of(), null),
                    new TrinoClient.Sink() {
                        @Override
                        public void begins(String engineId) {}

                        @Override
                        public void columns(List<TrinoClient.Column> columns) {}

                        @Override
                        public void row(JsonNode values) {}

                        @Override
                        public void progress(TrinoClient.Progress progress) {}
                    });
            return true;
        } catch (QueryFailure | EngineException | IOException e) {
            LOG.debug("The engine is not ready for statements", e);
            return false;
        }
    }

    private static String end(Path log) {
        try {
            List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
            return String.join(
                    " | ",
                    lines.stream()
                            .filter(line -> !line.isBlank() && !line.startsWith("\tat "))
                            .toList()
                            .reversed()
                            .stream()
                            .limit(3)
                            .toList()
                            .reversed());
        } catch (IOException e) {
            return "(cannot be read: " + e.getMessage() + ")";
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    /** Configuration as in "Deploying Trino" and "Hive connector" of Trino's documentation. */
    private void configure(Services known, int port) throws IOException {
        PrivateFiles.folder(folder);
        PrivateFiles.folder(folder.resolve("catalog"));
        PrivateFiles.folder(folder.resolve("plugin"));
        PrivateFiles.write(
                folder.resolve("jwt.key"), Base64.getEncoder().encodeToString(secret) + "\n");
        PrivateFiles.write(
                folder.resolve("config.properties"),
                """
                node.environment=local
                node.id=local
                node.internal-address=127.0.0.1
                node.bind-ip=127.0.0.1
                coordinator=true
                node-scheduler.include-coordinator=true
                http-server.http.port=%1$d
                http-server.log.enabled=false
                http-server.max-request-header-size=4MB
                http-server.process-forwarded=true
                http-server.authentication.type=JWT
                http-server.authentication.jwt.key-file=%2$s
                internal-communication.shared-secret=%3$s
                discovery.uri=http://127.0.0.1:%1$d
                access-control.config-files=%6$s
                catalog.config-dir=%4$s
                plugin.dir=%5$s
                web-ui.enabled=false
                query.max-memory-per-node=%7$dMB
                memory.heap-headroom-per-node=%8$dMB
                query.max-history=20
                query.min-expire-age=1m
                """
                        .formatted(
                                port,
                                folder.resolve("jwt.key"),
                                Base64.getEncoder().encodeToString(sign("internal")),
                                folder.resolve("catalog"),
                                folder.resolve("plugin"),
                                folder.resolve("access-control.properties"),
                                memoryMb * 45 / 100,
                                memoryMb / 5));
        PrivateFiles.write(
                folder.resolve("access-control.properties"), "access-control.name=amc-insights\n");
        PrivateFiles.write(
                folder.resolve("catalog").resolve(TrinoClient.CATALOG + ".properties"),
                """
                connector.name=hive
                hive.metastore=glue
                hive.metastore.glue.endpoint-url=%1$s
                hive.metastore.glue.region=%2$s
                hive.metastore.glue.aws-access-key=%3$s
                hive.metastore.glue.aws-secret-key=%4$s
                hive.non-managed-table-writes-enabled=true
                hive.partition-projection-enabled=true
                hive.collect-column-statistics-on-write=false
                hive.recursive-directories=true
                hive.storage-format=PARQUET
                hive.compression-codec=GZIP
                fs.native-s3.enabled=true
                s3.endpoint=%1$s
                s3.region=%2$s
                s3.path-style-access=true
                s3.aws-access-key=%3$s
                s3.aws-secret-key=%4$s
                """
                        .formatted(
                                known.endpoint(), region, known.key().id(), known.key().secret()));
    }

    /** A JSON Web Token of the engine's user, by HMAC: RFC 7519. */
    private String token() {
        String header = encoded("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");
        String text = header + "." + encoded("{\"sub\":\"" + USER + "\"}");
        return text + "." + URL_BASE64.encodeToString(sign(text));
    }

    private static String encoded(String json) {
        return URL_BASE64.encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private byte[] sign(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has HmacSHA256", e);
        }
    }

    @Override
    public void close() {
        Running running = null;
        synchronized (this) {
            closed = true;
            rest.cancel();
            if (current != null && current.state() == State.SUCCESS) {
                running = current.resultNow();
            }
        }
        if (running == null) {
            return;
        }
        end(running.process());
        try {
            if (!running.process().waitFor(STOP)) {
                LOG.info("The Athena engine is ending: it keeps what makes its next start fast");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** It ends when its input does, and keeps what makes its next start fast. */
    private static void end(Process process) {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            LOG.debug("The engine's input was closed already", e);
        }
    }
}
