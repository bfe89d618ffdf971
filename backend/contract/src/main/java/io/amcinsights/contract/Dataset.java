package io.amcinsights.contract;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * One table of the lake.
 *
 * @param name of the table
 * @param database that it is in
 * @param workflowId the workflow whose deliveries feed it; empty for a {@link RawDataset}
 * @param filteredOf the dataset whose rows with hidden values these are; null for all others
 * @param rows over all deliveries
 * @param bytes of Parquet
 * @param quality of all deliveries together; null where none was measured
 * @param version counts changes
 */
public record Dataset(
        String name,
        String database,
        String workflowId,
        @Nullable String filteredOf,
        List<Column> columns,
        long rows,
        long bytes,
        int deliveries,
        Instant updatedAt,
        Quality.@Nullable Total quality,
        long version) {

    /**
     * @param name in file and catalogue
     * @param source the column's name in the delivered file; empty for our own columns
     * @param type as Athena names it, such as {@code bigint} or {@code decimal(38,4)}
     * @param description with the unit where there is one
     */
    public record Column(String name, String source, String type, String description) {}
}
