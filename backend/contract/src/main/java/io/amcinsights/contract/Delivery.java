package io.amcinsights.contract;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * One result file seen in a tenant's bucket, or one that somebody has dropped for a registered
 * dataset, and what became of it.
 *
 * @param deliveryId derived from bucket, key and version: the same object is one delivery
 * @param bytes size of the file
 * @param tenantId whose rows it has; null where it is nobody's
 * @param workflowId that made it; null for a dropped file
 * @param runId the run that it answers; null for one made in AMC's console
 * @param dataset the table that it was loaded into
 * @param rows loaded rows
 * @param quality what its rows are like; null while it is not loaded
 * @param reason why it was ignored or is empty, in words
 * @param execution the execution of {@code lake-delivery} (ARN)
 * @param problem why it failed
 */
public record Delivery(
        String deliveryId,
        String bucket,
        String key,
        String etag,
        long bytes,
        @Nullable String tenantId,
        @Nullable String workflowId,
        @Nullable String runId,
        Status status,
        @Nullable String dataset,
        long rows,
        @Nullable Quality quality,
        @Nullable String reason,
        @Nullable String execution,
        @Nullable Failure problem,
        Instant seenAt,
        @Nullable Instant finishedAt,
        long version) {

    /** What becomes of a delivery. */
    public enum Status {
        LOADING,
        LOADED,
        /** A header and no rows: AMC found nothing, or hid all of it. */
        EMPTY,
        /** Not ours to load. */
        IGNORED,
        FAILED;

        public boolean ended() {
            return this != LOADING;
        }
    }
}
