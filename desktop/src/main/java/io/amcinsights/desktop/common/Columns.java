package io.amcinsights.desktop.common;

import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;

import java.util.function.BiConsumer;
import java.util.function.Function;

/** What columns of tables show. */
public final class Columns {

    private Columns() {}

    /** Shows a text of each row. */
    public static <R> void text(TableColumn<R, String> column, Function<R, String> text) {
        column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(text.apply(row.getValue())));
    }

    /**
     * Draws each row's cell.
     *
     * @param draw sets text and graphic of the cell, which it gets empty
     */
    public static <R> void drawn(TableColumn<R, R> column, BiConsumer<TableCell<R, R>, R> draw) {
        column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(row.getValue()));
        column.setCellFactory(
                shown ->
                        new TableCell<>() {
                            @Override
                            protected void updateItem(R item, boolean empty) {
                                super.updateItem(item, empty);
                                setText(null);
                                setGraphic(null);
                                setTooltip(null);
                                if (!empty && item != null) {
                                    draw.accept(this, item);
                                }
                            }
                        });
    }
}
