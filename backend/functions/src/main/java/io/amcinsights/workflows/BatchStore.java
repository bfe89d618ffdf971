package io.amcinsights.workflows;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.TimeWindow;
import io.amcinsights.ports.Documents;
import io.amcinsights.ports.Documents.ConflictException;
import io.amcinsights.store.Records;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Which runs were asked for together. */
public final class BatchStore {

    /**
     * @param attempt counts how often the part was asked for
     * @param runId of the newest attempt; null where it was not asked for yet, or was refused
     * @param problem why it was refused
     */
    record Part(
            String tenantId,
            TimeWindow window,
            int attempt,
            @Nullable String runId,
            @Nullable Failure problem) {}

    record Asked(
            String batchId,
            String workflowId,
            Map<String, JsonNode> parameters,
            Instant requestedAt,
            List<Part> parts,
            long version) {

        private Asked with(List<Part> now) {
            return new Asked(batchId, workflowId, parameters, requestedAt, now, version);
        }
    }

    private static final String BATCHES = "batch";
    private static final Duration KEPT = Duration.ofDays(400);

    private final Records<Asked> batches;

    public BatchStore(Documents documents) {
        this.batches = new Records<>(documents, Asked.class);
    }

    void create(Asked batch) throws ConflictException {
        batches.put(BATCHES, batch.batchId(), batch, 0, batch.requestedAt().plus(KEPT));
    }

    void change(String batchId, Function<Asked, List<Part>> change) {
        batches.change(BATCHES, batchId, b -> b.with(change.apply(b)));
    }

    Asked get(String batchId) {
        return batches.find(BATCHES, batchId)
                .orElseThrow(
                        () ->
                                Failure.of(
                                                ErrorCode.NOT_FOUND,
                                                "There is no batch “%s”.".formatted(batchId))
                                        .exception());
    }
}
