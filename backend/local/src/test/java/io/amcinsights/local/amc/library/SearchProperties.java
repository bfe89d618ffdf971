package io.amcinsights.local.amc.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.contract.Template;

import java.util.Map;

/** Searches and keywords. */
final class SearchProperties {

    static final Map<String, Property> ALL =
            Map.ofEntries(
                    Map.entry("sponsored-ads-keywords", SearchProperties::sponsoredAdsKeywords),
                    Map.entry(
                            "first-and-attributed-search-term",
                            SearchProperties::firstAndAttributedSearchTerm),
                    Map.entry("branded-search-keywords", SearchProperties::brandedSearchKeywords),
                    Map.entry("branded-searches", SearchProperties::brandedSearches),
                    Map.entry("search-terms", SearchProperties::searchTerms));

    private static final String BRANDED_SEARCHES =
            "SELECT SUM(conversions) AS n FROM amazon_attributed_events_by_traffic_time"
                    + " WHERE conversion_event_subtype = 'searchConversion'";

    private SearchProperties() {}

    private static void brandedSearchKeywords(ResultTable result, Results others) {
        Checks.reached(result, "searchers", others);
        Checks.within(result, "searchers", "branded_searches");
        assertThat(result.rows())
                .allSatisfy(row -> assertThat(row.text("keyword")).contains("kestrel"));
        Checks.nearly(
                result.sum("branded_searches"),
                others.number(BRANDED_SEARCHES, new Template.Window(60, 14)),
                0.2);
    }

    private static void brandedSearches(ResultTable result, Results others) {
        Checks.percentage(result, "search_rate", "searchers", "users");
        Checks.quotient(result, "cost_per_branded_search", "cost", "branded_searches", 1);
        Checks.nearly(
                result.sum("branded_searches"),
                others.number(BRANDED_SEARCHES, new Template.Window(30, 14)),
                0.2);
    }

    private static void searchTerms(ResultTable result, Results others) {
        Checks.percentage(result, "click_through_rate", "clicks", "impressions");
        Checks.nearly(
                result.sum("impressions"),
                others.number(
                        "SELECT SUM(impressions) AS n FROM sponsored_ads_traffic"
                                + " WHERE customer_search_term IS NOT NULL",
                        new Template.Window(60, 14)),
                0.3);
    }

    private static void sponsoredAdsKeywords(ResultTable result, Results others) {
        Checks.percentage(result, "click_through_rate", "clicks", "impressions");
        assertThat(result.where(row -> row.number("impressions") < 10).rows()).isEmpty();
        double shown =
                others.query(
                                """
                                SELECT SUM(impressions) AS n FROM sponsored_ads_traffic
                                WHERE customer_search_term IS NOT NULL\
                                """,
                                new Template.Window(30, 14))
                        .sum("n");
        Checks.nearly(result.sum("impressions"), shown, 0.3);
    }

    private static void firstAndAttributedSearchTerm(ResultTable result, Results others) {
        Checks.within(result, "purchasers", "purchases");
        double credited =
                others.query(
                                """
                                SELECT SUM(total_purchases) AS purchases
                                FROM amazon_attributed_events_by_conversion_time
                                WHERE customer_search_term IS NOT NULL\
                                """,
                                new Template.Window(90, 2))
                        .sum("purchases");
        // Every buyer has a first search; pairs of a single buyer are hidden.
        Checks.nearly(result.sum("purchases"), credited, 0.6);
    }
}
