package io.amcinsights.lake.plan;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The type of a column. Types only widen: a wider type holds all values of the narrower one.
 *
 * @param scale digits after the point of a {@link Kind#DECIMAL}; 0 for the others
 */
public record ColumnType(Kind kind, int scale) {

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
        VARCHAR
    }

    public static final ColumnType UNKNOWN = of(Kind.UNKNOWN);
    public static final ColumnType BOOLEAN = of(Kind.BOOLEAN);
    public static final ColumnType BIGINT = of(Kind.BIGINT);
    public static final ColumnType DOUBLE = of(Kind.DOUBLE);
    public static final ColumnType DATE = of(Kind.DATE);
    public static final ColumnType TIMESTAMP = of(Kind.TIMESTAMP);
    public static final ColumnType VARCHAR = of(Kind.VARCHAR);

    private static final int DIGITS = 38;

    /** Few scales, so that a file with one more digit seldom changes a dataset's type. */
    private static final int[] SCALES = {0, 4, 10};

    private static final Pattern DECIMAL = Pattern.compile("decimal\\(38,(\\d+)\\)");

    private static ColumnType of(Kind kind) {
        return new ColumnType(kind, 0);
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
            return new ColumnType(wider, wider == Kind.DECIMAL ? Math.max(scale, other.scale) : 0);
        }
        if (isTime() && other.isTime()) {
            return TIMESTAMP;
        }
        return VARCHAR;
    }

    private boolean isNumber() {
        return kind == Kind.BIGINT || kind == Kind.DECIMAL || kind == Kind.DOUBLE;
    }

    private boolean isTime() {
        return kind == Kind.DATE || kind == Kind.TIMESTAMP;
    }

    /** The type in a catalogue of Hive's kind, such as Glue's. */
    public String hive() {
        return switch (kind) {
            case UNKNOWN, VARCHAR -> "string";
            case DECIMAL -> "decimal(%d,%d)".formatted(DIGITS, scale);
            case BOOLEAN, BIGINT, DOUBLE, DATE, TIMESTAMP -> word();
        };
    }

    /** The type in the SQL of Athena and of DuckDB, which agree on these. */
    public String sql() {
        return kind == Kind.UNKNOWN || kind == Kind.VARCHAR ? "varchar" : hive();
    }

    @JsonValue
    String text() {
        return kind == Kind.DECIMAL ? hive() : word();
    }

    @JsonCreator
    static ColumnType parse(String text) {
        Matcher decimal = DECIMAL.matcher(text);
        return decimal.matches()
                ? new ColumnType(Kind.DECIMAL, Integer.parseInt(decimal.group(1)))
                : of(Kind.valueOf(text.toUpperCase(Locale.ROOT)));
    }

    private String word() {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
