package io.amcinsights.local.amc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.amc.world.World;
import io.amcinsights.local.clock.MovableTimer;
import io.amcinsights.local.clock.SystemTimer;
import io.amcinsights.local.clock.Timer;
import io.amcinsights.local.store.Database;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** A simulator with few people in its world, and a client that knows how to call it. */
final class SimulatedAmc implements AutoCloseable {

    static final ObjectMapper JSON = new ObjectMapper();
    static final String INSTANCE = "amckst4q7z";
    static final String SANDBOX = "amcsbx20qd";
    static final String REACH =
            "SELECT campaign, COUNT(DISTINCT user_id) AS reach, SUM(impressions) AS impressions"
                    + " FROM dsp_impressions GROUP BY campaign";

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** A reply; its body is a missing node where there is none. */
    record Reply(int status, String text, Map<String, List<String>> headers) {

        JsonNode body() throws IOException {
            return JSON.readTree(text);
        }

        String details() throws IOException {
            return body().path("details").asText();
        }

        String header(String name) {
            return String.join(",", headers.getOrDefault(name, List.of()));
        }
    }

    /** What was published: text of files by bucket and key. */
    final Map<String, String> published = new ConcurrentSkipListMap<>();

    private final Database database;
    private final AmcSimulator simulator;
    private @Nullable String access;

    SimulatedAmc(Path folder, double speed) throws IOException {
        this(folder, speed, small(World.load()));
    }

    SimulatedAmc(Path folder, double speed, World world) throws IOException {
        this(folder, speed, world, new SystemTimer());
    }

    SimulatedAmc(Path folder, double speed, World world, Timer timer) throws IOException {
        database = Database.open(folder.resolve("workspace.db"));
        simulator =
                AmcSimulator.start(
                        new AmcSimulator.Settings(
                                0, folder.resolve("amc"), "123456789012", "us-east-1", speed),
                        world,
                        database,
                        timer,
                        this::publish);
    }

    /** A time that runs, but from another moment on: the events of the world depend on it. */
    static Timer from(Instant instant) {
        MovableTimer timer = new MovableTimer(new SystemTimer());
        timer.set(instant);
        return timer;
    }

    private URI publish(String bucket, String key, Path file) throws IOException {
        published.put(bucket + "/" + key, Files.readString(file));
        return URI.create("s3://" + bucket + "/" + key);
    }

    /** The same world with few people in it. */
    static World small(World world) {
        return of(world, 1_000);
    }

    /** The same world with so many people in each instance. */
    static World of(World world, int users) {
        List<World.Account> accounts = new ArrayList<>();
        for (World.Account account : world.accounts()) {
            List<World.Instance> instances =
                    account.instances().stream()
                            .map(
                                    i ->
                                            new World.Instance(
                                                    i.id(),
                                                    i.name(),
                                                    i.type(),
                                                    users,
                                                    i.bucketHash(),
                                                    i.advertisers()))
                            .toList();
            accounts.add(
                    new World.Account(
                            account.entityId(),
                            account.name(),
                            account.marketplaceId(),
                            instances));
        }
        return new World(accounts);
    }

    AmcSimulator simulator() {
        return simulator;
    }

    @Override
    public void close() {
        simulator.close();
        database.close();
    }

    static String reporting(String path) {
        return "/amc/reporting/" + INSTANCE + path;
    }

    Reply get(String path) throws Exception {
        return send("GET", path, null);
    }

    /** Calls as a client with a token and the headers of the first account. */
    Reply send(String method, String path, @Nullable String body) throws Exception {
        return send(method, path, body, headers());
    }

    /** The headers of a proper call; may be changed. */
    Map<String, String> headers() throws Exception {
        Map<String, String> headers = new TreeMap<>();
        headers.put("Authorization", "Bearer " + access());
        headers.put("Amazon-Advertising-API-ClientId", simulator.clientId());
        headers.put("Amazon-Advertising-API-AdvertiserId", "ENTITY2KQ7M4XZ9TRBH");
        headers.put("Amazon-Advertising-API-MarketplaceId", "ATVPDKIKX0DER");
        return headers;
    }

    Reply send(String method, String path, @Nullable String body, Map<String, String> headers)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(simulator.baseUri().resolve(path))
                        .method(
                                method,
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body));
        headers.forEach(request::header);
        HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
        return new Reply(response.statusCode(), response.body(), response.headers().map());
    }

    /** Calls the control path; it must agree. */
    JsonNode control(String method, String path, @Nullable String body) throws Exception {
        Reply reply =
                send(method, "/_sim/" + path, body, Map.of("X-Sim-Key", simulator.controlKey()));
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.body();
    }

    /** Exchanges the refresh token anew at each call. */
    Reply token() throws Exception {
        ObjectNode json = JSON.createObjectNode().put("grant_type", "refresh_token");
        json.put("client_id", simulator.clientId());
        json.put("client_secret", simulator.clientSecret());
        json.put("refresh_token", simulator.refreshToken());
        return send("POST", "/auth/o2/token", json.toString(), Map.of());
    }

    /** The token that calls are made with; got when first needed. */
    String access() throws Exception {
        if (access == null) {
            access = token().body().path("access_token").asText();
        }
        return access;
    }

    /** The next call gets a new token. */
    void forgetToken() {
        access = null;
    }

    Reply save(String id, String sql) throws Exception {
        ObjectNode workflow = JSON.createObjectNode().put("workflowId", id).put("sqlQuery", sql);
        return send("POST", reporting("/workflows"), workflow.toString());
    }

    /** Runs a saved workflow over the last week; gives the execution's id. */
    String run(String workflowId) throws Exception {
        return execute(
                "{\"workflowId\":\"%s\",\"timeWindowType\":\"MOST_RECENT_WEEK\"}"
                        .formatted(workflowId));
    }

    /** Asks for an execution, which must be accepted; gives its id. */
    String execute(String request) throws Exception {
        Reply reply = send("POST", reporting("/workflowExecutions"), request);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.body().path("workflowExecutionId").asText();
    }

    JsonNode execution(String id) throws Exception {
        return get(reporting("/workflowExecutions/" + id)).body();
    }

    JsonNode await(String id, String status) throws Exception {
        eventually(
                () -> {
                    JsonNode body = execution(id);
                    String now = body.path("status").asText();
                    boolean ended =
                            List.of("SUCCEEDED", "FAILED", "REJECTED", "CANCELLED").contains(now);
                    assertThat(!ended || now.equals(status)).as(body.toString()).isTrue();
                    return now.equals(status);
                });
        return execution(id);
    }

    @FunctionalInterface
    interface Condition {
        boolean holds() throws Exception;
    }

    static void eventually(Condition condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("time is up").isLessThan(deadline);
            Thread.sleep(10);
        }
    }
}
