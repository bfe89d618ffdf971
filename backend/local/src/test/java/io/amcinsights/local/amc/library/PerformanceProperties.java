package io.amcinsights.local.amc.library;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

/** Performance deep dives. */
final class PerformanceProperties {

    static final Map<String, Property> ALL =
            Map.ofEntries(
                    Map.entry(
                            "display-campaigns-by-day",
                            PerformanceProperties::displayCampaignsByDay),
                    Map.entry("hour-of-week", PerformanceProperties::hourOfWeek),
                    Map.entry(
                            "sponsored-ads-campaigns",
                            PerformanceProperties::sponsoredAdsCampaigns));

    private PerformanceProperties() {}

    private static void displayCampaignsByDay(ResultTable result, Results others) {
        Checks.within(result, "users", "impressions");
    }

    private static void hourOfWeek(ResultTable result, Results others) {
        assertThat(result.rows()).hasSizeBetween(100, 7 * 24);
    }

    private static void sponsoredAdsCampaigns(ResultTable result, Results others) {
        Checks.within(result, "clicks", "impressions");
    }
}
