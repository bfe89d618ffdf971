package io.amcinsights.desktop.deployment;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A template with its parameters and its functions carried out, as CloudFormation does it. */
final class TemplateEvaluation {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Pattern NAME = Pattern.compile("\\$\\{([^!}][^}]*)}");
    private static final JsonNode NO_VALUE = NODES.pojoNode("no value");

    private final JsonNode root;
    private final Map<String, String> values;
    private final BiFunction<String, @Nullable String, String> reference;

    /**
     * @param values of parameters and pseudo parameters
     * @param reference the value of a resource, or of an attribute of one
     */
    TemplateEvaluation(
            JsonNode root,
            Map<String, String> values,
            BiFunction<String, @Nullable String, String> reference) {
        this.root = root;
        this.values = values;
        this.reference = reference;
    }

    /** The resources that there are to be, with their properties. */
    Map<String, ObjectNode> resources() {
        Map<String, ObjectNode> all = new LinkedHashMap<>();
        root.path("Resources")
                .properties()
                .forEach(
                        each -> {
                            if (holds(each.getValue().path("Condition").asText())) {
                                ObjectNode resource = NODES.objectNode();
                                resource.set("Type", each.getValue().path("Type"));
                                resource.put(
                                        "DeletionPolicy",
                                        each.getValue().path("DeletionPolicy").asText());
                                resource.set(
                                        "Properties", value(each.getValue().path("Properties")));
                                all.put(each.getKey(), resource);
                            }
                        });
        return all;
    }

    Map<String, String> outputs() {
        Map<String, String> all = new LinkedHashMap<>();
        root.path("Outputs")
                .properties()
                .forEach(
                        each -> {
                            if (holds(each.getValue().path("Condition").asText())) {
                                all.put(
                                        each.getKey(),
                                        value(each.getValue().path("Value")).asText());
                            }
                        });
        return all;
    }

    private boolean holds(String condition) {
        return condition.isEmpty() || truth(root.path("Conditions").path(condition));
    }

    private boolean truth(JsonNode node) {
        JsonNode is;
        if ((is = node.get("Fn::Equals")) != null) {
            return value(is.get(0)).asText().equals(value(is.get(1)).asText());
        } else if ((is = node.get("Fn::Not")) != null) {
            return !truth(is.get(0));
        } else if ((is = node.get("Fn::And")) != null) {
            return is.valueStream().allMatch(this::truth);
        } else if ((is = node.get("Fn::Or")) != null) {
            return is.valueStream().anyMatch(this::truth);
        } else if ((is = node.get("Condition")) != null) {
            return holds(is.asText());
        }
        throw new IllegalArgumentException("No condition: " + node);
    }

    private JsonNode value(JsonNode node) {
        if (node.isArray()) {
            ArrayNode array = NODES.arrayNode();
            for (JsonNode each : node) {
                JsonNode value = value(each);
                if (!value.equals(NO_VALUE)) {
                    array.add(value);
                }
            }
            return array;
        }
        if (!node.isObject()) {
            return node;
        }
        if (node.size() == 1) {
            String name = node.fieldNames().next();
            if (name.equals("Ref") || name.startsWith("Fn::")) {
                return function(name, node.get(name));
            }
        }
        ObjectNode object = NODES.objectNode();
        node.properties()
                .forEach(
                        each -> {
                            JsonNode value = value(each.getValue());
                            if (!value.equals(NO_VALUE)) {
                                object.set(each.getKey(), value);
                            }
                        });
        return object;
    }

    private JsonNode function(String name, JsonNode is) {
        return switch (name) {
            case "Ref" ->
                    is.asText().equals("AWS::NoValue")
                            ? NO_VALUE
                            : TextNode.valueOf(named(is.asText(), Map.of()));
            case "Fn::GetAtt" ->
                    TextNode.valueOf(reference.apply(is.get(0).asText(), is.get(1).asText()));
            case "Fn::If" -> value(is.get(holds(is.get(0).asText()) ? 1 : 2));
            case "Fn::Sub" -> {
                Map<String, String> own = new LinkedHashMap<>();
                if (is.isArray()) {
                    is.get(1)
                            .properties()
                            .forEach(e -> own.put(e.getKey(), value(e.getValue()).asText()));
                }
                yield TextNode.valueOf(
                        NAME.matcher(is.isArray() ? is.get(0).asText() : is.asText())
                                .replaceAll(
                                        match ->
                                                Matcher.quoteReplacement(
                                                        named(match.group(1), own))));
            }
            case "Fn::Join" -> {
                StringBuilder text = new StringBuilder();
                for (JsonNode each : value(is.get(1))) {
                    text.append(text.isEmpty() ? "" : is.get(0).asText()).append(each.asText());
                }
                yield TextNode.valueOf(text.toString());
            }
            case "Fn::Select" -> value(is.get(1)).get(is.get(0).asInt());
            case "Fn::Split" -> {
                ArrayNode parts = NODES.arrayNode();
                for (String part :
                        value(is.get(1)).asText().split(Pattern.quote(is.get(0).asText()), -1)) {
                    parts.add(part);
                }
                yield parts;
            }
            default -> throw new IllegalArgumentException("This emulator has no " + name);
        };
    }

    private String named(String name, Map<String, String> own) {
        String value = own.getOrDefault(name, values.get(name));
        if (value != null) {
            return value;
        }
        String[] parts = name.split("\\.", 2);
        return reference.apply(parts[0], parts.length == 1 ? null : parts[1]);
    }

    /** Reads YAML with its short forms written out. */
    static JsonNode read(String text) {
        try (YAMLParser parser = new YAMLFactory().createParser(text)) {
            parser.nextToken();
            return node(parser);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode node(YAMLParser parser) throws IOException {
        Object tag = parser.getTypeId();
        JsonNode value = plain(parser);
        if (tag == null) {
            return value;
        }
        if (tag.equals("GetAtt") && value.isTextual()) {
            ArrayNode parts = NODES.arrayNode();
            for (String part : value.asText().split("\\.", 2)) {
                parts.add(part);
            }
            value = parts;
        }
        boolean bare = tag.equals("Ref") || tag.equals("Condition");
        return NODES.objectNode().set(bare ? tag.toString() : "Fn::" + tag, value);
    }

    private static JsonNode plain(YAMLParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                ObjectNode object = NODES.objectNode();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    object.set(name, node(parser));
                }
                yield object;
            }
            case START_ARRAY -> {
                ArrayNode array = NODES.arrayNode();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(node(parser));
                }
                yield array;
            }
            case VALUE_NUMBER_INT -> NODES.numberNode(parser.getLongValue());
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDecimalValue());
            case VALUE_TRUE, VALUE_FALSE -> NODES.booleanNode(parser.getBooleanValue());
            case VALUE_NULL -> NODES.nullNode();
            default -> NODES.textNode(parser.getText());
        };
    }
}
