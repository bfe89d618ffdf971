package io.amcinsights.local.amc.library;

import io.amcinsights.contract.Template;

import java.util.Map;

/** Searches and keywords. */
final class SearchProperties {

    static final Map<String, Property> ALL =
            Map.ofEntries(
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
        Checks.within(result, "clicks", "impressions");
    }
}
