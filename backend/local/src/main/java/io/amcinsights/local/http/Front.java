package io.amcinsights.local.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.amcinsights.local.http.Signatures.Credential;
import io.amcinsights.local.http.Signatures.Request;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The workspace's one door: listens on the loopback address, verifies each request's signature and
 * hands it to the service that its credential scope names. Only signing in goes without signature.
 */
public final class Front implements AutoCloseable {

    static {
        // Else each small reply waits for the client's delayed acknowledgement (40 ms).
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private static final Logger LOG = LoggerFactory.getLogger(Front.class);

    /** What programs say that nobody has proven to be ours, is short. */
    private static final int LARGEST_UNSIGNED_BODY = 64 << 10;

    private final Map<String, AwsService> services;
    private final List<UnsignedService> unsigned;
    private final Signatures signatures;
    private final HttpServer server;
    private final ExecutorService threads;
    private final Set<String> hosts;

    /**
     * Begins to serve.
     *
     * @param port 0: any free one
     * @throws java.net.BindException if the port is taken
     */
    public static Front start(
            int port,
            String region,
            AccessKeys keys,
            InstantSource clock,
            List<? extends AwsService> services)
            throws IOException {
        HttpServer server =
                HttpServer.create(
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 0);
        return new Front(server, new Signatures(keys, region, clock), services);
    }

    private Front(HttpServer server, Signatures signatures, List<? extends AwsService> services) {
        this.server = server;
        this.signatures = signatures;
        this.services =
                services.stream()
                        .collect(Collectors.toMap(AwsService::signingName, Function.identity()));
        this.unsigned =
                services.stream()
                        .filter(UnsignedService.class::isInstance)
                        .map(UnsignedService.class::cast)
                        .toList();
        this.hosts = Set.of("127.0.0.1:" + port(), "localhost:" + port(), "[::1]:" + port());
        this.threads =
                Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("http-", 0).factory());
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** The port it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** Where clients reach it. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + port());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String requestId = UUID.randomUUID().toString();
        try (exchange) {
            Reply reply;
            try {
                reply = reply(exchange, requestId);
            } catch (RuntimeException | Error e) {
                LOG.error(
                        "{} {} failed ({})",
                        exchange.getRequestMethod(),
                        exchange.getRequestURI().getPath(),
                        requestId,
                        e);
                throw e;
            }
            send(exchange, reply.with("x-amzn-RequestId", requestId));
        }
    }

    private Reply reply(HttpExchange exchange, String requestId) throws IOException {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
        String foreign = foreign(headers);
        if (foreign != null) {
            return Reply.of(403, "text/plain", foreign + "\n");
        }
        Request request;
        String path;
        try {
            URI uri = exchange.getRequestURI();
            String rawQuery = uri.getRawQuery() == null ? "" : uri.getRawQuery();
            request =
                    new Request(
                            exchange.getRequestMethod(),
                            uri.getRawPath(),
                            Percent.parameters(rawQuery),
                            headers,
                            exchange.getRequestBody());
            path = Percent.decode(uri.getRawPath());
        } catch (IllegalArgumentException e) {
            return Reply.of(400, "text/plain", e.getMessage() + "\n");
        }
        Credential credential = Signatures.credential(request);
        boolean bare = request.header("authorization").isEmpty() && !request.presigned();
        UnsignedService open = bare ? unsigned(request.method(), path) : null;
        AwsService service =
                open != null
                        ? open
                        : credential == null ? guess(request) : service(credential.service());
        try {
            if (open != null) {
                return open.handle(
                        new Call(
                                request.method(),
                                path,
                                request.query(),
                                headers,
                                shortBody(request.body()),
                                requestId));
            }
            if (credential == null) {
                if (request.query().containsKey("AWSAccessKeyId")) {
                    throw Refusal.OLD_SIGNATURE.of(
                            service,
                            "The authorization mechanism you have provided is not supported. Please"
                                    + " use AWS4-HMAC-SHA256.");
                }
                throw bare
                        ? Refusal.MISSING.of(service, "Missing Authentication Token")
                        : Refusal.INCOMPLETE.of(
                                service,
                                "Only AWS Signature Version 4 is understood, with a Credential of"
                                        + " key/date/region/service/aws4_request.");
            }
            InputStream body = signatures.verify(request, credential, service);
            Call call = new Call(request.method(), path, request.query(), headers, body, requestId);
            return Caller.<Reply, Exception>as(
                    signatures.owner(credential), () -> service.handle(call));
        } catch (RefusedBody e) {
            return service.error(e.error(), requestId);
        } catch (AwsError e) {
            return service.error(e, requestId);
        } catch (Exception e) {
            LOG.error("{} {} failed ({})", request.method(), path, requestId, e);
            return service.error(
                    new AwsError(
                            500,
                            service.signingName().equals("s3")
                                    ? "InternalError"
                                    : "InternalServerException",
                            "The local workspace failed at this request: "
                                    + e
                                    + ". Its log has more under the request id "
                                    + requestId
                                    + "."),
                    requestId);
        }
    }

    /** Why a request does not come from a program of this machine, or null if it may. */
    private @Nullable String foreign(Map<String, List<String>> headers) {
        String host = headers.getOrDefault("host", List.of("")).getFirst();
        if (!hosts.contains(host.toLowerCase(Locale.ROOT))) {
            return "The local workspace answers only to 127.0.0.1 and localhost, not to " + host;
        }
        for (String origin : headers.getOrDefault("origin", List.of())) {
            if (!origin.equals("http://" + host)) {
                return "Web pages of other origins may not call the local workspace: " + origin;
            }
        }
        return null;
    }

    private @Nullable UnsignedService unsigned(String method, String path) {
        return unsigned.stream().filter(s -> s.serves(method, path)).findFirst().orElse(null);
    }

    private static InputStream shortBody(InputStream body) throws AwsError, IOException {
        byte[] bytes = body.readNBytes(LARGEST_UNSIGNED_BODY + 1);
        if (bytes.length > LARGEST_UNSIGNED_BODY) {
            throw new AwsError(
                    413, "RequestEntityTooLargeException", "The body is larger than 64 KiB");
        }
        return new ByteArrayInputStream(bytes);
    }

    private AwsService service(String name) {
        AwsService service = services.get(name);
        return service == null ? new AbsentService(name) : service;
    }

    /** Whose error shape a caller understands who does not say which service he wants. */
    private AwsService guess(Request request) {
        return service(request.header("x-amz-target").isEmpty() ? "s3" : "states");
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (head || reply.length() == 0 || reply.status() == 204 || reply.status() == 304) {
            if (head) {
                exchange.getResponseHeaders().set("Content-Length", Long.toString(reply.length()));
            }
            exchange.sendResponseHeaders(reply.status(), -1);
            return;
        }
        try (InputStream body = reply.body().open()) {
            exchange.sendResponseHeaders(reply.status(), reply.length());
            try (OutputStream out = exchange.getResponseBody()) {
                body.transferTo(out);
            }
        }
    }
}
