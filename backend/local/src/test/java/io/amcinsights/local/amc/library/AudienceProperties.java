package io.amcinsights.local.amc.library;

import java.util.Map;

/** Who and where people are. */
final class AudienceProperties {

    static final Map<String, Property> ALL =
            Map.ofEntries(
                    Map.entry("device-mix", AudienceProperties::deviceMix),
                    Map.entry("geography-by-state", AudienceProperties::geographyByState));

    private AudienceProperties() {}

    private static void deviceMix(ResultTable result, Results others) {
        Checks.within(result, "users", "impressions");
    }

    private static void geographyByState(ResultTable result, Results others) {
        Checks.people(result, "users", others);
        Checks.percentage(result, "purchase_rate", "purchasers", "users");
    }
}
