package io.amcinsights.local.amc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Set;

/** What a call of the control path asks for; each field is checked when it is read. */
final class Fields {

    private final ObjectNode json;

    private Fields(ObjectNode json) {
        this.json = json;
    }

    /**
     * @param known all that may be given: a misspelt one would be a fault that never happens
     */
    static Fields of(ObjectNode json, String... known) throws AmcError {
        Set<String> names = Set.of(known);
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            if (!names.contains(field.getKey())) {
                throw AmcError.badRequest(
                        "There is no field %s here, but %s"
                                .formatted(field.getKey(), String.join(", ", known)));
            }
        }
        return new Fields(json);
    }

    /** Whether it is given, be it as null. */
    boolean has(String field) {
        return json.has(field);
    }

    /** The value as it is; a missing node where there is none. */
    JsonNode node(String field) {
        return json.path(field);
    }

    @Nullable String text(String field) {
        return json.hasNonNull(field) ? json.path(field).asText() : null;
    }

    String text(String field, String absent) {
        String text = text(field);
        return text == null ? absent : text;
    }

    @Nullable Boolean flag(String field) throws AmcError {
        if (!json.hasNonNull(field)) {
            return null;
        }
        if (!json.path(field).isBoolean()) {
            throw AmcError.badRequest(field + " must be true or false.");
        }
        return json.path(field).asBoolean();
    }

    boolean flag(String field, boolean absent) throws AmcError {
        Boolean flag = flag(field);
        return flag == null ? absent : flag;
    }

    @Nullable Double number(String field, double least, double most) throws AmcError {
        if (!json.hasNonNull(field)) {
            return null;
        }
        JsonNode value = json.path(field);
        if (!value.isNumber() || value.asDouble() < least || value.asDouble() > most) {
            throw AmcError.badRequest(
                    "%s must be a number from %s to %s."
                            .formatted(field, plain(least), plain(most)));
        }
        return value.asDouble();
    }

    @Nullable Integer integer(String field, int least, int most) throws AmcError {
        Double number = number(field, least, most);
        return number == null ? null : number.intValue();
    }

    int integer(String field, int least, int most, int absent) throws AmcError {
        Integer integer = integer(field, least, most);
        return integer == null ? absent : integer;
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
    }
}
