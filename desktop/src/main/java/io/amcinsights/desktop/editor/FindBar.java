package io.amcinsights.desktop.editor;

import io.amcinsights.desktop.common.Messages;

import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.IndexRange;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;

import org.fxmisc.richtext.CodeArea;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Finds text in an area, whatever its case. */
final class FindBar extends HBox {

    private static final Messages MESSAGES = Messages.of(FindBar.class);

    private final CodeArea area;
    private final Runnable onHits;
    private final TextField sought = new TextField();
    private final Label count = new Label();
    private List<IndexRange> hits = List.of();

    /**
     * @param onHits called when other places are to be shown
     */
    FindBar(CodeArea area, Runnable onHits) {
        this.area = area;
        this.onHits = onHits;
        getStyleClass().add("find-bar");
        setAlignment(Pos.CENTER_LEFT);
        setVisible(false);
        managedProperty().bind(visibleProperty());

        sought.setId("sought");
        sought.setPromptText(MESSAGES.text("find.prompt"));
        sought.getStyleClass().add("small");
        HBox.setHgrow(sought, Priority.ALWAYS);
        sought.textProperty().addListener((property, old, now) -> search());
        sought.setOnKeyPressed(
                event -> {
                    if (event.getCode() == KeyCode.ESCAPE) {
                        close();
                        event.consume();
                    } else if (event.getCode() == KeyCode.ENTER) {
                        step(event.isShiftDown());
                        event.consume();
                    }
                });
        count.setId("findCount");
        count.getStyleClass().add("muted");
        getChildren()
                .addAll(
                        sought,
                        count,
                        button("fth-chevron-up", "find.previous", () -> step(true)),
                        button("fth-chevron-down", "find.next", () -> step(false)),
                        button("fth-x", "find.close", this::close));
    }

    /** Opens with a text to find; one of several lines is no word to look for. */
    void open(String text) {
        setVisible(true);
        if (!text.isEmpty() && !text.contains("\n")) {
            sought.setText(text);
        }
        search();
        sought.requestFocus();
        sought.selectAll();
    }

    void close() {
        setVisible(false);
        hits = List.of();
        onHits.run();
        area.requestFocus();
    }

    /** Where the text is found; none while the bar is closed. */
    List<IndexRange> hits() {
        return hits;
    }

    /** Looks again: the area's text has changed. */
    void refresh() {
        if (isVisible()) {
            search();
        }
    }

    private void search() {
        String needle = sought.getText().toLowerCase(Locale.ROOT);
        List<IndexRange> places = new ArrayList<>();
        if (!needle.isEmpty()) {
            String text = area.getText().toLowerCase(Locale.ROOT);
            for (int at = text.indexOf(needle);
                    at >= 0 && at + needle.length() <= area.getLength();
                    at = text.indexOf(needle, at + needle.length())) {
                places.add(new IndexRange(at, at + needle.length()));
            }
        }
        hits = List.copyOf(places);
        showCount(-1);
        onHits.run();
    }

    private void step(boolean back) {
        if (hits.isEmpty()) {
            return;
        }
        int from = back ? area.getSelection().getStart() : area.getSelection().getEnd();
        int chosen = back ? hits.size() - 1 : 0;
        for (int i = 0; i < hits.size(); i++) {
            int start = hits.get(i).getStart();
            if (!back && start >= from) {
                chosen = i;
                break;
            }
            if (back && start < from) {
                chosen = i;
            }
        }
        area.selectRange(hits.get(chosen).getStart(), hits.get(chosen).getEnd());
        area.requestFollowCaret();
        showCount(chosen);
    }

    private void showCount(int chosen) {
        if (sought.getText().isEmpty()) {
            count.setText("");
        } else if (hits.isEmpty()) {
            count.setText(MESSAGES.text("find.none"));
        } else {
            count.setText(
                    chosen < 0
                            ? MESSAGES.text("find.hits", hits.size())
                            : MESSAGES.text("find.hit", chosen + 1, hits.size()));
        }
    }

    private static Button button(String icon, String key, Runnable command) {
        Button button = new Button(null, new FontIcon(icon));
        button.getStyleClass().addAll("flat", "button-icon", "small");
        button.setTooltip(new Tooltip(MESSAGES.text(key)));
        button.setAccessibleText(MESSAGES.text(key));
        button.setOnAction(event -> command.run());
        return button;
    }
}
