package io.amcinsights.local;

import static io.amcinsights.local.Workspaces.await;
import static io.amcinsights.local.Workspaces.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amcinsights.contract.Access;
import io.amcinsights.contract.AmcInstance;
import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Grant;
import io.amcinsights.contract.LakeRequest;
import io.amcinsights.contract.Request;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TenantDraft;
import io.amcinsights.contract.TenantRequest;
import io.amcinsights.contract.TimeWindow;
import io.amcinsights.contract.Workflow;
import io.amcinsights.contract.WorkflowRequest;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.athena.AthenaClient;
import software.amazon.awssdk.services.athena.model.AthenaException;
import software.amazon.awssdk.services.athena.model.QueryExecutionState;
import software.amazon.awssdk.services.athena.model.QueryExecutionStatus;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.GlueException;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.LambdaException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Who reads what of the lake: granted in the application, enforced by Athena, Glue and S3. */
class ReadersOfTheLakeTest {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String LAKE = "amc-insights-lake-000000000000";
    private static final String RESULTS = "amc-insights-results-000000000000";

    @TempDir Path folder;

    private final List<LocalWorkspace> running = new ArrayList<>();

    /** Somebody at the workspace. */
    private record Person(AthenaClient athena, GlueClient glue, S3Client s3, LambdaClient lambda) {

        <R> R call(Request<R> request) {
            return Workspaces.call(lambda, request);
        }

        String start(String sql) {
            return athena.startQueryExecution(
                            q ->
                                    q.queryString(sql)
                                            .workGroup("amc-insights-analysts")
                                            .queryExecutionContext(c -> c.database("amc_insights")))
                    .queryExecutionId();
        }

        QueryExecutionStatus end(String id) throws Exception {
            return await(
                    PATIENCE,
                    () ->
                            athena.getQueryExecution(q -> q.queryExecutionId(id))
                                    .queryExecution()
                                    .status(),
                    s ->
                            s.state() != QueryExecutionState.QUEUED
                                    && s.state() != QueryExecutionState.RUNNING);
        }

        /** The first column's values. */
        List<String> ask(String sql) throws Exception {
            String id = start(sql);
            QueryExecutionStatus status = end(id);
            assertThat(status.state())
                    .as("%s: %s", sql, status.stateChangeReason())
                    .isEqualTo(QueryExecutionState.SUCCEEDED);
            List<String> rows =
                    athena.getQueryResults(q -> q.queryExecutionId(id)).resultSet().rows().stream()
                            .map(
                                    r ->
                                            r.data().isEmpty()
                                                    ? ""
                                                    : String.valueOf(
                                                            r.data().getFirst().varCharValue()))
                            .toList();
            return rows.isEmpty() ? rows : rows.subList(1, rows.size());
        }

        /** Why a query is refused. */
        String refusal(String sql) throws Exception {
            QueryExecutionStatus status = end(start(sql));
            assertThat(status.state()).as(sql).isEqualTo(QueryExecutionState.FAILED);
            return status.stateChangeReason();
        }
    }

    @AfterEach
    void stop() {
        running.forEach(LocalWorkspace::close);
    }

