package io.amcinsights.desktop.workflows;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.contract.Parameter;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.inputs.ParameterField;
import io.amcinsights.desktop.inputs.ParametersViewModel;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

import org.jspecify.annotations.Nullable;

import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A parameter that a workflow declares, while it is edited. */
final class ParameterDraft {

    private final String name;
    private final ObjectProperty<Parameter.Type> type;
    private final BooleanProperty array;
    private final @Nullable String valuesFrom;
    private final StringProperty description;
    private final ParametersViewModel defaultValue;
    private final ReadOnlyBooleanWrapper used = new ReadOnlyBooleanWrapper(true);
    private final BooleanProperty open = new SimpleBooleanProperty();
    private final Runnable edited;

    /**
     * @param moment what date tokens are relative to
     * @param edited called after each change
     */
    ParameterDraft(Parameter declared, ZonedDateTime moment, Runnable edited) {
        this.edited = edited;
        name = declared.name();
        type = new SimpleObjectProperty<>(declared.type());
        array = new SimpleBooleanProperty(declared.array());
        valuesFrom = declared.valuesFrom();
        description = new SimpleStringProperty(declared.description());
        defaultValue = ParametersViewModel.ofDefaults(new SimpleObjectProperty<>(moment));
        JsonNode value = declared.defaultValue();
        show(value == null ? Map.of() : Map.of(name, value));
        type.addListener((property, old, now) -> retyped());
        array.addListener((property, old, now) -> retyped());
        description.addListener((property, old, now) -> retyped());
    }

    /** All of it as entered, be it right or wrong. */
    record Content(
            String name, Parameter.Type type, boolean array, String description, String text) {}

    Content content() {
        return new Content(
                name, type.get(), array.get(), description.get(), field().textProperty().get());
    }

    private void show(Map<String, JsonNode> given) {
        defaultValue.show(
                List.of(new Parameter(name, type.get(), array.get(), description.get(), null)),
                given);
        field().textProperty().addListener((property, old, now) -> edited.run());
    }

    /** What was entered stays, whatever it means now. */
    private void retyped() {
        String text = field().textProperty().get();
        show(Map.of());
        field().textProperty().set(text);
        edited.run();
    }

    private ParameterField field() {
        return defaultValue.fields().getFirst();
    }

    /**
     * The parameter as it is to be saved; empty where the default is wrong, which its field says.
     */
    Optional<Parameter> checked() {
        return defaultValue.check()
                ? Optional.of(
                        new Parameter(
                                name,
                                type.get(),
                                array.get(),
                                description.get().strip(),
                                defaultValue.values().get(name),
                                valuesFrom))
                : Optional.empty();
    }

    /** Says what the backend refused; false where it is another parameter's. */
    boolean refused(Problem problem) {
        return defaultValue.refused(problem);
    }

    void use(boolean now) {
        used.set(now);
    }

    String name() {
        return name;
    }

    ObjectProperty<Parameter.Type> typeProperty() {
        return type;
    }

    BooleanProperty arrayProperty() {
        return array;
    }

    StringProperty descriptionProperty() {
        return description;
    }

    /** The default value: a form of one field, which may be left empty. */
    ParametersViewModel defaultValue() {
        return defaultValue;
    }

    /** Whether its declaration is being looked at. */
    BooleanProperty openProperty() {
        return open;
    }

    /** Whether the SQL uses it. */
    ReadOnlyBooleanProperty usedProperty() {
        return used.getReadOnlyProperty();
    }
}
