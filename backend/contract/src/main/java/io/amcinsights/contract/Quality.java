package io.amcinsights.contract;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the rows of a delivery are like, counted over all of them.
 *
 * @param rows in the delivered file
 * @param filtered null where no column tells
 * @param duplicates rows that are exact copies of an earlier one; null where the file is too large
 *     to compare them
 * @param nulls how many rows are NULL, by column, for all columns of the file
 * @param dataUntil end of the period that the run read; null where AMC does not tell
 */
public record Quality(
        long rows,
        @Nullable Filtered filtered,
        @Nullable Long duplicates,
        Map<String, Long> nulls,
        @Nullable Instant dataUntil) {

    /**
     * All measured deliveries of a dataset together. Copies are looked for within each delivery.
     *
     * @param rows as they were delivered
     * @param filteredRows whose values AMC has hidden; null where no column tells
     * @param duplicates null where those of one delivery were not counted
     * @param nulls how many rows are NULL, by column; a column that a file lacks is NULL in its
     *     rows
     * @param dataUntil end of the latest period that was read; null where AMC does not tell
     */
    public record Total(
            long rows,
            @Nullable Long filteredRows,
            @Nullable Long duplicates,
            Map<String, Long> nulls,
            @Nullable Instant dataUntil) {

        /** Of none. */
        public static final Total NONE = new Total(0, null, 0L, Map.of(), null);

        public Total plus(Quality quality) {
            return plus(
                    new Total(
                            quality.rows,
                            quality.filtered == null ? null : quality.filtered.rows(),
                            quality.duplicates,
                            quality.nulls,
                            quality.dataUntil));
        }

        public Total plus(Total other) {
            Map<String, Long> sum = new LinkedHashMap<>();
            nulls.forEach(
                    (column, count) ->
                            sum.put(column, count + other.nulls.getOrDefault(column, other.rows)));
            other.nulls.forEach((column, count) -> sum.putIfAbsent(column, rows + count));
            return new Total(
                    rows + other.rows,
                    other.filteredRows == null
                            ? filteredRows
                            : Long.valueOf(
                                    (filteredRows == null ? 0 : filteredRows) + other.filteredRows),
                    duplicates == null || other.duplicates == null
                            ? null
                            : Long.valueOf(duplicates + other.duplicates),
                    Collections.unmodifiableMap(sum),
                    later(dataUntil, other.dataUntil));
        }

        private static @Nullable Instant later(@Nullable Instant a, @Nullable Instant b) {
            return a == null || (b != null && b.isAfter(a)) ? b : a;
        }
    }

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
