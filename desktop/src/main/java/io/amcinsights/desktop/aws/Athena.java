package io.amcinsights.desktop.aws;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** SQL on the datasets, in the installation's work group and database. Calls block. */
public interface Athena {

    /**
     * Starts a query.
     *
     * @param reuseWithin the result of the same query before it may be so old, in whole minutes, up
     *     to seven days, to answer it; zero: it is run
     * @return its id
     */
    String start(String sql, Duration reuseWithin);

    Query query(String queryId);

    void cancel(String queryId);

    /**
     * A page of a query that has succeeded, without the row of column names.
     *
     * @param nextToken from the page before; null for the first
     */
    ResultPage results(String queryId, @Nullable String nextToken, int limit);

    /** The newest queries of the work group, newest first. */
    List<Query> newest(int limit);

    /** The tables and views of the installation's database, by name. */
    List<Table> tables();

    /** Where a query stands. */
    enum State {
        QUEUED,
        RUNNING,
        SUCCEEDED,
        FAILED,
        CANCELLED;

        public boolean ended() {
            return this != QUEUED && this != RUNNING;
        }
    }

    /**
     * @param reason why it failed, as Athena says it
     * @param output the result's CSV object; null until Athena has named it
     * @param bytesScanned that AWS bills
     * @param reused an earlier result answered it
     * @param queued waiting time so far
     * @param ran engine time so far
     */
    record Query(
            String queryId,
            String sql,
            State state,
            @Nullable String reason,
            @Nullable URI output,
            long bytesScanned,
            boolean reused,
            Duration queued,
            Duration ran,
            Instant submittedAt,
            @Nullable Instant endedAt) {}

    /**
     * @param rows values in the columns' order; null is NULL
     */
    record ResultPage(
            List<ResultColumn> columns,
            List<List<@Nullable String>> rows,
            @Nullable String nextToken) {}

    /**
     * @param type as Athena names it, such as {@code bigint}
     */
    record ResultColumn(String name, String type) {}

    /**
     * @param view a view, not a table
     */
    record Table(String name, boolean view, List<TableColumn> columns) {}

    /**
     * @param comment what the column means; empty where nobody said
     * @param partition a partition key
     */
    record TableColumn(String name, String type, String comment, boolean partition) {}
}
