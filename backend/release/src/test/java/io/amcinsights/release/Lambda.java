package io.amcinsights.release;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import software.amazon.awssdk.utilslite.SdkInternalThreadLocal;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One copy of a function, run by AWS's own runtime interface client in a process of its own, as
 * Lambda runs it: its code unpacked, its environment and nothing else, its credentials from an
 * address. This class is what Lambda is to that process, and the rest of AWS besides: empty
 * answers, and the objects of S3.
 */
final class Lambda implements AutoCloseable {

    /** How a call ended, and when, counted from when it was given to the function. */
    record Reply(boolean failed, String body, Duration took) {}

    /** What the function asked AWS. */
    record Asked(String method, String path, String operation, String authorization) {}

    /** Of the credentials; no log may have it. */
    static final String SECRET = "SECRET-THAT-NOBODY-MAY-READ";

    private static final String API = "/2018-06-01/runtime/";
    private static final String FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:f:write";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /**
     * How Lambda starts Java, but for the archive of classes, which it makes of its own runtime.
     * Seen in the process of a function, 2026.
     */
    private static final List<String> JVM =
            List.of(
                    "-XX:+UseSerialGC",
                    "-XX:+TieredCompilation",
                    "-XX:TieredStopAtLevel=1",
                    "-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac",
                    "-Djava.net.preferIPv4Stack=true",
                    "--enable-native-access=ALL-UNNAMED");

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
    private final CompletableFuture<Long> ready = new CompletableFuture<>();
    private final CompletableFuture<Long> snapshot = new CompletableFuture<>();
    private final CountDownLatch restored = new CountDownLatch(1);
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    private final HttpServer server;
    private final Path log;
    private final long began;
    private final Process process;
    private volatile long called;

