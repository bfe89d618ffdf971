package io.amcinsights.desktop.schedules;

import io.amcinsights.contract.ScheduleExpression;
import io.amcinsights.contract.ScheduleExpression.Rate;
import io.amcinsights.contract.SimpleSchedule;
import io.amcinsights.contract.Zones;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * When a schedule fires: picked simply or written as an expression. Each follows the other; the
 * expression is what counts.
 */
final class RuleViewModel {

    private static final Messages MESSAGES = Messages.of(RuleViewModel.class);
    private static final int SHOWN = 10;
    private static final DateTimeFormatter TIME_IN = DateTimeFormatter.ofPattern("H:mm[:ss]");
    private static final DateTimeFormatter TIME_OUT = DateTimeFormatter.ofPattern("HH:mm");

    private final Clock clock;
    private final ObjectProperty<Mode> mode = new SimpleObjectProperty<>(Mode.SIMPLE);
    private final ObjectProperty<@Nullable Kind> kind = new SimpleObjectProperty<>(Kind.DAILY);
    private final StringProperty time = new SimpleStringProperty("06:00");
    private final Map<DayOfWeek, BooleanProperty> days = new EnumMap<>(DayOfWeek.class);
    private final ObjectProperty<Integer> dayOfMonth = new SimpleObjectProperty<>(1);
    private final ObjectProperty<Integer> nth = new SimpleObjectProperty<>(1);
    private final ObjectProperty<DayOfWeek> weekday = new SimpleObjectProperty<>(DayOfWeek.MONDAY);
    private final StringProperty interval = new SimpleStringProperty("1");
    private final ObjectProperty<Rate.Unit> unit = new SimpleObjectProperty<>(Rate.Unit.DAY);
    private final StringProperty date = new SimpleStringProperty("");
    private final StringProperty expression = new SimpleStringProperty("");
    private final StringProperty firstDay = new SimpleStringProperty("");
    private final StringProperty lastDay = new SimpleStringProperty("");
    private final StringProperty zone = new SimpleStringProperty("UTC");
    private final Map<Field, ReadOnlyStringWrapper> messages = new EnumMap<>(Field.class);
    private final Set<Field> left = EnumSet.noneOf(Field.class);
    private final ReadOnlyStringWrapper words = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper remark = new ReadOnlyStringWrapper("");
    private final ObservableList<Upcoming> upcoming = FXCollections.observableArrayList();
    private boolean paused;
    private boolean filling;

    RuleViewModel(Clock clock) {
        this.clock = clock;
        for (Field field : Field.values()) {
            messages.put(field, new ReadOnlyStringWrapper(""));
        }
        for (DayOfWeek day : DayOfWeek.values()) {
            days.put(day, new SimpleBooleanProperty(day == DayOfWeek.MONDAY));
        }
        date.set(LocalDate.now(clock).plusDays(1).toString());
        kind.addListener((property, old, now) -> picked());
        time.addListener((property, old, now) -> picked());
        days.values().forEach(day -> day.addListener((property, old, now) -> picked()));
        dayOfMonth.addListener((property, old, now) -> picked());
        nth.addListener((property, old, now) -> picked());
        weekday.addListener((property, old, now) -> picked());
        interval.addListener((property, old, now) -> picked());
        unit.addListener((property, old, now) -> picked());
        date.addListener((property, old, now) -> picked());
        expression.addListener((property, old, now) -> written());
        zone.addListener((property, old, now) -> tell());
        firstDay.addListener((property, old, now) -> tell());
        lastDay.addListener((property, old, now) -> tell());
        mode.addListener((property, old, now) -> changed(now));
        picked();
    }

    /** How the rule is entered. */
    enum Mode {
        SIMPLE,
        EXPRESSION
    }

    /** The simple rules. */
    enum Kind {
        DAILY,
        WEEKDAYS,
        WEEKLY,
        MONTHLY_ON_DAY,
        MONTHLY_ON_LAST_DAY,
        MONTHLY_ON_WEEKDAY,
        INTERVAL,
        ONCE
    }

    /** What may be wrong. */
    enum Field {
        TIME,
        DAYS,
        INTERVAL,
        DATE,
        EXPRESSION,
        ZONE,
        FIRST_DAY,
        LAST_DAY
    }

