package io.amcinsights.desktop.results;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Iterator;

/**
 * What a selection of cells amounts to.
 *
 * @param cells how many are selected
 * @param numbers how many of them are amounts; sum, mean, least and greatest are over these
 */
public record SelectionSummary(
        long cells,
        long numbers,
        BigDecimal sum,
        @Nullable BigDecimal mean,
        @Nullable BigDecimal least,
        @Nullable BigDecimal greatest) {

    /** One selected cell. */
    public record Cell(Column column, @Nullable String text) {}

    public static SelectionSummary of(Iterator<Cell> cells) {
        long count = 0;
        long numbers = 0;
        BigDecimal sum = BigDecimal.ZERO;
        BigDecimal least = null;
        BigDecimal greatest = null;
        while (cells.hasNext()) {
            BigDecimal value = value(cells.next());
            count++;
            if (value == null) {
                continue;
            }
            numbers++;
            sum = sum.add(value);
            least = least == null ? value : least.min(value);
            greatest = greatest == null ? value : greatest.max(value);
        }
        BigDecimal mean =
                numbers == 0
                        ? null
                        : sum.divide(BigDecimal.valueOf(numbers), MathContext.DECIMAL64);
        return new SelectionSummary(count, numbers, sum, mean, least, greatest);
    }

    private static @Nullable BigDecimal value(Cell cell) {
        if (cell.text() == null || !cell.column().measure()) {
            return null;
        }
        try {
            return new BigDecimal(cell.text());
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
