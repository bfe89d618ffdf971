package io.amcinsights.local.athena;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;

/**
 * One query execution.
 *
 * @param database of names that have none; null: the query must name it
 * @param parameters SQL literals for the question marks, in their order
 * @param asked what the engine is told: by it a later query knows that it asks the same; null where
 *     the engine is not asked
 * @param reuseWithin an earlier result may be so many minutes old to answer it; null: it is run
 * @param reused an earlier result answers it, which is its output
 * @param output URL of the result's object, or of a folder for what leaves none
 * @param reason why it ended as it did
 * @param failure null unless it failed
 * @param submitted in milliseconds since the epoch, as is {@code ended}
 * @param columns of the result, once they are known
 * @param updated rows that it wrote; null: it only read
 */
record Query(
        String id,
        String workGroup,
        String sql,
        @Nullable String catalog,
        @Nullable String database,
        List<String> parameters,
        @Nullable String asked,
        @Nullable Integer reuseWithin,
        boolean reused,
        StatementType type,
        String substatement,
        String output,
        State state,
        @Nullable String reason,
        @Nullable Failure failure,
        long submitted,
        @Nullable Long ended,
        Statistics statistics,
        List<ResultColumn> columns,
        @Nullable Long updated) {

    /** Of the Athena API reference; so are the other names. */
    enum State {
        QUEUED,
        RUNNING,
        SUCCEEDED,
        FAILED,
        CANCELLED;

        boolean ended() {
            return this != QUEUED && this != RUNNING;
        }
    }

    /** Kinds of statements. */
    enum StatementType {
        DDL,
        DML,
        UTILITY
    }

    record Failure(int category, boolean retryable) {}

    /**
     * @param queued until it began to run
     * @param planning of the engine's time
     * @param engine from its beginning to its end
     * @param scanned bytes read
     */
    record Statistics(
            long queued,
            long planning,
            long engine,
            long scanned,
            long inputRows,
            long outputRows) {
        static final Statistics NONE = new Statistics(0, 0, 0, 0, 0, 0);
    }

    record ResultColumn(
            String name, String type, int precision, int scale, boolean caseSensitive) {}

    Query running() {
        return with(State.RUNNING, null, null, null, statistics, columns, updated);
    }

    /** The same, a little later. */
    Query at(Statistics now) {
        return with(state, reason, failure, ended, now, columns, updated);
    }

    Query succeeded(long at, Statistics spent, List<ResultColumn> result, @Nullable Long written) {
        return with(State.SUCCEEDED, null, null, at, spent, result, written);
    }

    Query failed(long at, Statistics spent, String why, Failure kind) {
        return with(State.FAILED, why, kind, at, spent, columns, null);
    }

    Query cancelled(long at, Statistics spent, @Nullable String why) {
        return with(State.CANCELLED, why, null, at, spent, columns, null);
    }

    /** The same as a query, answered by the result of one before it. */
    Query answeredBy(Query before) {
        return new Query(
                id,
                workGroup,
                sql,
                catalog,
                database,
                parameters,
                asked,
                reuseWithin,
                true,
                type,
                substatement,
                before.output(),
                State.SUCCEEDED,
                null,
                null,
                submitted,
                submitted,
                Statistics.NONE,
                before.columns(),
                null);
    }

    private Query with(
            State newState,
            @Nullable String newReason,
            @Nullable Failure newFailure,
            @Nullable Long newEnd,
            Statistics newStatistics,
            List<ResultColumn> newColumns,
            @Nullable Long newUpdated) {
        return new Query(
                id,
                workGroup,
                sql,
                catalog,
                database,
                parameters,
                asked,
                reuseWithin,
                reused,
                type,
                substatement,
                output,
                newState,
                newReason,
                newFailure,
                submitted,
                newEnd,
                newStatistics,
                newColumns,
                newUpdated);
    }

    /** Whether it writes files for others, which its manifest lists. */
    boolean writesFiles() {
        return Set.of("CREATE_TABLE_AS_SELECT", "INSERT", "UNLOAD").contains(substatement);
    }

    /** URL of the object that lists what it has written. */
    String manifest() {
        return output + "-manifest.csv";
    }

    /** Whether the result is a table, with its columns' names in the first row. */
    boolean hasHeader() {
        return output.endsWith(".csv");
    }
}
