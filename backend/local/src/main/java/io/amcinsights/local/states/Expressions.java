package io.amcinsights.local.states;

import static com.dashjoin.jsonata.Jsonata.jsonata;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * JSON with JSONata in it: a text {@code {% ... %}} stands for the value of its expression. The
 * functions that Step Functions adds are there, {@code $eval} is not (AWS Step Functions Developer
 * Guide, "Transforming data with JSONata").
 */
final class Expressions {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int LONGEST_MILLIS = 5_000;
    private static final int DEEPEST = 500;
    private static final double LARGEST_EXACT = 9_007_199_254_740_992.0;
    private static final int LONGEST_RANGE = 1_000;

    /** An expression that gave no value: where it stands in the state, and why. */
    static final class NoValue extends Exception {
        private static final long serialVersionUID = 1;

        private final String location;

        NoValue(String location, String reason) {
            super(reason);
            this.location = location;
        }

        /** Such as {@code Arguments/Payload/ids[0]}. */
        String location() {
            return location;
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    private Expressions() {}

    /** Finds expressions that cannot be parsed. */
    static void check(JsonNode template, String place) throws InvalidDefinition {
        if (template.isContainerNode()) {
            for (Map.Entry<String, JsonNode> field : template.properties()) {
                check(field.getValue(), place + "/" + field.getKey());
            }
            for (int i = 0; template.isArray() && i < template.size(); i++) {
                check(template.get(i), place + "/" + i);
            }
            return;
        }
        String expression = expression(template);
        if (expression != null) {
            try {
                jsonata(expression);
            } catch (JException e) {
                throw new InvalidDefinition(
                        place, "the expression has an error: " + e.getMessage());
            }
        } else if (template.isTextual() && template.asText().strip().startsWith("{%")) {
            throw new InvalidDefinition(
                    place, "an expression begins with {% and ends with %}, without spaces around");
        }
    }

    /**
     * Evaluates all expressions in a template.
     *
     * @param location of the template in its state
     * @param states the value of {@code $states}
     */
    static JsonNode evaluate(
            JsonNode template, String location, JsonNode states, Map<String, JsonNode> variables)
            throws NoValue {
        return switch (template) {
            case ObjectNode object -> {
                ObjectNode result = NODES.objectNode();
                for (Map.Entry<String, JsonNode> field : object.properties()) {
                    String at = location + "/" + field.getKey();
                    result.set(field.getKey(), evaluate(field.getValue(), at, states, variables));
                }
                yield result;
            }
            case ArrayNode array -> {
                ArrayNode result = NODES.arrayNode();
                for (JsonNode item : array) {
                    String at = location + "[" + result.size() + "]";
                    result.add(evaluate(item, at, states, variables));
                }
                yield result;
            }
            default -> {
                String expression = expression(template);
                yield expression == null
                        ? template
                        : value(expression, location, states, variables);
            }
        };
    }

    static boolean isExpression(JsonNode node) {
        return expression(node) != null;
    }

    private static @Nullable String expression(JsonNode node) {
        String text = node.isTextual() ? node.asText() : "";
        return text.startsWith("{%") && text.endsWith("%}") && text.length() >= 4
                ? text.substring(2, text.length() - 2).strip()
                : null;
    }

    private static JsonNode value(
            String expression, String location, JsonNode states, Map<String, JsonNode> variables)
            throws NoValue {
        String named =
                "The JSONata expression '%s' specified for the field '%s' "
                        .formatted(expression, location);
        try {
            Jsonata query = jsonata(expression);
            query.setOutputConvertNulls(false);
            Jsonata.Frame frame = query.createFrame();
            frame.setRuntimeBounds(LONGEST_MILLIS, DEEPEST);
            bindFunctions(frame);
            variables.forEach((name, value) -> frame.bind(name, plain(value)));
            frame.bind("states", plain(states));
            Object result = query.evaluate(null, frame);
            if (result == null) {
                throw new NoValue(location, named + "returned nothing (undefined).");
            }
            return node(result);
        } catch (JException | IllegalArgumentException | ClassCastException e) {
            throw new NoValue(location, named + "failed: " + e.getMessage());
        }
    }

    private static void bindFunctions(Jsonata.Frame frame) {
        frame.bind("partition", Jsonata.function("partition", Expressions::partition, "<an:a>"));
        frame.bind("range", Jsonata.function("range", Expressions::range, "<nnn:a>"));
        frame.bind("hash", Jsonata.function("hash", Expressions::hash, "<ss:s>"));
        frame.bind("uuid", Jsonata.function("uuid", () -> UUID.randomUUID().toString(), "<:s>"));
        frame.bind("random", Jsonata.function("random", Expressions::random, "<n?:n>"));
        frame.bind("parse", Jsonata.function("parse", Expressions::parse, "<s:x>"));
        frame.bind(
                "eval",
                Jsonata.function(
                        "eval",
                        (Object text) -> {
                            throw new IllegalArgumentException(
                                    "$eval is not available; use $parse");
                        },
                        "<s:x>"));
    }

    private static List<List<Object>> partition(List<Object> items, Number size) {
        if (size.intValue() < 1) {
            throw new IllegalArgumentException("$partition needs a size of at least 1");
        }
        List<List<Object>> parts = new ArrayList<>();
        for (int i = 0; i < items.size(); i += size.intValue()) {
            parts.add(
                    new ArrayList<>(items.subList(i, Math.min(items.size(), i + size.intValue()))));
        }
        return parts;
    }

    private static List<Long> range(Number first, Number last, Number step) {
        if (step.longValue() == 0) {
            throw new IllegalArgumentException("$range needs a step other than 0");
        }
        List<Long> range = new ArrayList<>();
        for (long value = first.longValue();
                step.longValue() > 0 ? value <= last.longValue() : value >= last.longValue();
                value += step.longValue()) {
            if (range.size() == LONGEST_RANGE) {
                throw new IllegalArgumentException("$range gives at most 1000 values");
            }
            range.add(value);
        }
        return range;
    }

    private static String hash(String text, String algorithm) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance(algorithm)
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalArgumentException("$hash does not know " + algorithm, e);
        }
    }

