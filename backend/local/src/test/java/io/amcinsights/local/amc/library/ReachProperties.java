package io.amcinsights.local.amc.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.contract.Template;

import java.util.Map;

/** Reach and frequency. */
final class ReachProperties {

    static final Map<String, Property> ALL =
            Map.ofEntries(
                    Map.entry("reach-and-frequency", ReachProperties::reachAndFrequency),
                    Map.entry("optimal-frequency", ReachProperties::optimalFrequency),
                    Map.entry("streaming-tv-completion", ReachProperties::streamingTvCompletion));

    private ReachProperties() {}

    private static void reachAndFrequency(ResultTable result, Results others) {
        Checks.people(result, "users", others);
        ResultTable.Row all =
                others.query(
                                """
                                SELECT COUNT(DISTINCT user_id) AS users, SUM(impressions) AS n
                                FROM dsp_impressions WHERE user_id IS NOT NULL\
                                """,
                                new Template.Window(90, 2))
                        .rows()
                        .getFirst();
        assertThat(result.sum("users")).isEqualTo(all.number("users"));
        assertThat(result.sum("impressions")).isEqualTo(all.number("n"));
    }

    private static void optimalFrequency(ResultTable result, Results others) {
        Checks.people(result, "users", others);
        Checks.percentage(result, "purchase_rate", "purchasers", "users");
    }

    private static void streamingTvCompletion(ResultTable result, Results others) {
        Checks.percentage(result, "completion_rate", "completes", "starts");
        Checks.within(result, "starts", "impressions");
        Checks.within(result, "first_quartiles", "starts");
        Checks.within(result, "midpoints", "first_quartiles");
        Checks.within(result, "third_quartiles", "midpoints");
        Checks.within(result, "completes", "third_quartiles");
        Checks.quotient(result, "impressions_per_person", "impressions", "users", 1);
    }
}
