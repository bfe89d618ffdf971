package io.amcinsights.desktop.charts;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.desktop.results.Column;
import io.amcinsights.desktop.results.Row;

import org.junit.jupiter.api.Test;

import java.util.List;

class ChartGuessTest {

    private static final Column DAY = new Column("event_date", "date");
    private static final Column CHANNEL = new Column("channel", "varchar");
    private static final Column REACH = new Column("reach", "bigint");
    private static final Column COST = new Column("total_cost", "decimal(38,2)");

    @Test
    void aTimeGivesLinesSplitByWhatHasFewValues() {
        ChartSpec spec =
                guess(
                        List.of(DAY, CHANNEL, REACH),
                        Row.of("2026-01-01", "STV", "1"),
                        Row.of("2026-01-01", "Display", "2"),
                        Row.of("2026-01-02", "STV", "3"));
        assertThat(spec.kind()).isEqualTo(ChartKind.LINE);
        assertThat(spec.x()).isEqualTo("event_date");
        assertThat(spec.measures()).containsExactly("reach");
        assertThat(spec.series()).isEqualTo("channel");
        assertThat(spec.aggregate()).isEqualTo(Aggregate.SUM);
    }

    @Test
    void aCategoryGivesBars() {
        ChartSpec spec =
                guess(
                        List.of(CHANNEL, REACH, COST),
                        Row.of("STV", "1", "2"),
                        Row.of("Display", "2", "3"));
        assertThat(spec.kind()).isEqualTo(ChartKind.BAR);
        assertThat(spec.x()).isEqualTo("channel");
        assertThat(spec.series()).isNull();
    }

    @Test
    void aFrequencyIsACategoryThoughItIsANumber() {
        ChartSpec spec =
                guess(
                        List.of(new Column("frequency", "bigint"), REACH),
                        Row.of("1", "100"),
                        Row.of("2", "50"));
        assertThat(spec.kind()).isEqualTo(ChartKind.BAR);
        assertThat(spec.x()).isEqualTo("frequency");
        assertThat(spec.measures()).containsExactly("reach");
    }

    @Test
    void twoAmountsGiveAScatter() {
        ChartSpec spec = guess(List.of(COST, REACH), Row.of("1", "2"), Row.of("2", "3"));
        assertThat(spec.kind()).isEqualTo(ChartKind.SCATTER);
        assertThat(spec.x()).isEqualTo("total_cost");
        assertThat(spec.measures()).containsExactly("reach");
    }

    @Test
    void oneRowGivesFigures() {
        ChartSpec spec = guess(List.of(CHANNEL, COST, REACH), Row.of("STV", "1", "2"));
        assertThat(spec.kind()).isEqualTo(ChartKind.NUMBER);
        assertThat(spec.measures()).containsExactly("total_cost", "reach");
    }

    @Test
    void theLakesOwnColumnsAreNotDrawn() {
        ChartSpec spec =
                guess(
                        List.of(
                                new Column("window_start", "timestamp"),
                                new Column("tenant", "varchar"),
                                CHANNEL,
                                REACH),
                        Row.of("2026-01-01 00:00:00.000", "a", "STV", "1"),
                        Row.of("2026-01-02 00:00:00.000", "b", "Display", "1"));
        assertThat(spec.x()).isEqualTo("channel");
    }

    @Test
    void aRateIsAveraged() {
        ChartSpec spec =
                guess(
                        List.of(CHANNEL, new Column("purchase_rate", "double")),
                        Row.of("STV", "0.1"),
                        Row.of("Display", "0.2"));
        assertThat(spec.aggregate()).isEqualTo(Aggregate.AVERAGE);
    }

    @Test
    void withoutAmountsRowsAreCounted() {
        ChartSpec spec = guess(List.of(CHANNEL), Row.of("STV"), Row.of("Display"), Row.of("STV"));
        assertThat(spec.kind()).isEqualTo(ChartKind.BAR);
        assertThat(spec.aggregate()).isEqualTo(Aggregate.COUNT);
    }

    @Test
    void whatCannotBeDrawnIsNotGuessed() {
        assertThat(ChartGuess.of(List.of(CHANNEL), List.of(Row.of("STV")))).isEmpty();
    }

    private static ChartSpec guess(List<Column> columns, Row... rows) {
        return ChartGuess.of(columns, List.of(rows)).orElseThrow();
    }
}
