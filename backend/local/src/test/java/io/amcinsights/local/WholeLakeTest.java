package io.amcinsights.local;

import static io.amcinsights.local.Workspaces.await;
import static io.amcinsights.local.Workspaces.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.amcinsights.contract.AmcInstance;
import io.amcinsights.contract.CampaignReport;
import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.LakeRequest.ListDeliveries;
import io.amcinsights.contract.LakeRequest.PutReportMapping;
import io.amcinsights.contract.LakeRequest.PutTransformation;
import io.amcinsights.contract.LakeRequest.RedriveDelivery;
import io.amcinsights.contract.LakeRequest.SwitchTransformation;
import io.amcinsights.contract.LakeRequest.Trial;
import io.amcinsights.contract.LakeRequest.TryTransformation;
import io.amcinsights.contract.ReportMapping;
import io.amcinsights.contract.ReportMapping.ByColumn;
import io.amcinsights.contract.ReportMapping.Channel;
import io.amcinsights.contract.ReportMapping.Field;
import io.amcinsights.contract.ReportMapping.Fixed;
import io.amcinsights.contract.Request;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TenantDraft;
import io.amcinsights.contract.TenantRequest.DiscoverInstances;
import io.amcinsights.contract.TenantRequest.GetTenant;
import io.amcinsights.contract.TenantRequest.OnboardTenant;
import io.amcinsights.local.athena.TrinoProcess;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.athena.AthenaClient;
import software.amazon.awssdk.services.athena.model.Datum;
import software.amazon.awssdk.services.athena.model.QueryExecutionState;
import software.amazon.awssdk.services.athena.model.QueryExecutionStatus;
import software.amazon.awssdk.services.athena.model.Row;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.s3.S3Client;

import java.io.BufferedReader;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The lake of a whole workspace, asked through Athena. */
class WholeLakeTest {

    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final String BY_CHANNEL =
            "SELECT channel, sum(spend), sum(impressions) FROM campaign_report GROUP BY 1"
                    + " ORDER BY 1";

    @TempDir Path folder;

    private @Nullable Process workspace;
    private @Nullable LambdaClient lambda;
    private @Nullable S3Client s3;
    private @Nullable AthenaClient athena;
    private int delivered;

    @AfterEach
    void end() {
        if (workspace != null) {
            workspace.destroyForcibly();
        }
    }

    @Test
    void datasetsOfSeveralTenantsAddUpExactlyOnOneSchema() throws Exception {
        assumeTrue(
                TrinoProcess.isIn(TrinoProcess.place()),
                "skipped: the engine is not built; run mvn -pl backend/engine package");
        start();
        List<Tenant> tenants = onboardTwo();
        for (Tenant tenant : tenants) {
            load(
                    tenant,
                    "costs",
                    """
                    campaign,ad_product_type,impressions,cost,currency
                    A,dsp,9007199254740993,0.10,USD
                    B,Sponsored_Products,2,0.20,USD
                    C,its_own,3,,USD
                    D,,4,1.00,USD
                    """);
        }
        load(tenants.getFirst(), "video", "title,shown,total_cost\nA,10,123456789\nB,20,1\n");
        PutReportMapping costs =
                put(
                        "costs",
                        Map.of(
                                Field.CAMPAIGN, "campaign",
                                Field.IMPRESSIONS, "impressions",
                                Field.SPEND, "cost",
                                Field.CURRENCY, "currency"),
                        new ByColumn("ad_product_type", ReportMapping.USUAL_CHANNELS, "Not told"),
                        0);
        CampaignReport report = call(costs);
        assertThat(report.published()).isTrue();
        call(
                put(
                        "video",
                        Map.of(
                                Field.CAMPAIGN, "title",
                                Field.IMPRESSIONS, "shown",
                                Field.SPEND, "total_cost_in_currency"),
                        new Fixed("Zoë's TV"),
                        0));

        assertThat(ask(BY_CHANNEL))
                .containsExactly(
                        "DSP|0.20000|18014398509481986",
                        "Not told|2.00000|8",
                        "Sponsored Products|0.40000|4",
                        "Zoë's TV|1234.56790|30",
                        "its_own|NULL|6");
        assertThat(ask("SELECT count(*), count(DISTINCT tenant) FROM campaign_report"))
                .containsExactly("10|2");
        assertThat(ask(report.byChannel())).hasSize(9);
        assertThat(ask(report.countedTwice())).isEmpty();

        call(
                put(
                        "costs",
                        costs.mapping().columns(),
                        new ByColumn("ad_product_type", Map.of("DSP", "Display"), null),
                        1));
        assertThat(ask("SELECT DISTINCT channel FROM campaign_report ORDER BY 1"))
                .containsExactly("Display", "Sponsored_Products", "Zoë's TV", "its_own", "NULL");

        load(
                tenants.getFirst(),
                "costs",
                "campaign,ad_product_type,impressions,cost,currency\nE,dsp,0.5,0.000001,USD\n");
        assertThat(ask(BY_CHANNEL))
                .startsWith("Display|0.2000010000|18014398509481986.5000")
                .contains("Zoë's TV|1234.5679000000|30.0000");

        call(put("video", Map.of(Field.IMPRESSIONS, "shown"), null, 1, false));
        call(put("costs", costs.mapping().columns(), null, 2, false));
        assertThat(ask("SELECT count(*), sum(spend) FROM campaign_report"))
                .containsExactly("0|NULL");

        assertThat(ask(twice(report))).containsExactly("t|A|a|b|3.50", "t|B|a|a|1.00");
    }

