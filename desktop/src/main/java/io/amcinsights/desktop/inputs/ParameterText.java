package io.amcinsights.desktop.inputs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;

import io.amcinsights.contract.DateToken;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.Parameter;
import io.amcinsights.desktop.common.Messages;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The value of a parameter as people write it: a list has one value in each line. */
final class ParameterText {

    private static final Messages MESSAGES = Messages.of(ParameterText.class);

    private ParameterText() {}

    /** How a value is written; empty for none. */
    static String of(@Nullable JsonNode value) {
        if (value == null || value.isNull()) {
            return "";
        }
        return value.isArray()
                ? StreamSupport.stream(value.spliterator(), false)
                        .map(JsonNode::asText)
                        .collect(Collectors.joining("\n"))
                : value.asText();
    }

    /**
     * The value that a text means, of the parameter's type.
     *
     * @param text not blank
     * @throws IllegalArgumentException it means none; the message says why, for people
     */
    static JsonNode value(Parameter parameter, String text) {
        if (!parameter.array()) {
            return single(parameter.type(), text);
        }
        ArrayNode list = Json.mapper().createArrayNode();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            try {
                list.add(single(parameter.type(), line));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        MESSAGES.text("parameter.line", number, String.valueOf(e.getMessage())), e);
            }
        }
        return list;
    }

    private static JsonNode single(Parameter.Type type, String text) {
        String clean = text.strip();
        return switch (type) {
            case STRING -> TextNode.valueOf(clean);
            case LONG -> whole(clean);
            case DOUBLE -> number(clean);
            case BOOLEAN -> truth(clean);
            case DATE, TIMESTAMP -> {
                DateToken.problem(clean)
                        .ifPresent(
                                problem -> {
                                    throw new IllegalArgumentException(problem);
                                });
                yield TextNode.valueOf(clean);
            }
        };
    }

    private static JsonNode whole(String text) {
        try {
            return LongNode.valueOf(Long.parseLong(text));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(MESSAGES.text("parameter.noWhole", text), e);
        }
    }

    private static JsonNode number(String text) {
        try {
            double value = new BigDecimal(text).doubleValue();
            if (Double.isFinite(value)) {
                return DoubleNode.valueOf(value);
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(MESSAGES.text("parameter.noNumber", text), e);
        }
        throw new IllegalArgumentException(MESSAGES.text("parameter.noNumber", text));
    }

    private static JsonNode truth(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> BooleanNode.TRUE;
            case "false" -> BooleanNode.FALSE;
            default -> throw new IllegalArgumentException(MESSAGES.text("parameter.noTruth", text));
        };
    }
}
