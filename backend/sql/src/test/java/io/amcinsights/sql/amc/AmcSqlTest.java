package io.amcinsights.sql.amc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import static java.util.Objects.requireNonNull;

import io.amcinsights.sql.Completion;
import io.amcinsights.sql.Problem;
import io.amcinsights.sql.Problem.Severity;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Set;

class AmcSqlTest {

    private static final AmcSchema SCHEMA = AmcSchema.standard();

    private static List<Problem> check(String sql, String... parameters) {
        return AmcSql.check(sql, SCHEMA, Set.of(parameters));
    }

    private static List<Problem> errors(String sql, String... parameters) {
        return check(sql, parameters).stream().filter(p -> p.severity() == Severity.ERROR).toList();
    }

    @Test
    void knowsTheTablesOfTheDocumentation() {
        AmcSchema.Table impressions = requireNonNull(SCHEMA.table("DSP_Impressions"));
        assertThat(impressions.columns()).hasSize(98);
        assertThat(impressions.timeColumn()).isEqualTo("impression_dt_utc");
        assertThat(impressions.column("USER_ID"))
                .isEqualTo(new AmcSchema.Column("user_id", "STRING", false, Threshold.VERY_HIGH));
        assertThat(SCHEMA.table("amazon_attributed_events_by_traffic_time"))
                .isNotNull()
                .extracting(t -> t.column("product_sales"))
                .isEqualTo(
                        new AmcSchema.Column(
                                "product_sales", "DECIMAL(38,4)", true, Threshold.NONE));
        assertThat(SCHEMA.table("audience_segments_eu_lifestyle_snapshot")).isNotNull();
        assertThat(SCHEMA.tables())
                .allSatisfy(
                        t -> {
                            if (t.timeColumn() != null) {
                                assertThat(t.column(t.timeColumn())).as(t.name()).isNotNull();
                            }
                        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT campaign, SUM(impressions) AS impressions FROM dsp_impressions GROUP BY 1;",
                """
                WITH f AS (
                  SELECT user_id, advertiser, SUM(impressions) AS n
                  FROM dsp_impressions GROUP BY user_id, advertiser)
                SELECT advertiser, IF(n > 9, '10+', CAST(n AS VARCHAR)) AS bucket,
                       COUNT(DISTINCT user_id) AS users
                FROM f GROUP BY advertiser, bucket
                """,
                """
                SELECT path, COUNT(DISTINCT user_id) AS reach FROM (
                  SELECT user_id, ARRAY_SORT(COLLECT(DISTINCT NAMED_ROW('order', o, 'campaign', campaign))) AS path
                  FROM (SELECT user_id, campaign,
                          ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY MIN(impression_dt_utc)) AS o
                        FROM TABLE(EXTEND_TIME_WINDOW('dsp_impressions', 'P28D', 'P0D')) GROUP BY user_id, campaign) t
                  GROUP BY user_id) p
                GROUP BY path
                """,
                """
                SELECT a.campaign, COUNT(DISTINCT b.user_id) AS users, UUID() AS id
                FROM dsp_impressions a LEFT JOIN dsp_clicks b ON a.user_id = b.user_id
                WHERE a.campaign SIMILAR TO '(?i).*tv.*' AND a.impression_date > CAST('today' AS DATE)
                GROUP BY a.campaign HAVING COUNT(*) > 1
                """,
                """
                WITH c (campaign, grp) AS (VALUES ('a', 'x'), ('b', 'y'))
                SELECT c.grp, SUM(i.clicks) AS clicks FROM dsp_clicks i JOIN c ON c.campaign = i.campaign
                GROUP BY c.grp
                """,
                """
                SELECT 'dsp' AS kind, SUM(impressions) AS n FROM dsp_impressions
                UNION ALL SELECT ad_product_type, SUM(impressions) FROM sponsored_ads_traffic GROUP BY ad_product_type
                """,
                """
                SELECT campaign, SUM(SUM(impressions)) OVER (PARTITION BY campaign) AS n
                FROM dsp_impressions GROUP BY campaign
                """,
                """
                SELECT campaign, COUNT(DISTINCT user_id) AS users FROM dsp_impressions JOIN
                 (SELECT user_id FROM dsp_clicks GROUP BY user_id) USING (user_id) GROUP BY campaign
                """
            })
    void acceptsWhatAnalystsWrite(String sql) {
        assertThat(errors(sql)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    SELECT campain, COUNT(*) FROM dsp_impressions GROUP BY 1   | 1 | 8 | 15 | Column 'campain' not found in 'dsp_impressions'. Did you mean "campaign"?
                    SELECT i.clicks FROM dsp_impressions i GROUP BY i.clicks   | 1 | 8 | 16 | Column 'clicks' not found in 'i'.
                    SELECT COUNT(*) FROM dsp_impresions                        | 1 | 22 | 36 | Object 'dsp_impresions' not found: AMC has no such table. Did you mean "dsp_impressions"?
                    SELECT x.campaign, COUNT(*) FROM dsp_clicks GROUP BY 1     | 1 | 8 | 18 | Table 'x' not found in this FROM.
                    SELECT campaign FROM dsp_impressions                       | 1 | 1 | 7 | The query has no aggregation. AMC returns only aggregated rows: add GROUP BY, or a function such as COUNT or SUM.
                    SELECT campaign, SUM(clicks) FROM dsp_clicks               | 1 | 8 | 16 | "campaign" must be in GROUP BY or inside a function such as SUM or MAX.
                    SELECT user_id, COUNT(*) FROM dsp_clicks GROUP BY user_id  | 1 | 8 | 15 | "user_id" is made of a column with aggregation threshold VERY_HIGH and cannot be in the result. Count it, or leave it out.
                    SELECT COUNT(*) FROM dsp_clicks WHERE user_id = 'x'        | 1 | 39 | 52 | A column with aggregation threshold VERY_HIGH must not be compared with a fixed value: AMC refuses it.
                    SELECT COUNT(*) FROM dsp_clicks WHERE city_name IN ('x')   | 1 | 39 | 57 | A column with aggregation threshold HIGH must not be compared with a fixed value: AMC refuses it.
                    SELECT COUNT(*) FROM dsp_clicks LIMIT 10                   | 1 | 39 | 41 | LIMIT is not supported by AMC. To keep the top rows, number them with ROW_NUMBER() in a sub-query and filter on the number.
                    SELECT COUNT(*) AS n FROM dsp_clicks ORDER BY n            | 1 | 38 | 48 | ORDER BY at the end of a query is not supported by AMC: results come unsorted. Remove it.
                    SELECT COUNT(*) FROM dsp_clicks WHERE campaign = CUSTOM_PARAMETER('c') | 1 | 50 | 71 | The query referenced an undeclared parameter c. Declare it among the workflow's parameters.
                    SELECT COUNT(*) FROM dsp_clicks WHERE click_date > CURRENT_DATE - INTERVAL '7' DAY | 1 | 67 | 83 | Interval data types are not enabled in AMC. Compare with SECONDS_BETWEEN(a, b), or widen a table with EXTEND_TIME_WINDOW.
                    SELECT value, COUNT(*) FROM dsp_clicks                     | 1 | 8 | 13 | "value" is a reserved word. To use it as a name, put it in double quotes: "value".
                    SELECT campaign, FROM dsp_clicks                           | 1 | 18 | 22 | Unexpected FROM: something is missing before it, or a comma is too many.
                    SELECT COUNT(* FROM dsp_clicks                             | 1 | 16 | 20 | Unexpected FROM: something is missing before it, or a comma is too many.
                    SELECT COUNT(*) FROM dsp_clicks WHERE campaign = 'x        | 1 | 50 | 51 | This text is not closed: add a single quote (').
                    DELETE FROM dsp_clicks                                     | 1 | 1 | 7 | Only queries can be run on AMC: the statement must begin with SELECT or WITH.
                    SELECT COUNT(*) FROM TABLE(EXTEND_TIME_WINDOW('dsp_clicks', '28', 'P0D')) | 1 | 61 | 65 | "28" is not a duration: write days as P28D, hours as PT12H.
                    """)
    void pointsAtWhatAmcRefuses(String sql, int line, int column, int endColumn, String message) {
        assertThat(errors(sql))
                .extracting(Problem::line, Problem::column, Problem::endColumn, Problem::message)
                .contains(tuple(line, column, endColumn, message));
    }

    @Test
    void refusesStarAndRightJoin() {
        assertThat(errors("SELECT * FROM dsp_clicks GROUP BY campaign"))
                .extracting(Problem::message)
                .containsExactly(
                        "SELECT * is not supported by AMC: name the columns that you need.");
        assertThat(
                        errors(
                                "SELECT COUNT(*) FROM dsp_clicks a RIGHT JOIN dsp_views b"
                                        + " ON a.user_id = b.user_id"))
                .extracting(Problem::message)
                .containsExactly(
                        "RIGHT JOIN is not supported by AMC: swap the two sides and use LEFT"
                                + " JOIN.");
    }

    @Test
    void warnsOfWhatIsProbablyNotMeant() {
        assertThat(
                        check(
                                "SELECT postal_code, SUM(total_cost) AS cost\nFROM dsp_impressions"
                                        + " GROUP BY postal_code",
                                "unused"))
                .allSatisfy(p -> assertThat(p.severity()).isEqualTo(Severity.WARNING))
                .extracting(Problem::message)
                .containsExactlyInAnyOrder(
                        "\"postal_code\" has aggregation threshold HIGH: rows with fewer than 100"
                                + " users will be hidden.",
                        "total_cost is in millicents: divide by 100000.",
                        "Amounts of several currencies may be added up here. Group by"
                                + " currency_iso_code (or purchase_currency).",
                        "The parameter \"unused\" is declared but not used.");
        assertThat(
                        check(
                                "SELECT currency_iso_code, SUM(total_cost) / 100000 AS cost FROM"
                                        + " dsp_impressions GROUP BY currency_iso_code"))
                .isEmpty();
        assertThat(check("SELECT COUNT(*) AS n FROM conversions_all"))
                .extracting(Problem::message)
                .containsExactly(
                        "conversions_all is a paid data source: the query fails where the instance"
                                + " is not subscribed.");
        assertThat(check("SELECT DATEDIFF(COUNT(*), 1) AS n FROM conversions"))
                .extracting(Problem::message)
                .containsExactly("DATEDIFF is not among AMC's documented functions.");
    }

    @Test
    void followsThePrivacyClassThroughSubqueries() {
        AmcQuery query =
                AmcSql.analyze(
                        """
                        WITH t AS (SELECT user_id, postal_code AS p, bid_price, MAX(impression_dt) AS last,
                                     SUM(impressions) AS n FROM dsp_impressions GROUP BY 1, 2, 3)
                        SELECT UPPER(p) AS place, AVG(bid_price) AS bid, SUM(n) AS impressions,
                          COUNT(DISTINCT user_id) AS reach, IF(user_id IS NULL, 'no', 'yes') AS known
                        FROM t GROUP BY UPPER(p), known
                        """,
                        SCHEMA,
                        Set.of());
        assertThat(query.error()).isNull();
        assertThat(query.outputs())
                .containsExactly(
                        new AmcQuery.Output("place", Threshold.HIGH, false),
                        new AmcQuery.Output("bid", Threshold.MEDIUM, true),
                        new AmcQuery.Output("impressions", Threshold.NONE, true),
                        new AmcQuery.Output("reach", Threshold.NONE, false),
                        new AmcQuery.Output("known", Threshold.NONE, false));
    }

    @Test
    void findsParametersAlsoInBrokenSql() {
        assertThat(
                        AmcSql.parameters(
                                "SELEC CUSTOM_PARAMETER('b') -- CUSTOM_PARAMETER('no')\n"
                                        + ", custom_parameter ( 'a' ) FROM"))
                .containsExactly("b", "a");
    }

    @Test
    void completesAtTheCaret() {
        assertThat(complete("SELECT COUNT(*) FROM dsp_cl|"))
                .extracting(Completion::text, Completion::start)
                .containsExactly(tuple("dsp_clicks", 21));
        assertThat(complete("SELECT c.click_co| FROM dsp_clicks AS c"))
                .extracting(Completion::text, Completion::detail)
                .containsExactly(tuple("click_cost", "LONG, threshold MEDIUM"));
        assertThat(complete("SELECT postal| FROM dsp_clicks"))
                .extracting(Completion::text)
                .containsExactly("postal_code");
        assertThat(complete("WITH mine AS (SELECT 1) SELECT COUNT(*) FROM mi|"))
                .extracting(Completion::text)
                .containsExactly("mine");
        assertThat(complete("SELECT SECONDS_B|"))
                .extracting(Completion::text, Completion::detail)
                .containsExactly(tuple("SECONDS_BETWEEN", "(from, to)"));
        assertThat(complete("SELECT CUSTOM_PARAMETER('asin'), CUSTOM_PARAMETER('a|"))
                .extracting(Completion::text)
                .containsExactly("asin");
        assertThat(complete("SELECT 'from dsp_|")).isEmpty();
    }

    private static List<Completion> complete(String marked) {
        int caret = marked.indexOf('|');
        return AmcSql.complete(marked.replace("|", ""), caret, SCHEMA);
    }
}
