package io.amcinsights.desktop.workflows;

import io.amcinsights.contract.WorkflowRequest.Result;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.ProblemView;
import io.amcinsights.desktop.common.TextTable;
import io.amcinsights.desktop.common.Tone;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.control.TableView;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.List;

/** What came of a query that was tried, below the SQL. */
final class TrialView extends VBox {

    private static final Messages MESSAGES = Messages.of(TrialView.class);

    private final TrialViewModel model;

    TrialView(TrialViewModel model) {
        this.model = model;
        setId("trial");
        getStyleClass().add("trial");
        model.stateProperty().subscribe(this::show);
    }

    private void show(TrialViewModel.State state) {
        boolean shown = !(state instanceof TrialViewModel.State.None);
        setVisible(shown);
        setManaged(shown);
        switch (state) {
            case TrialViewModel.State.None() -> getChildren().clear();
            case TrialViewModel.State.UnderWay(var run) -> {
                if (lookup("#cancelTrial") != null) {
                    return; // it is shown already
                }
                ProgressIndicator busy = new ProgressIndicator();
                busy.setPrefSize(20, 20);
                Hyperlink cancel = new Hyperlink(MESSAGES.text("try.cancel"));
                cancel.setId("cancelTrial");
                cancel.setOnAction(event -> model.cancel());
                show(busy, MESSAGES.text("try.underWay"), cancel, null);
            }
            case TrialViewModel.State.Accepted() ->
                    show(
                            new FontIcon(Tone.SUCCEEDED.icon()),
                            MESSAGES.text("try.accepted"),
                            close(),
                            null);
            case TrialViewModel.State.Rows(var result) ->
                    show(
                            new FontIcon(Tone.SUCCEEDED.icon()),
                            TrialViewModel.count(result),
                            close(),
                            table(result));
            case TrialViewModel.State.Failed(var problem) ->
                    show(
                            new FontIcon(Tone.FAILED.icon()),
                            MESSAGES.text("try.failed"),
                            close(),
                            new ProblemView(problem, null));
        }
    }

    private void show(Node sign, String text, Node way, @Nullable Node below) {
        StackPane place = new StackPane(sign);
        place.setMinWidth(24);
        Label label = new Label(text);
        label.getStyleClass().add("subtitle");
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox line = new HBox(8, place, label, gap, way);
        line.setAlignment(Pos.CENTER_LEFT);
        getChildren().setAll(line);
        if (below != null) {
            getChildren().add(below);
            VBox.setVgrow(below, Priority.ALWAYS);
        }
    }

    private Button close() {
        Button close = new Button(null, new FontIcon("fth-x"));
        close.setId("closeTrial");
        close.getStyleClass().addAll("flat", "button-icon");
        close.setAccessibleText(MESSAGES.text("try.close"));
        close.setOnAction(event -> model.close());
        return close;
    }

    private static TableView<List<@Nullable String>> table(Result result) {
        TableView<List<@Nullable String>> table =
                TextTable.of(result.columns(), result.rows(), MESSAGES.text("try.none"));
        table.setId("trialRows");
        table.setMinHeight(120);
        table.setPrefHeight(280);
        return table;
    }
}
