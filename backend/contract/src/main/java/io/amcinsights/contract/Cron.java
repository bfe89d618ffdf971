package io.amcinsights.contract;

import org.jspecify.annotations.Nullable;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code cron(minutes hours day-of-month month day-of-week year)} with EventBridge's rules: exactly
 * one of the two day fields is {@code ?}; days of the week count from 1 = Sunday; {@code L}, {@code
 * W} and {@code #} stand alone in their field. What EventBridge does not document (wrapping ranges,
 * {@code L-3}, lists with {@code W}) is refused. Source: EventBridge Scheduler User Guide,
 * "Cron-based schedules".
 */
public final class Cron implements ScheduleExpression {

    private static final Pattern NEAREST = Pattern.compile("(\\d{1,2})W");
    private static final Pattern NTH = Pattern.compile("(\\w+)#(\\d+)");
    private static final Pattern LAST = Pattern.compile("(\\w+)L");
    private static final Pattern ITEM =
            Pattern.compile("(?:(\\*)|(\\w+)(?:-(\\w+))?)(?:/(\\d{1,4}))?");

    private static final List<String> MONTH_NAMES =
            List.of(
                    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV",
                    "DEC");
    private static final List<String> DAY_NAMES =
            List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

    private static final Field MINUTE = new Field("minutes", 0, 59, List.of());
    private static final Field HOUR = new Field("hours", 0, 23, List.of());
    private static final Field DAY_OF_MONTH = new Field("days of the month", 1, 31, List.of());
    private static final Field MONTH = new Field("months", 1, 12, MONTH_NAMES);
    private static final Field DAY_OF_WEEK = new Field("days of the week", 1, 7, DAY_NAMES);
    private static final Field YEAR = new Field("years", 1970, 2199, List.of());

    private final String fields;
    private final NavigableSet<Integer> minutes;
    private final NavigableSet<Integer> hours;
    private final Days days;
    private final NavigableSet<Integer> months;
    private final NavigableSet<Integer> years;

    private Cron(String fields, String[] parts) {
        this.fields = fields;
        minutes = MINUTE.values(parts[0]);
        hours = HOUR.values(parts[1]);
        months = MONTH.values(parts[3]);
        days = parts[4].equals("?") ? daysOfMonth(parts[2]) : daysOfWeek(parts[4]);
        years = YEAR.values(parts[5]);
    }

    /** Reads the six fields, in capitals, with one blank between them. */
    static Cron of(String fields) {
        String[] parts = fields.split(" ", -1);
        if (parts.length != 6) {
            throw new IllegalArgumentException(
                    "A cron expression has six fields – minutes, hours, day of month, month, day of"
                            + " week, year – and this has "
                            + (fields.isEmpty() ? 0 : parts.length)
                            + ".");
        }
        if (parts[2].equals("?") == parts[4].equals("?")) {
            throw new IllegalArgumentException(
                    "Give the day of the month or the day of the week, and ? for the other one.");
        }
        return new Cron(fields, parts);
    }

    @Override
    public String text() {
        return "cron(" + fields + ")";
    }

    @Override
    public List<ZonedDateTime> next(Instant from, ZoneId zone, int count) {
        List<ZonedDateTime> times = new ArrayList<>(count);
        LocalDate date = from.atZone(zone).toLocalDate();
        LocalDate horizon = date.plus(HORIZON);
        while (times.size() < count && date.isBefore(horizon)) {
            if (on(date)) {
                for (ZonedDateTime time : on(date, zone, from)) {
                    if (times.size() == count) {
                        break;
                    }
                    times.add(time);
                    horizon = date.plus(HORIZON);
                }
            }
            date = date.plusDays(1);
        }
        return List.copyOf(times);
    }

    private boolean on(LocalDate date) {
        return months.contains(date.getMonthValue())
                && years.contains(date.getYear())
                && days.on(date);
    }

