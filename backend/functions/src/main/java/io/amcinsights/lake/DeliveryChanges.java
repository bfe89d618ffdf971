package io.amcinsights.lake;

import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Quality;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/** What becomes of a delivery. */
final class DeliveryChanges {

    private DeliveryChanges() {}

    /** Begins, once more perhaps. */
    static Delivery loading(Delivery d, @Nullable String execution) {
        return copy(
                d, Delivery.Status.LOADING, d.runId(), null, 0, null, null, execution, null, null);
    }

    /** Answers a run. */
    static Delivery answering(Delivery d, @Nullable String runId) {
        return copy(
                d,
                d.status(),
                runId,
                d.dataset(),
                d.rows(),
                d.quality(),
                d.reason(),
                d.execution(),
                d.problem(),
                d.finishedAt());
    }

    static Delivery loaded(Delivery d, String dataset, long rows, Quality quality, Instant now) {
        return copy(
                d,
                Delivery.Status.LOADED,
                d.runId(),
                dataset,
                rows,
                quality,
                null,
                d.execution(),
                null,
                now);
    }

    static Delivery empty(Delivery d, String reason, Instant now) {
        return copy(
                d,
                Delivery.Status.EMPTY,
                d.runId(),
                null,
                0,
                null,
                reason,
                d.execution(),
                null,
                now);
    }

    static Delivery failed(Delivery d, Failure problem, Instant now) {
        return copy(
                d,
                Delivery.Status.FAILED,
                d.runId(),
                null,
                0,
                null,
                null,
                d.execution(),
                problem,
                now);
    }

    private static Delivery copy(
            Delivery d,
            Delivery.Status status,
            @Nullable String runId,
            @Nullable String dataset,
            long rows,
            @Nullable Quality quality,
            @Nullable String reason,
            @Nullable String execution,
            @Nullable Failure problem,
            @Nullable Instant finishedAt) {
        return new Delivery(
                d.deliveryId(),
                d.bucket(),
                d.key(),
                d.etag(),
                d.bytes(),
                d.tenantId(),
                d.workflowId(),
                runId,
                status,
                dataset,
                rows,
                quality,
                reason,
                execution,
                problem,
                d.seenAt(),
                finishedAt,
                d.version());
    }
}
