package io.amcinsights.desktop.queries;

import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.results.CellText;
import io.amcinsights.desktop.results.Column;
import io.amcinsights.desktop.results.Row;

import javafx.application.Platform;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.ListChangeListener;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.Tooltip;
import javafx.scene.control.skin.VirtualFlow;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.StackPane;
import javafx.scene.text.Font;
import javafx.scene.text.FontWeight;
import javafx.scene.text.Text;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * The rows of a result. Cells are selected as rectangles, whatever their number: a table’s own
 * selection keeps an object for each cell.
 */
final class ResultGrid extends StackPane {

    private static final Messages MESSAGES = Messages.of(ResultGrid.class);
    private static final PseudoClass PICKED = PseudoClass.getPseudoClass("picked");
    private static final PseudoClass NULL = PseudoClass.getPseudoClass("null");
    private static final double ROW_HEIGHT = 28;
    private static final int MEASURED_ROWS = 200;
    private static final double MIN_WIDTH = 64;
    private static final double MAX_WIDTH = 360;
    private static final double PADDING = 28;
    private static final double HEADER_PADDING = 8;
    private static final int LONGEST_SHOWN = 500;

    private final TableView<Row> table = new TableView<>();
    private final Set<Cell> cells = Collections.newSetFromMap(new WeakHashMap<>());
    private final ReadOnlyObjectWrapper<@Nullable Selection> selection =
            new ReadOnlyObjectWrapper<>();
    private final Actions actions;
    private List<Column> columns = List.of();
    private @Nullable Range range;

    /** What the grid asks for. */
    interface Actions {

        void copy(Selection selection, boolean header);

        /** Shows a row in full, at one of its columns. */
        void look(int row, int column);
    }

    /** Two opposite corners: rows, and columns by their place in the table. */
    private record Range(int anchorRow, int anchorColumn, int row, int column) {

        boolean covers(int atRow, int atColumn) {
            return between(anchorRow, row, atRow) && between(anchorColumn, column, atColumn);
        }

        private static boolean between(int a, int b, int at) {
            return Math.min(a, b) <= at && at <= Math.max(a, b);
        }
    }

    ResultGrid(Actions actions) {
        this.actions = actions;
        getStyleClass().add("result-grid");
        table.setId("rows");
        table.setFixedCellSize(ROW_HEIGHT);
        table.setSelectionModel(null);
        table.setPlaceholder(new Label(MESSAGES.text("grid.none")));
        table.setAccessibleText(MESSAGES.text("grid.accessible"));
        table.addEventFilter(KeyEvent.KEY_PRESSED, this::pressed);
        table.setContextMenu(menu());
        table.getVisibleLeafColumns()
                .addListener((ListChangeListener<TableColumn<Row, ?>>) change -> reordered());
        getChildren().add(table);
    }

    ReadOnlyObjectProperty<@Nullable Selection> selectionProperty() {
        return selection.getReadOnlyProperty();
    }

    /** Shows a result; columns that are there already keep their width and place. */
    void show(ResultViewModel.Table shown) {
        if (!shown.columns().equals(columns)) {
            columns = shown.columns();
            cells.clear();
            table.getColumns().clear();
            table.getColumns().add(rowNumbers());
            for (int i = 0; i < columns.size(); i++) {
                table.getColumns().add(column(i, shown.rows()));
            }
        }
        Range before = range;
        table.setItems(shown.rows());
        select(before != null && before.row() < shown.rows().size() ? before : null);
    }

    private void reordered() {
        select(null);
        TableColumn<Row, ?> numbers =
                table.getColumns().stream()
                        .filter(column -> column.getUserData() == null)
                        .findFirst()
                        .orElse(null);
        // The numbers of the rows stay in front, wherever a column is dragged.
        if (numbers != null && table.getColumns().indexOf(numbers) > 0) {
            Platform.runLater(
                    () -> {
                        if (table.getColumns().remove(numbers)) {
                            table.getColumns().addFirst(numbers);
                        }
                    });
        }
    }

    private TableColumn<Row, Row> rowNumbers() {
        TableColumn<Row, Row> column = new TableColumn<>();
        column.setId("rowNumbers");
        column.setReorderable(false);
        column.setSortable(false);
        column.setResizable(true);
        column.setPrefWidth(56);
        column.setCellFactory(any -> new RowNumber());
        return column;
    }

