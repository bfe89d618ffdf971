package io.amcinsights.desktop.common;

import java.text.NumberFormat;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** How numbers, sizes and times read. */
public final class Format {

    private static final DateTimeFormatter ABSOLUTE =
            DateTimeFormatter.ofPattern("d MMM uuuu, HH:mm:ss z", Locale.ENGLISH);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d MMM uuuu", Locale.ENGLISH);
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB"};

    private Format() {}

    /** With thousands separators. */
    public static String number(long value) {
        return NumberFormat.getIntegerInstance(Locale.getDefault(Locale.Category.FORMAT))
                .format(value);
    }

    /** In decimal units, as AWS bills: {@code 1.5 MB}. */
    public static String bytes(long value) {
        double amount = value;
        int unit = 0;
        while (amount >= 999.5 && unit < UNITS.length - 1) {
            amount /= 1000;
            unit++;
        }
        return unit == 0 || amount >= 99.5
                ? "%.0f %s".formatted(amount, UNITS[unit])
                : "%.1f %s".formatted(amount, UNITS[unit]);
    }

    /** In per cent; what is neither nothing nor all never reads as if it were. */
    public static String share(long part, long whole) {
        double percent = whole == 0 ? 0 : 100.0 * part / whole;
        if (part > 0 && percent < 0.1) {
            return "< 0.1 %";
        }
        if (part < whole && percent > 99.9) {
            return "> 99.9 %";
        }
        return percent == Math.rint(percent)
                ? "%.0f %%".formatted(percent)
                : "%.1f %%".formatted(percent);
    }

    /**
     * To the two largest units: {@code 0.4 s}, {@code 12 s}, {@code 3 min 20 s}, {@code 2 h 5 min}.
     */
    public static String duration(Duration duration) {
        long seconds = duration.toSeconds();
        if (duration.toMillis() < 9_950) {
            return "%.1f s".formatted(duration.toMillis() / 1000.0);
        }
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return "%d min %d s".formatted(seconds / 60, seconds % 60);
        }
        if (seconds < 86_400) {
            return "%d h %d min".formatted(seconds / 3600, seconds % 3600 / 60);
        }
        return "%d d %d h".formatted(seconds / 86_400, seconds % 86_400 / 3600);
    }

    /** From now: {@code just now}, {@code 5 min ago}, {@code in 3 h}; the date beyond a week. */
    public static String relative(Instant time, Instant now) {
        Duration distance = Duration.between(time, now);
        long seconds = distance.abs().toSeconds();
        if (seconds < 10) {
            return "just now";
        }
        String amount;
        if (seconds < 60) {
            amount = seconds + " s";
        } else if (seconds < 3600) {
            amount = seconds / 60 + " min";
        } else if (seconds < 86_400) {
            amount = seconds / 3600 + " h";
        } else if (seconds < 7 * 86_400) {
            amount = seconds / 86_400 + " d";
        } else {
            return DAY.withZone(ZoneId.systemDefault()).format(time);
        }
        return distance.isNegative() ? "in " + amount : amount + " ago";
    }

    /** With date, seconds and zone. */
    public static String absolute(Instant time) {
        return ABSOLUTE.withZone(ZoneId.systemDefault()).format(time);
    }
}
