package io.amcinsights.desktop.schedules;

import io.amcinsights.contract.ScheduleExpression.Rate;
import io.amcinsights.contract.SimpleSchedule;
import io.amcinsights.desktop.common.Field;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.inputs.MomentInput;
import io.amcinsights.desktop.inputs.ZoneInput;

import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.property.Property;
import javafx.beans.property.StringProperty;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.time.DayOfWeek;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/** When a schedule fires: simple fields or an expression, the zone, and the next runs. */
final class RuleView extends VBox {

    private static final Messages MESSAGES = Messages.of(RuleView.class);
    private static final DateTimeFormatter WHEN =
            DateTimeFormatter.ofPattern("EEE d MMM uuuu, HH:mm", Locale.ENGLISH);
    private static final DateTimeFormatter WITH_ZONE =
            DateTimeFormatter.ofPattern("EEE d MMM uuuu, HH:mm z", Locale.ENGLISH);

    private final RuleViewModel model;

    RuleView(RuleViewModel model) {
        this.model = model;
        getStyleClass().addAll("form", "rule");
        getChildren().addAll(modes(), simple(), expression(), words(), zone(), bounds(), next());
    }

    private Node modes() {
        ToggleButton simple = new ToggleButton(MESSAGES.text("rule.mode.SIMPLE"));
        simple.setId("modeSimple");
        simple.getStyleClass().add("left-pill");
        simple.setOnAction(event -> model.modeProperty().set(RuleViewModel.Mode.SIMPLE));
        ToggleButton expression = new ToggleButton(MESSAGES.text("rule.mode.EXPRESSION"));
        expression.setId("modeExpression");
        expression.getStyleClass().add("right-pill");
        expression.setOnAction(event -> model.modeProperty().set(RuleViewModel.Mode.EXPRESSION));
        // A second click on the chosen one must not leave none chosen.
        Runnable show =
                () -> {
                    boolean isSimple = model.modeProperty().get() == RuleViewModel.Mode.SIMPLE;
                    simple.setSelected(isSimple);
                    expression.setSelected(!isSimple);
                };
        simple.selectedProperty().subscribe(show);
        expression.selectedProperty().subscribe(show);
        model.modeProperty().subscribe(show);
        show.run();
        return new HBox(simple, expression);
    }

    private Node simple() {
        ComboBox<RuleViewModel.@Nullable Kind> kind = new ComboBox<>();
        kind.setId("ruleKind");
        kind.setMaxWidth(Double.MAX_VALUE);
        kind.setPromptText(MESSAGES.text("rule.kind.none"));
        kind.getItems().setAll(RuleViewModel.Kind.values());
        kind.setConverter(words(value -> MESSAGES.text("rule.kind." + value)));
        kind.valueProperty().bindBidirectional(model.kindProperty());
        Field kindField = field("rule.kind", kind);
        kindField.messageProperty().bind(model.message(RuleViewModel.Field.EXPRESSION));
        Label more = new Label(MESSAGES.text("rule.kind.more"));
        more.setWrapText(true);
        more.setMinHeight(USE_PREF_SIZE);
        more.getStyleClass().addAll("muted", "small");
        shownWhen(more, model.kindProperty().isNull());

        VBox simple =
                new VBox(
                        kindField,
                        more,
                        shownFor(days(), EnumSet.of(RuleViewModel.Kind.WEEKLY)),
                        shownFor(dayOfMonth(), EnumSet.of(RuleViewModel.Kind.MONTHLY_ON_DAY)),
                        shownFor(weekday(), EnumSet.of(RuleViewModel.Kind.MONTHLY_ON_WEEKDAY)),
                        shownFor(interval(), EnumSet.of(RuleViewModel.Kind.INTERVAL)),
                        shownFor(date(), EnumSet.of(RuleViewModel.Kind.ONCE)),
                        shownFor(
                                time(),
                                EnumSet.complementOf(EnumSet.of(RuleViewModel.Kind.INTERVAL))));
        simple.getStyleClass().add("form");
        shownWhen(simple, model.modeProperty().isEqualTo(RuleViewModel.Mode.SIMPLE));
        return simple;
    }

    private Node days() {
        FlowPane all = new FlowPane(4, 4);
        for (DayOfWeek day : DayOfWeek.values()) {
            ToggleButton button =
                    new ToggleButton(day.getDisplayName(TextStyle.SHORT, Locale.ENGLISH));
            button.setId("day" + day);
            button.setAccessibleText(day.getDisplayName(TextStyle.FULL, Locale.ENGLISH));
            button.getStyleClass().addAll("small", "day");
            button.selectedProperty().bindBidirectional(model.dayProperty(day));
            all.getChildren().add(button);
        }
        Field field = field("rule.days", all);
        field.messageProperty().bind(model.message(RuleViewModel.Field.DAYS));
        return field;
    }

