package io.amcinsights.local.amc.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.contract.Template;

import java.util.Map;

/** Performance deep dives. */
final class PerformanceProperties {

    static final Map<String, Property> ALL =
            Map.ofEntries(
                    Map.entry(
                            "display-campaigns-by-day",
                            PerformanceProperties::displayCampaignsByDay),
                    Map.entry("dsp-viewability", PerformanceProperties::dspViewability),
                    Map.entry("hour-of-week", PerformanceProperties::hourOfWeek),
                    Map.entry(
                            "sponsored-brands-traffic",
                            PerformanceProperties::sponsoredBrandsTraffic),
                    Map.entry(
                            "sponsored-brands-conversions",
                            PerformanceProperties::sponsoredBrandsConversions),
                    Map.entry(
                            "sponsored-display-viewability",
                            PerformanceProperties::sponsoredDisplayViewability),
                    Map.entry(
                            "sponsored-ads-campaigns",
                            PerformanceProperties::sponsoredAdsCampaigns));

    private PerformanceProperties() {}

    private static void displayCampaignsByDay(ResultTable result, Results others) {
        Checks.within(result, "users", "impressions");
    }

    private static void hourOfWeek(ResultTable result, Results others) {
        assertThat(result.rows()).hasSizeBetween(100, 7 * 24);
    }

    private static void sponsoredAdsCampaigns(ResultTable result, Results others) {
        Checks.within(result, "clicks", "impressions");
    }

    private static void dspViewability(ResultTable result, Results others) {
        Checks.percentage(
                result, "viewable_rate", "viewable_impressions", "measurable_impressions");
        assertThat(result.sum("viewable_impressions") / result.sum("measurable_impressions"))
                .isBetween(0.5, 0.95);
    }

    private static void sponsoredBrandsTraffic(ResultTable result, Results others) {
        Checks.percentage(result, "viewable_rate", "viewable_impressions", "impressions");
        Checks.percentage(result, "click_rate", "clicks", "impressions");
        Checks.within(result, "complete_views", "third_quartile_views");
        Checks.within(result, "third_quartile_views", "midpoint_views");
        Checks.within(result, "midpoint_views", "first_quartile_views");
        assertThat(result.sum("impressions")).isEqualTo(impressions("sponsored_brands", others));
    }

    private static void sponsoredBrandsConversions(ResultTable result, Results others) {
        Checks.within(result, "new_to_brand_purchases", "purchases");
        Checks.within(result, "purchases", "units_sold");
        double views =
                others.query(
                                """
                                SELECT SUM(total_detail_page_view) AS n
                                FROM amazon_attributed_events_by_conversion_time
                                WHERE ad_product_type = 'sponsored_brands'\
                                """,
                                new Template.Window(30, 2))
                        .sum("n");
        Checks.nearly(result.sum("detail_page_views"), views, 0.3);
    }

    private static void sponsoredDisplayViewability(ResultTable result, Results others) {
        Checks.percentage(result, "viewable_rate", "viewable_impressions", "impressions");
        Checks.percentage(result, "click_rate", "clicks", "impressions");
        Checks.quotientOfMoney(
                result, "cost_per_viewable_thousand", "spend", "viewable_impressions", 1000);
        assertThat(result.sum("impressions")).isEqualTo(impressions("sponsored_display", others));
    }

    private static double impressions(String adProduct, Results others) {
        return others.query(
                        "SELECT SUM(impressions) AS n FROM sponsored_ads_traffic"
                                + " WHERE ad_product_type = '%s'".formatted(adProduct),
                        new Template.Window(30, 2))
                .sum("n");
    }
}
