package io.amcinsights.local.template;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The definition of a state machine, from wherever its resource has it, substitutions made. Both
 * forms are YAML: JSON is a part of it.
 */
public final class MachineDefinition {

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Za-z0-9_]+)}");

    private MachineDefinition() {}

    /**
     * Reads a definition.
     *
     * @param files the text of a definition file by its name; null where there is none
     */
    public static JsonNode of(Stack.Resource machine, Function<String, @Nullable String> files)
            throws TemplateException {
        JsonNode properties = machine.properties();
        String text;
        if (properties.has("DefinitionS3Location")) {
            String key = properties.path("DefinitionS3Location").path("Key").asText();
            String file = key.substring(key.lastIndexOf('/') + 1);
            text = files.apply(file);
            if (text == null) {
                throw machine.problem("there is no file statemachines/" + file);
            }
        } else if (properties.has("DefinitionString")) {
            text = properties.path("DefinitionString").asText();
        } else {
            text = properties.path("Definition").toString();
        }
        try {
            return YAML.readTree(substituted(text, machine));
        } catch (JsonProcessingException e) {
            throw machine.problem(
                    "its definition, line %d: %s"
                            .formatted(e.getLocation().getLineNr(), e.getOriginalMessage()));
        }
    }

    private static String substituted(String text, Stack.Resource machine)
            throws TemplateException {
        JsonNode substitutions = machine.properties().path("DefinitionSubstitutions");
        StringBuilder result = new StringBuilder();
        Matcher matcher = PLACEHOLDER.matcher(text);
        while (matcher.find()) {
            JsonNode value = substitutions.get(matcher.group(1));
            if (value == null) {
                throw machine.problem("its definition needs the substitution " + matcher.group(1));
            }
            matcher.appendReplacement(result, Matcher.quoteReplacement(value.asText()));
        }
        for (Map.Entry<String, JsonNode> given : substitutions.properties()) {
            if (!text.contains("${" + given.getKey() + "}")) {
                throw machine.problem(
                        "its definition does not use the substitution " + given.getKey());
            }
        }
        return matcher.appendTail(result).toString();
    }
}
