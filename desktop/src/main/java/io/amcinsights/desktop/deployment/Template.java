package io.amcinsights.desktop.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a template says to people: its parameters as a form, and its resources. Short forms such as
 * {@code !Ref} are read as their bare values, for nothing here is evaluated.
 *
 * @param parameters in the order of their groups
 * @param resources by logical id
 */
public record Template(List<Parameter> parameters, Map<String, Resource> resources) {

    private static final YAMLMapper YAML = new YAMLMapper();

    /**
     * A parameter of the form.
     *
     * @param group the heading that it is below; empty for none
     * @param advanced whether it is for few
     * @param allowed empty for any value
     * @param pattern null for any text
     * @param constraint what a refused value must be like; may be empty
     * @param secret whether the value must not be shown
     */
    public record Parameter(
            String name,
            String group,
            String label,
            String description,
            boolean advanced,
            @Nullable String defaultValue,
            List<String> allowed,
            @Nullable String pattern,
            @Nullable Double minimum,
            @Nullable Double maximum,
            boolean number,
            String constraint,
            boolean secret) {

        /** Why a value will be refused; null where it will not, as far as the template tells. */
        public @Nullable Refusal refusal(String value) {
            if (!allowed.isEmpty() && !allowed.contains(value)) {
                return Refusal.NOT_ALLOWED;
            }
            if (pattern != null && !value.matches(pattern)) {
                return Refusal.PATTERN;
            }
            if (!number) {
                return null;
            }
            try {
                double amount = Double.parseDouble(value);
                if (minimum != null && amount < minimum) {
                    return Refusal.TOO_SMALL;
                }
                return maximum != null && amount > maximum ? Refusal.TOO_LARGE : null;
            } catch (NumberFormatException e) {
                return Refusal.NO_NUMBER;
            }
        }
    }

    /** Why a value is refused. */
    public enum Refusal {
        NOT_ALLOWED,
        PATTERN,
        NO_NUMBER,
        TOO_SMALL,
        TOO_LARGE
    }

    /**
     * A resource.
     *
     * @param kept whether it stays when the stack goes
     * @param conditional whether it is made for some values of the parameters only
     * @param properties as the template has them
     */
    public record Resource(String type, boolean kept, boolean conditional, JsonNode properties) {}

    /**
     * Reads a template, in YAML or JSON.
     *
     * @throws IllegalArgumentException it is not one
     */
    public static Template read(String text) {
        try {
            JsonNode root = YAML.readTree(text);
            if (!root.path("Resources").isObject()) {
                throw new IllegalArgumentException("It has no resources");
            }
            return new Template(parameters(root), resources(root));
        } catch (IOException e) {
            throw new IllegalArgumentException("It is no YAML: " + e.getMessage(), e);
        }
    }

    private static List<Parameter> parameters(JsonNode root) {
        JsonNode metadata = root.path("Metadata");
        JsonNode shown = metadata.path("AWS::CloudFormation::Interface");
        JsonNode declared = root.path("Parameters");
        Set<String> advanced = new LinkedHashSet<>(texts(metadata.at("/AmcInsights/Advanced")));
        Map<String, String> groups = new LinkedHashMap<>();
        for (JsonNode group : shown.path("ParameterGroups")) {
            String label = group.at("/Label/default").asText();
            texts(group.path("Parameters")).forEach(name -> groups.put(name, label));
        }
        declared.fieldNames().forEachRemaining(name -> groups.putIfAbsent(name, ""));
        List<Parameter> parameters = new ArrayList<>();
        groups.forEach(
                (name, group) -> {
                    JsonNode is = declared.path(name);
                    if (is.isObject()) {
                        parameters.add(
                                parameter(
                                        name,
                                        group,
                                        shown.at("/ParameterLabels/" + name + "/default")
                                                .asText(name),
                                        advanced.contains(name),
                                        is));
                    }
                });
        return parameters;
    }

    private static Parameter parameter(
            String name, String group, String label, boolean advanced, JsonNode is) {
        return new Parameter(
                name,
                group,
                label,
                is.path("Description").asText().strip(),
                advanced,
                is.has("Default") ? is.path("Default").asText() : null,
                texts(is.path("AllowedValues")),
                is.has("AllowedPattern") ? is.path("AllowedPattern").asText() : null,
                is.has("MinValue") ? is.path("MinValue").asDouble() : null,
                is.has("MaxValue") ? is.path("MaxValue").asDouble() : null,
                is.path("Type").asText().equals("Number"),
                is.path("ConstraintDescription").asText(),
                is.path("NoEcho").asBoolean());
    }

    private static Map<String, Resource> resources(JsonNode root) {
        Map<String, Resource> resources = new LinkedHashMap<>();
        root.path("Resources")
                .properties()
                .forEach(
                        each ->
                                resources.put(
                                        each.getKey(),
                                        new Resource(
                                                each.getValue().path("Type").asText(),
                                                each.getValue()
                                                        .path("DeletionPolicy")
                                                        .asText()
                                                        .startsWith("Retain"),
                                                each.getValue().has("Condition"),
                                                each.getValue().path("Properties"))));
        return resources;
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(each -> texts.add(each.asText()));
        return texts;
    }
}
