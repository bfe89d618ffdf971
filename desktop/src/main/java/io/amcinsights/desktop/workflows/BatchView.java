package io.amcinsights.desktop.workflows;

import io.amcinsights.contract.Batch;
import io.amcinsights.desktop.common.Field;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.ProblemPlace;
import io.amcinsights.desktop.common.WrappedLabel;
import io.amcinsights.desktop.inputs.ParametersView;
import io.amcinsights.desktop.inputs.TimeWindowView;
import io.amcinsights.desktop.inputs.ZoneInput;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.DatePicker;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.control.RadioButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

/** The form of a batch, for the drawer. */
final class BatchView extends VBox {

    private static final Messages MESSAGES = Messages.of(BatchView.class);

    private final VBox submission;

    BatchView(BatchViewModel model) {
        setId("batchForm");
        getStyleClass().add("form");
        Label text = new WrappedLabel(MESSAGES.text("batch.text"));
        text.getStyleClass().add("muted");

        VBox tenants = new VBox(8);
        model.targets()
                .subscribe(
                        () ->
                                tenants.getChildren()
                                        .setAll(
                                                model.targets().stream()
                                                        .map(BatchView::tenant)
                                                        .toList()));

        ToggleGroup which = new ToggleGroup();
        RadioButton period = choice("batch.period", "batchPeriod", which);
        RadioButton once = choice("batch.once", "batchOnce", which);
        which.selectToggle(period);
        model.backfillProperty()
                .subscribe(cut -> which.selectToggle(Boolean.TRUE.equals(cut) ? period : once));
        period.selectedProperty().subscribe(cut -> model.backfillProperty().set(cut));
        VBox cut = period(model);
        TimeWindowView window = new TimeWindowView(model.window());
        shownWhile(cut, period);
        shownWhile(window, once);

        ParametersView parameters = new ParametersView(model.parameters());
        Label heading = heading("run.parameters");
        model.workflowProperty()
                .subscribe(
                        workflow -> {
                            boolean any = workflow != null && !workflow.parameters().isEmpty();
                            for (Node node : new Node[] {heading, parameters}) {
                                node.setVisible(any);
                                node.setManaged(any);
                            }
                        });
        getChildren()
                .addAll(
                        text,
                        heading("batch.tenants"),
                        tenants,
                        heading("batch.windows"),
                        period,
                        cut,
                        once,
                        window,
                        heading,
                        parameters);
        submission = submission(model);
    }

    private static VBox submission(BatchViewModel model) {
        Label summary = new WrappedLabel("");
        summary.setId("batchSummary");
        summary.textProperty().bind(model.summaryProperty());
        ProgressIndicator busy = new ProgressIndicator();
        busy.setPrefSize(24, 24);
        busy.visibleProperty().bind(model.busyProperty());
        Button submit = new Button(MESSAGES.text("batch.submit"), new FontIcon("fth-play"));
        submit.setId("submitBatch");
        submit.getStyleClass().add("accent");
        submit.disableProperty().bind(model.busyProperty().or(model.readyProperty().not()));
        submit.setOnAction(event -> model.run());
        HBox buttons = new HBox(8, busy, submit);
        buttons.setAlignment(Pos.CENTER_RIGHT);
        return new VBox(8, new ProblemPlace(model.problemProperty()), summary, buttons);
    }

    /** What asks for the runs, and what they amount to; always in sight. */
    Node submission() {
        return submission;
    }

    private static VBox period(BatchViewModel model) {
        DatePicker from = date("batchFrom");
        from.valueProperty().bindBidirectional(model.fromProperty());
        DatePicker until = date("batchUntil");
        until.valueProperty().bindBidirectional(model.untilProperty());
        ComboBox<Batch.Step> step = new ComboBox<>();
        step.setId("batchStep");
        step.getItems().setAll(Batch.Step.values());
        step.setConverter(new StepNames());
        step.setMaxWidth(Double.MAX_VALUE);
        step.valueProperty().bindBidirectional(model.stepProperty());
        ZoneInput zone = new ZoneInput();
        zone.setId("batchZone");
        zone.textProperty().bindBidirectional(model.zoneProperty());
        HBox days = new HBox(12, field("batch.from", from), field("batch.until", until));
        days.getChildren().forEach(day -> HBox.setHgrow(day, Priority.ALWAYS));
        VBox box = new VBox(12, days, field("batch.step", step), field("batch.zone", zone));
        box.getStyleClass().add("batch-period");
        return box;
    }

    private static Field field(String key, Node input) {
        Field field = new Field();
        field.setLabel(MESSAGES.text(key));
        field.getControl().add(input);
        return field;
    }

    private static DatePicker date(String id) {
        DatePicker picker = new DatePicker();
        picker.setId(id);
        picker.setMaxWidth(Double.MAX_VALUE);
        return picker;
    }

    private static RadioButton choice(String key, String id, ToggleGroup group) {
        RadioButton button = new RadioButton(MESSAGES.text(key));
        button.setId(id);
        button.setWrapText(true);
        button.setToggleGroup(group);
        return button;
    }

    private static CheckBox tenant(BatchViewModel.Target target) {
        CheckBox box = new CheckBox(target.tenant().name());
        box.setId("batch-" + target.tenant().tenantId());
        box.selectedProperty().bindBidirectional(target.chosen());
        return box;
    }

    private static void shownWhile(Node node, RadioButton chosen) {
        node.visibleProperty().bind(chosen.selectedProperty());
        node.managedProperty().bind(node.visibleProperty());
    }

    private static Label heading(String key) {
        Label label = new Label(MESSAGES.text(key));
        label.getStyleClass().add("subtitle");
        return label;
    }

    private static final class StepNames extends StringConverter<Batch.Step> {
        @Override
        public String toString(Batch.@Nullable Step step) {
            return step == null ? "" : MESSAGES.text("batch.step." + step);
        }

        @Override
        public Batch.Step fromString(String text) {
            throw new UnsupportedOperationException(text);
        }
    }
}
