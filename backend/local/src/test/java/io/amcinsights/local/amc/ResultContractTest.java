package io.amcinsights.local.amc;

import static io.amcinsights.TestInstallation.ask;
import static io.amcinsights.TestInstallation.step;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.TestInstallation;
import io.amcinsights.amc.AmcAccount;
import io.amcinsights.amc.AmcAddress;
import io.amcinsights.amc.AmcClient;
import io.amcinsights.amc.AmcExecution;
import io.amcinsights.amc.AmcExecution.Phase;
import io.amcinsights.amc.AmcExecutionRequest;
import io.amcinsights.amc.AmcExecutionRequest.Output;
import io.amcinsights.amc.AmcExecutionRequest.Query;
import io.amcinsights.amc.AmcWorkflow;
import io.amcinsights.contract.AmcRegion;
import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.LakeRequest.GetDelivery;
import io.amcinsights.contract.TimeWindow;
import io.amcinsights.lake.LakeHandler;
import io.amcinsights.lake.plan.AmcCsv;
import io.amcinsights.local.amc.world.World;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.core.sync.RequestBody;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** The simulator's result files, as the client fetches them and the lake takes them. */
class ResultContractTest {

    private static final AmcAddress ADDRESS =
            new AmcAddress(
                    new AmcAccount("default", AmcRegion.NA, "ENTITY2KQ7M4XZ9TRBH", "ATVPDKIKX0DER"),
                    SimulatedAmc.INSTANCE);

    /** An instance of advertisers in Canada and in the United States. */
    private static final String TWO_CURRENCIES = "amcbrw5t0c";

    private static final String DAYS =
            "SELECT impression_day, SUM(impressions) AS impressions FROM dsp_impressions GROUP BY"
                    + " impression_day";
    private static final TimeWindow WEEK = TimeWindow.of(TimeWindow.Type.MOST_RECENT_WEEK, "UTC");

    @TempDir static Path folder;

    private static World world;
    private static SimulatedAmc amc;
    private static AmcClient client;

    private final TestInstallation installation = new TestInstallation();
    private final LakeHandler lake = new LakeHandler(installation.functions());

    @BeforeAll
    static void start() throws Exception {
        world = SimulatedAmc.small(World.load());
        amc = new SimulatedAmc(folder, 50, world);
        client = ClientContractTest.client(amc);
    }

    @AfterAll
    static void stop() {
        amc.close();
    }

    @AfterEach
    void reset() throws Exception {
        installation.close();
        amc.control("POST", "reset", null);
    }

    @Test
    void quotesNullsAndArraysArriveAsTheyWere() throws Exception {
        List<List<@Nullable String>> rows =
                rows(
                        ADDRESS,
                        """
                        SELECT t.word AS word, COLLECT(t.n) AS numbers, MAX(t.rest) AS rest
                        FROM (VALUES ('He said "hi", ok', 2, CAST(NULL AS STRING)),
                            ('a\\b', 1, 'x')) AS t(word, n, rest)
                        GROUP BY t.word
                        """);
        assertThat(rows)
                .containsExactlyInAnyOrder(
                        row("word", "numbers", "rest"),
                        row("He said \"hi\", ok", "[2]", null),
                        row("a\\b", "[1]", "x"));
    }

    @Test
    void aResultOfNoRowsIsItsHeader() throws Exception {
        Path file =
                fetch(
                        ADDRESS,
                        run(
                                ADDRESS,
                                "SELECT campaign, COUNT(*) AS n FROM dsp_clicks WHERE campaign ="
                                        + " '-' GROUP BY campaign"));
        assertThat(file).hasContent("campaign,n\n");
    }

