package io.amcinsights.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.LocalDate;
import java.util.List;

class BatchTest {

    @Test
    void aPeriodIsCutWithoutGapOrOverlap() {
        assertThat(cut("2026-02-27", "2026-03-02", Batch.Step.DAY))
                .containsExactly(
                        window("2026-02-27", "2026-02-28"),
                        window("2026-02-28", "2026-03-01"),
                        window("2026-03-01", "2026-03-02"),
                        window("2026-03-02", "2026-03-03"));
        assertThat(cut("2026-03-04", "2026-03-17", Batch.Step.WEEK))
                .containsExactly(
                        window("2026-03-04", "2026-03-09"),
                        window("2026-03-09", "2026-03-16"),
                        window("2026-03-16", "2026-03-18"));
        assertThat(cut("2026-01-01", "2026-02-28", Batch.Step.MONTH))
                .containsExactly(
                        window("2026-01-01", "2026-02-01"), window("2026-02-01", "2026-03-01"));
        assertThat(cut("2026-02-02", "2026-02-01", Batch.Step.MONTH)).isEmpty();
    }

    private static List<TimeWindow> cut(String from, String until, Batch.Step step) {
        return Batch.windows(LocalDate.parse(from), LocalDate.parse(until), step, "UTC");
    }

    private static TimeWindow window(String start, String end) {
        return TimeWindow.explicit(start + "T00:00:00", end + "T00:00:00", "UTC");
    }
}
