package io.amcinsights.sql.amc;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.Locale;

/**
 * How far EXTEND_TIME_WINDOW reaches: an ISO 8601 duration, such as {@code P28D}, {@code P1M} or
 * {@code PT12H}. Months and years are those of the calendar in UTC.
 */
public record AmcDuration(Period period, Duration time) {

    /**
     * @throws DateTimeException the text is no such duration, or a negative one
     */
    public static AmcDuration parse(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        int t = upper.indexOf('T');
        String days = t < 0 ? upper : upper.substring(0, t);
        Period period = days.equals("P") ? Period.ZERO : Period.parse(days);
        Duration time = t < 0 ? Duration.ZERO : Duration.parse("P" + upper.substring(t));
        if (period.isNegative() || time.isNegative()) {
            throw new DateTimeException("Negative: " + text);
        }
        return new AmcDuration(period, time);
    }

    /** The moment so long before. */
    public Instant before(Instant moment) {
        return moment.atOffset(ZoneOffset.UTC).minus(period).minus(time).toInstant();
    }

    /** The moment so long after. */
    public Instant after(Instant moment) {
        return moment.atOffset(ZoneOffset.UTC).plus(period).plus(time).toInstant();
    }
}
