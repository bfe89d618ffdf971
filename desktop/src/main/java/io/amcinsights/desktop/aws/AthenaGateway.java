package io.amcinsights.desktop.aws;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.services.athena.AthenaClient;
import software.amazon.awssdk.services.athena.model.Column;
import software.amazon.awssdk.services.athena.model.Datum;
import software.amazon.awssdk.services.athena.model.GetQueryResultsResponse;
import software.amazon.awssdk.services.athena.model.ListQueryExecutionsResponse;
import software.amazon.awssdk.services.athena.model.QueryExecution;
import software.amazon.awssdk.services.athena.model.QueryExecutionState;
import software.amazon.awssdk.services.athena.model.QueryExecutionStatistics;
import software.amazon.awssdk.services.athena.model.ResultReuseByAgeConfiguration;
import software.amazon.awssdk.services.athena.model.Row;
import software.amazon.awssdk.services.athena.model.StatementType;
import software.amazon.awssdk.services.athena.model.TableMetadata;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Athena over the AWS SDK. */
final class AthenaGateway implements Athena {

    private static final String CATALOG = "AwsDataCatalog";

    /** BatchGetQueryExecution takes no more. Source: Athena API reference. */
    private static final int BATCH = 50;

    private final AthenaClient athena;
    private final Installation installation;

    AthenaGateway(AthenaClient athena, Installation installation) {
        this.athena = athena;
        this.installation = installation;
    }

    @Override
    public String start(String sql, Duration reuseWithin) {
        return athena.startQueryExecution(
                        start ->
                                start.queryString(sql)
                                        .resultReuseConfiguration(
                                                reuse ->
                                                        reuse.resultReuseByAgeConfiguration(
                                                                byAge ->
                                                                        within(byAge, reuseWithin)))
                                        .workGroup(installation.workGroup())
                                        .queryExecutionContext(
                                                context ->
                                                        context.catalog(CATALOG)
                                                                .database(installation.database())))
                .queryExecutionId();
    }

    private static void within(ResultReuseByAgeConfiguration.Builder byAge, Duration reuseWithin) {
        byAge.enabled(reuseWithin.isPositive());
        if (reuseWithin.isPositive()) {
            byAge.maxAgeInMinutes(Math.toIntExact(reuseWithin.toMinutes()));
        }
    }

    @Override
    public Query query(String queryId) {
        return query(
                athena.getQueryExecution(get -> get.queryExecutionId(queryId)).queryExecution());
    }

    @Override
    public void cancel(String queryId) {
        athena.stopQueryExecution(stop -> stop.queryExecutionId(queryId));
    }

    @Override
    public ResultPage results(String queryId, @Nullable String nextToken, int limit) {
        // The first page of a SELECT begins with a row of the column names.
        boolean first = nextToken == null;
        GetQueryResultsResponse page =
                athena.getQueryResults(
                        get ->
                                get.queryExecutionId(queryId)
                                        .nextToken(nextToken)
                                        .maxResults(
                                                Math.clamp(first ? limit + 1 : limit, 1, 1000)));
        List<ResultColumn> columns =
                page.resultSet().resultSetMetadata().columnInfo().stream()
                        .map(column -> new ResultColumn(column.name(), column.type()))
                        .toList();
        List<List<@Nullable String>> rows = new ArrayList<>();
        for (Row row : page.resultSet().rows()) {
            rows.add(row.data().stream().<@Nullable String>map(Datum::varCharValue).toList());
        }
        if (first
                && !rows.isEmpty()
                && rows.getFirst().equals(columns.stream().map(ResultColumn::name).toList())
                && select(queryId)) {
            rows.removeFirst();
        }
        return new ResultPage(columns, rows, page.nextToken());
    }

    @Override
    public List<Query> newest(int limit) {
        List<Query> newest = new ArrayList<>();
        String token = null;
        do {
            String from = token;
            ListQueryExecutionsResponse page =
                    athena.listQueryExecutions(
                            list ->
                                    list.workGroup(installation.workGroup())
                                            .nextToken(from)
                                            .maxResults(
                                                    Math.clamp(limit - newest.size(), 1, BATCH)));
            List<String> ids = page.queryExecutionIds();
            if (!ids.isEmpty()) {
                athena.batchGetQueryExecution(get -> get.queryExecutionIds(ids))
                        .queryExecutions()
                        .forEach(execution -> newest.add(query(execution)));
            }
            token = page.nextToken();
        } while (token != null && newest.size() < limit);
        newest.sort(Comparator.comparing(Query::submittedAt).reversed());
        return List.copyOf(newest);
    }

    @Override
    public List<Table> tables() {
        return athena
                .listTableMetadataPaginator(
                        list ->
                                list.catalogName(CATALOG)
                                        .databaseName(installation.database())
                                        .maxResults(50))
                .tableMetadataList()
                .stream()
                .map(AthenaGateway::table)
                .sorted(Comparator.comparing(Table::name))
                .toList();
    }

    private boolean select(String queryId) {
        return athena.getQueryExecution(get -> get.queryExecutionId(queryId))
                        .queryExecution()
                        .statementType()
                == StatementType.DML;
    }

    private static Table table(TableMetadata table) {
        return new Table(
                table.name(),
                "VIRTUAL_VIEW".equals(table.tableType()),
                Stream.concat(
                                table.columns().stream().map(column -> column(column, false)),
                                table.partitionKeys().stream().map(column -> column(column, true)))
                        .toList());
    }

    private static TableColumn column(Column column, boolean partition) {
        return new TableColumn(
                column.name(),
                column.type(),
                column.comment() == null ? "" : column.comment(),
                partition);
    }

    private static Query query(QueryExecution execution) {
        QueryExecutionStatistics statistics = execution.statistics();
        String output =
                execution.resultConfiguration() == null
                        ? null
                        : execution.resultConfiguration().outputLocation();
        return new Query(
                execution.queryExecutionId(),
                execution.query(),
                state(execution.status().state()),
                execution.status().stateChangeReason(),
                output == null ? null : URI.create(output),
                statistics == null || statistics.dataScannedInBytes() == null
                        ? 0
                        : statistics.dataScannedInBytes(),
                statistics != null
                        && statistics.resultReuseInformation() != null
                        && Boolean.TRUE.equals(
                                statistics.resultReuseInformation().reusedPreviousResult()),
                millis(statistics == null ? null : statistics.queryQueueTimeInMillis()),
                millis(statistics == null ? null : statistics.engineExecutionTimeInMillis()),
                execution.status().submissionDateTime(),
                execution.status().completionDateTime());
    }

    private static Duration millis(@Nullable Long millis) {
        return Duration.ofMillis(millis == null ? 0 : millis);
    }

    private static State state(QueryExecutionState state) {
        return switch (state) {
            case QUEUED -> State.QUEUED;
            case SUCCEEDED -> State.SUCCEEDED;
            case FAILED -> State.FAILED;
            case CANCELLED -> State.CANCELLED;
            // A state that AWS adds later is one that has not ended, as far as we can know.
            case RUNNING, UNKNOWN_TO_SDK_VERSION -> State.RUNNING;
        };
    }
}
