package io.amcinsights.desktop.charts;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The marks of an axis of time, at whole minutes, hours, days, months or years (UTC).
 *
 * @param from milliseconds since 1970 where the axis begins
 * @param to where it ends
 * @param marks between the two
 * @param pattern of the labels
 */
record TimeTicks(double from, double to, List<Number> marks, String pattern) {

    private static final double MINUTE = 60_000;
    private static final double HOUR = 60 * MINUTE;
    private static final double DAY = 24 * HOUR;
    private static final double MONTH = 30 * DAY;

    private static final double[] STEPS = {
        MINUTE,
        5 * MINUTE,
        15 * MINUTE,
        HOUR,
        3 * HOUR,
        6 * HOUR,
        12 * HOUR,
        DAY,
        2 * DAY,
        7 * DAY,
        14 * DAY
    };

    private static final int[] MONTHS = {1, 2, 3, 6, 12};
    private static final int MARKS = 8;

    /**
     * @param days whether every moment is a day’s beginning, so that hours have no meaning
     */
    static TimeTicks of(double least, double greatest, boolean days) {
        // A single moment stands in the middle of a day.
        double from = greatest > least ? least : least - DAY / 2;
        double to = greatest > least ? greatest : least + DAY / 2;
        double span = to - from;
        return Arrays.stream(STEPS)
                .filter(step -> span / step <= MARKS && (!days || step >= DAY))
                .boxed()
                .findFirst()
                .map(step -> even(from, to, step))
                .orElseGet(() -> monthly(from, to));
    }

    private static TimeTicks even(double from, double to, double step) {
        List<Number> marks = new ArrayList<>();
        // Weeks begin where the data does.
        double grid = Math.min(step, DAY);
        for (double at = Math.ceil(from / grid) * grid; at <= to; at += step) {
            marks.add(at);
        }
        return new TimeTicks(from, to, marks, step < DAY ? "d MMM HH:mm" : "d MMM");
    }

    private static TimeTicks monthly(double from, double to) {
        double months = (to - from) / MONTH;
        int step =
                Arrays.stream(MONTHS)
                        .filter(candidate -> months / candidate <= MARKS)
                        .findFirst()
                        .orElse(12 * (int) Math.ceil(months / 12 / MARKS));
        List<Number> marks = new ArrayList<>();
        LocalDate start = Instant.ofEpochMilli((long) from).atZone(ZoneOffset.UTC).toLocalDate();
        LocalDate month =
                step >= 12
                        ? LocalDate.of(start.getYear(), 1, 1)
                        : LocalDate.of(
                                start.getYear(), (start.getMonthValue() - 1) / step * step + 1, 1);
        for (; millis(month) <= to; month = month.plusMonths(step)) {
            if (millis(month) >= from) {
                marks.add(millis(month));
            }
        }
        return new TimeTicks(from, to, marks, step >= 12 ? "uuuu" : "MMM uuuu");
    }

    /** Whether a moment is a day’s beginning. */
    static boolean day(double millis) {
        return millis % DAY == 0;
    }

    private static double millis(LocalDate day) {
        return day.toEpochDay() * DAY;
    }

    /** The label of a mark. */
    String label(double millis) {
        return at(pattern, millis);
    }

    /** A moment in full; the time only where there is one. */
    static String full(double millis) {
        return at(day(millis) ? "EEE d MMM uuuu" : "d MMM uuuu HH:mm", millis);
    }

    private static String at(String pattern, double millis) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH)
                .withZone(ZoneOffset.UTC)
                .format(Instant.ofEpochMilli((long) millis));
    }
}
