package io.amcinsights.local.amc.library;

import java.util.Map;

/** New-to-brand customers. */
final class NewToBrandProperties {

    static final Map<String, Property> ALL =
            Map.ofEntries(Map.entry("new-to-brand", NewToBrandProperties::newToBrand));

    private NewToBrandProperties() {}

    private static void newToBrand(ResultTable result, Results others) {
        Checks.percentage(result, "new_to_brand_rate", "new_to_brand_purchasers", "purchasers");
        Checks.within(result, "new_to_brand_purchases", "purchases");
    }
}
