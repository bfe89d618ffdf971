package io.amcinsights.local.amc.library;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

/** Custom attribution. */
final class AttributionProperties {

    static final Map<String, Property> ALL =
            Map.ofEntries(
                    Map.entry("first-and-last-touch", AttributionProperties::firstAndLastTouch));

    private AttributionProperties() {}

    private static void firstAndLastTouch(ResultTable result, Results others) {
        assertThat(result.where("model", "First touch").sum("purchasers"))
                .isEqualTo(result.where("model", "Last touch").sum("purchasers"));
    }
}
