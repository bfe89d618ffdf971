package io.amcinsights.desktop.inputs;

import io.amcinsights.contract.DateToken;
import io.amcinsights.contract.TimeWindow;
import io.amcinsights.contract.Zones;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The time window of a run, as a form that says which period is meant. */
public final class TimeWindowViewModel {

    /** Events are complete at AMC this long after they happened. Source: AMC documentation. */
    private static final Duration COMPLETE_AFTER = Duration.ofDays(2);

    /** How far back AMC keeps events. Source: AMC documentation. */
    private static final Period KEPT = Period.ofMonths(13);

    private static final String FIRST_DAY = "TODAY(-32)";
    private static final String LAST_DAY = "TODAY(-2)";
    private static final DateTimeFormatter MINUTES =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d MMM uuuu", Locale.ENGLISH);
    private static final Messages MESSAGES = Messages.of(TimeWindowViewModel.class);

    private final Clock clock;
    private final ObjectProperty<TimeWindow.Type> type =
            new SimpleObjectProperty<>(TimeWindow.Type.MOST_RECENT_WEEK);
    private final Map<Field, StringProperty> values = new EnumMap<>(Field.class);
    private final Map<Field, ReadOnlyStringWrapper> messages = new EnumMap<>(Field.class);
    private final ObjectProperty<Instant> asOf;
    private final ReadOnlyObjectWrapper<ZonedDateTime> moment;
    private final ReadOnlyStringWrapper preview = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper remark = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper warning = new ReadOnlyStringWrapper("");

    public TimeWindowViewModel(Clock clock) {
        this.clock = clock;
        asOf = new SimpleObjectProperty<>(clock.instant());
        moment = new ReadOnlyObjectWrapper<>(asOf.get().atZone(ZoneOffset.UTC));
        for (Field field : Field.values()) {
            values.put(field, new SimpleStringProperty(""));
            messages.put(field, new ReadOnlyStringWrapper(""));
        }
        show(TimeWindow.of(TimeWindow.Type.MOST_RECENT_WEEK, localZone()));
        type.subscribe(this::edited);
        asOf.subscribe(this::edited);
        values.values().forEach(value -> value.subscribe(this::edited));
    }

    /** What is entered as text, by the names of {@link TimeWindow}. */
    public enum Field {
        START("start"),
        END("end"),
        ZONE("zone");

        private final String word;

        Field(String word) {
            this.word = word;
        }
    }

    /** A period as clocks in the zone show it. */
    private record Span(LocalDateTime start, LocalDateTime end) {

        static Span days(LocalDate first, LocalDate behind) {
            return new Span(first.atStartOfDay(), behind.atStartOfDay());
        }
    }

    /** The zone of this computer. */
    public static String localZone() {
        ZoneId zone = ZoneId.systemDefault();
        return zone.normalized().equals(ZoneOffset.UTC) || Zones.problem(zone.getId()).isPresent()
                ? "UTC"
                : zone.getId();
    }

    /** Begins anew with a window, as of now. */
    public void show(TimeWindow window) {
        type.set(window.type());
        value(Field.START).set(Objects.requireNonNullElse(window.start(), FIRST_DAY));
        value(Field.END).set(Objects.requireNonNullElse(window.end(), LAST_DAY));
        value(Field.ZONE).set(window.zone());
        asOf.set(clock.instant());
        messages.values().forEach(message -> message.set(""));
        edited();
    }

    /** What is entered; see {@link #check()}. */
    public TimeWindow window() {
        return type.get() == TimeWindow.Type.EXPLICIT
                ? TimeWindow.explicit(entered(Field.START), entered(Field.END), entered(Field.ZONE))
                : TimeWindow.of(type.get(), entered(Field.ZONE));
    }

    /** Says at each field what is wrong with it; whether nothing is. */
    public boolean check() {
        Map<String, String> problems = problems();
        messages.forEach((field, message) -> message.set(problems.getOrDefault(field.word, "")));
        return problems.isEmpty();
    }

    /** Says at its field what the backend refused; false where it is no field of this form. */
    public boolean refused(Problem problem) {
        for (Field field : Field.values()) {
            if (("window." + field.word).equals(problem.field())) {
                wrapper(field).set(problem.message());
                return true;
            }
        }
        return false;
    }

    /** The person is done with a field. */
    void left(Field field) {
        wrapper(field).set(problems().getOrDefault(field.word, ""));
    }

    private Map<String, String> problems() {
        TimeWindow window = window();
        Map<String, String> problems = new LinkedHashMap<>(window.problems());
        if (problems.isEmpty()) {
            Span span = span(window);
            if (!span.start().isBefore(span.end())) {
                problems.put(
                        Field.END.word,
                        MESSAGES.text(
                                "window.backwards",
                                MINUTES.format(span.end()),
                                MINUTES.format(span.start())));
            }
        }
        return problems;
    }

