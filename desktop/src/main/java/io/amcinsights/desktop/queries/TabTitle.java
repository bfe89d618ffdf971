package io.amcinsights.desktop.queries;

import io.amcinsights.desktop.common.Messages;

import javafx.beans.property.ReadOnlyStringProperty;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import javafx.scene.layout.StackPane;

import java.util.function.Consumer;

/** The title in a tab; a double click lets its person change it. */
final class TabTitle extends StackPane {

    private static final Messages MESSAGES = Messages.of(TabTitle.class);
    private static final double WIDEST = 200;

    private final Label label = new Label();
    private final TextField field = new TextField();
    private final Consumer<String> rename;

    TabTitle(ReadOnlyStringProperty title, Consumer<String> rename) {
        this.rename = rename;
        getStyleClass().add("tab-title");
        label.textProperty().bind(title);
        label.setMaxWidth(WIDEST);
        field.getStyleClass().add("tab-title-field");
        field.setPrefColumnCount(14);
        field.setAccessibleText(MESSAGES.text("tab.rename"));
        getChildren().setAll(label);
        setOnMouseClicked(
                event -> {
                    if (event.getClickCount() == 2 && event.getButton() == MouseButton.PRIMARY) {
                        edit();
                    }
                });
        field.setOnAction(event -> end(true));
        field.setOnKeyPressed(
                event -> {
                    if (event.getCode() == KeyCode.ESCAPE) {
                        end(false);
                        event.consume();
                    }
                });
        field.focusedProperty()
                .addListener(
                        (property, old, now) -> {
                            if (!now) {
                                end(true);
                            }
                        });
    }

    /** Lets its person type another title. */
    void edit() {
        field.setText(label.getText());
        getChildren().setAll(field);
        field.requestFocus();
        field.selectAll();
    }

    private void end(boolean keep) {
        if (getChildren().contains(field)) {
            getChildren().setAll(label);
            if (keep) {
                rename.accept(field.getText());
            }
        }
    }
}