    private List<ZonedDateTime> on(LocalDate date, ZoneId zone, Instant after) {
        List<ZonedDateTime> times = new ArrayList<>();
        for (int hour : hours) {
            for (int minute : minutes) {
                LocalDateTime local = date.atTime(hour, minute);
                List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
                if (!offsets.isEmpty()) {
                    ZonedDateTime time = ZonedDateTime.ofLocal(local, zone, offsets.getFirst());
                    if (time.toInstant().isAfter(after)) {
                        times.add(time);
                    }
                }
            }
        }
        return times;
    }

    NavigableSet<Integer> minutes() {
        return minutes;
    }

    NavigableSet<Integer> hours() {
        return hours;
    }

    Days days() {
        return days;
    }

    /** The months, 1 to 12; all twelve where there is no limit. */
    NavigableSet<Integer> months() {
        return months;
    }

    NavigableSet<Integer> years() {
        return years;
    }

    boolean everyYear() {
        return years.size() == YEAR.max - YEAR.min + 1;
    }

    /** The one time of a day that it fires at; null where there are more. */
    @Nullable LocalTime time() {
        return minutes.size() == 1 && hours.size() == 1
                ? LocalTime.of(hours.first(), minutes.first())
                : null;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Cron cron && cron.fields.equals(fields);
    }

    @Override
    public int hashCode() {
        return fields.hashCode();
    }

    @Override
    public String toString() {
        return text();
    }

    private static Days daysOfMonth(String text) {
        if (text.equals("L")) {
            return new Days.LastDay();
        }
        if (text.equals("LW") || text.equals("WL")) {
            return new Days.LastWorkingDay();
        }
        Matcher nearest = NEAREST.matcher(text);
        if (nearest.matches()) {
            return new Days.NearestWorkingDay(DAY_OF_MONTH.value(nearest.group(1)));
        }
        if (text.contains("W") || text.contains("L")) {
            throw new IllegalArgumentException(
                    "In the days of the month, L (last), LW (last working day) and a day with W"
                            + " (nearest working day) stand alone, such as 15W.");
        }
        return new Days.OfMonth(DAY_OF_MONTH.values(text));
    }

    private static Days daysOfWeek(String text) {
        if (text.equals("L")) {
            return new Days.OfWeek(EnumSet.of(DayOfWeek.SATURDAY));
        }
        Matcher nth = NTH.matcher(text);
        if (nth.matches()) {
            int n = Integer.parseInt(nth.group(2));
            if (n < 1 || n > 5) {
                throw new IllegalArgumentException(
                        "After # stands which one of the month, 1 to 5: 2#1 is the first Monday.");
            }
            return new Days.NthOfMonth(n, day(DAY_OF_WEEK.value(nth.group(1))));
        }
        Matcher last = LAST.matcher(text);
        if (last.matches()) {
            return new Days.LastOfMonth(day(DAY_OF_WEEK.value(last.group(1))));
        }
        if (text.contains("#") || text.matches(".*L(,.*)?")) {
            throw new IllegalArgumentException(
                    "In the days of the week, a day with # or L stands alone, such as 2#1 for the"
                            + " first Monday or 6L for the last Friday.");
        }
        Set<DayOfWeek> weekdays = EnumSet.noneOf(DayOfWeek.class);
        DAY_OF_WEEK.values(text).forEach(value -> weekdays.add(day(value)));
        return new Days.OfWeek(weekdays);
    }

    /** EventBridge counts from 1 = Sunday. */
    private static DayOfWeek day(int value) {
        return DayOfWeek.SATURDAY.plus(value);
    }

    /** EventBridge's name of a day, such as {@code MON}. */
    static String name(DayOfWeek day) {
        return DAY_NAMES.get(day.getValue() % 7);
    }

    /** Which days it fires on. */
    sealed interface Days {

        boolean on(LocalDate date);

        record OfMonth(NavigableSet<Integer> days) implements Days {
            @Override
            public boolean on(LocalDate date) {
                return days.contains(date.getDayOfMonth());
            }

            boolean all() {
                return days.size() == 31;
            }
        }

