package io.amcinsights.local.amc.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.contract.Template;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.Map;

/** What is spent, and what it brings. */
final class CostProperties {

    static final Map<String, Property> ALL =
            Map.ofEntries(Map.entry("weekly-performance", CostProperties::weeklyPerformance));

    private CostProperties() {}

    private static void weeklyPerformance(ResultTable result, Results others) {
        assertThat(result.rows())
                .allSatisfy(
                        row ->
                                assertThat(LocalDate.parse(row.text("week")).getDayOfWeek())
                                        .isEqualTo(DayOfWeek.MONDAY));
        assertThat(result.by("week").size()).isBetween(50, 54);
        Checks.within(result, "purchases", "units_sold");
        double shown =
                others.query(
                                "SELECT SUM(impressions) AS n FROM dsp_impressions",
                                new Template.Window(364, 14))
                        .sum("n");
        Checks.nearly(result.where("ad_product_type", "dsp").sum("impressions"), shown, 0.1);
    }
}