    @Test
    void twoRunsOfADayAreTwoFilesOfOneFolderAlsoWithDotsInTheId() throws Exception {
        String id = "reach.v1.2";
        client.workflows().create(ADDRESS, new AmcWorkflow(id, SimulatedAmc.REACH, List.of()));
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            AmcExecution done =
                    await(
                            ADDRESS,
                            client.executions()
                                    .create(
                                            ADDRESS,
                                            AmcExecutionRequest.saved(id, WEEK, Map.of(), false)));
            String bucket = bucket();
            assertThat(done.outputUri())
                    .startsWith("s3://" + bucket + "/workflow=reach.v1.2/schedule=adhoc/");
            keys.add(requireNonNull(done.outputUri()).substring(("s3://" + bucket + "/").length()));
        }
        assertThat(keys).doesNotHaveDuplicates();

        installation.tenant(SimulatedAmc.INSTANCE, bucket());
        List<Delivery> deliveries = new ArrayList<>();
        for (String key : keys) {
            deliveries.add(claimed(key));
        }
        assertThat(deliveries)
                .allMatch(d -> d.status() == Delivery.Status.LOADING)
                .allMatch(d -> id.equals(d.workflowId()))
                .extracting(Delivery::deliveryId)
                .doesNotHaveDuplicates();
    }

    @Test
    void aResultOfManyPartsIsFetchedWhole() throws Exception {
        AmcExecution whole = run(ADDRESS, DAYS);
        amc.control("PATCH", "settings", "{\"partRows\":1,\"gzip\":true}");
        AmcExecution parted = run(ADDRESS, DAYS);
        List<Path> parts = client.downloads().fetch(ADDRESS, parted.executionId(), folder, 9);
        List<String> days = Files.readAllLines(fetch(ADDRESS, whole));
        assertThat(parts).hasSize(days.size() - 1).hasSizeGreaterThan(5);
        List<String> joined = new ArrayList<>(days.subList(0, 1));
        for (Path part : parts) {
            List<String> lines = Files.readAllLines(part);
            assertThat(lines).hasSize(2).startsWith(days.getFirst());
            joined.add(lines.getLast());
        }
        assertThat(joined).containsExactlyInAnyOrderElementsOf(days);

        amc.control(
                "POST",
                "faults",
                "{\"operation\":\"Download\",\"kind\":\"status\",\"status\":403,\"times\":2}");
        assertThat(client.downloads().fetch(ADDRESS, parted.executionId(), folder, 9))
                .isEqualTo(parts);
        assertThat(client.downloads().links(ADDRESS, parted.executionId()).orElseThrow().metadata())
                .hasSize(1);
    }

    @Test
    void anInstanceWithoutABucketGivesDownloadsOnly() throws Exception {
        String id = SimulatedAmc.INSTANCE;
        amc.control("PATCH", "instances/" + id, "{\"hasBucket\":false}");
        try {
            client.workflows()
                    .create(ADDRESS, new AmcWorkflow("bucketless", SimulatedAmc.REACH, List.of()));
            AmcExecution done = saved("bucketless");
            assertThat(amc.execution(done.executionId()).path("outputS3URI").asText())
                    .isEqualTo("N/A");
            assertThat(done.outputUri()).isNull();
            assertThat(client.instances().get(ADDRESS).bucketName()).isEmpty();
            assertThat(amc.published.keySet()).noneMatch(k -> k.contains("bucketless"));
            assertThat(fetch(ADDRESS, done)).content().startsWith("campaign,reach,impressions\n");
        } finally {
            amc.control("PATCH", "instances/" + id, "{\"hasBucket\":true}");
        }
    }

    @Test
    void whatTheConsoleRanAndWhatDescribesAResultIsNotLoaded() throws Exception {
        installation.tenant(SimulatedAmc.INSTANCE, bucket());
        String typed =
                amc.control(
                                "POST",
                                "console",
                                "{\"instanceId\":\"%s\",\"sqlQuery\":\"%s\"}"
                                        .formatted(SimulatedAmc.INSTANCE, SimulatedAmc.REACH))
                        .path("workflowId")
                        .asText();
        client.workflows()
                .create(ADDRESS, new AmcWorkflow("metadata.v1", SimulatedAmc.REACH, List.of()));
        saved("metadata.v1");
        SimulatedAmc.eventually(() -> keys("workflow=" + typed).size() == 2);

        for (String key : keys("workflow=" + typed)) {
            assertThat(claimed(key).status()).as(key).isEqualTo(Delivery.Status.IGNORED);
        }
        List<String> ours = keys("workflow=metadata.v1");
        assertThat(ours).hasSize(2).anyMatch(k -> k.contains("/metadata/"));
        for (String key : ours) {
            assertThat(claimed(key).status())
                    .as(key)
                    .isEqualTo(
                            key.endsWith(".csv")
                                    ? Delivery.Status.LOADING
                                    : Delivery.Status.IGNORED);
        }
    }

    private static List<String> keys(String part) {
        return amc.published.keySet().stream()
                .filter(k -> k.contains(part))
                .map(k -> k.substring(k.indexOf('/') + 1))
                .toList();
    }

    @Test
    void whatPrivacyHidesIsToldWhereAskedFor() throws Exception {
        String sql =
                "SELECT postal_code, SUM(impressions) AS impressions FROM dsp_impressions GROUP BY"
                        + " postal_code";
        assertThat(rows(ADDRESS, sql)).containsExactly(row("postal_code", "impressions"));

        String all =
                rows(ADDRESS, "SELECT SUM(impressions) AS impressions FROM dsp_impressions")
                        .getLast()
                        .getFirst();
        AmcWorkflow telling =
                new AmcWorkflow(
                        "", sql, List.of(), new AmcWorkflow.Privacy("hidden", "users", "why"));
        List<List<@Nullable String>> told = rows(ADDRESS, run(ADDRESS, telling));
        assertThat(told).hasSize(2);
        assertThat(told.getFirst())
                .containsExactly("postal_code", "impressions", "hidden", "users", "why");
        assertThat(told.getLast().subList(0, 3)).containsExactly(null, all, "true");
        assertThat(told.getLast().getLast()).contains("dsp_impressions", "100 required");
    }

    @Test
    void moneyIsInAmcsUnitsAndByCurrency() throws Exception {
        AmcAddress address = address(TWO_CURRENCIES);
        List<World.Campaign> campaigns =
                requireNonNull(world.instance(TWO_CURRENCIES)).advertisers().stream()
                        .flatMap(a -> a.campaigns().stream())
                        .toList();
        List<List<@Nullable String>> display =
                rows(
                        address,
                        "SELECT currency_iso_code, SUM(impressions) AS impressions, SUM(total_cost)"
                                + " AS cost FROM dsp_impressions GROUP BY currency_iso_code");
        assertThat(display).extracting(List::getFirst).contains("CAD", "USD").hasSize(3);
        for (List<@Nullable String> row : display.subList(1, display.size())) {
            double perThousand = number(row, 2) / 100_000 / number(row, 1) * 1_000;
            assertThat(perThousand)
                    .as(row.toString())
                    .isBetween(
                            0.7 * lowest(campaigns, World.Campaign::cpm),
                            1.5 * highest(campaigns, World.Campaign::cpm));
        }
        List<List<@Nullable String>> sponsored =
                rows(
                        address,
                        "SELECT currency_iso_code, SUM(clicks) AS clicks, SUM(spend) AS spend FROM"
                                + " sponsored_ads_traffic GROUP BY currency_iso_code");
        assertThat(sponsored).extracting(List::getFirst).contains("CAD", "USD").hasSize(3);
        for (List<@Nullable String> row : sponsored.subList(1, sponsored.size())) {
            double perClick = number(row, 2) / 100_000_000 / number(row, 1);
            assertThat(perClick)
                    .as(row.toString())
                    .isBetween(
                            0.7 * lowest(campaigns, World.Campaign::cpc),
                            1.5 * highest(campaigns, World.Campaign::cpc));
        }
    }

    private static double lowest(
            List<World.Campaign> campaigns, Function<World.Campaign, @Nullable Double> price) {
        return campaigns.stream()
                .map(price)
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .min()
                .orElseThrow();
    }

    private static double highest(
            List<World.Campaign> campaigns, Function<World.Campaign, @Nullable Double> price) {
        return campaigns.stream()
                .map(price)
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .max()
                .orElseThrow();
    }

    private static double number(List<@Nullable String> row, int column) {
        return Double.parseDouble(String.valueOf(row.get(column)));
    }

    private static AmcAddress address(String instanceId) {
        World.Account account =
                world.accounts().stream()
                        .filter(
                                a ->
                                        a.instances().stream()
                                                .anyMatch(i -> i.id().equals(instanceId)))
                        .findFirst()
                        .orElseThrow();
        return new AmcAddress(
                new AmcAccount(
                        "default", AmcRegion.NA, account.entityId(), account.marketplaceId()),
                instanceId);
    }

    private static String bucket() {
        return requireNonNull(world.instance(SimulatedAmc.INSTANCE)).bucket();
    }

    /** What the lake makes of a file that the simulator published. */
    private Delivery claimed(String key) throws Exception {
        String text = amc.published.get(bucket() + "/" + key);
        installation.s3.putObject(r -> r.bucket(bucket()).key(key), RequestBody.fromString(text));
        JsonNode claimed =
                step(
                        lake,
                        "{'step':'claim','execution':'e','event':%s}"
                                .formatted(
                                        Json.write(
                                                Map.of(
                                                        "detail",
                                                        Map.of(
                                                                "bucket",
                                                                Map.of("name", bucket()),
                                                                "object",
                                                                Map.of(
                                                                        "key",
                                                                        key,
                                                                        "etag",
                                                                        "x",
                                                                        "size",
                                                                        String.valueOf(text)
                                                                                .length()))))));
        return ask(lake, new GetDelivery(claimed.path("deliveryId").asText()));
    }

    private static List<List<@Nullable String>> rows(AmcAddress address, String sql)
            throws Exception {
        return rows(address, run(address, sql));
    }

    private static List<List<@Nullable String>> rows(AmcAddress address, AmcExecution execution)
            throws Exception {
        List<List<@Nullable String>> rows = new ArrayList<>();
        try (InputStream in = Files.newInputStream(fetch(address, execution))) {
            var csv = new AmcCsv(in);
            rows.add(new ArrayList<>(csv.header()));
            for (var row = csv.next(); row != null; row = csv.next()) {
                rows.add(row);
            }
        }
        return rows;
    }

    private static List<@Nullable String> row(@Nullable String... values) {
        List<@Nullable String> row = new ArrayList<>();
        for (String value : values) {
            row.add(value);
        }
        return row;
    }

    private static AmcExecution saved(String workflowId) throws Exception {
        return await(
                ADDRESS,
                client.executions()
                        .create(
                                ADDRESS,
                                AmcExecutionRequest.saved(workflowId, WEEK, Map.of(), false)));
    }

    private static AmcExecution run(AmcAddress address, String sql) throws Exception {
        return run(address, new AmcWorkflow("", sql, List.of()));
    }

    private static AmcExecution run(AmcAddress address, AmcWorkflow workflow) throws Exception {
        return await(
                address,
                client.executions()
                        .create(
                                address,
                                new AmcExecutionRequest(
                                        new Query.AdHoc(workflow),
                                        WEEK,
                                        Map.of(),
                                        false,
                                        Output.DOWNLOAD_ONLY)));
    }

    private static AmcExecution await(AmcAddress address, AmcExecution execution) throws Exception {
        String id = execution.executionId();
        SimulatedAmc.eventually(() -> client.executions().get(address, id).phase().ended());
        AmcExecution done = client.executions().get(address, id);
        assertThat(done.phase()).as(done.statusReason()).isEqualTo(Phase.SUCCEEDED);
        return done;
    }

    private static Path fetch(AmcAddress address, AmcExecution execution) throws IOException {
        List<Path> parts = client.downloads().fetch(address, execution.executionId(), folder, 9);
        assertThat(parts).hasSize(1);
        return parts.getFirst();
    }
}
