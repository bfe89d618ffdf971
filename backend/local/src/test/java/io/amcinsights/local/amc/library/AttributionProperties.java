package io.amcinsights.local.amc.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.contract.Template;

import org.assertj.core.data.Offset;

import java.util.List;
import java.util.Map;

/** Custom attribution. */
final class AttributionProperties {

    private static final List<String> MODELS =
            List.of("first-touch", "last-touch", "linear", "position-based");

    static final Map<String, Property> ALL =
            Map.ofEntries(
                    Map.entry("first-and-last-touch", AttributionProperties::firstAndLastTouch),
                    Map.entry("attribution-first-touch", AttributionProperties::model),
                    Map.entry("attribution-last-touch", AttributionProperties::model),
                    Map.entry("attribution-linear", AttributionProperties::model),
                    Map.entry("attribution-position-based", AttributionProperties::model),
                    Map.entry("attribution-models", AttributionProperties::models));

    private AttributionProperties() {}

    private static void firstAndLastTouch(ResultTable result, Results others) {
        assertThat(result.where("model", "First touch").sum("purchasers"))
                .isEqualTo(result.where("model", "Last touch").sum("purchasers"));
    }

    /** A rule moves purchases between campaigns; it makes none and loses none. */
    private static void model(ResultTable result, Results others) {
        Checks.percentage(result, "purchase_rate", "purchasers", "users");
        Checks.within(
                result.where(row -> !row.text("ad_product_type").equals("dsp")),
                "clicks",
                "impressions");
        double credited = others.of("attribution-first-touch").sum("purchases");
        assertThat(result.sum("purchases")).isCloseTo(credited, rounding(result));
        double sales = others.of("attribution-first-touch").sum("product_sales");
        assertThat(result.sum("product_sales")).isCloseTo(sales, rounding(result));
        double orders =
                others.query(
                                """
                                SELECT SUM(conversions) AS orders
                                FROM conversions WHERE event_subtype = 'order'\
                                """,
                                new Template.Window(60, 2))
                        .sum("orders");
        assertThat(credited).isBetween(0.3 * orders, orders);
    }

    /** Each pair of columns says the same as the template of its own. */
    private static void models(ResultTable result, Results others) {
        for (String model : MODELS) {
            String column = model.replace('-', '_');
            ResultTable alone = others.of("attribution-" + model);
            assertThat(result.rows()).hasSameSizeAs(alone.rows());
            assertThat(result.rows())
                    .allSatisfy(
                            row -> {
                                ResultTable.Row same =
                                        alone.only(
                                                r ->
                                                        r.text("campaign_id")
                                                                .equals(row.text("campaign_id")));
                                assertThat(row.number(column + "_purchases"))
                                        .isEqualTo(same.number("purchases"));
                                assertThat(row.number(column + "_product_sales"))
                                        .isEqualTo(same.number("product_sales"));
                            });
        }
    }

    private static Offset<Double> rounding(ResultTable result) {
        return Offset.offset(0.006 * result.rows().size());
    }
}
