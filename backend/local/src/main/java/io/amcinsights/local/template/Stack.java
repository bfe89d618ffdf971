package io.amcinsights.local.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A template with everything in it evaluated: what there is to be created. */
public final class Stack {

    /**
     * @param physicalId what {@code Ref} gives
     * @param properties evaluated
     * @param place in the template, for messages
     */
    public record Resource(
            String logicalId, String type, String physicalId, ObjectNode properties, String place) {

        /** Says what is wrong with this resource. */
        public TemplateException problem(String text) {
            return new TemplateException(place, text);
        }
    }

    /** What the stack tells those who look for it. */
    public record Output(String key, String value, String description) {}

    private final String name;
    private final String id;
    private final String description;
    private final Map<String, String> parameters;
    private final List<Resource> resources;
    private final List<Output> outputs;

    /**
     * Reads a template.
     *
     * @param parameters by name; those left out take their defaults
     * @throws TemplateException for the first thing that AWS or this workspace could not create
     */
    public static Stack read(
            String text, String stackName, Account account, Map<String, String> parameters)
            throws TemplateException {
        return new Stack(YamlTemplate.read(text), stackName, account, parameters);
    }

    private Stack(YamlTemplate template, String name, Account account, Map<String, String> given)
            throws TemplateException {
        this.name = name;
        this.id =
                account.arn(
                        "cloudformation",
                        "stack/%s/%s"
                                .formatted(
                                        name,
                                        UUID.nameUUIDFromBytes(
                                                name.getBytes(StandardCharsets.UTF_8))));
        this.description = template.root().path("Description").asText();
        this.parameters = new LinkedHashMap<>();
        Map<String, JsonNode> values = parameterValues(template, given);
        Evaluation evaluation = new Evaluation(template, name, id, account, values);
        for (Map.Entry<String, JsonNode> condition :
                template.root().path("Conditions").properties()) {
            evaluation.condition(condition.getKey(), "/Conditions/" + condition.getKey());
        }
        this.resources = resources(template, evaluation);
        this.outputs = outputs(template, evaluation);
    }

    /** The stack's name. */
    public String name() {
        return name;
    }

    /** The stack's ARN. */
    public String id() {
        return id;
    }

    /** All resources whose conditions hold, in the template's order. */
    public List<Resource> resources() {
        return resources;
    }

    /** The resources of one type. */
    public List<Resource> resources(String type) {
        return resources.stream().filter(r -> r.type().equals(type)).toList();
    }

    String description() {
        return description;
    }

    Map<String, String> parameters() {
        return parameters;
    }

    List<Output> outputs() {
        return outputs;
    }

    private Map<String, JsonNode> parameterValues(YamlTemplate template, Map<String, String> given)
            throws TemplateException {
        Map<String, JsonNode> values = new LinkedHashMap<>();
        JsonNode declared = template.root().path("Parameters");
        for (Map.Entry<String, JsonNode> parameter : declared.properties()) {
            String key = parameter.getKey();
            JsonNode otherwise = parameter.getValue().get("Default");
            String value = given.get(key);
            if (value == null) {
                if (otherwise == null) {
                    throw new TemplateException(
                            template.place("/Parameters/" + key),
                            "has no default, and no value was given");
                }
                value = otherwise.asText();
            }
            parameters.put(key, value);
            values.put(key, typed(parameter.getValue().path("Type").asText(), value));
        }
        for (String key : given.keySet()) {
            if (!declared.has(key)) {
                throw new TemplateException(
                        template.place("/Parameters"), "there is no parameter " + key);
            }
        }
        return values;
    }

    private static JsonNode typed(String type, String value) {
        if (!type.equals("CommaDelimitedList") && !type.startsWith("List<")) {
            return JsonNodeFactory.instance.textNode(value);
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (String item : value.split(",", -1)) {
            list.add(item.strip());
        }
        return list;
    }

    private static List<Resource> resources(YamlTemplate template, Evaluation evaluation)
            throws TemplateException {
        List<Resource> resources = new ArrayList<>();
        JsonNode declared = template.root().path("Resources");
        for (Map.Entry<String, JsonNode> entry : declared.properties()) {
            String logicalId = entry.getKey();
            String path = "/Resources/" + logicalId;
            JsonNode resource = entry.getValue();
            if (resource.has("Condition")
                    && !evaluation.condition(resource.path("Condition").asText(), path)) {
                continue;
            }
            JsonNode dependsOn = resource.path("DependsOn");
            for (JsonNode other : dependsOn.isTextual() ? List.of(dependsOn) : dependsOn) {
                if (!declared.has(other.asText())) {
                    throw evaluation.problem(
                            path + "/DependsOn", "there is no resource " + other.asText());
                }
            }
            Identity identity = evaluation.identity(logicalId, path);
            JsonNode properties = resource.path("Properties");
            resources.add(
                    new Resource(
                            logicalId,
                            resource.path("Type").asText(),
                            identity.ref(),
                            properties.isMissingNode()
                                    ? JsonNodeFactory.instance.objectNode()
                                    : (ObjectNode)
                                            evaluation.value(properties, path + "/Properties"),
                            template.place(path)));
        }
        return List.copyOf(resources);
    }

    private static List<Output> outputs(YamlTemplate template, Evaluation evaluation)
            throws TemplateException {
        List<Output> outputs = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : template.root().path("Outputs").properties()) {
            String path = "/Outputs/" + entry.getKey();
            JsonNode output = entry.getValue();
            if (output.has("Condition")
                    && !evaluation.condition(output.path("Condition").asText(), path)) {
                continue;
            }
            outputs.add(
                    new Output(
                            entry.getKey(),
                            evaluation.text(output.path("Value"), path + "/Value"),
                            output.path("Description").asText()));
        }
        return List.copyOf(outputs);
    }
}
