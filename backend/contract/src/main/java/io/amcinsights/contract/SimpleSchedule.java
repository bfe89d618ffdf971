package io.amcinsights.contract;

import org.jspecify.annotations.Nullable;

import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The schedules that people pick without writing an expression. Each has exactly one {@link
 * ScheduleExpression}, and {@link #of} finds the way back.
 */
public sealed interface SimpleSchedule {

    /** The expression that says the same. */
    ScheduleExpression expression();

    /** The simple schedule that the expression says; empty where it says more than these can. */
    static Optional<SimpleSchedule> of(ScheduleExpression expression) {
        return Optional.ofNullable(
                switch (expression) {
                    case ScheduleExpression.Rate rate -> new Interval(rate.value(), rate.unit());
                    case ScheduleExpression.At at -> new Once(at.moment());
                    case Cron cron -> of(cron);
                });
    }

    private static @Nullable SimpleSchedule of(Cron cron) {
        LocalTime time = cron.time();
        if (time == null || cron.months().size() < 12 || !cron.everyYear()) {
            return null;
        }
        return switch (cron.days()) {
            case Cron.Days.OfMonth days when days.all() -> new Daily(time);
            case Cron.Days.OfMonth days when days.days().size() == 1 ->
                    new MonthlyOnDay(days.days().first(), time);
            case Cron.Days.OfMonth _ -> null;
            case Cron.Days.OfWeek days when days.days().size() == 7 -> new Daily(time);
            case Cron.Days.OfWeek days when days.days().equals(Cron.Days.OfWeek.WEEKDAYS) ->
                    new Weekdays(time);
            case Cron.Days.OfWeek days -> new Weekly(days.days(), time);
            case Cron.Days.LastDay _ -> new MonthlyOnLastDay(time);
            case Cron.Days.NthOfMonth nth -> new MonthlyOnWeekday(nth.n(), nth.day(), time);
            case Cron.Days.LastOfMonth last ->
                    new MonthlyOnWeekday(MonthlyOnWeekday.LAST, last.day(), time);
            case Cron.Days.LastWorkingDay _, Cron.Days.NearestWorkingDay _ -> null;
        };
    }

    private static ScheduleExpression cron(LocalTime time, String dayOfMonth, String dayOfWeek) {
        return Cron.of(
                "%d %d %s * %s *"
                        .formatted(time.getMinute(), time.getHour(), dayOfMonth, dayOfWeek));
    }

    record Daily(LocalTime time) implements SimpleSchedule {
        @Override
        public ScheduleExpression expression() {
            return cron(time, "*", "?");
        }
    }

    /** Monday to Friday. */
    record Weekdays(LocalTime time) implements SimpleSchedule {
        @Override
        public ScheduleExpression expression() {
            return cron(time, "?", "MON-FRI");
        }
    }

    /**
     * @param days at least one
     */
    record Weekly(Set<DayOfWeek> days, LocalTime time) implements SimpleSchedule {
        public Weekly {
            if (days.isEmpty()) {
                throw new IllegalArgumentException("Choose at least one day.");
            }
            days = Set.copyOf(days);
        }

        @Override
        public ScheduleExpression expression() {
            return cron(
                    time,
                    "?",
                    days.stream().sorted().map(Cron::name).collect(Collectors.joining(",")));
        }
    }

    /**
     * @param day 1 to 31; months that have no such day are left out
     */
    record MonthlyOnDay(int day, LocalTime time) implements SimpleSchedule {
        @Override
        public ScheduleExpression expression() {
            return cron(time, String.valueOf(day), "?");
        }
    }

    record MonthlyOnLastDay(LocalTime time) implements SimpleSchedule {
        @Override
        public ScheduleExpression expression() {
            return cron(time, "L", "?");
        }
    }

    /**
     * @param nth 1 to 5, or {@link #LAST}
     */
    record MonthlyOnWeekday(int nth, DayOfWeek day, LocalTime time) implements SimpleSchedule {
        public static final int LAST = 0;

        @Override
        public ScheduleExpression expression() {
            return cron(time, "?", Cron.name(day) + (nth == LAST ? "L" : "#" + nth));
        }
    }

    record Interval(int value, ScheduleExpression.Rate.Unit unit) implements SimpleSchedule {
        @Override
        public ScheduleExpression expression() {
            return new ScheduleExpression.Rate(value, unit);
        }
    }

    record Once(LocalDateTime moment) implements SimpleSchedule {
        @Override
        public ScheduleExpression expression() {
            return new ScheduleExpression.At(moment);
        }
    }
}
