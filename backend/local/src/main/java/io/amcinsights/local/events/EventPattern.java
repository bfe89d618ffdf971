package io.amcinsights.local.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;

/**
 * Which events a rule is for: Amazon EventBridge User Guide, "Comparison operators". A field of the
 * pattern matches if one of its alternatives matches one of the event's values.
 */
public sealed interface EventPattern {

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException for what is no pattern or is not supported here
     */
    static EventPattern of(JsonNode pattern) {
        if (!(pattern instanceof ObjectNode object)) {
            throw new IllegalArgumentException("an event pattern is an object");
        }
        List<Field> fields = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (field.getKey().equals("$or")) {
                throw new IllegalArgumentException(
                        "$or is not supported in the local workspace's event patterns");
            }
            fields.add(
                    new Field(
                            field.getKey(),
                            switch (field.getValue()) {
                                case ArrayNode alternatives -> Alternatives.of(alternatives);
                                case ObjectNode inner -> of(inner);
                                default ->
                                        throw new IllegalArgumentException(
                                                "the values of "
                                                        + field.getKey()
                                                        + " must stand in a list");
                            }));
        }
        return new Fields(fields);
    }

    /**
     * @param value null: the event has no such field
     */
    boolean matches(@Nullable JsonNode value);

    /** All fields match. */
    record Fields(List<Field> fields) implements EventPattern {
        @Override
        public boolean matches(@Nullable JsonNode value) {
            return fields.stream()
                    .allMatch(f -> f.pattern().matches(value == null ? null : value.get(f.name())));
        }
    }

    /** A field and what it must match. */
    record Field(String name, EventPattern pattern) {}

    /** One of them matches. */
    record Alternatives(List<Test> tests) implements EventPattern {

        static Alternatives of(ArrayNode nodes) {
            List<Test> tests = new ArrayList<>();
            nodes.forEach(n -> tests.add(test(n)));
            if (tests.isEmpty()) {
                throw new IllegalArgumentException("an empty list matches nothing");
            }
            return new Alternatives(tests);
        }

        @Override
        public boolean matches(@Nullable JsonNode value) {
            List<@Nullable JsonNode> values = new ArrayList<>();
            if (value != null && value.isArray()) {
                value.forEach(values::add);
            } else {
                values.add(value);
            }
            return tests.stream().anyMatch(t -> values.stream().anyMatch(t::holds));
        }
    }

    /** One comparison. */
    @FunctionalInterface
    interface Test {
        boolean holds(@Nullable JsonNode value);
    }

    private static Test test(JsonNode node) {
        if (!(node instanceof ObjectNode operator)) {
            return value -> equal(node, value);
        }
        if (operator.size() != 1) {
            throw new IllegalArgumentException("one comparison at a time: " + operator);
        }
        String name = operator.fieldNames().next();
        JsonNode operand = operator.get(name);
        return switch (name) {
            case "prefix" -> text(operand, (text, wanted) -> text.startsWith(wanted));
            case "suffix" -> text(operand, (text, wanted) -> text.endsWith(wanted));
            case "equals-ignore-case" ->
                    text(
                            operand,
                            (text, wanted) ->
                                    text.toLowerCase(Locale.ROOT)
                                            .equals(wanted.toLowerCase(Locale.ROOT)));
            case "wildcard" -> {
                Pattern pattern = wildcard(operand.asText());
                yield value ->
                        value != null
                                && value.isTextual()
                                && pattern.matcher(value.asText()).matches();
            }
            case "exists" -> {
                boolean wanted = operand.asBoolean();
                yield value -> (value != null) == wanted;
            }
            case "anything-but" -> {
                List<Test> refused = new ArrayList<>();
                if (operand.isArray()) {
                    operand.forEach(n -> refused.add(test(n)));
                } else {
                    refused.add(test(operand));
                }
                yield value -> value != null && refused.stream().noneMatch(t -> t.holds(value));
            }
            default ->
                    throw new IllegalArgumentException(
                            "the comparison "
                                    + name
                                    + " is not supported in the local workspace's event patterns");
        };
    }

    private static boolean equal(JsonNode wanted, @Nullable JsonNode value) {
        if (value == null) {
            return false;
        }
        if (wanted.isNumber() && value.isNumber()) {
            return wanted.decimalValue().compareTo(value.decimalValue()) == 0;
        }
        return wanted.equals(value);
    }

    private static Test text(JsonNode operand, BiPredicate<String, String> comparison) {
        String wanted = operand.asText();
        if (!operand.isTextual()) {
            throw new IllegalArgumentException("a text is compared with a text, not " + operand);
        }
        return value ->
                value != null && value.isTextual() && comparison.test(value.asText(), wanted);
    }

    private static Pattern wildcard(String text) {
        StringBuilder regex = new StringBuilder();
        for (String part : text.split("\\*", -1)) {
            regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(part));
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }
}
