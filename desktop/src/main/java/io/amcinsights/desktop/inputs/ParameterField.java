package io.amcinsights.desktop.inputs;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.contract.DateToken;
import io.amcinsights.contract.Parameter;
import io.amcinsights.desktop.common.Messages;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.beans.value.ObservableValue;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.ZonedDateTime;
import java.util.Optional;

/** One parameter in the form, and the text entered for it. */
public final class ParameterField {

    private static final Messages MESSAGES = Messages.of(ParameterField.class);

    private final Parameter parameter;
    private final ObservableValue<ZonedDateTime> moment;
    private final boolean optional;
    private final StringProperty text = new SimpleStringProperty("");
    private final ReadOnlyStringWrapper message = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper preview = new ReadOnlyStringWrapper("");
    private final ReadOnlyBooleanWrapper standard = new ReadOnlyBooleanWrapper();

    ParameterField(
            Parameter parameter,
            @Nullable JsonNode given,
            ObservableValue<ZonedDateTime> moment,
            boolean optional) {
        this.parameter = parameter;
        this.moment = moment;
        this.optional = optional;
        text.set(ParameterText.of(given == null ? parameter.defaultValue() : given));
        text.subscribe(now -> edited());
    }

    private void edited() {
        standard.set(hasDefault() && (text.get().isBlank() || meansDefault()));
        if (!message.get().isEmpty()) {
            check();
        }
        preview();
    }

    private boolean meansDefault() {
        try {
            return value(text.get()).equals(value(ParameterText.of(parameter.defaultValue())));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private JsonNode value(String entered) {
        return ParameterText.value(parameter, entered);
    }

    /** Says which day or time a date token means. */
    void preview() {
        boolean isDate =
                parameter.type() == Parameter.Type.DATE
                        || parameter.type() == Parameter.Type.TIMESTAMP;
        String entered = text.get().strip();
        if (!isDate || parameter.array() || !entered.endsWith(")")) {
            preview.set("");
            return;
        }
        try {
            String meant = DateToken.resolve(entered, moment.getValue());
            preview.set(
                    MESSAGES.text(
                            "parameter.means",
                            parameter.type() == Parameter.Type.DATE
                                    ? meant.substring(0, 10)
                                    : meant.replace('T', ' ')));
        } catch (DateTimeException e) {
            preview.set("");
        }
    }

    /** Says what is wrong with the text, at the field; whether nothing is. */
    boolean check() {
        message.set(problem().orElse(""));
        return message.get().isEmpty();
    }

    private Optional<String> problem() {
        if (text.get().isBlank()) {
            return hasDefault() || optional ? Optional.empty() : Optional.of(missing());
        }
        try {
            value(text.get());
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private String missing() {
        return MESSAGES.text("parameter.missing", parameter.name());
    }

    void refused(String why) {
        message.set(why);
    }

    /** The value for the run; empty where the default is meant. */
    Optional<JsonNode> value() {
        if (standard.get() || (optional && text.get().isBlank())) {
            return Optional.empty();
        }
        if (text.get().isBlank()) {
            throw new IllegalArgumentException(missing());
        }
        return Optional.of(value(text.get()));
    }

    /** The person is done with the field. */
    void left() {
        // Nobody is told off for fields that are still ahead.
        if (!text.get().isBlank()) {
            check();
        }
    }

    void reset() {
        text.set(ParameterText.of(parameter.defaultValue()));
    }

    boolean hasDefault() {
        JsonNode value = parameter.defaultValue();
        return value != null && !value.isNull();
    }

    /** Whether it may be left empty without a default to take its place. */
    boolean optional() {
        return optional;
    }

    public Parameter parameter() {
        return parameter;
    }

    /** What is entered; a list has one value in each line. */
    public StringProperty textProperty() {
        return text;
    }

    /** What is wrong; empty where nothing is. */
    public ReadOnlyStringProperty messageProperty() {
        return message.getReadOnlyProperty();
    }

    /** What a date token means; empty where there is none. */
    ReadOnlyStringProperty previewProperty() {
        return preview.getReadOnlyProperty();
    }

    /** Whether the run takes the default. */
    ReadOnlyBooleanProperty standardProperty() {
        return standard.getReadOnlyProperty();
    }
}
