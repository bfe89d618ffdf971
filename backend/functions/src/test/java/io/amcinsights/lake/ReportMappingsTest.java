package io.amcinsights.lake;

import static io.amcinsights.TestInstallation.ask;
import static io.amcinsights.TestInstallation.refusal;
import static io.amcinsights.TestInstallation.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.TestInstallation;
import io.amcinsights.contract.CampaignReport;
import io.amcinsights.contract.CampaignReport.Overlap;
import io.amcinsights.contract.CampaignReport.Source;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.LakeRequest.GetCampaignReport;
import io.amcinsights.contract.LakeRequest.PutReportMapping;
import io.amcinsights.contract.ReportMapping;
import io.amcinsights.contract.ReportMapping.ByColumn;
import io.amcinsights.contract.ReportMapping.Channel;
import io.amcinsights.contract.ReportMapping.Field;
import io.amcinsights.contract.ReportMapping.Fixed;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class ReportMappingsTest {

    private static final String ONE = "amcr1aaaa1a";
    private static final String TWO = "amcr2bbbb2b";
    private static final String BUCKET = "bucket-one";

    private final Loading loading = new Loading();
    private final TestInstallation installation = loading.installation;

    @BeforeEach
    void tenants() {
        loading.tenant(ONE, BUCKET);
        loading.tenant(TWO, "bucket-two");
    }

    @AfterEach
    void close() {
        installation.close();
    }

    @Test
    void whatIsCertainByItsNameIsProposed() {
        loading.load(
                BUCKET,
                "campaign-cost",
                """
                advertiser,campaign,campaign_id,ad_product_type,users,impressions,clicks,click_through_rate,media_cost,fees,cost,currency
                Kestrel,A,1,dsp,7,9,2,0.22,1.5,0.5,2.0,USD
                """);
        Source source = source("campaign_cost");
        assertThat(source.proposed()).isTrue();
        assertThat(source.mapping())
                .isEqualTo(
                        new ReportMapping(
                                "campaign_cost",
                                false,
                                Map.of(
                                        Field.ADVERTISER, "advertiser",
                                        Field.CAMPAIGN, "campaign",
                                        Field.IMPRESSIONS, "impressions",
                                        Field.REACH, "users",
                                        Field.CLICKS, "clicks",
                                        Field.SPEND, "cost",
                                        Field.CURRENCY, "currency"),
                                new ByColumn("ad_product_type", ReportMapping.USUAL_CHANNELS, null),
                                0));
        assertThat(report().published()).isFalse();
        assertThat(installation.glue.columns("campaign_report")).isEmpty();
    }

    @Test
    void moneyInSmallUnitsIsProposedAsItsTwin() {
        loading.load(BUCKET, "raw", "campaign,impressions,total_cost\nA,9,100000\n");
        assertThat(source("raw").mapping().columns())
                .containsEntry(Field.SPEND, "total_cost_in_currency");
        assertThat(source("raw").choices().get(Field.SPEND))
                .containsExactly("impressions", "total_cost_in_currency");
        assertThat(source("raw").choices().get(Field.CLICKS)).containsExactly("impressions");
        Failure refused =
                refusal(loading.lake, put("raw", Map.of(Field.SPEND, "total_cost"), null, 0));
        assertThat(refused.field()).isEqualTo("columns.SPEND");
        assertThat(refused.nextStep()).contains("“total_cost_in_currency”");
    }

    @Test
    void whatMayCountSomethingInSeveralRowsIsNotProposed() {
        loading.load(BUCKET, "models", "attribution_model,campaign,purchases\nfirst,A,1\n");
        loading.load(BUCKET, "reach", "users,reach_share\n5,0.5\n");
        loading.load(BUCKET, "unknown-unit", "campaign,spend\nA,1.5\n");
        for (String dataset : List.of("models", "reach", "unknown_unit")) {
            assertThat(source(dataset).proposed()).isFalse();
            assertThat(source(dataset).mapping())
                    .isEqualTo(new ReportMapping(dataset, false, Map.of(), null, 0));
        }
    }

    @Test
    void theViewHasTheTypesThatHoldAllOfItsSources() {
        loading.load(BUCKET, "a", "campaign,impressions,spend\nA,9,1.25\n");
        loading.load(BUCKET, "b", "title,views,cost,currency\nA,9,1.00001,USD\n");
        ask(
                loading.lake,
                put(
                        "a",
                        Map.of(Field.CAMPAIGN, "campaign", Field.IMPRESSIONS, "impressions"),
                        new Fixed("Audio"),
                        0));
        assertThat(installation.glue.columns("campaign_report"))
                .containsExactly(
                        "tenant string",
                        "advertiser string",
                        "campaign string",
                        "channel string",
                        "window_start timestamp",
                        "window_end timestamp",
                        "impressions bigint",
                        "reach bigint",
                        "clicks bigint",
                        "spend decimal(38,2)",
                        "purchases bigint",
                        "sales decimal(38,2)",
                        "currency string",
                        "dataset string");
        ask(
                loading.lake,
                put("b", Map.of(Field.IMPRESSIONS, "views", Field.SPEND, "cost"), null, 0));
        assertThat(installation.glue.columns("campaign_report")).contains("spend decimal(38,10)");

        loading.load(BUCKET, "b", "title,views,cost,currency\nA,9.5,1.1,USD\n");
        assertThat(installation.glue.columns("campaign_report"))
                .contains("impressions decimal(38,4)");
        loading.load(BUCKET, "b", "title,views,cost,currency\nA,many,1.1,USD\n");
        assertThat(source("b").texts()).containsExactly("views");

        ask(loading.lake, put("b", Map.of(Field.SPEND, "cost"), null, 1));
        assertThat(installation.glue.columns("campaign_report")).contains("impressions bigint");
    }

    @Test
    void whatTwoDatasetsCountIsSaid() {
        String columns = "campaign,impressions,purchases\nA,9,1\n";
        loading.load(BUCKET, "a", columns);
        loading.load("bucket-two", "a", columns);
        loading.load(BUCKET, "b", columns);
        loading.load("bucket-two", "c", columns);
        Map<Field, String> both =
                Map.of(Field.IMPRESSIONS, "impressions", Field.PURCHASES, "purchases");
        ask(loading.lake, put("a", both, new Fixed("Display"), 0));
        assertThat(source("b").overlaps())
                .containsExactly(
                        new Overlap(
                                "a", List.of(Field.IMPRESSIONS, Field.PURCHASES), List.of(ONE)));
        assertThat(source("a").overlaps()).isEmpty();
        ask(loading.lake, put("b", both, new Fixed("Audio"), 0));
        assertThat(source("a").overlaps()).isEmpty();
        ask(loading.lake, put("c", Map.of(Field.PURCHASES, "purchases"), new Fixed("display"), 0));
        assertThat(source("a").overlaps())
                .containsExactly(new Overlap("c", List.of(Field.PURCHASES), List.of(TWO)));
    }

    @Test
    void mappingsThatCannotBeMeantAreRefused() {
        loading.load(BUCKET, "a", "campaign,impressions,day\nA,9,2026-10-01\n");
        assertThat(
                        refusal(loading.lake, put("a", Map.of(Field.CLICKS, "campaign"), null, 0))
                                .message())
                .isEqualTo("“campaign” holds no numbers.");
        assertThat(refusal(loading.lake, put("a", Map.of(Field.CLICKS, "hits"), null, 0)).message())
                .contains("no column “hits”");
        assertThat(
                        refusal(loading.lake, put("a", Map.of(Field.CAMPAIGN, "campaign"), null, 0))
                                .field())
                .isEqualTo("columns");
        Map<Field, String> fine = Map.of(Field.IMPRESSIONS, "impressions");
        assertThat(refusal(loading.lake, put("a", fine, new Fixed(" "), 0)).field())
                .isEqualTo("channel");
        assertThat(
                        refusal(
                                        loading.lake,
                                        put("a", fine, new ByColumn("day", Map.of(), null), 0))
                                .message())
                .contains("no column “day”");
        ask(loading.lake, put("a", fine, null, 0));
        assertThat(refusal(loading.lake, put("a", fine, null, 0)).code())
                .isEqualTo(ErrorCode.CONFLICT);
        assertThat(refusal(loading.lake, put("nothing", fine, null, 0)).code())
                .isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void aColumnThatIsOnItsWayIsNotReadYet() {
        loading.load(BUCKET, "a", "campaign,impressions\nA,9\n");
        String coming = loading.begin(BUCKET, "a", "campaign,impressions,clicks\nA,9,1\n");
        step(loading.lake, "{'step':'pre-stage','deliveryId':'%s'}".formatted(coming));
        PutReportMapping clicks = put("a", Map.of(Field.CLICKS, "clicks"), null, 0);
        assertThat(refusal(loading.lake, clicks).message())
                .isEqualTo("No delivery with the column “clicks” has been loaded yet.");
        loading.end(coming);
        assertThat(ask(loading.lake, clicks).published()).isTrue();
    }

    @Test
    void aWorkflowCannotTakeTheNameOfTheReport() {
        assertThat(loading.load(BUCKET, "campaign_report", "a\n1\n").dataset())
                .startsWith("campaign_report_");
    }

    private CampaignReport report() {
        return ask(loading.lake, new GetCampaignReport());
    }

    private Source source(String dataset) {
        return report().sources().stream()
                .filter(s -> s.mapping().dataset().equals(dataset))
                .findFirst()
                .orElseThrow();
    }

    private static PutReportMapping put(
            String dataset, Map<Field, String> columns, @Nullable Channel channel, long version) {
        return new PutReportMapping(new ReportMapping(dataset, true, columns, channel, version));
    }
}
