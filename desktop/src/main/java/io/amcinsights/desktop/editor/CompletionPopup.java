package io.amcinsights.desktop.editor;

import io.amcinsights.desktop.common.Messages;
import io.amcinsights.sql.Completion;

import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.Parent;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.stage.Popup;

import org.fxmisc.richtext.CodeArea;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** The candidates below the caret. */
final class CompletionPopup {

    private static final Messages MESSAGES = Messages.of(CompletionPopup.class);
    private static final PseudoClass DARK = PseudoClass.getPseudoClass("dark");
    private static final int ROW = 26;
    private static final int ROWS = 9;
    private static final int WIDTH = 460;

    private final CodeArea area;
    private final Consumer<Completion> accept;
    private final ListView<Completion> list = new ListView<>();
    private final Popup popup = new Popup();

    CompletionPopup(CodeArea area, Consumer<Completion> accept) {
        this.area = area;
        this.accept = accept;
        list.setId("completions");
        list.getStyleClass().add("completions");
        list.setFixedCellSize(ROW);
        list.setPrefWidth(WIDTH);
        list.setFocusTraversable(false);
        list.setAccessibleText(MESSAGES.text("completion.accessible"));
        list.setCellFactory(view -> new Row());
        list.setOnMouseClicked(
                event -> {
                    if (event.getButton() == MouseButton.PRIMARY) {
                        choose();
                    }
                });
        popup.getContent().add(list);
        popup.setAutoHide(true);
        popup.setHideOnEscape(false);
    }

    boolean isShowing() {
        return popup.isShowing();
    }

    void hide() {
        popup.hide();
    }

    /** Shows the candidates; nothing where there are none. */
    void show(List<Completion> candidates) {
        if (candidates.isEmpty() || area.getScene() == null) {
            hide();
            return;
        }
        list.getItems().setAll(candidates);
        list.getSelectionModel().selectFirst();
        list.scrollTo(0);
        list.setPrefHeight(ROW * Math.min(ROWS, candidates.size()) + 10);
        area.getCaretBounds()
                .ifPresent(
                        caret -> {
                            popup.show(area, caret.getMinX(), caret.getMaxY() + 2);
                            dressLike(area.getScene().getRoot());
                        });
    }

    /** A popup has a scene of its own, which knows nothing of ours being dark. */
    private void dressLike(Parent root) {
        popup.getScene()
                .getRoot()
                .pseudoClassStateChanged(DARK, root.getPseudoClassStates().contains(DARK));
        String css = SqlEditor.class.getResource("editor.css").toExternalForm();
        if (!popup.getScene().getStylesheets().contains(css)) {
            popup.getScene().getStylesheets().add(css);
        }
    }

    /** Whether the key was for the list of candidates. */
    boolean pressed(KeyEvent event) {
        int size = list.getItems().size();
        int selected = list.getSelectionModel().getSelectedIndex();
        switch (event.getCode()) {
            case DOWN -> select((selected + 1) % size);
            case UP -> select((selected + size - 1) % size);
            case PAGE_DOWN -> select(Math.min(selected + ROWS, size - 1));
            case PAGE_UP -> select(Math.max(selected - ROWS, 0));
            case ENTER, TAB -> choose();
            case ESCAPE -> hide();
            case LEFT, RIGHT, HOME, END -> {
                hide();
                return false;
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void select(int index) {
        list.getSelectionModel().select(index);
        list.scrollTo(Math.max(0, index - ROWS / 2));
    }

    private void choose() {
        Completion chosen = list.getSelectionModel().getSelectedItem();
        hide();
        if (chosen != null) {
            accept.accept(chosen);
        }
    }

    private static final class Row extends ListCell<Completion> {

        private final Label kind = new Label();
        private final Label name = new Label();
        private final Label detail = new Label();
        private final HBox row = new HBox(8, kind, name, detail);

        Row() {
            kind.getStyleClass().add("completion-kind");
            name.getStyleClass().add("completion-name");
            name.setMinWidth(USE_PREF_SIZE);
            detail.getStyleClass().add("completion-detail");
            detail.setMaxWidth(Double.MAX_VALUE);
            HBox.setHgrow(detail, Priority.ALWAYS);
            row.setAlignment(Pos.CENTER_LEFT);
            setPrefWidth(0);
        }

        @Override
        protected void updateItem(@Nullable Completion completion, boolean empty) {
            super.updateItem(completion, empty);
            if (empty || completion == null) {
                setGraphic(null);
                return;
            }
            String word = completion.kind().name().toLowerCase(Locale.ROOT);
            kind.setText(MESSAGES.text("completion." + word));
            name.setText(completion.text());
            detail.setText(completion.detail());
            setGraphic(row);
        }
    }
}
