package io.amcinsights.desktop.common;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.javafx.FontIcon;

import java.util.function.BooleanSupplier;

/**
 * Details at the right of a screen. It takes its room from the content beside it and hides nothing;
 * Escape closes it.
 */
public final class Drawer extends VBox {

    private static final Messages MESSAGES = Messages.of(Drawer.class);
    private static final double MARGIN = 16;

    private final Label title = new Label();
    private final ScrollPane body = new ScrollPane();
    private final StackPane footer = new StackPane();
    private Runnable onClose = () -> {};
    private BooleanSupplier mayClose = () -> true;

    public Drawer() {
        getStyleClass().add("drawer");
        footer.setVisible(false);
        setVisible(false);
        managedProperty().bind(visibleProperty());

        title.getStyleClass().add("subtitle");
        title.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(title, Priority.ALWAYS);
        Button close = new Button(null, new FontIcon("fth-x"));
        close.setId("closeDrawer");
        close.getStyleClass().addAll("flat", "button-icon");
        close.setTooltip(new Tooltip(MESSAGES.text("drawer.close")));
        close.setAccessibleText(MESSAGES.text("drawer.close"));
        close.setOnAction(event -> close());
        HBox header = new HBox(8, title, close);
        header.setAlignment(Pos.CENTER_LEFT);
        header.getStyleClass().add("drawer-header");

        body.setFitToWidth(true);
        body.setFitToHeight(true);
        body.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        VBox.setVgrow(body, Priority.ALWAYS);
        footer.getStyleClass().add("drawer-footer");
        footer.managedProperty().bind(footer.visibleProperty());
        getChildren().addAll(header, body, footer);
        // The screen's other controls have the focus more often than the drawer has.
        parentProperty()
                .subscribe(
                        parent -> {
                            if (parent != null) {
                                parent.addEventHandler(KeyEvent.KEY_PRESSED, this::key);
                            }
                        });
    }

    private void key(KeyEvent event) {
        if (event.getCode() == KeyCode.ESCAPE && isVisible()) {
            close();
            event.consume();
        }
    }

    private void close() {
        if (mayClose.getAsBoolean()) {
            hide();
        }
    }

    /** Shows details under a title. */
    public void show(String text, Node details) {
        footer.setVisible(false);
        footer.getChildren().clear();
        showBody(text, details);
    }

    /** Shows details under a title, and below them what always stays in sight. */
    public void show(String text, Node details, Node below) {
        footer.getChildren().setAll(below);
        footer.setVisible(true);
        showBody(text, details);
    }

    /** Changes the title of what is shown. */
    public void rename(String text) {
        title.setText(text);
    }

    private void showBody(String text, Node details) {
        title.setText(text);
        if (details instanceof Region region) {
            if (!region.getStyleClass().contains("drawer-body")) {
                region.getStyleClass().add("drawer-body");
            }
        }
        body.setContent(details);
        body.setVvalue(0);
        setVisible(true);
    }

    /** Scrolls to a part of the details. */
    public void reveal(Node part) {
        Node details = body.getContent();
        double beyond =
                details.getBoundsInLocal().getHeight() - body.getViewportBounds().getHeight();
        if (beyond > 0) {
            double top = details.sceneToLocal(part.localToScene(part.getBoundsInLocal())).getMinY();
            body.setVvalue(Math.clamp((top - MARGIN) / beyond, 0, 1));
        }
    }

    /** Closes it, if it is open. */
    public void hide() {
        if (isVisible()) {
            setVisible(false);
            onClose.run();
        }
    }

    /** Asked before the person closes it. */
    public void setMayClose(BooleanSupplier question) {
        mayClose = question;
    }

    /** What happens when it has been closed. */
    public void setOnClose(Runnable command) {
        onClose = command;
    }

    public ReadOnlyBooleanProperty shownProperty() {
        return visibleProperty();
    }
}