        record LastDay() implements Days {
            @Override
            public boolean on(LocalDate date) {
                return date.getDayOfMonth() == date.lengthOfMonth();
            }
        }

        record LastWorkingDay() implements Days {
            @Override
            public boolean on(LocalDate date) {
                return date.equals(nearestWorkingDay(date.withDayOfMonth(date.lengthOfMonth())));
            }
        }

        /** Monday to Friday nearest to the day, in the same month. */
        record NearestWorkingDay(int day) implements Days {
            @Override
            public boolean on(LocalDate date) {
                return day <= date.lengthOfMonth()
                        && date.equals(nearestWorkingDay(date.withDayOfMonth(day)));
            }
        }

        record OfWeek(Set<DayOfWeek> days) implements Days {

            static final Set<DayOfWeek> WEEKDAYS =
                    Set.copyOf(EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY));

            @Override
            public boolean on(LocalDate date) {
                return days.contains(date.getDayOfWeek());
            }
        }

        record NthOfMonth(int n, DayOfWeek day) implements Days {
            @Override
            public boolean on(LocalDate date) {
                return date.getDayOfWeek() == day && (date.getDayOfMonth() - 1) / 7 + 1 == n;
            }
        }

        record LastOfMonth(DayOfWeek day) implements Days {
            @Override
            public boolean on(LocalDate date) {
                return date.equals(date.with(TemporalAdjusters.lastInMonth(day)));
            }
        }

        private static LocalDate nearestWorkingDay(LocalDate date) {
            return switch (date.getDayOfWeek()) {
                case SATURDAY -> date.getDayOfMonth() == 1 ? date.plusDays(2) : date.minusDays(1);
                case SUNDAY ->
                        date.getDayOfMonth() == date.lengthOfMonth()
                                ? date.minusDays(2)
                                : date.plusDays(1);
                case MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY -> date;
            };
        }
    }

    /**
     * One field's range.
     *
     * @param words what its values are called
     * @param names of the values, from the smallest on, where they have any
     */
    private record Field(String words, int min, int max, List<String> names) {

        /** The values that the field's text stands for. */
        NavigableSet<Integer> values(String text) {
            NavigableSet<Integer> values = new TreeSet<>();
            for (String item : text.split(",", -1)) {
                Matcher parts = ITEM.matcher(item);
                if (!parts.matches()) {
                    throw unreadable(item);
                }
                int from = parts.group(1) != null ? min : value(parts.group(2));
                String end = parts.group(3);
                boolean open = parts.group(1) != null || parts.group(4) != null;
                int to = end != null ? value(end) : open ? max : from;
                if (to < from) {
                    throw new IllegalArgumentException(
                            "%s runs backwards; ranges of %s go upwards, so list the values instead."
                                    .formatted(item, words));
                }
                int step = parts.group(4) == null ? 1 : Integer.parseInt(parts.group(4));
                if (step < 1) {
                    throw new IllegalArgumentException("The step in %s is 0.".formatted(item));
                }
                for (int value = from; value <= to; value += step) {
                    values.add(value);
                }
            }
            return values;
        }

        int value(String text) {
            int named = names.indexOf(text);
            if (named >= 0) {
                return min + named;
            }
            if (!text.matches("\\d{1,4}")) {
                throw unreadable(text);
            }
            int value = Integer.parseInt(text);
            if (value < min || value > max) {
                throw new IllegalArgumentException(
                        "%s is out of range: %s go from %d to %d."
                                .formatted(text, words, min, max));
            }
            return value;
        }

        private IllegalArgumentException unreadable(String text) {
            String range =
                    names.isEmpty()
                            ? "%d to %d".formatted(min, max)
                            : "%d to %d or %s to %s"
                                    .formatted(min, max, names.getFirst(), names.getLast());
            return new IllegalArgumentException(
                    "“%s” is not understood: %s are %s, lists (a,b), ranges (a-b) and steps (a/n)."
                            .formatted(text, words, range));
        }
    }
}
