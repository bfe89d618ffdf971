package io.amcinsights.lake.plan;

import io.amcinsights.contract.DatasetSettings;
import io.amcinsights.contract.Quality;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * How one delivery becomes Parquet. Who carries it out reads and writes the lake's bucket and needs
 * to know nothing else.
 *
 * @param source key of the delivered file's copy
 * @param target key of the Parquet file to write; nobody reads it there yet
 * @param rows in the file, without the header
 * @param format of the delivered file
 * @param dialect see {@link SourceRows#dialect()}
 * @param columns of the file, in its order
 * @param converted columns in units of the currency, calculated from those of the file
 * @param dataset the table that the delivery is loaded into
 * @param generation counts how often the dataset's types have widened
 * @param datasetColumns all columns of the dataset
 * @param filtered what becomes of rows whose values AMC has hidden; null where no column tells
 * @param moves what the dataset consists of in types that are too narrow
 */
public record TransformPlan(
        String deliveryId,
        String source,
        String target,
        long rows,
        SourceFormat format,
        @Nullable Dialect dialect,
        List<Column> columns,
        List<Column> converted,
        Provenance provenance,
        String dataset,
        long generation,
        List<Column> datasetColumns,
        @Nullable Filtered filtered,
        List<Move> moves) {

    /**
     * Rows whose values AMC has hidden.
     *
     * @param flag column of the file that is true for them
     * @param separate where they go; null unless they are kept apart
     */
    public record Filtered(
            String flag, DatasetSettings.FilteredRows handling, @Nullable Separate separate) {}

    /**
     * The dataset of rows whose values AMC has hidden. Its columns are those of the dataset.
     *
     * @param target key of the Parquet file to write, unless there are no such rows
     * @param generation counts how often its types have widened
     */
    public record Separate(String dataset, String target, long generation, List<Move> moves) {}

    /**
     * The files of a tenant and month, to be written anew in the dataset's types of today.
     *
     * @param revision of what they were when this was planned
     */
    public record Move(String tenantId, String month, long revision, List<Stale> files) {}

    /**
     * A file whose types are too narrow.
     *
     * @param newKey where it is to be written anew; the same key always holds the same then
     */
    public record Stale(String name, String key, String newKey) {}

    /**
     * What every row tells of where it comes from.
     *
     * @param runId null where the file was not asked for by us
     * @param parameters JSON object of the run's parameters, by name; null where it had none
     * @param windowStart null where AMC does not tell
     * @param month {@code yyyy-MM} of the file
     */
    public record Provenance(
            String tenantId,
            String month,
            @Nullable String runId,
            @Nullable String parameters,
            @Nullable Instant windowStart,
            @Nullable Instant windowEnd,
            Instant deliveredAt) {}

    /**
     * What came of it.
     *
     * @param rows in the dataset's file
     * @param bytes of the dataset's file
     * @param separateBytes of the file of rows that are kept apart; 0 where there is none
     */
    public record Outcome(long rows, long bytes, long separateBytes, Quality quality) {}
}
