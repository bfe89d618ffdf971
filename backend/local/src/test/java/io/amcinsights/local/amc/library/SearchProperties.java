package io.amcinsights.local.amc.library;

import java.util.Map;

/** Searches and keywords. */
final class SearchProperties {

    static final Map<String, Property> ALL =
            Map.ofEntries(Map.entry("search-terms", SearchProperties::searchTerms));

    private SearchProperties() {}

    private static void searchTerms(ResultTable result, Results others) {
        Checks.within(result, "clicks", "impressions");
    }
}
