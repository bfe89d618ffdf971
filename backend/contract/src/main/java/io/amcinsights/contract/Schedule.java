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
 * @param startAt it does not run before; null for at once
 * @param endAt it does not run then or later; null for never
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
        @Nullable Instant startAt,
        @Nullable Instant endAt,
        TimeWindow window,
        Map<String, JsonNode> parameters,
        boolean enabled,
        @Nullable String lastRunId,
        @Nullable Instant lastFiredAt,
        Instant updatedAt,
        long version) {

    /** Who saves one need not say when: that is set here. */
    @SuppressWarnings("NullAway") // Jackson gives null for what a request lacks
    public Schedule {
        updatedAt = updatedAt == null ? Instant.EPOCH : updatedAt;
    }

    /** Whether a time lies between its start and its end. */
    public boolean includes(Instant time) {
        return (startAt == null || !time.isBefore(startAt))
                && (endAt == null || time.isBefore(endAt));
    }

    /** The same schedule, paused or resumed. */
    public Schedule withEnabled(boolean now) {
        return new Schedule(
                scheduleId,
                tenantId,
                workflowId,
                name,
                expression,
                zone,
                startAt,
                endAt,
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
                startAt,
                endAt,
                window,
                parameters,
                enabled,
                lastRunId,
                lastFiredAt,
                updatedAt,
                seen);
    }
}
