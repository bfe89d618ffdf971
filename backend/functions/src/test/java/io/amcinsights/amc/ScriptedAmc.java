package io.amcinsights.amc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.amcinsights.contract.Json;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/**
 * An Amazon Ads server that answers by script: for each method and path a line of answers, of which
 * the last one stays.
 */
public final class ScriptedAmc implements AutoCloseable {

    /** A request that came in. */
    public record Seen(
            String method, String path, String query, Map<String, String> headers, String body) {

        /** The body as JSON. */
        public com.fasterxml.jackson.databind.JsonNode json() {
            try {
                return Json.mapper().readTree(body);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /**
     * @param status 0 to hang up without an answer
     * @param body its characters are bytes where the headers name a Content-Encoding
     */
    public record Answer(int status, String body, Map<String, String> headers) {}

    private final HttpServer server;
    private final Map<String, Deque<Answer>> script = new HashMap<>();
    private final List<Seen> seen = new ArrayList<>();
    private final Map<String, Runnable> meanwhile = new ConcurrentHashMap<>();

    public ScriptedAmc() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
        on("POST", "/auth/o2/token", 200, "{\"access_token\":\"Atza|1\",\"expires_in\":3600}");
    }

    public AmcHosts hosts() {
        return new AmcHosts(url(), url() + "/auth/o2/token");
    }

    public String url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort()).toString();
    }

    /** Adds an answer to the line of a method and path. */
    public ScriptedAmc on(String method, String path, int status, String body) {
        return on(method, path, new Answer(status, body, Map.of()));
    }

    public synchronized ScriptedAmc on(String method, String path, Answer answer) {
        script.computeIfAbsent(method + " " + path, p -> new ArrayDeque<>()).add(answer);
        return this;
    }

    /** Does something before the next answer of a method and path is sent. */
    public void meanwhile(String method, String path, Runnable action) {
        meanwhile.put(method + " " + path, action);
    }

    /** Forgets the answers of a method and path. */
    public synchronized ScriptedAmc off(String method, String path) {
        script.remove(method + " " + path);
        return this;
    }

    public synchronized List<Seen> seen(String method, String path) {
        return seen.stream()
                .filter(s -> s.method().equals(method) && s.path().equals(path))
                .toList();
    }

    private synchronized Answer take(Seen request) {
        seen.add(request);
        Deque<Answer> line = script.get(request.method() + " " + request.path());
        if (line == null) {
            return new Answer(
                    400, "{\"code\":\"400\",\"details\":\"not in the script\"}", Map.of());
        }
        return line.size() > 1 ? line.remove() : line.getFirst();
    }

    private void handle(HttpExchange exchange) throws IOException {
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name, values.getFirst()));
        String query = exchange.getRequestURI().getRawQuery();
        Answer answer =
                take(
                        new Seen(
                                exchange.getRequestMethod(),
                                exchange.getRequestURI().getRawPath(),
                                query == null ? "" : query,
                                headers,
                                new String(
                                        exchange.getRequestBody().readAllBytes(),
                                        StandardCharsets.UTF_8)));
        Runnable between =
                meanwhile.remove(
                        exchange.getRequestMethod() + " " + exchange.getRequestURI().getRawPath());
        if (between != null) {
            between.run();
        }
        if (answer.status() == 0) {
            exchange.close();
            return;
        }
        boolean bytes = answer.headers().containsKey("Content-Encoding");
        byte[] body =
                answer.body()
                        .getBytes(bytes ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("x-amz-request-id", "request-1");
        answer.headers().forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
