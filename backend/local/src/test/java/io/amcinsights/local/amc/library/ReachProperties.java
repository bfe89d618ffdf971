package io.amcinsights.local.amc.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.contract.Template;

import org.assertj.core.data.Offset;

import java.util.Map;

/** Reach and frequency. */
final class ReachProperties {

    static final Map<String, Property> ALL =
            Map.ofEntries(
                    Map.entry("streaming-tv-completion", ReachProperties::streamingTvCompletion),
                    Map.entry("reach-and-frequency", ReachProperties::reachAndFrequency),
                    Map.entry(
                            "frequency-and-conversions", ReachProperties::frequencyAndConversions),
                    Map.entry("optimal-frequency", ReachProperties::optimalFrequency),
                    Map.entry("net-new-reach", ReachProperties::netNewReach));

    private ReachProperties() {}

    private static void reachAndFrequency(ResultTable result, Results others) {
        Template.Window window = new Template.Window(30, 2);
        Checks.people(result, "users", others);
        ResultTable.Row all =
                others.query(
                                """
                                SELECT COUNT(DISTINCT user_id) AS users, SUM(impressions) AS n,
                                  SUM(total_cost) / 100000 AS cost
                                FROM dsp_impressions WHERE user_id IS NOT NULL\
                                """,
                                window)
                        .rows()
                        .getFirst();
        assertThat(result.sum("users")).isEqualTo(all.number("users"));
        assertThat(result.sum("impressions")).isEqualTo(all.number("n"));
        assertThat(result.sum("cost")).isCloseTo(all.number("cost"), Offset.offset(0.1));
        Checks.wholeOf(result, "users_share");
        Checks.wholeOf(result, "impressions_share");
        ResultTable ordered = result.sortedBy("frequency");
        Checks.growing(ordered, "users_share_so_far");
        assertThat(ordered.rows().getLast().number("users_share_so_far")).isEqualTo(100);
    }

    private static void frequencyAndConversions(ResultTable result, Results others) {
        Checks.people(result, "users", others);
        Checks.percentage(result, "purchase_rate", "purchasers", "users");
        assertThat(result.sum("users"))
                .isEqualTo(
                        others.number(
                                """
                                SELECT COUNT(DISTINCT user_id) AS n FROM (
                                  SELECT user_id, impressions FROM dsp_impressions
                                  UNION ALL
                                  SELECT user_id, impressions FROM sponsored_ads_traffic) t
                                WHERE impressions > 0\
                                """,
                                new Template.Window(30, 14)));
        ResultTable.Row once = result.only(r -> r.text("frequency_bucket").startsWith("1 |"));
        ResultTable.Row often = result.only(r -> r.text("frequency_bucket").startsWith("7 |"));
        assertThat(often.number("purchase_rate")).isGreaterThan(once.number("purchase_rate"));
    }

    private static void optimalFrequency(ResultTable result, Results others) {
        Checks.people(result, "users", others);
        Checks.percentage(result, "purchase_rate", "purchasers", "users");
        Checks.percentage(result, "click_through_rate", "clicks", "impressions");
        Checks.within(result, "new_to_brand_purchases", "purchases");
        ResultTable ordered = result.sortedBy("frequency");
        Checks.growing(ordered, "purchases_share_so_far");
        Checks.growing(ordered, "cost_share_so_far");
        assertThat(ordered.rows().getLast().number("cost_share_so_far")).isEqualTo(100);
        double purchases =
                others.number(
                        "SELECT SUM(total_purchases) AS n"
                                + " FROM amazon_attributed_events_by_traffic_time"
                                + " WHERE ad_product_type IS NULL",
                        new Template.Window(30, 14));
        double cost =
                others.number(
                        "SELECT SUM(total_cost) / 100000 AS n FROM dsp_impressions",
                        new Template.Window(30, 14));
        assertThat(result.rows())
                .allSatisfy(
                        row ->
                                assertThat(row.number("change"))
                                        .isCloseTo(
                                                100 * row.number("purchases") / purchases
                                                        - 100 * row.number("cost") / cost,
                                                Offset.offset(0.02)));
        theOfficialExampleHasItsCapAtFour(others);
    }

    private static void netNewReach(ResultTable result, Results others) {
        Checks.reached(result, "users", others);
        Checks.percentage(result, "net_new_share", "net_new_users", "users");
        Checks.within(result, "net_new_impressions", "impressions");
        Checks.within(result, "net_new_clickers", "net_new_users");
        Checks.within(result, "net_new_purchasers", "net_new_users");
    }

    /**
     * Purchases and cost of the example in Amazon's optimal frequency playbook: of 48,795 purchases
     * and a cost of 87,070 the first five frequencies are given, the sixth row holds the rest. It
     * finds changes of +4.28, +1.69, +0.41 and -0.29 points for frequencies 2 to 5, so a cap of 4.
     */
    private static void theOfficialExampleHasItsCapAtFour(Results others) {
        String example =
                """
                frequencies (frequency, purchases, cost, advertiser, currency, users, impressions,
                  clicks, branded_searches, detail_page_views, add_to_carts, purchasers,
                  new_to_brand_purchases, off_amazon_conversions, units_sold, product_sales) AS (
                  VALUES
                    (1, 9203, 7801.20, 'A', 'USD', 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9),
                    (2, 6532, 7933.00, 'A', 'USD', 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9),
                    (3, 5024, 7492.00, 'A', 'USD', 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9),
                    (4, 4157, 7060.00, 'A', 'USD', 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9),
                    (5, 3569, 6621.00, 'A', 'USD', 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9),
                    (6, 20310, 50162.80, 'A', 'USD', 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9)
                ),
                totals AS (\
                """;
        ResultTable result =
                others.variant(
                        "optimal-frequency",
                        sql -> sql.replaceFirst("(?s)frequencies AS \\(.*totals AS \\(", example));

        ResultTable ordered = result.sortedBy("frequency");
        assertThat(ordered.numbers("change")).startsWith(9.9, 4.28, 1.69, 0.41, -0.29);
        assertThat(ordered.numbers("frequency_cap")).containsOnly(4);
        assertThat(ordered.rows().getFirst().number("purchases_share_so_far")).isEqualTo(18.86);
        assertThat(ordered.rows().getFirst().number("cost_share_so_far")).isEqualTo(8.96);
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
