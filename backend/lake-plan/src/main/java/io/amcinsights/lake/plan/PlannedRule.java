package io.amcinsights.lake.plan;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.List;

/**
 * What the rows of a delivery are held to. Only rows that are loaded into the plan's dataset are:
 * those that AMC has hidden only where they are kept. A column that the file lacks is NULL in all
 * rows.
 *
 * <ul>
 *   <li>{@link Kind#NOT_NULL}: each NULL of the column breaks it.
 *   <li>{@link Kind#UNIQUE}: of the rows that have the same values in all columns, none of them
 *       NULL, each but one breaks it.
 *   <li>{@link Kind#RANGE}: each value below {@code min} or above {@code max} breaks it, and each
 *       text that is neither a number nor a date; NULL does not.
 * </ul>
 *
 * @param columns of the dataset; exactly one unless it is {@link Kind#UNIQUE}
 * @param min a decimal or a date of a {@link Kind#RANGE}; null where it is open
 * @param max likewise; a date holds to its end
 */
public record PlannedRule(
        Kind kind, List<String> columns, @Nullable String min, @Nullable String max) {

    /** What is expected. */
    public enum Kind {
        NOT_NULL,
        UNIQUE,
        RANGE
    }

    /**
     * What breaks a rule.
     *
     * @param rows how many
     * @param examples those that come first in the file
     */
    public record Broken(long rows, List<Example> examples) {}

    /**
     * @param row its number in the file, the first below the header being 1
     * @param value that breaks it, as text; {@code NULL} where there is none, the values of several
     *     columns parted by commas
     */
    public record Example(long row, String value) {}

    /** So many rows that break a rule are told. */
    public static final int MOST_EXAMPLES = 5;

    private static final String DATE = "\\d{4}-\\d{2}-\\d{2}";
    private static final int DIGITS = 38;

    /** Whether the bounds are dates; they are numbers otherwise. */
    public boolean isOfDates() {
        String bound = min == null ? max : min;
        return bound != null && bound.matches(DATE);
    }

    /** The first day that is not too early; null where there is none. */
    public @Nullable LocalDate from() {
        return min == null ? null : LocalDate.parse(min);
    }

    /** The last day that is not too late; null where there is none. */
    public @Nullable LocalDate to() {
        return max == null ? null : LocalDate.parse(max);
    }

    /**
     * The least number that is not too small, in the digits of a column's type; null where there is
     * none.
     *
     * @param scale digits after the point that the column's values have
     */
    public @Nullable BigDecimal least(int scale) {
        return min == null ? null : new BigDecimal(min).setScale(scale, RoundingMode.CEILING);
    }

    /** The greatest number that is not too large, likewise. */
    public @Nullable BigDecimal greatest(int scale) {
        return max == null ? null : new BigDecimal(max).setScale(scale, RoundingMode.FLOOR);
    }

    /** Whether a type of 38 digits has this number. */
    public static boolean fits(BigDecimal number) {
        return number.precision() <= DIGITS;
    }
}