    @Test
    void whoHasAGrantReadsTheRowsOfItsTenantsAndNoOthersHoweverItAsks() throws Exception {
        start("hybrid");
        Person administrator = person("local");
        Person analyst = person("local-analyst");
        List<Tenant> tenants = loaded(administrator);
        String one = tenants.get(0).tenantId();
        String two = tenants.get(1).tenantId();
        String table = table(administrator);
        String tenantsOf = "SELECT DISTINCT tenant FROM %s ORDER BY 1";
        assertThat(analyst.ask(tenantsOf.formatted(table))).containsExactlyInAnyOrder(one, two);
        assertThat(administrator.call(new LakeRequest.ListGrants()))
                .isEqualTo(new Access(Access.Mode.HYBRID, List.of(), List.of()));
        String countOfOne =
                administrator
                        .ask("SELECT count(*) FROM %s WHERE tenant = '%s'".formatted(table, one))
                        .getFirst();
        // a view that somebody with more rights has made must not lend them
        administrator.ask("CREATE OR REPLACE VIEW lent AS SELECT * FROM %s".formatted(table));

        Grant grant = grant(administrator, false, List.of(one), 0);

        assertThat(grant.inForce()).as("%s", grant.problem()).isTrue();
        assertThat(analyst.ask(tenantsOf.formatted(table))).containsExactly(one);
        assertThat(analyst.ask("SELECT count(*) FROM " + table)).containsExactly(countOfOne);
        assertThat(analyst.ask(tenantsOf.formatted(table + "_latest"))).containsExactly(one);
        assertThat(analyst.ask(tenantsOf.formatted("\"" + table + "$partitions\"")))
                .containsExactly(one);
        administrator.call(new LakeRequest.ReconcileDeliveries());
        assertThat(analyst.ask(tenantsOf.formatted("lent"))).containsExactly(one);
        assertThat(analyst.ask("EXECUTE IMMEDIATE '%s'".formatted(tenantsOf.formatted(table))))
                .containsExactly(one);
        analyst.end(analyst.start("PREPARE mine FROM " + tenantsOf.formatted(table)));
        assertThat(analyst.ask("EXECUTE mine")).containsExactly(one);
        assertThat(
                        analyst.refusal(
                                "CREATE TABLE copied WITH (format = 'PARQUET') AS SELECT * FROM "
                                        + table))
                .contains("Lake Formation");
        analyst.end(analyst.start("CREATE DATABASE mine"));
        analyst.ask("CREATE TABLE mine.copied WITH (format = 'PARQUET') AS SELECT * FROM " + table);
        assertThat(administrator.ask(tenantsOf.formatted("mine.copied"))).containsExactly(one);
        assertThat(
                        analyst.refusal(
                                "CREATE EXTERNAL TABLE mine.over (x string) STORED AS PARQUET"
                                        + " LOCATION 's3://%s/post-stage/%s/'"
                                                .formatted(LAKE, table)))
                .contains("Lake Formation");
        assertThat(
                        analyst.refusal(
                                ("CREATE TABLE mine.over WITH (format = 'PARQUET',"
                                                + " external_location ="
                                                + " 's3://%s/post-stage/%s/x') AS SELECT 1 AS x")
                                        .formatted(LAKE, table)))
                .contains("Lake Formation");
        assertThat(analyst.refusal("SELECT query FROM system.runtime.queries"))
                .contains("Access Denied");
        assertThatThrownBy(
                        () ->
                                analyst.start(
                                        "EXECUTE IMMEDIATE 'SHOW STATS FOR %s'".formatted(table)))
                .isInstanceOf(AthenaException.class);
        assertThat(
                        analyst.ask(
                                "SELECT table_name FROM information_schema.tables WHERE"
                                        + " table_schema = 'amc_insights' AND table_name = '%s'"
                                                .formatted(table)))
                .containsExactly(table);

        String file =
                administrator
                        .ask(
                                "SELECT \"$path\" FROM %s WHERE tenant = '%s' LIMIT 1"
                                        .formatted(table, two))
                        .getFirst();
        String key = file.substring(("s3://" + LAKE + "/").length());
        assertThat(administrator.s3().headObject(o -> o.bucket(LAKE).key(key)).contentLength())
                .isPositive();
        assertForbidden(() -> analyst.s3().getObjectAsBytes(o -> o.bucket(LAKE).key(key)));
        assertForbidden(() -> analyst.s3().listObjectsV2(o -> o.bucket(LAKE)));
        assertForbidden(
                () ->
                        analyst.s3()
                                .copyObject(
                                        o ->
                                                o.sourceBucket(LAKE)
                                                        .sourceKey(key)
                                                        .destinationBucket(RESULTS)
                                                        .destinationKey("queries/mine")));
        assertThatThrownBy(
                        () ->
                                analyst.glue()
                                        .getPartitions(
                                                p ->
                                                        p.databaseName("amc_insights")
                                                                .tableName(table)))
                .isInstanceOf(GlueException.class)
                .hasMessageContaining("all rows");
        assertThatThrownBy(
                        () ->
                                analyst.call(
                                        new LakeRequest.PutGrant(
                                                LocalWorkspace.ANALYST,
                                                true,
                                                List.of(),
                                                grant.version())))
                .isInstanceOf(LambdaException.class)
                .hasMessageContaining("not authorized");
        String asked = administrator.start(tenantsOf.formatted(table));
        administrator.end(asked);
        assertThat(administrator.ask(tenantsOf.formatted(table)))
                .containsExactlyInAnyOrder(one, two);

        Grant changed = grant(administrator, false, List.of(two), grant.version());
        assertThat(analyst.ask(tenantsOf.formatted(table))).containsExactly(two);
        Grant all = grant(administrator, true, List.of(), changed.version());
        assertThat(all.inForce()).isTrue();
        assertThat(analyst.ask(tenantsOf.formatted(table + "_latest")))
                .containsExactlyInAnyOrder(one, two);
        assertForbidden(() -> analyst.s3().headObject(o -> o.bucket(LAKE).key(key)));
        Grant last = grant(administrator, false, List.of(one), all.version());
        assertThat(analyst.ask(tenantsOf.formatted(table))).containsExactly(one);
        assertThatThrownBy(() -> grant(administrator, true, List.of(), all.version()))
                .isInstanceOfSatisfying(
                        FailureException.class,
                        e -> assertThat(e.failure().code()).isEqualTo(ErrorCode.CONFLICT));
        assertThat(last.tenants()).containsExactly(one);

        assertThat(administrator.call(new TenantRequest.PlanOffboarding(one)).belongings())
                .contains(
                        new TenantRequest.Belonging(
                                TenantRequest.Belonging.Kind.GRANT,
                                LocalWorkspace.ANALYST,
                                "Analyst",
                                0,
                                0));
        administrator.call(new TenantRequest.OffboardTenant(one, true, false, false));
        administrator.call(new LakeRequest.ReconcileDeliveries());
        assertThat(administrator.call(new LakeRequest.ListGrants()).grants()).isEmpty();
        // in hybrid mode IAM decides again
        assertThat(analyst.ask(tenantsOf.formatted(table))).containsExactlyInAnyOrder(one, two);
    }

