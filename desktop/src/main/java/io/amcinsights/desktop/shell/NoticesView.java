package io.amcinsights.desktop.shell;

import io.amcinsights.contract.Notice;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.TimeLabel;
import io.amcinsights.desktop.common.Tone;
import io.amcinsights.desktop.common.WrappedLabel;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.javafx.FontIcon;

/** The newest notices, over the corner of the screen; a click leads to what one is about. */
final class NoticesView extends VBox {

    private static final Messages MESSAGES = Messages.of(NoticesView.class);

    private final NoticesViewModel model;
    private final VBox list = new VBox();

    NoticesView(NoticesViewModel model) {
        this.model = model;
        setId("notices");
        getStyleClass().add("notices");
        setMaxSize(440, 480);
        setVisible(false);
        managedProperty().bind(visibleProperty());
        Label title = new Label(MESSAGES.text("notices.title"));
        title.getStyleClass().add("subtitle");
        title.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(title, Priority.ALWAYS);
        Button close = new Button(null, new FontIcon("fth-x"));
        close.setId("closeNotices");
        close.getStyleClass().addAll("flat", "button-icon");
        close.setAccessibleText(MESSAGES.text("notices.close"));
        close.setOnAction(event -> setVisible(false));
        HBox header = new HBox(8, title, close);
        header.setAlignment(Pos.CENTER_LEFT);
        header.getStyleClass().add("notices-header");
        ScrollPane scroll = new ScrollPane(list);
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        VBox.setVgrow(scroll, Priority.ALWAYS);
        getChildren().addAll(header, scroll);
        addEventHandler(
                KeyEvent.KEY_PRESSED,
                event -> {
                    if (event.getCode() == KeyCode.ESCAPE) {
                        setVisible(false);
                        event.consume();
                    }
                });
        model.newest().subscribe(this::show);
    }

    /** Opens or closes it. */
    void toggle() {
        setVisible(!isVisible());
        if (isVisible()) {
            model.seen();
            requestFocus();
        }
    }

    private void show() {
        if (model.newest().isEmpty()) {
            Label none = new Label(MESSAGES.text("notices.none"));
            none.getStyleClass().addAll("muted", "notice");
            none.setWrapText(true);
            list.getChildren().setAll(none);
        } else {
            list.getChildren().setAll(model.newest().stream().map(this::row).toList());
        }
        if (isVisible()) {
            model.seen();
        }
    }

    private Node row(Notice notice) {
        Tone tone = notice.good() ? Tone.SUCCEEDED : Tone.FAILED;
        FontIcon icon = new FontIcon(tone.icon());
        Label subject = new WrappedLabel(notice.subject());
        TimeLabel when = new TimeLabel(notice.at());
        when.getStyleClass().addAll("muted", "small");
        when.setMinWidth(USE_PREF_SIZE);
        HBox.setHgrow(subject, Priority.ALWAYS);
        subject.setMaxWidth(Double.MAX_VALUE);
        HBox first = new HBox(8, subject, when);
        VBox text = new VBox(4, first);
        if (!notice.good()) {
            Label why = new WrappedLabel(notice.text());
            why.getStyleClass().addAll("muted", "small");
            text.getChildren().add(why);
        }
        HBox.setHgrow(text, Priority.ALWAYS);
        HBox row = new HBox(12, icon, text);
        row.getStyleClass().addAll("notice", tone.styleClass());
        Button button = new Button(null, row);
        button.setMaxWidth(Double.MAX_VALUE);
        button.getStyleClass().addAll("flat", "notice-button");
        button.setAccessibleText(notice.subject());
        button.setOnAction(
                event -> {
                    setVisible(false);
                    model.open(notice);
                });
        row.prefWidthProperty().bind(list.widthProperty());
        return button;
    }
}
