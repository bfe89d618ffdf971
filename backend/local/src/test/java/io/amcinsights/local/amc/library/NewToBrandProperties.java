package io.amcinsights.local.amc.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.contract.Template;

import org.assertj.core.data.Offset;

import java.util.Map;

/** New-to-brand customers. */
final class NewToBrandProperties {

    static final Map<String, Property> ALL =
            Map.ofEntries(
                    Map.entry("new-to-brand", NewToBrandProperties::newToBrand),
                    Map.entry("new-to-brand-purchases", NewToBrandProperties::newToBrandPurchases));

    private NewToBrandProperties() {}

    private static void newToBrand(ResultTable result, Results others) {
        Checks.percentage(result, "new_to_brand_rate", "new_to_brand_purchasers", "purchasers");
        Checks.within(result, "new_to_brand_purchases", "purchases");
    }

    private static void newToBrandPurchases(ResultTable result, Results others) {
        assertThat(result.rows())
                .allSatisfy(
                        row -> {
                            double fresh = row.number("new_to_brand_purchases");
                            double all = fresh + row.number("repeat_purchases");
                            assertThat(row.number("new_to_brand_purchase_share"))
                                    .isCloseTo(100 * fresh / all, Offset.offset(0.006));
                        });
        double purchases =
                others.query(
                                """
                                SELECT SUM(total_purchases) AS purchases
                                FROM amazon_attributed_events_by_conversion_time\
                                """,
                                new Template.Window(90, 2))
                        .sum("purchases");
        Checks.nearly(
                result.sum("new_to_brand_purchases") + result.sum("repeat_purchases"),
                purchases,
                0.05);
    }
}