    private Node dayOfMonth() {
        ComboBox<Integer> day = new ComboBox<>();
        day.setId("ruleDayOfMonth");
        day.getItems().setAll(IntStream.rangeClosed(1, 31).boxed().toList());
        day.valueProperty().bindBidirectional(model.dayOfMonthProperty());
        Field field = field("rule.dayOfMonth", day);
        model.dayOfMonthProperty()
                .subscribe(
                        chosen ->
                                field.setHint(
                                        chosen > 28
                                                ? MESSAGES.text("rule.dayOfMonth.short", chosen)
                                                : ""));
        return field;
    }

    private Node weekday() {
        ComboBox<Integer> nth = new ComboBox<>();
        nth.setId("ruleNth");
        nth.getItems().setAll(1, 2, 3, 4, 5, SimpleSchedule.MonthlyOnWeekday.LAST);
        nth.setConverter(words(value -> MESSAGES.text("rule.nth." + value)));
        nth.valueProperty().bindBidirectional(model.nthProperty());
        ComboBox<DayOfWeek> day = new ComboBox<>();
        day.setId("ruleWeekday");
        day.getItems().setAll(DayOfWeek.values());
        day.setConverter(words(value -> value.getDisplayName(TextStyle.FULL, Locale.ENGLISH)));
        day.valueProperty().bindBidirectional(model.weekdayProperty());
        Field field = field("rule.weekday", new HBox(8, nth, day));
        model.nthProperty()
                .subscribe(
                        chosen ->
                                field.setHint(chosen == 5 ? MESSAGES.text("rule.nth.fifth") : ""));
        return field;
    }

    private Node interval() {
        TextField value = new TextField();
        value.setId("ruleInterval");
        value.setPrefColumnCount(5);
        ComboBox<Rate.Unit> unit = new ComboBox<>();
        unit.setId("ruleUnit");
        unit.getItems().setAll(Rate.Unit.values());
        unit.setConverter(words(one -> MESSAGES.text("rule.unit." + one)));
        unit.valueProperty().bindBidirectional(model.unitProperty());
        Field field = field("rule.interval", new HBox(8, value, unit));
        field.setHint(MESSAGES.text("rule.interval.hint"));
        bind(RuleViewModel.Field.INTERVAL, field, value, model.intervalProperty());
        return field;
    }

    private Node date() {
        MomentInput date = MomentInput.date(MESSAGES.text("rule.date"));
        date.field().setId("ruleDate");
        date.textProperty().bindBidirectional(model.dateProperty());
        Field field = field("rule.date", date);
        field.messageProperty().bind(model.message(RuleViewModel.Field.DATE));
        return field;
    }

    private Node time() {
        TextField time = new TextField();
        time.setId("ruleTime");
        time.setMaxWidth(96);
        Field field = field("rule.time", time);
        bind(RuleViewModel.Field.TIME, field, time, model.timeProperty());
        return field;
    }

    private Node expression() {
        TextField text = new TextField();
        text.setId("ruleExpression");
        text.getStyleClass().add("mono-field");
        Field field = field("rule.expression", text);
        field.setHint(MESSAGES.text("rule.expression.hint"));
        bind(RuleViewModel.Field.EXPRESSION, field, text, model.expressionProperty());
        shownWhen(field, model.modeProperty().isEqualTo(RuleViewModel.Mode.EXPRESSION));
        return field;
    }

    private Node words() {
        Label words = new Label();
        words.setId("ruleWords");
        words.setGraphic(new FontIcon("fth-clock"));
        words.setWrapText(true);
        words.setMinHeight(USE_PREF_SIZE);
        words.getStyleClass().add("rule-words");
        words.textProperty().bind(model.wordsProperty());
        shownWhen(words, model.wordsProperty().isNotEmpty());
        return words;
    }

    private Node zone() {
        ZoneInput zone = new ZoneInput();
        zone.setId("ruleZone");
        Field field = field("rule.zone", zone);
        bind(RuleViewModel.Field.ZONE, field, zone, model.zoneProperty());
        return field;
    }

    private Node bounds() {
        HBox days =
                new HBox(
                        16,
                        bound(
                                "rule.firstDay",
                                "ruleFirstDay",
                                model.firstDayProperty(),
                                RuleViewModel.Field.FIRST_DAY),
                        bound(
                                "rule.lastDay",
                                "ruleLastDay",
                                model.lastDayProperty(),
                                RuleViewModel.Field.LAST_DAY));
        days.getChildren().forEach(day -> HBox.setHgrow(day, Priority.ALWAYS));
        return days;
    }

