package io.amcinsights.local.amc.library;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

/** What customers are worth over time. */
final class CustomerValueProperties {

    static final Map<String, Property> ALL =
            Map.ofEntries(
                    Map.entry("subscribe-and-save", CustomerValueProperties::subscribeAndSave));

    private CustomerValueProperties() {}

    private static void subscribeAndSave(ResultTable result, Results others) {
        Checks.quotient(result, "purchases_per_user", "purchases", "users", 1);
        Checks.quotient(result, "product_sales_per_user", "product_sales", "users", 1);
        Checks.within(result.where("customer_group", "Subscribers"), "users", "subscriptions");
        ResultTable buyers = result.where("customer_group", "Other buyers");
        assertThat(buyers.sum("subscriptions")).isZero();
        Checks.within(buyers, "users", "purchases");
    }
}
