package io.amcinsights.desktop.results;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;

/**
 * What a selection of cells amounts to.
 *
 * @param cells how many are selected
 * @param numbers how many of them are amounts; sum, mean, least and greatest are over these
 */
public record SelectionSummary(
        int cells,
        int numbers,
        BigDecimal sum,
        @Nullable BigDecimal mean,
        @Nullable BigDecimal least,
        @Nullable BigDecimal greatest) {

    /** One selected cell. */
    public record Cell(Column column, @Nullable String text) {}

    public static SelectionSummary of(List<Cell> cells) {
        int numbers = 0;
        BigDecimal sum = BigDecimal.ZERO;
        BigDecimal least = null;
        BigDecimal greatest = null;
        for (Cell cell : cells) {
            BigDecimal value = value(cell);
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
        return new SelectionSummary(cells.size(), numbers, sum, mean, least, greatest);
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
