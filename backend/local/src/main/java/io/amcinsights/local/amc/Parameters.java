package io.amcinsights.local.amc;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Values of a workflow's parameters. Source: AMC Reporting API reference, workflow resource. */
final class Parameters {

    private static final Set<String> TYPES =
            Set.of(
                    "BINARY",
                    "BOOLEAN",
                    "BYTE",
                    "CALENDAR_INTERVAL",
                    "DATE",
                    "DECIMAL",
                    "DOUBLE",
                    "FLOAT",
                    "INTEGER",
                    "LONG",
                    "SHORT",
                    "STRING",
                    "TIMESTAMP");

    private Parameters() {}

    static void checkType(JsonNode parameter) throws AmcError {
        JsonNode type = parameter.path("dataType");
        String name =
                type.isObject() ? type.path("elementDataType").asText("") : type.asText("STRING");
        boolean array = !type.isObject() || type.path("type").asText("").equals("ARRAY");
        if (!TYPES.contains(name) || !array) {
            throw AmcError.badRequest(
                    "Parameter %s has an unknown dataType: %s"
                            .formatted(parameter.path("name").asText(), type));
        }
        if (parameter.hasNonNull("defaultValue")) {
            check(parameter, parameter.path("defaultValue"));
        }
    }

    /** The value of each declared parameter that has one: given, else its default. */
    static Map<String, JsonNode> values(JsonNode workflow, JsonNode given) throws AmcError {
        Map<String, JsonNode> values = new LinkedHashMap<>();
        for (JsonNode parameter : workflow.path("inputParameters")) {
            String name = parameter.path("name").asText();
            if (given.hasNonNull(name)) {
                check(parameter, given.get(name));
                values.put(name, given.get(name));
            } else if (parameter.hasNonNull("defaultValue")) {
                values.put(name, parameter.get("defaultValue"));
            }
        }
        Set<String> declared = Workflows.declared(workflow);
        for (Map.Entry<String, JsonNode> entry : given.properties()) {
            if (!declared.contains(entry.getKey())) {
                throw AmcError.badRequest(
                        "parameterValues has an undeclared parameter: " + entry.getKey());
            }
        }
        return values;
    }

    private static void check(JsonNode parameter, JsonNode value) throws AmcError {
        JsonNode type = parameter.path("dataType");
        boolean fits = true;
        if (type.isObject()) {
            fits = value.isArray();
            for (JsonNode element : value) {
                fits &= fits(type.path("elementDataType").asText(), element);
            }
        } else {
            fits = fits(type.asText("STRING"), value);
        }
        if (!fits) {
            throw AmcError.badRequest(
                    "The value of parameter %s is not of type %s: %s"
                            .formatted(
                                    parameter.path("name").asText(),
                                    type.isObject()
                                            ? "ARRAY of " + type.path("elementDataType").asText()
                                            : type.asText("STRING"),
                                    value));
        }
    }

    private static boolean fits(String type, JsonNode value) {
        return switch (type) {
            case "BOOLEAN" -> value.isBoolean();
            case "BYTE", "SHORT", "INTEGER", "LONG" -> value.isIntegralNumber();
            case "DECIMAL", "DOUBLE", "FLOAT" -> value.isNumber();
            default -> value.isTextual();
        };
    }
}
