package io.amcinsights.desktop.charts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.stream.Collectors;

class TimeTicksTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    2026-05-01T00:00 | 2026-05-31T00:00 | 1 May, 8 May, 15 May, 22 May, 29 May
                    2026-05-30T00:00 | 2026-06-03T00:00 | 30 May, 31 May, 1 Jun, 2 Jun, 3 Jun
                    2026-05-04T01:10 | 2026-05-04T04:20 | 4 May 02:00, 4 May 03:00, 4 May 04:00
                    2025-11-20T00:00 | 2026-05-10T00:00 | Dec 2025, Jan 2026, Feb 2026, Mar 2026, \
                    Apr 2026, May 2026
                    2025-01-15T00:00 | 2026-11-10T00:00 | Apr 2025, Jul 2025, Oct 2025, Jan 2026, \
                    Apr 2026, Jul 2026, Oct 2026
                    2005-03-01T00:00 | 2026-11-10T00:00 | 2008, 2011, 2014, 2017, 2020, 2023, 2026
                    2026-05-04T00:00 | 2026-05-04T00:00 | 4 May
                    """)
    void marksWhatACalendarMarks(String from, String to, String labels) {
        TimeTicks ticks = TimeTicks.of(millis(from), millis(to), from.endsWith("T00:00"));
        assertThat(
                        ticks.marks().stream()
                                .map(mark -> ticks.label(mark.doubleValue()))
                                .collect(Collectors.joining(", ")))
                .isEqualTo(labels);
    }

    private static double millis(String moment) {
        return LocalDateTime.parse(moment).toInstant(ZoneOffset.UTC).toEpochMilli();
    }
}
