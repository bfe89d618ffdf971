package io.amcinsights.desktop.common;

import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;

import java.util.function.Consumer;

/** What rows of tables do. */
public final class Rows {

    private Rows() {}

    /** A click or Enter opens a row. */
    public static <R> void open(TableView<R> table, Consumer<R> open) {
        table.setRowFactory(
                any -> {
                    TableRow<R> row = new TableRow<>();
                    row.getStyleClass().add("opens");
                    row.setOnMouseClicked(
                            event -> {
                                if (!row.isEmpty() && event.getButton() == MouseButton.PRIMARY) {
                                    open.accept(row.getItem());
                                }
                            });
                    return row;
                });
        table.setOnKeyPressed(
                event -> {
                    R chosen = table.getSelectionModel().getSelectedItem();
                    if (event.getCode() == KeyCode.ENTER && chosen != null) {
                        open.accept(chosen);
                        event.consume();
                    }
                });
    }
}
