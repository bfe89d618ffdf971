package io.amcinsights.workflows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.TextNode;

import io.amcinsights.contract.DateToken;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.Parameter;

import java.time.DateTimeException;
import java.time.ZonedDateTime;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The values of a run's parameters, checked against what its workflow declares. */
final class ParameterValues {

    private static final String FIELD = "parameters.";

    private ParameterValues() {}

    /**
     * What is sent to AMC: every declared parameter with its value, defaults filled in, date tokens
     * resolved.
     *
     * @param now what date tokens are relative to
     * @throws FailureException the field {@code parameters.<name>} at fault
     */
    static Map<String, JsonNode> resolve(
            List<Parameter> declared, Map<String, JsonNode> given, ZonedDateTime now) {
        Set<String> unknown = new HashSet<>(given.keySet());
        Map<String, JsonNode> resolved = new LinkedHashMap<>();
        for (Parameter parameter : declared) {
            unknown.remove(parameter.name());
            JsonNode value = given.get(parameter.name());
            if (value == null || value.isNull()) {
                value = parameter.defaultValue();
            }
            if (value == null || value.isNull()) {
                throw wrong(parameter, "Enter a value for “%s”.".formatted(parameter.name()));
            }
            resolved.put(parameter.name(), value(parameter, value, now));
        }
        for (String name : unknown) {
            throw Failure.invalid(
                            FIELD + name, "The workflow has no parameter “%s”.".formatted(name))
                    .exception();
        }
        return resolved;
    }

    /** Checks what a workflow declares. */
    static void check(List<Parameter> declared, ZonedDateTime now) {
        Set<String> names = new HashSet<>();
        for (Parameter parameter : declared) {
            if (!parameter.name().matches("[A-Za-z_][A-Za-z0-9_]{0,63}")) {
                throw wrong(
                        parameter,
                        "A parameter's name begins with a letter and has only letters, digits and"
                                + " underscores.");
            }
            if (!names.add(parameter.name())) {
                throw wrong(
                        parameter,
                        "There are two parameters named “%s”.".formatted(parameter.name()));
            }
            JsonNode value = parameter.defaultValue();
            if (value != null && !value.isNull()) {
                value(parameter, value, now);
            }
        }
    }

    private static JsonNode value(Parameter parameter, JsonNode value, ZonedDateTime now) {
        if (!parameter.array()) {
            return single(parameter, value, now);
        }
        if (!value.isArray() || value.isEmpty()) {
            throw wrong(
                    parameter,
                    "“%s” takes a list of at least one value.".formatted(parameter.name()));
        }
        ArrayNode list = Json.mapper().createArrayNode();
        value.forEach(one -> list.add(single(parameter, one, now)));
        return list;
    }

    private static JsonNode single(Parameter parameter, JsonNode value, ZonedDateTime now) {
        boolean fits =
                switch (parameter.type()) {
                    case STRING, DATE, TIMESTAMP -> value.isTextual();
                    case LONG -> value.canConvertToExactIntegral() && value.canConvertToLong();
                    case DOUBLE -> value.isNumber();
                    case BOOLEAN -> value.isBoolean();
                };
        if (!fits) {
            throw wrong(
                    parameter,
                    "“%s” takes %s.".formatted(parameter.name(), words(parameter.type())));
        }
        return switch (parameter.type()) {
            case STRING, LONG, DOUBLE, BOOLEAN -> value;
            case DATE -> TextNode.valueOf(moment(parameter, value, now).substring(0, 10));
            case TIMESTAMP -> TextNode.valueOf(moment(parameter, value, now));
        };
    }

    private static String moment(Parameter parameter, JsonNode value, ZonedDateTime now) {
        try {
            return DateToken.resolve(value.asText(), now);
        } catch (DateTimeException e) {
            throw new FailureException(
                    Failure.invalid(
                            FIELD + parameter.name(),
                            DateToken.problem(value.asText()).orElse("This is no date.")),
                    e);
        }
    }

    private static String words(Parameter.Type type) {
        return switch (type) {
            case STRING -> "text";
            case LONG -> "a whole number";
            case DOUBLE -> "a number";
            case BOOLEAN -> "true or false";
            case DATE -> "a date such as 2026-01-31 or TODAY(-30)";
            case TIMESTAMP -> "a time such as 2026-01-31T18:00:00 or NOW()";
        };
    }

    private static FailureException wrong(Parameter parameter, String message) {
        return Failure.invalid(FIELD + parameter.name(), message).exception();
    }
}
