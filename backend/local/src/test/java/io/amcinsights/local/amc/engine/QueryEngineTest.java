package io.amcinsights.local.amc.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.amcinsights.local.amc.world.EventStore;
import io.amcinsights.local.amc.world.World;
import io.amcinsights.local.amc.world.World.Instance;
import io.amcinsights.sql.amc.AmcSchema;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

class QueryEngineTest {

    private static final Instant NOW = Instant.parse("2026-11-23T09:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final String WINDOW =
            " BETWEEN TIMESTAMP '2026-09-01' AND TIMESTAMP '2026-09-30 23:59:59.999' ";

    @TempDir static Path folder;

    private static EventStore events;
    private static QueryEngine engine;
    private static Instance instance;

    @BeforeAll
    static void makeEvents() {
        events = new EventStore(folder.resolve("events"), AmcSchema.standard(), CLOCK);
        engine = new QueryEngine(AmcSchema.standard(), events, CLOCK);
        Instance full = World.load().accounts().getFirst().instances().getFirst();
        instance =
                new Instance(
                        "amctest001",
                        full.name(),
                        full.type(),
                        8_000,
                        full.bucketHash(),
                        full.advertisers());
    }

    @AfterAll
    static void close() throws SQLException {
        events.close();
    }

    @Test
    void countsReachAndFrequencyAsTheEventsAre() throws Exception {
        assertThat(
                        run(
                                """
                                WITH seen AS (
                                  SELECT user_id, advertiser, SUM(impressions) AS n
                                  FROM dsp_impressions GROUP BY user_id, advertiser)
                                SELECT advertiser, LEAST(n, 10) AS frequency, COUNT(DISTINCT user_id) AS users,
                                  SUM(n) AS impressions
                                FROM seen GROUP BY advertiser, LEAST(n, 10)
                                """))
                .hasSizeGreaterThan(5)
                .containsExactlyInAnyOrderElementsOf(
                        direct(
                                "SELECT advertiser, least(n, 10), count(*), sum(n) FROM (SELECT"
                                    + " user_id, any_value(advertiser) AS advertiser, count(*) AS n"
                                    + " FROM amc.dsp_impressions WHERE impression_dt_utc"
                                        + WINDOW
                                        + "GROUP BY user_id) GROUP BY ALL HAVING count(*) >= 2"));
    }

    @Test
    void ordersThePathToConversion() throws Exception {
        List<List<String>> paths =
                run(
                        """
                        WITH first_seen AS (
                          SELECT user_id, creative_category AS kind, MIN(impression_dt_utc) AS seen, SUM(impressions) AS n
                          FROM TABLE(EXTEND_TIME_WINDOW('dsp_impressions', 'P14D', 'P0D'))
                          GROUP BY user_id, creative_category),
                        ranked AS (
                          SELECT user_id, NAMED_ROW('order', ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY seen, kind), 'kind', kind) AS step, n
                          FROM first_seen),
                        path AS (
                          SELECT user_id, ARRAY_SORT(COLLECT(DISTINCT step)) AS path, SUM(n) AS impressions
                          FROM ranked GROUP BY user_id),
                        bought AS (
                          SELECT user_id, SUM(total_purchases) AS purchases
                          FROM amazon_attributed_events_by_traffic_time WHERE total_purchases > 0 GROUP BY user_id)
                        SELECT p.path, COUNT(DISTINCT p.user_id) AS reach, SUM(p.impressions) AS impressions,
                          COUNT(DISTINCT b.user_id) AS buyers
                        FROM path p LEFT JOIN bought b ON p.user_id = b.user_id
                        GROUP BY p.path
                        """);
        assertThat(paths).extracting(r -> r.get(0)).contains("[[1, Display], [2, Video]]");
        List<List<String>> expected =
                direct(
                        """
                        WITH s AS (SELECT user_no, creative_category AS k, min(impression_dt_utc) AS seen, count(*) AS n
                          FROM amc.dsp_impressions WHERE impression_dt_utc >= TIMESTAMP '2026-08-18'
                            AND impression_dt_utc < TIMESTAMP '2026-10-01' GROUP BY 1, 2),
                        p AS (SELECT user_no, list(k ORDER BY seen, k) AS path, sum(n) AS n FROM s GROUP BY 1),
                        b AS (SELECT DISTINCT user_no AS buyer FROM amc.amazon_attributed_events_by_traffic_time
                          WHERE total_purchases > 0 AND traffic_event_dt_utc >= TIMESTAMP '2026-09-01' AND traffic_event_dt_utc < TIMESTAMP '2026-10-01')
                        SELECT '[' || array_to_string([('[' || i || ', ' || path[i] || ']') FOR i IN range(1, len(path) + 1)], ', ') || ']',
                          count(*), sum(n), count(buyer)
                        FROM p LEFT JOIN b ON buyer = user_no GROUP BY path
                        -- An array has the class of what it is made of: kinds are LOW, two users are enough.
                        HAVING count(*) >= 2 AND (count(buyer) = 0 OR count(buyer) >= 2)
                        """);
        assertThat(paths).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void countsUsersOfSeveralSourcesOnce() throws Exception {
        String all =
                "WITH seen AS (SELECT user_id, 'dsp' AS kind FROM dsp_impressions UNION ALL SELECT"
                    + " user_id, ad_product_type AS kind FROM sponsored_ads_traffic) ";
        String direct =
                "(SELECT user_no, 'dsp' AS kind FROM amc.dsp_impressions WHERE impression_dt_utc"
                        + WINDOW
                        + "UNION ALL SELECT user_no, ad_product_type FROM"
                        + " amc.sponsored_ads_traffic WHERE event_dt_utc"
                        + WINDOW
                        + ")";
        assertThat(run(all + "SELECT COUNT(DISTINCT user_id) AS users FROM seen"))
                .isEqualTo(direct("SELECT count(DISTINCT user_no) FROM " + direct));
        assertThat(
                        run(
                                all
                                        + "SELECT kind, COUNT(DISTINCT user_id) AS users FROM seen"
                                        + " GROUP BY kind HAVING COUNT(DISTINCT user_id) > 500"))
                .containsExactlyInAnyOrderElementsOf(
                        direct(
                                "SELECT kind, count(DISTINCT user_no) AS n FROM "
                                        + direct
                                        + " GROUP BY 1 HAVING n > 500"));
        // Who has an id only under a condition is not everybody.
        assertThat(
                        run(
                                "SELECT COUNT(DISTINCT who) AS users FROM (SELECT IF(device_type ="
                                    + " 'Phone', user_id, NULL) AS who FROM dsp_impressions) AS t"))
                .isEqualTo(
                        direct(
                                "SELECT count(DISTINCT user_no) FROM amc.dsp_impressions WHERE"
                                        + " device_type = 'Phone' AND impression_dt_utc"
                                        + WINDOW));
    }

    @Test
    void findsOverlapOfChannels() throws Exception {
        assertThat(
                        run(
                                """
                                WITH tv AS (SELECT user_id FROM dsp_impressions WHERE creative_type = 'Streaming TV Video' GROUP BY user_id),
                                sp AS (SELECT user_id FROM sponsored_ads_traffic WHERE ad_product_type = 'sponsored_products' GROUP BY user_id)
                                SELECT CASE WHEN tv.user_id IS NULL THEN 'SP only' WHEN sp.user_id IS NULL THEN 'TV only' ELSE 'both' END AS exposure_group,
                                  COUNT(DISTINCT COALESCE(tv.user_id, sp.user_id)) AS reach
                                FROM tv FULL OUTER JOIN sp ON tv.user_id = sp.user_id GROUP BY exposure_group
                                """))
                .hasSize(3)
                .containsExactlyInAnyOrderElementsOf(
                        direct(
                                "WITH t AS (SELECT DISTINCT user_no AS a FROM amc.dsp_impressions"
                                        + " WHERE creative_type = 'Streaming TV Video' AND"
                                        + " impression_dt_utc"
                                        + WINDOW
                                        + "), s AS (SELECT DISTINCT user_no AS b FROM"
                                        + " amc.sponsored_ads_traffic WHERE ad_product_type ="
                                        + " 'sponsored_products' AND event_dt_utc"
                                        + WINDOW
                                        + ") SELECT CASE WHEN a IS NULL THEN 'SP only' WHEN b IS"
                                        + " NULL THEN 'TV only' ELSE 'both' END, count(*) FROM t"
                                        + " FULL JOIN s ON a = b GROUP BY 1"));
    }

    @Test
    void measuresTimeToConversionByBucket() throws Exception {
        assertThat(
                        run(
                                """
                                SELECT CASE WHEN SECONDS_BETWEEN(traffic_event_dt_utc, conversion_event_dt_utc) < 3600 THEN '1 | < 1 HOUR'
                                    ELSE '2 | 1+ HOURS' END AS time_to_conversion, SUM(total_purchases) AS purchases
                                FROM amazon_attributed_events_by_conversion_time WHERE total_purchases > 0 GROUP BY 1
                                """))
                .containsExactlyInAnyOrderElementsOf(
                        direct(
                                "SELECT CASE WHEN date_diff('second', traffic_event_dt_utc,"
                                    + " conversion_event_dt_utc) < 3600 THEN '1 | < 1 HOUR' ELSE '2"
                                    + " | 1+ HOURS' END, sum(total_purchases) FROM"
                                    + " amc.amazon_attributed_events_by_conversion_time WHERE"
                                    + " total_purchases > 0 AND conversion_event_dt_utc"
                                        + WINDOW
                                        // The times are MEDIUM: a hundred users.
                                        + "GROUP BY 1 HAVING count(DISTINCT user_no) >= 100"));
    }

    @Test
    void sharesNewToBrandPurchases() throws Exception {
        assertThat(
                        run(
                                """
                                SELECT campaign, SUM(new_to_brand_purchases) AS ntb, SUM(purchases) AS purchases,
                                  SUM(new_to_brand_purchases) / SUM(purchases) AS share, SUM(product_sales) AS sales
                                FROM amazon_attributed_events_by_conversion_time WHERE purchases > 0 GROUP BY campaign
                                """))
                .isNotEmpty()
                .containsExactlyInAnyOrderElementsOf(
                        direct(
                                "SELECT campaign, sum(new_to_brand_purchases), sum(purchases),"
                                        + " sum(new_to_brand_purchases) / sum(purchases),"
                                        + " sum(product_sales) FROM"
                                        + " amc.amazon_attributed_events_by_conversion_time WHERE"
                                        + " purchases > 0 AND conversion_event_dt_utc"
                                        + WINDOW
                                        + "GROUP BY 1 HAVING count(DISTINCT user_no) >= 2"));
    }

    @Test
    void hidesPlacesOfFewerThanAHundredUsers() throws Exception {
        String count =
                "SELECT %s, count(*), count(DISTINCT user_no) AS users FROM amc.dsp_impressions"
                        + " WHERE impression_dt_utc"
                        + WINDOW
                        + "GROUP BY 1 HAVING users >= %d";
        List<List<String>> states =
                run(
                        "SELECT iso_state_province_code, SUM(impressions) AS impressions,"
                            + " COUNT(DISTINCT user_id) AS users FROM dsp_impressions GROUP BY 1");
        List<List<String>> places =
                run(
                        "SELECT city_name, SUM(impressions) AS impressions, COUNT(DISTINCT user_id)"
                                + " AS users FROM dsp_impressions GROUP BY 1");
        assertThat(states)
                .containsExactlyInAnyOrderElementsOf(
                        direct(count.formatted("iso_state_province_code", 2)));
        assertThat(places)
                .isNotEmpty()
                .hasSizeLessThan(direct(count.formatted("city_name", 1)).size())
                .containsExactlyInAnyOrderElementsOf(direct(count.formatted("city_name", 100)));
    }

    @Test
    void hidesAPlantedUserWhoIsAlone() throws Exception {
        List<String> alone =
                direct(
                                "SELECT creative, user_no FROM (SELECT creative || '~' || user_no"
                                        + " AS creative, user_no FROM amc.dsp_impressions WHERE"
                                        + " impression_dt_utc"
                                        + WINDOW
                                        + "LIMIT 1)")
                        .getFirst();
        try (Connection connection = events.connect(instance);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "INSERT INTO campaign SELECT 900, advertiser_no, 'Planted', 'display', 0, 0, 1,"
                            + " [] FROM campaign LIMIT 1");
            statement.execute(
                    "INSERT INTO line_item SELECT * REPLACE (2700 AS line_item_no, 'Planted' AS"
                            + " campaign) FROM line_item WHERE channel = 'display' LIMIT 1");
            statement.execute(
                    "INSERT INTO exposure SELECT * REPLACE (TIMESTAMP '2026-09-10 12:00:00' AS dt,"
                        + " 900 AS campaign_no, 2700 AS line_item_no) FROM exposure WHERE user_no ="
                        + " "
                            + alone.get(1)
                            + " LIMIT 1");
        }
        String planted = "SELECT campaign, SUM(impressions) AS n FROM %s GROUP BY campaign";
        assertThat(run(planted.formatted("dsp_impressions")))
                .extracting(List::getFirst)
                .hasSizeGreaterThan(3)
                .doesNotContain("Planted");
        // The same through a sub-query, a union and a distinct: the user is followed.
        assertThat(
                        run(
                                planted.formatted(
                                        "(SELECT campaign, SUM(impressions) AS impressions FROM"
                                                + " dsp_impressions GROUP BY campaign) t")))
                .extracting(List::getFirst)
                .doesNotContain("Planted");
        assertThat(
                        run(
                                "SELECT DISTINCT campaign FROM dsp_impressions UNION SELECT"
                                        + " campaign FROM sponsored_ads_traffic GROUP BY campaign"))
                .extracting(List::getFirst)
                .contains("SP | Tents | Exact")
                .doesNotContain("Planted");
        // Without a dimension nothing is needed, and a second user makes the row visible.
        assertThat(
                        run(
                                "SELECT SUM(impressions) AS n FROM dsp_impressions WHERE campaign ="
                                        + " 'Planted'"))
                .containsExactly(List.of("1"));
        try (Connection connection = events.connect(instance);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "INSERT INTO exposure SELECT * REPLACE (user_no + 1 AS user_no) FROM exposure"
                            + " WHERE campaign_no = 900");
        }
        assertThat(run(planted.formatted("dsp_impressions"))).contains(List.of("Planted", "2"));
        try (Connection connection = events.connect(instance);
                Statement statement = connection.createStatement()) {
            statement.execute("DELETE FROM exposure WHERE campaign_no = 900");
        }
    }

