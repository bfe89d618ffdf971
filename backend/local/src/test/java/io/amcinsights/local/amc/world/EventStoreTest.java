package io.amcinsights.local.amc.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.local.amc.world.World.Advertiser;
import io.amcinsights.local.amc.world.World.Instance;
import io.amcinsights.sql.amc.AmcSchema;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What a media analyst would look at first: are the numbers those of advertising? */
class EventStoreTest {

    private static final Instant NOW = Instant.parse("2026-11-23T09:00:00Z");

    /** Columns that are the same in every row, and why. */
    private static final Set<String> CONSTANT =
            Set.of(
                    // A row is one of what it counts.
                    "conversions",
                    "dsp_impressions.impressions",
                    "dsp_impressions_by_matched_segments.impressions",
                    "dsp_impressions_by_user_segments.impressions",
                    "dsp_video_events_feed.impressions",
                    "dsp_clicks.clicks",
                    "dsp_views.events",
                    // So Amazon's documentation says.
                    "event_type",
                    "conversion_event_type",
                    "amazon_retail_purchases.user_id_type",
                    "dsp_impressions_by_matched_segments.behavior_segment_matched",
                    // The table of today.
                    "audience_segments_amer_inmarket.snapshot_datetime",
                    "audience_segments_amer_lifestyle.snapshot_datetime",
                    // DSP only, and of DSP video only.
                    "campaign_source",
                    "line_item_price_type",
                    "dsp_video_events_feed.ad_slot_size",
                    "dsp_video_events_feed.creative_category",
                    "dsp_video_events_feed.creative_size",
                    "dsp_video_events_feed.line_item_type");

    @TempDir static Path folder;

    private static EventStore events;
    private static Instance instance;

    @BeforeAll
    static void makeEvents() {
        events = store("events", NOW);
        World world = World.load();
        List<Advertiser> advertisers = new ArrayList<>();
        advertisers.addAll(world.accounts().get(0).instances().getFirst().advertisers());
        advertisers.addAll(world.accounts().get(1).instances().getFirst().advertisers());
        instance = instance(40_000, advertisers);
    }

    @AfterAll
    static void close() throws SQLException {
        events.close();
    }

    private static EventStore store(String name, Instant now) {
        return new EventStore(
                folder.resolve(name), AmcSchema.standard(), Clock.fixed(now, ZoneOffset.UTC));
    }

    private static Instance instance(int users, List<Advertiser> advertisers) {
        return new Instance(
                "amctest002", "test", Instance.Type.STANDARD, users, "00000000", advertisers);
    }

    @Test
    void everyColumnOfASourceWithEventsSaysSomething() throws Exception {
        Set<String> silent = new TreeSet<>();
        Set<String> empty = new TreeSet<>();
        for (AmcSchema.Table table : AmcSchema.standard().tables()) {
            StringBuilder sql = new StringBuilder("SELECT count(*)");
            for (AmcSchema.Column c : table.columns()) {
                sql.append(", count(%1$s) = 0 OR (count(%1$s) = count(*) AND".formatted(c.name()));
                sql.append(" min(%1$s) = max(%1$s))".formatted(c.name()));
            }
            List<String> row = one(events, sql + " FROM amc." + table.name());
            if (row.getFirst().equals("0")) {
                empty.add(table.name());
                continue;
            }
            for (int i = 0; i < table.columns().size(); i++) {
                String column = table.columns().get(i).name();
                if (row.get(i + 1).equals("true")
                        && !CONSTANT.contains(column)
                        && !CONSTANT.contains(table.name() + "." + column)
                        && !column.startsWith("digital_")) {
                    silent.add(table.name() + "." + column);
                }
            }
        }
        assertThat(silent).isEmpty();
        assertThat(empty)
                .as("sources of others, and of regions where nothing is sold")
                .containsExactly(
                        "amazon_pvc_enrollments",
                        "amazon_pvc_streaming_events_feed",
                        "amazon_your_garage",
                        "audience_segments_apac_inmarket",
                        "audience_segments_apac_inmarket_snapshot",
                        "audience_segments_apac_lifestyle",
                        "audience_segments_apac_lifestyle_snapshot",
                        "audience_segments_eu_inmarket",
                        "audience_segments_eu_inmarket_snapshot",
                        "audience_segments_eu_lifestyle",
                        "audience_segments_eu_lifestyle_snapshot",
                        "experian_vehicle_purchases",
                        "ncs_cpg_insights_stream");
    }

