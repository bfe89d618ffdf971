package io.amcinsights.desktop.pipeline;

import io.amcinsights.contract.Access;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Grant;
import io.amcinsights.contract.Principals;
import io.amcinsights.desktop.common.Field;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.ProblemPlace;
import io.amcinsights.desktop.common.StateView;
import io.amcinsights.desktop.common.WrappedLabel;
import io.amcinsights.desktop.pipeline.ReadersViewModel.Draft;

import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.RadioButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The list of those who may read, or the form that changes what one of them may. */
final class ReadersView extends VBox {

    private static final Messages MESSAGES = Messages.of(ReadersView.class);

    private final ReadersViewModel model;
    private final VBox content = new VBox(16);
    private final HBox buttons = new HBox(8);

    ReadersView(ReadersViewModel model) {
        super(16);
        this.model = model;
        setId("readers");
        StateView state = new StateView();
        state.stateProperty().bind(model.stateProperty());
        state.setContent(content);
        getChildren().addAll(new ProblemPlace(model.refusedProperty()), state);
        buttons.getStyleClass().add("buttons");
        model.accessProperty().subscribe(now -> show());
        model.draftProperty().subscribe(now -> show());
    }

    /** What stays in sight below. */
    Node buttons() {
        return buttons;
    }

    private void show() {
        Draft draft = model.draftProperty().get();
        Access access = model.accessProperty().get();
        content.getChildren().clear();
        buttons.getChildren().clear();
        if (access == null) {
            return;
        }
        if (draft == null) {
            list(access);
        } else {
            form(draft);
        }
    }

    private void list(Access access) {
        content.getChildren()
                .add(new WrappedLabel(MESSAGES.text("readers.mode." + access.mode()), "muted"));
        if (access.mode() == Access.Mode.OFF) {
            content.getChildren().add(new WrappedLabel(MESSAGES.text("readers.off.next")));
            return;
        }
        List<Grant> grants = model.grants();
        if (grants.isEmpty()) {
            content.getChildren()
                    .add(new WrappedLabel(MESSAGES.text("readers.none." + access.mode())));
        }
        grants.forEach(grant -> content.getChildren().add(row(grant)));
        if (!access.foreign().isEmpty()) {
            content.getChildren()
                    .addAll(
                            new WrappedLabel(MESSAGES.text("readers.foreign"), "subtitle"),
                            new WrappedLabel(MESSAGES.text("readers.foreign.text"), "muted"));
            access.foreign().forEach(f -> content.getChildren().add(row(f)));
        }
        Button add = new Button(MESSAGES.text("readers.add"), new FontIcon("fth-plus"));
        add.setId("addReader");
        add.getStyleClass().add("accent");
        add.disableProperty().bind(model.busyProperty());
        add.setOnAction(event -> model.add());
        buttons.getChildren().add(add);
    }

    private Node row(Grant grant) {
        VBox words =
                new VBox(
                        2,
                        new WrappedLabel(Principals.name(grant.principal()), "text-bold"),
                        new WrappedLabel(model.rows(grant)),
                        new WrappedLabel(grant.principal(), "muted", "small"));
        HBox.setHgrow(words, Priority.ALWAYS);
        Failure problem = grant.problem();
        if (problem != null) {
            words.getChildren()
                    .add(
                            new WrappedLabel(
                                    MESSAGES.text(
                                            "readers.problem",
                                            problem.message(),
                                            Objects.requireNonNullElse(problem.nextStep(), "")),
                                    "danger",
                                    "small"));
        } else if (!grant.inForce()) {
            words.getChildren()
                    .add(new WrappedLabel(MESSAGES.text("readers.pending"), "muted", "small"));
        }
        HBox row = new HBox(8, words);
        row.setAlignment(Pos.TOP_LEFT);
        if (!grant.removed()) {
            String name = Principals.name(grant.principal());
            row.getChildren()
                    .addAll(
                            icon(
                                    "fth-edit-2",
                                    "edit-" + name,
                                    MESSAGES.text("readers.change", name),
                                    () -> model.edit(grant)),
                            icon(
                                    "fth-trash-2",
                                    "remove-" + name,
                                    MESSAGES.text("readers.takeBack", name),
                                    () -> model.remove(grant)));
        }
        return row;
    }

