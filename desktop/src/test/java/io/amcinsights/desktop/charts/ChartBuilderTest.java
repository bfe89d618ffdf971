package io.amcinsights.desktop.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.amcinsights.desktop.charts.Plot.Categories;
import io.amcinsights.desktop.charts.Plot.CategorySeries;
import io.amcinsights.desktop.charts.Plot.Point;
import io.amcinsights.desktop.charts.Plot.Points;
import io.amcinsights.desktop.results.Column;
import io.amcinsights.desktop.results.Row;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

class ChartBuilderTest {

    private static final ChartBuilder.Words WORDS =
            new ChartBuilder.Words("Other", "No value", "Hidden by privacy", "Rows");
    private static final Column CHANNEL = new Column("channel", "varchar");
    private static final Column REACH = new Column("reach", "bigint");
    private static final Column SALES = new Column("total_sales", "decimal(38,2)");
    private static final Column CURRENCY = new Column("currency", "varchar");

    @Test
    void rowsOfOneCategoryAreAddedAndTheLargestComesFirst() {
        Categories bars =
                (Categories)
                        chart(
                                        spec(ChartKind.BAR, "channel", "reach"),
                                        List.of(CHANNEL, REACH),
                                        Row.of("STV", "1"),
                                        Row.of("Display", "5"),
                                        Row.of("STV", "2"),
                                        Row.of(null, "100"))
                                .plot();
        assertThat(bars.labels()).containsExactly("Display", "STV", "No value");
        assertThat(bars.series())
                .containsExactly(new CategorySeries("Reach", List.of(5.0, 3.0, 100.0)));
        assertThat(bars.x().title()).isEqualTo("Channel");
        assertThat(bars.y().title()).isEqualTo("Reach");
    }

    @Test
    void labelsWithANumberBeforeThemKeepItsOrderAndLoseIt() {
        Categories bars =
                (Categories)
                        chart(
                                        spec(ChartKind.BAR, "channel", "reach"),
                                        List.of(CHANNEL, REACH),
                                        Row.of("10 | 7+ DAYS", "1"),
                                        Row.of("2 | 1 - 10 MIN", "9"),
                                        Row.of("1 | < 1 MIN", "5"))
                                .plot();
        assertThat(bars.labels()).containsExactly("< 1 MIN", "1 - 10 MIN", "7+ DAYS");
        assertThat(bars.series().getFirst().values()).containsExactly(5.0, 9.0, 1.0);
    }

    @Test
    void frequenciesFollowTheirNumber() {
        Categories bars =
                (Categories)
                        chart(
                                        spec(ChartKind.BAR, "frequency_bucket", "reach"),
                                        List.of(new Column("frequency_bucket", "varchar"), REACH),
                                        Row.of("10-19", "7"),
                                        Row.of("2", "5"),
                                        Row.of("20+", "9"),
                                        Row.of("1", "1"))
                                .plot();
        assertThat(bars.labels()).containsExactly("1", "2", "10-19", "20+");
    }

