package io.amcinsights.local.athena;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.clock.JumpingTimer;
import io.amcinsights.local.glue.Catalogue;
import io.amcinsights.local.glue.GlueService;
import io.amcinsights.local.http.AccessKeys;
import io.amcinsights.local.http.AccessKeys.AccessKey;
import io.amcinsights.local.http.Front;
import io.amcinsights.local.lakeformation.Permissions;
import io.amcinsights.local.lakeformation.Rights;
import io.amcinsights.local.s3.ObjectStore;
import io.amcinsights.local.s3.S3Service;
import io.amcinsights.local.store.Database;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.athena.AthenaClient;
import software.amazon.awssdk.services.athena.model.GetQueryResultsResponse;
import software.amazon.awssdk.services.athena.model.QueryExecution;
import software.amazon.awssdk.services.athena.model.QueryExecutionState;
import software.amazon.awssdk.services.athena.model.Row;
import software.amazon.awssdk.services.athena.model.StartQueryExecutionRequest;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.s3.S3Client;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A workspace of Athena, Glue and S3, and their clients. */
final class AthenaFront implements AutoCloseable {

    static final String DATABASE = "lake";
    static final String BUCKET = "lake-bucket";
    static final String RESULTS = "results-bucket";
    static final String GROUP = "analysts";
    static final String THRIFTY = "thrifty";

    private static final String REGION = "us-east-1";
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    final AthenaClient athena;
    final GlueClient glue;
    final S3Client s3;
    final Rights rights;

    private final Database database;
    private final JumpingTimer engineTime = new JumpingTimer(Duration.ZERO);
    private final TrinoProcess engine;
    private final Queries queries;
    private final Front front;

    AthenaFront(Path folder, Path engineFolder) throws IOException {
        database = Database.open(folder.resolve("test.db"));
        AccessKeys keys = new AccessKeys(database);
        Clock clock = Clock.systemUTC();
        ObjectStore objects =
                new ObjectStore(
                        database,
                        folder.resolve("objects"),
                        "111122223333",
                        REGION,
                        clock,
                        () -> {});
        objects.provide(BUCKET, false, false);
        objects.provide(RESULTS, false, false);
        Catalogue catalogue = new Catalogue(database, "111122223333", clock);
        catalogue.provideDatabase(DATABASE, "for tests");
        rights = new Rights(new Permissions(database), catalogue);
        catalogue.guardedBy(rights);
        WorkGroups groups = new WorkGroups(clock);
        groups.define(GROUP, "All of them", configuration(1L << 40));
        groups.define(THRIFTY, "", configuration(1000));
        SavedQueries saved = new SavedQueries(database, clock);
        engine = new TrinoProcess(engineFolder, folder.resolve("engine"), REGION, 1024, engineTime);
        queries =
                new Queries(
                        database,
                        catalogue,
                        objects,
                        saved,
                        engine,
                        rights,
                        folder.resolve("results"),
                        clock);
        front =
                Front.start(
                        0,
                        REGION,
                        keys,
                        clock,
                        List.of(
                                new S3Service(objects, "000000000000", REGION, rights::mayRead),
                                new GlueService(catalogue),
                                new AthenaService(
                                        queries,
                                        saved,
                                        groups,
                                        catalogue,
                                        objects,
                                        "111122223333")));
        engine.start(front.uri(), keys.of("engine"), () -> {});
        AccessKey key = keys.of("test");
        StaticCredentialsProvider credentials =
                StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(key.id(), key.secret()));
        athena =
                AthenaClient.builder()
                        .endpointOverride(front.uri())
                        .region(Region.of(REGION))
                        .credentialsProvider(credentials)
                        .httpClient(UrlConnectionHttpClient.create())
                        .build();
        glue =
                GlueClient.builder()
                        .endpointOverride(front.uri())
                        .region(Region.of(REGION))
                        .credentialsProvider(credentials)
                        .httpClient(UrlConnectionHttpClient.create())
                        .build();
        s3 =
                S3Client.builder()
                        .endpointOverride(front.uri())
                        .forcePathStyle(true)
                        .region(Region.of(REGION))
                        .credentialsProvider(credentials)
                        .httpClient(UrlConnectionHttpClient.create())
                        .build();
    }

    private static ObjectNode configuration(long scanLimit) {
        ObjectNode configuration = JsonNodeFactory.instance.objectNode();
        configuration.put("EnforceWorkGroupConfiguration", true);
        configuration.put("BytesScannedCutoffPerQuery", scanLimit);
        configuration
                .putObject("ResultConfiguration")
                .put("OutputLocation", "s3://" + RESULTS + "/queries/");
        return configuration;
    }

    /** Lets the engine's time pass. */
    void idle(Duration duration) {
        engineTime.jump(duration);
    }

    /** Starts a query in the analysts' work group. */
    String start(String sql) {
        return start(sql, more -> {});
    }

    String start(String sql, Consumer<StartQueryExecutionRequest.Builder> more) {
        return athena.startQueryExecution(
                        b -> {
                            b.queryString(sql)
                                    .workGroup(GROUP)
                                    .queryExecutionContext(c -> c.database(DATABASE));
                            more.accept(b);
                        })
                .queryExecutionId();
    }

    /** Runs a query to its end, whatever that is. */
    QueryExecution run(String sql) throws Exception {
        return end(start(sql));
    }

    QueryExecution end(String id) throws Exception {
        return await(
                id,
                query ->
                        query.status().state() != QueryExecutionState.QUEUED
                                && query.status().state() != QueryExecutionState.RUNNING);
    }

    QueryExecution await(String id, Predicate<QueryExecution> wanted) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            QueryExecution query =
                    athena.getQueryExecution(b -> b.queryExecutionId(id)).queryExecution();
            if (wanted.test(query)) {
                return query;
            }
            Thread.sleep(20);
        }
        throw new TimeoutException("The query does not come to its end: " + id);
    }

    /** Runs a query that must succeed; its rows, without the columns' names of a SELECT. */
    List<List<String>> rows(String sql) throws Exception {
        QueryExecution query = run(sql);
        if (query.status().state() != QueryExecutionState.SUCCEEDED) {
            throw new AssertionError(query.status().stateChangeReason());
        }
        List<List<String>> rows =
                results(query.queryExecutionId()).resultSet().rows().stream()
                        .map(AthenaFront::values)
                        .toList();
        return query.resultConfiguration().outputLocation().endsWith(".csv")
                ? rows.subList(1, rows.size())
                : rows;
    }

    GetQueryResultsResponse results(String id) {
        return athena.getQueryResults(b -> b.queryExecutionId(id));
    }

    /** NULL is the word null. */
    static List<String> values(Row row) {
        return row.data().stream().map(datum -> String.valueOf(datum.varCharValue())).toList();
    }

    /** An object's text. */
    String object(String url) {
        Place place = Place.of(url);
        return s3.getObjectAsBytes(b -> b.bucket(place.bucket()).key(place.key())).asUtf8String();
    }

    @Override
    public void close() {
        athena.close();
        glue.close();
        s3.close();
        front.close();
        queries.close();
        engine.close();
        database.close();
    }
}