    private Button icon(String icon, String id, String text, Runnable command) {
        Button button = new Button(null, new FontIcon(icon));
        button.setId(id);
        button.getStyleClass().addAll("flat", "button-icon");
        button.setTooltip(new Tooltip(text));
        button.setAccessibleText(text);
        button.setMinWidth(USE_PREF_SIZE);
        button.disableProperty().bind(model.busyProperty());
        button.setOnAction(event -> command.run());
        return button;
    }

    private static Node row(Access.Foreign foreign) {
        return new VBox(
                2,
                new WrappedLabel(Principals.name(foreign.principal()), "text-bold"),
                new WrappedLabel(
                        MESSAGES.text(
                                "readers.foreign.on",
                                String.join(", ", foreign.permissions()),
                                foreign.on())),
                new WrappedLabel(foreign.principal(), "muted", "small"));
    }

    private void form(Draft draft) {
        Grant before = draft.before();
        Field principal = new Field();
        principal.setLabel(MESSAGES.text("readers.principal"));
        if (before == null) {
            ComboBox<@Nullable String> entry = new ComboBox<>();
            entry.setId("principal");
            entry.setEditable(true);
            entry.setMaxWidth(Double.MAX_VALUE);
            entry.getItems().setAll(model.known());
            entry.getEditor().textProperty().bindBidirectional(draft.principal());
            entry.setPromptText("arn:aws:iam::111122223333:role/NAME");
            principal.getControl().add(entry);
            principal.setHint(MESSAGES.text("readers.principal.hint"));
        } else {
            principal.getControl().add(new WrappedLabel(before.principal()));
        }
        ToggleGroup group = new ToggleGroup();
        RadioButton some = new RadioButton(MESSAGES.text("readers.some"));
        some.setId("someTenants");
        some.setToggleGroup(group);
        RadioButton all = new RadioButton(MESSAGES.text("readers.all"));
        all.setId("allTenants");
        all.setToggleGroup(group);
        all.setWrapText(true);
        group.selectToggle(draft.all().get() ? all : some);
        all.selectedProperty().subscribe(draft.all()::set);
        VBox choices = new VBox(8, all, some);
        List<Node> boxes = new ArrayList<>();
        for (ReadersViewModel.Choice choice : draft.tenants()) {
            CheckBox box = new CheckBox(choice.name());
            box.setId("reads-" + choice.tenantId());
            box.selectedProperty().bindBidirectional(choice.chosen());
            box.disableProperty().bind(draft.all());
            VBox.setMargin(box, new Insets(0, 0, 0, 24));
            boxes.add(box);
        }
        choices.getChildren().addAll(boxes);
        Field rows = new Field();
        rows.setLabel(MESSAGES.text("readers.rows"));
        rows.getControl().add(choices);
        WrappedLabel wrong = new WrappedLabel("", "danger");
        wrong.setId("readersWrong");
        model.wrongProperty().subscribe(text -> show(wrong, text));
        content.getChildren().addAll(principal, rows, wrong);

        Button back = new Button(MESSAGES.text("readers.back"));
        back.setId("leaveReader");
        back.setOnAction(event -> model.leave());
        Button save = new Button(MESSAGES.text("readers.save"));
        save.setId("saveReader");
        save.getStyleClass().add("accent");
        save.disableProperty().bind(model.busyProperty());
        save.setOnAction(event -> model.save());
        buttons.getChildren().addAll(back, save);
    }

    private static void show(WrappedLabel label, @Nullable String text) {
        label.setText(Objects.requireNonNullElse(text, ""));
        label.setVisible(text != null);
        label.setManaged(text != null);
    }
}
