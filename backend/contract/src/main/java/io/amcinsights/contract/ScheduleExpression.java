package io.amcinsights.contract;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a schedule fires, written as Amazon EventBridge Scheduler takes it: {@code cron(…)} with six
 * fields, {@code rate(…)} or {@code at(…)}. Source: EventBridge Scheduler User Guide, "Schedule
 * types".
 */
public sealed interface ScheduleExpression
        permits Cron, ScheduleExpression.Rate, ScheduleExpression.At {

    /** What does not fire for this long is taken for a mistake. */
    Period HORIZON = Period.ofYears(5);

    /**
     * Reads an expression.
     *
     * @throws IllegalArgumentException it is none; the message says why, for people
     */
    static ScheduleExpression parse(String text) {
        String clean = text.strip().replaceAll("\\s+", " ").toUpperCase(Locale.ROOT);
        int open = clean.indexOf('(');
        String kind = open < 0 || !clean.endsWith(")") ? "" : clean.substring(0, open).strip();
        String inside = kind.isEmpty() ? "" : clean.substring(open + 1, clean.length() - 1).strip();
        return switch (kind) {
            case "CRON" -> Cron.of(inside);
            case "RATE" -> Rate.of(inside);
            case "AT" -> At.of(inside);
            default ->
                    throw new IllegalArgumentException(
                            "Write cron(…), rate(…) or at(…), for instance cron(0 6 * * ? *) for"
                                    + " every day at 06:00.");
        };
    }

    /** Why the text cannot be used as a schedule, in words; empty when it can. */
    static Optional<String> problem(String text, ZoneId zone, Instant now) {
        ScheduleExpression expression;
        try {
            expression = parse(text);
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        ZonedDateTime horizon = now.atZone(zone).plus(HORIZON);
        boolean fires =
                expression.next(now, zone, 1).stream().anyMatch(next -> !next.isAfter(horizon));
        if (fires) {
            return Optional.empty();
        }
        return Optional.of(
                switch (expression) {
                    case At at when zone.getRules().getValidOffsets(at.moment()).isEmpty() ->
                            "%s does not exist in %s: the clocks go forward then."
                                    .formatted(at.moment().format(At.FORMAT), zone);
                    case At at when at.moment().atZone(zone).toInstant().isAfter(now) ->
                            "This is more than %d years away.".formatted(HORIZON.getYears());
                    case At _ -> "This time is in the past.";
                    case Cron _, Rate _ ->
                            "This never fires in the next %d years.".formatted(HORIZON.getYears());
                });
    }

    /**
     * The same for one that does not run before its start, nor at its end or later.
     *
     * @param startAt null for at once
     * @param endAt null for never
     */
    static Optional<String> problem(
            String text,
            ZoneId zone,
            Instant now,
            @Nullable Instant startAt,
            @Nullable Instant endAt) {
        // a nanosecond before, because the start itself counts
        Instant from = startAt == null || startAt.isBefore(now) ? now : startAt.minusNanos(1);
        Optional<String> problem = problem(text, zone, from);
        if (problem.isPresent() || endAt == null) {
            return problem;
        }
        boolean fires =
                parse(text).next(from, zone, 1).stream()
                        .anyMatch(next -> next.toInstant().isBefore(endAt));
        return fires ? Optional.empty() : Optional.of("It ends before it runs once.");
    }

    /** The expression as EventBridge takes it. */
    String text();

    /** The same in plain English, such as “Every Monday at 06:00”. */
    default String describe() {
        return ScheduleWords.of(this);
    }

    /**
     * The next times it fires, as EventBridge Scheduler does: a wall clock time that is skipped
     * when the clocks go forward does not fire, one that comes twice when they go back fires once.
     * A rate counts from {@code from}.
     *
     * @param from exclusive
     * @return at most {@code count}, in order; fewer where it stops firing
     */
    List<ZonedDateTime> next(Instant from, ZoneId zone, int count);

    /** {@code rate(n unit)}: again and again after the same time, days having 24 hours. */
    record Rate(int value, Unit unit) implements ScheduleExpression {

        /** What a rate counts. */
        public enum Unit {
            MINUTE(Duration.ofMinutes(1)),
            HOUR(Duration.ofHours(1)),
            DAY(Duration.ofDays(1));

            private final Duration duration;

            Unit(Duration duration) {
                this.duration = duration;
            }

            /** The unit's name for so many of them. */
            public String word(int value) {
                return name().toLowerCase(Locale.ROOT) + (value == 1 ? "" : "s");
            }
        }

        private static final Pattern PATTERN = Pattern.compile("(\\d{1,6}) (MINUTE|HOUR|DAY)S?");

        public Rate {
            if (value < 1) {
                throw new IllegalArgumentException("A rate is 1 or more, such as rate(1 day).");
            }
        }

        private static Rate of(String inside) {
            Matcher parts = PATTERN.matcher(inside);
            if (!parts.matches()) {
                throw new IllegalArgumentException(
                        "A rate is a whole number and minutes, hours or days, such as"
                                + " rate(6 hours).");
            }
            Unit unit = Unit.valueOf(parts.group(2));
            return new Rate(Integer.parseInt(parts.group(1)), unit);
        }

        public Duration interval() {
            return unit.duration.multipliedBy(value);
        }

        @Override
        public String text() {
            return "rate(%d %s)".formatted(value, unit.word(value));
        }

        @Override
        public List<ZonedDateTime> next(Instant from, ZoneId zone, int count) {
            List<ZonedDateTime> times = new ArrayList<>(count);
            for (int i = 1; i <= count; i++) {
                times.add(from.plus(interval().multipliedBy(i)).atZone(zone));
            }
            return List.copyOf(times);
        }
    }

    /** {@code at(moment)}: once. */
    record At(LocalDateTime moment) implements ScheduleExpression {

        private static final DateTimeFormatter FORMAT =
                DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss");

        private static At of(String inside) {
            try {
                return new At(LocalDateTime.parse(inside).withNano(0));
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException(
                        "Write the date and time as at(2027-01-31T06:00:00).", e);
            }
        }

        @Override
        public String text() {
            return "at(%s)".formatted(moment.format(FORMAT));
        }

        @Override
        public List<ZonedDateTime> next(Instant from, ZoneId zone, int count) {
            if (count < 1 || zone.getRules().getValidOffsets(moment).isEmpty()) {
                return List.of();
            }
            ZonedDateTime time = moment.atZone(zone);
            return time.toInstant().isAfter(from) ? List.of(time) : List.of();
        }
    }
}
