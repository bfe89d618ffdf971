package io.amcinsights.desktop.workflows;

import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.ProblemView;
import io.amcinsights.desktop.inputs.ParametersView;
import io.amcinsights.desktop.inputs.TimeWindowView;

import javafx.application.Platform;
import javafx.beans.binding.Bindings;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

/** The form of a run, for the drawer. */
final class RunView extends VBox {

    private static final Messages MESSAGES = Messages.of(RunView.class);

    private final TimeWindowView window;
    private final StackPane problem = new StackPane();
    private final VBox submission;

    RunView(RunViewModel model) {
        setId("runForm");
        getStyleClass().add("form");
        Label purpose = new Label();
        purpose.getStyleClass().add("muted");
        purpose.setWrapText(true);
        purpose.setMinHeight(USE_PREF_SIZE);
        purpose.textProperty().bind(model.purposeProperty());
        window = new TimeWindowView(model.window());

        Label none = new Label(MESSAGES.text("run.parameters.none"));
        none.getStyleClass().add("muted");
        ParametersView parameters = new ParametersView(model.parameters());
        model.workflowProperty()
                .subscribe(
                        workflow -> {
                            boolean any = workflow != null && !workflow.parameters().isEmpty();
                            show(parameters, any);
                            show(none, !any);
                        });

        problem.managedProperty().bind(problem.visibleProperty());
        model.problemProperty().subscribe(this::show);

        ProgressIndicator busy = new ProgressIndicator();
        busy.setPrefSize(24, 24);
        busy.visibleProperty().bind(model.busyProperty());
        Hyperlink cancel = new Hyperlink(MESSAGES.text("run.cancel"));
        cancel.setOnAction(event -> model.cancel());
        cancel.visibleProperty().bind(model.busyProperty());
        CheckBox dryRun = new CheckBox(MESSAGES.text("try.dryRun"));
        dryRun.setId("dryRun");
        dryRun.setWrapText(true);
        dryRun.selectedProperty().bindBidirectional(model.dryRunProperty());
        dryRun.visibleProperty().bind(model.tryingProperty());
        dryRun.managedProperty().bind(dryRun.visibleProperty());
        Button submit = new Button(null, new FontIcon("fth-play"));
        submit.textProperty()
                .bind(
                        Bindings.when(model.tryingProperty())
                                .then(MESSAGES.text("try"))
                                .otherwise(MESSAGES.text("run.submit")));
        submit.setId("submitRun");
        submit.getStyleClass().add("accent");
        submit.setDefaultButton(true);
        submit.disableProperty().bind(model.busyProperty());
        submit.setOnAction(event -> model.run());
        HBox buttons = new HBox(8, busy, cancel, submit);
        buttons.setAlignment(Pos.CENTER_RIGHT);
        submission = new VBox(8, problem, buttons);

        getChildren().addAll(purpose, window, heading("run.parameters"), none, parameters, dryRun);
    }

    /** What asks for the run, and what it was refused for; always in sight. */
    Node submission() {
        return submission;
    }

    /** Takes the focus, so that the form can be filled from the keyboard. */
    void focusFirst() {
        Node first = window.lookup("#windowType");
        if (first != null) {
            Platform.runLater(first::requestFocus);
        }
    }

    private static Label heading(String key) {
        Label label = new Label(MESSAGES.text(key));
        label.getStyleClass().add("subtitle");
        return label;
    }

    private static void show(Node node, boolean shown) {
        node.setVisible(shown);
        node.setManaged(shown);
    }

    private void show(@Nullable Problem now) {
        problem.setVisible(now != null);
        problem.getChildren().clear();
        if (now != null) {
            problem.getChildren().add(new ProblemView(now, null));
        }
    }
}
