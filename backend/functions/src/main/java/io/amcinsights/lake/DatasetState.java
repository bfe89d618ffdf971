package io.amcinsights.lake;

import io.amcinsights.contract.Quality;
import io.amcinsights.lake.plan.Column;
import io.amcinsights.lake.plan.Layout;
import io.amcinsights.lake.plan.TransformPlan.Provenance;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What is known of a dataset.
 *
 * @param columns of the files; those of their provenance come on top
 * @param generation counts how often a type has widened
 * @param workflowId whose deliveries feed it; empty where people drop files for it
 * @param filteredOf the dataset whose rows with hidden values these are; null for all others
 * @param rows over all loaded deliveries
 * @param bytes of Parquet
 * @param quality of all deliveries together; null where none was measured
 * @param emptied questions whose newest answer has no rows where an older one has
 */
record DatasetState(
        String name,
        String workflowId,
        List<Column> columns,
        long generation,
        @Nullable String filteredOf,
        long rows,
        long bytes,
        int deliveries,
        Instant updatedAt,
        Quality.@Nullable Total quality,
        List<Emptied> emptied,
        long version) {

    /**
     * What a run asked, and when it was answered by no rows.
     *
     * @param parameters JSON object of the run's parameters, by name; null where it had none
     */
    record Emptied(
            String tenantId,
            @Nullable String parameters,
            Instant windowStart,
            Instant windowEnd,
            Instant deliveredAt) {

        boolean isOf(Provenance provenance) {
            return tenantId.equals(provenance.tenantId())
                    && Objects.equals(parameters, provenance.parameters())
                    && windowStart.equals(provenance.windowStart())
                    && windowEnd.equals(provenance.windowEnd());
        }
    }

    /** Whether it is the dataset that a workflow's deliveries are loaded into. */
    boolean isFedBy(String workflow) {
        return filteredOf == null && workflowId.equals(workflow);
    }

    /** With room for columns; whoever has files in narrower types writes them anew. */
    DatasetState withRoomFor(List<Column> wider, Instant now) {
        return wider.equals(columns)
                ? this
                : copy(
                        wider,
                        Layout.widens(columns, wider) ? generation + 1 : generation,
                        rows,
                        bytes,
                        deliveries,
                        now,
                        quality,
                        emptied);
    }

    DatasetState with(
            long newRows,
            long newBytes,
            int newDeliveries,
            Quality.@Nullable Total newQuality,
            Instant now) {
        return copy(
                columns, generation, newRows, newBytes, newDeliveries, now, newQuality, emptied);
    }

    DatasetState with(List<Emptied> newEmptied, Instant now) {
        return copy(columns, generation, rows, bytes, deliveries, now, quality, newEmptied);
    }

    private DatasetState copy(
            List<Column> newColumns,
            long newGeneration,
            long newRows,
            long newBytes,
            int newDeliveries,
            Instant now,
            Quality.@Nullable Total newQuality,
            List<Emptied> newEmptied) {
        return new DatasetState(
                name,
                workflowId,
                newColumns,
                newGeneration,
                filteredOf,
                newRows,
                newBytes,
                newDeliveries,
                now,
                newQuality,
                newEmptied,
                version);
    }
}