    @Test
    void inModeOnNobodyReadsWithoutAGrant() throws Exception {
        start("on");
        Person administrator = person("local");
        Person analyst = person("local-analyst");
        List<Tenant> tenants = loaded(administrator);
        assertThat(administrator.glue().getDatabases(d -> {}).databaseList())
                .extracting(d -> d.name())
                .doesNotContain("amc_insights");
        grant(administrator, false, List.of(tenants.get(0).tenantId()), 0);
        String table =
                administrator.call(new LakeRequest.ListDatasets()).datasets().getFirst().name();
        String sql = "SELECT DISTINCT tenant FROM " + table;

        assertThat(analyst.ask(sql)).containsExactly(tenants.get(0).tenantId());
        assertThat(administrator.refusal(sql)).contains("Lake Formation");
        assertThatThrownBy(
                        () ->
                                administrator
                                        .glue()
                                        .getTable(t -> t.databaseName("amc_insights").name(table)))
                .isInstanceOf(GlueException.class);

        administrator.call(new LakeRequest.RemoveGrant(LocalWorkspace.ANALYST));
        assertThat(analyst.refusal(sql)).contains("Lake Formation");
    }

    @Test
    void whereItIsOffNothingIsGrantedAndThePrincipalMustExist() throws Exception {
        start("off");
        Person administrator = person("local");
        assertThat(administrator.call(new LakeRequest.ListGrants()))
                .isEqualTo(new Access(Access.Mode.OFF, List.of(), List.of()));
        assertThatThrownBy(() -> grant(administrator, true, List.of(), 0))
                .isInstanceOfSatisfying(
                        FailureException.class,
                        e -> {
                            assertThat(e.failure().code()).isEqualTo(ErrorCode.NOT_ALLOWED);
                            assertThat(e.failure().nextStep()).contains("LakeFormation=hybrid");
                        });
        running.removeFirst().close();

        start("hybrid");
        Person again = person("local");
        assertThatThrownBy(
                        () ->
                                again.call(
                                        new LakeRequest.PutGrant(
                                                "arn:aws:iam::000000000000:role/Nobody",
                                                true,
                                                List.of(),
                                                0)))
                .isInstanceOfSatisfying(
                        FailureException.class,
                        e -> assertThat(e.failure().field()).isEqualTo("principal"));
        assertThat(again.call(new LakeRequest.ListGrants()).grants()).isEmpty();
    }

