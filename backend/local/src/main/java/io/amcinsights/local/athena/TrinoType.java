package io.amcinsights.local.athena;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * A type of Trino's, and how Athena names it and writes its values.
 *
 * @param name without arguments, such as {@code decimal}
 * @param numbers length, precision or scale
 * @param parts types of an array's elements, of a map's keys and values, or of a row's fields
 * @param fields names of a row's fields
 */
record TrinoType(String name, List<Integer> numbers, List<TrinoType> parts, List<String> fields) {

    private static final int UNBOUNDED = Integer.MAX_VALUE;
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

    /**
     * @param signature {@code typeSignature} of the client protocol
     */
    static TrinoType of(JsonNode signature) {
        List<Integer> numbers = new ArrayList<>();
        List<TrinoType> parts = new ArrayList<>();
        List<String> fields = new ArrayList<>();
        for (JsonNode argument : signature.path("arguments")) {
            JsonNode value = argument.path("value");
            switch (argument.path("kind").asText()) {
                case "LONG" -> numbers.add(value.asInt(UNBOUNDED));
                case "TYPE" -> parts.add(of(value));
                case "NAMED_TYPE" -> {
                    parts.add(of(value.path("typeSignature")));
                    fields.add(
                            value.path("fieldName").path("name").asText("field" + fields.size()));
                }
                default ->
                        throw new IllegalArgumentException("Not a type of Trino's: " + signature);
            }
        }
        return new TrinoType(
                signature.path("rawType").asText(),
                List.copyOf(numbers),
                List.copyOf(parts),
                List.copyOf(fields));
    }

    /** As GetQueryResults names it: "Data types in Amazon Athena". */
    String athenaName() {
        return name.equals("real") ? "float" : name;
    }

    /** As GetQueryResults states it for each type. */
    int precision() {
        return switch (name) {
            case "tinyint" -> 3;
            case "smallint" -> 5;
            case "integer" -> 10;
            case "bigint" -> 19;
            case "real", "double" -> 17;
            case "decimal" -> numbers.getFirst();
            case "varchar", "char" -> numbers.isEmpty() ? UNBOUNDED : numbers.getFirst();
            case "varbinary" -> 1 << 30;
            case "time", "time with time zone", "timestamp", "timestamp with time zone" -> 3;
            default -> 0;
        };
    }

    int scale() {
        return name.equals("decimal") ? numbers.get(1) : 0;
    }

    boolean isCaseSensitive() {
        return name.equals("varchar") || name.equals("char");
    }

    /** A value that is not NULL, as it stands in Athena's results. */
    String text(JsonNode value) {
        StringBuilder text = new StringBuilder();
        write(value, text);
        return text.toString();
    }

    private void write(JsonNode value, StringBuilder text) {
        if (value.isNull()) {
            text.append("null");
            return;
        }
        switch (name) {
            case "array" -> {
                text.append('[');
                for (int i = 0; i < value.size(); i++) {
                    text.append(i == 0 ? "" : ", ");
                    parts.getFirst().write(value.get(i), text);
                }
                text.append(']');
            }
            case "map" -> {
                text.append('{');
                boolean first = true;
                for (var entry : value.properties()) {
                    text.append(first ? "" : ", ").append(entry.getKey()).append('=');
                    parts.get(1).write(entry.getValue(), text);
                    first = false;
                }
                text.append('}');
            }
            case "row" -> {
                text.append('{');
                for (int i = 0; i < value.size(); i++) {
                    text.append(i == 0 ? "" : ", ").append(fields.get(i)).append('=');
                    parts.get(i).write(value.get(i), text);
                }
                text.append('}');
            }
            case "varbinary" ->
                    text.append(HEX.formatHex(Base64.getDecoder().decode(value.asText())));
            default -> text.append(value.asText());
        }
    }
}
