package io.amcinsights.local.amc.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.amc.world.EventStore;
import io.amcinsights.local.amc.world.World;
import io.amcinsights.local.amc.world.World.Instance;
import io.amcinsights.sql.amc.AmcSchema;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * AMC's privacy on planted rows: the example of Amazon's "Filtered output", and what Amazon says of
 * literals in "Aggregation threshold".
 */
class PrivacyTest {

    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-11-23T09:00:00Z"), ZoneOffset.UTC);

    /** Impressions and clicks a device and postal code, each from its own source. */
    private static final String EXAMPLE =
            """
            SELECT SUM(impressions) AS impressions, SUM(clicks) AS clicks, device_type, postal_code FROM (
              SELECT impressions, 0 AS clicks, device_type, postal_code FROM dsp_impressions WHERE campaign = 'Planted'
              UNION ALL
              SELECT 0 AS impressions, clicks, device_type, postal_code FROM dsp_clicks WHERE campaign = 'Planted') AS t
            GROUP BY device_type, postal_code
            """;

    @TempDir static Path folder;

    private static EventStore events;
    private static QueryEngine engine;
    private static Instance instance;

    @BeforeAll
    static void plantTheExample() throws SQLException {
        events = new EventStore(folder.resolve("events"), AmcSchema.standard(), CLOCK);
        engine = new QueryEngine(AmcSchema.standard(), events, CLOCK);
        Instance full = World.load().accounts().getFirst().instances().getFirst();
        instance =
                new Instance(
                        "amctest004",
                        full.name(),
                        full.type(),
                        2_000,
                        full.bucketHash(),
                        full.advertisers());
        try (Connection connection = events.connect(instance);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "INSERT INTO line_item SELECT * REPLACE (2700 AS line_item_no, 'Planted' AS"
                            + " campaign) FROM line_item WHERE channel = 'display' LIMIT 1");
            for (String device : List.of("100, 'iPhone'", "101, 'Android'")) {
                statement.execute(
                        "INSERT INTO device SELECT %s, * EXCLUDE (device_no, device_type) FROM device LIMIT 1"
                                .formatted(device));
            }
            plant(statement, 100, "11111", 1100, 50, 300, 13);
            plant(statement, 101, "22222", 200, 30, 100, 8);
            plant(statement, 101, "33333", 1300, 133, 500, 87);
            plant(statement, 101, "44444", 1700, 108, 700, 359);
        }
    }

    private static void plant(
            Statement statement,
            int device,
            String postalCode,
            int impressions,
            int seers,
            int clicks,
            int clickers)
            throws SQLException {
        int first = Integer.parseInt(postalCode) * 1000;
        statement.execute(
                "INSERT INTO person SELECT * EXCLUDE (n) REPLACE (%d + n AS user_no, 'P' || (%d + n) AS user_id, '%s' AS postal_code) FROM (FROM person LIMIT 1), range(%d) t(n)"
                        .formatted(first, first, postalCode, Math.max(seers, clickers)));
        statement.execute(
                "INSERT INTO exposure SELECT * EXCLUDE (n) REPLACE (TIMESTAMP '2026-09-10' AS dt, %d + n %% %d AS user_no, 2700 AS line_item_no, %d AS device_no) FROM (FROM exposure LIMIT 1), range(%d) t(n)"
                        .formatted(first, seers, device, impressions));
        statement.execute(
                "INSERT INTO click SELECT * EXCLUDE (n) REPLACE (TIMESTAMP '2026-09-10' AS dt, %d + n %% %d AS user_no, 2700 AS line_item_no, %d AS device_no) FROM (FROM click LIMIT 1), range(%d) t(n)"
                        .formatted(first, clickers, device, clicks));
    }

    @AfterAll
    static void close() throws SQLException {
        events.close();
    }

    @Test
    void leavesRowsOfTooFewUsersOut() throws Exception {
        assertThat(run(EXAMPLE, Map.of()))
                .containsExactly(List.of("1700", "700", "Android", "44444"));
        assertThat(
                        run(
                                EXAMPLE,
                                Map.of(
                                        "distinctUserCountColumn",
                                        "du_count",
                                        "filteredReasonColumn",
                                        "why")))
                .containsExactly(List.of("1700", "700", "Android", "44444", "100", ""));
    }

    @Test
    void removesValuesAndAddsUpWhatIsLeft() throws Exception {
        assertThat(run(EXAMPLE, Map.of("filteredMetricsDiscriminatorColumn", "filtered")))
                .containsExactlyInAnyOrder(
                        List.of("1100", "300", "iPhone", "", "true"),
                        List.of("1500", "600", "Android", "", "true"),
                        List.of("1700", "700", "Android", "44444", "false"));
        assertThat(run(EXAMPLE, Map.of("privacyFilteringBehavior", "REMOVE_VALUES")))
                .containsExactlyInAnyOrder(
                        List.of("1100", "300", "iPhone", ""),
                        List.of("1500", "600", "Android", ""),
                        List.of("1700", "700", "Android", "44444"));
        assertThat(
                        run(
                                EXAMPLE,
                                Map.of(
                                        "filteredMetricsDiscriminatorColumn",
                                        "filtered",
                                        "privacyFilteringBehavior",
                                        "REMOVE_ROWS")))
                .containsExactly(List.of("1700", "700", "Android", "44444", "false"));
    }

    @Test
    void countsTheUsersAndSaysWhy() throws Exception {
        assertThat(
                        run(
                                EXAMPLE,
                                Map.of(
                                        "filteredMetricsDiscriminatorColumn",
                                        "filtered",
                                        "distinctUserCountColumn",
                                        "du_count",
                                        "filteredReasonColumn",
                                        "why")))
                .containsExactlyInAnyOrder(
                        List.of(
                                "1100",
                                "300",
                                "iPhone",
                                "",
                                "true",
                                "13",
                                "13 'dsp_clicks' users < 100 required"),
                        // Eight and 87 who clicked; the reason is that of the row with the fewest.
                        List.of(
                                "1500",
                                "600",
                                "Android",
                                "",
                                "true",
                                "95",
                                "8 'dsp_clicks' users < 100 required"),
                        List.of("1700", "700", "Android", "44444", "false", "100", ""));
    }

    @Test
    void namesThePathOfASourceThatIsUsedSeveralTimes() throws Exception {
        String part =
                "SELECT postal_code, impressions FROM dsp_impressions WHERE campaign = 'Planted'"
                        + " AND device_type = '%s' AND impressions < %d";
        String sql =
                "SELECT postal_code, SUM(impressions) AS impressions FROM (%s UNION ALL %s UNION ALL %s) AS t GROUP BY postal_code"
                        .formatted(
                                part.formatted("iPhone", 1),
                                part.formatted("iPhone", 2),
                                part.formatted("Android", 1));
        assertThat(
                        run(
                                sql,
                                Map.of(
                                        "filteredMetricsDiscriminatorColumn",
                                        "filtered",
                                        "filteredReasonColumn",
                                        "why")))
                .containsExactly(
                        List.of(
                                "",
                                "1100",
                                "true",
                                "50 'dsp_impressions' (path 2 of 3) users < 100 required"));
    }

    @Test
    void oneUserAloneLosesAlsoWhatTwoMaySee() throws Exception {
        // 300 clicks of 13 people: one has clicked once more than the others.
        String sql =
                "SELECT campaign, clicked, COUNT(DISTINCT user_id) AS users FROM (SELECT campaign,"
                    + " user_id, SUM(clicks) AS clicked FROM dsp_clicks WHERE campaign = 'Planted'"
                    + " AND device_type = 'iPhone' GROUP BY campaign, user_id) AS t GROUP BY"
                    + " campaign, clicked";
        assertThat(run(sql, Map.of())).containsExactly(List.of("Planted", "23", "12"));
        assertThat(run(sql, Map.of("filteredMetricsDiscriminatorColumn", "filtered")))
                .containsExactlyInAnyOrder(
                        List.of("Planted", "23", "12", "false"), List.of("", "24", "1", "true"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT COUNT(*) AS n FROM dsp_impressions WHERE postal_code = 'US-10001'",
                "SELECT COUNT(*) AS n FROM dsp_impressions WHERE user_id = CAST('A' AS VARCHAR)",
                "SELECT COUNT(*) AS n FROM dsp_impressions WHERE user_id IN"
                        + " (CUSTOM_PARAMETER('ids'))",
                "SELECT COUNT(*) AS n FROM dsp_impressions WHERE"
                        + " ARRAY_CONTAINS(CUSTOM_PARAMETER('ids'), user_id)",
                "SELECT COUNT(*) AS n FROM dsp_impressions WHERE UPPER(city_name) SIMILAR TO"
                        + " 'BERLIN'",
                "WITH z(p) AS (VALUES ('US-10001')) SELECT COUNT(*) AS n FROM dsp_impressions i"
                        + " JOIN z ON i.postal_code = z.p",
                "WITH z AS (SELECT CUSTOM_PARAMETER('ids') AS p), y AS (SELECT p FROM z) SELECT"
                        + " COUNT(*) AS n FROM dsp_impressions i JOIN y ON i.user_id = y.p",
                "WITH z(postal_code) AS (VALUES ('US-10001')) SELECT COUNT(*) AS n FROM"
                        + " dsp_impressions JOIN z USING (postal_code)",
                "SELECT COUNT(*) AS n FROM dsp_impressions WHERE postal_code IN (SELECT p FROM"
                        + " (VALUES ('US-10001')) AS z(p))",
                "SELECT COUNT(*) AS n FROM (SELECT user_id FROM dsp_impressions UNION ALL SELECT"
                        + " 'A' AS user_id FROM dsp_clicks) AS t GROUP BY user_id",
                "SELECT COUNT(*) AS n FROM dsp_impressions WHERE CASE WHEN postal_code IS NULL THEN"
                        + " 'a' ELSE postal_code END = 'a'",
            })
    void refusesLiteralsWhereverTheyComeFrom(String sql) {
        assertThatThrownBy(() -> engine.compile(instance, sql, Set.of("ids"), true))
                .isInstanceOf(QueryException.class)
                .hasMessageContaining("must not be compared with a fixed value");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT user_id, COUNT(*) AS n FROM dsp_impressions GROUP BY user_id",
                "WITH t AS (SELECT user_id AS who, campaign FROM dsp_clicks) SELECT CONCAT(who,"
                        + " campaign) AS x, COUNT(*) AS n FROM t GROUP BY 1",
                "SELECT MAX(CASE WHEN clicks > 0 THEN user_id END) AS x FROM dsp_clicks",
                "SELECT marketplace_id, COUNT(*) AS n FROM conversions_all GROUP BY marketplace_id",
            })
    void letsNobodysIdOut(String sql) {
        assertThatThrownBy(() -> engine.compile(instance, sql, Set.of(), true))
                .isInstanceOf(QueryException.class)
                .hasMessageContaining("cannot be in the result");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WITH a AS (SELECT user_id FROM dsp_impressions UNION ALL SELECT CAST(NULL AS"
                    + " VARCHAR) AS user_id FROM dsp_clicks) SELECT COUNT(DISTINCT user_id) AS n"
                    + " FROM a GROUP BY user_id",
                "SELECT COUNT(*) AS n FROM dsp_impressions i JOIN dsp_clicks c ON"
                        + " COALESCE(i.user_id, 'none') = c.user_id",
                "SELECT IF(c.user_id IS NULL, 'seen', 'clicked') AS kind, COUNT(*) AS n FROM"
                    + " dsp_impressions i LEFT JOIN dsp_clicks c ON i.user_id = c.user_id GROUP BY"
                    + " 1",
            })
    void allowsWhatQueriesNeed(String sql) throws Exception {
        engine.compile(instance, sql, Set.of(), true);
    }

    @Test
    void letsEventsOutWhereTheControlsAreOff() throws Exception {
        String sql = "SELECT user_id, postal_code FROM dsp_clicks WHERE campaign = 'Planted'";
        assertThatThrownBy(() -> run(sql, Map.of()))
                .hasMessageContaining("The query has no aggregation");
        Path csv = folder.resolve("events.csv");
        Result result = engine.run(instance, query(sql, Map.of(), false), csv, new Cancellation());
        assertThat(result.rows()).isEqualTo(1600);
    }

    @Test
    void knowsOnlyThePaidSourcesThatTheInstanceIsSubscribedTo() throws Exception {
        Instance plain =
                new Instance(
                        instance.id(),
                        instance.name(),
                        instance.type(),
                        instance.users(),
                        List.of("conversions_all", "audience_segments"),
                        instance.bucketHash(),
                        instance.advertisers());
        engine.compile(plain, "SELECT COUNT(*) AS n FROM conversions_all", Set.of(), true);
        engine.compile(
                plain,
                "SELECT COUNT(*) AS n FROM audience_segments_amer_lifestyle_snapshot",
                Set.of(),
                true);
        assertThatThrownBy(
                        () ->
                                engine.compile(
                                        plain,
                                        "SELECT COUNT(*) AS n FROM amazon_retail_purchases",
                                        Set.of(),
                                        true))
                .hasMessageContaining("Object 'amazon_retail_purchases' not found");
    }

    private static List<List<String>> run(String sql, Map<String, String> options)
            throws Exception {
        Path csv = folder.resolve("result.csv");
        engine.run(instance, query(sql, options, true), csv, new Cancellation());
        return CsvRows.of(Files.readString(csv));
    }

    private static Query query(String sql, Map<String, String> options, boolean controls) {
        ObjectNode workflow = new ObjectMapper().createObjectNode().put("sqlQuery", sql);
        options.forEach(workflow::put);
        return Query.of(
                workflow,
                new HashMap<>(),
                Instant.parse("2026-09-01T00:00:00Z"),
                Instant.parse("2026-10-01T00:00:00Z"),
                controls);
    }
}
