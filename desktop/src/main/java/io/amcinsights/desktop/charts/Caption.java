package io.amcinsights.desktop.charts;

import org.jspecify.annotations.Nullable;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * What a reader must know beside the picture, as far as the result's columns tell it.
 *
 * @param windowStart the first day of the events; null where no column tells it
 * @param windowEnd the day after the last
 * @param tenants ids of the tenants
 * @param currencies codes
 * @param mixedMoney amounts of several currencies were added
 * @param averagedRatios quotients were averaged, which is not the quotient of the whole
 * @param rows of the result
 * @param hiddenRows of them with values that privacy rules hide; null where no column tells it
 * @param hiddenShare share of the first measure in those rows, 0 to 1; null where it has no sense
 * @param drawn points drawn, of {@code points}
 */
public record Caption(
        @Nullable LocalDate windowStart,
        @Nullable LocalDate windowEnd,
        List<String> tenants,
        List<String> currencies,
        boolean mixedMoney,
        boolean averagedRatios,
        long rows,
        @Nullable Long hiddenRows,
        @Nullable Double hiddenShare,
        int drawn,
        int points) {

    public Optional<String> currency() {
        return currencies.size() == 1 ? Optional.of(currencies.getFirst()) : Optional.empty();
    }

    public boolean thinned() {
        return drawn < points;
    }
}