    /** Source of the ranges: what the trade calls usual. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    click rate of display, %       | 0.1  | 0.4  | SELECT 100.0 * (SELECT count(*) FROM amc.dsp_clicks WHERE creative_category = 'Display') / count(*) FROM amc.dsp_impressions WHERE creative_category = 'Display'
                    click rate of streaming TV, %  | 0    | 0.1  | SELECT 100.0 * (SELECT count(*) FROM amc.dsp_clicks WHERE creative_type = 'Streaming TV Video') / count(*) FROM amc.dsp_impressions WHERE creative_type = 'Streaming TV Video'
                    CPM of display                 | 5    | 15   | SELECT sum(total_cost) / 100000 / count(*) * 1000 FROM amc.dsp_impressions WHERE line_item_type = 'AAP_DISPLAY' AND currency_iso_code = 'USD'
                    CPM of streaming TV            | 25   | 50   | SELECT sum(total_cost) / 100000 / count(*) * 1000 FROM amc.dsp_impressions WHERE creative_type = 'Streaming TV Video' AND currency_iso_code = 'USD'
                    CPC of sponsored products      | 0.6  | 2.5  | SELECT sum(spend) / 100000000 / sum(clicks) FROM amc.sponsored_ads_traffic WHERE ad_product_type = 'sponsored_products' AND currency_iso_code = 'USD'
                    viewability of display, %      | 60   | 75   | SELECT 100.0 * sum(viewable_impressions) / sum(measurable_impressions) FROM amc.dsp_views WHERE creative_type = 'Standard Display'
                    seen to the end on TV, %       | 92   | 99   | SELECT 100.0 * sum(video_complete) / sum(video_start) FROM amc.dsp_video_events_feed WHERE creative_type = 'Streaming TV Video'
                    seen to the end on the web, %  | 55   | 80   | SELECT 100.0 * sum(video_complete) / sum(video_start) FROM amc.dsp_video_events_feed WHERE creative_type = 'Online Video'
                    new to brand, %                | 40   | 72   | SELECT 100.0 * sum(new_to_brand_total_purchases) / sum(total_purchases) FROM amc.amazon_attributed_events_by_conversion_time
                    orders of 100 product views    | 12   | 40   | SELECT 100.0 * sum(total_purchases) / sum(total_detail_page_view) FROM amc.amazon_attributed_events_by_conversion_time
                    sales of the spend             | 2    | 7    | SELECT (SELECT sum(total_product_sales) FROM amc.amazon_attributed_events_by_conversion_time) / ((SELECT sum(total_cost) / 100000 FROM amc.dsp_impressions) + (SELECT sum(spend) / 100000000 FROM amc.sponsored_ads_traffic))
                    Californians of all, %         | 8    | 18   | SELECT 100.0 * count(DISTINCT user_id) / (SELECT count(DISTINCT user_id) FROM amc.dsp_impressions WHERE iso_country_code = 'US') FROM amc.dsp_impressions WHERE iso_state_province_code = 'US-CA'
                    evening share of TV, %         | 40   | 65   | SELECT 100.0 * count(*) FILTER (impression_hour BETWEEN 18 AND 23) / count(*) FROM amc.dsp_impressions WHERE creative_type = 'Streaming TV Video'
                    weekend days against others    | 1.03 | 1.3  | SELECT avg(n) FILTER (isodow(d) > 5) / avg(n) FILTER (isodow(d) < 6) FROM (SELECT impression_date AS d, count(*) AS n FROM amc.dsp_impressions GROUP BY 1)
                    deal days in July against July | 1.4  | 3.5  | SELECT avg(n) FILTER (d IN ('2026-07-14', '2026-07-15')) / avg(n) FROM (SELECT event_date_utc AS d, count(*) AS n FROM amc.conversions_all WHERE event_subtype = 'order' AND month(event_date_utc) = 7 GROUP BY 1)
                    months with orders             | 60   | 61   | SELECT count(DISTINCT date_trunc('month', purchase_dt_utc)) FROM amc.amazon_retail_purchases
                    orders without an ad, %        | 15   | 60   | SELECT 100.0 * count(*) FILTER (exposure_type = 'non-ad-exposed') / count(*) FROM amc.conversions_all WHERE event_subtype = 'order'
                    most seconds to conversion     | 1000000 | 1209600 | SELECT max(date_diff('second', traffic_event_dt_utc, conversion_event_dt_utc)) FROM amc.amazon_attributed_events_by_conversion_time
                    the same by traffic            | 2000000 | 2592000 | SELECT max(date_diff('second', traffic_event_dt_utc, conversion_event_dt_utc)) FROM amc.amazon_attributed_events_by_traffic_time
                    within the hour, %             | 15   | 60   | SELECT 100.0 * count(*) FILTER (date_diff('second', traffic_event_dt_utc, conversion_event_dt_utc) < 3600) / count(*) FROM amc.amazon_attributed_events_by_conversion_time WHERE total_purchases > 0
                    """)
    void isAsAdvertisingIs(String what, double least, double most, String sql) throws Exception {
        assertThat(Double.parseDouble(one(events, sql).getFirst())).as(what).isBetween(least, most);
    }

    @Test
    void noTwoUsersHaveTheSameId() throws Exception {
        assertThat(one(events, "SELECT count(*) - count(DISTINCT user_id) FROM person"))
                .containsExactly("0");
    }

    @Test
    void eachFurtherImpressionAddsLess() throws Exception {
        List<String> rates =
                one(
                        events,
                        """
                        WITH seen AS (SELECT user_no, count(*) AS n FROM amc.dsp_impressions GROUP BY 1),
                        bought AS (SELECT DISTINCT user_no AS buyer FROM amc.conversions WHERE event_subtype = 'order'),
                        rates AS (SELECT width, avg(n) AS seen, 100.0 * count(buyer) / count(*) AS rate
                            FROM (SELECT *, CASE WHEN n <= 4 THEN 1 WHEN n <= 16 THEN 2 ELSE 3 END AS width FROM seen LEFT JOIN bought ON buyer = user_no)
                            GROUP BY 1)
                        SELECT first(rate ORDER BY width), (nth(rate, 2) - nth(rate, 1)) / (nth(seen, 2) - nth(seen, 1)), (nth(rate, 3) - nth(rate, 2)) / (nth(seen, 3) - nth(seen, 2))
                        FROM (SELECT list(rate ORDER BY width) AS r, list(seen ORDER BY width) AS s FROM rates)
                        """
                                .replace("first(rate ORDER BY width)", "r[1]")
                                .replaceAll("nth\\(rate, (\\d)\\)", "r[$1]")
                                .replaceAll("nth\\(seen, (\\d)\\)", "s[$1]"));
        double early = Double.parseDouble(rates.get(1));
        double late = Double.parseDouble(rates.get(2));
        assertThat(early).isPositive();
        assertThat(late).isBetween(0.0, early);
    }

    @Test
    void whoMeetsSeveralMediaBuysMoreOften() throws Exception {
        List<String> rates =
                one(
                        events,
                        """
                        WITH seen AS (SELECT user_no, bool_or(creative_category = 'Video') AS video, bool_or(creative_category = 'Display') AS display
                            FROM amc.dsp_impressions WHERE impression_dt_utc > TIMESTAMP '2026-08-01' GROUP BY 1),
                        bought AS (SELECT DISTINCT user_no AS buyer FROM amc.conversions WHERE event_subtype = 'order' AND event_dt_utc > TIMESTAMP '2026-08-01')
                        SELECT 100.0 * count(buyer) FILTER (video AND NOT display) / count(*) FILTER (video AND NOT display),
                            100.0 * count(buyer) FILTER (display AND NOT video) / count(*) FILTER (display AND NOT video),
                            100.0 * count(buyer) FILTER (display AND video) / count(*) FILTER (display AND video)
                        FROM seen LEFT JOIN bought ON buyer = user_no
                        """);
        double video = Double.parseDouble(rates.get(0));
        double display = Double.parseDouble(rates.get(1));
        assertThat(Double.parseDouble(rates.get(2))).isGreaterThan(1.2 * Math.max(video, display));
    }

    @Test
    void newToBrandMeansNoOrderInTwelveMonths() throws Exception {
        assertThat(
                        one(
                                events,
                                """
                                SELECT count(*) FROM conversion n JOIN conversion o USING (user_no, advertiser_no)
                                WHERE n.subtype = 'order' AND n.new_to_brand AND o.subtype = 'order'
                                    AND o.dt < n.dt AND o.dt >= n.dt - INTERVAL 365 DAY
                                """))
                .containsExactly("0");
        assertThat(
                        one(
                                events,
                                """
                                SELECT count(*) FROM conversion n WHERE n.subtype = 'order' AND NOT n.new_to_brand AND NOT EXISTS (
                                    FROM conversion o WHERE o.user_no = n.user_no AND o.advertiser_no = n.advertiser_no AND o.subtype = 'order'
                                        AND o.conversion_id <> n.conversion_id AND o.dt <= n.dt AND o.dt >= n.dt - INTERVAL 365 DAY)
                                """))
                .containsExactly("0");
    }

    @Test
    void theSameDayGivesTheSameEventsHoweverOftenTheyAreContinued() throws Exception {
        Instance small = instance(3_000, instance.advertisers());
        Instant begin = Instant.parse("2026-09-30T21:17:00Z");
        List<String> atOnce;
        try (EventStore store = store("at-once", begin)) {
            atOnce = digests(store, small);
        }
        try (EventStore store = store("in-parts", begin)) {
            assertThat(digests(store, small)).isEqualTo(atOnce);
        }
        try (EventStore store = store("at-once", NOW)) {
            atOnce = digests(store, small);
        }
        try (EventStore store = store("in-parts", Instant.parse("2026-10-08T03:00:00Z"))) {
            assertThat(digests(store, small)).isNotEqualTo(atOnce);
        }
        try (EventStore store = store("in-parts", NOW)) {
            assertThat(digests(store, small)).isEqualTo(atOnce);
        }
    }

    @Test
    void eventsOfAnotherWorldAreMadeAnew() throws Exception {
        for (int users : new int[] {300, 200}) {
            Instance changed = instance(users, instance.advertisers());
            try (EventStore store = store("changed", NOW);
                    Connection connection = store.connect(changed)) {
                assertThat(one(connection, "SELECT count(*) FROM person"))
                        .containsExactly(String.valueOf(users));
            }
        }
    }

    private static List<String> digests(EventStore store, Instance small) throws SQLException {
        List<String> digests = new ArrayList<>();
        for (String table : List.of("exposure", "click", "conversion")) {
            try (Connection connection = store.connect(small)) {
                digests.addAll(
                        one(
                                connection,
                                "SELECT count(*) || ' ' || bit_xor(hash(t)) FROM " + table + " t"));
            }
        }
        return digests;
    }

    private static List<String> one(EventStore store, String sql) throws SQLException {
        try (Connection connection = store.connect(instance)) {
            return one(connection, sql);
        }
    }

    private static List<String> one(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            List<String> values = new ArrayList<>();
            for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                values.add(String.valueOf(row.getObject(i)));
            }
            return values;
        }
    }
}
