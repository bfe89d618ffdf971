package io.amcinsights.desktop.queries;

import io.amcinsights.desktop.aws.Athena;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.sql.athena.AthenaSql;

import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.control.TreeCell;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.Dragboard;
import javafx.scene.input.TransferMode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.function.Consumer;

/** A table or column in the catalogue; it can be dragged into the editor. */
final class CatalogueCell extends TreeCell<CatalogueCell.Item> {

    private static final Messages MESSAGES = Messages.of(CatalogueCell.class);

    private final Consumer<String> preview;

    /** What a line of the tree stands for. */
    sealed interface Item {

        String name();

        /** As SQL has to write it. */
        default String inSql() {
            return AthenaSql.name(name());
        }
    }

    record OfTable(Athena.Table table) implements Item {

        @Override
        public String name() {
            return table.name();
        }
    }

    record OfColumn(Athena.TableColumn column) implements Item {

        @Override
        public String name() {
            return column.name();
        }
    }

    /**
     * @param preview shows the first rows of a table
     */
    CatalogueCell(Consumer<String> preview) {
        this.preview = preview;
        // The tree is as wide as its place, and long names end in dots.
        setPrefWidth(0);
        setOnDragDetected(
                event -> {
                    Item item = getItem();
                    if (item != null) {
                        Dragboard board = startDragAndDrop(TransferMode.COPY);
                        ClipboardContent content = new ClipboardContent();
                        content.putString(item.inSql());
                        board.setContent(content);
                        event.consume();
                    }
                });
    }

    @Override
    protected void updateItem(@Nullable Item item, boolean empty) {
        super.updateItem(item, empty);
        if (item == null || empty) {
            setGraphic(null);
            setTooltip(null);
            return;
        }
        setGraphic(
                switch (item) {
                    case OfTable(Athena.Table table) -> table(table);
                    case OfColumn(Athena.TableColumn column) -> column(column);
                });
        setTooltip(tooltip(item));
    }

    private HBox table(Athena.Table table) {
        Button look = new Button(null, new FontIcon("fth-eye"));
        look.getStyleClass().addAll("flat", "button-icon", "preview");
        look.setTooltip(new Tooltip(MESSAGES.text("catalogue.preview")));
        look.setAccessibleText(MESSAGES.text("catalogue.previewOf", table.name()));
        look.setOnAction(event -> preview.accept(table.name()));
        return line(new FontIcon(table.view() ? "fth-layers" : "fth-database"), table.name(), look);
    }

    private static HBox column(Athena.TableColumn column) {
        Label type = new Label(column.type());
        type.getStyleClass().addAll("muted", "small", "column-type");
        FontIcon icon = new FontIcon(column.partition() ? "fth-folder" : "fth-minus");
        icon.getStyleClass().add("column-icon");
        return line(icon, column.name(), type);
    }

    private static HBox line(FontIcon icon, String name, Region end) {
        Label label = new Label(name);
        label.setMinWidth(48);
        label.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(label, Priority.ALWAYS);
        HBox line = new HBox(8, icon, label, end);
        line.setAlignment(Pos.CENTER_LEFT);
        return line;
    }

    private static Tooltip tooltip(Item item) {
        String text =
                switch (item) {
                    case OfTable(Athena.Table table) ->
                            MESSAGES.text(
                                    table.view() ? "catalogue.view" : "catalogue.table",
                                    table.name(),
                                    table.columns().size());
                    case OfColumn(Athena.TableColumn column) ->
                            MESSAGES.text(
                                            column.partition()
                                                    ? "catalogue.partition"
                                                    : "catalogue.column",
                                            column.name(),
                                            column.type())
                                    + (column.comment().isEmpty() ? "" : "\n" + column.comment());
                };
        Tooltip tooltip = new Tooltip(text);
        tooltip.setWrapText(true);
        tooltip.setMaxWidth(360);
        return tooltip;
    }
}
