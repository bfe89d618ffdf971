package io.amcinsights.desktop.charts;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;

/**
 * The marks of an axis of time, at whole minutes, hours or days (UTC).
 *
 * @param from milliseconds since 1970 of the first mark
 * @param to of the end
 * @param step between two marks
 */
record TimeTicks(double from, double to, double step) {

    private static final double MINUTE = 60_000;
    private static final double HOUR = 60 * MINUTE;
    private static final double DAY = 24 * HOUR;
    private static final double YEAR = 365 * DAY;

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
        14 * DAY,
        28 * DAY,
        91 * DAY,
        182 * DAY,
        YEAR
    };

    private static final int MARKS = 8;

    static TimeTicks of(double least, double greatest) {
        double span = Math.max(greatest - least, 4 * MINUTE);
        double step =
                Arrays.stream(STEPS)
                        .filter(candidate -> span / candidate <= MARKS)
                        .findFirst()
                        .orElse(YEAR * Math.ceil(span / MARKS / YEAR));
        double grid = Math.min(step, DAY);
        double from = Math.floor(least / grid) * grid;
        return new TimeTicks(from, Math.max(greatest, from + grid), step);
    }

    /** The label of a mark. */
    String label(double millis) {
        return at(step < DAY ? "d MMM HH:mm" : step < 91 * DAY ? "d MMM" : "MMM uuuu", millis);
    }

    /** A moment in full; the time only where there is one. */
    static String full(double millis) {
        return at(millis % DAY == 0 ? "EEE d MMM uuuu" : "d MMM uuuu HH:mm", millis);
    }

    private static String at(String pattern, double millis) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH)
                .withZone(ZoneOffset.UTC)
                .format(Instant.ofEpochMilli((long) millis));
    }
}
