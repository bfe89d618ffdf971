package io.amcinsights.local.amc.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.contract.Template;

import org.assertj.core.data.Offset;

import java.util.Map;

/** Who and where people are, and what they are worth. */
final class AudienceProperties {

    static final Map<String, Property> ALL =
            Map.ofEntries(
                    Map.entry("bid-boost-by-audience", AudienceProperties::bidBoostByAudience),
                    Map.entry("sales-by-state", AudienceProperties::salesByState),
                    Map.entry("segments-of-buyers", AudienceProperties::segmentsOfBuyers),
                    Map.entry("device-mix", AudienceProperties::deviceMix),
                    Map.entry("geography-by-state", AudienceProperties::geographyByState),
                    Map.entry("geography-by-dma", AudienceProperties::geographyByDma),
                    Map.entry(
                            "geography-by-postal-code", AudienceProperties::geographyByPostalCode),
                    Map.entry("segment-conversions", AudienceProperties::segmentConversions),
                    Map.entry("segment-overlap", AudienceProperties::segmentOverlap),
                    Map.entry(
                            "lifetime-value-by-segment",
                            AudienceProperties::lifetimeValueBySegment));

    private AudienceProperties() {}

    private static void deviceMix(ResultTable result, Results others) {
        Checks.reached(result, "users", others);
        Checks.wholeOf(result, "impressions_share");
        Checks.wholeOf(result, "purchases_share");
        Checks.percentage(result, "purchase_rate", "purchasers", "users");
        Checks.quotient(result, "impressions_per_person", "impressions", "users", 1);
    }

    private static void geographyByState(ResultTable result, Results others) {
        places(result, others);
        Checks.nearly(
                result.sum("users"),
                others.number(
                        "SELECT COUNT(DISTINCT user_id) AS n FROM dsp_impressions"
                                + " WHERE iso_state_province_code IS NOT NULL",
                        new Template.Window(60, 14)),
                0.1);
    }

    private static void geographyByDma(ResultTable result, Results others) {
        places(result, others);
        assertThat(result.rows())
                .allSatisfy(row -> assertThat(row.text("market_area")).startsWith("US-DMA"));
    }

    private static void geographyByPostalCode(ResultTable result, Results others) {
        Checks.people(result, "users", others);
        Checks.quotient(result, "impressions_per_person", "impressions", "users", 1);
        Checks.atLeast(result, "users", 100);
        assertThat(result.rows())
                .allSatisfy(
                        row -> assertThat(row.text("state")).startsWith(row.text("country") + "-"));
    }

    private static void segmentConversions(ResultTable result, Results others) {
        Checks.reached(result, "users", others);
        Checks.percentage(result, "purchase_rate", "purchasers", "users");
        result.by("segment").values().forEach(some -> Checks.people(some, "users", others));
        assertThat(result.numbers("matched")).containsOnly(0, 1);
        Checks.atLeast(result, "users", 100);
    }

    private static void segmentOverlap(ResultTable result, Results others) {
        Checks.percentage(result, "overlap_share", "users", "targeted_users");
        Checks.percentage(result, "purchase_rate", "purchasers", "users");
        assertThat(result.rows())
                .allSatisfy(
                        row ->
                                assertThat(row.text("segment"))
                                        .isNotEqualTo(row.text("targeted_segment")));
        result.by("targeted_segment")
                .values()
                .forEach(
                        one ->
                                assertThat(one.numbers("targeted_users"))
                                        .containsOnly(
                                                one.rows().getFirst().number("targeted_users")));
    }

    private static void lifetimeValueBySegment(ResultTable result, Results others) {
        Checks.reached(result, "users", others);
        Checks.within(result, "purchasers", "users");
        Checks.within(result, "purchasers", "purchases");
        Checks.quotient(result, "lifetime_value", "product_sales", "purchasers", 1);
        Checks.quotient(result, "cost_per_purchaser", "cost", "purchasers", 1);
    }

    private static void places(ResultTable result, Results others) {
        Checks.people(result, "users", others);
        Checks.percentage(result, "purchase_rate", "purchasers", "users");
        Checks.within(result, "purchasers", "purchases");
    }

    private static void bidBoostByAudience(ResultTable result, Results others) {
        Checks.percentage(result, "click_through_rate", "clicks", "impressions");
        Checks.quotient(result, "conversion_rate", "purchases", "clicks", 100);
        // Whoever raised a bid for an audience shows ads to other people too.
        result.by("campaign_id")
                .values()
                .forEach(
                        campaign ->
                                assertThat(campaign.where("audience", "No audience").rows())
                                        .hasSize(1));
        assertThat(result.sum("purchases")).isPositive();
    }

    private static void salesByState(ResultTable result, Results others) {
        Checks.quotient(result, "acos", "cost", "product_sales", 100);
        Checks.nearly(
                result.sum("impressions"),
                others.query(
                                "SELECT SUM(impressions) AS n FROM dsp_impressions",
                                new Template.Window(60, 14))
                        .sum("n"),
                0.15);
    }

    private static void segmentsOfBuyers(ResultTable result, Results others) {
        Checks.percentage(result, "users_share", "users", "all_users");
        Checks.percentage(result, "purchasers_share", "purchasers", "all_purchasers");
        Checks.within(result, "purchasers", "users");
        assertThat(result.rows())
                .allSatisfy(
                        row ->
                                assertThat(row.number("buyer_index"))
                                        .isCloseTo(
                                                100
                                                        * row.ratio("purchasers", "all_purchasers")
                                                        / row.ratio("users", "all_users"),
                                                Offset.offset(0.51)));
    }
}
