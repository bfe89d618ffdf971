package io.amcinsights.desktop.workflows;

import io.amcinsights.contract.Parameter;
import io.amcinsights.desktop.common.Field;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.inputs.ParameterWords;
import io.amcinsights.desktop.inputs.ParametersView;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

/** A declared parameter: its default value, and on demand what it is declared as. */
final class ParameterCard extends VBox {

    private static final Messages MESSAGES = Messages.of(ParameterCard.class);

    ParameterCard(ParameterDraft draft, EditorViewModel editor) {
        getStyleClass().addAll("card", "parameter-draft");
        setId("card-" + draft.name());
        FontIcon chevron = new FontIcon();
        draft.openProperty()
                .subscribe(
                        open ->
                                chevron.setIconLiteral(
                                        open ? "fth-chevron-up" : "fth-chevron-down"));
        Button edit = new Button(MESSAGES.text("parameter.edit"), chevron);
        edit.setId("edit-" + draft.name());
        edit.getStyleClass().addAll("flat", "small");
        edit.setOnAction(event -> draft.openProperty().set(!draft.openProperty().get()));
        Label unused =
                new Label(MESSAGES.text("parameter.unused"), new FontIcon("fth-alert-triangle"));
        unused.getStyleClass().addAll("status-badge", "tone-waiting");
        unused.visibleProperty().bind(draft.usedProperty().not());
        unused.managedProperty().bind(unused.visibleProperty());
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        Button remove = new Button(null, new FontIcon("fth-x"));
        remove.setId("remove-" + draft.name());
        remove.getStyleClass().addAll("flat", "button-icon", "small");
        remove.setTooltip(new Tooltip(MESSAGES.text("parameter.remove")));
        remove.setAccessibleText(MESSAGES.text("parameter.remove.of", draft.name()));
        remove.setOnAction(event -> editor.remove(draft));
        HBox line = new HBox(8, edit, gap, unused, remove);
        line.setAlignment(Pos.CENTER_LEFT);
        Node declaration = declaration(draft);
        declaration.visibleProperty().bind(draft.openProperty());
        declaration.managedProperty().bind(draft.openProperty());
        getChildren().addAll(new ParametersView(draft.defaultValue()), line, declaration);
    }

    private static Node declaration(ParameterDraft draft) {
        ComboBox<Parameter.Type> type = new ComboBox<>();
        type.setId("type-" + draft.name());
        type.getItems().setAll(Parameter.Type.values());
        type.setConverter(new TypeWords());
        type.valueProperty().bindBidirectional(draft.typeProperty());
        type.setMaxWidth(Double.MAX_VALUE);
        CheckBox list = new CheckBox(MESSAGES.text("parameter.list"));
        list.setId("list-" + draft.name());
        list.setMinWidth(Region.USE_PREF_SIZE);
        list.selectedProperty().bindBidirectional(draft.arrayProperty());
        HBox.setHgrow(type, Priority.ALWAYS);
        HBox kind = new HBox(12, type, list);
        kind.setAlignment(Pos.CENTER_LEFT);
        TextField description = new TextField();
        description.setId("description-" + draft.name());
        description.textProperty().bindBidirectional(draft.descriptionProperty());
        VBox box =
                new VBox(
                        field("parameter.type", kind), field("parameter.description", description));
        box.getStyleClass().add("declaration");
        return box;
    }

    private static Field field(String key, Node control) {
        Field field = new Field();
        field.setLabel(MESSAGES.text(key));
        field.getControl().add(control);
        return field;
    }

    private static final class TypeWords extends StringConverter<Parameter.Type> {

        @Override
        public String toString(Parameter.@Nullable Type type) {
            return type == null ? "" : ParameterWords.kind(type, false);
        }

        @Override
        public Parameter.Type fromString(String text) {
            throw new UnsupportedOperationException("Types are chosen, not typed");
        }
    }
}
