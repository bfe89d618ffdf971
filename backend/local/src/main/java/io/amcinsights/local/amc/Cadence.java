package io.amcinsights.local.amc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * When a schedule of AMC's own is due: daily or weekly at a full hour (UTC). The period is also the
 * length of its window. Source: AMC Reporting API reference, schedules.
 *
 * @param day of a weekly one
 */
record Cadence(boolean weekly, DayOfWeek day, int hour) {

    /** Reads a schedule, and completes what it leaves open. */
    static Cadence of(ObjectNode schedule, Instant now) throws AmcError {
        String period = schedule.path("aggregationPeriod").asText("");
        boolean weekly = period.equals("Weekly");
        if (!period.equals("Daily") && !weekly) {
            throw AmcError.badRequest("aggregationPeriod must be Daily or Weekly.");
        }
        JsonNode hour = schedule.path("aggregationHourUtc");
        if (!hour.isInt() || hour.asInt() < 0 || hour.asInt() > 23) {
            throw AmcError.badRequest("aggregationHourUtc must be between 0 and 23.");
        }
        if (weekly && !schedule.hasNonNull("aggregationStartDay")) {
            String today = now.atZone(ZoneOffset.UTC).getDayOfWeek().toString();
            schedule.put(
                    "aggregationStartDay",
                    today.charAt(0) + today.substring(1).toLowerCase(Locale.ROOT));
        }
        DayOfWeek day = weekly ? day(schedule) : DayOfWeek.MONDAY;
        return new Cadence(weekly, day, hour.asInt());
    }

    private static DayOfWeek day(JsonNode schedule) throws AmcError {
        String name = schedule.path("aggregationStartDay").asText();
        for (DayOfWeek day : DayOfWeek.values()) {
            if (day.name().equalsIgnoreCase(name)) {
                return day;
            }
        }
        throw AmcError.badRequest("aggregationStartDay is not a day of the week: " + name);
    }

    /** The first time after an instant. */
    Instant next(Instant after) {
        ZonedDateTime next =
                after.atZone(ZoneOffset.UTC).truncatedTo(ChronoUnit.DAYS).withHour(hour);
        while (!next.toInstant().isAfter(after) || (weekly && next.getDayOfWeek() != day)) {
            next = next.plusDays(1);
        }
        return next.toInstant();
    }

    /** Where the window starts that ends when it is due. */
    Instant start(Instant due) {
        return due.minus(Period.ofDays(weekly ? 7 : 1));
    }

    String folder() {
        return weekly ? "weekly" : "daily";
    }
}
