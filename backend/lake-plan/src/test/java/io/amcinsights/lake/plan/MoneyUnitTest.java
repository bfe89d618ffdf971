package io.amcinsights.lake.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;

class MoneyUnitTest {

    @ParameterizedTest
    @CsvSource({
        "total_cost, DOUBLE, MILLICENTS",
        "total_cost, LONG, MILLICENTS",
        "total_cost, DECIMAL, MILLICENTS",
        "Total Cost, DOUBLE, MILLICENTS",
        "campaign_budget_amount, LONG, MILLICENTS",
        "supply_cost, LONG, MICROCENTS",
        "spend, LONG, MICROCENTS",
        "spend, DOUBLE,",
        "spend, STRING,",
        "total_cost, STRING,",
        "product_sales, DECIMAL,",
        "total_product_sales, LONG,",
        "cost, LONG,",
        "impressions, LONG,",
    })
    void amcCountsMoneyInSmallUnitsBySomeNamesAndTypes(String name, String type, MoneyUnit unit) {
        assertThat(MoneyUnit.of(name, ColumnType.ofAmc(type, null), null)).isEqualTo(unit);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT campaign, SUM(total_cost) / 100000 AS total_cost FROM t GROUP BY 1",
                "SELECT ROUND(SUM(total_cost) * 0.00001, 2) AS \"total_cost\" FROM t",
                "WITH c AS (SELECT total_cost / 100000 AS cost FROM t)"
                        + " SELECT SUM(c.cost) AS Total_Cost FROM c",
                "WITH c AS (SELECT SUM(total_cost) / 100000 AS total_cost FROM t)"
                        + " SELECT total_cost FROM c",
                "SELECT campaign, SUM(total_cost) / 100000 total_cost FROM t GROUP BY 1",
                "SELECT total_cost/1000 total_cost, campaign FROM t",
                "SELECT ROUND(SUM(total_cost) * 0.00001, 2) \"total_cost\" FROM t",
                "WITH c AS (SELECT total_cost / 100000 cost FROM t) SELECT SUM(cost) total_cost"
                        + " FROM c",
                "SELECT CASE WHEN n > 0 THEN total_cost / n ELSE 0 END total_cost\nFROM t",
            })
    void anAmountThatTheQueryHasCalculatedIsLeftAlone(String sql) {
        assertThat(MoneyUnit.of("total_cost", ColumnType.DOUBLE, sql)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT campaign, SUM(total_cost) AS total_cost FROM t GROUP BY 1",
                "SELECT total_cost FROM t",
                "SELECT clicks / COUNT(*) AS rate, SUM(total_cost) AS total_cost FROM t",
                "SELECT COUNT(*) AS n, MAX(IF(a = 'x/y', total_cost, 0)) AS total_cost FROM t",
                "/* cost / 100000 */ SELECT SUM(total_cost) AS total_cost, SUM(spend)/100 AS spend"
                        + " FROM t -- total / 100000",
                "SELECT SUM(total_cost) total_cost, clicks / COUNT(*) rate FROM t",
                "SELECT DISTINCT total_cost FROM (SELECT a / b c, total_cost FROM t) total_cost",
                "SELECT c.total_cost FROM (SELECT a * b d, SUM(total_cost) total_cost FROM t) c"
                        + " ORDER BY d / 2, total_cost DESC",
                "SELECT total_cost FROM t WHERE a / b > 1 AND total_cost IS NOT NULL",
            })
    void anAmountThatTheQueryOnlySumsUpIsStillInItsUnit(String sql) {
        assertThat(MoneyUnit.of("total_cost", ColumnType.DOUBLE, sql))
                .isEqualTo(MoneyUnit.MILLICENTS);
    }

    @Test
    void aTwinKeepsItsNameAndGrowsWithItsSource() {
        List<String> header = List.of("total_cost", "total_cost_in_currency", "spend");
        List<ColumnType> types = List.of(ColumnType.BIGINT, ColumnType.BIGINT, ColumnType.BIGINT);
        List<@Nullable MoneyUnit> units = units(MoneyUnit.MILLICENTS, null, MoneyUnit.MICROCENTS);
        List<Column> first =
                Layout.withMoney(Layout.merge(List.of(), header, types), header, units);
        assertThat(first)
                .extracting(c -> c.name() + " " + c.type().sql())
                .containsExactly(
                        "total_cost bigint",
                        "total_cost_in_currency bigint",
                        "spend bigint",
                        "total_cost_in_currency_2 decimal(38,5)",
                        "spend_in_currency decimal(38,8)");
        assertThat(Layout.ofFile(first, header)).isEqualTo(first.subList(0, 3));
        assertThat(Layout.converted(first, header, units)).isEqualTo(first.subList(3, 5));
        assertThat(Layout.description(first.get(3), first))
                .hasValue(
                        "total_cost in units of the currency, exactly; AMC counts it in"
                                + " millicents, of which one unit of the currency has 100,000");
        assertThat(Layout.description(first.get(2), first))
                .hasValue(
                        "AMC's column spend, in microcents, of which one unit of the currency has"
                                + " 100,000,000");
        assertThat(Layout.description(first.get(1), first)).isEmpty();

        List<Column> wider =
                Layout.withMoney(
                        Layout.merge(
                                first,
                                List.of("spend", "total_cost"),
                                List.of(ColumnType.decimal(9, 2), ColumnType.DOUBLE)),
                        List.of("spend", "total_cost"),
                        units(null, MoneyUnit.MILLICENTS));
        assertThat(wider)
                .extracting(c -> c.name() + " " + c.type().sql())
                .endsWith(
                        "total_cost_in_currency_2 decimal(38,15)",
                        "spend_in_currency decimal(38,12)");
        assertThat(Layout.widens(first, wider)).isTrue();
    }

    private static List<@Nullable MoneyUnit> units(@Nullable MoneyUnit... units) {
        List<@Nullable MoneyUnit> list = new ArrayList<>();
        for (MoneyUnit unit : units) {
            list.add(unit);
        }
        return list;
    }
}
