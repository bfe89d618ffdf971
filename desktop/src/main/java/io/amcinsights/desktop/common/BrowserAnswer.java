package io.amcinsights.desktop.common;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits on this machine for what a sign-in page sends back through the browser. */
public final class BrowserAnswer implements AutoCloseable {

    private final Messages words;
    private final HttpServer server;
    private final CompletableFuture<Map<String, String>> answer = new CompletableFuture<>();
    private volatile String state = "";

    /**
     * @param port to listen on; 0 for any
     * @param path where the page has to send the person back to
     * @param words what to say; its keys begin with {@code consent.}
     * @throws ProblemException the port is taken
     */
    public BrowserAnswer(int port, String path, Messages words) {
        this.words = words;
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new ProblemException(
                    Problem.of(
                            words.text("consent.port.title"),
                            words.text("consent.port.text", String.valueOf(port)),
                            words.text("consent.port.next")));
        }
        server.createContext(path, this::answer);
        server.start();
    }

    /** Where it listens. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** From now on answers with this state are taken; all others are somebody else's. */
    public void expect(String expected) {
        state = expected;
    }

    /**
     * The code that the page gave.
     *
     * @throws ProblemException the person refused, or nothing came in time
     */
    public String code(Duration patience) throws InterruptedException {
        try {
            Map<String, String> given = answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            String code = given.get("code");
            if (code != null) {
                return code;
            }
            throw problem("consent.refused");
        } catch (TimeoutException e) {
            throw problem("consent.late");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private ProblemException problem(String key) {
        return new ProblemException(
                Problem.of(
                        words.text(key + ".title"),
                        words.text(key + ".text"),
                        words.text("consent.next")));
    }

    private void answer(HttpExchange exchange) throws IOException {
        Map<String, String> given = parameters(exchange.getRequestURI().getRawQuery());
        boolean ours = !state.isEmpty() && state.equals(given.get("state"));
        boolean allowed = ours && given.containsKey("code");
        byte[] page =
                "<!DOCTYPE html><meta charset=\"utf-8\"><title>AMC Insights</title><p>%s</p>"
                        .formatted(
                                words.text(
                                        allowed
                                                ? "consent.page.done"
                                                : ours
                                                        ? "consent.page.refused"
                                                        : "consent.page.foreign"))
                        .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
        exchange.sendResponseHeaders(ours ? 200 : 400, page.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(page);
        }
        if (ours) {
            answer.complete(given);
        }
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : (query == null ? "" : query).split("&", -1)) {
            String[] parts = pair.split("=", 2);
            if (parts.length == 2) {
                parameters.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
            }
        }
        return parameters;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
