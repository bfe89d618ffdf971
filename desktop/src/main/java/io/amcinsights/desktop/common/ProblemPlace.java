package io.amcinsights.desktop.common;

import javafx.beans.value.ObservableValue;
import javafx.scene.layout.StackPane;

import org.jspecify.annotations.Nullable;

/** Where a problem is shown while there is one; it takes no room while there is none. */
public final class ProblemPlace extends StackPane {

    public ProblemPlace(ObservableValue<@Nullable Problem> problem) {
        managedProperty().bind(visibleProperty());
        problem.subscribe(this::show);
    }

    private void show(@Nullable Problem now) {
        setVisible(now != null);
        getChildren().clear();
        if (now != null) {
            getChildren().add(new ProblemView(now, null));
        }
    }
}
