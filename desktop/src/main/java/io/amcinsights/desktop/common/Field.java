package io.amcinsights.desktop.common;

import javafx.beans.DefaultProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.ObservableList;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Pane;
import javafx.scene.layout.VBox;

/** A field of a form: its label above, what is wrong with it below, else a hint. */
@DefaultProperty("control")
public final class Field extends VBox {

    private static final PseudoClass DANGER = PseudoClass.getPseudoClass("danger");

    private final Label label = new Label();
    private final HBox heading = new HBox(8, label);
    private final VBox control = new VBox();
    private final Label hint = new Label();
    private final Label message = new Label();

    public Field() {
        getStyleClass().add("field");
        label.getStyleClass().add("field-label");
        hint.getStyleClass().add("field-hint");
        message.getStyleClass().add("field-message");
        for (Label below : new Label[] {hint, message}) {
            below.setWrapText(true);
            below.setMinHeight(USE_PREF_SIZE);
            below.managedProperty().bind(below.visibleProperty());
        }
        hint.visibleProperty()
                .bind(hint.textProperty().isNotEmpty().and(message.textProperty().isEmpty()));
        message.visibleProperty().bind(message.textProperty().isNotEmpty());
        message.textProperty().subscribe(text -> mark(!text.isEmpty()));
        heading.setAlignment(Pos.BASELINE_LEFT);
        getChildren().addAll(heading, control, hint, message);
    }

    private void mark(boolean wrong) {
        mark(control, wrong);
    }

    private void mark(Pane pane, boolean wrong) {
        for (Node node : pane.getChildren()) {
            node.pseudoClassStateChanged(DANGER, wrong);
            node.setAccessibleHelp(wrong ? message.getText() : hint.getText());
            if (node instanceof Pane inner) {
                mark(inner, wrong);
            }
        }
    }

    public String getLabel() {
        return label.getText();
    }

    public void setLabel(String text) {
        label.setText(text);
    }

    public String getHint() {
        return hint.getText();
    }

    public void setHint(String text) {
        hint.setText(text);
    }

    /** Puts a remark of a word or two beside the label. */
    public void remark(Node remark) {
        heading.getChildren().add(remark);
    }

    /** What is wrong with the field; empty where nothing is. */
    public StringProperty messageProperty() {
        return message.textProperty();
    }

    /** What is entered into: usually one control. */
    public ObservableList<Node> getControl() {
        return control.getChildren();
    }
}
