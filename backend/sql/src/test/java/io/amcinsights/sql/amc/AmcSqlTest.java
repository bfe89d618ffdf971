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
                    SELECT COUNT(*) FROM TABLE(EXTEND_TIME_WINDOW('dsp_clicks', '28', 'P0D')) | 1 | 61 | 65 | "28" is not a duration: write days as P28D, months as P1M, hours as PT12H.
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
                .extracting(
                        AmcQuery.Output::name,
                        o -> o.type().toString(),
                        AmcQuery.Output::threshold,
                        AmcQuery.Output::metric)
                .containsExactly(
                        tuple("place", "STRING", Threshold.HIGH, false),
                        tuple("bid", "DOUBLE", Threshold.MEDIUM, true),
                        tuple("impressions", "LONG", Threshold.NONE, true),
                        tuple("reach", "LONG", Threshold.NONE, false),
                        tuple("known", "STRING", Threshold.NONE, false));
        assertThat(query.tables()).containsExactly("dsp_impressions");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    SUM(impressions)                                       | LONG
                    SUM(total_cost) / 100000                               | DOUBLE
                    SUM(IF(impressions > 1, 1, 0))                         | LONG
                    CASE WHEN COUNT(*) > 1 THEN 'many' ELSE NULL END       | STRING
                    COALESCE(MAX(campaign_id), 0)                          | LONG
                    MAX(impression_dt)                                     | TIMESTAMP
                    CAST(COUNT(*) AS DECIMAL(10, 2))                       | DECIMAL
                    SUM(1.5 * impressions)                                 | DECIMAL
                    COUNT(*) > 0                                           | BOOLEAN
                    COLLECT(campaign_id)                                   | ARRAY[LONG]
                    ARRAY_SORT(COLLECT(DISTINCT NAMED_ROW('n', campaign))) | ARRAY[ROW]
                    MAX(user_behavior_segment_ids)                         | ARRAY[INTEGER]
                    CURRENT_DATE                                           | DATE
                    ROW_NUMBER() OVER (ORDER BY COUNT(*))                  | LONG
                    CONCAT(MAX(campaign), 'x')                             | STRING
                    NULL                                                   | UNKNOWN
                    """)
    void knowsTheTypeOfAColumn(String expression, String type) {
        AmcQuery query =
                AmcSql.analyze(
                        "SELECT " + expression + " AS x, COUNT(*) AS n FROM dsp_impressions",
                        SCHEMA,
                        Set.of());
        assertThat(query.error()).isNull();
        assertThat(query.outputs().getFirst().type()).hasToString(type);
    }

    @Test
    void refusesAUnionOfDifferentTypes() {
        assertThat(
                        errors(
                                "SELECT campaign, COUNT(*) AS n FROM dsp_clicks GROUP BY campaign"
                                        + " UNION ALL SELECT campaign_id, 1 FROM dsp_clicks"))
                .extracting(Problem::message)
                .contains(
                        "Both sides of a UNION need the same types: column 1, \"campaign\", is"
                                + " STRING here and LONG there.");
        assertThat(
                        errors(
                                "SELECT campaign_id, COUNT(*) AS n FROM dsp_clicks GROUP BY"
                                        + " campaign_id UNION ALL SELECT 1, 1.5 FROM dsp_clicks"))
                .isEmpty();
    }

    @Test
    void explainsWhyARowNeedsItsUsers() {
        AmcQuery query =
                AmcSql.analyze(
                        """
                        SELECT UPPER(i.postal_code) AS place, i.campaign, COUNT(*) AS impressions
                        FROM dsp_impressions i LEFT JOIN dsp_clicks c ON i.user_id = c.user_id
                        GROUP BY 1, 2
                        """,
                        SCHEMA,
                        Set.of());
        assertThat(query.privacy().users()).isEqualTo(100);
        assertThat(query.privacy().usersWithout()).isEqualTo(2);
        assertThat(query.privacy().sentences())
                .containsExactly(
                        "A row needs at least 100 users, because \"place\" has the threshold HIGH,"
                                + " made of dsp_impressions.postal_code.",
                        "Each data source behind the row must reach that by itself:"
                                + " dsp_impressions, dsp_clicks.",
                        "Rows with fewer users are left out, and their numbers with them.",
                        "Without this column, 2 users would be enough. Coarser values (a state for"
                            + " a postal code, a week for a day) or a longer time window also bring"
                            + " more users into a row.");
        assertThat(privacy("SELECT COUNT(*) AS n FROM dsp_clicks"))
                .containsExactly(
                        "No column of the result has an aggregation threshold: no row is hidden for"
                                + " having few users.");
        assertThat(privacy("SELECT user_id, COUNT(*) AS n FROM dsp_clicks GROUP BY user_id"))
                .containsExactly(
                        "AMC refuses this query, because \"user_id\" has the threshold VERY_HIGH"
                                + " and may never be in a result.");
    }

    private static List<String> privacy(String sql) {
        return AmcSql.analyze(sql, SCHEMA, Set.of()).privacy().sentences();
    }

    @Test
    void findsTheTypesOfParametersInTheirUse() {
        AmcQuery query =
                AmcSql.analyze(
                        """
                        SELECT campaign, SUM(impressions) AS n
                        FROM dsp_impressions
                        WHERE (ARRAY_CONTAINS(CUSTOM_PARAMETER('campaigns'), 'ALL')
                            OR ARRAY_CONTAINS(CUSTOM_PARAMETER('campaigns'), campaign))
                          AND campaign_id > CUSTOM_PARAMETER('least')
                          AND impression_date >= CAST(CUSTOM_PARAMETER('day') AS DATE)
                          AND line_item SIMILAR TO CUSTOM_PARAMETER('pattern')
                          AND CONTAINED_IN(campaign_id, CUSTOM_PARAMETER('ids'))
                          AND total_cost BETWEEN 1.5 AND CUSTOM_PARAMETER('most')
                          AND CUSTOM_PARAMETER('free') IS NULL
                        GROUP BY campaign
                        """,
                        SCHEMA,
                        Set.of("campaigns", "least", "day", "pattern", "ids", "most", "free"));
        assertThat(query.error()).isNull();
        assertThat(query.parameters())
                .extracting(
                        AmcQuery.Parameter::name, p -> p.type().toString(), AmcQuery.Parameter::all)
                .containsExactly(
                        tuple("campaigns", "ARRAY[STRING]", "ALL"),
                        tuple("least", "LONG", null),
                        tuple("day", "DATE", null),
                        tuple("pattern", "STRING", null),
                        tuple("ids", "ARRAY[LONG]", null),
                        tuple("most", "DOUBLE", null),
                        tuple("free", "UNKNOWN", null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    SELECT COUNT(*) AS n FROM dsp_clicks;                                                            | WARNING | AMC takes no semicolon at the end: it is left out when the query is sent.
                    SELECT GETDATE() AS d, COUNT(*) AS n FROM dsp_clicks                                             | ERROR   | GETDATE() is not supported by AMC: write CURRENT_DATE, or CAST('today' AS DATE).
                    SELECT campaign, COUNT(*) AS n, NTILE(4) OVER (ORDER BY COUNT(*)) AS q FROM dsp_clicks GROUP BY campaign | WARNING | AMC is reported to refuse NTILE: compare PERCENTILE values, or number the rows with ROW_NUMBER().
                    SELECT campaign, COUNT(*) OVER () AS n FROM dsp_clicks GROUP BY campaign                         | WARNING | AMC is reported to refuse COUNT over the whole result: count in a sub-query and join it.
                    SELECT COLLECT(UPPER(campaign)) AS c FROM dsp_clicks                                             | WARNING | AMC is reported to refuse a computed value inside COLLECT: compute it in a sub-query first.
                    SELECT campaign, RANK() OVER (ORDER BY SUM(clicks)) AS r FROM dsp_clicks GROUP BY campaign HAVING r < 3 | ERROR | "r" is made by a window function, which AMC does not know in HAVING: filter in an outer query.
                    """)
    void saysWhatAmcIsKnownOrReportedToRefuse(String sql, Severity severity, String message) {
        assertThat(check(sql))
                .extracting(Problem::severity, Problem::message)
                .contains(tuple(severity, message));
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
        String with =
                "WITH people AS (SELECT user_id, SUM(clicks) AS times FROM dsp_clicks GROUP BY 1) ";
        assertThat(complete(with + "SELECT p.| FROM people p"))
                .extracting(Completion::text, Completion::detail)
                .containsExactly(
                        tuple("user_id", "column of people"), tuple("times", "column of people"));
        assertThat(complete(with + "SELECT ti| FROM people"))
                .extracting(Completion::text)
                .containsExactly("times");
    }

    private static List<Completion> complete(String marked) {
        int caret = marked.indexOf('|');
        return AmcSql.complete(marked.replace("|", ""), caret, SCHEMA);
    }
}
