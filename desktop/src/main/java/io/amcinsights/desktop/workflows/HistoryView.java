package io.amcinsights.desktop.workflows;

import io.amcinsights.contract.Workflow;
import io.amcinsights.desktop.common.DiffView;
import io.amcinsights.desktop.common.Format;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.StateView;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import java.util.function.Consumer;

/** The versions of a workflow in the drawer, each with what it changed. */
final class HistoryView extends VBox {

    private static final Messages MESSAGES = Messages.of(HistoryView.class);

    private final Consumer<Workflow> restore;
    private final VBox list = new VBox(16);

    HistoryView(HistoryViewModel model, Consumer<Workflow> restore) {
        this.restore = restore;
        setId("history");
        StateView state = new StateView();
        state.stateProperty().bind(model.stateProperty());
        state.setContent(list);
        VBox.setVgrow(state, Priority.ALWAYS);
        getChildren().add(state);
        model.versions()
                .subscribe(
                        () ->
                                list.getChildren()
                                        .setAll(
                                                model.versions().stream()
                                                        .map(this::card)
                                                        .toList()));
    }

    private Node card(HistoryViewModel.Version version) {
        Workflow workflow = version.workflow();
        Label title = new Label(MESSAGES.text("history.version", workflow.version()));
        title.getStyleClass().add("subtitle");
        Label when = new Label(Format.absolute(workflow.updatedAt()));
        when.getStyleClass().addAll("muted", "small");
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox header = new HBox(8, title, when, gap);
        header.setAlignment(Pos.CENTER_LEFT);
        if (version.current()) {
            Label current = new Label(MESSAGES.text("history.current"));
            current.getStyleClass().add("tag");
            header.getChildren().add(current);
        } else {
            Button again = new Button(MESSAGES.text("history.restore"));
            again.setId("restore-" + workflow.version());
            again.setOnAction(event -> restore.accept(workflow));
            header.getChildren().add(again);
        }
        VBox card = new VBox(8, header);
        card.getStyleClass().add("card");
        if (version.changes().lines().isEmpty()) {
            Label first = new Label(MESSAGES.text("history.first"));
            first.getStyleClass().add("muted");
            card.getChildren().add(first);
        } else {
            card.getChildren().add(new DiffView(version.changes()));
        }
        return card;
    }
}
