package io.amcinsights.contract;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The period of events that a run reads.
 *
 * @param start of an {@link Type#EXPLICIT} window, included: {@code yyyy-MM-dd'T'HH:mm:ss} in the
 *     zone, or a date token such as {@code TODAY(-30)}
 * @param end of an {@link Type#EXPLICIT} window, excluded
 * @param zone IANA name
 */
public record TimeWindow(Type type, @Nullable String start, @Nullable String end, String zone) {

    /** AMC's kinds of windows. Source: AMC Reporting API reference, {@code timeWindowType}. */
    public enum Type {
        EXPLICIT,
        MOST_RECENT_DAY,
        MOST_RECENT_WEEK,
        CURRENT_MONTH,
        PREVIOUS_MONTH
    }

    public static TimeWindow of(Type type, String zone) {
        return new TimeWindow(type, null, null, zone);
    }

    public static TimeWindow explicit(String start, String end, String zone) {
        return new TimeWindow(Type.EXPLICIT, start, end, zone);
    }

    /** When an {@link Type#EXPLICIT} window without date tokens ends; empty for every other. */
    public Optional<Instant> endsAt() {
        if (type != Type.EXPLICIT || end == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalDateTime.parse(end).atZone(ZoneId.of(zone)).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** What is wrong, by field, in words; empty when the window may be used. */
    public Map<String, String> problems() {
        Map<String, String> problems = new LinkedHashMap<>();
        Zones.problem(zone).ifPresent(p -> problems.put("zone", p));
        if (type == Type.EXPLICIT) {
            if (start == null) {
                problems.put("start", "Say when the window begins.");
            } else {
                DateToken.problem(start).ifPresent(p -> problems.put("start", p));
            }
            if (end == null) {
                problems.put("end", "Say when the window ends.");
            } else {
                DateToken.problem(end).ifPresent(p -> problems.put("end", p));
            }
        }
        return problems;
    }
}
