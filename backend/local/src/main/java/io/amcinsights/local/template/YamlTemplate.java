package io.amcinsights.local.template;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A template's YAML with its short forms written out ({@code !Ref X} is {@code {"Ref": "X"}}), and
 * the line of each place.
 */
final class YamlTemplate {

    private static final Set<String> WITHOUT_PREFIX = Set.of("Ref", "Condition");

    private final YAMLParser parser;
    private final Map<String, Integer> lines = new HashMap<>();
    private final ObjectNode root;

    static YamlTemplate read(String text) throws TemplateException {
        try (YAMLParser parser = new YAMLFactory().createParser(text)) {
            return new YamlTemplate(parser);
        } catch (JsonProcessingException e) {
            throw new TemplateException(
                    "line " + e.getLocation().getLineNr(), e.getOriginalMessage());
        } catch (IOException e) {
            throw new IllegalStateException("A text in memory can be read", e);
        }
    }

    private YamlTemplate(YAMLParser parser) throws IOException, TemplateException {
        this.parser = parser;
        parser.nextToken();
        if (!(node("") instanceof ObjectNode object)) {
            throw new TemplateException("line 1", "a template is a mapping");
        }
        root = object;
    }

    ObjectNode root() {
        return root;
    }

    /** A place in words: its line and path. */
    String place(String path) {
        String at = path;
        while (!at.isEmpty() && !lines.containsKey(at)) {
            at = at.substring(0, at.lastIndexOf('/'));
        }
        return "line %d (%s)"
                .formatted(lines.getOrDefault(at, 1), path.substring(path.isEmpty() ? 0 : 1));
    }

    private JsonNode node(String path) throws IOException, TemplateException {
        int line = parser.currentTokenLocation().getLineNr();
        lines.putIfAbsent(path, line);
        if (parser.isCurrentAlias()) {
            throw new TemplateException("line " + line, "CloudFormation takes no YAML aliases");
        }
        String tag = tag(line);
        JsonNode value = value(path);
        if (tag == null) {
            return value;
        }
        ObjectNode function = JsonNodeFactory.instance.objectNode();
        if (tag.equals("GetAtt") && value.isTextual()) {
            String[] parts = value.asText().split("\\.", 2);
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            for (String part : parts) {
                list.add(part);
            }
            value = list;
        }
        return function.set(WITHOUT_PREFIX.contains(tag) ? tag : "Fn::" + tag, value);
    }

    private @Nullable String tag(int line) throws IOException, TemplateException {
        Object id = parser.getTypeId();
        String tag = id == null ? null : id.toString();
        if (tag != null && !tag.matches("[A-Z][A-Za-z0-9]*")) {
            throw new TemplateException("line " + line, "no such short form: !" + tag);
        }
        return tag;
    }

    private JsonNode value(String path) throws IOException, TemplateException {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                ObjectNode object = nodes.objectNode();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    int line = parser.currentTokenLocation().getLineNr();
                    if (object.has(name)) {
                        throw new TemplateException("line " + line, name + " is there twice");
                    }
                    String child = path + "/" + name;
                    lines.put(child, line);
                    parser.nextToken();
                    object.set(name, node(child));
                }
                yield object;
            }
            case START_ARRAY -> {
                ArrayNode array = nodes.arrayNode();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(node(path + "/" + array.size()));
                }
                yield array;
            }
            case VALUE_NUMBER_INT -> nodes.numberNode(parser.getLongValue());
            case VALUE_NUMBER_FLOAT -> nodes.numberNode(parser.getDecimalValue());
            case VALUE_TRUE, VALUE_FALSE -> nodes.booleanNode(parser.getBooleanValue());
            case VALUE_NULL -> nodes.nullNode();
            default -> nodes.textNode(parser.getText());
        };
    }
}
