package io.amcinsights.desktop.pipeline;

import io.amcinsights.desktop.common.TimeLabel;

import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.scene.Node;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.function.Function;

/** The kinds of columns that this screen's tables have. */
final class Columns {

    private Columns() {}

    static <R> TableColumn<R, String> text(
            String title, double width, Function<R, @Nullable String> value) {
        TableColumn<R, String> column = new TableColumn<>(title);
        column.setPrefWidth(width);
        column.setCellValueFactory(
                row -> {
                    String text = value.apply(row.getValue());
                    return new ReadOnlyObjectWrapper<>(text == null ? "" : text);
                });
        return column;
    }

    static <R> TableColumn<R, String> number(
            String title, double width, Function<R, @Nullable String> value) {
        TableColumn<R, String> column = text(title, width, value);
        column.getStyleClass().add("numeric");
        return column;
    }

    static <R> TableColumn<R, Instant> time(
            String title, double width, Function<R, Instant> value) {
        TableColumn<R, Instant> column = new TableColumn<>(title);
        column.setPrefWidth(width);
        column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(value.apply(row.getValue())));
        column.setCellFactory(
                any ->
                        new TableCell<>() {
                            private final TimeLabel label = new TimeLabel();

                            @Override
                            protected void updateItem(@Nullable Instant time, boolean empty) {
                                super.updateItem(time, empty);
                                label.show(time);
                                setGraphic(empty ? null : label);
                            }
                        });
        return column;
    }

    /** A column of small pictures. */
    static <R> TableColumn<R, R> node(String title, double width, Function<R, Node> picture) {
        TableColumn<R, R> column = new TableColumn<>(title);
        column.setPrefWidth(width);
        column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(row.getValue()));
        column.setCellFactory(
                any ->
                        new TableCell<>() {
                            @Override
                            protected void updateItem(@Nullable R row, boolean empty) {
                                super.updateItem(row, empty);
                                setGraphic(row == null || empty ? null : picture.apply(row));
                            }
                        });
        return column;
    }
}
