package io.amcinsights.local.amc.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.contract.Template;

import java.util.Map;

/** Groups of people by what they saw. */
final class OverlapProperties {

    static final Map<String, Property> ALL =
            Map.ofEntries(
                    Map.entry(
                            "display-streaming-tv-sponsored-products-overlap",
                            OverlapProperties::displayStreamingTvSponsoredProductsOverlap),
                    Map.entry(
                            "display-sponsored-products-overlap",
                            OverlapProperties::displaySponsoredProductsOverlap),
                    Map.entry(
                            "sponsored-display-dsp-overlap",
                            OverlapProperties::sponsoredDisplayDspOverlap),
                    Map.entry(
                            "sponsored-products-sponsored-display-overlap",
                            OverlapProperties::sponsoredProductsSponsoredDisplayOverlap),
                    Map.entry(
                            "streaming-tv-display-overlap",
                            OverlapProperties::streamingTvDisplayOverlap),
                    Map.entry("product-mix", OverlapProperties::productMix),
                    Map.entry("incremental-reach", OverlapProperties::incrementalReach),
                    Map.entry("tentpole-phases", OverlapProperties::tentpolePhases));

    private OverlapProperties() {}

    private static void displayStreamingTvSponsoredProductsOverlap(
            ResultTable result, Results others) {

        groups(result, others, 7);
        members(
                result,
                "exposure_group",
                "Sponsored Products",
                others.number(
                        "SELECT COUNT(DISTINCT user_id) AS n FROM sponsored_ads_traffic WHERE"
                                + " ad_product_type = 'sponsored_products'",
                        WINDOW));
    }

    private static void displaySponsoredProductsOverlap(ResultTable result, Results others) {
        groups(result, others, 3);
        members(
                result,
                "exposure_group",
                "DSP",
                others.number("SELECT COUNT(DISTINCT user_id) AS n FROM dsp_impressions", WINDOW));
        members(
                result,
                "exposure_group",
                "Sponsored Products",
                others.number(
                        "SELECT COUNT(DISTINCT user_id) AS n FROM sponsored_ads_traffic WHERE"
                                + " ad_product_type = 'sponsored_products'",
                        WINDOW));
    }

    private static void sponsoredDisplayDspOverlap(ResultTable result, Results others) {
        groups(result, others, 3);
        members(
                result,
                "exposure_group",
                "DSP",
                others.number("SELECT COUNT(DISTINCT user_id) AS n FROM dsp_impressions", WINDOW));
        members(
                result,
                "exposure_group",
                "Sponsored Display",
                others.number(
                        "SELECT COUNT(DISTINCT user_id) AS n FROM sponsored_ads_traffic WHERE"
                                + " ad_product_type = 'sponsored_display'",
                        WINDOW));
    }

    private static void sponsoredProductsSponsoredDisplayOverlap(
            ResultTable result, Results others) {

        groups(result, others, 3);
        members(
                result,
                "exposure_group",
                "Sponsored Display",
                others.number(
                        "SELECT COUNT(DISTINCT user_id) AS n FROM sponsored_ads_traffic WHERE"
                                + " ad_product_type = 'sponsored_display'",
                        WINDOW));
    }

    private static void streamingTvDisplayOverlap(ResultTable result, Results others) {
        groups(result, others, 3);
        members(
                result,
                "exposure_group",
                "Streaming TV",
                others.number(
                        "SELECT COUNT(DISTINCT user_id) AS n FROM dsp_impressions WHERE"
                                + " creative_type = 'Streaming TV Video'",
                        WINDOW));
    }

    private static void productMix(ResultTable result, Results others) {
        Checks.people(result, "users", others);
        Checks.percentage(result, "purchase_rate", "purchasers", "users");
        assertThat(result.sum("users_share")).isBetween(80.0, 100.05);
        assertThat(result.rows())
                .allSatisfy(
                        row ->
                                assertThat(row.text("product_combination").split(" \\+ ", -1))
                                        .hasSize((int) row.count("products"))
                                        .doesNotHaveDuplicates());
        double products =
                others.number(
                        "SELECT COUNT(DISTINCT user_id) AS n FROM sponsored_ads_traffic WHERE"
                                + " ad_product_type = 'sponsored_products'",
                        WINDOW);
        Checks.nearly(
                containing(result, "product_combination", "Sponsored Products").sum("users"),
                products,
                0.15);
    }

    private static void incrementalReach(ResultTable result, Results others) {
        Checks.people(result, "users", others);
        Checks.wholeOf(result, "users_share");
        assertThat(result.rows()).hasSize(4);
        ResultTable.Row focus = result.only(r -> r.text("exposure_timing").startsWith("1 |"));
        assertThat(focus.count("rest_users")).isZero();
        assertThat(focus.count("focus_users")).isEqualTo(focus.count("users"));
        assertThat(result.sum("focus_users"))
                .isEqualTo(
                        others.number(
                                "SELECT COUNT(DISTINCT user_id) AS n FROM dsp_impressions WHERE"
                                        + " campaign LIKE '%STV%'",
                                new Template.Window(30, 2)));
    }

    private static void tentpolePhases(ResultTable result, Results others) {
        Checks.people(result, "users", others);
        Checks.percentage(result, "purchase_rate", "purchasers", "users");
        Checks.within(result, "new_to_brand_product_sales", "product_sales");
        assertThat(result.rows()).hasSize(7);
        double shown = containing(result, "phases", "2 | Event").sum("users");
        assertThat(shown).isPositive().isLessThan(result.sum("users"));
        Checks.nearly(
                result.sum("impressions"),
                others.number(
                        """
                        SELECT SUM(impressions) AS n FROM (
                          SELECT impressions FROM dsp_impressions
                          UNION ALL
                          SELECT impressions FROM sponsored_ads_traffic) t\
                        """,
                        new Template.Window(32, 14)),
                0.001);
    }

    private static final Template.Window WINDOW = new Template.Window(60, 14);

    /** All the groups are there, nobody is in two, and their rates are what they say. */
    private static void groups(ResultTable result, Results others, int number) {
        assertThat(result.rows()).hasSize(number);
        Checks.people(result, "users", others);
        Checks.wholeOf(result, "users_share");
        Checks.percentage(result, "purchase_rate", "purchasers", "users");
        Checks.within(result, "purchasers", "purchases");
        Checks.quotient(result, "return_on_ad_spend", "product_sales", "cost", 1);
    }

    private static ResultTable containing(ResultTable result, String column, String member) {
        return result.where(row -> row.text(column).contains(member));
    }

    /** The groups with a channel are together all people whom the channel reached. */
    private static void members(ResultTable result, String column, String member, double all) {
        assertThat(containing(result, column, member).sum("users")).isEqualTo(all);
    }
}
