package io.amcinsights.desktop.common;

import javafx.animation.Animation;
import javafx.animation.FadeTransition;
import javafx.beans.DefaultProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.util.Duration;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.List;

/** Shows its content, or the face that a {@link ViewState} asks for in its place. */
@DefaultProperty("content")
public final class StateView extends StackPane {

    private static final double[] SKELETON = {0.9, 0.7, 0.82, 0.6, 0.76, 0.66};

    private final ObjectProperty<@Nullable Node> content = new SimpleObjectProperty<>();
    private final ObjectProperty<ViewState> state = new SimpleObjectProperty<>(ViewState.CONTENT);
    private @Nullable Animation pulse;

    public StateView() {
        getStyleClass().add("state-view");
        content.addListener((property, old, now) -> show());
        state.addListener((property, old, now) -> show());
    }

    public ObjectProperty<@Nullable Node> contentProperty() {
        return content;
    }

    public @Nullable Node getContent() {
        return content.get();
    }

    public void setContent(@Nullable Node node) {
        content.set(node);
    }

    public ObjectProperty<ViewState> stateProperty() {
        return state;
    }

    private void show() {
        if (pulse != null) {
            pulse.stop();
            pulse = null;
        }
        Node node =
                switch (state.get()) {
                    case ViewState.Content ready -> content.get();
                    case ViewState.Loading loading -> skeleton();
                    case ViewState.Empty empty -> empty(empty);
                    case ViewState.Failed failed -> failed(failed);
                    case ViewState.Hidden hidden -> hidden(hidden);
                };
        if (node == null) {
            getChildren().clear();
        } else if (!getChildren().equals(List.of(node))) {
            getChildren().setAll(node);
        }
    }

    private Node skeleton() {
        VBox rows = new VBox(16);
        rows.getStyleClass().add("skeleton");
        for (double share : SKELETON) {
            Region bar = new Region();
            bar.getStyleClass().add("skeleton-bar");
            bar.maxWidthProperty().bind(rows.widthProperty().multiply(share).subtract(48));
            rows.getChildren().add(bar);
        }
        FadeTransition fade = new FadeTransition(Duration.millis(900), rows);
        fade.setFromValue(1);
        fade.setToValue(0.45);
        fade.setAutoReverse(true);
        fade.setCycleCount(Animation.INDEFINITE);
        fade.play();
        pulse = fade;
        return rows;
    }

    private static Node empty(ViewState.Empty empty) {
        FontIcon icon = new FontIcon(empty.icon());
        icon.getStyleClass().add("empty-icon");
        StackPane disc = new StackPane(icon);
        disc.getStyleClass().add("empty-disc");
        Label title = new Label(empty.title());
        title.getStyleClass().add("subtitle");
        VBox face = face(disc, title, sentence(empty.sentence()));
        ViewState.Action action = empty.action();
        if (action != null) {
            Button button = new Button(action.label());
            button.setId("emptyAction");
            button.getStyleClass().add("accent");
            button.setOnAction(event -> action.command().run());
            VBox.setMargin(button, new javafx.geometry.Insets(8, 0, 0, 0));
            face.getChildren().add(button);
        }
        return face;
    }

    private static Node failed(ViewState.Failed failed) {
        ProblemView problem = new ProblemView(failed.problem(), failed.retry());
        HBox.setHgrow(problem, Priority.ALWAYS);
        problem.setMaxWidth(560);
        problem.setMaxHeight(Region.USE_PREF_SIZE);
        StackPane face = new StackPane(problem);
        face.getStyleClass().add("face");
        return face;
    }

    private static Node hidden(ViewState.Hidden hidden) {
        FontIcon icon = new FontIcon(Tone.PRIVACY.icon());
        icon.getStyleClass().add("empty-icon");
        StackPane disc = new StackPane(icon);
        disc.getStyleClass().addAll("empty-disc", "privacy-disc");
        VBox face = face(disc, sentence(hidden.sentence()));
        face.getStyleClass().add("hatched");
        return face;
    }

    private static VBox face(Node... children) {
        VBox face = new VBox(8, children);
        face.setAlignment(Pos.CENTER);
        face.getStyleClass().add("face");
        return face;
    }

    private static Label sentence(String text) {
        Label label = new Label(text);
        label.setWrapText(true);
        label.setMaxWidth(440);
        label.setMinHeight(Region.USE_PREF_SIZE);
        label.getStyleClass().addAll("muted", "centred");
        return label;
    }
}
