package io.amcinsights.desktop.common;

import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.scene.control.Label;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** A few rows of texts, as wide as they need; a value that is absent is shown as NULL. */
public final class TextTable {

    private static final double WIDEST = 240;
    private static final double PADDING = 32;
    private static final double LETTER = 8;

    private TextTable() {}

    /**
     * @param none what is said where there are no rows
     */
    public static TableView<List<@Nullable String>> of(
            List<String> columns, List<List<@Nullable String>> rows, String none) {
        TableView<List<@Nullable String>> table = new TableView<>();
        table.setPlaceholder(new Label(none));
        for (int i = 0; i < columns.size(); i++) {
            table.getColumns().add(column(columns.get(i), i, rows));
        }
        table.getItems().setAll(rows);
        return table;
    }

    private static TableColumn<List<@Nullable String>, @Nullable String> column(
            String name, int index, List<List<@Nullable String>> rows) {
        TableColumn<List<@Nullable String>, @Nullable String> column = new TableColumn<>(name);
        int longest = name.length();
        for (List<@Nullable String> row : rows) {
            String value = row.get(index);
            longest = Math.max(longest, value == null ? 4 : value.length());
        }
        column.setPrefWidth(Math.min(WIDEST, PADDING + longest * LETTER));
        column.setSortable(false);
        column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(row.getValue().get(index)));
        column.setCellFactory(
                of ->
                        new TableCell<>() {
                            @Override
                            protected void updateItem(@Nullable String value, boolean empty) {
                                super.updateItem(value, empty);
                                setText(empty ? "" : value == null ? "NULL" : value);
                                getStyleClass().remove("muted");
                                if (!empty && value == null) {
                                    getStyleClass().add("muted");
                                }
                            }
                        });
        return column;
    }
}
