package io.amcinsights.local.amc.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.contract.Template;

import org.assertj.core.data.Offset;

import java.util.List;
import java.util.Map;

/** Purchases by shop. */
final class GroceryProperties {

    private static final List<String> PLACES =
            List.of(
                    "amazon_com",
                    "whole_foods_store",
                    "whole_foods_online",
                    "fresh_store",
                    "fresh_online");

    static final Map<String, Property> ALL =
            Map.ofEntries(
                    Map.entry("online-and-in-store", GroceryProperties::onlineAndInStore),
                    Map.entry("online-grocery", GroceryProperties::onlineGrocery));

    private GroceryProperties() {}

    private static void onlineGrocery(ResultTable result, Results others) {
        Checks.within(result, "purchasers", "purchases");
        Checks.within(result, "purchases", "units_sold");
        Checks.nearly(result.sum("purchases"), purchases(others), 0.2);
    }

    private static void onlineAndInStore(ResultTable result, Results others) {
        for (String metric : List.of("purchases", "product_sales")) {
            assertThat(result.rows())
                    .allSatisfy(
                            row ->
                                    assertThat(
                                                    PLACES.stream()
                                                            .mapToDouble(
                                                                    place ->
                                                                            row.number(
                                                                                    place + "_"
                                                                                            + metric))
                                                            .sum())
                                            .isCloseTo(row.number(metric), Offset.offset(0.001)));
        }
        Checks.nearly(result.sum("purchases"), purchases(others), 0.5);
    }

    private static double purchases(Results others) {
        return others.query(
                        """
                        SELECT SUM(total_purchases) AS purchases
                        FROM amazon_attributed_events_by_conversion_time\
                        """,
                        new Template.Window(90, 2))
                .sum("purchases");
    }
}
