package io.amcinsights.lake.duck;

import io.amcinsights.lake.plan.ColumnType;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads DuckDB's words for types, such as {@code STRUCT("a" BIGINT, b VARCHAR)[]}. */
final class DuckType {

    private static final String ROW = "STRUCT(";
    private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\((\\d+),\\s*(\\d+)\\)");
    private static final Pattern FIELD = Pattern.compile("[a-z0-9_]+");

    /** Those that no table of the lake can hold. */
    private static final Pattern UNREADABLE =
            Pattern.compile(
                    "(MAP|UNION)\\(.*|BLOB|BIT|BIGNUM|INTERVAL|GEOMETRY.*|VARIANT|.*\\[\\d+\\]");

    private DuckType() {}

    static boolean isNested(String type) {
        return type.endsWith("[]") || type.startsWith(ROW);
    }

    /** Whether a table of the lake can hold its values; names of fields must be plain. */
    static boolean isReadable(String type) {
        if (type.endsWith("[]")) {
            return isReadable(type.substring(0, type.length() - 2));
        }
        if (!type.startsWith(ROW)) {
            return !UNREADABLE.matcher(type).matches();
        }
        return parts(type.substring(ROW.length(), type.length() - 1)).stream()
                .allMatch(
                        part ->
                                FIELD.matcher(name(part)).matches()
                                        && isReadable(part.substring(nameEnd(part) + 1)));
    }

    /** The narrowest type of a dataset that holds the values. */
    static ColumnType parse(String type) {
        if (type.endsWith("[]")) {
            return ColumnType.array(parse(type.substring(0, type.length() - 2)));
        }
        if (!type.startsWith(ROW)) {
            return single(type);
        }
        List<ColumnType.Field> fields = new ArrayList<>();
        for (String part : parts(type.substring(ROW.length(), type.length() - 1))) {
            fields.add(new ColumnType.Field(name(part), parse(part.substring(nameEnd(part) + 1))));
        }
        return ColumnType.row(fields);
    }

    private static ColumnType single(String type) {
        Matcher decimal = DECIMAL.matcher(type);
        if (decimal.matches()) {
            return ColumnType.decimalOf(
                    Integer.parseInt(decimal.group(1)), Integer.parseInt(decimal.group(2)));
        }
        return switch (type) {
            case "NULL", "\"NULL\"" -> ColumnType.UNKNOWN;
            case "BOOLEAN" -> ColumnType.BOOLEAN;
            case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER" ->
                    ColumnType.BIGINT;
            case "UBIGINT", "HUGEINT", "UHUGEINT" -> ColumnType.decimalOf(0);
            case "FLOAT", "DOUBLE" -> ColumnType.DOUBLE;
            case "DATE" -> ColumnType.DATE;
            case "TIMESTAMP",
                    "TIMESTAMP_S",
                    "TIMESTAMP_MS",
                    "TIMESTAMP_NS",
                    "TIMESTAMP WITH TIME ZONE" ->
                    ColumnType.TIMESTAMP;
            default -> ColumnType.VARCHAR;
        };
    }

    private static int nameEnd(String part) {
        return part.startsWith("\"") ? part.indexOf('"', 1) + 1 : part.indexOf(' ');
    }

    private static String name(String part) {
        String name = part.substring(0, nameEnd(part));
        return part.startsWith("\"") ? name.substring(1, name.length() - 1) : name;
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