    private static double random(@Nullable Number seed) {
        return seed == null
                ? ThreadLocalRandom.current().nextDouble()
                : new Random(seed.longValue()).nextDouble();
    }

    private static Object parse(String text) {
        try {
            Object value = plain(JSON.readTree(text));
            return value == null ? Jsonata.NULL_VALUE : value;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("$parse: " + e.getOriginalMessage(), e);
        }
    }

    /** As the JSONata library wants it: maps, lists and Java's own values. */
    private static @Nullable Object plain(JsonNode node) {
        return node.isNull() ? Jsonata.NULL_VALUE : JSON.convertValue(node, Object.class);
    }

    private static JsonNode node(@Nullable Object value) {
        return switch (value) {
            case null -> NODES.nullNode();
            case Map<?, ?> map -> {
                ObjectNode object = NODES.objectNode();
                for (Map.Entry<?, ?> field : map.entrySet()) {
                    object.set(String.valueOf(field.getKey()), node(field.getValue()));
                }
                yield object;
            }
            case List<?> list -> {
                ArrayNode array = NODES.arrayNode();
                for (Object item : list) {
                    array.add(node(item));
                }
                yield array;
            }
            case String text -> NODES.textNode(text);
            case Boolean bool -> NODES.booleanNode(bool);
            case Double number when whole(number) -> node(number.longValue());
            case Double number -> NODES.numberNode(number);
            case Integer number -> NODES.numberNode(number);
            case Long number when number == number.intValue() ->
                    NODES.numberNode(number.intValue());
            case Long number -> NODES.numberNode(number);
            case Number number -> JSON.valueToTree(number);
            case Object other when other.equals(Jsonata.NULL_VALUE) -> NODES.nullNode();
            default -> throw new IllegalArgumentException("it gave a function, not JSON");
        };
    }

    private static boolean whole(double number) {
        return number == Math.rint(number) && Math.abs(number) < LARGEST_EXACT;
    }
}
