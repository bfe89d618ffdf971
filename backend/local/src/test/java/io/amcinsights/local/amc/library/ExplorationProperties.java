package io.amcinsights.local.amc.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.contract.Template;

import java.util.Map;

/** The lists from which parameters take their values. */
final class ExplorationProperties {

    static final Map<String, Property> ALL =
            Map.ofEntries(
                    Map.entry("list-advertisers", ExplorationProperties::listAdvertisers),
                    Map.entry("list-asins", ExplorationProperties::listAsins),
                    Map.entry("list-campaigns", ExplorationProperties::listCampaigns),
                    Map.entry("list-creatives", ExplorationProperties::listCreatives),
                    Map.entry("list-line-items", ExplorationProperties::listLineItems),
                    Map.entry("list-segments", ExplorationProperties::listSegments),
                    Map.entry("list-sites", ExplorationProperties::listSites));

    private ExplorationProperties() {}

    private static void listAdvertisers(ResultTable result, Results others) {
        inOrder(result, others);
        ResultTable campaigns = others.of("list-campaigns");
        assertThat(result.sum("impressions")).isEqualTo(campaigns.sum("impressions"));
        assertThat(result.sum("campaigns")).isEqualTo(campaigns.rows().size());
    }

    private static void listCampaigns(ResultTable result, Results others) {
        inOrder(result, others);
        assertThat(result.sum("impressions"))
                .isEqualTo(
                        impressions("dsp_impressions", others)
                                + impressions("sponsored_ads_traffic", others));
        assertThat(result.by("campaign_id")).hasSameSizeAs(result.rows());
    }

    private static void listLineItems(ResultTable result, Results others) {
        inOrder(result, others);
        assertThat(result.sum("impressions")).isEqualTo(impressions("dsp_impressions", others));
    }

    private static void listCreatives(ResultTable result, Results others) {
        inOrder(result, others);
        Checks.percentage(result, "click_through_rate", "clicks", "impressions");
        Checks.nearly(result.sum("impressions"), impressions("dsp_impressions", others), 0.3);
    }

    private static void listSites(ResultTable result, Results others) {
        inOrder(result, others);
        Checks.quotient(result, "cost_per_thousand", "cost", "impressions", 1000);
    }

    private static void listSegments(ResultTable result, Results others) {
        inOrder(result, others);
        Checks.within(result, "matched_impressions", "impressions");
        assertThat(result.sum("matched_impressions")).isPositive();
    }

    private static void listAsins(ResultTable result, Results others) {
        inOrder(result, others);
        Checks.within(result, "purchases", "units_sold");
        Checks.within(result, "purchases", "detail_page_views");
        assertThat(result.sum("purchases"))
                .isEqualTo(
                        others.query(
                                        """
                                        SELECT SUM(conversions) AS orders
                                        FROM conversions WHERE event_subtype = 'order'\
                                        """,
                                        new Template.Window(90, 2))
                                .sum("orders"));
    }

    /** Nobody is counted twice in a row, and the last day is not before the first. */
    private static void inOrder(ResultTable result, Results others) {
        assertThat(result.rows())
                .allSatisfy(
                        row -> {
                            assertThat(row.count("users"))
                                    .isBetween(1L, (long) others.population());
                            assertThat(row.text("first_date"))
                                    .isLessThanOrEqualTo(row.text("last_date"));
                        });
    }

    private static double impressions(String table, Results others) {
        return others.query(
                        "SELECT SUM(impressions) AS n FROM " + table, new Template.Window(90, 2))
                .sum("n");
    }
}
