package io.amcinsights.local.amc.library;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

/** Groups of people by what they saw. */
final class OverlapProperties {

    static final Map<String, Property> ALL =
            Map.ofEntries(
                    Map.entry(
                            "display-sponsored-products-overlap",
                            OverlapProperties::displaySponsoredProductsOverlap),
                    Map.entry(
                            "streaming-tv-display-overlap",
                            OverlapProperties::streamingTvDisplayOverlap));

    private OverlapProperties() {}

    private static void displaySponsoredProductsOverlap(ResultTable result, Results others) {
        Checks.people(result, "users", others);
        Checks.percentage(result, "purchase_rate", "purchasers", "users");
        assertThat(result.rows()).hasSize(3);
    }

    private static void streamingTvDisplayOverlap(ResultTable result, Results others) {
        Checks.people(result, "users", others);
        Checks.percentage(result, "purchase_rate", "purchasers", "users");
        assertThat(result.rows()).hasSize(3);
    }
}
