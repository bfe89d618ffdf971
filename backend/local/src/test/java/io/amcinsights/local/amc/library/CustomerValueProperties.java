package io.amcinsights.local.amc.library;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.Map;

/** What customers are worth over time. */
final class CustomerValueProperties {

    static final Map<String, Property> ALL =
            Map.ofEntries(
                    Map.entry(
                            "customer-value-by-exposure",
                            CustomerValueProperties::customerValueByExposure),
                    Map.entry("purchase-intervals", CustomerValueProperties::purchaseIntervals),
                    Map.entry("repeat-purchases", CustomerValueProperties::repeatPurchases),
                    Map.entry("retail-cohorts", CustomerValueProperties::retailCohorts),
                    Map.entry("subscribe-and-save", CustomerValueProperties::subscribeAndSave));

    private CustomerValueProperties() {}

    private static void subscribeAndSave(ResultTable result, Results others) {
        Checks.quotient(result, "purchases_per_person", "purchases", "users", 1);
        Checks.quotient(result, "product_sales_per_person", "product_sales", "users", 1);
        Checks.within(result.where("customer_group", "Subscribers"), "users", "subscriptions");
        ResultTable buyers = result.where("customer_group", "Other buyers");
        assertThat(buyers.sum("subscriptions")).isZero();
        Checks.within(buyers, "users", "purchases");
    }

    private static void customerValueByExposure(ResultTable result, Results others) {
        assertThat(result.rows()).hasSize(2);
        Checks.people(result, "users", others);
        Checks.percentage(result, "repeat_rate", "repeat_users", "users");
        Checks.within(result, "new_to_brand_users", "users");
        Checks.quotient(result, "product_sales_per_person", "product_sales", "users", 1);
    }

    private static void purchaseIntervals(ResultTable result, Results others) {
        Checks.wholeOf(result, "share");
        Checks.within(result, "users", "intervals");
        ResultTable ordered =
                new ResultTable(
                        result.columns(),
                        result.rows().stream()
                                .sorted(
                                        Comparator.comparing(
                                                (ResultTable.Row row) ->
                                                        row.text("time_between_purchases")))
                                .toList());
        Checks.growing(ordered, "cumulative_share");
        assertThat(ordered.rows().getLast().number("cumulative_share")).isEqualTo(100);
    }

    private static void repeatPurchases(ResultTable result, Results others) {
        Checks.percentage(result, "repeat_rate", "repeat_users", "users");
        Checks.quotient(result, "purchases_per_person", "purchases", "users", 1);
        Checks.within(result, "users", "purchases");
        assertThat(result.where(row -> row.count("repeat_users") > 0).rows())
                .isNotEmpty()
                .allSatisfy(
                        row ->
                                assertThat(row.number("average_days_between"))
                                        .isBetween(1.0, 365.0));
    }

    private static void retailCohorts(ResultTable result, Results others) {
        Checks.percentage(result, "retention_rate", "active_users", "users");
        // Whoever was won in a month bought in it, and is in one cohort only.
        ResultTable start = result.where("months_since", "0");
        assertThat(start.rows())
                .hasSizeGreaterThan(10)
                .allSatisfy(row -> assertThat(row.number("retention_rate")).isEqualTo(100));
        Checks.people(start, "users", others);
        assertThat(result.where(row -> row.count("months_since") < 0).rows()).isEmpty();
    }
}
