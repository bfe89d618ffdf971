package io.amcinsights.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.amcinsights.contract.CampaignReport;
import io.amcinsights.contract.Delivery;
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
import io.amcinsights.contract.Tenant;
import io.amcinsights.local.athena.TrinoProcess;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.core.sync.RequestBody;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The lake of a whole workspace, asked through Athena. */
class WholeLakeTest {

    private static final String BY_CHANNEL =
            "SELECT channel, sum(spend), sum(impressions) FROM campaign_report GROUP BY 1"
                    + " ORDER BY 1";

    @TempDir Path folder;

    private @Nullable StartedWorkspace workspace;

    @AfterEach
    void end() {
        if (workspace != null) {
            workspace.close();
        }
    }

    @Test
    void datasetsOfSeveralTenantsAddUpExactlyOnOneSchema() throws Exception {
        assumeTrue(
                TrinoProcess.isIn(TrinoProcess.place()),
                "skipped: the engine is not built; run mvn -pl backend/engine package");
        StartedWorkspace lake = new StartedWorkspace(folder.resolve("data"));
        workspace = lake;
        List<Tenant> tenants = lake.onboard(2);
        for (Tenant tenant : tenants) {
            lake.load(
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
        lake.load(tenants.getFirst(), "video", "title,shown,total_cost\nA,10,123456789\nB,20,1\n");
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
        CampaignReport report = lake.call(costs);
        assertThat(report.published()).isTrue();
        lake.call(
                put(
                        "video",
                        Map.of(
                                Field.CAMPAIGN, "title",
                                Field.IMPRESSIONS, "shown",
                                Field.SPEND, "total_cost_in_currency"),
                        new Fixed("Zoë's TV"),
                        0));

        assertThat(lake.ask(BY_CHANNEL))
                .containsExactly(
                        "DSP|0.20000|18014398509481986",
                        "Not told|2.00000|8",
                        "Sponsored Products|0.40000|4",
                        "Zoë's TV|1234.56790|30",
                        "its_own|NULL|6");
        assertThat(lake.ask("SELECT count(*), count(DISTINCT tenant) FROM campaign_report"))
                .containsExactly("10|2");
        assertThat(lake.ask(report.byChannel())).hasSize(9);
        assertThat(lake.ask(report.countedTwice())).isEmpty();

        lake.call(
                put(
                        "costs",
                        costs.mapping().columns(),
                        new ByColumn("ad_product_type", Map.of("DSP", "Display"), null),
                        1));
        assertThat(lake.ask("SELECT DISTINCT channel FROM campaign_report ORDER BY 1"))
                .containsExactly("Display", "Sponsored_Products", "Zoë's TV", "its_own", "NULL");

        lake.load(
                tenants.getFirst(),
                "costs",
                "campaign,ad_product_type,impressions,cost,currency\nE,dsp,0.5,0.000001,USD\n");
        assertThat(lake.ask(BY_CHANNEL))
                .startsWith("Display|0.2000010000|18014398509481986.5000")
                .contains("Zoë's TV|1234.5679000000|30.0000");

        lake.call(put("video", Map.of(Field.IMPRESSIONS, "shown"), null, 1, false));
        lake.call(put("costs", costs.mapping().columns(), null, 2, false));
        assertThat(lake.ask("SELECT count(*), sum(spend) FROM campaign_report"))
                .containsExactly("0|NULL");

        assertThat(lake.ask(twice(report))).containsExactly("t|A|a|b|3.50", "t|B|a|a|1.00");
    }

    @Test
    void aTransformationIsTriedPutInForceAndMended() throws Exception {
        assumeTrue(
                TrinoProcess.isIn(TrinoProcess.place()),
                "skipped: the engine is not built; run mvn -pl backend/engine package");
        StartedWorkspace lake = new StartedWorkspace(folder.resolve("data"));
        workspace = lake;
        Tenant tenant = lake.onboard(2).getFirst();
        lake.load(tenant, "brands", "campaign,brand\nA,Kestrel\nB,Heron\n");
        lake.load(tenant, "costs", "campaign,cost\nA,1\nB,2\n");
        String sql =
                """
                SELECT brand, CAST(cost AS BIGINT) * 2 AS cost
                FROM input LEFT JOIN brands USING (campaign)
                """;
        Trial trial = lake.call(new TryTransformation("costs", sql, null));
        assertThat(trial.rows())
                .containsExactlyInAnyOrder(List.of("Kestrel", "2"), List.of("Heron", "4"));
        lake.call(new PutTransformation("costs", sql, 0));
        lake.call(new SwitchTransformation("costs", 1, 1));

        lake.load(tenant, "costs", "campaign,cost\nA,3\n");
        Delivery broken =
                lake.deliver(tenant, "costs", RequestBody.fromString("campaign,cost\nB,many\n"));
        assertThat(broken.status()).isEqualTo(Delivery.Status.FAILED);
        assertThat(Objects.requireNonNull(broken.problem()).message())
                .startsWith("Version 1 of the transformation of “costs” cannot be used");

        lake.call(new PutTransformation("costs", sql.replace("CAST", "TRY_CAST"), 2));
        lake.call(new SwitchTransformation("costs", 2, 3));
        lake.call(new RedriveDelivery(broken.deliveryId()));
        assertThat(lake.ended(tenant, broken.key()).status()).isEqualTo(Delivery.Status.LOADED);
        assertThat(lake.ask("SELECT campaign, brand, cost FROM costs ORDER BY 1, 2, 3"))
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
}
