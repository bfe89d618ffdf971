package io.amcinsights.desktop.pipeline;

import io.amcinsights.contract.Rule;
import io.amcinsights.desktop.common.Choices;
import io.amcinsights.desktop.common.Field;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.ProblemPlace;
import io.amcinsights.desktop.common.StatusBadge;
import io.amcinsights.desktop.common.WrappedLabel;

import javafx.application.Platform;
import javafx.beans.property.StringProperty;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.List;
import java.util.function.Consumer;

/** The rules of a dataset: each with its state, and a form to add or change one. */
final class RulesView extends VBox {

    private static final Messages MESSAGES = Messages.of(RulesView.class);

    /** Half of the drawer: both bounds are equally wide. */
    private static final double HALF = 160;

    private final RulesViewModel model;
    private final VBox lines = new VBox(12);
    private final VBox form = new VBox();
    private final VBox fields = new VBox();
    private final Button add = new Button(MESSAGES.text("rule.add"), new FontIcon("fth-plus"));
    private final Button save = new Button();

    /**
     * @param reveal brings a part of the drawer into sight
     */
    RulesView(RulesViewModel model, Consumer<Node> reveal) {
        this.model = model;
        setSpacing(12);
        setId("datasetRules");
        Label title = new Label(MESSAGES.text("rules"));
        title.getStyleClass().add("subtitle");
        title.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(title, Priority.ALWAYS);
        add.setId("addRule");
        add.setOnAction(event -> model.add());
        HBox heading = new HBox(8, title, add);
        heading.setAlignment(Pos.CENTER_LEFT);
        form.getStyleClass().add("form");
        fields.getStyleClass().add("form");
        form.getChildren().addAll(kinds(), fields, buttons());
        getChildren().addAll(heading, new ProblemPlace(model.refusedProperty()), form, lines);
        managedProperty().bind(visibleProperty());
        visibleProperty()
                .bind(model.rulesProperty().isNotNull().or(model.refusedProperty().isNotNull()));
        form.managedProperty().bind(form.visibleProperty());
        form.visibleProperty().bind(model.enteringProperty());
        add.disableProperty().bind(model.enteringProperty().or(model.busyProperty()));
        model.lines().subscribe(this::showLines);
        model.rulesProperty().subscribe(now -> showLines());
        model.kindProperty().subscribe(now -> showFields());
        model.columnProperty().subscribe(now -> showFieldsOfRange());
        model.enteringProperty()
                .subscribe(
                        now -> {
                            showFields();
                            save.setText(MESSAGES.text(model.isNew() ? "rule.add" : "rule.change"));
                            if (now) {
                                Platform.runLater(() -> reveal.accept(this));
                            }
                        });
    }

    private void showLines() {
        lines.getChildren().setAll(model.lines().stream().map(this::line).toList());
        if (model.lines().isEmpty()) {
            lines.getChildren().add(new WrappedLabel(MESSAGES.text("rules.none"), "muted"));
        }
    }

    private Node line(RulesViewModel.Line line) {
        Rule rule = line.rule();
        StatusBadge state = new StatusBadge(line.tone(), line.state());
        state.setMinWidth(USE_PREF_SIZE);
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        Button edit = icon("fth-edit-2", "rule.edit", rule);
        edit.setOnAction(event -> model.edit(rule));
        Button remove = icon("fth-trash-2", "rule.remove", rule);
        remove.setOnAction(event -> model.remove(rule));
        HBox first = new HBox(4, state, gap, edit, remove);
        first.setAlignment(Pos.CENTER_LEFT);
        VBox all =
                new VBox(
                        2,
                        first,
                        new WrappedLabel(sentence(rule)),
                        new WrappedLabel(line.explained(), "muted", "small"));
        all.getStyleClass().add("rule");
        return all;
    }

    private static String sentence(Rule rule) {
        String words = rule.describe();
        return rule instanceof Rule.Freshness
                ? Character.toUpperCase(words.charAt(0)) + words.substring(1)
                : words;
    }