    private TableColumn<Row, Row> column(int index, List<Row> rows) {
        Column of = columns.get(index);
        Label header = new Label(of.name());
        header.setTooltip(new Tooltip("%s\n%s".formatted(of.name(), of.type())));
        header.setMaxWidth(Double.MAX_VALUE);
        TableColumn<Row, Row> column = new TableColumn<>();
        column.setGraphic(header);
        column.setUserData(index);
        column.setSortable(false);
        column.setPrefWidth(width(of, index, rows));
        if (numeric(of)) {
            column.getStyleClass().add("numeric");
            header.setAlignment(Pos.CENTER_RIGHT);
        }
        header.setOnMouseClicked(
                event -> {
                    if (event.getButton() == MouseButton.PRIMARY && event.isStillSincePress()) {
                        pickColumn(column);
                    }
                });
        column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(row.getValue()));
        column.setCellFactory(any -> new Cell(of, index));
        return column;
    }

    private static boolean numeric(Column column) {
        return column.kind().number() && !column.identifier();
    }

    private static double width(Column column, int index, List<Row> rows) {
        Text text = new Text();
        text.setFont(Font.font(null, FontWeight.BOLD, 14));
        double widest = width(text, column.name()) + HEADER_PADDING;
        text.setFont(Font.font(14));
        int sample = Math.min(MEASURED_ROWS, rows.size());
        int longest = 0;
        for (int i = 0; i < sample && widest < MAX_WIDTH; i++) {
            String cell = rows.get(i).cell(index);
            String shown = cell == null ? "NULL" : shown(column, cell);
            if (shown.length() >= longest) {
                longest = shown.length();
                widest = Math.max(widest, width(text, shown));
            }
        }
        return Math.clamp(widest + PADDING, MIN_WIDTH, MAX_WIDTH);
    }

    private static double width(Text text, String words) {
        text.setText(words);
        return text.getLayoutBounds().getWidth();
    }

    private static String shown(Column column, String cell) {
        String text = CellText.shown(column, cell, Locale.getDefault(Locale.Category.FORMAT));
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "…";
    }

    /** Makes each column as wide as its first rows need. */
    private void fit() {
        for (TableColumn<Row, ?> column : table.getColumns()) {
            if (column.getUserData() instanceof Integer index) {
                column.setPrefWidth(width(columns.get(index), index, table.getItems()));
            }
        }
    }

    private ContextMenu menu() {
        return new ContextMenu(
                item("grid.copy", () -> copy(false)),
                item("grid.copyWithHeader", () -> copy(true)),
                item("grid.selectAll", this::pickAll),
                new SeparatorMenuItem(),
                item("grid.look", this::look),
                item("grid.fit", this::fit));
    }

    private static MenuItem item(String key, Runnable command) {
        MenuItem item = new MenuItem(MESSAGES.text(key));
        item.setId(key.replace('.', '-'));
        item.setOnAction(event -> command.run());
        return item;
    }

    private void copy(boolean header) {
        Selection chosen = selection.get();
        if (chosen != null) {
            actions.copy(chosen, header);
        }
    }

    private void look() {
        Range now = range;
        if (now != null && table.getVisibleLeafColumn(now.column()) != null) {
            Object column = table.getVisibleLeafColumn(now.column()).getUserData();
            actions.look(now.row(), column instanceof Integer index ? index : 0);
        }
    }

    private int lastColumn() {
        return table.getVisibleLeafColumns().size() - 1;
    }

    private void pickAll() {
        if (!table.getItems().isEmpty()) {
            select(new Range(0, 1, table.getItems().size() - 1, lastColumn()));
        }
    }

    private void pickColumn(TableColumn<Row, ?> column) {
        int at = table.getVisibleLeafIndex(column);
        if (!table.getItems().isEmpty() && at >= 0) {
            select(new Range(0, at, table.getItems().size() - 1, at));
            table.requestFocus();
        }
    }

    private void pressed(KeyEvent event) {
        if (command(event)) {
            event.consume();
        }
    }

    private boolean command(KeyEvent event) {
        boolean shortcut = event.isShortcutDown();
        if (shortcut && event.getCode() == KeyCode.C) {
            copy(event.isShiftDown());
            return true;
        }
        if (shortcut && event.getCode() == KeyCode.A) {
            pickAll();
            return true;
        }
        int rows = table.getItems().size();
        if (rows == 0 || lastColumn() < 1) {
            return false;
        }
        int page = Math.max(1, (int) (table.getHeight() / ROW_HEIGHT) - 2);
        return switch (event.getCode()) {
            case UP -> move(event, shortcut ? -rows : -1, 0);
            case DOWN -> move(event, shortcut ? rows : 1, 0);
            case PAGE_UP -> move(event, -page, 0);
            case PAGE_DOWN -> move(event, page, 0);
            case LEFT -> move(event, 0, shortcut ? -columns.size() : -1);
            case RIGHT -> move(event, 0, shortcut ? columns.size() : 1);
            case HOME -> move(event, shortcut ? -rows : 0, -columns.size());
            case END -> move(event, shortcut ? rows : 0, columns.size());
            case ENTER, SPACE -> {
                if (shortcut) {
                    yield false;
                }
                look();
                yield true;
            }
            default -> false;
        };
    }

    /** Moves the corner that moves, with shift; else the whole selection becomes one cell. */
    private boolean move(KeyEvent event, int rows, int places) {
        Range now = range == null ? new Range(0, 1, 0, 1) : range;
        long wanted = (long) now.row() + (range == null ? 0 : rows);
        int row = Math.clamp(wanted, 0, table.getItems().size() - 1);
        int column = Math.clamp(now.column() + (range == null ? 0L : places), 1, lastColumn());
        select(
                event.isShiftDown()
                        ? new Range(now.anchorRow(), now.anchorColumn(), row, column)
                        : new Range(row, column, row, column));
        reveal(row);
        table.scrollToColumnIndex(column);
        return true;
    }

    /** Scrolls no further than is needed to see a row. */
    private void reveal(int row) {
        if (table.lookup(".virtual-flow") instanceof VirtualFlow<?> flow
                && flow.getFirstVisibleCell() != null) {
            int first = flow.getFirstVisibleCell().getIndex();
            int last = flow.getLastVisibleCell().getIndex();
            if (row <= first) {
                table.scrollTo(row);
            } else if (row >= last) {
                table.scrollTo(row - (last - first) + 1);
            }
        }
    }

    private void select(@Nullable Range next) {
        range = next;
        cells.forEach(Cell::mark);
        if (next == null) {
            selection.set(null);
            return;
        }
        List<Integer> chosen = new ArrayList<>();
        for (int at = Math.min(next.anchorColumn(), next.column());
                at <= Math.min(lastColumn(), Math.max(next.anchorColumn(), next.column()));
                at++) {
            if (table.getVisibleLeafColumn(at).getUserData() instanceof Integer index) {
                chosen.add(index);
            }
        }
        selection.set(
                new Selection(
                        Math.min(next.anchorRow(), next.row()),
                        Math.max(next.anchorRow(), next.row()),
                        chosen));
    }

    /** The number of a row; a click selects the row. */
    private final class RowNumber extends TableCell<Row, Row> {

        RowNumber() {
            getStyleClass().add("row-number");
            setOnMousePressed(
                    event -> {
                        if (!isEmpty() && event.getButton() == MouseButton.PRIMARY) {
                            Range now = range;
                            int anchor =
                                    event.isShiftDown() && now != null
                                            ? now.anchorRow()
                                            : getIndex();
                            select(new Range(anchor, 1, getIndex(), lastColumn()));
                            table.requestFocus();
                            event.consume();
                        }
                    });
            setOnMouseClicked(
                    event -> {
                        if (event.getClickCount() == 2 && !isEmpty()) {
                            actions.look(getIndex(), 0);
                        }
                    });
        }

        @Override
        protected void updateItem(@Nullable Row row, boolean empty) {
            super.updateItem(row, empty);
            write();
        }

        @Override
        public void updateIndex(int index) {
            super.updateIndex(index);
            write();
        }

        private void write() {
            boolean there = getIndex() >= 0 && getIndex() < table.getItems().size();
            setText(there ? MESSAGES.text("grid.number", getIndex() + 1) : null);
        }
    }

    /** One value. */
    private final class Cell extends TableCell<Row, Row> {

        private final Column of;
        private final int index;

        Cell(Column of, int index) {
            this.of = of;
            this.index = index;
            cells.add(this);
            setOnMousePressed(this::begin);
            setOnDragDetected(
                    event -> {
                        if (event.getButton() == MouseButton.PRIMARY) {
                            startFullDrag();
                        }
                    });
            setOnMouseDragEntered(event -> extend());
            setOnMouseClicked(
                    event -> {
                        if (event.getClickCount() == 2
                                && event.getButton() == MouseButton.PRIMARY
                                && !isEmpty()) {
                            actions.look(getIndex(), index);
                        }
                    });
        }

        private int place() {
            return table.getVisibleLeafIndex(getTableColumn());
        }

        private void begin(MouseEvent event) {
            if (isEmpty()) {
                return;
            }
            table.requestFocus();
            boolean inside = range != null && range.covers(getIndex(), place());
            if (event.getButton() == MouseButton.PRIMARY && event.isShiftDown() && range != null) {
                extend();
            } else if (event.getButton() == MouseButton.PRIMARY || !inside) {
                select(new Range(getIndex(), place(), getIndex(), place()));
            }
            event.consume();
        }

        private void extend() {
            Range now = range;
            if (now != null && !isEmpty()) {
                select(new Range(now.anchorRow(), now.anchorColumn(), getIndex(), place()));
            }
        }

        @Override
        protected void updateItem(@Nullable Row row, boolean empty) {
            super.updateItem(row, empty);
            String cell = row == null ? null : row.cell(index);
            boolean there = row != null && !empty && !row.equals(Row.LOADING);
            pseudoClassStateChanged(NULL, there && cell == null);
            setText(!there ? null : cell == null ? "NULL" : shown(of, cell));
            mark();
        }

        @Override
        public void updateIndex(int at) {
            super.updateIndex(at);
            mark();
        }

        void mark() {
            Range now = range;
            pseudoClassStateChanged(
                    PICKED, now != null && !isEmpty() && now.covers(getIndex(), place()));
        }
    }
}
