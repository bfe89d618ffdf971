package io.amcinsights.workflows;

import io.amcinsights.contract.Batch;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.TimeWindow;
import io.amcinsights.contract.WorkflowRequest.RunBatch;
import io.amcinsights.ports.Documents.ConflictException;
import io.amcinsights.store.Sha256;
import io.amcinsights.workflows.BatchStore.Asked;
import io.amcinsights.workflows.BatchStore.Part;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Runs that are asked for together. The queue carries them; a batch only knows which they are. */
public final class Batches {

    private final BatchStore batches;
    private final Runs runs;
    private final Clock clock;

    public Batches(BatchStore batches, Runs runs, Clock clock) {
        this.batches = batches;
        this.runs = runs;
        this.clock = clock;
    }

    Batch request(RunBatch request) {
        check(request);
        String batchId = "batch-" + Sha256.hex(request.requestKey()).substring(0, 24);
        List<Part> parts = new ArrayList<>();
        for (String tenantId : request.tenantIds()) {
            for (TimeWindow window : request.windows()) {
                parts.add(new Part(tenantId, window, 1, null, null));
            }
        }
        Instant now = clock.instant();
        try {
            batches.create(
                    new Asked(batchId, request.workflowId(), request.parameters(), now, parts, 0));
        } catch (ConflictException e) {
            // asked for before: what that call did not come to is asked for now
        }
        return ask(batchId);
    }

    private static void check(RunBatch request) {
        int runs = request.tenantIds().size() * request.windows().size();
        if (request.requestKey().isBlank()) {
            throw Failure.invalid("requestKey", "The request needs a key of its own.").exception();
        }
        if (request.tenantIds().isEmpty()) {
            throw Failure.invalid("tenantIds", "Choose a tenant.").exception();
        }
        if (runs < 1 || runs > Batch.LARGEST) {
            throw Failure.invalid(
                            "windows",
                            "%d runs were asked for; a batch has 1 to %d."
                                    .formatted(runs, Batch.LARGEST))
                    .next("Take a shorter period, longer windows or fewer tenants.")
                    .exception();
        }
    }

    Batch get(String batchId) {
        Asked asked = batches.get(batchId);
        return new Batch(
                batchId,
                asked.workflowId(),
                asked.requestedAt(),
                asked.parts().parallelStream().map(this::part).toList());
    }

    private Batch.Part part(Part part) {
        return new Batch.Part(
                part.tenantId(),
                part.window(),
                part.runId() == null ? null : runs.get(part.runId()),
                part.problem());
    }

    /** The last first, so that none begins because another has ended. */
    Batch cancel(String batchId) {
        for (Batch.Part part : get(batchId).parts().reversed()) {
            Run run = part.run();
            if (run != null && !run.status().ended()) {
                cancel(run);
            }
        }
        return get(batchId);
    }

    private void cancel(Run run) {
        try {
            runs.cancel(run.runId());
        } catch (FailureException e) {
            if (!runs.get(run.runId()).status().ended()) {
                throw e;
            }
        }
    }

    Batch resume(String batchId) {
        List<Batch.Part> now = get(batchId).parts();
        batches.change(
                batchId,
                asked -> {
                    List<Part> parts = new ArrayList<>();
                    for (int i = 0; i < asked.parts().size(); i++) {
                        Part part = asked.parts().get(i);
                        Batch.Part seen = now.get(i);
                        Run run = seen.run();
                        boolean isSame =
                                Objects.equals(part.runId(), run == null ? null : run.runId());
                        parts.add(
                                isSame && seen.isOpen()
                                        ? new Part(
                                                part.tenantId(),
                                                part.window(),
                                                part.attempt() + 1,
                                                null,
                                                null)
                                        : part);
                    }
                    return parts;
                });
        return ask(batchId);
    }

    /** Asks for the runs that the batch does not have yet. */
    private Batch ask(String batchId) {
        Asked asked = batches.get(batchId);
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < asked.parts().size(); i++) {
            Part part = asked.parts().get(i);
            parts.add(part.runId() == null ? ask(asked, part, i) : part);
        }
        batches.change(batchId, now -> now.version() == asked.version() ? parts : now.parts());
        return get(batchId);
    }

    private Part ask(Asked batch, Part part, int index) {
        try {
            Run run =
                    runs.request(
                            new Runs.Wish(
                                    part.tenantId(),
                                    batch.workflowId(),
                                    part.window(),
                                    batch.parameters(),
                                    "%s/%d/%d".formatted(batch.batchId(), index, part.attempt()),
                                    null,
                                    batch.batchId(),
                                    batch.requestedAt()));
            return new Part(part.tenantId(), part.window(), part.attempt(), run.runId(), null);
        } catch (FailureException e) {
            return new Part(part.tenantId(), part.window(), part.attempt(), null, e.failure());
        }
    }
}
