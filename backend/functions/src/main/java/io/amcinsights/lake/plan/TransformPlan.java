package io.amcinsights.lake.plan;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * How one delivery becomes Parquet. Who carries it out reads and writes the lake's bucket and needs
 * to know nothing else.
 *
 * @param source key of the delivered file's copy
 * @param target key of the Parquet file to write
 * @param rows in the file, without the header
 * @param dialect see {@link AmcCsv#dialect()}
 * @param columns of the file, in its order
 * @param converted columns in units of the currency, calculated from those of the file
 * @param dataset the table that the delivery is loaded into
 * @param generation counts how often the dataset's types have widened
 * @param datasetColumns all columns of the dataset
 * @param stale files of the dataset whose types are too narrow: to be written anew in their place
 */
public record TransformPlan(
        String deliveryId,
        String source,
        String target,
        long rows,
        @Nullable Dialect dialect,
        List<Column> columns,
        List<Column> converted,
        Provenance provenance,
        String dataset,
        long generation,
        List<Column> datasetColumns,
        List<Stale> stale) {

    /** A file of the dataset from an earlier delivery. */
    public record Stale(String deliveryId, String key) {}

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
     * @param bytes of the Parquet file
     */
    public record Outcome(long rows, long bytes) {}
}
