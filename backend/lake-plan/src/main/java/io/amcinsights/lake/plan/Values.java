package io.amcinsights.lake.plan;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;

/** What a delivered text is in the type of its column; the values that DuckDB makes of it. */
public final class Values {

    private static final int DATE_LENGTH = 10;

    /** Beyond these, DuckDB writes a double with an exponent. */
    private static final int LEAST_EXPONENT = -4;

    private static final int MOST_DIGITS = 16;

    /** A double is told apart from all others by so many digits. */
    private static final int DIGITS_OF_DOUBLE = 17;

    /** The values of a row, in the order of its type's fields. */
    public record Fields(List<@Nullable Object> values) {}

    private Values() {}

    /**
     * Reads a value.
     *
     * @return a {@link String}, {@link Boolean}, {@link Long}, {@link BigDecimal}, {@link Double},
     *     {@link LocalDate} or, in UTC, {@link LocalDateTime}; of an array an array of these, of a
     *     row {@link Fields}; null where there is none: a text may be empty, of another type
     *     nothing is there then
     * @throws IllegalArgumentException the text is not of this type
     */
    static @Nullable Object of(@Nullable Nested value, ColumnType type) {
        return type.isNested()
                ? shaped(Nested.shaped(value, type), type)
                : of(Nested.text(value), type);
    }

    private static @Nullable Object shaped(@Nullable Nested value, ColumnType type) {
        if (value instanceof Nested.Items list) {
            return list.items().stream().map(item -> shaped(item, type.element())).toArray();
        }
        if (value instanceof Nested.Entries row) {
            List<@Nullable Object> values = new ArrayList<>();
            for (ColumnType.Field field : type.fields()) {
                values.add(shaped(row.entries().get(field.name()), field.type()));
            }
            return new Fields(values);
        }
        return of(Nested.text(value), type);
    }

    static @Nullable Object of(@Nullable String text, ColumnType type) {
        boolean isText =
                type.kind() == ColumnType.Kind.VARCHAR || type.kind() == ColumnType.Kind.UNKNOWN;
        if (text == null || isText) {
            return text;
        }
        if (text.isEmpty()) {
            return null;
        }
        try {
            return switch (type.kind()) {
                case UNKNOWN, VARCHAR -> text;
                case BOOLEAN -> bool(text);
                case BIGINT -> Long.valueOf(text);
                case DECIMAL -> decimal(text, type);
                case DOUBLE -> Double.valueOf(text);
                case DATE -> LocalDate.parse(text);
                case TIMESTAMP -> timestamp(text);
                case ARRAY, ROW -> throw new IllegalArgumentException("A single value is there.");
            };
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static Boolean bool(String text) {
        if (text.equalsIgnoreCase("true")) {
            return true;
        }
        if (text.equalsIgnoreCase("false")) {
            return false;
        }
        throw new IllegalArgumentException();
    }

    private static BigDecimal decimal(String text, ColumnType type) {
        BigDecimal value = new BigDecimal(text).setScale(type.scale(), RoundingMode.UNNECESSARY);
        if (value.precision() > ColumnType.DIGITS) {
            throw new IllegalArgumentException();
        }
        return value;
    }

    private static LocalDateTime timestamp(String text) {
        LocalDate date = LocalDate.parse(text.substring(0, Math.min(DATE_LENGTH, text.length())));
        if (text.length() == DATE_LENGTH) {
            return date.atStartOfDay();
        }
        int end = text.endsWith("Z") ? text.length() - 1 : text.length();
        return date.atTime(LocalTime.parse(text.substring(DATE_LENGTH + 1, end)));
    }

    /** A double as DuckDB writes it where a column of numbers becomes one of texts. */
    public static String text(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        String sign = Math.copySign(1, value) < 0 ? "-" : "";
        if (value == 0) {
            return sign + "0.0";
        }
        BigDecimal shortest = shortest(Math.abs(value)).stripTrailingZeros();
        String digits = shortest.unscaledValue().toString();
        int exponent = digits.length() - 1 - shortest.scale();
        if (exponent < LEAST_EXPONENT || exponent >= MOST_DIGITS) {
            String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
            return "%s%c%se%c%02d"
                    .formatted(
                            sign,
                            digits.charAt(0),
                            fraction,
                            exponent < 0 ? '-' : '+',
                            Math.abs(exponent));
        }
        String plain = shortest.toPlainString();
        return sign + (plain.contains(".") ? plain : plain + ".0");
    }

    /** {@link Double#toString} of Java 17 sometimes has a digit too many. */
    private static BigDecimal shortest(double value) {
        BigDecimal exact = new BigDecimal(value);
        for (int digits = 1; digits < DIGITS_OF_DOUBLE; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (rounded.doubleValue() == value) {
                return rounded;
            }
        }
        return exact.round(new MathContext(DIGITS_OF_DOUBLE, RoundingMode.HALF_EVEN));
    }
}
