package io.amcinsights.desktop.schedules;

import io.amcinsights.contract.Schedule;
import io.amcinsights.contract.ScheduleExpression;
import io.amcinsights.desktop.common.Messages;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A time that a schedule names.
 *
 * @param wall what clocks in the schedule's zone show
 * @param time null where the clocks go forward over it, so that nothing runs
 * @param note what the change of the clocks does to it; empty where it does nothing
 */
record Upcoming(LocalDateTime wall, @Nullable ZonedDateTime time, String note) {

    private static final Messages MESSAGES = Messages.of(Upcoming.class);
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm");

    /**
     * The next runs of an expression, in order, and between them the times that are skipped.
     *
     * @param startAt none comes before; null for no start
     * @param endAt none comes then or later; null for no end
     * @param count at most so many runs
     */
    static List<Upcoming> of(
            ScheduleExpression expression,
            ZoneId zone,
            Instant now,
            @Nullable Instant startAt,
            @Nullable Instant endAt,
            int count) {
        List<Upcoming> all = new ArrayList<>();
        ZoneRules rules = zone.getRules();
        Instant from = startAt == null || startAt.isBefore(now) ? now : startAt.minusNanos(1);
        Instant before = from;
        for (ZonedDateTime time : expression.next(from, zone, count)) {
            Instant instant = time.toInstant();
            if (endAt != null && !instant.isBefore(endAt)) {
                break;
            }
            for (ZoneOffsetTransition change = rules.nextTransition(before);
                    change != null && !change.getInstant().isAfter(instant);
                    change = rules.nextTransition(change.getInstant())) {
                skipped(expression, change).ifPresent(all::add);
            }
            all.add(
                    new Upcoming(
                            time.toLocalDateTime(), time, note(expression, rules, before, time)));
            before = instant;
        }
        return List.copyOf(all);
    }

    /** The first time that falls into the hour which the clocks leave out. */
    private static Optional<Upcoming> skipped(
            ScheduleExpression expression, ZoneOffsetTransition change) {
        if (!change.isGap() || expression instanceof ScheduleExpression.Rate) {
            return Optional.empty();
        }
        // In UTC no time is ever skipped: there the expression gives what clocks would show.
        Instant gap = change.getDateTimeBefore().toInstant(ZoneOffset.UTC);
        return expression.next(gap.minusNanos(1), ZoneOffset.UTC, 1).stream()
                .map(ZonedDateTime::toLocalDateTime)
                .filter(wall -> wall.isBefore(change.getDateTimeAfter()))
                .findFirst()
                .map(
                        wall ->
                                new Upcoming(
                                        wall,
                                        null,
                                        MESSAGES.text(
                                                "upcoming.skipped",
                                                CLOCK.format(change.getDateTimeBefore()),
                                                CLOCK.format(change.getDateTimeAfter()))));
    }

    private static String note(
            ScheduleExpression expression, ZoneRules rules, Instant before, ZonedDateTime time) {
        if (!(expression instanceof ScheduleExpression.Rate)
                && rules.getValidOffsets(time.toLocalDateTime()).size() > 1) {
            return MESSAGES.text("upcoming.twice");
        }
        if (rules.getOffset(before).equals(time.getOffset())) {
            return "";
        }
        return MESSAGES.text(
                expression instanceof ScheduleExpression.Rate
                        ? "upcoming.moves"
                        : "upcoming.changed",
                time.getOffset().equals(ZoneOffset.UTC) ? "" : time.getOffset().getId());
    }

    /** When a saved schedule fires next; empty where it is paused or done. */
    static Optional<ZonedDateTime> next(Schedule schedule, Instant now) {
        if (!schedule.enabled()) {
            return Optional.empty();
        }
        ZoneId zone = ZoneId.of(schedule.zone());
        ScheduleExpression expression = ScheduleExpression.parse(schedule.expression());
        if (expression instanceof ScheduleExpression.Rate rate) {
            Instant since =
                    schedule.lastFiredAt() == null ? schedule.updatedAt() : schedule.lastFiredAt();
            Duration interval = rate.interval();
            long times = Math.max(0, Duration.between(since, now).dividedBy(interval));
            ZonedDateTime next = since.plus(interval.multipliedBy(times + 1)).atZone(zone);
            return Optional.of(next).filter(n -> schedule.includes(n.toInstant()));
        }
        return of(expression, zone, now, schedule.startAt(), schedule.endAt(), 1).stream()
                .map(Upcoming::time)
                .filter(Objects::nonNull)
                .findFirst();
    }
}
