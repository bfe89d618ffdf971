package io.amcinsights.desktop.schedules;

import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.Workflow;
import io.amcinsights.desktop.common.Field;
import io.amcinsights.desktop.common.Format;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.ProblemView;
import io.amcinsights.desktop.common.Tone;
import io.amcinsights.desktop.inputs.ParametersView;
import io.amcinsights.desktop.inputs.TimeWindowView;

import javafx.application.Platform;
import javafx.beans.binding.Bindings;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Function;

/** The form of a schedule. */
final class ScheduleEditorView extends VBox {

    private static final Messages MESSAGES = Messages.of(ScheduleEditorView.class);

    private final ScheduleEditorViewModel model;
    private final StackPane notice = new StackPane();

    /**
     * @param reveal scrolls to a part of the form
     */
    ScheduleEditorView(ScheduleEditorViewModel model, Consumer<Node> reveal) {
        this.model = model;
        setId("scheduleEditor");
        getStyleClass().addAll("form", "schedule-editor");

        TextField name = new TextField();
        name.setId("scheduleName");
        name.textProperty().bindBidirectional(model.nameProperty());
        ComboBox<@Nullable Tenant> tenant = new ComboBox<>();
        Bindings.bindContent(tenant.getItems(), model.tenants());
        tenant.setId("scheduleTenant");
        fill(tenant, Tenant::name, "field.tenant.prompt");
        tenant.valueProperty().bindBidirectional(model.tenantProperty());
        ComboBox<@Nullable Workflow> workflow = new ComboBox<>();
        Bindings.bindContent(workflow.getItems(), model.workflows());
        workflow.setId("scheduleWorkflow");
        fill(workflow, Workflow::title, "field.workflow.prompt");
        workflow.valueProperty().bindBidirectional(model.workflowProperty());
        Field workflowField =
                field("field.workflow", workflow, ScheduleEditorViewModel.Field.WORKFLOW);
        model.workflows().subscribe(() -> hintAtNone(workflowField));
        model.tenantProperty().subscribe(chosen -> hintAtNone(workflowField));

        Label parametersTitle = section("section.parameters");
        ParametersView parameters = new ParametersView(model.parameters());
        for (Node node : new Node[] {parametersTitle, parameters}) {
            node.visibleProperty().bind(Bindings.isNotEmpty(model.parameters().fields()));
            node.managedProperty().bind(node.visibleProperty());
        }

        getChildren()
                .addAll(
                        notice,
                        field("field.tenant", tenant, ScheduleEditorViewModel.Field.TENANT),
                        workflowField,
                        field("field.name", name, ScheduleEditorViewModel.Field.NAME),
                        section("section.when"),
                        new RuleView(model.rule()),
                        section("section.window"),
                        new TimeWindowView(model.window()),
                        parametersTitle,
                        parameters);
        notice.managedProperty().bind(notice.visibleProperty());
        model.problemProperty().subscribe(this::showNotice);
        model.clashProperty().subscribe(this::showNotice);
        notice.visibleProperty()
                .subscribe(
                        shown -> {
                            if (shown) {
                                Platform.runLater(() -> reveal.accept(notice));
                            }
                        });
        model.setOnRejected(() -> Platform.runLater(() -> revealFirstMessage(reveal)));
        showNotice();
    }

    /** What can be done with the schedule; always in sight. */
    Node buttons() {
        Button delete = new Button(null, new FontIcon("fth-trash-2"));
        delete.setId("deleteSchedule");
        delete.getStyleClass().addAll("button-icon", "flat", "danger");
        delete.setTooltip(new Tooltip(MESSAGES.text("delete.action")));
        delete.setAccessibleText(MESSAGES.text("delete.action"));
        delete.setOnAction(event -> model.delete());
        delete.visibleProperty().bind(model.savedProperty().isNotNull());
        delete.managedProperty().bind(delete.visibleProperty());
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        ProgressIndicator waiting = new ProgressIndicator();
        waiting.setPrefSize(20, 20);
        Button stop = new Button(MESSAGES.text("stop"));
        stop.setId("stopWaiting");
        stop.setTooltip(new Tooltip(MESSAGES.text("stop.hint")));
        stop.setAccessibleText(MESSAGES.text("stop.hint"));
        stop.getStyleClass().add("flat");
        for (Node node : new Node[] {waiting, stop}) {
            node.visibleProperty().bind(model.busyProperty());
            node.managedProperty().bind(node.visibleProperty());
        }
        Button run = new Button(MESSAGES.text("run"), new FontIcon("fth-play"));
        run.setId("runNow");
        run.setTooltip(new Tooltip(MESSAGES.text("run.hint")));
        run.setOnAction(event -> model.runNow());
        Button save = new Button(MESSAGES.text("save"));
        save.setId("saveSchedule");
        save.getStyleClass().add("accent");
        save.setOnAction(event -> model.save());
        stop.setOnAction(
                event -> {
                    save.requestFocus();
                    model.stopWaiting();
                });
        HBox buttons = new HBox(delete, gap, waiting, stop, run, save);
        buttons.getStyleClass().add("buttons");
        return buttons;
    }