    @Test
    void requiresUsersOfEverySourceBehindARow() throws Exception {
        String sql =
                """
                SELECT i.dma_code, COUNT(DISTINCT i.user_id) AS users, COUNT(DISTINCT c.user_id) AS clickers
                FROM dsp_impressions i LEFT JOIN dsp_clicks c ON i.user_id = c.user_id GROUP BY i.dma_code
                """;
        assertThat(run(sql))
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row.get(2)).isNotEqualTo("1"));
        assertThat(
                        direct(
                                "SELECT dma_code FROM amc.dsp_clicks WHERE click_dt_utc"
                                        + WINDOW
                                        + "GROUP BY 1 HAVING count(DISTINCT user_no) = 1"))
                .as("there are rows to hide")
                .isNotEmpty();
    }

    @Test
    void bindsParametersByTheirTypes() throws Exception {
        String sql =
                """
                SELECT campaign, SUM(impressions) AS n FROM dsp_impressions
                WHERE (ARRAY_CONTAINS(CUSTOM_PARAMETER('campaigns'), 'ALL') OR campaign IN (CUSTOM_PARAMETER('campaigns')))
                  AND impressions >= CUSTOM_PARAMETER('least') GROUP BY campaign
                """;
        assertThat(run(sql, "campaigns", "['ALL']", "least", "1")).hasSizeGreaterThan(3);
        assertThat(
                        run(
                                sql,
                                "campaigns",
                                "['Kestrel | Display | Prospecting', \"it's not there\"]",
                                "least",
                                "1"))
                .extracting(List::getFirst)
                .containsExactly("Kestrel | Display | Prospecting");
        assertThat(run(sql, "campaigns", "['ALL']", "least", "2")).isEmpty();
        assertThatThrownBy(() -> run(sql, "least", "2"))
                .isInstanceOf(QueryException.class)
                .hasMessageContaining("undeclared parameter campaigns");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    CONCAT('a', 1, 'b')                                  | a1b
                    IF(1 > 2, 'x', 'y')                                  | y
                    NVL2(NULL, 'x', 'y')                                 | y
                    GREATEST(1, NULL)                                    |
                    7 / 2                                                | 3.5
                    1 / 0                                                |
                    LOG(2, 8)                                            | 3.0
                    DAYOFWEEK(CAST('2026-11-22' AS DATE))                | 1
                    SECONDS_BETWEEN(TIMESTAMP '2026-01-01 00:59:59', TIMESTAMP '2026-01-01 01:00:01') | 2
                    DATE_TRUNC('month', CAST('today' AS DATE))           | 2026-11-01T00:00:00.000Z
                    CAST('now' AS TIMESTAMP)                             | 2026-11-23T09:00:00.000Z
                    CURRENT_DATE                                         | 2026-11-23
                    CONVERT_TIME_ZONE_FROM_UTC(TIMESTAMP '2026-11-01 04:30:00', 'America/New_York') | 2026-11-01T00:30:00.000Z
                    EPOCH_TO_UTC_TIMESTAMP(1700000000)                   | 2023-11-14T22:13:20.000Z
                    EPOCH_TO_UTC_TIMESTAMP(1700000000123)                | 2023-11-14T22:13:20.123Z
                    BUILT_IN_PARAMETER('TIME_WINDOW_START')              | 2026-09-01T00:00:00.000Z
                    ARRAY_TO_STRING(ARRAY_UNION(ARRAY['b', 'a'], ARRAY['a']), '+') IN ('a+b', 'b+a') | true
                    ARRAY_COMPLEMENT(ARRAY[1, 2, 3], ARRAY[2])           | [1, 3]
                    CARDINALITY(ARRAY_DISTINCT(ARRAY[1, 1, 2]))          | 2
                    CONTAINED_IN('x', ARRAY['x', 'y'])                   | true
                    'Summer STV' SIMILAR TO '(?i)stv'                    | true
                    'Summer' NOT LIKE 'S%'                               | false
                    REGEXP_REPLACE('a1b2', '[0-9]', '')                  | ab
                    REGEXP_SUBSTR('a12b', '[0-9]+')                      | 12
                    TRIM(LEADING 'x' FROM 'xxax')                        | ax
                    CHARINDEX('b', 'abc')                                | 2
                    POSITION('c' IN 'abc')                               | 3
                    SUBSTRING('abcdef' FROM 2 FOR 3)                     | bcd
                    TRUNC(2.789, 1)                                      | 2.7
                    ROUND(CAST(2.345 AS DECIMAL(10, 4)), 2)              | 2.35
                    FROM_VARBINARY(TO_VARBINARY('hi', 'utf-8'), 'utf-8') | hi
                    EXTRACT(DOW FROM DATE '2026-11-22')                  | 1
                    CASE 2 WHEN 1 THEN 'one' ELSE 'other' END            | other
                    1 BETWEEN 0 AND 2                                    | true
                    """)
    void meansWhatAmcMeans(String expression, String value) throws Exception {
        assertThat(run("SELECT " + expression + " AS v, COUNT(*) AS n FROM dsp_clicks"))
                .singleElement()
                .extracting(List::getFirst)
                .isEqualTo(value == null ? "" : value);
    }

    @Test
    void refusesWhatItCannotMap() {
        assertThatThrownBy(
                        () ->
                                run(
                                        "SELECT FORMAT(campaign, 'x') AS v, COUNT(*) AS n FROM"
                                                + " dsp_clicks GROUP BY 1"))
                .isInstanceOf(QueryException.class)
                .hasMessage(
                        "The function FORMAT is not supported by the AMC simulator of the local"
                                + " workspace.");
        assertThatThrownBy(() -> run("SELECT campaign, COUNT(*) AS n FROM dsp_click GROUP BY 1"))
                .isInstanceOf(QueryException.class)
                .hasMessage(
                        "SQL query was invalid: From line 1, column 37 to line 1, column 45: Object"
                                + " 'dsp_click' not found: AMC has no such table. Did you mean"
                                + " \"dsp_clicks\"?");
    }

    @Test
    void writesTheDialectOfAmc() throws Exception {
        Path csv = folder.resolve("dialect.csv");
        Result result =
                engine.run(
                        instance,
                        query(
                                "SELECT 'say \"hi\", you\\me' AS quoted, CAST(NULL AS VARCHAR) AS"
                                    + " nothing, '' AS blank, TRUE AS yes, SUM(impressions) AS n,"
                                    + " SUM(total_cost) AS cost, COUNT(DISTINCT user_id) AS reach"
                                    + " FROM dsp_impressions WHERE 1 = 0",
                                Map.of()),
                        csv,
                        new Cancellation());
        assertThat(csv)
                .content()
                .isEqualTo(
                        """
                        quoted,nothing,blank,yes,n,cost,reach
                        "say \\"hi\\", you\\\\me",,"",true,,,0
                        """);
        assertThat(result)
                .isEqualTo(
                        new Result(
                                List.of(
                                        new Result.Column("quoted", "STRING", false, 0, 0),
                                        new Result.Column("nothing", "STRING", false, 0, 0),
                                        new Result.Column("blank", "STRING", false, 0, 0),
                                        new Result.Column("yes", "BOOLEAN", false, 0, 0),
                                        new Result.Column("n", "LONG", true, 0, 0),
                                        new Result.Column("cost", "DOUBLE", true, 0, 0),
                                        new Result.Column("reach", "LONG", false, 0, 0)),
                                1));
    }

    @Test
    void everyDataSourceCanBeQueried() throws Exception {
        for (AmcSchema.Table table : AmcSchema.standard().tables()) {
            assertThat(run("SELECT COUNT(*) AS n FROM " + table.name()))
                    .as(table.name())
                    .hasSize(1);
        }
    }

    private static Query query(String sql, Map<String, JsonNode> parameters) {
        return new Query(
                sql,
                parameters,
                Instant.parse("2026-09-01T00:00:00Z"),
                Instant.parse("2026-10-01T00:00:00Z"),
                true);
    }

    private static List<List<String>> run(String sql, String... parameters) throws Exception {
        Map<String, JsonNode> values = new HashMap<>();
        for (int i = 0; i < parameters.length; i += 2) {
            values.put(parameters[i], json(parameters[i + 1]));
        }
        Path csv = folder.resolve("result.csv");
        engine.run(instance, query(sql, values), csv, new Cancellation());
        return CsvRows.of(Files.readString(csv));
    }

    private static JsonNode json(String text) throws JsonProcessingException {
        ObjectMapper mapper = new ObjectMapper();
        mapper.enable(com.fasterxml.jackson.core.JsonParser.Feature.ALLOW_SINGLE_QUOTES);
        return mapper.readTree(text);
    }

    /** A result by DuckDB alone, each value as text. */
    private static List<List<String>> direct(String sql) throws SQLException {
        try (Connection connection = events.connect(instance);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<List<String>> result = new ArrayList<>();
            while (rows.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    row.add(rows.getObject(i) == null ? "" : rows.getObject(i).toString());
                }
                result.add(row);
            }
            return result;
        }
    }
}
