package io.amcinsights.desktop.inputs;

import io.amcinsights.contract.Parameter;
import io.amcinsights.desktop.common.Field;
import io.amcinsights.desktop.common.Messages;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;

import java.util.Objects;

/** A field for each parameter. */
public final class ParametersView extends VBox {

    private static final Messages MESSAGES = Messages.of(ParametersView.class);
    private static final int LINES = 4;

    public ParametersView(ParametersViewModel model) {
        getStyleClass().addAll("form", "parameters");
        getStylesheets()
                .add(
                        Objects.requireNonNull(ParametersView.class.getResource("Inputs.css"))
                                .toExternalForm());
        model.fields()
                .subscribe(
                        () ->
                                getChildren()
                                        .setAll(
                                                model.fields().stream()
                                                        .map(ParametersView::field)
                                                        .toList()));
        getChildren().setAll(model.fields().stream().map(ParametersView::field).toList());
    }

    private static Field field(ParameterField parameter) {
        Parameter declared = parameter.parameter();
        Field field = new Field();
        field.setLabel(declared.name());
        field.setHint(declared.description());
        Label kind = new Label(ParameterWords.kind(declared.type(), declared.array()));
        kind.getStyleClass().addAll("muted", "small");
        field.remark(kind);
        field.remark(
                parameter.hasDefault()
                        ? standing(parameter)
                        : parameter.optional() ? unset(parameter) : tag("parameter.required"));
        Node control = control(parameter);
        control.focusWithinProperty()
                .subscribe(
                        (had, has) -> {
                            if (had && !has) {
                                parameter.left();
                            }
                        });
        field.getControl().add(control);
        Label preview = new Label();
        preview.getStyleClass().addAll("muted", "small");
        preview.textProperty().bind(parameter.previewProperty());
        preview.visibleProperty().bind(parameter.previewProperty().isNotEmpty());
        preview.managedProperty().bind(preview.visibleProperty());
        field.getControl().add(preview);
        field.messageProperty().bind(parameter.messageProperty());
        return field;
    }

    /** Says that the default is taken, or leads back to it. */
    private static Node standing(ParameterField parameter) {
        Label standard = tag("parameter.default");
        standard.visibleProperty().bind(parameter.standardProperty());
        standard.managedProperty().bind(standard.visibleProperty());
        Hyperlink reset = new Hyperlink(MESSAGES.text("parameter.reset"));
        reset.getStyleClass().addAll("small", "parameter-reset");
        reset.visibleProperty().bind(parameter.standardProperty().not());
        reset.managedProperty().bind(reset.visibleProperty());
        reset.setOnAction(event -> parameter.reset());
        HBox box = new HBox(standard, reset);
        box.setAlignment(Pos.BASELINE_LEFT);
        return box;
    }

    private static Node unset(ParameterField parameter) {
        Label unset = tag("parameter.unset");
        unset.visibleProperty().bind(parameter.textProperty().map(String::isBlank).orElse(true));
        return unset;
    }

    private static Label tag(String key) {
        Label tag = new Label(MESSAGES.text(key));
        tag.getStyleClass().add("tag");
        return tag;
    }

    private static Node control(ParameterField parameter) {
        Parameter declared = parameter.parameter();
        String id = "parameter-" + declared.name();
        String standard = ParameterText.of(declared.defaultValue());
        if (declared.array()) {
            TextArea area = new TextArea();
            area.setId(id);
            area.setAccessibleText(declared.name());
            area.setPrefRowCount(LINES);
            area.setPromptText(standard.isEmpty() ? MESSAGES.text("parameter.lines") : standard);
            area.textProperty().bindBidirectional(parameter.textProperty());
            return area;
        }
        return switch (declared.type()) {
            case BOOLEAN -> {
                ComboBox<String> box = new ComboBox<>();
                box.setId(id);
                box.setAccessibleText(declared.name());
                box.setPromptText(MESSAGES.text("parameter.choose"));
                box.getItems().setAll("true", "false");
                if (parameter.optional()) {
                    box.getItems().add("");
                }
                box.valueProperty().bindBidirectional(parameter.textProperty());
                yield box;
            }
            case DATE, TIMESTAMP -> {
                MomentInput moment = MomentInput.relative(declared.name());
                moment.field().setId(id);
                moment.field().setPromptText(standard);
                moment.textProperty().bindBidirectional(parameter.textProperty());
                yield moment;
            }
            case STRING, LONG, DOUBLE -> {
                TextField text = new TextField();
                text.setId(id);
                text.setAccessibleText(declared.name());
                text.setPromptText(standard);
                text.textProperty().bindBidirectional(parameter.textProperty());
                yield text;
            }
        };
    }
}
