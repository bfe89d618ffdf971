package io.amcinsights.workflows;

import io.amcinsights.amc.AmcExecution;
import io.amcinsights.amc.AmcReasons;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Run;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/** What happens to a run on its way. A run that has ended stays as it ended. */
final class RunChanges {

    private RunChanges() {}

    /** An execution of {@code workflow-run} takes care of it. */
    static Run cared(Run r, String execution) {
        return copy(
                r,
                r.status(),
                r.amcExecutionId(),
                r.amcStatus(),
                execution,
                r.outputUri(),
                r.problem(),
                r.startedAt(),
                r.finishedAt());
    }

    /** AMC is asked for it; once more if it did not hear before. */
    static Run asked(Run r, Instant now) {
        return r.status().ended()
                ? r
                : copy(
                        r,
                        Run.Status.RUNNING,
                        r.amcExecutionId(),
                        r.amcStatus(),
                        r.execution(),
                        r.outputUri(),
                        r.problem(),
                        now,
                        null);
    }

    /** AMC works on it. */
    static Run working(Run r, AmcExecution e) {
        return r.status().ended()
                ? r
                : copy(
                        r,
                        Run.Status.RUNNING,
                        e.executionId(),
                        e.status(),
                        r.execution(),
                        e.outputUri() == null ? r.outputUri() : e.outputUri(),
                        r.problem(),
                        r.startedAt(),
                        null);
    }

    /** As AMC tells of it. */
    static Run follows(Run r, AmcExecution e, Instant now) {
        Run seen = working(r, e);
        return switch (e.phase()) {
            case WAITING, WORKING -> seen;
            case SUCCEEDED -> ended(seen, Run.Status.SUCCEEDED, null, now);
            case CANCELLED -> ended(seen, Run.Status.CANCELLED, null, now);
            case FAILED -> ended(seen, Run.Status.FAILED, refusal(e), now);
        };
    }

    private static Failure refusal(AmcExecution execution) {
        String reason = execution.statusReason();
        return AmcReasons.failure(
                        reason.isBlank()
                                ? "AMC ended the run as %s and gave no reason."
                                        .formatted(execution.status())
                                : reason)
                .with("amcStatus", execution.status());
    }

    static Run ended(Run r, Run.Status status, @Nullable Failure problem, Instant now) {
        return r.status().ended()
                ? r
                : copy(
                        r,
                        status,
                        r.amcExecutionId(),
                        r.amcStatus(),
                        r.execution(),
                        r.outputUri(),
                        problem,
                        r.startedAt(),
                        now);
    }

    private static Run copy(
            Run r,
            Run.Status status,
            @Nullable String amcExecutionId,
            @Nullable String amcStatus,
            @Nullable String execution,
            @Nullable String outputUri,
            @Nullable Failure problem,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt) {
        return new Run(
                r.runId(),
                r.tenantId(),
                r.workflowId(),
                r.workflowVersion(),
                r.scheduleId(),
                r.window(),
                r.parameters(),
                r.batchId(),
                r.adHoc(),
                r.elsewhere(),
                status,
                amcExecutionId,
                amcStatus,
                execution,
                outputUri,
                problem,
                r.requestedAt(),
                startedAt,
                finishedAt,
                r.version());
    }
}
