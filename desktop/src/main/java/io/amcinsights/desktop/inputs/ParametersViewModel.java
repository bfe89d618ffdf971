package io.amcinsights.desktop.inputs;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.contract.Parameter;
import io.amcinsights.desktop.common.Problem;

import javafx.beans.value.ObservableValue;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import java.time.ZonedDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The values of a workflow's parameters, as a form. */
public final class ParametersViewModel {

    private static final String FIELD = "parameters.";

    private final ObservableValue<ZonedDateTime> moment;
    private final boolean optional;
    private final ObservableList<ParameterField> fields = FXCollections.observableArrayList();

    /**
     * @param moment what date tokens are relative to, usually {@link
     *     TimeWindowViewModel#momentProperty()}
     */
    public ParametersViewModel(ObservableValue<ZonedDateTime> moment) {
        this(moment, false);
    }

    private ParametersViewModel(ObservableValue<ZonedDateTime> moment, boolean optional) {
        this.moment = moment;
        this.optional = optional;
        moment.subscribe(() -> fields.forEach(ParameterField::preview));
    }

    /** A form of defaults rather than of values: what is left empty has none. */
    public static ParametersViewModel ofDefaults(ObservableValue<ZonedDateTime> moment) {
        return new ParametersViewModel(moment, true);
    }

    /**
     * Begins anew with these parameters.
     *
     * @param given values by name; the others begin with their defaults
     */
    public void show(List<Parameter> declared, Map<String, JsonNode> given) {
        fields.setAll(
                declared.stream()
                        .map(p -> new ParameterField(p, given.get(p.name()), moment, optional))
                        .toList());
    }

    /** The fields, in the order of the declarations. */
    public ObservableList<ParameterField> fields() {
        return fields;
    }

    /** Says at each field what is wrong with it; whether nothing is. */
    public boolean check() {
        boolean right = true;
        for (ParameterField field : fields) {
            right &= field.check();
        }
        return right;
    }

    /**
     * The values by name, as a run takes them; parameters that keep their default are left out.
     *
     * @throws IllegalArgumentException a value is missing or wrong, see {@link #check()}
     */
    public Map<String, JsonNode> values() {
        Map<String, JsonNode> values = new LinkedHashMap<>();
        for (ParameterField field : fields) {
            field.value().ifPresent(value -> values.put(field.parameter().name(), value));
        }
        return values;
    }

    /** Says at its field what the backend refused; false where it is no field of this form. */
    public boolean refused(Problem problem) {
        Optional<ParameterField> field =
                fields.stream()
                        .filter(f -> (FIELD + f.parameter().name()).equals(problem.field()))
                        .findFirst();
        field.ifPresent(f -> f.refused(problem.message()));
        return field.isPresent();
    }
}
