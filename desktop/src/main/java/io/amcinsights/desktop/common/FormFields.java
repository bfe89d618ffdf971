package io.amcinsights.desktop.common;

import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

import org.jspecify.annotations.Nullable;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * What is entered into the fields of a form, and what is wrong with each.
 *
 * @param <F> the form's fields
 */
public final class FormFields<F extends Enum<F>> {

    private final Map<F, StringProperty> values;
    private final Map<F, StringProperty> messages;
    private final Function<F, String> word;

    /**
     * @param word the name of a field in the request that the form sends
     */
    public FormFields(Class<F> fields, Function<F, String> word) {
        this.word = word;
        values = new EnumMap<>(fields);
        messages = new EnumMap<>(fields);
        for (F field : fields.getEnumConstants()) {
            values.put(field, new SimpleStringProperty(""));
            messages.put(field, new SimpleStringProperty(""));
        }
    }

    public StringProperty value(F field) {
        return Objects.requireNonNull(values.get(field));
    }

    /** What is wrong with a field; empty where nothing is. */
    public StringProperty message(F field) {
        return Objects.requireNonNull(messages.get(field));
    }

    /** What is entered, without blanks around it. */
    public String entered(F field) {
        return value(field).get().strip();
    }

    /** Nothing is wrong any more. */
    public void clear() {
        messages.values().forEach(message -> message.set(""));
    }

    /**
     * Says of each field what is wrong with it.
     *
     * @param problems by the fields' names in the request
     */
    public void show(Map<String, String> problems) {
        messages.forEach(
                (field, message) -> message.set(problems.getOrDefault(word.apply(field), "")));
    }

    /** The field of a name, also as a part of the request; null where the form has none. */
    public @Nullable F of(@Nullable String name) {
        return messages.keySet().stream()
                .filter(field -> name != null && names(name, word.apply(field)))
                .findFirst()
                .orElse(null);
    }

    private static boolean names(String name, String field) {
        return name.equals(field) || name.endsWith("." + field);
    }

    /**
     * Says at its field why a request was refused.
     *
     * @return false where the form has no such field
     */
    public boolean refused(Problem refusal) {
        F field = of(refusal.field());
        if (field != null) {
            message(field).set(refusal.message());
        }
        return field != null;
    }
}
