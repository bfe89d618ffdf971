package io.amcinsights.local.amc;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;

/** The simulator's port, on the loopback address only. */
final class AmcServer implements AutoCloseable {

    static {
        // Else each small reply waits for the client's delayed acknowledgement (40 ms).
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private static final Logger LOG = LoggerFactory.getLogger(AmcServer.class);
    private static final int LARGEST_BODY = 1 << 20;

    private final HttpServer server;
    private final ExecutorService threads;

    /**
     * @param port 0: any free one
     */
    AmcServer(int port) throws IOException {
        server =
                HttpServer.create(
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 0);
        threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("amc-", 0).factory());
        server.setExecutor(threads);
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    void start(Function<AmcCall, Answer> handler) {
        server.createContext("/", exchange -> serve(exchange, handler));
        server.start();
    }

    private void serve(HttpExchange exchange, Function<AmcCall, Answer> handler)
            throws IOException {
        String requestId = UUID.randomUUID().toString();
        try (exchange) {
            Answer answer;
            try {
                answer = handler.apply(call(exchange, requestId));
            } catch (AmcError e) {
                answer = e.answer(false, requestId);
            } catch (RuntimeException e) {
                LOG.error("{} {} broke", exchange.getRequestMethod(), requestId, e);
                answer = AmcError.of(500, "Internal error").answer(false, requestId);
            }
            if (answer.status() != Answer.DROPPED.status()) {
                exchange.getResponseHeaders().set("x-amz-request-id", requestId);
                exchange.getResponseHeaders().set("x-amz-rid", requestId);
                send(exchange, answer);
            }
        }
    }

    private AmcCall call(HttpExchange exchange, String requestId) throws IOException, AmcError {
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders()
                .forEach(
                        (name, values) ->
                                headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        requireLocal(headers);
        byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
        if (body.length > LARGEST_BODY) {
            throw AmcError.of(413, "The request body is larger than 1 MiB.");
        }
        URI uri = exchange.getRequestURI();
        try {
            return new AmcCall(
                    exchange.getRequestMethod(),
                    AmcCall.segments(uri),
                    AmcCall.parameters(uri.getRawQuery()),
                    headers,
                    new String(body, StandardCharsets.UTF_8),
                    requestId);
        } catch (IllegalArgumentException e) {
            throw AmcError.badRequest(
                    "The request's address is not well formed: " + e.getMessage());
        }
    }

    /** A web page must not reach the simulator, whatever name it gives to this address. */
    private void requireLocal(Map<String, String> headers) throws AmcError {
        int port = server.getAddress().getPort();
        String host = headers.getOrDefault("host", "");
        if (!host.equals("127.0.0.1:" + port) && !host.equals("localhost:" + port)) {
            throw AmcError.of(
                    403,
                    "The AMC simulator answers to 127.0.0.1 and localhost only, not to " + host);
        }
        String origin = headers.get("origin");
        if (origin != null && !origin.equals("http://" + host)) {
            throw AmcError.of(
                    403, "Web pages of other origins may not call the AMC simulator: " + origin);
        }
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (answer.file() != null && answer.headers().containsKey("Content-Encoding")) {
            exchange.sendResponseHeaders(answer.status(), 0);
            try (OutputStream out = new GZIPOutputStream(exchange.getResponseBody())) {
                Files.copy(answer.file(), out);
            }
            return;
        }
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        long length = answer.file() == null ? body.length : Files.size(answer.file());
        if (head || length == 0) {
            exchange.sendResponseHeaders(answer.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(answer.status(), length);
        try (OutputStream out = exchange.getResponseBody()) {
            if (answer.file() == null) {
                out.write(body);
            } else {
                Files.copy(answer.file(), out);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        // A call that is being delayed on purpose is not waited for.
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(2, TimeUnit.SECONDS)) {
                LOG.warn("A call of the AMC simulator did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
