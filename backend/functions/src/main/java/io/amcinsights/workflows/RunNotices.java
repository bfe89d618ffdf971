package io.amcinsights.workflows;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Notice;
import io.amcinsights.contract.NoticeSettings;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.Tenant;
import io.amcinsights.notices.NoticeBoard;
import io.amcinsights.tenants.TenantStore;

import java.util.ArrayList;
import java.util.List;

/** Tells people how runs have ended, whoever ended them. */
public final class RunNotices {

    private final RunStore runs;
    private final BatchStore batches;
    private final TenantStore tenants;
    private final NoticeBoard notices;

    public RunNotices(RunStore runs, BatchStore batches, TenantStore tenants, NoticeBoard notices) {
        this.runs = runs;
        this.batches = batches;
        this.tenants = tenants;
        this.notices = notices;
    }

    NoticeSettings settings(String tenantId) {
        return notices.settings(tenants.get(tenantId).tenantId());
    }

    NoticeSettings choose(NoticeSettings chosen) {
        tenants.get(chosen.tenantId());
        return notices.choose(chosen);
    }

    /** Tells, of each day that is over, how many of a tenant's runs have ended how. */
    void tellDigests(Tenant tenant) {
        notices.tellDigests(tenant.tenantId(), tenant.name());
    }

    /** Of a batch people are told once; of an ad-hoc run not at all, for somebody looks at it. */
    void tell(Run run) {
        String batchId = run.batchId();
        if (batchId != null) {
            tellOfBatch(run, batchId);
        } else if (run.adHoc() == null) {
            tellOfRun(run);
        }
    }

    /** When nothing of it goes on; the last part is looked at first, because it ends last. */
    private void tellOfBatch(Run last, String batchId) {
        BatchStore.Asked batch = batches.get(batchId);
        List<Run> failed = new ArrayList<>();
        for (BatchStore.Part part : batch.parts().reversed()) {
            if (part.runId() == null) {
                continue;
            }
            Run run = runs.get(part.runId());
            if (!run.status().ended()) {
                return;
            }
            if (run.status() == Run.Status.FAILED) {
                failed.addFirst(run);
            }
        }
        int attempts = batch.parts().stream().mapToInt(BatchStore.Part::attempt).sum();
        String occasion = "%s/%d".formatted(batchId, attempts);
        String subject =
                "%d runs of %s have ended".formatted(batch.parts().size(), batch.workflowId());
        if (failed.isEmpty()) {
            notices.good(
                    new NoticeBoard.About(
                            Notice.Kind.RUN,
                            last.runId(),
                            occasion,
                            last.tenantId(),
                            batch.workflowId()),
                    subject,
                    "None has failed; their rows are loaded next.");
        } else {
            Run first = failed.getFirst();
            notices.bad(
                    new NoticeBoard.About(
                            Notice.Kind.RUN,
                            first.runId(),
                            occasion,
                            first.tenantId(),
                            batch.workflowId()),
                    subject,
                    Failure.of(
                                    ErrorCode.AMC_REFUSED,
                                    "%d of them have failed; the first: %s"
                                            .formatted(failed.size(), reason(first).message()))
                            .next("Repair what they name, then run the missing ones again."));
        }
    }

    private void tellOfRun(Run run) {
        String tenant = tenants.get(run.tenantId()).name();
        var about =
                new NoticeBoard.About(
                        Notice.Kind.RUN,
                        run.runId(),
                        run.runId(),
                        run.tenantId(),
                        run.workflowId());
        switch (run.status()) {
            case SUCCEEDED ->
                    notices.good(
                            about,
                            "%s of %s has succeeded".formatted(run.workflowId(), tenant),
                            "The run %s has succeeded; its rows are loaded next."
                                    .formatted(run.runId()));
            case FAILED ->
                    notices.bad(
                            about,
                            "%s of %s has failed".formatted(run.workflowId(), tenant),
                            reason(run));
            case QUEUED, RUNNING, CANCELLED -> {}
        }
    }

    private static Failure reason(Run failed) {
        Failure problem = failed.problem();
        return problem == null
                ? Failure.of(ErrorCode.INTERNAL, "No reason was recorded.")
                : problem;
    }
}
