package io.amcinsights.local.amc.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.contract.Template;

import java.util.Map;

/** Visits of the Brand Store. */
final class BrandStoreProperties {

    static final Map<String, Property> ALL =
            Map.ofEntries(
                    Map.entry("brand-store-entrances", BrandStoreProperties::entrances),
                    Map.entry("brand-store-pages", BrandStoreProperties::pages));

    private BrandStoreProperties() {}

    private static void entrances(ResultTable result, Results others) {
        Checks.within(result, "users", "sessions");
        Checks.quotient(result, "detail_page_rate", "detail_pages", "sessions", 100);
        Checks.quotient(result, "add_to_cart_rate", "add_to_carts", "sessions", 100);
        assertThat(result.where(row -> row.count("users") < 100).rows()).isEmpty();
        assertThat(result.sum("add_to_carts")).isBetween(1.0, result.sum("detail_pages"));
    }

    private static void pages(ResultTable result, Results others) {
        Checks.within(result, "users", "sessions");
        Checks.within(result, "sessions", "page_views");
        assertThat(result.sum("page_views"))
                .isEqualTo(
                        others.query(
                                        """
                                        SELECT COUNT(session_id) AS n
                                        FROM amazon_brand_store_page_views\
                                        """,
                                        new Template.Window(90, 2))
                                .sum("n"));
    }
}