    private void edited() {
        String zone = entered(Field.ZONE);
        if (Zones.problem(zone).isEmpty()) {
            moment.set(asOf.get().atZone(ZoneId.of(zone)));
        }
        Map<String, String> problems = problems();
        messages.forEach(
                (field, message) -> {
                    if (!message.get().isEmpty()) {
                        message.set(problems.getOrDefault(field.word, ""));
                    }
                });
        if (problems.isEmpty()) {
            tell(window());
        } else {
            preview.set("");
            remark.set("");
            warning.set("");
        }
    }

    private void tell(TimeWindow window) {
        Span span = span(window);
        preview.set(
                MESSAGES.text(
                        "window.preview",
                        MINUTES.format(span.start()),
                        MINUTES.format(span.end()),
                        window.zone()));
        String length = length(span);
        remark.set(
                window.type() == TimeWindow.Type.EXPLICIT
                        ? length
                        : MESSAGES.text("window.remark." + window.type(), length));
        warning.set(window.type() == TimeWindow.Type.EXPLICIT ? warning(span) : "");
    }

    /** The period meant; for AMC's own kinds of windows what it will most likely be. */
    private Span span(TimeWindow window) {
        ZonedDateTime now = moment.get();
        ZonedDateTime complete = now.minus(COMPLETE_AFTER);
        LocalDate behind = complete.toLocalDate();
        LocalDate month = now.toLocalDate().withDayOfMonth(1);
        return switch (window.type()) {
            case EXPLICIT -> new Span(resolved(Field.START, now), resolved(Field.END, now));
            case MOST_RECENT_DAY -> Span.days(behind.minusDays(1), behind);
            case MOST_RECENT_WEEK -> Span.days(behind.minusDays(7), behind);
            case CURRENT_MONTH ->
                    new Span(
                            behind.withDayOfMonth(1).atStartOfDay(),
                            complete.toLocalDateTime().truncatedTo(ChronoUnit.HOURS));
            case PREVIOUS_MONTH -> Span.days(month.minusMonths(1), month);
        };
    }

    private LocalDateTime resolved(Field field, ZonedDateTime now) {
        return LocalDateTime.parse(DateToken.resolve(entered(field), now));
    }

    private static String length(Span span) {
        long hours = ChronoUnit.HOURS.between(span.start(), span.end());
        return hours < 24 || hours % 24 != 0
                ? MESSAGES.text("window.hours", hours / 24, hours % 24)
                : MESSAGES.text("window.days", hours / 24);
    }

    private String warning(Span span) {
        List<String> warnings = new ArrayList<>();
        LocalDateTime now = moment.get().toLocalDateTime();
        LocalDateTime complete = moment.get().minus(COMPLETE_AFTER).toLocalDateTime();
        LocalDateTime oldest = now.minus(KEPT);
        if (!span.start().isBefore(now)) {
            warnings.add(MESSAGES.text("window.future"));
        } else if (span.end().isAfter(complete)) {
            warnings.add(MESSAGES.text("window.incomplete", MINUTES.format(complete)));
        }
        if (span.start().isBefore(oldest)) {
            warnings.add(MESSAGES.text("window.old", DAY.format(oldest)));
        }
        return String.join(" ", warnings);
    }

    private String entered(Field field) {
        return value(field).get().strip();
    }

    private ReadOnlyStringWrapper wrapper(Field field) {
        return Objects.requireNonNull(messages.get(field));
    }

    public ObjectProperty<TimeWindow.Type> typeProperty() {
        return type;
    }

    public StringProperty value(Field field) {
        return Objects.requireNonNull(values.get(field));
    }

    /** What is wrong with a field; empty where nothing is. */
    public ReadOnlyStringProperty message(Field field) {
        return wrapper(field).getReadOnlyProperty();
    }

    /** When the run begins: what date tokens and AMC's own kinds of windows are relative to. */
    public ObjectProperty<Instant> asOfProperty() {
        return asOf;
    }

    /** {@link #asOfProperty()} in the window's zone. */
    public ReadOnlyObjectProperty<ZonedDateTime> momentProperty() {
        return moment.getReadOnlyProperty();
    }

    /** The period meant, plainly; empty while something is wrong. */
    public ReadOnlyStringProperty previewProperty() {
        return preview.getReadOnlyProperty();
    }

    /** How long the period is, and what AMC makes of it. */
    ReadOnlyStringProperty remarkProperty() {
        return remark.getReadOnlyProperty();
    }

    /** Why the period may hold less than people expect; empty where it does not. */
    public ReadOnlyStringProperty warningProperty() {
        return warning.getReadOnlyProperty();
    }
}
