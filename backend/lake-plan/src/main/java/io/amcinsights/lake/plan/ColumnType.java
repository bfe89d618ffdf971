package io.amcinsights.lake.plan;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The type of a column. Types only widen: a wider type holds all values of the narrower one.
 *
 * @param scale digits after the point of a {@link Kind#DECIMAL}; 0 for the others
 * @param wide whether numbers were seen that a double does not hold: beside doubles they are text
 * @param fields of a {@link Kind#ROW}; of an {@link Kind#ARRAY} the one that all its elements are
 */
public record ColumnType(Kind kind, int scale, boolean wide, List<Field> fields) {

    /** A part of a type, by its name in file and catalogue. */
    public record Field(String name, ColumnType type) {

        private String quoted() {
            return '"' + name + '"';
        }
    }

    /** The kinds of types, by the names that they travel under. */
    public enum Kind {
        /** No value was seen yet. */
        UNKNOWN,
        BOOLEAN,
        BIGINT,
        DECIMAL,
        DOUBLE,
        DATE,
        TIMESTAMP,
        VARCHAR,
        ARRAY,
        ROW
    }

    public static final ColumnType UNKNOWN = of(Kind.UNKNOWN);
    public static final ColumnType BOOLEAN = of(Kind.BOOLEAN);
    public static final ColumnType BIGINT = of(Kind.BIGINT);
    public static final ColumnType DOUBLE = of(Kind.DOUBLE);
    public static final ColumnType DATE = of(Kind.DATE);
    public static final ColumnType TIMESTAMP = of(Kind.TIMESTAMP);
    public static final ColumnType VARCHAR = of(Kind.VARCHAR);

    /** Of every decimal, before and behind the point. */
    public static final int DIGITS = 38;

    /** Few scales, so that a file with one more digit seldom changes a dataset's type. */
    private static final int[] SCALES = {0, 4, 10};

    private static final Pattern DECIMAL = Pattern.compile("decimal\\(38,(\\d+)\\)");

    /** Marks a wide type where we write it down. */
    private static final String WIDE = " wide";

    /** What Parquet calls the elements of an array. */
    private static final String ELEMENT = "element";

    /** The fields of a row whose names the file does not tell. */
    private static final String UNNAMED = "field";

    private static final Pattern UNNAMED_FIELD = Pattern.compile(UNNAMED + "\\d+");

    /** A type without fields. */
    public ColumnType(Kind kind, int scale) {
        this(kind, scale, false, List.of());
    }

    private static ColumnType of(Kind kind) {
        return new ColumnType(kind, 0);
    }

    /** Any number of elements of one type. */
    public static ColumnType array(ColumnType element) {
        return new ColumnType(Kind.ARRAY, 0, false, List.of(new Field(ELEMENT, element.inside())));
    }

    /** Fields in their order. */
    public static ColumnType row(List<Field> fields) {
        return new ColumnType(
                Kind.ROW,
                0,
                false,
                fields.stream().map(f -> new Field(f.name(), f.type().inside())).toList());
    }

    /** Fields whose names nobody tells: {@code field0}, {@code field1} and so on. */
    static ColumnType unnamedRow(List<ColumnType> types) {
        List<Field> fields = new ArrayList<>();
        for (ColumnType type : types) {
            fields.add(new Field(UNNAMED + fields.size(), type));
        }
        return row(fields);
    }

    /** The same for numbers that a double does not hold. */
    public ColumnType widely() {
        return new ColumnType(kind, scale, true, fields);
    }

    /** Inside of arrays and rows nobody counts digits. */
    private ColumnType inside() {
        return new ColumnType(kind, scale, false, fields);
    }

    /** Of an array. */
    public ColumnType element() {
        return fields.get(0).type();
    }

    /** Whether its values consist of others. */
    public boolean isNested() {
        return kind == Kind.ARRAY || kind == Kind.ROW;
    }

    /**
     * The type for a column or a field of this name: those that hold names of things are text, also
     * in digits, and so are the elements of arrays of them.
     */
    public ColumnType named(String name) {
        if (kind == Kind.ROW) {
            return row(
                    fields.stream()
                            .map(f -> new Field(f.name(), f.type().named(f.name())))
                            .toList());
        }
        if (kind == Kind.ARRAY) {
            return array(element().named(name));
        }
        return TypeGuess.isIdentifier(name) ? VARCHAR : this;
    }

    /**
     * The type that holds such decimals exactly; {@link #DOUBLE} where none does.
     *
     * @param digits before the point
     * @param scale digits after the point
     */
    static ColumnType decimal(int digits, int scale) {
        for (int rounded : SCALES) {
            if (scale <= rounded && digits + rounded <= DIGITS) {
                return new ColumnType(Kind.DECIMAL, rounded);
            }
        }
        return DOUBLE;
    }

    /** As {@link #decimal}, for numbers that a double does not hold: text where no decimal does. */
    static ColumnType exactDecimal(int digits, int scale) {
        ColumnType usual = decimal(digits, scale);
        if (!usual.equals(DOUBLE)) {
            return usual;
        }
        return digits + scale <= DIGITS ? new ColumnType(Kind.DECIMAL, scale) : VARCHAR;
    }

    /** The decimal that holds those of another width exactly. */
    public static ColumnType decimalOf(int digits, int scale) {
        ColumnType usual = decimal(digits - scale, scale);
        return usual.equals(DOUBLE) ? decimalOf(scale) : usual;
    }

    /** All 38 digits, so many of them behind the point. */
    public static ColumnType decimalOf(int scale) {
        return new ColumnType(Kind.DECIMAL, scale);
    }

    /**
     * What AMC says a column is. Source: AMC Reporting API reference, {@code outputColumns}.
     *
     * @param scale of a {@code DECIMAL}; null where AMC does not tell
     */
    public static ColumnType ofAmc(String dataType, @Nullable Integer scale) {
        return switch (dataType.toUpperCase(Locale.ROOT)) {
            case "BYTE", "SHORT", "INTEGER", "LONG" -> BIGINT;
            case "DECIMAL" ->
                    scale != null && scale > SCALES[SCALES.length - 1]
                            ? new ColumnType(Kind.DECIMAL, scale)
                            : decimal(0, scale == null ? SCALES[1] : scale);
            case "DOUBLE", "FLOAT" -> DOUBLE;
            case "DATE" -> DATE;
            case "TIMESTAMP" -> TIMESTAMP;
            case "BOOLEAN" -> BOOLEAN;
            case "STRING", "BINARY" -> VARCHAR;
            default -> UNKNOWN;
        };
    }

    /** The narrowest type that holds the values of both. */
    public ColumnType widen(ColumnType other) {
        if (equals(other) || other.kind == Kind.UNKNOWN) {
            return this;
        }
        if (kind == Kind.UNKNOWN) {
            return other;
        }
        if (isNumber() && other.isNumber()) {
            Kind wider = kind.compareTo(other.kind) > 0 ? kind : other.kind;
            boolean both = wide || other.wide;
            if (wider == Kind.DOUBLE) {
                return both ? VARCHAR : DOUBLE;
            }
            int digits = wider == Kind.DECIMAL ? Math.max(scale, other.scale) : 0;
            return new ColumnType(wider, digits, both, List.of());
        }
        if (isTime() && other.isTime()) {
            return TIMESTAMP;
        }
        if (kind == Kind.ARRAY && other.kind == Kind.ARRAY) {
            return array(element().widen(other.element()));
        }
        if (kind == Kind.ROW && other.kind == Kind.ROW) {
            return rowWith(other);
        }
        return VARCHAR;
    }

    /** Fields by name. Without names more values are others than before. */
    private ColumnType rowWith(ColumnType other) {
        if (fields.size() != other.fields.size() && isUnnamed() && other.isUnnamed()) {
            return VARCHAR;
        }
        Map<String, ColumnType> merged = new LinkedHashMap<>();
        fields.forEach(f -> merged.put(f.name(), f.type()));
        other.fields.forEach(f -> merged.merge(f.name(), f.type(), ColumnType::widen));
        return row(
                merged.entrySet().stream().map(e -> new Field(e.getKey(), e.getValue())).toList());
    }

    private boolean isUnnamed() {
        return fields.stream().allMatch(f -> UNNAMED_FIELD.matcher(f.name()).matches());
    }

    private boolean isNumber() {
        return kind == Kind.BIGINT || kind == Kind.DECIMAL || kind == Kind.DOUBLE;
    }

    private boolean isTime() {
        return kind == Kind.DATE || kind == Kind.TIMESTAMP;
    }

    /** The type in a catalogue of Hive's kind, such as Glue's. */
    public String hive() {
        return nested("string");
    }

    /** Of what makes a type, only the word for text differs between Hive and our own writing. */
    private String nested(String varchar) {
        return switch (kind) {
            case UNKNOWN -> varchar.equals("string") ? varchar : word();
            case VARCHAR -> varchar;
            case DECIMAL -> "decimal(%d,%d)".formatted(DIGITS, scale);
            case ARRAY -> "array<%s>".formatted(element().nested(varchar));
            case ROW ->
                    "struct<%s>"
                            .formatted(listed(f -> f.name() + ":" + f.type().nested(varchar), ","));
            case BOOLEAN, BIGINT, DOUBLE, DATE, TIMESTAMP -> word();
        };
    }

    /** The type in the SQL of Athena. */
    public String sql() {
        return sql("timestamp");
    }

    /**
     * The type in the SQL of Athena.
     *
     * @param timestamp the word for {@link #TIMESTAMP}, as there are several
     */
    public String sql(String timestamp) {
        return switch (kind) {
            case UNKNOWN, VARCHAR -> "varchar";
            case TIMESTAMP -> timestamp;
            case ARRAY -> "array(%s)".formatted(element().sql(timestamp));
            case ROW ->
                    "row(%s)"
                            .formatted(
                                    listed(f -> f.quoted() + " " + f.type().sql(timestamp), ", "));
            case BOOLEAN, BIGINT, DECIMAL, DOUBLE, DATE -> hive();
        };
    }

    /** The type in the SQL of DuckDB. */
    public String duck() {
        return switch (kind) {
            case ARRAY -> element().duck() + "[]";
            case ROW ->
                    "STRUCT(%s)".formatted(listed(f -> f.quoted() + " " + f.type().duck(), ", "));
            case UNKNOWN, BOOLEAN, BIGINT, DECIMAL, DOUBLE, DATE, TIMESTAMP, VARCHAR -> sql();
        };
    }

    private String listed(Function<Field, String> each, String separator) {
        return fields.stream().map(each).collect(Collectors.joining(separator));
    }

    @JsonValue
    String text() {
        return nested("varchar") + (wide ? WIDE : "");
    }

    /** Reads what {@link #hive} writes, or our own writing of it. */
    @JsonCreator
    public static ColumnType parse(String text) {
        if (text.endsWith(WIDE)) {
            return parse(text.substring(0, text.length() - WIDE.length())).widely();
        }
        String inner = text.substring(text.indexOf('<') + 1, Math.max(0, text.length() - 1));
        if (text.startsWith("array<")) {
            return array(parse(inner));
        }
        if (text.startsWith("struct<")) {
            List<Field> fields = new ArrayList<>();
            for (String part : parts(inner)) {
                int colon = part.indexOf(':');
                fields.add(new Field(part.substring(0, colon), parse(part.substring(colon + 1))));
            }
            return row(fields);
        }
        if (text.equals("string")) {
            return VARCHAR;
        }
        Matcher decimal = DECIMAL.matcher(text);
        return decimal.matches()
                ? new ColumnType(Kind.DECIMAL, Integer.parseInt(decimal.group(1)))
                : of(Kind.valueOf(text.toUpperCase(Locale.ROOT)));
    }

    /** At the commas that are in no brackets. */
    private static List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '<' || c == '(') {
                depth++;
            } else if (c == '>' || c == ')') {
                depth--;
            } else if (c == ',' && depth == 0) {
                parts.add(text.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(text.substring(from));
        return parts;
    }

    private String word() {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
