package io.amcinsights.lake.plan;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value of a delivered file, which may consist of others. NULL is null. */
public sealed interface Nested {

    /**
     * A single value.
     *
     * @param told the file says that it is a text, whatever it looks like
     */
    record Leaf(String text, boolean told) implements Nested {}

    /** Values of one kind, or, where AMC writes it, those of a row without their names. */
    record Items(List<@Nullable Nested> items) implements Nested {}

    /** Values by name. */
    record Entries(Map<String, @Nullable Nested> entries) implements Nested {}

    /** As a text: of a single value what was written, else JSON. */
    static @Nullable String text(@Nullable Nested value) {
        if (value instanceof Leaf leaf) {
            return leaf.text();
        }
        return value == null ? null : json(value);
    }

    /** JSON without blanks, numbers as they were written. */
    static String json(@Nullable Nested value) {
        StringBuilder json = new StringBuilder();
        write(value, json);
        return json.toString();
    }

    private static void write(@Nullable Nested value, StringBuilder json) {
        if (value == null) {
            json.append("null");
        } else if (value instanceof Leaf leaf) {
            if (leaf.told()) {
                quote(leaf.text(), json);
            } else {
                json.append(leaf.text());
            }
        } else if (value instanceof Items list) {
            json.append('[');
            String separator = "";
            for (Nested item : list.items()) {
                json.append(separator);
                write(item, json);
                separator = ",";
            }
            json.append(']');
        } else if (value instanceof Entries row) {
            json.append('{');
            String separator = "";
            for (Map.Entry<String, @Nullable Nested> entry : row.entries().entrySet()) {
                json.append(separator);
                quote(entry.getKey(), json);
                json.append(':');
                write(entry.getValue(), json);
                separator = ",";
            }
            json.append('}');
        }
    }

    private static void quote(String text, StringBuilder json) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append("\\u%04x".formatted((int) c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }

    /**
     * The value in the shape of a type, all single values as texts: what is left to do is to read
     * each of them as its type. Names are those of the type.
     *
     * @throws IllegalArgumentException it has another shape
     */
    static @Nullable Nested shaped(@Nullable Nested value, ColumnType type) {
        if (value == null) {
            return null;
        }
        if (type.isNested() && value instanceof Leaf leaf && !leaf.told()) {
            return leaf.text().isEmpty() ? null : shapedText(leaf.text(), type);
        }
        return switch (type.kind()) {
            case ARRAY -> {
                List<@Nullable Nested> items = new ArrayList<>();
                for (Nested item : items(value)) {
                    items.add(shaped(item, type.element()));
                }
                yield new Items(items);
            }
            case ROW -> new Entries(entries(value, type));
            case UNKNOWN, VARCHAR -> new Leaf(String.valueOf(text(value)), true);
            case BOOLEAN, BIGINT, DECIMAL, DOUBLE, DATE, TIMESTAMP -> {
                if (!(value instanceof Leaf leaf)) {
                    throw new IllegalArgumentException("A single value is expected.");
                }
                yield leaf.text().isEmpty() ? null : new Leaf(leaf.text(), true);
            }
        };
    }

    private static Nested shapedText(String text, ColumnType type) {
        Items items = AmcNested.read(text);
        Nested shaped = items == null ? null : shaped(items, type);
        if (shaped == null) {
            throw new IllegalArgumentException("This is no array.");
        }
        return shaped;
    }

    private static List<@Nullable Nested> items(Nested value) {
        if (value instanceof Items list) {
            return list.items();
        }
        throw new IllegalArgumentException("Several values are expected.");
    }

    private static Map<String, @Nullable Nested> entries(Nested value, ColumnType type) {
        Map<String, @Nullable Nested> byName = new LinkedHashMap<>();
        if (value instanceof Entries row) {
            Map<String, @Nullable Nested> given = new LinkedHashMap<>();
            row.entries().forEach((name, entry) -> given.put(Names.plain(name), entry));
            for (ColumnType.Field field : type.fields()) {
                byName.put(field.name(), shaped(given.get(field.name()), field.type()));
            }
            return byName;
        }
        List<@Nullable Nested> items = items(value);
        if (items.size() > type.fields().size()) {
            throw new IllegalArgumentException("More values than the row has.");
        }
        for (int i = 0; i < type.fields().size(); i++) {
            ColumnType.Field field = type.fields().get(i);
            byName.put(field.name(), i < items.size() ? shaped(items.get(i), field.type()) : null);
        }
        return byName;
    }
}
