package io.amcinsights.sql.amc;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/**
 * A data type as AMC names it. Source: Amazon Ads, AMC Reporting API, data types of output columns.
 *
 * @param element of an array; null where it is none, or where it is not known
 */
public record AmcType(Base base, @Nullable AmcType element) {

    /** The types themselves. */
    public enum Base {
        BOOLEAN,
        BYTE,
        SHORT,
        INTEGER,
        LONG,
        DECIMAL,
        FLOAT,
        DOUBLE,
        STRING,
        BINARY,
        DATE,
        TIMESTAMP,
        ARRAY,
        /** What NAMED_ROW makes. */
        ROW,
        /** What STR_TO_MAP makes. */
        MAP,
        /** The query does not say: a bare NULL, a parameter, an unknown function. */
        UNKNOWN;

        boolean isWhole() {
            return compareTo(BYTE) >= 0 && compareTo(LONG) <= 0;
        }

        boolean isNumber() {
            return compareTo(BYTE) >= 0 && compareTo(DOUBLE) <= 0;
        }
    }

    /** What is not known. */
    public static final AmcType UNKNOWN = new AmcType(Base.UNKNOWN, null);

    static final AmcType BOOLEAN = new AmcType(Base.BOOLEAN, null);
    static final AmcType LONG = new AmcType(Base.LONG, null);
    static final AmcType DOUBLE = new AmcType(Base.DOUBLE, null);
    static final AmcType STRING = new AmcType(Base.STRING, null);

    static AmcType arrayOf(AmcType element) {
        return new AmcType(Base.ARRAY, element.base() == Base.UNKNOWN ? null : element);
    }

    /** Reads AMC's own spelling ({@code DECIMAL(38,4)}, {@code ARRAY[LONG]}) and SQL's. */
    static AmcType named(String name) {
        String upper = name.toUpperCase(Locale.ROOT).strip();
        if (upper.startsWith("ARRAY")) {
            int open = upper.indexOf('[');
            return open < 0
                    ? arrayOf(UNKNOWN)
                    : arrayOf(named(upper.substring(open + 1, upper.length() - 1)));
        }
        int parenthesis = upper.indexOf('(');
        String plain = parenthesis < 0 ? upper : upper.substring(0, parenthesis);
        return switch (plain) {
            case "VARCHAR", "CHAR" -> STRING;
            case "BIGINT" -> LONG;
            case "INT" -> new AmcType(Base.INTEGER, null);
            case "SMALLINT" -> new AmcType(Base.SHORT, null);
            case "TINYINT" -> new AmcType(Base.BYTE, null);
            case "REAL" -> new AmcType(Base.FLOAT, null);
            case "VARBINARY" -> new AmcType(Base.BINARY, null);
            default -> {
                for (Base base : Base.values()) {
                    if (base.name().equals(plain)) {
                        yield new AmcType(base, null);
                    }
                }
                yield UNKNOWN;
            }
        };
    }

    /**
     * The type that holds the values of both; null where there is none, which AMC refuses in a
     * UNION.
     */
    static @Nullable AmcType common(AmcType a, AmcType b) {
        if (a.base() == Base.UNKNOWN || a.equals(b)) {
            return b;
        }
        if (b.base() == Base.UNKNOWN) {
            return a;
        }
        if (a.base() == Base.ARRAY && b.base() == Base.ARRAY) {
            AmcType element =
                    a.element() == null || b.element() == null
                            ? UNKNOWN
                            : common(a.element(), b.element());
            return element == null ? null : arrayOf(element);
        }
        if (a.base().isNumber() && b.base().isNumber()) {
            boolean exactWithFloat =
                    a.base() != b.base()
                            && (a.base() == Base.FLOAT || b.base() == Base.FLOAT)
                            && (a.base() == Base.DECIMAL || b.base() == Base.DECIMAL);
            return exactWithFloat ? DOUBLE : a.base().compareTo(b.base()) >= 0 ? a : b;
        }
        boolean moments =
                (a.base() == Base.DATE && b.base() == Base.TIMESTAMP)
                        || (a.base() == Base.TIMESTAMP && b.base() == Base.DATE);
        return moments ? new AmcType(Base.TIMESTAMP, null) : null;
    }

    /** As AMC writes it, {@code ARRAY[STRING]} for instance. */
    @Override
    public String toString() {
        return element == null ? base.name() : base.name() + "[" + element + "]";
    }
}
