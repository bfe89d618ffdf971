package io.amcinsights.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.Map;

class QualityTest {

    private static final Instant OCTOBER = Instant.parse("2026-10-01T00:00:00Z");
    private static final Instant NOVEMBER = Instant.parse("2026-11-01T00:00:00Z");

    @Test
    void aColumnThatAFileLacksIsNullInItsRows() {
        Quality first = new Quality(10, null, 1L, Map.of("users", 2L, "old", 0L), NOVEMBER);
        Quality second =
                new Quality(
                        5,
                        new Quality.Filtered(3, DatasetSettings.FilteredRows.DROP, null),
                        2L,
                        Map.of("users", 1L, "new", 4L),
                        OCTOBER);
        assertThat(Quality.Total.NONE.plus(first).plus(second))
                .isEqualTo(
                        new Quality.Total(
                                15, 3L, 3L, Map.of("users", 3L, "old", 5L, "new", 14L), NOVEMBER));
        assertThat(second.filteredShare()).isEqualTo(0.6);
        assertThat(first.filteredShare()).isNull();
    }
}
