package io.amcinsights.desktop.workflows;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.contract.Parameter;
import io.amcinsights.desktop.common.Messages;

import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** What is said of parameters. */
final class ParameterWords {

    private static final Messages MESSAGES = Messages.of(ParameterWords.class);

    private ParameterWords() {}

    static String type(Parameter.Type type, boolean array) {
        String word = type(type);
        return array ? MESSAGES.text("type.list", word) : word;
    }

    static String type(Parameter.Type type) {
        return MESSAGES.text("type." + type);
    }

    /** The default value, or that there is none. */
    static String defaultValue(Parameter parameter) {
        JsonNode value = parameter.defaultValue();
        if (value == null || value.isNull()) {
            return MESSAGES.text("library.parameter.required");
        }
        String text =
                value.isArray()
                        ? StreamSupport.stream(value.spliterator(), false)
                                .map(JsonNode::asText)
                                .collect(Collectors.joining(", "))
                        : value.asText();
        return MESSAGES.text("library.parameter.default", text);
    }
}
