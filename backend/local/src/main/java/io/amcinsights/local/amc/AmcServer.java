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
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The simulator's port, on the loopback address only. */
final class AmcServer implements AutoCloseable {

    static {
        // Else each small reply waits for the client's delayed acknowledgement (40 ms).
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /** What answers a call. */
    @FunctionalInterface
    interface Handler {
        AmcApi.Answer answer(AmcCall call) throws AmcError;
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

    void start(Handler handler) {
        server.createContext("/", exchange -> serve(exchange, handler));
        server.start();
    }

    private static void serve(HttpExchange exchange, Handler handler) throws IOException {
        String requestId = UUID.randomUUID().toString();
        exchange.getResponseHeaders().set("x-amz-request-id", requestId);
        exchange.getResponseHeaders().set("x-amz-rid", requestId);
        try (exchange) {
            try {
                AmcApi.Answer answer = handler.answer(call(exchange));
                if (answer.file() != null) {
                    send(exchange, answer.file());
                } else {
                    send(exchange, 200, String.valueOf(answer.json()));
                }
            } catch (AmcError e) {
                send(exchange, e.status(), e.body().toString());
            } catch (RuntimeException e) {
                LOG.error("{} {} broke", exchange.getRequestMethod(), exchange.getRequestURI(), e);
                send(exchange, 500, AmcError.of(500, "Internal error").body().toString());
            }
        }
    }

    private static AmcCall call(HttpExchange exchange) throws IOException, AmcError {
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders()
                .forEach(
                        (name, values) ->
                                headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
        if (body.length > LARGEST_BODY) {
            throw AmcError.of(413, "The request body is larger than 1 MiB.");
        }
        URI uri = exchange.getRequestURI();
        return new AmcCall(
                exchange.getRequestMethod(),
                AmcCall.segments(uri),
                AmcCall.parameters(uri.getRawQuery()),
                headers,
                new String(body, StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    private static void send(HttpExchange exchange, Path file) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/csv");
        exchange.sendResponseHeaders(200, Files.size(file));
        try (OutputStream out = exchange.getResponseBody()) {
            Files.copy(file, out);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