    private Node bound(String key, String id, StringProperty property, RuleViewModel.Field what) {
        MomentInput day = MomentInput.date(MESSAGES.text(key));
        day.field().setId(id);
        day.field().setPromptText(MESSAGES.text(key + ".none"));
        day.textProperty().bindBidirectional(property);
        day.field()
                .focusedProperty()
                .subscribe(
                        (had, has) -> {
                            if (had && !has) {
                                model.left(what);
                            }
                        });
        Field field = field(key, day);
        field.messageProperty().bind(model.message(what));
        return field;
    }

    private Node next() {
        Label title = new Label(MESSAGES.text("rule.next"));
        title.getStyleClass().add("field-label");
        VBox runs = new VBox(4);
        runs.setId("ruleNext");
        runs.getStyleClass().add("next-runs");
        Runnable show =
                () -> runs.getChildren().setAll(model.upcoming().stream().map(this::run).toList());
        model.upcoming().subscribe(show);
        show.run();
        Label remark = new Label();
        remark.setWrapText(true);
        remark.setMinHeight(USE_PREF_SIZE);
        remark.getStyleClass().addAll("muted", "small");
        remark.textProperty().bind(model.remarkProperty());
        shownWhen(remark, model.remarkProperty().isNotEmpty());
        VBox all = new VBox(4, title, remark, runs);
        shownWhen(
                all, Bindings.isNotEmpty(model.upcoming()).or(model.remarkProperty().isNotEmpty()));
        return all;
    }

    private Node run(Upcoming upcoming) {
        ZonedDateTime time = upcoming.time();
        Label when = new Label(WHEN.format(upcoming.wall()));
        when.setMinWidth(Region.USE_PREF_SIZE);
        Label offset = new Label(time == null ? "" : offset(time));
        offset.getStyleClass().addAll("muted", "small");
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox line = new HBox(8, when, gap, offset);
        line.setAlignment(Pos.BASELINE_LEFT);
        if (time == null) {
            when.getStyleClass().add("skipped");
        } else {
            Tooltip.install(line, new Tooltip(inLocalAndUtc(time)));
        }
        if (upcoming.note().isEmpty()) {
            return line;
        }
        Label note = new Label(upcoming.note(), new FontIcon("fth-alert-triangle"));
        note.setWrapText(true);
        note.setMinHeight(USE_PREF_SIZE);
        note.getStyleClass().addAll("small", "dst-note", "tone-waiting");
        return new VBox(2, line, note);
    }

    private static String offset(ZonedDateTime time) {
        String offset = time.getOffset().getId();
        return offset.equals("Z") ? "UTC" : "UTC" + offset;
    }

    /** A time as this computer's clock and as UTC shows it. */
    static String inLocalAndUtc(ZonedDateTime time) {
        String local = WITH_ZONE.format(time.withZoneSameInstant(ZoneId.systemDefault()));
        String utc = WITH_ZONE.format(time.withZoneSameInstant(ZoneId.of("UTC")));
        return local.equals(utc) ? utc : local + "\n" + utc;
    }

    private void bind(
            RuleViewModel.Field what, Field field, TextField text, Property<String> value) {
        text.textProperty().bindBidirectional(value);
        field.messageProperty().bind(model.message(what));
        text.focusedProperty()
                .subscribe(
                        (had, has) -> {
                            if (had && !has) {
                                model.left(what);
                            }
                        });
    }

    private Node shownFor(Node node, Set<RuleViewModel.Kind> kinds) {
        shownWhen(
                node,
                Bindings.createBooleanBinding(
                        () -> {
                            RuleViewModel.Kind kind = model.kindProperty().get();
                            return kind != null && kinds.contains(kind);
                        },
                        model.kindProperty()));
        return node;
    }

    private static void shownWhen(Node node, BooleanBinding shown) {
        node.visibleProperty().bind(shown);
        node.managedProperty().bind(node.visibleProperty());
    }

    private static Field field(String label, Node control) {
        Field field = new Field();
        field.setLabel(MESSAGES.text(label));
        control.setAccessibleText(MESSAGES.text(label));
        field.getControl().add(control);
        return field;
    }

    private static <T> StringConverter<T> words(Function<T, String> word) {
        return new StringConverter<>() {
            @Override
            public String toString(@Nullable T value) {
                return value == null ? "" : word.apply(value);
            }

            @Override
            public T fromString(String text) {
                throw new UnsupportedOperationException("Chosen, not typed");
            }
        };
    }
}
