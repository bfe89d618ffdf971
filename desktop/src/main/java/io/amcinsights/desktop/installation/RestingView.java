package io.amcinsights.desktop.installation;

import io.amcinsights.desktop.common.Format;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Tone;
import io.amcinsights.desktop.common.WrappedLabel;
import io.amcinsights.desktop.deployment.DeployedStack;
import io.amcinsights.desktop.deployment.Losses;
import io.amcinsights.desktop.deployment.Operation;
import io.amcinsights.desktop.deployment.StackEvent;
import io.amcinsights.desktop.deployment.StackState;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.TitledPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Where an installation stands while nothing is under way, and what can be done about it. */
final class RestingView extends StackPane {

    private static final Messages MESSAGES = Messages.of(RestingView.class);

    private final InstallationViewModel model;
    private final DeployedStack stack;
    private final Operation.@Nullable Standing last;

    RestingView(InstallationViewModel model, Page.Resting page) {
        this.model = model;
        stack = page.stack();
        last = page.last();
        Label name = new Label(stack.name());
        name.getStyleClass().add("subtitle");
        HBox head = new HBox(12, name, StackBadge.of(stack.state()));
        head.setAlignment(Pos.CENTER_LEFT);
        VBox card = new VBox(12, head);
        card.getStyleClass().add("card");
        if (!page.note().isEmpty()) {
            Label note = new WrappedLabel(page.note());
            note.setId("note");
            card.getChildren().add(Parts.marked(Tone.SUCCEEDED, note));
        }
        Label meaning = new WrappedLabel(meaning());
        meaning.setId("meaning");
        card.getChildren().add(meaning);
        if (!stack.state().works() && !stack.reason().isEmpty()) {
            card.getChildren().add(new WrappedLabel(stack.reason(), "mono", "muted"));
        }

        VBox all = new VBox(16, card);
        StackEvent cause = last == null ? null : last.progress().cause();
        if (cause != null) {
            all.getChildren().add(Parts.cause(causeTitle(), cause));
        }
        if (last != null && stack.state() == StackState.STUCK) {
            last.failedGoingBack().stream()
                    .reduce((newer, older) -> older)
                    .ifPresent(
                            first ->
                                    all.getChildren()
                                            .add(Parts.cause(MESSAGES.text("cause.back"), first)));
        }
        card.getChildren().add(actions());
        if (last == null && stack.state().works()) {
            all.getChildren().add(values());
        }
        if (last != null) {
            Parts.EventTable events = new Parts.EventTable();
            events.show(last.events());
            events.setPrefHeight(320);
            TitledPane pane = new TitledPane(MESSAGES.text("events.last"), events);
            pane.setId("lastEvents");
            pane.setAnimated(false);
            pane.setExpanded(!stack.state().works() || cause != null);
            all.getChildren().add(pane);
        }
        getChildren().add(Parts.page(all));
    }

    private String meaning() {
        boolean done = last != null && stack.state() == StackState.READY;
        return MESSAGES.text(
                done ? "rest.done" : "rest." + stack.state(),
                Format.absolute(stack.changed()),
                stack.status());
    }

    private String causeTitle() {
        return MESSAGES.text("cause." + stack.state());
    }

    private Node actions() {
        return switch (stack.state()) {
            case READY, READY_AFTER_FAILURE -> buttons(open(), update(), drift(), remove());
            case UNDER_REVIEW -> buttons(update(), clear());
            case FAILED_CREATION -> buttons(clear());
            case HALF_UPDATED ->
                    buttons(
                            action("rollBack", true, () -> model.rollBack(stack)),
                            update(),
                            remove());
            case STUCK ->
                    choices(
                            "rest.skip",
                            last == null ? List.of() : last.failedGoingBack(),
                            skipped -> model.continueRollback(stack, skipped),
                            "continueRollback");
            case HALF_REMOVED ->
                    choices(
                            "rest.retain",
                            last == null ? List.of() : last.failed(),
                            retained -> model.remove(stack, 0, retained),
                            "removeAgain");
            case CREATING, UPDATING, ROLLING_BACK, REMOVING, REMOVED ->
                    buttons(action("refresh", true, model::refresh));
        };
    }

    private static HBox buttons(Button... buttons) {
        return new HBox(8, buttons);
    }

    private Button open() {
        Button open = action("open", true, () -> model.open(stack));
        open.setDisable(!stack.opens());
        return open;
    }

    private Button update() {
        return action("update", false, () -> model.update(stack));
    }

    private Button drift() {
        return action("drift", false, () -> model.drift(stack));
    }

    private Button remove() {
        return action("prepareRemoval", false, () -> model.prepareRemoval(stack));
    }

    private Button clear() {
        return action("clear", true, () -> model.remove(stack, 0, List.of()));
    }

    private static Button action(String word, boolean first, Runnable command) {
        Button button = new Button(MESSAGES.text("action." + word));
        button.setId(word);
        if (first) {
            button.getStyleClass().add("accent");
        }
        button.setOnAction(event -> command.run());
        return button;
    }

    private interface Chosen {
        void go(List<String> resources);
    }

    /** Failed resources to tick, and what is done with those that are. */
    private static Node choices(String key, List<StackEvent> inTheWay, Chosen chosen, String word) {
        Map<String, CheckBox> boxes = new LinkedHashMap<>();
        for (StackEvent event : inTheWay) {
            CheckBox box =
                    new CheckBox(
                            MESSAGES.text("resource", Losses.name(event.type()), event.resource()));
            box.setId("choose" + event.resource());
            boxes.put(event.resource(), box);
        }
        VBox list = new VBox(8);
        if (!boxes.isEmpty()) {
            list.getChildren().add(new WrappedLabel(MESSAGES.text(key)));
            list.getChildren().addAll(boxes.values());
        }
        list.getChildren()
                .add(
                        buttons(
                                action(
                                        word,
                                        true,
                                        () ->
                                                chosen.go(
                                                        boxes.entrySet().stream()
                                                                .filter(
                                                                        e ->
                                                                                e.getValue()
                                                                                        .isSelected())
                                                                .map(Map.Entry::getKey)
                                                                .toList()))));
        return list;
    }

    private Node values() {
        GridPane grid = new GridPane(24, 8);
        int row = 0;
        for (Map.Entry<String, String> each : new TreeMap<>(stack.parameters()).entrySet()) {
            Label name = new Label(each.getKey());
            name.getStyleClass().add("field-label");
            Label value =
                    new WrappedLabel(each.getValue().isEmpty() ? "–" : each.getValue(), "mono");
            GridPane.setHgrow(value, Priority.ALWAYS);
            grid.addRow(row++, name, value);
        }
        VBox card = new VBox(12, Parts.heading("rest.values"), grid);
        card.getStyleClass().add("card");
        return card;
    }
}
