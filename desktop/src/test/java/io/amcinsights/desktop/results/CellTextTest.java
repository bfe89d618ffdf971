package io.amcinsights.desktop.results;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

class CellTextTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    reach        | bigint         | 1234567            | 1,234,567
                    spend        | decimal(38,4)  | 1234.5000          | 1,234.5000
                    rate         | double         | 0.3333333333333333 | 0.333333
                    rate         | double         | 1.0E10             | 10,000,000,000
                    rate         | double         | 1.0E-9             | 1.0E-9
                    rate         | double         | NaN                | NaN
                    campaign_id  | bigint         | 1234567            | 1234567
                    year         | integer        | 2026               | 2026
                    window_start | timestamp      | 2026-01-02 00:00:00.000 | 2026-01-02 00:00:00
                    window_start | timestamp      | 2026-01-02 03:04:05.600 | 2026-01-02 03:04:05.600
                    """)
    void showsCellsForReading(String name, String type, String cell, String shown) {
        assertThat(CellText.shown(new Column(name, type), cell, Locale.US)).isEqualTo(shown);
    }

    @Test
    void summarisesAmountsOnly() {
        Column reach = new Column("reach", "bigint");
        Column id = new Column("campaign_id", "bigint");
        SelectionSummary summary =
                SelectionSummary.of(
                        Arrays.asList(
                                        new SelectionSummary.Cell(reach, "10"),
                                        new SelectionSummary.Cell(reach, null),
                                        new SelectionSummary.Cell(id, "99"),
                                        new SelectionSummary.Cell(reach, "-4"))
                                .iterator());
        assertThat(summary.cells()).isEqualTo(4);
        assertThat(summary.numbers()).isEqualTo(2);
        assertThat(List.of(summary.sum(), summary.mean(), summary.least(), summary.greatest()))
                .containsExactly(
                        BigDecimal.valueOf(6),
                        BigDecimal.valueOf(3),
                        BigDecimal.valueOf(-4),
                        BigDecimal.valueOf(10));
    }
}
