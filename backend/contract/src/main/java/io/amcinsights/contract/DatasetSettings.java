package io.amcinsights.contract;

import org.jspecify.annotations.Nullable;

import java.time.YearMonth;

/**
 * How the deliveries of a dataset are loaded, from the next one on.
 *
 * @param filteredRows what becomes of the rows whose values AMC has hidden
 * @param flagColumn column of the dataset that is true for those rows; AMC adds it where the
 *     workflow names one ({@code filteredMetricsDiscriminatorColumn})
 * @param keepMonths how many months are kept beside the current one, 1 to {@link #MOST_MONTHS};
 *     null for all
 * @param version counts changes; 0 where nothing has been set yet
 */
public record DatasetSettings(
        String dataset,
        FilteredRows filteredRows,
        String flagColumn,
        @Nullable Integer keepMonths,
        long version) {

    /** At most so many months are kept; who wants more keeps all of them. */
    public static final int MOST_MONTHS = 120;

    /** Rows whose values AMC has hidden, because too few people stand behind them. */
    public enum FilteredRows {
        /** They are rows of the dataset, told apart by their flag. */
        KEEP,
        /** They are counted and left out. */
        DROP,
        /** They go into a dataset of their own. */
        SEPARATE
    }

    /** What the column is called when nobody has said otherwise. */
    public static final String USUAL_FLAG = "filtered";

    /** What holds while nothing has been set. */
    public static DatasetSettings usual(String dataset) {
        return new DatasetSettings(dataset, FilteredRows.KEEP, USUAL_FLAG, null, 0);
    }

    /** Whether the deliveries of a month are older than they are kept. */
    public static boolean isOver(YearMonth month, int keepMonths, YearMonth now) {
        return month.isBefore(now.minusMonths(keepMonths));
    }
}
