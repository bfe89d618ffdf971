package io.amcinsights.contract;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Map;

/**
 * When a workflow runs.
 *
 * @param scheduleId of a new schedule: chosen by the caller, so that saving it again after a lost
 *     answer is not another one; or empty
 * @param expression {@code cron(…)}, {@code rate(…)} or {@code at(…)}, see {@link
 *     ScheduleExpression}
 * @param zone IANA name of the zone that the expression is read in
 * @param window what each run reads; date tokens are resolved when it runs
 * @param version counts changes; 0 for one not saved yet
 */
public record Schedule(
        String scheduleId,
        String tenantId,
        String workflowId,
        String name,
        String expression,
        String zone,
        TimeWindow window,
        Map<String, JsonNode> parameters,
        boolean enabled,
        @Nullable String lastRunId,
        @Nullable Instant lastFiredAt,
        Instant updatedAt,
        long version) {

    /** The same schedule, paused or resumed. */
    public Schedule withEnabled(boolean now) {
        return new Schedule(
                scheduleId,
                tenantId,
                workflowId,
                name,
                expression,
                zone,
                window,
                parameters,
                now,
                lastRunId,
                lastFiredAt,
                updatedAt,
                version);
    }

    /** The same schedule, as a change of another version than the one seen. */
    public Schedule withVersion(long seen) {
        return new Schedule(
                scheduleId,
                tenantId,
                workflowId,
                name,
                expression,
                zone,
                window,
                parameters,
                enabled,
                lastRunId,
                lastFiredAt,
                updatedAt,
                seen);
    }
}
