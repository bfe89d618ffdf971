package io.amcinsights.desktop.queries;

import io.amcinsights.desktop.common.ClipboardText;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.results.Column;
import io.amcinsights.desktop.results.Row;

import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.List;

/** A row as a list of names and values, each value in full; the one that was chosen comes first. */
final class RecordView extends VBox {

    private static final Messages MESSAGES = Messages.of(RecordView.class);

    RecordView(List<Column> columns, Row row, int chosen) {
        setId("record");
        setSpacing(12);
        getChildren().add(value(columns.get(chosen), row.cell(chosen), true));
        for (int i = 0; i < columns.size(); i++) {
            if (i != chosen) {
                getChildren().add(value(columns.get(i), row.cell(i), false));
            }
        }
    }

    private static VBox value(Column column, @Nullable String cell, boolean chosen) {
        Label name = new Label(column.name());
        name.getStyleClass().add("field-label");
        Label type = new Label(column.type());
        type.getStyleClass().addAll("muted", "small");
        HBox.setHgrow(type, Priority.ALWAYS);
        type.setMaxWidth(Double.MAX_VALUE);
        HBox head = new HBox(8, name, type);
        head.setAlignment(Pos.CENTER_LEFT);
        Label text = new Label(cell == null ? "NULL" : cell);
        text.setWrapText(true);
        text.setMinHeight(Region.USE_PREF_SIZE);
        text.getStyleClass().add("record-value");
        if (cell == null) {
            text.getStyleClass().add("muted");
        } else {
            Button copy = new Button(null, new FontIcon("fth-copy"));
            copy.getStyleClass().addAll("flat", "button-icon", "copy");
            copy.setTooltip(new Tooltip(MESSAGES.text("record.copy")));
            copy.setAccessibleText(MESSAGES.text("record.copyOf", column.name()));
            copy.setOnAction(event -> ClipboardText.copy(cell));
            head.getChildren().add(copy);
        }
        VBox box = new VBox(2, head, text);
        if (chosen) {
            box.getStyleClass().add("record-chosen");
        }
        return box;
    }
}