    @Test
    void whatIsBeyondTheTopBecomesOther() {
        Row[] rows = new Row[30];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Row.of("campaign " + i, String.valueOf(i));
        }
        ChartSpec spec =
                new ChartSpec(ChartKind.BAR, "channel", List.of("reach"), null, Aggregate.SUM, 5);
        Categories bars = (Categories) chart(spec, List.of(CHANNEL, REACH), rows).plot();
        assertThat(bars.labels())
                .containsExactly(
                        "campaign 29",
                        "campaign 28",
                        "campaign 27",
                        "campaign 26",
                        "campaign 25",
                        "Other");
        assertThat(bars.series().getFirst().values()).endsWith(300.0);
    }

    @Test
    void aTimeBecomesLinesInItsOrder() {
        ChartSpec spec =
                new ChartSpec(
                        ChartKind.LINE, "day", List.of("reach"), "channel", Aggregate.SUM, 20);
        Points lines =
                (Points)
                        chart(
                                        spec,
                                        List.of(new Column("day", "timestamp"), CHANNEL, REACH),
                                        Row.of("2026-01-02 00:00:00.000", "STV", "2"),
                                        Row.of("2026-01-01 12:00:00.000", "STV", "1"),
                                        Row.of("2026-01-01 00:00:00.000", "Display", "5"))
                                .plot();
        assertThat(lines.time()).isTrue();
        assertThat(lines.series().get(0).name()).isEqualTo("Display");
        assertThat(lines.series().get(1).points())
                .containsExactly(
                        new Point(millis("2026-01-01") + 12 * 3_600_000d, 1, ""),
                        new Point(millis("2026-01-02"), 2, ""));
    }

    @Test
    void manySeriesAreAtMostTheColours() {
        Row[] rows = new Row[20];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Row.of("2026-01-01", "campaign " + i, String.valueOf(i));
        }
        ChartSpec spec =
                new ChartSpec(
                        ChartKind.LINE, "day", List.of("reach"), "channel", Aggregate.SUM, 20);
        Points lines =
                (Points)
                        chart(spec, List.of(new Column("day", "date"), CHANNEL, REACH), rows)
                                .plot();
        assertThat(lines.series()).hasSize(8);
        assertThat(lines.series().getLast().name()).isEqualTo("Other");
        assertThat(lines.series().getLast().points().getFirst().y()).isEqualTo(12 * 13 / 2.0);
    }

    @Test
    void theAggregatesDiffer() {
        Map<Aggregate, @Nullable Double> values = new LinkedHashMap<>();
        for (Aggregate aggregate : Aggregate.values()) {
            Plot.Numbers numbers =
                    (Plot.Numbers)
                            chart(
                                            new ChartSpec(
                                                    ChartKind.NUMBER,
                                                    null,
                                                    List.of("reach"),
                                                    null,
                                                    aggregate,
                                                    20),
                                            List.of(REACH),
                                            Row.of("4"),
                                            Row.of((String) null),
                                            Row.of("10"))
                                    .plot();
            values.put(aggregate, numbers.figures().getFirst().value());
        }
        assertThat(values)
                .containsExactly(
                        entry(Aggregate.SUM, 14.0),
                        entry(Aggregate.AVERAGE, 7.0),
                        entry(Aggregate.LEAST, 4.0),
                        entry(Aggregate.GREATEST, 10.0),
                        entry(Aggregate.COUNT, 2.0));
    }

    @Test
    void aLongLineIsThinnedAndSaysSo() {
        Row[] rows = new Row[10_000];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Row.of(String.valueOf(i), i == 7_777 ? "1000000" : String.valueOf(i % 10));
        }
        Chart chart =
                chart(
                        spec(ChartKind.LINE, "position_ms", "reach"),
                        List.of(new Column("position_ms", "bigint"), REACH),
                        rows);
        List<Point> points = ((Points) chart.plot()).series().getFirst().points();
        assertThat(points).hasSize(2_000).contains(new Point(7_777, 1_000_000, ""));
        assertThat(points.getFirst().x()).isZero();
        assertThat(points.getLast().x()).isEqualTo(9_999);
        assertThat(chart.caption().thinned()).isTrue();
        assertThat(chart.caption().points()).isEqualTo(10_000);
    }

    @Test
    void theCaptionTellsWindowTenantsCurrencyAndWhatPrivacyHides() {
        List<Column> columns =
                List.of(
                        CHANNEL,
                        SALES,
                        CURRENCY,
                        new Column("filtered", "boolean"),
                        new Column("tenant", "varchar"),
                        new Column("window_start", "timestamp"),
                        new Column("window_end", "timestamp"));
        Chart chart =
                chart(
                        spec(ChartKind.BAR, "channel", "total_sales"),
                        columns,
                        Row.of(
                                "STV",
                                "75",
                                "EUR",
                                "false",
                                "amc1",
                                "2026-01-01 00:00:00.000",
                                "2026-02-01 00:00:00.000"),
                        Row.of(
                                null,
                                "25",
                                "EUR",
                                "true",
                                "amc1",
                                "2026-02-01 00:00:00.000",
                                "2026-03-01 00:00:00.000"));
        Caption caption = chart.caption();
        assertThat(caption.windowStart()).isEqualTo(LocalDate.of(2026, 1, 1));
        assertThat(caption.windowEnd()).isEqualTo(LocalDate.of(2026, 3, 1));
        assertThat(caption.tenants()).containsExactly("amc1");
        assertThat(caption.currency()).contains("EUR");
        assertThat(caption.mixedMoney()).isFalse();
        assertThat(caption.hiddenRows()).isEqualTo(1);
        assertThat(caption.hiddenShare()).isEqualTo(0.25);
        Categories bars = (Categories) chart.plot();
        assertThat(bars.labels()).containsExactly("STV", "Hidden by privacy");
        assertThat(bars.hidden()).isEqualTo(1);
        assertThat(bars.y().unit()).isEqualTo("EUR");
    }

    @Test
    void addingSeveralCurrenciesIsWarnedOf() {
        List<Column> columns = List.of(CHANNEL, SALES, CURRENCY);
        Row euro = Row.of("STV", "75", "EUR");
        Row pound = Row.of("STV", "25", "GBP");
        Chart added = chart(spec(ChartKind.BAR, "channel", "total_sales"), columns, euro, pound);
        assertThat(added.caption().mixedMoney()).isTrue();
        assertThat(((Categories) added.plot()).y().unit()).isEmpty();

        ChartSpec split =
                new ChartSpec(
                        ChartKind.BAR,
                        "channel",
                        List.of("total_sales"),
                        "currency",
                        Aggregate.SUM,
                        20);
        assertThat(chart(split, columns, euro, pound).caption().mixedMoney()).isFalse();
    }

    @Test
    void averagingRatiosOfSeveralRowsIsWarnedOf() {
        ChartSpec spec =
                new ChartSpec(
                        ChartKind.BAR,
                        "channel",
                        List.of("purchase_rate"),
                        null,
                        Aggregate.AVERAGE,
                        20);
        List<Column> columns = List.of(CHANNEL, new Column("purchase_rate", "double"));
        assertThat(
                        chart(spec, columns, Row.of("STV", "0.1"), Row.of("STV", "0.3"))
                                .caption()
                                .averagedRatios())
                .isTrue();
        assertThat(
                        chart(spec, columns, Row.of("STV", "0.1"), Row.of("OLV", "0.3"))
                                .caption()
                                .averagedRatios())
                .isFalse();
    }

    @Test
    void nothingToDrawHasAReason() {
        List<Column> columns = List.of(CHANNEL, REACH, new Column("filtered", "boolean"));
        ChartSpec spec = spec(ChartKind.BAR, "channel", "reach");
        assertThat(chart(spec, columns).plot()).isEqualTo(new Plot.Nothing(Plot.Reason.NO_ROWS));
        assertThat(chart(spec, columns, Row.of("STV", null, "false")).plot())
                .isEqualTo(new Plot.Nothing(Plot.Reason.NO_VALUES));
        assertThat(chart(spec, columns, Row.of("STV", null, "true")).plot())
                .isEqualTo(new Plot.Nothing(Plot.Reason.ALL_HIDDEN));
        assertThat(
                        chart(
                                        spec(ChartKind.BAR, "gone", "reach"),
                                        columns,
                                        Row.of("STV", "1", "false"))
                                .plot())
                .isEqualTo(new Plot.Nothing(Plot.Reason.NO_COLUMNS));
    }

    private static double millis(String day) {
        return LocalDate.parse(day).atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli();
    }

    private static ChartSpec spec(ChartKind kind, String x, String measure) {
        return new ChartSpec(kind, x, List.of(measure), null, Aggregate.SUM, 20);
    }

    private static Chart chart(ChartSpec spec, List<Column> columns, Row... rows) {
        ChartBuilder builder = new ChartBuilder(spec, columns, WORDS);
        Arrays.stream(rows).forEach(builder::add);
        return builder.build();
    }
}
