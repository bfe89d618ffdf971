package io.amcinsights.local.amc.library;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

/** Paths and times to conversion. */
final class PathProperties {

    static final Map<String, Property> ALL =
            Map.ofEntries(
                    Map.entry("path-to-conversion", PathProperties::pathToConversion),
                    Map.entry(
                            "promotion-time-to-conversion",
                            PathProperties::promotionTimeToConversion),
                    Map.entry("time-to-conversion", PathProperties::timeToConversion));

    private PathProperties() {}

    private static void pathToConversion(ResultTable result, Results others) {
        Checks.people(result, "users", others);
        Checks.percentage(result, "purchase_rate", "purchasers", "users");
    }

    private static void timeToConversion(ResultTable result, Results others) {
        Checks.within(result, "purchasers", "purchases");
        assertThat(result.rows()).hasSizeBetween(2, 6);
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
