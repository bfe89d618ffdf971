package io.amcinsights.contract;

/**
 * How the deliveries of a dataset are loaded, from the next one on.
 *
 * @param filteredRows what becomes of the rows whose values AMC has hidden
 * @param flagColumn column of the dataset that is true for those rows; AMC adds it where the
 *     workflow names one ({@code filteredMetricsDiscriminatorColumn})
 * @param version counts changes; 0 where nothing has been set yet
 */
public record DatasetSettings(
        String dataset, FilteredRows filteredRows, String flagColumn, long version) {

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
        return new DatasetSettings(dataset, FilteredRows.KEEP, USUAL_FLAG, 0);
    }
}
