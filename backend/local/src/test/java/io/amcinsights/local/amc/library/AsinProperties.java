package io.amcinsights.local.amc.library;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

/** Products, and which of them the same people buy. */
final class AsinProperties {

    static final Map<String, Property> ALL =
            Map.ofEntries(
                    Map.entry("asin-cross-purchase", AsinProperties::asinCrossPurchase),
                    Map.entry("asin-purchase-overlap", AsinProperties::asinPurchaseOverlap),
                    Map.entry("creative-asin-impact", AsinProperties::creativeAsinImpact),
                    Map.entry("cross-selling", AsinProperties::crossSelling),
                    Map.entry("tracked-item-and-asin", AsinProperties::trackedItemAndAsin));

    private AsinProperties() {}

    private static void asinCrossPurchase(ResultTable result, Results others) {
        Checks.percentage(
                result, "cross_purchase_rate", "cross_purchased_users", "lead_purchasers");
        assertThat(result.rows())
                .allSatisfy(
                        row -> {
                            assertThat(row.text("lead_asin"))
                                    .isNotEqualTo(row.text("follow_up_asin"));
                            assertThat(row.number("average_days_between")).isBetween(1.0, 180.0);
                        });
        result.where("cross_purchase_rank", "1").rows().forEach(first -> isFirst(first, result));
    }

    /** No other follow-up of the same first product has more people. */
    private static void isFirst(ResultTable.Row first, ResultTable result) {
        double most = first.number("cross_purchased_users");
        assertThat(
                        result.where("lead_asin", first.text("lead_asin"))
                                .where("lead_ad_product_type", first.text("lead_ad_product_type"))
                                .where(row -> row.number("cross_purchased_users") > most)
                                .rows())
                .isEmpty();
    }

    /** Who bought the one and the other bought the other and the one. */
    private static void asinPurchaseOverlap(ResultTable result, Results others) {
        Checks.percentage(result, "overlap_rate", "overlap_users", "lead_purchasers");
        Checks.within(result, "overlap_users", "overlap_purchasers");
        assertThat(result.rows())
                .allSatisfy(
                        row ->
                                assertThat(
                                                result.where("lead_asin", row.text("overlap_asin"))
                                                        .where(
                                                                "overlap_asin",
                                                                row.text("lead_asin"))
                                                        .sum("overlap_users"))
                                        .isEqualTo(row.number("overlap_users")));
    }

    private static void creativeAsinImpact(ResultTable result, Results others) {
        Checks.percentage(result, "purchase_rate", "purchasers", "users");
        Checks.within(result, "purchasers", "purchases");
        // How many saw a product does not depend on what they bought.
        result.by("asin_in_creative")
                .values()
                .forEach(product -> assertThat(product.by("users")).hasSize(1));
    }

    private static void crossSelling(ResultTable result, Results others) {
        Checks.percentage(result, "purchase_rate", "purchasers", "users");
        assertThat(result.rows())
                .allSatisfy(
                        row -> {
                            String[] products =
                                    row.text("products").replaceAll("[\\[\\]]", "").split(", ", -1);
                            assertThat(products).isSorted().doesNotHaveDuplicates();
                            assertThat((long) products.length)
                                    .isEqualTo(row.count("product_count"));
                            assertThat(row.count("purchases"))
                                    .isGreaterThanOrEqualTo(
                                            row.count("purchasers") * row.count("product_count"));
                        });
    }

    private static void trackedItemAndAsin(ResultTable result, Results others) {
        assertThat(result.rows())
                .allSatisfy(
                        row ->
                                assertThat(row.count("purchases"))
                                        .isEqualTo(
                                                row.text("conversion_event_subtype").equals("order")
                                                        ? row.count("conversions")
                                                        : 0));
        assertThat(result.sum("purchases")).isPositive();
    }
}
