package io.amcinsights.local.amc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.amc.world.World;
import io.amcinsights.local.clock.SystemTimer;
import io.amcinsights.local.clock.Timer;
import io.amcinsights.local.store.Database;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;

class AmcSimulatorTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String REACH =
            "SELECT campaign, COUNT(DISTINCT user_id) AS reach, SUM(impressions) AS impressions"
                    + " FROM dsp_impressions GROUP BY campaign";

    @TempDir Path folder;

    private final Map<String, String> published = new ConcurrentSkipListMap<>();
    private Database database;
    private AmcSimulator simulator;
    private World world;
    private @Nullable String access;

    private record Reply(int status, JsonNode body, Map<String, List<String>> headers) {

        String details() {
            return body.path("details").asText();
        }
    }

    AmcSimulatorTest() {
        world = small(World.load());
    }

    @BeforeEach
    void start() throws IOException {
        start(this::publish, 20);
    }

    private void start(ResultStore results, double speed) throws IOException {
        database = Database.open(folder.resolve("workspace.db"));
        simulator =
                AmcSimulator.start(
                        new AmcSimulator.Settings(
                                0, folder.resolve("amc"), "123456789012", "us-east-1", speed),
                        world,
                        database,
                        new SystemTimer(),
                        results);
        access = null;
    }

    @AfterEach
    void stop() {
        simulator.close();
        database.close();
    }

    private URI publish(String bucket, String key, Path file) throws IOException {
        published.put(bucket + "/" + key, Files.readString(file));
        return URI.create("s3://" + bucket + "/" + key);
    }

    /** The same world with few people in it. */
    private static World small(World world) {
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
                                                    1_000,
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

    @Test
    void exchangesTokensAsLoginWithAmazonDoes() throws Exception {
        String form =
                "grant_type=refresh_token&client_id=%s&client_secret=%s&refresh_token=%s"
                        .formatted(
                                simulator.clientId(),
                                simulator.clientSecret(),
                                simulator.refreshToken().replace("|", "%7C"));
        Reply token = post(simulator.tokenUri(), form);
        assertThat(token.status()).isEqualTo(200);
        assertThat(token.body().path("access_token").asText()).startsWith("Atza|");
        assertThat(token.body().path("refresh_token").asText()).isEqualTo(simulator.refreshToken());
        assertThat(token.body().path("expires_in").asInt()).isEqualTo(3600);
        assertThat(token.headers()).containsKey("x-amz-request-id");

        ObjectNode json = JSON.createObjectNode().put("grant_type", "refresh_token");
        json.put("client_id", simulator.clientId()).put("client_secret", simulator.clientSecret());
        assertThat(
                        post(
                                        simulator.tokenUri(),
                                        json.put("refresh_token", simulator.refreshToken())
                                                .toString())
                                .status())
                .isEqualTo(200);

        Reply wrong = post(simulator.tokenUri(), json.put("refresh_token", "Atzr|x").toString());
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.body().path("error").asText()).isEqualTo("invalid_grant");
        Reply stranger = post(simulator.tokenUri(), json.put("client_secret", "x").toString());
        assertThat(stranger.status()).isEqualTo(401);
        assertThat(stranger.body().path("error").asText()).isEqualTo("invalid_client");
    }

    @Test
    void checksHeadersInTheOrderOfTheApi() throws Exception {
        Map<String, String> headers = new TreeMap<>();
        String path = "/amc/instances";
        assertThat(send("GET", path, null, headers).status()).isEqualTo(401);
        headers.put("Authorization", "Bearer Atza|unknown");
        headers.put("Amazon-Advertising-API-ClientId", simulator.clientId());
        assertThat(send("GET", path, null, headers).status()).isEqualTo(401);
        headers.put("Authorization", "Bearer " + access());
        Reply noEntity = send("GET", path, null, headers);
        assertThat(noEntity.status()).isEqualTo(400);
        assertThat(noEntity.body().toString())
                .isEqualTo("{\"code\":\"400\",\"details\":\"entityId provided is null\"}");
        headers.put("Amazon-Advertising-API-AdvertiserId", "ENTITY2KQ7M4XZ9TRBH");
        headers.put("Amazon-Advertising-API-MarketplaceId", "A2EUQ1WTGCTBG2");
        Reply foreign = send("GET", path, null, headers);
        assertThat(foreign.status()).isEqualTo(403);
        assertThat(foreign.details()).isEqualTo("Unauthorized request");
        headers.put("Amazon-Advertising-API-MarketplaceId", "ATVPDKIKX0DER");
        assertThat(send("GET", path, null, headers).status()).isEqualTo(200);
        assertThat(send("GET", "/amc/instances/amcbrw5t0c", null, headers).status()).isEqualTo(403);
        assertThat(foreign.headers()).containsKey("x-amz-request-id");
    }

    @Test
    void listsAccountsInstancesAndDataSources() throws Exception {
        assertThat(get("/amc/accounts").body().path("amcAccounts"))
                .hasSize(3)
                .first()
                .isEqualTo(
                        JSON.readTree(
                                """
                                {"accountId":"ENTITY2KQ7M4XZ9TRBH","accountName":"Kestrel Outdoor Group","marketplaceId":"ATVPDKIKX0DER"}
                                """));
        JsonNode first = get("/amc/instances?limit=2").body();
        assertThat(first.path("instances")).hasSize(2);
        JsonNode rest =
                get("/amc/instances?limit=2&nextToken=" + first.path("nextToken").asText()).body();
        assertThat(rest.path("instances")).hasSize(1);
        assertThat(rest.path("nextToken").isNull()).isTrue();
        JsonNode one = get("/amc/instances/amckst4q7z").body().path("instance");
        assertThat(one.path("s3BucketName").asText()).isEqualTo("amc-kestreloutdoor-3f9a1c7e");
        assertThat(one.path("awsAccountId").asText()).isEqualTo("123456789012");
        JsonNode sources = get(reporting("/dataSources?limit=100")).body().path("dataSources");
        assertThat(sources.findValuesAsText("dataSourceId"))
                .contains("dsp_impressions", "audience_segments_eu_lifestyle_snapshot");
        assertThat(get(reporting("/dataSources/dsp_clicks")).body().path("columns")).hasSize(97);
        assertThat(simulator.connection().path("accounts").path(0).path("instanceIds")).hasSize(3);
    }

    @Test
    void runsASavedWorkflowFromSqlToTheFileInTheBucket() throws Exception {
        assertThat(save("reach.by-campaign", REACH).body().toString()).isEqualTo("{}");
        assertThat(save("reach.by-campaign", REACH).details())
                .isEqualTo("Workflow with ID reach.by-campaign already exists.");
        Instant day = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(40));
        JsonNode created =
                send(
                                "POST",
                                reporting("/workflowExecutions"),
                                """
                                {"workflowId":"reach.by-campaign","timeWindowType":"EXPLICIT","timeWindowTimeZone":"America/New_York",
                                 "timeWindowStart":"%s","timeWindowEnd":"%s"}
                                """
                                        .formatted(
                                                local(day), local(day.plus(Duration.ofDays(30)))))
                        .body();
        assertThat(created.path("status").asText()).isEqualTo("PENDING");
        assertThat(created.path("timeWindowStartOriginal").asText()).isEqualTo(local(day));
        assertThat(Instant.parse(created.path("timeWindowStart").asText()))
                .isBetween(day.plus(Duration.ofHours(4)), day.plus(Duration.ofHours(5)));
        String id = created.path("workflowExecutionId").asText();
        JsonNode done = await(id, "SUCCEEDED");
        assertThat(done.path("outputColumns").findValuesAsText("name"))
                .containsExactly("campaign", "reach", "impressions");
        assertThat(done.path("outputColumns").findValuesAsText("columnType"))
                .containsExactly("DIMENSION", "DIMENSION", "METRIC");
        String uri = done.path("outputS3URI").asText();
        assertThat(uri)
                .matches(
                        "s3://amc-kestreloutdoor-3f9a1c7e/workflow=reach\\.by-campaign/schedule=adhoc/"
                            + "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z-reach\\.by-campaign\\.csv");
        String csv = String.valueOf(published.get(uri.substring("s3://".length())));
        assertThat(csv.lines().findFirst()).contains("campaign,reach,impressions");
        assertThat(csv.lines().count()).isBetween(5L, 7L);

        JsonNode links = get(reporting("/workflowExecutions/" + id + "/downloadUrls")).body();
        URI link = URI.create(links.path("downloadUrls").path(0).asText());
        assertThat(fetch(link).body()).isEqualTo(csv);
        HttpRequest signed =
                HttpRequest.newBuilder(link).header("Authorization", "Bearer x").build();
        assertThat(HTTP.send(signed, BodyHandlers.ofString()).statusCode()).isEqualTo(400);
        assertThat(fetch(URI.create(link.toString().replace("Expires=", "Expires=9"))).statusCode())
                .isEqualTo(403);

        assertThat(
                        send(
                                        "PUT",
                                        reporting("/workflowExecutions/" + id),
                                        "{\"status\":\"CANCELLED\"}")
                                .details())
                .isEqualTo("Execution with ID " + id + " cannot be cancelled: it is SUCCEEDED.");
        JsonNode listed = get(reporting("/workflowExecutions?workflowId=reach.by-campaign")).body();
        assertThat(listed.path("executions").findValuesAsText("workflowExecutionId"))
                .containsExactly(id);
    }

    @Test
    void refusesAWorkflowThatCannotBeCompiled() throws Exception {
        Reply reply = save("bad", "SELECT campain, COUNT(*) AS n FROM dsp_clicks GROUP BY 1");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.details())
                .isEqualTo(
                        "Was unable to compile workflow bad because it was found to be invalid: SQL"
                                + " query was invalid: From line 1, column 8 to line 1, column 14:"
                                + " Column 'campain' not found in 'dsp_clicks'. Did you mean"
                                + " \"campaign\"?");
        assertThat(get(reporting("/workflows/bad")).details())
                .isEqualTo("Workflow with ID bad does not exist.");
        assertThat(save("has space", REACH).status()).isEqualTo(400);
    }

    @Test
    void acceptsABadExecutionAndRejectsItLater() throws Exception {
        JsonNode created =
                send(
                                "POST",
                                reporting("/workflowExecutions"),
                                "{\"workflow\":{\"sqlQuery\":\"SELECT nothing FROM nowhere\"}}")
                        .body();
        assertThat(created.path("workflowId").asText()).startsWith("transient_");
        JsonNode rejected = await(created.path("workflowExecutionId").asText(), "REJECTED");
        assertThat(rejected.path("statusReason").asText()).contains("Object 'nowhere' not found");
    }

    @Test
    void bindsParametersAndRefusesValuesOfTheWrongType() throws Exception {
        send(
                "POST",
                reporting("/workflows"),
                """
                {"workflowId":"by-campaign","sqlQuery":"SELECT campaign, SUM(impressions) AS n FROM dsp_impressions WHERE ARRAY_CONTAINS(CUSTOM_PARAMETER('names'), campaign) AND impressions > CUSTOM_PARAMETER('more') GROUP BY campaign",
                 "inputParameters":[{"name":"names","dataType":{"type":"ARRAY","elementDataType":"STRING","elementNullable":false},"columnType":"DIMENSION"},
                   {"name":"more","dataType":"LONG","defaultValue":0}]}
                """);
        Reply wrong = execute("\"names\":\"Kestrel\"");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.details())
                .isEqualTo(
                        "The value of parameter names is not of type ARRAY of STRING: \"Kestrel\"");
        assertThat(execute("\"other\":1").details())
                .isEqualTo("parameterValues has an undeclared parameter: other");
        JsonNode missing = execute("").body();
        assertThat(
                        await(missing.path("workflowExecutionId").asText(), "REJECTED")
                                .path("statusReason")
                                .asText())
                .isEqualTo("The parameter names has no value and no default.");
        JsonNode ran = execute("\"names\":[\"Kestrel | Display | Prospecting\"]").body();
        JsonNode done = await(ran.path("workflowExecutionId").asText(), "SUCCEEDED");
        assertThat(published.get(done.path("outputS3URI").asText().substring(5)))
                .matches("campaign,n\nKestrel \\| Display \\| Prospecting,\\d+\n");
    }

    private Reply execute(String values) throws Exception {
        return send(
                "POST",
                reporting("/workflowExecutions"),
                "{\"workflowId\":\"by-campaign\",\"timeWindowType\":\"MOST_RECENT_WEEK\",\"parameterValues\":{"
                        + values
                        + "}}");
    }

    @Test
    void keepsSandboxAndStandardApart() throws Exception {
        String request = "{\"workflow\":{\"sqlQuery\":\"" + REACH + "\"}%s}";
        String sandbox = "/amc/reporting/amcsbx20qd/workflowExecutions";
        assertThat(send("POST", sandbox, request.formatted("")).details())
                .isEqualTo("requireSyntheticData must be true in a sandbox instance.");
        assertThat(
                        send("POST", sandbox, request.formatted(",\"requireSyntheticData\":true"))
                                .status())
                .isEqualTo(200);
        assertThat(
                        send(
                                        "POST",
                                        reporting("/workflowExecutions"),
                                        request.formatted(",\"disableAggregationControls\":true"))
                                .details())
                .isEqualTo("disableAggregationControls is allowed in a sandbox instance only.");
    }

    @Test
    void runsTenAtATimeCancelsAndGoesOnAfterARestart() throws Exception {
        stop();
        CountDownLatch gate = new CountDownLatch(1);
        start(
                (bucket, key, file) -> {
                    try {
                        gate.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    return publish(bucket, key, file);
                },
                50);
        save("reach", REACH);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            JsonNode created =
                    send(
                                    "POST",
                                    reporting("/workflowExecutions"),
                                    "{\"workflowId\":\"reach\",\"timeWindowType\":\"MOST_RECENT_WEEK\"}")
                            .body();
            ids.add(created.path("workflowExecutionId").asText());
        }
        await(ids.get(9), "RUNNING");
        assertThat(statuses()).containsEntry("RUNNING", 10).containsEntry("PENDING", 2);
        assertThat(
                        send(
                                        "PUT",
                                        reporting("/workflowExecutions/" + ids.getLast()),
                                        "{\"status\":\"CANCELLED\"}")
                                .status())
                .isEqualTo(200);
        assertThat(statuses()).containsEntry("CANCELLED", 1).containsEntry("PENDING", 1);
        simulator.close();
        database.close();
        gate.countDown();
        published.clear();

        start(this::publish, 50);
        for (String id : ids.subList(0, 11)) {
            await(id, "SUCCEEDED");
        }
        assertThat(
                        get(reporting("/workflowExecutions/" + ids.getLast()))
                                .body()
                                .path("status")
                                .asText())
                .isEqualTo("CANCELLED");
        assertThat(published).hasSizeGreaterThan(0);
    }

    @Test
    void keepsItsCredentialsAndWorkflowsOverARestart() throws Exception {
        String refreshToken = simulator.refreshToken();
        save("kept", REACH);
        stop();
        start(this::publish, 20);
        assertThat(simulator.refreshToken()).isEqualTo(refreshToken);
        assertThat(get(reporting("/workflows/kept")).body().path("sqlQuery").asText())
                .isEqualTo(REACH);
        assertThat(send("DELETE", reporting("/workflows/kept"), null).status()).isEqualTo(200);
        assertThat(get(reporting("/workflows/kept")).status()).isEqualTo(400);
    }

    @Test
    void runsADailyScheduleAtItsHour() throws Exception {
        stop();
        database = Database.open(folder.resolve("scheduled.db"));
        Clockwork clockwork = new Clockwork(Instant.parse("2026-11-23T09:30:00Z"));
        simulator =
                AmcSimulator.start(
                        new AmcSimulator.Settings(
                                0, folder.resolve("scheduled"), "123456789012", "us-east-1", 1000),
                        world,
                        database,
                        clockwork,
                        this::publish);
        access = null;
        save("daily", REACH);
        String schedule =
                """
                {"scheduleId":"each-day","workflowId":"daily","aggregationPeriod":"Daily","aggregationHourUtc":14}
                """;
        assertThat(send("POST", reporting("/schedules"), schedule).status()).isEqualTo(200);
        assertThat(send("POST", reporting("/schedules"), schedule).details())
                .isEqualTo("Schedule with ID each-day already exists.");
        assertThat(send("DELETE", reporting("/workflows/daily"), null).details())
                .isEqualTo(
                        "Workflow with ID daily cannot be deleted: schedule each-day refers to"
                                + " it.");
        clockwork.go(Duration.ofHours(5));
        clockwork.go(Duration.ofHours(6));
        access = null;
        eventually(
                () ->
                        published.containsKey(
                                "amc-kestreloutdoor-3f9a1c7e/workflow=daily/schedule=daily/2026-11-23-daily-ver1.csv"));
        JsonNode ran =
                get(reporting("/workflowExecutions?workflowId=daily"))
                        .body()
                        .path("executions")
                        .path(0);
        assertThat(ran.path("timeWindowStart").asText()).isEqualTo("2026-11-22T14:00:00Z");
        assertThat(ran.path("timeWindowEnd").asText()).isEqualTo("2026-11-23T14:00:00Z");
    }

    /** A time that goes on only when told; what is due within the same second rings at once. */
    private static final class Clockwork implements Timer {

        private record Alarmed(Instant at, Runnable action) {}

        private final List<Alarmed> waiting = new ArrayList<>();
        private Instant now;

        Clockwork(Instant now) {
            this.now = now;
        }

        @Override
        public synchronized Instant instant() {
            return now;
        }

        @Override
        public synchronized Alarm at(Instant instant, Runnable action) {
            if (instant.isBefore(now.plusSeconds(1))) {
                now = instant.isAfter(now) ? instant : now;
                Thread.ofVirtual().start(action);
                return () -> {};
            }
            Alarmed alarm = new Alarmed(instant, action);
            waiting.add(alarm);
            return () -> forget(alarm);
        }

        private synchronized void forget(Alarmed alarm) {
            waiting.remove(alarm);
        }

        synchronized void go(Duration duration) {
            now = now.plus(duration);
            for (Alarmed alarm : List.copyOf(waiting)) {
                if (!alarm.at().isAfter(now)) {
                    waiting.remove(alarm);
                    Thread.ofVirtual().start(alarm.action());
                }
            }
        }
    }

    private Map<String, Integer> statuses() throws Exception {
        Map<String, Integer> counts = new TreeMap<>();
        get(reporting("/workflowExecutions?workflowId=reach&includeCancelled=true"))
                .body()
                .path("executions")
                .forEach(e -> counts.merge(e.path("status").asText(), 1, Integer::sum));
        return counts;
    }

    private static String local(Instant instant) {
        return instant.toString().replace("Z", "");
    }

    private Reply save(String id, String sql) throws Exception {
        ObjectNode workflow = JSON.createObjectNode().put("workflowId", id).put("sqlQuery", sql);
        return send("POST", reporting("/workflows"), workflow.toString());
    }

    private JsonNode await(String id, String status) throws Exception {
        eventually(
                () -> {
                    JsonNode body = get(reporting("/workflowExecutions/" + id)).body();
                    String now = body.path("status").asText();
                    boolean ended = !now.equals("PENDING") && !now.equals("RUNNING");
                    assertThat(!ended || now.equals(status)).as(body.toString()).isTrue();
                    return now.equals(status);
                });
        return get(reporting("/workflowExecutions/" + id)).body();
    }

    @FunctionalInterface
    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void eventually(Condition condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("time is up").isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    private static String reporting(String path) {
        return "/amc/reporting/amckst4q7z" + path;
    }

    private Reply get(String path) throws Exception {
        return send("GET", path, null);
    }

    private Reply send(String method, String path, @Nullable String body) throws Exception {
        return send(
                method,
                path,
                body,
                Map.of(
                        "Authorization",
                        "Bearer " + access(),
                        "Amazon-Advertising-API-ClientId",
                        simulator.clientId(),
                        "Amazon-Advertising-API-AdvertiserId",
                        "ENTITY2KQ7M4XZ9TRBH",
                        "Amazon-Advertising-API-MarketplaceId",
                        "ATVPDKIKX0DER"));
    }

    private Reply send(
            String method, String path, @Nullable String body, Map<String, String> headers)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(simulator.baseUri().resolve(path))
                        .method(
                                method,
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return reply(HTTP.send(request.build(), BodyHandlers.ofString()));
    }

    private static Reply post(URI uri, String body) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString(body)).build();
        return reply(HTTP.send(request, BodyHandlers.ofString()));
    }

    private static HttpResponse<String> fetch(URI uri) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    private static Reply reply(HttpResponse<String> response) throws Exception {
        return new Reply(
                response.statusCode(), JSON.readTree(response.body()), response.headers().map());
    }

    private String access() throws Exception {
        if (access == null) {
            ObjectNode json = JSON.createObjectNode().put("grant_type", "refresh_token");
            json.put("client_id", simulator.clientId());
            json.put("client_secret", simulator.clientSecret());
            json.put("refresh_token", simulator.refreshToken());
            access =
                    post(simulator.tokenUri(), json.toString())
                            .body()
                            .path("access_token")
                            .asText();
        }
        return access;
    }
}
