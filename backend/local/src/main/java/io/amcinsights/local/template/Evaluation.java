package io.amcinsights.local.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Gives the intrinsic functions of a template their values. */
final class Evaluation {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]*)}");

    private final YamlTemplate template;
    private final String stackName;
    private final String stackId;
    private final Account account;
    private final Map<String, JsonNode> parameters;
    private final Map<String, Identity> identities = new HashMap<>();
    private final Set<String> underway = new LinkedHashSet<>();

    Evaluation(
            YamlTemplate template,
            String stackName,
            String stackId,
            Account account,
            Map<String, JsonNode> parameters) {
        this.template = template;
        this.stackName = stackName;
        this.stackId = stackId;
        this.account = account;
        this.parameters = parameters;
    }

    /**
     * The value of a node.
     *
     * @param path of the node in the template
     * @return a missing node for {@code AWS::NoValue}
     */
    JsonNode value(JsonNode node, String path) throws TemplateException {
        return switch (node) {
            case ObjectNode object -> {
                String function = function(object);
                yield function == null ? members(object, path) : call(function, object, path);
            }
            case ArrayNode array -> {
                ArrayNode result = NODES.arrayNode();
                for (int i = 0; i < array.size(); i++) {
                    JsonNode item = value(array.get(i), path + "/" + i);
                    if (!item.isMissingNode()) {
                        result.add(item);
                    }
                }
                yield result;
            }
            default -> node;
        };
    }

    /** A value that must be one text; numbers and truth values are taken as such. */
    String text(JsonNode node, String path) throws TemplateException {
        JsonNode value = value(node, path);
        if (!value.isValueNode()) {
            throw problem(path, "must be a text");
        }
        return value.asText();
    }

    boolean condition(String name, String path) throws TemplateException {
        JsonNode condition = template.root().path("Conditions").path(name);
        if (condition.isMissingNode()) {
            throw problem(path, "there is no condition " + name);
        }
        String mark = "condition " + name;
        if (!underway.add(mark)) {
            throw problem(path, "the condition " + name + " depends on itself");
        }
        try {
            return truth(condition, "/Conditions/" + name);
        } finally {
            underway.remove(mark);
        }
    }

    /** The identity of a resource that the stack has. */
    Identity identity(String logicalId, String path) throws TemplateException {
        Identity known = identities.get(logicalId);
        if (known != null) {
            return known;
        }
        JsonNode resource = template.root().path("Resources").path(logicalId);
        if (resource.isMissingNode()) {
            throw problem(path, "there is no parameter or resource " + logicalId);
        }
        String place = "/Resources/" + logicalId;
        if (resource.has("Condition") && !condition(resource.path("Condition").asText(), place)) {
            throw problem(path, logicalId + " does not exist under the stack's conditions");
        }
        if (!underway.add(logicalId)) {
            throw problem(path, "the names of " + underway + " depend on each other");
        }
        Identity identity =
                Identity.of(
                        resource.path("Type").asText(),
                        new Identity.Naming() {
                            @Override
                            public String logicalId() {
                                return logicalId;
                            }

                            @Override
                            public Optional<String> property(String name) throws TemplateException {
                                String at = place + "/Properties/" + name;
                                JsonNode node = resource.at("/Properties/" + name);
                                JsonNode value = value(node, at);
                                return value.isMissingNode()
                                        ? Optional.empty()
                                        : Optional.of(text(value, at));
                            }

                            @Override
                            public String stackName() {
                                return stackName;
                            }

                            @Override
                            public Account account() {
                                return account;
                            }

                            @Override
                            public TemplateException problem(String text) {
                                return Evaluation.this.problem(place, text);
                            }
                        });
        underway.remove(logicalId);
        identities.put(logicalId, identity);
        return identity;
    }

    TemplateException problem(String path, String text) {
        return new TemplateException(template.place(path), text);
    }

    private ObjectNode members(ObjectNode object, String path) throws TemplateException {
        ObjectNode result = NODES.objectNode();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            JsonNode value = value(member.getValue(), path + "/" + member.getKey());
            if (!value.isMissingNode()) {
                result.set(member.getKey(), value);
            }
        }
        return result;
    }

    private static @Nullable String function(ObjectNode object) {
        if (object.size() != 1) {
            return null;
        }
        String name = object.fieldNames().next();
        return name.equals("Ref") || name.startsWith("Fn::") ? name : null;
    }

    private JsonNode call(String function, ObjectNode object, String path)
            throws TemplateException {
        JsonNode argument = object.get(function);
        return switch (function) {
            case "Ref" -> ref(argument.asText(), path);
            case "Fn::GetAtt" -> {
                List<JsonNode> parts = list(argument, 2, 2, path);
                yield NODES.textNode(
                        attribute(parts.get(0).asText(), text(parts.get(1), path), path));
            }
            case "Fn::Sub" -> NODES.textNode(sub(argument, path));
            case "Fn::Base64" ->
                    NODES.textNode(
                            Base64.getEncoder()
                                    .encodeToString(
                                            text(argument, path).getBytes(StandardCharsets.UTF_8)));
            case "Fn::Join" -> {
                List<JsonNode> parts = list(argument, 2, 2, path);
                List<String> texts = new ArrayList<>();
                for (JsonNode item : array(parts.get(1), path)) {
                    texts.add(text(item, path));
                }
                yield NODES.textNode(String.join(parts.get(0).asText(), texts));
            }
            case "Fn::Split" -> {
                List<JsonNode> parts = list(argument, 2, 2, path);
                ArrayNode result = NODES.arrayNode();
                for (String part :
                        text(parts.get(1), path).split(Pattern.quote(parts.get(0).asText()), -1)) {
                    result.add(part);
                }
                yield result;
            }
            case "Fn::Select" -> {
                List<JsonNode> parts = list(argument, 2, 2, path);
                ArrayNode items = array(parts.get(1), path);
                int index = Integer.parseInt(text(parts.get(0), path));
                if (index < 0 || index >= items.size()) {
                    throw problem(path, "Fn::Select has no item " + index);
                }
                yield items.get(index);
            }
            case "Fn::FindInMap" -> {
                List<JsonNode> parts = list(argument, 3, 3, path);
                JsonNode found = template.root().path("Mappings");
                for (JsonNode part : parts) {
                    found = found.path(text(part, path));
                }
                if (found.isMissingNode()) {
                    throw problem(path, "Fn::FindInMap finds nothing");
                }
                yield found;
            }
            case "Fn::If" -> {
                List<JsonNode> parts = list(argument, 3, 3, path);
                boolean holds = condition(parts.get(0).asText(), path);
                // Both are looked at, so that an error in the other one is found too.
                JsonNode yes = value(parts.get(1), path + "/1");
                JsonNode no = value(parts.get(2), path + "/2");
                yield holds ? yes : no;
            }
            default ->
                    throw problem(
                            path, "the local workspace does not know the function " + function);
        };
    }

    private boolean truth(JsonNode node, String path) throws TemplateException {
        if (!(node instanceof ObjectNode object) || object.size() != 1) {
            throw problem(path, "is not a condition");
        }
        String function = object.fieldNames().next();
        JsonNode argument = object.get(function);
        return switch (function) {
            case "Condition" -> condition(argument.asText(), path);
            case "Fn::Equals" -> {
                List<JsonNode> sides = list(argument, 2, 2, path);
                yield text(sides.get(0), path).equals(text(sides.get(1), path));
            }
            case "Fn::Not" -> !truth(list(argument, 1, 1, path).getFirst(), path);
            case "Fn::And" -> {
                boolean all = true;
                for (JsonNode part : list(argument, 2, 10, path)) {
                    all &= truth(part, path);
                }
                yield all;
            }
            case "Fn::Or" -> {
                boolean any = false;
                for (JsonNode part : list(argument, 2, 10, path)) {
                    any |= truth(part, path);
                }
                yield any;
            }
            default -> throw problem(path, function + " is no function of conditions");
        };
    }

    private JsonNode ref(String name, String path) throws TemplateException {
        JsonNode pseudo =
                switch (name) {
                    case "AWS::NoValue" -> MissingNode.getInstance();
                    case "AWS::AccountId" -> NODES.textNode(account.id());
                    case "AWS::Region" -> NODES.textNode(account.region());
                    case "AWS::Partition" -> NODES.textNode(account.partition());
                    case "AWS::StackName" -> NODES.textNode(stackName);
                    case "AWS::StackId" -> NODES.textNode(stackId);
                    case "AWS::URLSuffix" -> NODES.textNode("amazonaws.com");
                    default -> null;
                };
        if (pseudo != null) {
            return pseudo;
        }
        JsonNode parameter = parameters.get(name);
        return parameter == null ? NODES.textNode(identity(name, path).ref()) : parameter;
    }

    private String attribute(String logicalId, String attribute, String path)
            throws TemplateException {
        String value = identity(logicalId, path).attributes().get(attribute);
        if (value == null) {
            throw problem(path, logicalId + " has no attribute " + attribute + " here");
        }
        return value;
    }

    private String sub(JsonNode argument, String path) throws TemplateException {
        String text = argument.isArray() ? argument.path(0).asText() : argument.asText();
        JsonNode variables = argument.path(1);
        StringBuilder result = new StringBuilder();
        Matcher matcher = PLACEHOLDER.matcher(text);
        while (matcher.find()) {
            String name = matcher.group(1);
            String value;
            if (name.startsWith("!")) {
                value = "${" + name.substring(1) + "}";
            } else if (variables.has(name)) {
                value = text(variables.get(name), path);
            } else if (name.contains(".")) {
                int dot = name.indexOf('.');
                value = attribute(name.substring(0, dot), name.substring(dot + 1), path);
            } else {
                value = text(ref(name, path), path);
            }
            matcher.appendReplacement(result, Matcher.quoteReplacement(value));
        }
        return matcher.appendTail(result).toString();
    }

    private List<JsonNode> list(JsonNode argument, int least, int most, String path)
            throws TemplateException {
        if (!argument.isArray() || argument.size() < least || argument.size() > most) {
            throw problem(path, "the function needs a list of " + least + " arguments");
        }
        List<JsonNode> parts = new ArrayList<>();
        argument.forEach(parts::add);
        return parts;
    }

    private ArrayNode array(JsonNode node, String path) throws TemplateException {
        if (value(node, path) instanceof ArrayNode array) {
            return array;
        }
        throw problem(path, "must be a list");
    }
}
