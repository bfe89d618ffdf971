package io.amcinsights.lake;

import io.amcinsights.lake.plan.Column;

import java.time.Instant;
import java.util.List;

/**
 * What is known of a dataset.
 *
 * @param columns of the files; those of their provenance come on top
 * @param generation counts how often a type has widened
 * @param rows over all loaded deliveries
 * @param bytes of Parquet
 */
record DatasetState(
        String name,
        String workflowId,
        List<Column> columns,
        long generation,
        long rows,
        long bytes,
        int deliveries,
        Instant updatedAt,
        long version) {

    DatasetState with(List<Column> newColumns, long newGeneration, Instant now) {
        return new DatasetState(
                name, workflowId, newColumns, newGeneration, rows, bytes, deliveries, now, version);
    }

    DatasetState with(long newRows, long newBytes, int newDeliveries, Instant now) {
        return new DatasetState(
                name,
                workflowId,
                columns,
                generation,
                newRows,
                newBytes,
                newDeliveries,
                now,
                version);
    }
}