    private void hintAtNone(Field workflow) {
        workflow.setHint(
                model.tenantProperty().get() != null && model.workflows().isEmpty()
                        ? MESSAGES.text("field.workflow.none")
                        : "");
    }

    private void showNotice() {
        ScheduleEditorViewModel.Clash clash = model.clashProperty().get();
        if (clash != null) {
            notice.getChildren().setAll(clash(clash));
        } else if (model.problemProperty().get() != null) {
            notice.getChildren().setAll(new ProblemView(model.problemProperty().get(), null));
        } else {
            notice.getChildren().clear();
        }
        notice.setVisible(!notice.getChildren().isEmpty());
    }

    private Node clash(ScheduleEditorViewModel.Clash clash) {
        String kind =
                switch (clash) {
                    case ScheduleEditorViewModel.Clash.Overtaken overtaken -> "overtaken";
                    case ScheduleEditorViewModel.Clash.Gone gone -> "gone";
                };
        String text =
                clash instanceof ScheduleEditorViewModel.Clash.Overtaken overtaken
                        ? MESSAGES.text(
                                "clash.overtaken.text",
                                Format.relative(overtaken.now().updatedAt(), Instant.now()))
                        : MESSAGES.text("clash.gone.text");
        Label title = wrapped(MESSAGES.text("clash." + kind + ".title"));
        title.getStyleClass().add("problem-title");
        Button mine = new Button(MESSAGES.text("clash." + kind + ".mine"));
        mine.setId("clashMine");
        mine.setOnAction(event -> model.saveAnyway());
        Button theirs = new Button(MESSAGES.text("clash." + kind + ".theirs"));
        theirs.setId("clashTheirs");
        theirs.setOnAction(event -> model.takeTheirs());
        HBox buttons = new HBox(8, mine, theirs);
        buttons.getStyleClass().add("problem-buttons");
        VBox all = new VBox(4, title, wrapped(text), buttons);
        HBox.setHgrow(all, Priority.ALWAYS);
        FontIcon icon = new FontIcon(Tone.WAITING.icon());
        icon.getStyleClass().add("clash-icon");
        HBox box = new HBox(12, icon, all);
        box.getStyleClass().addAll("clash", Tone.WAITING.styleClass());
        return box;
    }

    private void revealFirstMessage(Consumer<Node> reveal) {
        lookupAll(".field-message").stream()
                .filter(ScheduleEditorView::shown)
                .map(Node::getParent)
                .min(
                        (one, other) ->
                                Double.compare(
                                        one.localToScene(0, 0).getY(),
                                        other.localToScene(0, 0).getY()))
                .ifPresent(reveal);
    }

    private static boolean shown(Node node) {
        for (Node here = node; here != null; here = here.getParent()) {
            if (!here.isVisible()) {
                return false;
            }
        }
        return true;
    }

    private Field field(String label, Node control, ScheduleEditorViewModel.Field what) {
        Field field = new Field();
        field.setLabel(MESSAGES.text(label));
        control.setAccessibleText(MESSAGES.text(label));
        field.getControl().add(control);
        field.messageProperty().bind(model.message(what));
        return field;
    }

    private static Label section(String key) {
        Label label = new Label(MESSAGES.text(key));
        label.getStyleClass().addAll("subtitle", "section");
        label.setMaxWidth(Double.MAX_VALUE);
        return label;
    }

    private static Label wrapped(String text) {
        Label label = new Label(text);
        label.setWrapText(true);
        label.setMinHeight(USE_PREF_SIZE);
        label.setAlignment(Pos.TOP_LEFT);
        return label;
    }

    private static <T> void fill(
            ComboBox<@Nullable T> box, Function<T, String> word, String prompt) {
        box.setMaxWidth(Double.MAX_VALUE);
        box.setPromptText(MESSAGES.text(prompt));
        box.setCellFactory(list -> cell(word, ""));
        box.setButtonCell(cell(word, MESSAGES.text(prompt)));
    }

    private static <T> ListCell<@Nullable T> cell(Function<T, String> word, String none) {
        return new ListCell<>() {
            @Override
            protected void updateItem(@Nullable T value, boolean empty) {
                super.updateItem(value, empty);
                setText(value == null ? none : word.apply(value));
            }
        };
    }
}
