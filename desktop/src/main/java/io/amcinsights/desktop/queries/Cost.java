package io.amcinsights.desktop.queries;

import io.amcinsights.desktop.common.Messages;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** What a query costs at AWS, as an estimate. */
final class Cost {

    private static final Messages MESSAGES = Messages.of(Cost.class);

    /**
     * USD for each TB scanned, and the least that is billed for a query. Source: Athena pricing.
     */
    private static final BigDecimal PER_TERABYTE = new BigDecimal(5);

    private static final long LEAST_BYTES = 10_000_000;
    private static final BigDecimal TERABYTE = new BigDecimal(1_000_000_000_000L);
    private static final BigDecimal CENT = new BigDecimal("0.01");

    private Cost() {}

    /** In USD; nothing where nothing is scanned, as for statements that only define. */
    static BigDecimal of(long bytesScanned) {
        return bytesScanned == 0
                ? BigDecimal.ZERO
                : PER_TERABYTE
                        .multiply(BigDecimal.valueOf(Math.max(bytesScanned, LEAST_BYTES)))
                        .divide(TERABYTE);
    }

    /**
     * In words.
     *
     * @param local in a local workspace nothing costs anything
     */
    static String text(long bytesScanned, boolean local) {
        BigDecimal cost = of(bytesScanned);
        if (local || cost.signum() == 0) {
            return MESSAGES.text("cost.none");
        }
        return cost.compareTo(CENT) < 0
                ? MESSAGES.text("cost.under")
                : MESSAGES.text(
                        "cost.about", cost.setScale(2, RoundingMode.HALF_UP).toPlainString());
    }
}
