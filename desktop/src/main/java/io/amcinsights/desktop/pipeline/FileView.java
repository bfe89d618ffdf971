package io.amcinsights.desktop.pipeline;

import io.amcinsights.contract.LakeRequest.Preview;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.StateView;

import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;

/** The beginning of a delivered file, as it is. */
final class FileView extends StackPane {

    private static final Messages MESSAGES = Messages.of(FileView.class);

    private final TextArea text = new TextArea();
    private final Label note = new Label();

    FileView(DetailViewModel model) {
        setId("file");
        text.setId("fileText");
        text.setEditable(false);
        text.getStyleClass().add("mono-field");
        VBox.setVgrow(text, Priority.ALWAYS);
        note.getStyleClass().addAll("muted", "small");
        StateView state = new StateView();
        state.setContent(new VBox(8, note, text));
        state.stateProperty().bind(model.fileStateProperty());
        getChildren().setAll(state);
        model.fileProperty().subscribe(this::show);
    }

    private void show(@Nullable Preview file) {
        text.setText(file == null ? "" : String.join("\n", file.lines()));
        note.setText(
                file == null
                        ? ""
                        : MESSAGES.text(
                                file.more() ? "file.beginning" : "file.whole",
                                file.lines().size()));
    }
}
