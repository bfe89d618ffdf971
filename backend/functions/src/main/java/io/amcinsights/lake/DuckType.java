package io.amcinsights.lake;

import io.amcinsights.lake.plan.ColumnType;

import java.util.ArrayList;
import java.util.List;

/** Reads DuckDB's words for arrays and rows, such as {@code STRUCT("a" BIGINT, b VARCHAR)[]}. */
final class DuckType {

    private static final String ROW = "STRUCT(";

    private DuckType() {}

    static boolean isNested(String type) {
        return type.endsWith("[]") || type.startsWith(ROW);
    }

    /** The types inside count for their shape: of single ones only timestamps are told apart. */
    static ColumnType parse(String type) {
        if (type.endsWith("[]")) {
            return ColumnType.array(parse(type.substring(0, type.length() - 2)));
        }
        if (!type.startsWith(ROW)) {
            return type.equals("TIMESTAMP") ? ColumnType.TIMESTAMP : ColumnType.VARCHAR;
        }
        List<ColumnType.Field> fields = new ArrayList<>();
        for (String part : parts(type.substring(ROW.length(), type.length() - 1))) {
            boolean isQuoted = part.startsWith("\"");
            int end = isQuoted ? part.indexOf('"', 1) + 1 : part.indexOf(' ');
            String name = part.substring(isQuoted ? 1 : 0, isQuoted ? end - 1 : end);
            fields.add(new ColumnType.Field(name, parse(part.substring(end + 1))));
        }
        return ColumnType.row(fields);
    }

    /** At the commas that are in no brackets; names hold none, they are plain. */
    private static List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            } else if (c == ',' && depth == 0) {
                parts.add(text.substring(from, i).strip());
                from = i + 1;
            }
        }
        parts.add(text.substring(from).strip());
        return parts;
    }
}