    private Lambda(Path code, String handler, Map<String, String> environment, List<String> options)
            throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::aws);
        server.createContext("/credentials", Lambda::credentials);
        server.createContext(API, this::runtime);
        server.start();
        log = Files.createTempFile("lambda", ".log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        command.addAll(options);
        command.addAll(List.of("-classpath", runtimeClasses(), AWSLambda.class.getName(), handler));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(code.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        String place = "127.0.0.1:" + server.getAddress().getPort();
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment()
                .putAll(
                        Map.of(
                                "AWS_LAMBDA_RUNTIME_API",
                                place,
                                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                                "http://" + place + "/credentials",
                                "AWS_ENDPOINT_URL",
                                "http://" + place,
                                "AWS_REGION",
                                "eu-west-1",
                                "AWS_LAMBDA_FUNCTION_NAME",
                                "f",
                                "AWS_LAMBDA_LOG_FORMAT",
                                "JSON",
                                "LAMBDA_TASK_ROOT",
                                code.toString(),
                                "_HANDLER",
                                handler));
        began = System.nanoTime();
        process = builder.start();
        var _ = process.onExit().thenRun(this::ended);
    }

    /**
     * Starts a function that has been unpacked, and waits until it takes calls.
     *
     * @param environment as the template has it
     * @param options of the JVM, besides Lambda's own
     */
    static Lambda start(
            Path code, String handler, Map<String, String> environment, String... options)
            throws Exception {
        Lambda lambda = new Lambda(code, handler, environment, List.of(options));
        lambda.await(lambda.ready);
        return lambda;
    }

    /** Starts a function up to where Lambda takes its snapshot. */
    static Lambda toSnapshot(
            Path code, String handler, Map<String, String> environment, String... options)
            throws Exception {
        Map<String, String> all =
                Stream.of(environment, Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start"))
                        .flatMap(each -> each.entrySet().stream())
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        Lambda lambda = new Lambda(code, handler, all, List.of(options));
        lambda.await(lambda.snapshot);
        return lambda;
    }

    /** Goes on from the snapshot, until the function takes calls. */
    void restore() throws Exception {
        restored.countDown();
        await(ready);
    }

    /** From the start of the process until the function took calls, or had a snapshot taken. */
    Duration init() {
        return Duration.ofNanos((snapshot.isDone() ? snapshot : ready).join() - began);
    }

    /** Calls the function on its alias {@code write}. */
    Reply call(String event) throws Exception {
        events.add(event);
        Reply reply = replies.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (reply == null) {
            throw new AssertionError("No answer to " + event + ":\n" + log());
        }
        return reply;
    }

    /** What the function asked of AWS until now. */
    List<Asked> asked() {
        return List.copyOf(asked);
    }

    /** The objects of all buckets, by {@code /BUCKET/KEY}. */
    Map<String, byte[]> objects() {
        return objects;
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        server.stop(0);
        Files.delete(log);
    }

    private void await(CompletableFuture<Long> event) throws Exception {
        try {
            event.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (Exception e) {
            String said = log();
            close();
            throw new AssertionError("The function does not start:\n" + said, e);
        }
    }

    private void ended() {
        var problem = new IllegalStateException("The process ended with " + process.exitValue());
        ready.completeExceptionally(problem);
        snapshot.completeExceptionally(problem);
        replies.add(new Reply(true, problem.toString(), Duration.ZERO));
    }

    private void runtime(HttpExchange exchange) throws IOException {
        long now = System.nanoTime();
        byte[] body = exchange.getRequestBody().readAllBytes();
        try {
            switch (exchange.getRequestURI().getPath().substring(API.length())) {
                case "invocation/next" -> {
                    ready.complete(now);
                    next(exchange);
                }
                case "restore/next" -> {
                    snapshot.complete(now);
                    restored.await();
                    answer(exchange, 200, new byte[0]);
                }
                case String path when path.endsWith("/response") ->
                        replied(exchange, new Reply(false, new String(body, UTF_8), since(now)));
                case String path when path.startsWith("invocation/") ->
                        replied(exchange, new Reply(true, new String(body, UTF_8), since(now)));
                default -> answer(exchange, 202, new byte[0]);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void next(HttpExchange exchange) throws IOException, InterruptedException {
        String event = events.take();
        Headers headers = exchange.getResponseHeaders();
        headers.add("Lambda-Runtime-Aws-Request-Id", "request-1");
        headers.add("Lambda-Runtime-Invoked-Function-Arn", FUNCTION);
        headers.add(
                "Lambda-Runtime-Deadline-Ms",
                String.valueOf(System.currentTimeMillis() + PATIENCE.toMillis()));
        // The client crashes where one of these is missing.
        headers.add("Lambda-Runtime-Trace-Id", "Root=1-0");
        headers.add("Lambda-Runtime-Client-Context", "{}");
        headers.add("Lambda-Runtime-Cognito-Identity", "{}");
        headers.add("Lambda-Runtime-Aws-Tenant-Id", "none");
        headers.add("Content-Type", "application/json");
        called = System.nanoTime();
        answer(exchange, 200, event.getBytes(UTF_8));
    }

    private Duration since(long now) {
        return Duration.ofNanos(now - called);
    }

    private void replied(HttpExchange exchange, Reply reply) throws IOException {
        answer(exchange, 202, new byte[0]);
        replies.add(reply);
    }

    private void aws(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String operation = header(exchange, "X-Amz-Target");
        asked.add(
                new Asked(
                        exchange.getRequestMethod(),
                        path,
                        operation,
                        header(exchange, "Authorization")));
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (!operation.isEmpty()) {
            answer(exchange, 200, "{}".getBytes(UTF_8));
        } else if (exchange.getRequestMethod().equals("PUT")) {
            objects.put(path, body);
            answer(exchange, 200, new byte[0]);
        } else {
            byte[] object = objects.get(path);
            answer(exchange, object == null ? 404 : 200, object == null ? new byte[0] : object);
        }
    }

    private static void credentials(HttpExchange exchange) throws IOException {
        String credentials =
                """
                {"AccessKeyId": "ID", "SecretAccessKey": "%s", "Token": "TOKEN",
                 "Expiration": "2100-01-01T00:00:00Z"}
                """
                        .formatted(SECRET);
        answer(exchange, 200, credentials.getBytes(UTF_8));
    }

    private static String header(HttpExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static String runtimeClasses() {
        return Stream.of(
                        AWSLambda.class,
                        LambdaRuntime.class,
                        PojoSerializer.class,
                        SdkInternalThreadLocal.class)
                .map(Lambda::jar)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String jar(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
