package io.amcinsights.lake.plan;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the type of a column from all its values, one after the other. */
public final class TypeGuess {

    /** A number with a zero in front is an id or a code. */
    private static final Pattern NUMBER =
            Pattern.compile("-?(0|[1-9]\\d*)(?:\\.(\\d+))?([eE][-+]?\\d{1,3})?");

    private static final Pattern TIME =
            Pattern.compile(
                    "(\\d{4}-\\d{2}-\\d{2})(?:[T ](\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,6})?)?)Z?)?");
    private static final Pattern IDENTIFIER =
            Pattern.compile("(?:.*_)?(?:id|ids|id_string|asin|postal_code|zip|zip_code)");
    private static final int BIGINT_DIGITS = 18;
    private static final int DOUBLE_DIGITS = 15;

    /** How many digits it needs is told apart. */
    private static final ColumnType DECIMAL = ColumnType.decimalOf(0);

    private ColumnType type = ColumnType.UNKNOWN;
    private int digits;
    private int scale;
    private boolean beyondDoubles;

    /** Whether a column of this name holds names of things, which are text also in digits. */
    public static boolean isIdentifier(String columnName) {
        return IDENTIFIER.matcher(columnName).matches();
    }

    /** Looks at one value; NULL and the empty text say nothing of the type. */
    public void see(@Nullable String value) {
        if (value != null && !value.isEmpty() && type.kind() != ColumnType.Kind.VARCHAR) {
            type = type.widen(typeOf(value));
        }
    }

    /** Looks at one value, which may say itself that it is a text; dates have no other way. */
    void seeSingle(Nested.Leaf value) {
        if (value.told() && !value.text().isEmpty() && !isText()) {
            type = type.widen(time(value.text()));
        } else if (!value.told()) {
            see(value.text());
        }
    }

    /** Whether it holds something that nothing but text is. */
    boolean isText() {
        return type.kind() == ColumnType.Kind.VARCHAR;
    }

    /** Whether it holds nothing but numbers, and some. */
    boolean isNumber() {
        return type.kind() == ColumnType.Kind.BIGINT
                || type.kind() == ColumnType.Kind.DECIMAL
                || type.kind() == ColumnType.Kind.DOUBLE;
    }

    /** The narrowest type that holds all values seen. */
    public ColumnType type() {
        ColumnType exact =
                type.kind() == ColumnType.Kind.DECIMAL ? ColumnType.decimal(digits, scale) : type;
        if (!beyondDoubles || !isNumber()) {
            return exact;
        }
        if (type.kind() == ColumnType.Kind.DOUBLE) {
            return ColumnType.VARCHAR;
        }
        ColumnType held =
                type.kind() == ColumnType.Kind.DECIMAL
                        ? ColumnType.exactDecimal(digits, scale)
                        : exact;
        return held.equals(ColumnType.VARCHAR) ? held : held.widely();
    }

    private ColumnType typeOf(String value) {
        if (isShortInteger(value)) { // most numbers are, and this is quick
            digits = Math.max(digits, value.length());
            seeWhetherBeyondDoubles(value);
            return ColumnType.BIGINT;
        }
        Matcher number = NUMBER.matcher(value);
        if (number.matches()) {
            if (number.group(3) != null) {
                return ColumnType.DOUBLE;
            }
            digits = Math.max(digits, number.group(1).length());
            seeWhetherBeyondDoubles(value);
            if (number.group(2) != null) {
                scale = Math.max(scale, number.group(2).length());
                return DECIMAL;
            }
            return fitsLong(number.group(1), value) ? ColumnType.BIGINT : DECIMAL;
        }
        if (value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false")) {
            return ColumnType.BOOLEAN;
        }
        if (value.equals("NaN") || value.equals("Infinity") || value.equals("-Infinity")) {
            return ColumnType.DOUBLE;
        }
        return time(value);
    }

    /** What is written in few digits comes back from a double as it was. */
    private void seeWhetherBeyondDoubles(String value) {
        beyondDoubles |=
                value.length() > DOUBLE_DIGITS
                        && !beyondDoubles
                        && new BigDecimal(value)
                                        .compareTo(
                                                new BigDecimal(
                                                        Double.toString(Double.parseDouble(value))))
                                != 0;
    }

    private static boolean isShortInteger(String value) {
        int length = value.length();
        if (length > BIGINT_DIGITS || (length > 1 && value.charAt(0) == '0')) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (value.charAt(i) < '0' || value.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static boolean fitsLong(String digits, String value) {
        if (digits.length() <= BIGINT_DIGITS) {
            return true;
        }
        try {
            Long.parseLong(value);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static ColumnType time(String value) {
        Matcher time = TIME.matcher(value);
        if (!time.matches()) {
            return ColumnType.VARCHAR;
        }
        try {
            LocalDate.parse(time.group(1));
            if (time.group(2) == null) {
                return ColumnType.DATE;
            }
            LocalTime.parse(time.group(2));
            return ColumnType.TIMESTAMP;
        } catch (DateTimeException e) {
            return ColumnType.VARCHAR;
        }
    }
}
