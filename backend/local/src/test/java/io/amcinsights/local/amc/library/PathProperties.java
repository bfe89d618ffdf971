package io.amcinsights.local.amc.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.contract.Template;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Paths and times to conversion. */
final class PathProperties {

    static final Map<String, Property> ALL =
            Map.ofEntries(
                    Map.entry(
                            "promotion-time-to-conversion",
                            PathProperties::promotionTimeToConversion),
                    Map.entry("path-to-conversion", PathProperties::pathToConversion),
                    Map.entry(
                            "path-to-conversion-by-campaign",
                            PathProperties::pathToConversionByCampaign),
                    Map.entry(
                            "path-to-conversion-by-segment",
                            PathProperties::pathToConversionBySegment),
                    Map.entry(
                            "path-to-conversion-by-device",
                            PathProperties::pathToConversionByDevice),
                    Map.entry(
                            "converters-and-non-converters",
                            PathProperties::convertersAndNonConverters),
                    Map.entry("time-to-conversion", PathProperties::timeToConversion),
                    Map.entry("off-amazon-path", PathProperties::offAmazonPath));

    private PathProperties() {}

    private static void pathToConversion(ResultTable result, Results others) {
        paths(result, others, 4, 60);
        newToBrand(result);
    }

    private static void pathToConversionByCampaign(ResultTable result, Results others) {
        paths(result, others, 3, 60);
        newToBrand(result);
    }

    private static void pathToConversionBySegment(ResultTable result, Results others) {
        paths(result, others, 3, 30);
        Checks.quotient(result, "cost_per_purchase", "cost", "purchases", 1);
    }

    private static void pathToConversionByDevice(ResultTable result, Results others) {
        paths(result, others, 4, 60);
        Checks.quotient(result, "return_on_ad_spend", "product_sales", "cost", 1);
    }

    private static void convertersAndNonConverters(ResultTable result, Results others) {
        Checks.reached(result, "users", others);
        Checks.quotient(result, "impressions_per_person", "impressions", "users", 1);
        Checks.quotient(result, "days_per_person", "days", "users", 1);
        Checks.within(result, "users", "days");
        ResultTable products = result.where("channel", "Sponsored Products");
        assertThat(products.rows()).hasSize(2);
        Checks.nearly(
                products.sum("users"),
                others.number(
                        "SELECT COUNT(DISTINCT user_id) AS n FROM sponsored_ads_traffic"
                                + " WHERE ad_product_type = 'sponsored_products'",
                        new Template.Window(60, 14)),
                0.02);
    }

    private static void timeToConversion(ResultTable result, Results others) {
        Checks.within(result, "purchasers", "purchases");
        Checks.within(result, "promoted_purchases", "purchases");
        assertThat(result.rows()).hasSizeBetween(3, 9);
        Checks.atLeast(result, "purchasers", 100);
        double all =
                others.number(
                        "SELECT SUM(total_purchases) AS n"
                                + " FROM amazon_attributed_events_by_conversion_time",
                        new Template.Window(395, 2));
        Checks.shares(result, "purchases_share", "purchases", all);
        ResultTable ordered =
                new ResultTable(
                        result.columns(),
                        result.rows().stream()
                                .sorted(Comparator.comparing(r -> r.text("time_to_conversion")))
                                .toList());
        Checks.growing(ordered, "purchases_share_so_far");
    }

    private static void offAmazonPath(ResultTable result, Results others) {
        Checks.people(result, "users", others);
        Checks.percentage(result, "conversion_rate", "converters", "users");
        Checks.within(result, "converters", "conversions");
        Checks.quotient(result, "cost_per_conversion", "cost", "conversions", 1);
    }

    /** A path is of steps in order, and the purchasers of all paths are some of all purchasers. */
    private static void paths(ResultTable result, Results others, int longest, int days) {
        Checks.people(result, "users", others);
        Checks.percentage(result, "purchase_rate", "purchasers", "users");
        Checks.within(result, "purchasers", "purchases");
        assertThat(result.sum("purchasers"))
                .isPositive()
                .isLessThanOrEqualTo(
                        others.number(
                                "SELECT COUNT(DISTINCT user_id) AS n"
                                        + " FROM amazon_attributed_events_by_traffic_time"
                                        + " WHERE total_purchases > 0",
                                new Template.Window(days, 14)));
        Pattern step = Pattern.compile("\\[(\\d+), ");
        assertThat(result.rows())
                .allSatisfy(
                        row -> {
                            List<Integer> steps =
                                    step.matcher(row.text("path"))
                                            .results()
                                            .map(match -> Integer.valueOf(match.group(1)))
                                            .toList();
                            assertThat(steps)
                                    .hasSizeBetween(1, longest)
                                    .isEqualTo(
                                            IntStream.rangeClosed(1, steps.size())
                                                    .boxed()
                                                    .toList());
                        });
    }

    private static void newToBrand(ResultTable result) {
        Checks.percentage(result, "new_to_brand_rate", "new_to_brand_purchasers", "purchasers");
        Checks.within(result, "new_to_brand_purchases", "purchases");
        Checks.within(result, "new_to_brand_product_sales", "product_sales");
    }

    private static void promotionTimeToConversion(ResultTable result, Results others) {
        Checks.percentage(result, "purchase_share", "purchases", "purchases_of_day");
        result.by("conversion_date")
                .values()
                .forEach(
                        day ->
                                assertThat(day.sum("purchases"))
                                        .isLessThanOrEqualTo(
                                                day.rows().getFirst().number("purchases_of_day")));
    }
}
