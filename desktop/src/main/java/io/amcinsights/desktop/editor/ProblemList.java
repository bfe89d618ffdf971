package io.amcinsights.desktop.editor;

import io.amcinsights.desktop.common.Messages;
import io.amcinsights.sql.Problem;

import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.function.Consumer;

/** The problems below an editor; choosing one goes to its place. */
final class ProblemList extends ListView<Problem> {

    private static final Messages MESSAGES = Messages.of(ProblemList.class);
    private static final int ROW = 28;
    private static final int ROWS = 4;

    ProblemList(ObservableList<Problem> problems, Consumer<Problem> goTo) {
        super(problems);
        setId("problems");
        getStyleClass().add("problem-list");
        setFixedCellSize(ROW);
        setAccessibleText(MESSAGES.text("problems.accessible"));
        setCellFactory(view -> new Row());
        managedProperty().bind(visibleProperty());
        problems.addListener((ListChangeListener<Problem>) change -> fit());
        setOnMouseClicked(event -> go(goTo));
        setOnKeyPressed(
                event -> {
                    if (event.getCode() == KeyCode.ENTER) {
                        go(goTo);
                        event.consume();
                    }
                });
        fit();
    }

    static FontIcon icon(Problem.Severity severity) {
        FontIcon icon =
                new FontIcon(
                        switch (severity) {
                            case ERROR -> "fth-alert-circle";
                            case WARNING -> "fth-alert-triangle";
                        });
        icon.getStyleClass()
                .add(
                        switch (severity) {
                            case ERROR -> "error";
                            case WARNING -> "warning";
                        });
        return icon;
    }

    private void fit() {
        double height = ROW * (double) Math.min(ROWS, getItems().size()) + 2;
        setVisible(!getItems().isEmpty());
        setMinHeight(height);
        setPrefHeight(height);
        setMaxHeight(height);
    }

    private void go(Consumer<Problem> goTo) {
        Problem chosen = getSelectionModel().getSelectedItem();
        if (chosen != null) {
            goTo.accept(chosen);
        }
    }

    private static final class Row extends ListCell<Problem> {

        private final Label place = new Label();
        private final Label message = new Label();

        Row() {
            place.getStyleClass().addAll("muted", "place");
            place.setMinWidth(USE_PREF_SIZE);
            message.setMaxWidth(Double.MAX_VALUE);
            HBox.setHgrow(message, Priority.ALWAYS);
            setPrefWidth(0);
        }

        @Override
        protected void updateItem(@Nullable Problem problem, boolean empty) {
            super.updateItem(problem, empty);
            if (empty || problem == null) {
                setGraphic(null);
                setTooltip(null);
                return;
            }
            place.setText(
                    MESSAGES.text(
                            "problems.place",
                            String.valueOf(problem.line()),
                            String.valueOf(problem.column())));
            message.setText(problem.message().replaceAll("\\s*\\n\\s*", " "));
            Tooltip whole = new Tooltip(problem.message());
            whole.setWrapText(true);
            whole.setMaxWidth(560);
            setTooltip(whole);
            HBox row = new HBox(8, icon(problem.severity()), message, place);
            row.setAlignment(Pos.CENTER_LEFT);
            setGraphic(row);
        }
    }
}