    @Test
    void aTransformationIsTriedPutInForceAndMended() throws Exception {
        assumeTrue(
                TrinoProcess.isIn(TrinoProcess.place()),
                "skipped: the engine is not built; run mvn -pl backend/engine package");
        start();
        Tenant tenant = onboardTwo().getFirst();
        load(tenant, "brands", "campaign,brand\nA,Kestrel\nB,Heron\n");
        load(tenant, "costs", "campaign,cost\nA,1\nB,2\n");
        String sql =
                """
                SELECT brand, CAST(cost AS BIGINT) * 2 AS cost
                FROM input LEFT JOIN brands USING (campaign)
                """;
        Trial trial = call(new TryTransformation("costs", sql, null));
        assertThat(trial.rows())
                .containsExactlyInAnyOrder(List.of("Kestrel", "2"), List.of("Heron", "4"));
        call(new PutTransformation("costs", sql, 0));
        call(new SwitchTransformation("costs", 1, 1));

        load(tenant, "costs", "campaign,cost\nA,3\n");
        Delivery broken = deliver(tenant, "costs", "campaign,cost\nB,many\n");
        assertThat(broken.status()).isEqualTo(Delivery.Status.FAILED);
        assertThat(Objects.requireNonNull(broken.problem()).message())
                .startsWith("Version 1 of the transformation of “costs” cannot be used");

        call(new PutTransformation("costs", sql.replace("CAST", "TRY_CAST"), 2));
        call(new SwitchTransformation("costs", 2, 3));
        call(new RedriveDelivery(broken.deliveryId()));
        assertThat(ended(tenant, broken.key()).status()).isEqualTo(Delivery.Status.LOADED);
        assertThat(ask("SELECT campaign, brand, cost FROM costs ORDER BY 1, 2, 3"))
                .containsExactly("A|NULL|1", "B|NULL|2", "NULL|Heron|NULL", "NULL|Kestrel|6");
    }

    /** What is counted twice, of rows that are known. */
    private static String twice(CampaignReport report) {
        String rows =
                """
                WITH campaign_report AS (SELECT tenant, campaign, channel, dataset,
                    timestamp '2026-10-01 00:00:00' + start * interval '1' day AS window_start,
                    timestamp '2026-10-01 00:00:00' + till * interval '1' day AS window_end,
                    CAST(impressions AS bigint) AS impressions, clicks, spend, purchases, sales
                  FROM (VALUES
                    ('t', 'A', 'DSP', 'a', 0, 7, 5, 1, 1.25, 1, 1),
                    ('t', 'A', 'DSP', 'a', 0, 7, 5, 1, 1.25, 1, 1),
                    ('t', 'A', 'DSP', 'a', 7, 14, 5, 1, 1.25, 1, 1),
                    ('t', 'A', 'DSP', 'b', 6, 7, NULL, NULL, 1.00, NULL, NULL),
                    ('u', 'A', 'DSP', 'b', 0, 7, 5, 1, 1.00, NULL, NULL),
                    ('t', 'A', 'TV', 'b', 0, 7, 5, 1, 1.00, NULL, NULL),
                    ('t', 'B', NULL, 'a', 0, 7, 5, 1, 0.25, 1, 1),
                    ('t', 'B', NULL, 'a', 1, 8, 5, 1, 0.75, 1, 1),
                    ('t', 'C', NULL, 'a', 0, 7, 5, NULL, NULL, NULL, NULL),
                    ('t', 'C', NULL, 'b', 0, 7, NULL, NULL, NULL, 1, 1))
                  AS v (tenant, campaign, channel, dataset, start, till, impressions, clicks, spend,
                    purchases, sales)), parts AS\
                """;
        return "SELECT tenant, campaign, dataset, also_in, spend + also_spend FROM (%s) ORDER BY 2"
                .formatted(report.countedTwice().replaceFirst("WITH parts AS", rows));
    }

    private static PutReportMapping put(
            String dataset, Map<Field, String> columns, @Nullable Channel channel, long version) {
        return put(dataset, columns, channel, version, true);
    }

