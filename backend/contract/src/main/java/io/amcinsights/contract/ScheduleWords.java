package io.amcinsights.contract;

import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.Month;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.function.IntFunction;

/** Schedule expressions in plain English. */
final class ScheduleWords {

    /** More times of a day than this are not listed one by one. */
    private static final int LISTED_TIMES = 6;

    private static final List<String> ORDINALS =
            List.of("first", "second", "third", "fourth", "fifth");
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm");
    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("d MMMM yyyy 'at' HH:mm", Locale.ENGLISH);

    private ScheduleWords() {}

    static String of(ScheduleExpression expression) {
        return switch (expression) {
            case ScheduleExpression.At at -> "Once on " + at.moment().format(MOMENT);
            case ScheduleExpression.Rate rate ->
                    rate.value() == 1
                            ? "Every " + rate.unit().word(1)
                            : "Every " + rate.value() + " " + rate.unit().word(rate.value());
            case Cron cron -> capital(sentence(cron));
        };
    }

    private static String sentence(Cron cron) {
        String years = cron.everyYear() ? "" : " in " + items(cron.years(), String::valueOf);
        int times = cron.hours().size() * cron.minutes().size();
        if (times <= LISTED_TIMES) {
            List<String> clock = new ArrayList<>();
            for (int hour : cron.hours()) {
                for (int minute : cron.minutes()) {
                    clock.add(clock(hour, minute));
                }
            }
            return days(cron, true) + years + " at " + list(clock);
        }
        String days = days(cron, false);
        return frequency(cron) + (days.isEmpty() ? "" : " " + days) + years;
    }

    /** Times of the day that are too many to list. */
    private static String frequency(Cron cron) {
        NavigableSet<Integer> minutes = cron.minutes();
        NavigableSet<Integer> hours = cron.hours();
        int hourStep = step(hours);
        int minuteStep = step(minutes);
        boolean allHours = hours.size() == 24;
        String span =
                allHours
                        ? ""
                        : " from %s to %s"
                                .formatted(
                                        clock(hours.first(), minutes.first()),
                                        clock(hours.last(), minutes.last()));
        if (minutes.size() == 1) {
            if (hourStep > 0) {
                String each = hourStep == 1 ? "every hour" : "every " + hourStep + " hours";
                String past =
                        minutes.first() == 0 || !allHours
                                ? ""
                                : " at %d past".formatted(minutes.first());
                return each + past + span;
            }
        } else if (minuteStep > 0 && fillsTheHour(minutes, minuteStep) && hourStep == 1) {
            String each = minuteStep == 1 ? "every minute" : "every " + minuteStep + " minutes";
            String offset = minutes.first() == 0 || !allHours ? "" : " from " + past(minutes);
            return each + offset + span;
        }
        String at = "at " + past(minutes);
        if (allHours) {
            return at + " every hour";
        }
        return at
                + (hourStep == 1
                        ? " every hour from %d to %d".formatted(hours.first(), hours.last())
                        : " the hours " + items(hours, String::valueOf));
    }

    private static String past(NavigableSet<Integer> minutes) {
        return items(minutes, String::valueOf) + " past";
    }

    private static boolean fillsTheHour(NavigableSet<Integer> minutes, int step) {
        return minutes.first() < step && minutes.last() + step > 59;
    }

    /**
     * @param leading it begins the sentence (“every Monday”), or follows how often (“on Mondays”)
     */
    private static String days(Cron cron, boolean leading) {
        boolean everyMonth = cron.months().size() == 12;
        String months = items(cron.months(), ScheduleWords::month);
        String of = " of " + (everyMonth ? "every month" : months);
        String in = everyMonth ? "" : " in " + months;
        return switch (cron.days()) {
            case Cron.Days.OfMonth days when days.all() -> leading ? "every day" + in : in.strip();
            case Cron.Days.OfMonth days -> daysOfMonth(days.days()) + of;
            case Cron.Days.LastDay _ -> "on the last day" + of;
            case Cron.Days.LastWorkingDay _ -> "on the last weekday (Monday to Friday)" + of;
            case Cron.Days.NearestWorkingDay day ->
                    "on the weekday (Monday to Friday) nearest the " + ordinal(day.day()) + of;
            case Cron.Days.NthOfMonth nth ->
                    "on the %s %s".formatted(ORDINALS.get(nth.n() - 1), day(nth.day())) + of;
            case Cron.Days.LastOfMonth last -> "on the last " + day(last.day()) + of;
            case Cron.Days.OfWeek week -> {
                if (week.days().size() == 7) {
                    yield leading ? "every day" + in : in.strip();
                }
                if (week.days().equals(Cron.Days.OfWeek.WEEKDAYS)) {
                    yield (leading ? "every weekday (Monday to Friday)" : "on weekdays") + in;
                }
                List<String> names =
                        week.days().stream()
                                .sorted()
                                .map(day -> leading ? day(day) : day(day) + "s")
                                .toList();
                yield (leading ? "every " : "on ") + list(names) + in;
            }
        };
    }

    private static String daysOfMonth(NavigableSet<Integer> days) {
        int step = step(days);
        return step > 1 && days.size() > LISTED_TIMES
                ? "every %d days from the %s".formatted(step, ordinal(days.first()))
                : "on the " + items(days, ScheduleWords::ordinal);
    }

    /** “1, 2 and 5”, or “3 to 9” where nothing is left out. */
    private static String items(NavigableSet<Integer> values, IntFunction<String> word) {
        if (values.size() > 2 && step(values) == 1) {
            return word.apply(values.first()) + " to " + word.apply(values.last());
        }
        return list(values.stream().map(word::apply).toList());
    }

    /** The distance between neighbours; 0 where it varies, or there are none. */
    private static int step(NavigableSet<Integer> values) {
        int step = 0;
        Integer before = null;
        for (Integer value : values) {
            if (before != null) {
                int distance = value - before;
                if (step != 0 && distance != step) {
                    return 0;
                }
                step = distance;
            }
            before = value;
        }
        return step;
    }

    private static String list(List<String> words) {
        return words.size() == 1
                ? words.getFirst()
                : String.join(", ", words.subList(0, words.size() - 1)) + " and " + words.getLast();
    }

    private static String clock(int hour, int minute) {
        return LocalTime.of(hour, minute).format(CLOCK);
    }

    private static String ordinal(int day) {
        return day
                + switch (day) {
                    case 1, 21, 31 -> "st";
                    case 2, 22 -> "nd";
                    case 3, 23 -> "rd";
                    default -> "th";
                };
    }

    private static String day(DayOfWeek day) {
        return day.getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    }

    private static String month(int month) {
        return Month.of(month).getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    }

    private static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ENGLISH) + text.substring(1);
    }
}