    /**
     * Begins anew with a rule.
     *
     * @param enabled a paused schedule may have fired for the last time
     * @param startAt the beginning of a day in the zone; null for none
     * @param endAt the end of a day in the zone; null for none
     */
    void show(
            String text,
            String zoneName,
            boolean enabled,
            @Nullable Instant startAt,
            @Nullable Instant endAt) {
        paused = !enabled;
        left.clear();
        zone.set(zoneName);
        firstDay.set(startAt == null ? "" : day(startAt, zoneName));
        lastDay.set(endAt == null ? "" : day(endAt.minusNanos(1), zoneName));
        expression.set(text);
        written();
        mode.set(kind.get() == null ? Mode.EXPRESSION : Mode.SIMPLE);
    }

    private static String day(Instant instant, String zoneName) {
        return instant.atZone(ZoneId.of(zoneName)).toLocalDate().toString();
    }

    /** When it may run first; null for at once, and while the day is wrong. */
    @Nullable Instant startAt() {
        return bound(firstDay.get(), 0);
    }

    /** When it may not run any more; null for never, and while the day is wrong. */
    @Nullable Instant endAt() {
        return bound(lastDay.get(), 1);
    }

    private @Nullable Instant bound(String day, int later) {
        if (day.isBlank() || Zones.problem(zone.get().strip()).isPresent()) {
            return null;
        }
        try {
            return LocalDate.parse(day.strip())
                    .plusDays(later)
                    .atStartOfDay(ZoneId.of(zone.get().strip()))
                    .toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** The schedule was paused or resumed. */
    void setEnabled(boolean enabled) {
        paused = !enabled;
        tell();
    }

    /** A simple field was edited: the expression follows. */
    private void picked() {
        if (filling) {
            return;
        }
        simple().ifPresent(
                        schedule -> {
                            filling = true;
                            expression.set(schedule.expression().text());
                            filling = false;
                        });
        tell();
    }

    /** The expression was edited: the simple fields follow as far as they can. */
    private void written() {
        if (filling) {
            return;
        }
        filling = true;
        parsed().ifPresent(
                        parsed ->
                                SimpleSchedule.of(parsed)
                                        .ifPresentOrElse(this::fill, () -> kind.set(null)));
        filling = false;
        tell();
    }

    /**
     * Whoever goes back to the simple fields after breaking the expression finds them as before.
     */
    private void changed(Mode now) {
        left.clear();
        if (now == Mode.SIMPLE && parsed().isEmpty()) {
            picked();
        } else {
            written();
        }
    }

    private Optional<ScheduleExpression> parsed() {
        try {
            return Optional.of(ScheduleExpression.parse(expression.get()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private void fill(SimpleSchedule schedule) {
        switch (schedule) {
            case SimpleSchedule.Daily daily -> fill(Kind.DAILY, daily.time());
            case SimpleSchedule.Weekdays weekdays -> fill(Kind.WEEKDAYS, weekdays.time());
            case SimpleSchedule.Weekly weekly -> {
                days.forEach((day, chosen) -> chosen.set(weekly.days().contains(day)));
                fill(Kind.WEEKLY, weekly.time());
            }
            case SimpleSchedule.MonthlyOnDay monthly -> {
                dayOfMonth.set(monthly.day());
                fill(Kind.MONTHLY_ON_DAY, monthly.time());
            }
            case SimpleSchedule.MonthlyOnLastDay monthly ->
                    fill(Kind.MONTHLY_ON_LAST_DAY, monthly.time());
            case SimpleSchedule.MonthlyOnWeekday monthly -> {
                nth.set(monthly.nth());
                weekday.set(monthly.day());
                fill(Kind.MONTHLY_ON_WEEKDAY, monthly.time());
            }
            case SimpleSchedule.Interval each -> {
                interval.set(String.valueOf(each.value()));
                unit.set(each.unit());
                kind.set(Kind.INTERVAL);
            }
            case SimpleSchedule.Once once -> {
                date.set(once.moment().toLocalDate().toString());
                fill(Kind.ONCE, once.moment().toLocalTime());
            }
        }
    }

    private void fill(Kind which, LocalTime at) {
        kind.set(which);
        time.set(at.getSecond() == 0 ? TIME_OUT.format(at) : at.toString());
    }

    /** What the simple fields say; empty while they say nothing, or something is wrong. */
    private Optional<SimpleSchedule> simple() {
        Kind which = kind.get();
        if (which == null || !simpleProblems().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                switch (which) {
                    case DAILY -> new SimpleSchedule.Daily(enteredTime());
                    case WEEKDAYS -> new SimpleSchedule.Weekdays(enteredTime());
                    case WEEKLY -> new SimpleSchedule.Weekly(chosenDays(), enteredTime());
                    case MONTHLY_ON_DAY ->
                            new SimpleSchedule.MonthlyOnDay(dayOfMonth.get(), enteredTime());
                    case MONTHLY_ON_LAST_DAY -> new SimpleSchedule.MonthlyOnLastDay(enteredTime());
                    case MONTHLY_ON_WEEKDAY ->
                            new SimpleSchedule.MonthlyOnWeekday(
                                    nth.get(), weekday.get(), enteredTime());
                    case INTERVAL ->
                            new SimpleSchedule.Interval(
                                    Integer.parseInt(interval.get().strip()), unit.get());
                    case ONCE -> new SimpleSchedule.Once(enteredDate().atTime(enteredTime()));
                });
    }

    private LocalTime enteredTime() {
        return LocalTime.parse(time.get().strip(), TIME_IN);
    }

    private LocalDate enteredDate() {
        return LocalDate.parse(date.get().strip());
    }

    private Set<DayOfWeek> chosenDays() {
        Set<DayOfWeek> chosen = EnumSet.noneOf(DayOfWeek.class);
        days.forEach(
                (day, on) -> {
                    if (on.get()) {
                        chosen.add(day);
                    }
                });
        return chosen;
    }

    private Map<Field, String> simpleProblems() {
        Map<Field, String> problems = new EnumMap<>(Field.class);
        Kind which = kind.get();
        if (which == null) {
            return problems;
        }
        if (which == Kind.INTERVAL) {
            if (!interval.get().strip().matches("[1-9]\\d{0,5}")) {
                problems.put(Field.INTERVAL, MESSAGES.text("rule.interval.wrong"));
            }
            return problems;
        }
        try {
            if (which != Kind.ONCE && enteredTime().getSecond() != 0) {
                problems.put(Field.TIME, MESSAGES.text("rule.time.seconds"));
            }
        } catch (DateTimeException e) {
            problems.put(Field.TIME, MESSAGES.text("rule.time.wrong"));
        }
        if (which == Kind.WEEKLY && chosenDays().isEmpty()) {
            problems.put(Field.DAYS, MESSAGES.text("rule.days.none"));
        }
        if (which == Kind.ONCE) {
            try {
                enteredDate();
            } catch (DateTimeException e) {
                problems.put(Field.DATE, MESSAGES.text("rule.date.wrong"));
            }
        }
        return problems;
    }

    private Map<Field, String> problems() {
        Map<Field, String> problems = new EnumMap<>(Field.class);
        if (mode.get() == Mode.SIMPLE) {
            problems.putAll(simpleProblems());
        }
        Optional<String> noZone = Zones.problem(zone.get().strip());
        noZone.ifPresent(problem -> problems.put(Field.ZONE, problem));
        if (noZone.isEmpty()) {
            if (!firstDay.get().isBlank() && startAt() == null) {
                problems.put(Field.FIRST_DAY, MESSAGES.text("rule.date.wrong"));
            }
            if (!lastDay.get().isBlank() && endAt() == null) {
                problems.put(Field.LAST_DAY, MESSAGES.text("rule.date.wrong"));
            }
        }
        if (problems.isEmpty() && (!paused || parsed().isEmpty())) {
            never().ifPresent(problem -> problems.put(expressionField(), problem));
        }
        return problems;
    }

    /** Why the expression cannot be read, or never fires. */
    private Optional<String> never() {
        return ScheduleExpression.problem(
                expression.get(),
                ZoneId.of(zone.get().strip()),
                clock.instant(),
                startAt(),
                endAt());
    }

    /** Where the person looks when the expression as a whole is wrong. */
    private Field expressionField() {
        return mode.get() == Mode.SIMPLE && kind.get() == Kind.ONCE ? Field.DATE : Field.EXPRESSION;
    }

    private void tell() {
        Map<Field, String> problems = problems();
        messages.forEach(
                (field, message) -> message.set(visible(field, problems.getOrDefault(field, ""))));
        // While a simple field is wrong, the expression still says what was right before.
        boolean follows = mode.get() == Mode.EXPRESSION || simpleProblems().isEmpty();
        words.set(follows ? parsed().map(ScheduleExpression::describe).orElse("") : "");
        boolean readable = problems.isEmpty() && parsed().isPresent();
        remark.set(readable && paused ? never().orElse("") : "");
        List<Upcoming> next =
                readable
                        ? Upcoming.of(
                                parsed().orElseThrow(),
                                ZoneId.of(zone.get().strip()),
                                clock.instant(),
                                startAt(),
                                endAt(),
                                SHOWN)
                        : List.of();
        if (!upcoming.equals(next)) {
            upcoming.setAll(next);
        }
    }

    /** Text being typed is not found fault with before the person leaves its field. */
    private String visible(Field field, String problem) {
        return switch (field) {
            case TIME, INTERVAL, ZONE, FIRST_DAY, LAST_DAY -> left.contains(field) ? problem : "";
            case DAYS, DATE, EXPRESSION -> problem;
        };
    }

    /** The person is done with a field. */
    void left(Field field) {
        left.add(field);
        tell();
    }

    /** Says at each field what is wrong with it; whether nothing is. */
    boolean check() {
        left.addAll(Arrays.asList(Field.values()));
        tell();
        return problems().isEmpty();
    }

    /** Says at its field what the backend refused; false where it is no field of this form. */
    boolean refused(Problem problem) {
        if ("expression".equals(problem.field())) {
            wrapper(expressionField()).set(problem.message());
            return true;
        }
        if ("zone".equals(problem.field())) {
            wrapper(Field.ZONE).set(problem.message());
            return true;
        }
        return false;
    }

    private ReadOnlyStringWrapper wrapper(Field field) {
        return Objects.requireNonNull(messages.get(field));
    }

    ObjectProperty<Mode> modeProperty() {
        return mode;
    }

    /** The simple rule; null where the expression says more than these can. */
    ObjectProperty<@Nullable Kind> kindProperty() {
        return kind;
    }

    /** {@code HH:mm}. */
    StringProperty timeProperty() {
        return time;
    }

    BooleanProperty dayProperty(DayOfWeek day) {
        return Objects.requireNonNull(days.get(day));
    }

    ObjectProperty<Integer> dayOfMonthProperty() {
        return dayOfMonth;
    }

    /** 1 to 5, or {@link SimpleSchedule.MonthlyOnWeekday#LAST}. */
    ObjectProperty<Integer> nthProperty() {
        return nth;
    }

    ObjectProperty<DayOfWeek> weekdayProperty() {
        return weekday;
    }

    StringProperty intervalProperty() {
        return interval;
    }

    ObjectProperty<Rate.Unit> unitProperty() {
        return unit;
    }

    /** {@code yyyy-MM-dd}. */
    StringProperty dateProperty() {
        return date;
    }

    /** {@code yyyy-MM-dd}; empty for at once. */
    StringProperty firstDayProperty() {
        return firstDay;
    }

    /** {@code yyyy-MM-dd}; empty for never. */
    StringProperty lastDayProperty() {
        return lastDay;
    }

    StringProperty expressionProperty() {
        return expression;
    }

    StringProperty zoneProperty() {
        return zone;
    }

    /** What is wrong with a field; empty where nothing is. */
    ReadOnlyStringProperty message(Field field) {
        return wrapper(field).getReadOnlyProperty();
    }

    /** The rule in plain English; empty while it cannot be read. */
    ReadOnlyStringProperty wordsProperty() {
        return words.getReadOnlyProperty();
    }

    /** Why a paused schedule would not run if it were on; empty where it would. */
    ReadOnlyStringProperty remarkProperty() {
        return remark.getReadOnlyProperty();
    }

    /** The next ten runs. */
    ObservableList<Upcoming> upcoming() {
        return upcoming;
    }
}
