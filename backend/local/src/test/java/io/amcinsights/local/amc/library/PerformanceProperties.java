package io.amcinsights.local.amc.library;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import io.amcinsights.contract.Template;

import org.assertj.core.data.Offset;

import java.util.Map;

/** Performance deep dives and cost. */
final class PerformanceProperties {

    static final Map<String, Property> ALL =
            Map.ofEntries(
                    Map.entry("dsp-viewability", PerformanceProperties::dspViewability),
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
                            "display-campaigns-by-day",
                            PerformanceProperties::displayCampaignsByDay),
                    Map.entry("hour-of-week", PerformanceProperties::hourOfWeek),
                    Map.entry(
                            "sponsored-ads-campaigns",
                            PerformanceProperties::sponsoredAdsCampaigns),
                    Map.entry("campaign-cost", PerformanceProperties::campaignCost),
                    Map.entry("funnel-stages", PerformanceProperties::funnelStages),
                    Map.entry(
                            "funnel-by-customer-type",
                            PerformanceProperties::funnelByCustomerType));

    private PerformanceProperties() {}

    private static void displayCampaignsByDay(ResultTable result, Results others) {
        Checks.reached(result, "users", others);
        Checks.within(result, "users", "impressions");
        Checks.quotient(result, "impressions_per_person", "impressions", "users", 1);
        Checks.quotient(result, "cost_per_thousand", "cost", "impressions", 1000);
        Checks.nearly(
                result.sum("impressions"),
                others.number(
                        "SELECT SUM(impressions) AS n FROM dsp_impressions",
                        new Template.Window(60, 2)),
                0.01);
    }

    private static void hourOfWeek(ResultTable result, Results others) {
        assertThat(result.rows())
                .hasSizeBetween(100, 7 * 24)
                .allSatisfy(
                        row -> {
                            assertThat(row.count("day_of_week")).isBetween(1L, 7L);
                            assertThat(row.count("hour_of_day")).isBetween(0L, 23L);
                        });
        Checks.reached(result, "users", others);
        Checks.within(result, "purchasers", "purchases");
        Checks.within(result, "purchases", "units_sold");
        Checks.quotient(result, "return_on_ad_spend", "product_sales", "cost", 1);
        Checks.nearly(
                result.sum("purchases"),
                others.number(
                        "SELECT SUM(total_purchases) AS n"
                                + " FROM amazon_attributed_events_by_traffic_time",
                        new Template.Window(60, 14)),
                0.2);
    }

    private static void sponsoredAdsCampaigns(ResultTable result, Results others) {
        Checks.percentage(result, "click_through_rate", "clicks", "impressions");
        Checks.quotient(result, "return_on_ad_spend", "product_sales", "spend", 1);
        Checks.within(result, "new_to_brand_purchases", "purchases");
        assertThat(result.sum("purchases"))
                .isEqualTo(
                        others.number(
                                """
                                SELECT SUM(total_purchases) AS n
                                FROM amazon_attributed_events_by_traffic_time
                                WHERE ad_product_type IS NOT NULL\
                                """,
                                new Template.Window(60, 14)));
    }

    private static void campaignCost(ResultTable result, Results others) {
        Checks.reached(result, "users", others);
        ResultTable sponsored = result.where(row -> !row.text("ad_product_type").equals("dsp"));
        Checks.percentage(sponsored, "click_through_rate", "clicks", "impressions");
        Checks.quotient(sponsored, "cost_per_click", "cost", "clicks", 1);
        assertThat(result.sum("media_cost") + result.sum("fees"))
                .isCloseTo(result.sum("cost"), Offset.offset(0.1));
        assertThat(result.where("ad_product_type", "dsp").sum("fees")).isPositive();
        Checks.quotient(result, "cost_per_thousand", "cost", "impressions", 1000);
        assertThat(result.where("ad_product_type", "dsp").sum("cost"))
                .isCloseTo(
                        others.number(
                                "SELECT SUM(total_cost) / 100000 AS n FROM dsp_impressions",
                                new Template.Window(30, 2)),
                        Offset.offset(0.1));
    }

    private static void funnelStages(ResultTable result, Results others) {
        Checks.percentage(result, "reached_share", "users", "reached");
        Checks.reached(result, "users", others);
        result.by("ad_product_type")
                .values()
                .forEach(
                        product -> {
                            assertThat(product.rows()).hasSize(5);
                            double all = stage(product, 1).number("users");
                            assertThat(product.numbers("reached")).containsOnly(all);
                            assertThat(stage(product, 5).number("users"))
                                    .isLessThanOrEqualTo(stage(product, 4).number("users"));
                        });
    }

    private static void funnelByCustomerType(ResultTable result, Results others) {
        Checks.percentage(result, "purchase_rate", "purchasers", "users");
        Checks.quotient(result, "cost_per_purchaser", "cost", "purchasers", 1);
        Map<String, ResultTable> stages = others.of("funnel-stages").by("ad_product_type");
        result.by("ad_product_type")
                .forEach(
                        (product, types) ->
                                assertThat(types.sum("purchasers"))
                                        .isEqualTo(
                                                stage(requireNonNull(stages.get(product)), 4)
                                                        .number("users")));
    }

    private static ResultTable.Row stage(ResultTable product, int number) {
        return product.only(row -> row.text("stage").startsWith(number + " |"));
    }

    private static void dspViewability(ResultTable result, Results others) {
        Checks.percentage(
                result, "viewability_rate", "viewable_impressions", "measurable_impressions");
        assertThat(result.sum("viewable_impressions") / result.sum("measurable_impressions"))
                .isBetween(0.5, 0.95);
    }

    private static void sponsoredBrandsTraffic(ResultTable result, Results others) {
        Checks.percentage(result, "viewability_rate", "viewable_impressions", "impressions");
        Checks.percentage(result, "click_through_rate", "clicks", "impressions");
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
        Checks.percentage(result, "viewability_rate", "viewable_impressions", "impressions");
        Checks.percentage(result, "click_through_rate", "clicks", "impressions");
        Checks.quotient(
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