    private static void assertForbidden(Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(403));
    }

    private static Grant grant(
            Person administrator, boolean all, List<String> tenants, long version) {
        return administrator
                .call(new LakeRequest.PutGrant(LocalWorkspace.ANALYST, all, tenants, version))
                .grants()
                .getFirst();
    }

    private static String table(Person administrator) {
        return administrator.call(new LakeRequest.ListDatasets()).datasets().getFirst().name();
    }

    /** Two tenants, each with rows in one dataset. */
    private static List<Tenant> loaded(Person administrator) throws Exception {
        List<Tenant> tenants = new ArrayList<>();
        for (AmcInstance instance :
                administrator
                        .call(new TenantRequest.DiscoverInstances("default"))
                        .instances()
                        .stream()
                        .filter(i -> i.ready() && !i.sandbox())
                        .limit(2)
                        .toList()) {
            Tenant asked =
                    administrator.call(
                            new TenantRequest.OnboardTenant(
                                    new TenantDraft(
                                            instance.advertiser(),
                                            instance.instanceId(),
                                            instance.accountId(),
                                            instance.marketplaceId(),
                                            instance.region(),
                                            instance.bucketName(),
                                            instance.bucketRegion(),
                                            instance.awsAccountId(),
                                            "default")));
            Tenant tenant =
                    await(
                            PATIENCE,
                            () -> administrator.call(new TenantRequest.GetTenant(asked.tenantId())),
                            t -> t.status() != Tenant.Status.PROVISIONING);
            assertThat(tenant.status()).as("%s", tenant.problem()).isEqualTo(Tenant.Status.ACTIVE);
            tenants.add(tenant);
            var template =
                    administrator.call(new WorkflowRequest.ListTemplates()).templates().stream()
                            .filter(t -> t.templateId().equals("reach-and-frequency"))
                            .findFirst()
                            .orElseThrow();
            Workflow workflow =
                    administrator.call(
                            new WorkflowRequest.PutWorkflow(
                                    new Workflow(
                                            tenant.tenantId(),
                                            template.templateId(),
                                            template.title(),
                                            template.question(),
                                            template.sql(),
                                            template.parameters(),
                                            template.templateId(),
                                            Instant.EPOCH,
                                            0)));
            String runId =
                    administrator
                            .call(
                                    new WorkflowRequest.RunWorkflow(
                                            tenant.tenantId(),
                                            workflow.workflowId(),
                                            TimeWindow.explicit("TODAY(-30)", "TODAY(-2)", "UTC"),
                                            Map.of(),
                                            "key-" + tenant.tenantId()))
                            .runId();
            Delivery delivery =
                    await(
                                    PATIENCE,
                                    () ->
                                            administrator
                                                    .call(
                                                            new LakeRequest.ListDeliveries(
                                                                    null, 20, null))
                                                    .deliveries()
                                                    .stream()
                                                    .filter(d -> runId.equals(d.runId()))
                                                    .toList(),
                                    d -> !d.isEmpty() && d.getFirst().status().ended())
                            .getFirst();
            assertThat(delivery.status()).isEqualTo(Delivery.Status.LOADED);
            assertThat(delivery.rows()).isPositive();
        }
        return tenants;
    }

    private void start(String lakeFormation) throws Exception {
        running.add(
                LocalWorkspace.start(
                        Options.parse(
                                "--port",
                                "0",
                                "--data",
                                folder.resolve("data").toString(),
                                "--lake-formation",
                                lakeFormation)));
    }

    private Person person(String profile) {
        return new Person(
                client(AthenaClient.builder(), profile),
                client(GlueClient.builder(), profile),
                client(S3Client.builder().forcePathStyle(true), profile),
                client(LambdaClient.builder(), profile));
    }

    private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(
            B builder, String profile) {
        return builder.endpointOverride(running.getFirst().uri())
                .region(Region.US_EAST_1)
                .credentialsProvider(credentials(folder.resolve("data"), profile))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }
}
