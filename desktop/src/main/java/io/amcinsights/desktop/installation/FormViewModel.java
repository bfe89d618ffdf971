package io.amcinsights.desktop.installation;

import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.deployment.DeployedStack;
import io.amcinsights.desktop.deployment.Release;
import io.amcinsights.desktop.deployment.Template;

import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The form of a template's parameters, and the name of a new stack. */
final class FormViewModel {

    private static final Messages MESSAGES = Messages.of(FormViewModel.class);

    /** Where the release lies is not for people to say. */
    private static final Set<String> OURS =
            Set.of(Release.BUCKET_PARAMETER, Release.PREFIX_PARAMETER);

    /** Queues, functions and policies carry it in their names, which must not become too long. */
    private static final String NAME = "[a-zA-Z][-a-zA-Z0-9]{0,39}";

    private final List<Entry> entries;
    private final StringProperty name;
    private final StringProperty nameMessage = new SimpleStringProperty("");

    /** A parameter, what is entered for it, and what is wrong with that. */
    record Entry(Template.Parameter parameter, StringProperty value, StringProperty message) {}

    /**
     * @param before the stack whose values are there to begin with; null for a new one
     * @param suggested the name that a new stack has to begin with
     */
    FormViewModel(Template template, @Nullable DeployedStack before, String suggested) {
        name = new SimpleStringProperty(before == null ? suggested : before.name());
        entries =
                template.parameters().stream()
                        .filter(parameter -> !OURS.contains(parameter.name()))
                        .map(
                                parameter ->
                                        new Entry(
                                                parameter,
                                                new SimpleStringProperty(
                                                        initial(parameter, before)),
                                                new SimpleStringProperty("")))
                        .toList();
        // What was wrong is looked at again when the plan is asked for, not while somebody types.
        name.addListener((property, old, now) -> nameMessage.set(""));
        entries.forEach(
                entry ->
                        entry.value().addListener((property, old, now) -> entry.message().set("")));
    }

    private static String initial(Template.Parameter parameter, @Nullable DeployedStack before) {
        String otherwise = parameter.defaultValue() == null ? "" : parameter.defaultValue();
        return before == null
                ? otherwise
                : before.parameters().getOrDefault(parameter.name(), otherwise);
    }

    List<Entry> entries() {
        return entries;
    }

    StringProperty nameProperty() {
        return name;
    }

    StringProperty nameMessageProperty() {
        return nameMessage;
    }

    String name() {
        return name.get().strip();
    }

    Map<String, String> values() {
        Map<String, String> values = new LinkedHashMap<>();
        entries.forEach(entry -> values.put(entry.parameter().name(), entry.value().get().strip()));
        return values;
    }

    /** Says at each field what is wrong with it. */
    boolean check() {
        nameMessage.set(name().matches(NAME) ? "" : MESSAGES.text("form.name.wrong"));
        boolean fine = nameMessage.get().isEmpty();
        for (Entry entry : entries) {
            String wrong = wrong(entry.parameter(), entry.value().get().strip());
            entry.message().set(wrong);
            fine &= wrong.isEmpty();
        }
        return fine;
    }

    private static String wrong(Template.Parameter parameter, String value) {
        Template.Refusal refusal = parameter.refusal(value);
        if (refusal == null) {
            return "";
        }
        return switch (refusal) {
            case NO_NUMBER -> MESSAGES.text("form.number");
            case TOO_SMALL ->
                    MESSAGES.text("form.small", Objects.requireNonNull(parameter.minimum()));
            case TOO_LARGE ->
                    MESSAGES.text("form.large", Objects.requireNonNull(parameter.maximum()));
            case NOT_ALLOWED ->
                    MESSAGES.text("form.allowed", String.join(", ", parameter.allowed()));
            case PATTERN ->
                    parameter.constraint().isEmpty()
                            ? MESSAGES.text("form.pattern", String.valueOf(parameter.pattern()))
                            : MESSAGES.text("form.constraint", parameter.constraint());
        };
    }
}
