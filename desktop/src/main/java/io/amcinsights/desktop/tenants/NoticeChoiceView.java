package io.amcinsights.desktop.tenants;

import io.amcinsights.contract.NoticeSettings.Choice;
import io.amcinsights.desktop.common.Choices;
import io.amcinsights.desktop.common.Field;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.ProblemPlace;
import io.amcinsights.desktop.common.StateView;
import io.amcinsights.desktop.common.WrappedLabel;

import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** The form that chooses what is told. */
final class NoticeChoiceView extends VBox {

    private static final Messages MESSAGES = Messages.of(NoticeChoiceView.class);

    private final NoticeChoiceViewModel model;
    private final VBox workflows = new VBox(12);
    private final HBox buttons;

    NoticeChoiceView(NoticeChoiceViewModel model, Runnable leave, Runnable saved) {
        super(16);
        this.model = model;
        setId("noticeChoice");
        ComboBox<@Nullable Choice> tenant = new ComboBox<>();
        tenant.getItems().setAll(Choice.values());
        Choices.words(tenant, NoticeChoiceView::word);
        tenant.valueProperty().bindBidirectional(model.choiceProperty());
        VBox content =
                new VBox(
                        16,
                        new WrappedLabel(MESSAGES.text("notices.text"), "muted"),
                        field(MESSAGES.text("notices.tenant"), "noticesOfTenant", tenant),
                        new WrappedLabel(MESSAGES.text("notices.workflows"), "subtitle"),
                        workflows);
        StateView state = new StateView();
        state.stateProperty().bind(model.stateProperty());
        state.setContent(content);
        getChildren().addAll(new ProblemPlace(model.refusedProperty()), state);
        Button back = new Button(MESSAGES.text("back"));
        back.setOnAction(event -> leave.run());
        Button save = new Button(MESSAGES.text("edit.save"));
        save.setId("saveNotices");
        save.getStyleClass().add("accent");
        save.disableProperty().bind(model.busyProperty());
        save.setOnAction(event -> model.save(saved));
        buttons = new HBox(8, back, save);
        buttons.getStyleClass().add("buttons");
        model.rows().subscribe(this::show);
        show(); // no rows are no change
    }

    /** What stays in sight below. */
    Node buttons() {
        return buttons;
    }

    private void show() {
        List<Node> shown = List.of(new WrappedLabel(MESSAGES.text("notices.none"), "muted"));
        if (!model.rows().isEmpty()) {
            shown = model.rows().stream().map(NoticeChoiceView::row).toList();
        }
        workflows.getChildren().setAll(shown);
    }

    private static Node row(NoticeChoiceViewModel.Row row) {
        ComboBox<@Nullable Choice> box = new ComboBox<>();
        Choices.offer(box, List.of(Choice.values()));
        Choices.bind(box, row.choice(), NoticeChoiceView::word, MESSAGES.text("notices.asTenant"));
        return field(row.title(), "noticesOf-" + row.workflowId(), box);
    }

    private static Field field(String label, String id, ComboBox<@Nullable Choice> box) {
        Field field = new Field();
        field.setLabel(label);
        box.setId(id);
        box.setMaxWidth(Double.MAX_VALUE);
        field.getControl().add(box);
        return field;
    }

    private static String word(Choice choice) {
        return MESSAGES.text("notices." + choice);
    }
}
