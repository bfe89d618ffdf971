package io.amcinsights.desktop.inputs;

import atlantafx.base.controls.CustomTextField;

import io.amcinsights.desktop.common.Messages;

import javafx.css.PseudoClass;
import javafx.geometry.Bounds;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.stage.Popup;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** Where a time zone is entered: typing narrows a list of zones. */
public final class ZoneInput extends CustomTextField {

    private static final Messages MESSAGES = Messages.of(ZoneInput.class);
    private static final PseudoClass DARK = PseudoClass.getPseudoClass("dark");
    private static final int ROW = 28;
    private static final int ROWS = 8;

    private final ListView<String> list = new ListView<>();
    private final Popup popup = new Popup();
    private boolean choosing;

    public ZoneInput() {
        getStylesheets()
                .add(
                        Objects.requireNonNull(ZoneInput.class.getResource("Inputs.css"))
                                .toExternalForm());
        FontIcon icon = new FontIcon("fth-globe");
        icon.getStyleClass().add("zone-icon");
        icon.setOnMouseClicked(event -> offer(""));
        setRight(icon);
        setPromptText(MESSAGES.text("zone.prompt"));
        list.setId("zones");
        list.getStyleClass().add("zones");
        list.setFixedCellSize(ROW);
        list.setFocusTraversable(false);
        list.setAccessibleText(MESSAGES.text("zone.list"));
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
        textProperty()
                .subscribe(
                        text -> {
                            if (isFocused() && !choosing) {
                                offer(text);
                            }
                        });
        focusedProperty()
                .subscribe(
                        focused -> {
                            if (!focused) {
                                popup.hide();
                            }
                        });
        addEventFilter(KeyEvent.KEY_PRESSED, this::pressed);
    }

    private void offer(String text) {
        List<String> found = ZoneSearch.matching(text);
        if (found.isEmpty() || getScene() == null) {
            popup.hide();
            return;
        }
        list.getItems().setAll(found);
        list.getSelectionModel().select(text.isEmpty() ? getText() : found.getFirst());
        list.scrollTo(Math.max(0, list.getSelectionModel().getSelectedIndex() - 2));
        list.setPrefSize(getWidth(), ROW * Math.min(ROWS, found.size()) + 6.0);
        if (!popup.isShowing()) {
            Bounds here = localToScreen(getBoundsInLocal());
            popup.show(this, here.getMinX(), here.getMaxY() + 2);
            dress();
        }
    }

    /** A popup has a scene of its own, which knows nothing of ours being dark. */
    private void dress() {
        popup.getScene()
                .getRoot()
                .pseudoClassStateChanged(
                        DARK, getScene().getRoot().getPseudoClassStates().contains(DARK));
        String css =
                Objects.requireNonNull(ZoneInput.class.getResource("Inputs.css")).toExternalForm();
        if (!popup.getScene().getStylesheets().contains(css)) {
            popup.getScene().getStylesheets().add(css);
        }
    }

    private void pressed(KeyEvent event) {
        int selected = list.getSelectionModel().getSelectedIndex();
        switch (event.getCode()) {
            case DOWN -> {
                if (popup.isShowing()) {
                    select(selected + 1);
                } else {
                    offer("");
                }
            }
            case UP -> {
                if (popup.isShowing()) {
                    select(selected - 1);
                }
            }
            case ENTER, TAB -> {
                if (!popup.isShowing()) {
                    return;
                }
                choose();
            }
            case ESCAPE -> {
                if (!popup.isShowing()) {
                    return;
                }
                popup.hide();
            }
            default -> {
                return;
            }
        }
        event.consume();
    }

    private void select(int index) {
        int row = Math.clamp(index, 0, list.getItems().size() - 1);
        list.getSelectionModel().select(row);
        list.scrollTo(Math.max(0, row - ROWS / 2));
    }

    private void choose() {
        String chosen = list.getSelectionModel().getSelectedItem();
        popup.hide();
        if (chosen != null) {
            choosing = true;
            setText(chosen);
            choosing = false;
            end();
        }
    }

    private static final class Row extends ListCell<String> {

        private final Label name = new Label();
        private final Label offset = new Label();
        private final HBox row = new HBox(8, name, offset);

        Row() {
            name.setMaxWidth(Double.MAX_VALUE);
            HBox.setHgrow(name, Priority.ALWAYS);
            offset.getStyleClass().add("zone-offset");
            offset.setMinWidth(Region.USE_PREF_SIZE);
            row.setAlignment(Pos.CENTER_LEFT);
            setPrefWidth(0);
        }

        @Override
        protected void updateItem(@Nullable String zone, boolean empty) {
            super.updateItem(zone, empty);
            if (empty || zone == null) {
                setGraphic(null);
                return;
            }
            name.setText(zone);
            offset.setText(ZoneSearch.offset(zone, Instant.now()));
            setGraphic(row);
        }
    }
}
