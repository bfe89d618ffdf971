package io.amcinsights.local.amc.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.contract.Template;

import java.util.Map;

/** Who and where people are. */
final class AudienceProperties {

    static final Map<String, Property> ALL =
            Map.ofEntries(
                    Map.entry("device-mix", AudienceProperties::deviceMix),
                    Map.entry("bid-boost-by-audience", AudienceProperties::bidBoostByAudience),
                    Map.entry("geography-by-state", AudienceProperties::geographyByState),
                    Map.entry("sales-by-state", AudienceProperties::salesByState));

    private AudienceProperties() {}

    private static void deviceMix(ResultTable result, Results others) {
        Checks.within(result, "users", "impressions");
    }

    private static void geographyByState(ResultTable result, Results others) {
        Checks.people(result, "users", others);
        Checks.percentage(result, "purchase_rate", "purchasers", "users");
    }

    private static void bidBoostByAudience(ResultTable result, Results others) {
        Checks.percentage(result, "click_rate", "clicks", "impressions");
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
        Checks.quotientOfMoney(result, "acos", "cost", "product_sales", 100);
        Checks.nearly(
                result.sum("impressions"),
                others.query(
                                "SELECT SUM(impressions) AS n FROM dsp_impressions",
                                new Template.Window(60, 14))
                        .sum("n"),
                0.15);
    }
}
