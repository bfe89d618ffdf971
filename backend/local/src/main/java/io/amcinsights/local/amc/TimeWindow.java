package io.amcinsights.local.amc;

import com.fasterxml.jackson.databind.JsonNode;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The window of an execution. Relative ones end where data is likely complete, 48 hours ago. An
 * explicit one is local to its zone: callers who add a {@code Z} were seen to get empty results,
 * and get them here. Source: AMC Reporting API reference, {@code timeWindowType}.
 *
 * @param end excluded
 * @param startOriginal as the request wrote it
 * @param endOriginal as the request wrote it
 */
record TimeWindow(
        Instant start, Instant end, ZoneId zone, String startOriginal, String endOriginal) {

    private static final Duration COMPLETE_AFTER = Duration.ofDays(2);
    private static final int MONTHS_KEPT = 13;

    static final DateTimeFormatter LOCAL =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss", Locale.ROOT);

    /** The window that a request asks for. */
    static TimeWindow of(JsonNode request, Instant now) throws AmcError {
        ZoneId zone = zone(request.path("timeWindowTimeZone").asText("UTC"));
        ZonedDateTime complete = now.minus(COMPLETE_AFTER).atZone(zone);
        LocalDate lastDay = complete.toLocalDate();
        String type = request.path("timeWindowType").asText("MOST_RECENT_DAY");
        return switch (type) {
            case "EXPLICIT" -> {
                Instant start = local(request, "timeWindowStart", zone);
                Instant end = local(request, "timeWindowEnd", zone);
                if (!start.isBefore(end)) {
                    throw AmcError.badRequest("timeWindowStart must be before timeWindowEnd.");
                }
                yield new TimeWindow(
                        start,
                        end,
                        zone,
                        request.path("timeWindowStart").asText(),
                        request.path("timeWindowEnd").asText());
            }
            case "MOST_RECENT_DAY" -> days(lastDay.minusDays(1), lastDay, zone);
            case "MOST_RECENT_WEEK" -> days(lastDay.minusDays(7), lastDay, zone);
            case "CURRENT_MONTH" ->
                    relative(
                            lastDay.withDayOfMonth(1).atStartOfDay(zone).toInstant(),
                            complete.toInstant(),
                            zone);
            case "PREVIOUS_MONTH" -> {
                LocalDate first = now.atZone(zone).toLocalDate().withDayOfMonth(1);
                yield days(first.minusMonths(1), first, zone);
            }
            case "ALL" -> days(lastDay.minusMonths(MONTHS_KEPT), lastDay, zone);
            default -> throw AmcError.badRequest("Unknown timeWindowType: " + type);
        };
    }

    static ZoneId zone(String name) throws AmcError {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw AmcError.badRequest("Unknown time zone: " + name);
        }
    }

    private static TimeWindow days(LocalDate first, LocalDate behind, ZoneId zone) {
        return relative(
                first.atStartOfDay(zone).toInstant(), behind.atStartOfDay(zone).toInstant(), zone);
    }

    private static TimeWindow relative(Instant start, Instant end, ZoneId zone) {
        return new TimeWindow(
                start, end, zone, LOCAL.format(start.atZone(zone)), LOCAL.format(end.atZone(zone)));
    }

    private static Instant local(JsonNode request, String field, ZoneId zone) throws AmcError {
        String text = request.path(field).asText("");
        try {
            String bare = text.endsWith("Z") ? text.substring(0, text.length() - 1) : text;
            return LocalDateTime.parse(bare, LOCAL).atZone(zone).toInstant();
        } catch (DateTimeException e) {
            throw AmcError.badRequest(
                    "%s must have the form yyyy-MM-ddTHH:mm:ss, but is \"%s\"."
                            .formatted(field, text));
        }
    }

    /** Whether the query finds nothing in it, whatever there is. */
    boolean isEmpty() {
        return startOriginal.endsWith("Z") || endOriginal.endsWith("Z");
    }
}
