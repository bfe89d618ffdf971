package io.amcinsights.contract;

import org.jspecify.annotations.Nullable;

/**
 * What the rows of a delivery are like, counted over all of them.
 *
 * @param rows in the delivered file
 * @param filtered null where no column tells
 */
public record Quality(long rows, @Nullable Filtered filtered) {

    /**
     * Rows whose values AMC has hidden.
     *
     * @param handling what became of them
     * @param dataset where they are; null where they were left out, or are none
     */
    public record Filtered(
            long rows, DatasetSettings.FilteredRows handling, @Nullable String dataset) {}

    /** The share of rows whose values AMC has hidden, 0 to 1; null where no column tells. */
    public @Nullable Double filteredShare() {
        return filtered == null || rows == 0 ? null : (double) filtered.rows() / rows;
    }
}
