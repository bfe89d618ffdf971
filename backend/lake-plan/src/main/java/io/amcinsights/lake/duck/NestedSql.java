package io.amcinsights.lake.duck;

import io.amcinsights.lake.plan.ColumnType;

import java.util.ArrayList;
import java.util.List;

/** DuckDB's expressions for arrays and rows. */
public final class NestedSql {

    private NestedSql() {}

    /**
     * Values of a type.
     *
     * @param json expression of their JSON, all single values in it texts
     */
    public static String read(String json, ColumnType type) {
        return "CAST(from_json(%s, %s) AS %s)"
                .formatted(json, DuckSql.text(structure(type)), type.duck());
    }

    private static String structure(ColumnType type) {
        return switch (type.kind()) {
            case ARRAY -> "[%s]".formatted(structure(type.element()));
            case ROW -> {
                List<String> fields = new ArrayList<>();
                type.fields()
                        .forEach(
                                f ->
                                        fields.add(
                                                "\"%s\":%s"
                                                        .formatted(f.name(), structure(f.type()))));
                yield "{%s}".formatted(String.join(",", fields));
            }
            default -> "\"VARCHAR\"";
        };
    }

    /**
     * The text of values that are written in a type of DuckDB already: as AMC writes them where
     * fields have no names, else as JSON.
     *
     * @param type as DuckDB describes it
     */
    static String write(String value, String type) {
        ColumnType read = DuckType.parse(type);
        return isAmcs(read) ? amc(value, read, 0) : "CAST(to_json(%s) AS VARCHAR)".formatted(value);
    }

    private static boolean isAmcs(ColumnType type) {
        return type.fields().stream()
                .allMatch(
                        f ->
                                (f.name().matches("field\\d+") || f.name().equals("element"))
                                        && isAmcs(f.type()));
    }

    private static String amc(String value, ColumnType type, int depth) {
        return switch (type.kind()) {
            case ARRAY -> {
                String item = "item" + depth;
                yield "'[' || array_to_string(list_transform(%s, lambda %s: %s), ', ') || ']'"
                        .formatted(value, item, inside(item, type.element(), depth + 1));
            }
            case ROW -> {
                List<String> fields = new ArrayList<>();
                type.fields()
                        .forEach(
                                f ->
                                        fields.add(
                                                inside(
                                                        value + "." + DuckSql.quoted(f.name()),
                                                        f.type(),
                                                        depth)));
                yield "'[' || %s || ']'".formatted(String.join(" || ', ' || ", fields));
            }
            case TIMESTAMP -> "strftime(%s, '%%Y-%%m-%%dT%%H:%%M:%%S.%%gZ')".formatted(value);
            default -> "CAST(%s AS VARCHAR)".formatted(value);
        };
    }

    private static String inside(String value, ColumnType type, int depth) {
        return "CASE WHEN %s IS NULL THEN 'null' ELSE %s END"
                .formatted(value, amc(value, type, depth));
    }
}
