package io.amcinsights.amc;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * A workflow execution as AMC tells of it.
 *
 * @param status AMC's own word
 * @param windowStart the resolved window; null while AMC does not tell
 * @param askedStart the window's start as it was asked for, in its own zone
 * @param parameters name to value, as they were asked for
 * @param sql what runs; null where AMC was not asked to tell it
 * @param outputUri {@code s3://} address of the result; null where there is none
 * @param columns of the result, once AMC has compiled the SQL
 */
public record AmcExecution(
        String executionId,
        String workflowId,
        String status,
        String statusReason,
        @Nullable Instant createdAt,
        @Nullable Instant windowStart,
        @Nullable Instant windowEnd,
        @Nullable String askedStart,
        @Nullable String askedEnd,
        JsonNode parameters,
        @Nullable String sql,
        @Nullable String outputUri,
        List<Column> columns) {

    /**
     * @param dataType AMC's word, such as {@code LONG}
     * @param scale digits after the point of a {@code DECIMAL}; null where AMC does not tell
     */
    public record Column(String name, String dataType, @Nullable Integer scale) {}

    /** The same, with the SQL that AMC told elsewhere. */
    public AmcExecution with(@Nullable String toldSql) {
        return new AmcExecution(
                executionId,
                workflowId,
                status,
                statusReason,
                createdAt,
                windowStart,
                windowEnd,
                askedStart,
                askedEnd,
                parameters,
                sql == null ? toldSql : sql,
                outputUri,
                columns);
    }

    /** What a status means to us. A status that is not known yet is one in progress. */
    public enum Phase {
        WAITING,
        WORKING,
        SUCCEEDED,
        FAILED,
        CANCELLED;

        public boolean ended() {
            return this != WAITING && this != WORKING;
        }
    }

    public Phase phase() {
        return switch (status.toUpperCase(Locale.ROOT)) {
            case "PENDING" -> Phase.WAITING;
            case "SUCCEEDED" -> Phase.SUCCEEDED;
            case "FAILED", "REJECTED" -> Phase.FAILED;
            case "CANCELLED" -> Phase.CANCELLED;
            default -> Phase.WORKING;
        };
    }
}