    private Button icon(String icon, String key, Rule rule) {
        Button button = new Button(null, new FontIcon(icon));
        button.getStyleClass().addAll("flat", "button-icon");
        button.setTooltip(new Tooltip(MESSAGES.text(key)));
        button.setAccessibleText(MESSAGES.text(key) + ": " + rule.describe());
        button.disableProperty().bind(model.busyProperty().or(model.enteringProperty()));
        return button;
    }

    private Node kinds() {
        ComboBox<RulesViewModel.Kind> kind = new ComboBox<>();
        kind.setId("ruleKind");
        kind.setMaxWidth(Double.MAX_VALUE);
        kind.getItems().setAll(RulesViewModel.Kind.values());
        kind.setConverter(
                new StringConverter<>() {
                    @Override
                    public String toString(RulesViewModel.@Nullable Kind value) {
                        return value == null ? "" : MESSAGES.text("rule." + value);
                    }

                    @Override
                    public RulesViewModel.Kind fromString(String text) {
                        throw new UnsupportedOperationException();
                    }
                });
        kind.valueProperty().bindBidirectional(model.kindProperty());
        return field("rule.kind", kind, "");
    }

    private void showFields() {
        fields.getChildren()
                .setAll(
                        switch (model.kindProperty().get()) {
                            case NOT_NULL -> column();
                            case UNIQUE -> together();
                            case RANGE -> new VBox(12, column(), range());
                            case FRESHNESS ->
                                    field(
                                            "rule.hours",
                                            text("ruleHours", model.hoursProperty()),
                                            MESSAGES.text("rule.hours.hint"));
                        });
    }

    /** A range is of dates or of numbers. */
    private void showFieldsOfRange() {
        if (model.kindProperty().get() == RulesViewModel.Kind.RANGE
                && fields.getChildren().getFirst() instanceof VBox shown
                && shown.getChildren().size() == 2) {
            shown.getChildren().set(1, range());
        }
    }

    private Node column() {
        ComboBox<@Nullable String> box = new ComboBox<>();
        box.setId("ruleColumn");
        box.setMaxWidth(Double.MAX_VALUE);
        Choices.bind(
                box, model.columnProperty(), name -> name, MESSAGES.text("rule.column.choose"));
        Choices.offer(box, model.columns(model.kindProperty().get()));
        return field("rule.column", box, "");
    }

    private Node together() {
        FlowPane boxes = new FlowPane(16, 8);
        boxes.setId("ruleColumns");
        for (String name : model.columns(RulesViewModel.Kind.UNIQUE)) {
            CheckBox box = new CheckBox(name);
            box.setMnemonicParsing(false);
            box.setSelected(model.together().contains(name));
            box.setOnAction(
                    event -> {
                        if (box.isSelected()) {
                            model.together().add(name);
                        } else {
                            model.together().remove(name);
                        }
                    });
            boxes.getChildren().add(box);
        }
        return field("rule.columns", boxes, MESSAGES.text("rule.columns.hint"));
    }

    private Node range() {
        boolean dates = model.isOfDates();
        String hint = MESSAGES.text(dates ? "rule.range.dates" : "rule.range.numbers");
        Field from = field("rule.min", text("ruleMin", model.minProperty()), hint);
        Field to = field("rule.max", text("ruleMax", model.maxProperty()), "");
        for (Field half : List.of(from, to)) {
            half.setPrefWidth(HALF);
            HBox.setHgrow(half, Priority.ALWAYS);
        }
        return new HBox(12, from, to);
    }

    private static TextField text(String id, StringProperty property) {
        TextField text = new TextField();
        text.setId(id);
        text.textProperty().bindBidirectional(property);
        return text;
    }

    private static Field field(String label, Node control, String hint) {
        Field field = new Field();
        field.setLabel(MESSAGES.text(label));
        field.getControl().add(control);
        field.setHint(hint);
        return field;
    }

    private Node buttons() {
        save.setId("saveRule");
        save.disableProperty().bind(model.busyProperty());
        save.setOnAction(event -> model.save());
        Button cancel = new Button(MESSAGES.text("rule.cancel"));
        cancel.setId("cancelRule");
        cancel.getStyleClass().add("flat");
        cancel.setOnAction(event -> model.cancel());
        return new HBox(8, save, cancel);
    }
}
