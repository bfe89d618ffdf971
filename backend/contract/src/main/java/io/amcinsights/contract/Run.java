package io.amcinsights.contract;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * One workflow execution at AMC, asked for through us as a rule.
 *
 * @param scheduleId the schedule that asked; null when a person did
 * @param batchId the batch that it is part of; null for a run by itself
 * @param adHoc what runs instead of a saved workflow, and {@code workflowId} is empty then
 * @param elsewhere others asked AMC for it, in its console or by its own schedules; it is only
 *     followed here
 * @param amcExecutionId AMC's id of it, once AMC has it
 * @param amcStatus AMC's own word for where it stands
 * @param execution the execution of {@code workflow-run} (ARN)
 * @param outputUri {@code s3://} address of the result
 * @param problem why it did not succeed
 */
public record Run(
        String runId,
        String tenantId,
        String workflowId,
        long workflowVersion,
        @Nullable String scheduleId,
        TimeWindow window,
        Map<String, JsonNode> parameters,
        @Nullable String batchId,
        @Nullable AdHoc adHoc,
        boolean elsewhere,
        Status status,
        @Nullable String amcExecutionId,
        @Nullable String amcStatus,
        @Nullable String execution,
        @Nullable String outputUri,
        @Nullable Failure problem,
        Instant requestedAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        long version) {

    /**
     * A query that AMC runs and does not keep. Its result can be looked at and is not delivered.
     *
     * @param dryRun AMC checks the query only, and there is no result
     */
    public record AdHoc(String sql, List<Parameter> parameters, boolean dryRun) {}

    /** After so long AMC has all events of a day. Source: AMC documentation, "Data freshness". */
    private static final Duration FRESHNESS = Duration.ofDays(2);

    /** Whether AMC may have got events of the window after the run has read it. */
    public boolean mayLackEvents() {
        Instant read = startedAt == null ? requestedAt : startedAt;
        return window.endsAt().map(end -> end.plus(FRESHNESS).isAfter(read)).orElse(false);
    }

    /**
     * Where a run stands. What was asked for elsewhere begins as running.
     *
     * <pre>
     * asked for ─► QUEUED ─► RUNNING ─► SUCCEEDED
     *                │  └───────┼─────► FAILED    (AMC's reason, or why it could not be asked)
     *                └──────────┴─────► CANCELLED
     * </pre>
     *
     * {@link #requestedAt()}, {@link #startedAt()} and {@link #finishedAt()} tell when, {@link
     * #problem()} why. What has ended stays as it is.
     */
    public enum Status {
        /** Waits for its turn at the AMC instance. */
        QUEUED,
        /** AMC works on it. */
        RUNNING,
        SUCCEEDED,
        FAILED,
        CANCELLED;

        public boolean ended() {
            return switch (this) {
                case QUEUED, RUNNING -> false;
                case SUCCEEDED, FAILED, CANCELLED -> true;
            };
        }
    }
}
