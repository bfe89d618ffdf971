package io.amcinsights.desktop.shell;

import io.amcinsights.desktop.common.Appearance;
import io.amcinsights.desktop.common.Dialogs;
import io.amcinsights.desktop.common.Messages;

import javafx.scene.control.Button;
import javafx.scene.control.ButtonBar;
import javafx.scene.control.ButtonType;
import javafx.scene.control.Dialog;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.stage.Stage;

import org.jspecify.annotations.Nullable;

/** Dialogs over the main window. */
public final class WindowDialogs implements Dialogs {

    private static final Messages MESSAGES = Messages.of(Dialogs.class);

    private final Stage owner;
    private final Appearance appearance;

    public WindowDialogs(Stage owner, Appearance appearance) {
        this.owner = owner;
        this.appearance = appearance;
    }

    @Override
    public boolean confirm(String title, String message, String action) {
        return ask(title, message, null, action);
    }

    @Override
    public boolean confirmTyped(String title, String message, String word, String action) {
        return ask(title, message, word, action);
    }

    private boolean ask(String title, String message, @Nullable String word, String action) {
        Dialog<ButtonType> dialog = new Dialog<>();
        dialog.initOwner(owner);
        dialog.setTitle(title);
        Label heading = new Label(title);
        heading.getStyleClass().add("subtitle");
        Label text = new Label(message);
        text.setWrapText(true);
        text.setMinHeight(Region.USE_PREF_SIZE);
        VBox content = new VBox(8, heading, text);
        content.setPrefWidth(420);
        content.getStyleClass().add("dialog-body");

        ButtonType go = new ButtonType(action, ButtonBar.ButtonData.OK_DONE);
        ButtonType stay =
                new ButtonType(MESSAGES.text("dialog.cancel"), ButtonBar.ButtonData.CANCEL_CLOSE);
        dialog.getDialogPane().getButtonTypes().setAll(go, stay);
        Button button = (Button) dialog.getDialogPane().lookupButton(go);
        button.setId("confirm");
        button.getStyleClass().add("danger");
        if (word != null) {
            TextField typed = new TextField();
            typed.setId("confirmWord");
            content.getChildren().addAll(new Label(MESSAGES.text("dialog.type", word)), typed);
            button.disableProperty().bind(typed.textProperty().isNotEqualTo(word));
        }
        dialog.getDialogPane().setContent(content);
        appearance.style(dialog.getDialogPane().getScene());
        return dialog.showAndWait().filter(go::equals).isPresent();
    }
}
