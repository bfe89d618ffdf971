package io.amcinsights.desktop.common;

import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

/** The one way a problem is shown: what happened, why, what next, and the details to copy. */
public final class ProblemView extends HBox {

    private static final Messages MESSAGES = Messages.of(ProblemView.class);

    /**
     * @param retry asks again; null where that cannot help
     * @param more other ways on from here
     */
    public ProblemView(Problem problem, @Nullable Runnable retry, ViewState.Action... more) {
        getStyleClass().add("problem-view");
        FontIcon icon = new FontIcon(Tone.FAILED.icon());
        icon.getStyleClass().add("problem-icon");

        Label title = new WrappedLabel(problem.title(), "problem-title");
        VBox text = new VBox(4, title, new WrappedLabel(problem.message(), "problem-message"));
        if (problem.next() != null) {
            text.getChildren().add(new WrappedLabel(problem.next(), "muted"));
        }
        HBox.setHgrow(text, Priority.ALWAYS);

        HBox buttons = new HBox(8);
        buttons.setAlignment(Pos.CENTER_LEFT);
        buttons.getStyleClass().add("problem-buttons");
        if (retry != null) {
            Button again =
                    new Button(MESSAGES.text("problem.retry"), new FontIcon("fth-rotate-cw"));
            again.setOnAction(event -> retry.run());
            buttons.getChildren().add(again);
        }
        for (ViewState.Action action : more) {
            Button way = new Button(action.label());
            way.setOnAction(event -> action.command().run());
            buttons.getChildren().add(way);
        }
        Button copy = new Button(MESSAGES.text("problem.copy"), new FontIcon("fth-copy"));
        copy.getStyleClass().add("flat");
        copy.setOnAction(event -> ClipboardText.copy(problem.details()));
        buttons.getChildren().add(copy);
        text.getChildren().add(buttons);
        getChildren().addAll(icon, text);
    }
}
