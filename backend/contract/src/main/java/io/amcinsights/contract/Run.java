package io.amcinsights.contract;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Map;

/**
 * One workflow execution asked of AMC through us.
 *
 * @param scheduleId the schedule that asked; null when a person did
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

    /** Where a run stands. */
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
