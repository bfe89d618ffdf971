package io.amcinsights.desktop.results;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/** How a cell is shown: digits grouped, long fractions shortened, line ends visible. */
public final class CellText {

    private static final int FRACTION_DIGITS = 6;

    private CellText() {}

    /** The text to show for a cell that is not NULL; what cannot be read as its type stays. */
    public static String shown(Column column, String cell, Locale locale) {
        return switch (column.kind()) {
            case INTEGER, FRACTION -> column.identifier() ? cell : number(cell, locale);
            case TIMESTAMP -> cell.endsWith(" 00:00:00.000") ? cell.substring(0, 19) : cell;
            case TEXT, NESTED ->
                    cell.indexOf('\n') < 0 && cell.indexOf('\r') < 0
                            ? cell
                            : cell.replace("\r\n", "⏎").replace('\n', '⏎').replace('\r', '⏎');
            case DATE, BOOLEAN -> cell;
        };
    }

    private static String number(String cell, Locale locale) {
        BigDecimal value;
        try {
            value = new BigDecimal(cell);
        } catch (NumberFormatException e) {
            // NaN and Infinity are numbers to Athena.
            return cell;
        }
        if (value.scale() > FRACTION_DIGITS) {
            value = value.setScale(FRACTION_DIGITS, RoundingMode.HALF_EVEN).stripTrailingZeros();
            if (value.signum() == 0) {
                return cell;
            }
        }
        DecimalFormat format = new DecimalFormat("#,##0", DecimalFormatSymbols.getInstance(locale));
        int digits = Math.max(0, value.scale());
        format.setMinimumFractionDigits(digits);
        format.setMaximumFractionDigits(digits);
        return format.format(value);
    }
}
