package io.amcinsights.local;

import static io.amcinsights.local.Workspaces.await;
import static io.amcinsights.local.Workspaces.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.contract.AmcInstance;
import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.LakeRequest.ListDeliveries;
import io.amcinsights.contract.Request;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TenantDraft;
import io.amcinsights.contract.TenantRequest.DiscoverInstances;
import io.amcinsights.contract.TenantRequest.GetTenant;
import io.amcinsights.contract.TenantRequest.OnboardTenant;
import io.amcinsights.local.athena.TrinoProcess;

import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.athena.AthenaClient;
import software.amazon.awssdk.services.athena.model.Datum;
import software.amazon.awssdk.services.athena.model.QueryExecution;
import software.amazon.awssdk.services.athena.model.QueryExecutionState;
import software.amazon.awssdk.services.athena.model.ResultSet;
import software.amazon.awssdk.services.athena.model.Row;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.s3.S3Client;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** A whole workspace with its engine, as a process of its own, and clients of it. */
final class StartedWorkspace implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final String READY = "ready ";

    private final Process process;
    private final URI endpoint;
    private final ProfileCredentialsProvider credentials;
    private final LambdaClient lambda;
    private final S3Client s3;
    private final AthenaClient athena;
    private int delivered;

    StartedWorkspace(Path data) throws IOException {
        this(data, Workspaces.process(data, "--engine", TrinoProcess.place().toString()));
    }

    StartedWorkspace(Path data, ProcessBuilder command) throws IOException {
        process = command.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String line = process.inputReader().readLine();
        assertThat(line).startsWith(READY);
        endpoint = URI.create(line.substring(READY.length()));
        credentials = credentials(data, "local");
        lambda = to(LambdaClient.builder());
        s3 = to(S3Client.builder().forcePathStyle(true));
        athena = to(AthenaClient.builder());
    }

    /** A client of the workspace, as its administrator. */
    <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C to(B builder) {
        return builder.endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(credentials)
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    URI endpoint() {
        return endpoint;
    }

    long pid() {
        return process.pid();
    }

    S3Client s3() {
        return s3;
    }

    <R> R call(Request<R> request) {
        return Workspaces.call(lambda, request);
    }

    /** Tenants of the simulator, onboarded. */
    List<Tenant> onboard(int tenants) throws Exception {
        List<AmcInstance> ready =
                call(new DiscoverInstances("default")).instances().stream()
                        .filter(i -> i.ready() && !i.sandbox())
                        .limit(tenants)
                        .toList();
        assertThat(ready).hasSize(tenants);
        List<Tenant> onboarded = new ArrayList<>();
        for (AmcInstance of : ready) {
            call(
                    new OnboardTenant(
                            new TenantDraft(
                                    of.advertiser(),
                                    of.instanceId(),
                                    of.accountId(),
                                    of.marketplaceId(),
                                    of.region(),
                                    of.bucketName(),
                                    of.bucketRegion(),
                                    of.awsAccountId(),
                                    "default")));
            onboarded.add(
                    await(
                            PATIENCE,
                            () -> call(new GetTenant(of.instanceId())),
                            t -> t.status() == Tenant.Status.ACTIVE));
        }
        return onboarded;
    }

    void load(Tenant tenant, String workflow, String csv) throws Exception {
        Delivery loaded = deliver(tenant, workflow, RequestBody.fromString(csv));
        assertThat(loaded.status()).as("%s", loaded.problem()).isEqualTo(Delivery.Status.LOADED);
    }

    /** As AMC delivers it, until it has ended. */
    Delivery deliver(Tenant tenant, String workflow, RequestBody csv) throws Exception {
        String key =
                "workflow=%1$s/schedule=adhoc/2026-11-23T10:00:%2$02d.123Z-%1$s.csv"
                        .formatted(workflow, delivered++);
        s3.putObject(r -> r.bucket(tenant.bucketName()).key(key), csv);
        return ended(tenant, key);
    }

    Delivery ended(Tenant tenant, String key) throws Exception {
        return Objects.requireNonNull(
                await(
                        PATIENCE,
                        () ->
                                call(new ListDeliveries(tenant.tenantId(), 50, null))
                                        .deliveries()
                                        .stream()
                                        .filter(d -> d.key().equals(key))
                                        .findFirst()
                                        .orElse(null),
                        d -> d != null && d.status().ended()));
    }

    /** The rows of a query through Athena, their values parted by bars. */
    List<String> ask(String sql) throws Exception {
        return rows(answer(sql));
    }

    /** What a query through Athena gives; its first row has the names of the columns. */
    ResultSet answer(String sql) throws Exception {
        QueryExecution ended = asked(sql);
        assertThat(ended.status().state())
                .as(ended.status().stateChangeReason())
                .isEqualTo(QueryExecutionState.SUCCEEDED);
        return athena.getQueryResults(r -> r.queryExecutionId(ended.queryExecutionId()))
                .resultSet();
    }

    static List<String> rows(ResultSet answer) {
        return answer.rows().stream().skip(1).map(StartedWorkspace::text).toList();
    }

    /** Asks Athena, until it is done with it. */
    QueryExecution asked(String sql) throws Exception {
        String id =
                athena.startQueryExecution(
                                r ->
                                        r.queryString(sql)
                                                .workGroup("amc-insights-analysts")
                                                .queryExecutionContext(
                                                        c -> c.database("amc_insights")))
                        .queryExecutionId();
        return await(
                PATIENCE,
                () -> athena.getQueryExecution(r -> r.queryExecutionId(id)).queryExecution(),
                q ->
                        q.status().state() != QueryExecutionState.QUEUED
                                && q.status().state() != QueryExecutionState.RUNNING);
    }

    private static String text(Row row) {
        return row.data().stream()
                .map(Datum::varCharValue)
                .map(value -> value == null ? "NULL" : value)
                .collect(Collectors.joining("|"));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