    private static PutReportMapping put(
            String dataset,
            Map<Field, String> columns,
            @Nullable Channel channel,
            long version,
            boolean included) {
        return new PutReportMapping(
                new ReportMapping(dataset, included, columns, channel, version));
    }

    private List<Tenant> onboardTwo() throws Exception {
        List<AmcInstance> ready =
                call(new DiscoverInstances("default")).instances().stream()
                        .filter(i -> i.ready() && !i.sandbox())
                        .limit(2)
                        .toList();
        assertThat(ready).hasSize(2);
        for (AmcInstance of : ready) {
            call(
                    new OnboardTenant(
                            new TenantDraft(
                                    of.advertiser(),
                                    of.instanceId(),
                                    of.accountId(),
                                    of.marketplaceId(),
                                    of.region(),
                                    of.bucketName(),
                                    of.bucketRegion(),
                                    of.awsAccountId(),
                                    "default")));
            await(
                    PATIENCE,
                    () -> call(new GetTenant(of.instanceId())),
                    t -> t.status() == Tenant.Status.ACTIVE);
        }
        return ready.stream().map(i -> call(new GetTenant(i.instanceId()))).toList();
    }

    private void load(Tenant tenant, String workflow, String csv) throws Exception {
        Delivery loaded = deliver(tenant, workflow, csv);
        assertThat(loaded.status()).as("%s", loaded.problem()).isEqualTo(Delivery.Status.LOADED);
    }

    /** As AMC delivers it, until it has ended. */
    private Delivery deliver(Tenant tenant, String workflow, String csv) throws Exception {
        String key =
                "workflow=%1$s/schedule=adhoc/2026-11-23T10:00:%2$02d.123Z-%1$s.csv"
                        .formatted(workflow, delivered++);
        Objects.requireNonNull(s3)
                .putObject(
                        r -> r.bucket(tenant.bucketName()).key(key), RequestBody.fromString(csv));
        return ended(tenant, key);
    }

    private Delivery ended(Tenant tenant, String key) throws Exception {
        return Objects.requireNonNull(
                await(
                        PATIENCE,
                        () ->
                                call(new ListDeliveries(tenant.tenantId(), 50, null))
                                        .deliveries()
                                        .stream()
                                        .filter(d -> d.key().equals(key))
                                        .findFirst()
                                        .orElse(null),
                        d -> d != null && d.status().ended()));
    }

    private List<String> ask(String sql) throws Exception {
        AthenaClient client = Objects.requireNonNull(athena);
        String id =
                client.startQueryExecution(
                                r ->
                                        r.queryString(sql)
                                                .workGroup("amc-insights-analysts")
                                                .queryExecutionContext(
                                                        c -> c.database("amc_insights")))
                        .queryExecutionId();
        QueryExecutionStatus ended =
                await(
                        PATIENCE,
                        () ->
                                client.getQueryExecution(r -> r.queryExecutionId(id))
                                        .queryExecution()
                                        .status(),
                        s ->
                                s.state() != QueryExecutionState.QUEUED
                                        && s.state() != QueryExecutionState.RUNNING);
        assertThat(ended.state())
                .as(ended.stateChangeReason())
                .isEqualTo(QueryExecutionState.SUCCEEDED);
        return client.getQueryResults(r -> r.queryExecutionId(id)).resultSet().rows().stream()
                .skip(1)
                .map(WholeLakeTest::text)
                .toList();
    }

    private static String text(Row row) {
        return row.data().stream()
                .map(Datum::varCharValue)
                .map(value -> value == null ? "NULL" : value)
                .collect(Collectors.joining("|"));
    }

    private <R> R call(Request<R> request) {
        return Workspaces.call(Objects.requireNonNull(lambda), request);
    }

    private void start() throws Exception {
        Path data = folder.resolve("data");
        Process process =
                Workspaces.process(data, "--engine", TrinoProcess.place().toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        workspace = process;
        BufferedReader output = process.inputReader();
        String line = output.readLine();
        assertThat(line).startsWith("ready ");
        URI endpoint = URI.create(line.substring("ready ".length()));
        ProfileCredentialsProvider credentials = credentials(data, "local");
        lambda =
                LambdaClient.builder()
                        .endpointOverride(endpoint)
                        .region(Region.US_EAST_1)
                        .credentialsProvider(credentials)
                        .httpClient(UrlConnectionHttpClient.create())
                        .build();
        s3 =
                S3Client.builder()
                        .endpointOverride(endpoint)
                        .forcePathStyle(true)
                        .region(Region.US_EAST_1)
                        .credentialsProvider(credentials)
                        .httpClient(UrlConnectionHttpClient.create())
                        .build();
        athena =
                AthenaClient.builder()
                        .endpointOverride(endpoint)
                        .region(Region.US_EAST_1)
                        .credentialsProvider(credentials)
                        .httpClient(UrlConnectionHttpClient.create())
                        .build();
    }
}
