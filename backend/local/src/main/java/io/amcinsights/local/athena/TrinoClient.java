package io.amcinsights.local.athena;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.amcinsights.local.athena.QueryFailure.Category;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Runs statements on Trino by its client protocol: a statement is posted, then each page names the
 * next. Times come in milliseconds, as Athena gives them. Source: "Trino client REST API" of
 * Trino's documentation.
 */
final class TrinoClient {

    static final String CATALOG = "awsdatacatalog";

    /**
     * What a statement is run with.
     *
     * @param schema of names that have none; null: there is none
     * @param properties of the session
     * @param prepared statements that EXECUTE finds, by name
     * @param rights what the statement may read and change, as the engine's access control reads
     *     it; null: everything
     */
    record Session(
            @Nullable String schema,
            Map<String, String> properties,
            Map<String, String> prepared,
            @Nullable String rights) {}

    /** One column of a result. */
    record Column(String name, TrinoType type) {}

    /**
     * How far a statement is.
     *
     * @param scannedBytes read from S3
     */
    record Progress(
            long queuedMillis,
            long planningMillis,
            long elapsedMillis,
            long scannedBytes,
            long inputRows) {}

    /** Takes a statement's result while it comes. */
    interface Sink {
        /** Comes first: the id under which Trino runs it, which is in the names of its files. */
        void begins(String engineId);

        /** Comes once, before the rows. */
        void columns(List<Column> columns) throws IOException;

        void row(JsonNode values) throws IOException;

        void progress(Progress progress) throws QueryFailure;
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Trino answers a page within a second or so, even while there is nothing to tell. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(10))
                    .build();
    private final URI server;
    private final String token;

    /**
     * @param token that the server trusts
     */
    TrinoClient(URI server, String token) {
        this.server = server;
        this.token = token;
    }

    /** Whether the server has come up. */
    boolean isUp() throws InterruptedException {
        try {
            JsonNode info = call(request(server.resolve("/v1/info")).GET().build());
            return !info.path("starting").asBoolean(true);
        } catch (EngineException e) {
            return false;
        }
    }

    /**
     * Runs a statement to its end. An interrupt cancels it on the server, too.
     *
     * @return rows that it wrote, or null if it only read
     * @throws EngineException if the server went away
     * @throws IOException if the sink could not take the result
     */
    @Nullable Long run(String sql, Session session, Sink sink)
            throws QueryFailure, EngineException, IOException, InterruptedException {
        HttpRequest.Builder post =
                request(server.resolve("/v1/statement"))
                        .header("X-Trino-Catalog", CATALOG)
                        .header("X-Trino-Time-Zone", "UTC")
                        .POST(BodyPublishers.ofString(sql));
        if (session.schema() != null) {
            post.header("X-Trino-Schema", session.schema());
        }
        if (!session.properties().isEmpty()) {
            post.header("X-Trino-Session", list(session.properties()));
        }
        if (!session.prepared().isEmpty()) {
            post.header("X-Trino-Prepared-Statement", list(session.prepared()));
        }
        if (session.rights() != null) {
            post.header("X-Trino-Extra-Credential", list(Map.of("rights", session.rights())));
        }
        HttpRequest next = post.build();
        URI running = null;
        boolean columnsKnown = false;
        Long updated = null;
        try {
            while (next != null) {
                JsonNode page = call(next);
                if (running == null) {
                    sink.begins(page.path("id").asText());
                }
                running = next(page);
                if (page.has("error")) {
                    throw failure(page.path("error"));
                }
                sink.progress(progress(page.path("stats")));
                if (!columnsKnown && page.has("columns")) {
                    sink.columns(columns(page.path("columns")));
                    columnsKnown = true;
                }
                for (JsonNode row : page.path("data")) {
                    sink.row(row);
                }
                if (page.has("updateCount")) {
                    updated = page.path("updateCount").asLong();
                }
                next = running == null ? null : request(running).GET().build();
            }
            return updated;
        } finally {
            if (running != null) {
                cancel(running);
            }
        }
    }

    private void cancel(URI running) {
        boolean interrupted = Thread.interrupted();
        try {
            http.send(
                    request(running).DELETE().timeout(Duration.ofSeconds(5)).build(),
                    BodyHandlers.discarding());
        } catch (IOException e) {
            // A server that does not answer runs nothing for us, and drops what nobody asks for.
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpRequest.Builder request(URI uri) {
        return HttpRequest.newBuilder(uri)
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token)
                // Trino checks who calls only where the call came over TLS; ours does not leave
                // the machine.
                .header("X-Forwarded-Proto", "https")
                .header("X-Trino-User", TrinoProcess.USER)
                .header("X-Trino-Source", "athena");
    }

    private JsonNode call(HttpRequest request) throws EngineException, InterruptedException {
        try {
            HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                throw new EngineException(
                        "The Athena engine answered HTTP %d: %s"
                                .formatted(
                                        response.statusCode(),
                                        new String(response.body(), StandardCharsets.UTF_8)));
            }
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new EngineException(
                    "The Athena engine went away while it was needed; it is started again. Run the"
                            + " query again. ("
                            + e
                            + ")");
        }
    }

    /** The page behind this one, by the way that is really there. */
    private @Nullable URI next(JsonNode page) {
        String uri = page.path("nextUri").asText("");
        return uri.isEmpty() ? null : server.resolve(URI.create(uri).getRawPath());
    }

    private static QueryFailure failure(JsonNode error) {
        Category category =
                switch (error.path("errorType").asText()) {
                    case "USER_ERROR" -> Category.USER;
                    case "INTERNAL_ERROR", "INSUFFICIENT_RESOURCES" -> Category.SYSTEM;
                    default -> Category.OTHER;
                };
        return new QueryFailure(
                category,
                false,
                "%s: %s"
                        .formatted(
                                error.path("errorName").asText(), error.path("message").asText()));
    }

    private static Progress progress(JsonNode stats) {
        return new Progress(
                stats.path("queuedTimeMillis").asLong(),
                stats.path("planningTimeMillis").asLong(),
                stats.path("elapsedTimeMillis").asLong(),
                stats.path("physicalInputBytes").asLong(),
                stats.path("processedRows").asLong());
    }

    private static List<Column> columns(JsonNode columns) {
        List<Column> list = new ArrayList<>();
        for (JsonNode column : columns) {
            list.add(
                    new Column(
                            column.path("name").asText(),
                            TrinoType.of(column.path("typeSignature"))));
        }
        return list;
    }

    private static String list(Map<String, String> values) {
        return values.entrySet().stream()
                .map(
                        e ->
                                e.getKey()
                                        + "="
                                        + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining(","));
    }
}
