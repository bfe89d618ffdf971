package io.amcinsights.local;

import static io.amcinsights.local.Workspaces.await;
import static io.amcinsights.local.Workspaces.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;

import io.amcinsights.contract.AmcInstance;
import io.amcinsights.contract.AmcRegion;
import io.amcinsights.contract.Batch;
import io.amcinsights.contract.BucketPlan;
import io.amcinsights.contract.Credentials;
import io.amcinsights.contract.CredentialsDraft;
import io.amcinsights.contract.Dataset;
import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.LakeRequest;
import io.amcinsights.contract.Parameter;
import io.amcinsights.contract.RawDataset;
import io.amcinsights.contract.Request;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.Schedule;
import io.amcinsights.contract.Template;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TenantDraft;
import io.amcinsights.contract.TenantRequest;
import io.amcinsights.contract.TimeWindow;
import io.amcinsights.contract.Workflow;
import io.amcinsights.contract.WorkflowRequest;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.s3.S3Client;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The workspace as the process that it is: started, used over the wire, stopped and killed. */
class LocalWorkspaceTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir Path folder;

    private final List<Process> processes = new ArrayList<>();

    /** A running workspace, spoken to as the desktop does. */
    private record Running(Process process, LambdaClient lambda) {

        <R> R call(Request<R> request) {
            return Workspaces.call(lambda, request);
        }

        void kill() throws InterruptedException {
            process.destroyForcibly();
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }

        void stop() throws InterruptedException {
            process.destroy();
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @AfterEach
    void end() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void what_was_acknowledged_outlives_a_kill_and_what_was_begun_goes_on() throws Exception {
        Running first = start();
        Tenant tenant = onboard(first);
        Template template = template(first);
        Workflow workflow =
                first.call(new WorkflowRequest.PutWorkflow(workflow(tenant.tenantId(), template)));
        Schedule schedule = first.call(new WorkflowRequest.PutSchedule(everyMonday(workflow)));
        Run asked = first.call(run(tenant, workflow));
        first.kill();

        Running second = start();
        assertThat(second.call(new TenantRequest.ListTenants()).tenants()).containsExactly(tenant);
        assertThat(second.call(new WorkflowRequest.ListWorkflows(null)).workflows())
                .containsExactly(workflow);
        assertThat(second.call(new WorkflowRequest.ListSchedules(null)).schedules())
                .containsExactly(schedule);
        Run ended =
                await(
                        PATIENCE,
                        () -> second.call(new WorkflowRequest.GetRun(asked.runId())),
                        run -> run.status().ended());
        assertThat(ended.status()).as("%s", ended.problem()).isEqualTo(Run.Status.SUCCEEDED);
        Delivery loaded =
                await(
                        PATIENCE,
                        () -> delivery(second, asked.runId()),
                        d -> d != null && d.status().ended());
        assertThat(loaded.status()).isEqualTo(Delivery.Status.LOADED);
        second.stop();

        Running third = start();
        assertThat(third.call(new WorkflowRequest.GetRun(asked.runId()))).isEqualTo(ended);
        assertThat(delivery(third, asked.runId())).isEqualTo(loaded);
        List<Dataset> datasets = third.call(new LakeRequest.ListDatasets()).datasets();
        assertThat(datasets).hasSize(1);
        assertThat(datasets.getFirst().rows()).isEqualTo(loaded.rows());
        assertThat(loaded.rows()).isPositive();
    }

    @Test
    void what_is_dropped_for_a_registered_dataset_becomes_its_rows() throws Exception {
        Running workspace = start();
        Tenant tenant = onboard(workspace);
        RawDataset prices =
                workspace.call(new LakeRequest.PutRawDataset("prices", "What things cost"));
        URI place = URI.create(prices.folder(tenant.tenantId()) + "may.jsonl");
        try (S3Client s3 = s3(workspace)) {
            s3.putObject(
                    put -> put.bucket(place.getAuthority()).key(place.getPath().substring(1)),
                    RequestBody.fromString(
                            """
                            {"sku_id":"007","cost":1.5,"sizes":[{"cm":10}]}
                            {"sku_id":"008","cost":2}
                            """));
        }
        Delivery loaded =
                await(
                        PATIENCE,
                        () ->
                                workspace
                                        .call(new LakeRequest.ListDeliveries(null, 20, null))
                                        .deliveries()
                                        .stream()
                                        .findFirst()
                                        .orElse(null),
                        d -> d != null && d.status().ended());
        assertThat(loaded.status()).as("%s", loaded.problem()).isEqualTo(Delivery.Status.LOADED);
        assertThat(loaded.dataset()).isEqualTo("prices");
        assertThat(loaded.rows()).isEqualTo(2);
        List<Dataset> datasets =
                await(
                        PATIENCE,
                        () -> workspace.call(new LakeRequest.ListDatasets()).datasets(),
                        all -> !all.isEmpty());
        assertThat(datasets.getFirst().columns())
                .extracting(Dataset.Column::type)
                .startsWith("varchar", "decimal(38,4)", "array(row(\"cm\" bigint))");
    }

    private static S3Client s3(Running workspace) {
        var settings = workspace.lambda().serviceClientConfiguration();
        return S3Client.builder()
                .endpointOverride(settings.endpointOverride().orElseThrow())
                .region(settings.region())
                .credentialsProvider(settings.credentialsProvider())
                .forcePathStyle(true)
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    @Test
    void a_tenant_is_paused_and_resumed_and_leaves_as_it_was_told() throws Exception {
        Running workspace = start();
        Tenant tenant = onboard(workspace);
        String tenantId = tenant.tenantId();
        Template template = template(workspace);
        Workflow workflow =
                workspace.call(new WorkflowRequest.PutWorkflow(workflow(tenantId, template)));
        workspace.call(new WorkflowRequest.PutSchedule(everyMonday(workflow)));
        Run asked = workspace.call(run(tenant, workflow));
        Delivery loaded =
                await(
                        PATIENCE,
                        () -> delivery(workspace, asked.runId()),
                        d -> d != null && d.status().ended());
        await(
                PATIENCE,
                () -> workspace.call(new WorkflowRequest.GetRun(asked.runId())),
                run -> run.status().ended());
        assertThat(workspace.call(new TenantRequest.TestConnection(tenant.draft())).checks())
                .hasSize(4)
                .allSatisfy(check -> assertThat(check.problem()).isNull());

        workspace.call(new TenantRequest.PauseTenant(tenantId));
        WorkflowRequest.RunWorkflow another =
                new WorkflowRequest.RunWorkflow(
                        tenantId, workflow.workflowId(), asked.window(), Map.of(), "another");
        assertThatThrownBy(() -> workspace.call(another))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("is paused");
        workspace.call(new TenantRequest.ResumeTenant(tenantId));

        assertThat(workspace.call(new TenantRequest.PlanOffboarding(tenantId)).belongings())
                .extracting(TenantRequest.Belonging::kind, TenantRequest.Belonging::title)
                .containsExactly(
                        tuple(TenantRequest.Belonging.Kind.SCHEDULE, "Every Monday"),
                        tuple(TenantRequest.Belonging.Kind.WORKFLOW, workflow.title()),
                        tuple(TenantRequest.Belonging.Kind.DATASET, loaded.dataset()));
        workspace.call(new TenantRequest.OffboardTenant(tenantId, false, false, false));
        assertThat(workspace.call(new TenantRequest.ListTenants()).tenants()).isEmpty();
        assertThat(workspace.call(new WorkflowRequest.ListWorkflows(null)).workflows()).isEmpty();
        assertThat(workspace.call(new WorkflowRequest.ListSchedules(null)).schedules()).isEmpty();
        assertThat(workspace.call(new LakeRequest.ListDatasets()).datasets())
                .singleElement()
                .satisfies(d -> assertThat(d.rows()).isEqualTo(loaded.rows()));

        onboard(workspace);
        assertThat(delivery(workspace, asked.runId())).isEqualTo(loaded);
        workspace.call(new TenantRequest.OffboardTenant(tenantId, false, true, true));
        assertThat(workspace.call(new LakeRequest.ListDatasets()).datasets()).isEmpty();
    }

    @Test
    void a_bucket_is_made_for_an_instance_that_has_none_and_its_results_are_loaded()
            throws Exception {
        Running workspace = start();
        AmcInstance had = instance(workspace);
        takeBucket(had.instanceId());
        TenantDraft draft = draft(had, "amc-made-here", had.awsAccountId());
        assertThat(workspace.call(new TenantRequest.TestConnection(draft)).checks())
                .last()
                .satisfies(check -> assertThat(check.problem()).isNotNull());

        BucketPlan plan = workspace.call(new TenantRequest.PlanBucket(draft));
        assertThat(plan.changes())
                .extracting(BucketPlan.Change::subject)
                .containsExactly(
                        BucketPlan.Subject.BUCKET,
                        BucketPlan.Subject.POLICY,
                        BucketPlan.Subject.EVENTS,
                        BucketPlan.Subject.DELIVERY);
        assertThat(workspace.call(new TenantRequest.PrepareBucket(draft, plan.planId())).changes())
                .isEmpty();

        AmcInstance has = instance(workspace);
        assertThat(has.bucketName()).isEqualTo("amc-made-here");
        Tenant tenant = onboard(workspace);
        Workflow workflow =
                workspace.call(
                        new WorkflowRequest.PutWorkflow(
                                workflow(tenant.tenantId(), template(workspace))));
        Run asked = workspace.call(run(tenant, workflow));
        Delivery loaded =
                await(
                        PATIENCE,
                        () -> delivery(workspace, asked.runId()),
                        d -> d != null && d.status().ended());
        assertThat(loaded.status()).isEqualTo(Delivery.Status.LOADED);
        assertThat(loaded.bucket()).isEqualTo("amc-made-here");
    }

    @Test
    void a_bucket_elsewhere_is_its_owners_to_open() throws Exception {
        Running workspace = start();
        AmcInstance instance = instance(workspace);

        BucketPlan plan =
                workspace.call(
                        new TenantRequest.PlanBucket(
                                draft(instance, instance.bucketName(), "777788889999")));

        assertThat(plan.door()).isNotNull();
        assertThat(plan.changes()).isEmpty();
    }

    private void takeBucket(String instanceId) throws Exception {
        JsonNode amc = Json.mapper().readTree(folder.resolve("data/amc.json").toFile());
        HttpResponse<String> done =
                HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(
                                                URI.create(
                                                        "%s/instances/%s"
                                                                .formatted(
                                                                        amc.path("controlUrl")
                                                                                .asText(),
                                                                        instanceId)))
                                        .header("X-Sim-Key", amc.path("controlKey").asText())
                                        .method(
                                                "PATCH",
                                                BodyPublishers.ofString("{\"hasBucket\":false}"))
                                        .build(),
                                BodyHandlers.ofString());
        assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
    }

    @Test
    void an_amazon_user_signs_in_and_the_instances_are_reached() throws Exception {
        Running workspace = start();
        JsonNode amc = Json.mapper().readTree(folder.resolve("data/amc.json").toFile());
        TenantRequest.ConsentPage page =
                workspace.call(
                        new TenantRequest.BeginAuthorization(
                                new CredentialsDraft(
                                        "agency",
                                        "Agency",
                                        AmcRegion.NA,
                                        amc.path("clientId").asText(),
                                        amc.path("clientSecret").asText(),
                                        "http://localhost:8719/callback")));
        URI address = URI.create(page.address());
        HttpResponse<String> decided =
                HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(address.resolve(address.getPath()))
                                        .header("Content-Type", "application/x-www-form-urlencoded")
                                        .POST(
                                                BodyPublishers.ofString(
                                                        address.getRawQuery() + "&decision=allow"))
                                        .build(),
                                BodyHandlers.ofString());
        String back = decided.headers().firstValue("Location").orElseThrow();
        assertThat(back).startsWith("http://localhost:8719/callback?").contains(page.state());
        String code = back.replaceFirst(".*[?&]code=([^&]*).*", "$1");
        Credentials credentials =
                workspace.call(
                        new TenantRequest.CompleteAuthorization("agency", page.state(), code));
        assertThat(credentials.label()).isEqualTo("Agency");
        assertThat(workspace.call(new TenantRequest.DiscoverInstances("agency")).instances())
                .hasSize(
                        workspace
                                .call(new TenantRequest.DiscoverInstances("default"))
                                .instances()
                                .size());
    }

    @Test
    void a_query_is_tried_and_a_period_is_backfilled() throws Exception {
        Running workspace = start();
        Tenant tenant = onboard(workspace);
        TimeWindow week = TimeWindow.explicit("TODAY(-14)", "TODAY(-7)", "UTC");
        Run.AdHoc query =
                new Run.AdHoc(
                        "SELECT advertiser, COUNT(DISTINCT user_id) AS users FROM dsp_impressions"
                                + " GROUP BY 1",
                        List.of(),
                        false);
        Run tried = ended(workspace, workspace.call(query(tenant, query, week, "try")));
        assertThat(tried.status()).as("%s", tried.problem()).isEqualTo(Run.Status.SUCCEEDED);
        WorkflowRequest.Result rows = workspace.call(new WorkflowRequest.ReadResult(tried.runId()));
        assertThat(rows.columns()).contains("advertiser", "users");
        assertThat(rows.rows()).isNotEmpty();
        assertThat(workspace.call(new WorkflowRequest.ListWorkflows(null)).workflows()).isEmpty();

        Run.AdHoc wrong = new Run.AdHoc("SELECT nothing FROM no_such_table", List.of(), true);
        Run refused = ended(workspace, workspace.call(query(tenant, wrong, week, "dry")));
        assertThat(refused.status()).isEqualTo(Run.Status.FAILED);
        Run.AdHoc right = new Run.AdHoc(query.sql(), List.of(), true);
        Run dry = ended(workspace, workspace.call(query(tenant, right, week, "dry-2")));
        assertThat(dry.status()).isEqualTo(Run.Status.SUCCEEDED);
        assertThatThrownBy(() -> workspace.call(new WorkflowRequest.ReadResult(dry.runId())))
                .isInstanceOfSatisfying(
                        FailureException.class,
                        e -> assertThat(e.failure().code()).isEqualTo(ErrorCode.NOT_FOUND));

        workspace.call(
                new WorkflowRequest.PutWorkflow(
                        new Workflow(
                                tenant.tenantId(),
                                "users",
                                "Users",
                                "",
                                query.sql(),
                                List.of(),
                                null,
                                Instant.EPOCH,
                                0)));
        LocalDate last = LocalDate.now(ZoneOffset.UTC).minusDays(8);
        Batch batch =
                workspace.call(
                        new WorkflowRequest.RunBatch(
                                List.of(tenant.tenantId()),
                                "users",
                                Batch.windows(last.minusDays(7), last, Batch.Step.DAY, "UTC"),
                                Map.of(),
                                "backfill"));
        assertThat(batch.parts()).hasSize(8);
        Batch done =
                await(
                        PATIENCE,
                        () -> workspace.call(new WorkflowRequest.GetBatch(batch.batchId())),
                        Batch::hasEnded);
        assertThat(done.count(Run.Status.SUCCEEDED)).isEqualTo(8);
    }

    private static Run ended(Running workspace, Run run) throws Exception {
        return await(
                PATIENCE,
                () -> workspace.call(new WorkflowRequest.GetRun(run.runId())),
                r -> r.status().ended());
    }

    private static WorkflowRequest.RunQuery query(
            Tenant tenant, Run.AdHoc query, TimeWindow window, String key) {
        return new WorkflowRequest.RunQuery(tenant.tenantId(), query, window, Map.of(), key);
    }

    @Test
    void bad_input_is_refused_at_its_field_and_nothing_is_made() throws Exception {
        Running workspace = start();
        AmcInstance instance = instance(workspace);
        assertRefused(
                () ->
                        workspace.call(
                                new TenantRequest.OnboardTenant(
                                        draft(instance, "Not_A_Bucket", "000000000000"))),
                "bucketName");
        assertRefused(
                () ->
                        workspace.call(
                                new TenantRequest.OnboardTenant(
                                        draft(instance, instance.bucketName(), "12"))),
                "awsAccountId");
        assertThat(workspace.call(new TenantRequest.ListTenants()).tenants()).isEmpty();

        Tenant tenant = onboard(workspace);
        Workflow wrong =
                new Workflow(
                        tenant.tenantId(),
                        "wrong",
                        "Wrong",
                        "",
                        "SELECT nothing FROM no_such_table",
                        List.of(),
                        null,
                        Instant.EPOCH,
                        0);
        assertRefused(() -> workspace.call(new WorkflowRequest.PutWorkflow(wrong)), "sql");
        assertThat(workspace.call(new WorkflowRequest.ListWorkflows(null)).workflows()).isEmpty();

        Workflow needy =
                workspace.call(
                        new WorkflowRequest.PutWorkflow(
                                new Workflow(
                                        tenant.tenantId(),
                                        "needy",
                                        "Needs a campaign",
                                        "",
                                        "SELECT campaign, COUNT(DISTINCT user_id) AS users"
                                                + " FROM dsp_impressions WHERE campaign ="
                                                + " CUSTOM_PARAMETER('campaign') GROUP BY campaign",
                                        List.of(
                                                new Parameter(
                                                        "campaign",
                                                        Parameter.Type.STRING,
                                                        false,
                                                        "Name",
                                                        null)),
                                        null,
                                        Instant.EPOCH,
                                        0)));
        assertRefused(() -> workspace.call(run(tenant, needy)), "parameters.campaign");
        assertThat(workspace.call(new WorkflowRequest.ListRuns(null, 10, null)).runs()).isEmpty();

        assertRefused(
                () ->
                        workspace.call(
                                new WorkflowRequest.PutSchedule(
                                        new Schedule(
                                                "",
                                                tenant.tenantId(),
                                                needy.workflowId(),
                                                "Never",
                                                "cron(0 6 31 2 ? *)",
                                                "UTC",
                                                null,
                                                null,
                                                TimeWindow.of(
                                                        TimeWindow.Type.MOST_RECENT_DAY, "UTC"),
                                                Map.<String, JsonNode>of(
                                                        "campaign", TextNode.valueOf("x")),
                                                true,
                                                null,
                                                null,
                                                Instant.EPOCH,
                                                0))),
                "expression");
        assertThat(workspace.call(new WorkflowRequest.ListSchedules(null)).schedules()).isEmpty();
    }

    @Test
    void its_files_are_its_owners_and_a_second_workspace_keeps_away() throws Exception {
        start();
        Process second = launch();
        assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(1);
        assertThat(new String(second.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("Another local workspace uses " + folder.resolve("data"));

        JsonNode amc = Json.mapper().readTree(folder.resolve("data/amc.json").toFile());
        assertThat(amc.path("accounts")).hasSizeGreaterThan(1);
        assertThat(amc.path("refreshToken").asText()).isNotEmpty();
        FileStore files = Files.getFileStore(folder);
        assumeTrue(files.supportsFileAttributeView("posix"), "skipped: no POSIX permissions here");
        try (var all = Files.list(folder.resolve("data"))) {
            assertThat(all.toList())
                    .isNotEmpty()
                    .allSatisfy(
                            file ->
                                    assertThat(
                                                    PosixFilePermissions.toString(
                                                            Files.getPosixFilePermissions(file)))
                                            .as("%s", file)
                                            .endsWith("------"));
        }
    }

    private static Template template(Running workspace) {
        return workspace.call(new WorkflowRequest.ListTemplates()).templates().stream()
                .filter(t -> t.templateId().equals("reach-and-frequency"))
                .findFirst()
                .orElseThrow();
    }

    private static Schedule everyMonday(Workflow workflow) {
        return new Schedule(
                "",
                workflow.tenantId(),
                workflow.workflowId(),
                "Every Monday",
                "cron(0 6 ? * MON *)",
                "Europe/Berlin",
                null,
                null,
                TimeWindow.of(TimeWindow.Type.MOST_RECENT_WEEK, "UTC"),
                Map.of(),
                true,
                null,
                null,
                Instant.EPOCH,
                0);
    }

    private static WorkflowRequest.RunWorkflow run(Tenant tenant, Workflow workflow) {
        return new WorkflowRequest.RunWorkflow(
                tenant.tenantId(),
                workflow.workflowId(),
                TimeWindow.explicit("TODAY(-30)", "TODAY(-2)", "UTC"),
                Map.of(),
                "key-" + workflow.workflowId());
    }

    private static Workflow workflow(String tenantId, Template template) {
        return new Workflow(
                tenantId,
                template.templateId(),
                template.title(),
                template.question(),
                template.sql(),
                template.parameters(),
                template.templateId(),
                Instant.EPOCH,
                0);
    }

    private static AmcInstance instance(Running workspace) {
        return workspace.call(new TenantRequest.DiscoverInstances("default")).instances().stream()
                .filter(i -> i.ready() && !i.sandbox())
                .findFirst()
                .orElseThrow();
    }

    private static TenantDraft draft(AmcInstance instance, String bucket, String awsAccount) {
        return new TenantDraft(
                instance.advertiser(),
                instance.instanceId(),
                instance.accountId(),
                instance.marketplaceId(),
                instance.region(),
                bucket,
                instance.bucketRegion(),
                awsAccount,
                "default");
    }

    private static Tenant onboard(Running workspace) throws Exception {
        AmcInstance instance = instance(workspace);
        Tenant asked =
                workspace.call(
                        new TenantRequest.OnboardTenant(
                                draft(instance, instance.bucketName(), instance.awsAccountId())));
        Tenant made =
                await(
                        PATIENCE,
                        () -> workspace.call(new TenantRequest.GetTenant(asked.tenantId())),
                        t -> t.status() != Tenant.Status.PROVISIONING);
        assertThat(made.status()).as("%s", made.problem()).isEqualTo(Tenant.Status.ACTIVE);
        return made;
    }

    private static @Nullable Delivery delivery(Running workspace, String runId) {
        return workspace.call(new LakeRequest.ListDeliveries(null, 20, null)).deliveries().stream()
                .filter(d -> runId.equals(d.runId()))
                .findFirst()
                .orElse(null);
    }

    private static void assertRefused(ThrowingCallable call, String field) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FailureException.class,
                        e -> {
                            assertThat(e.failure().field()).isEqualTo(field);
                            assertThat(e.failure().code())
                                    .isIn(ErrorCode.INVALID_REQUEST, ErrorCode.AMC_REFUSED);
                        });
    }

    private Running start() throws IOException {
        Process process = launch();
        BufferedReader output = process.inputReader();
        String line = output.readLine();
        if (line == null || !line.startsWith("ready ")) {
            throw new AssertionError(
                    "It does not serve: "
                            + line
                            + "\n"
                            + new String(
                                    process.getErrorStream().readAllBytes(),
                                    StandardCharsets.UTF_8));
        }
        Thread.startVirtualThread(() -> process.errorReader().lines().forEach(System.out::println));
        LambdaClient lambda =
                LambdaClient.builder()
                        .endpointOverride(URI.create(line.substring("ready ".length())))
                        .region(Region.US_EAST_1)
                        .credentialsProvider(credentials(folder.resolve("data"), "local"))
                        .httpClient(UrlConnectionHttpClient.create())
                        .build();
        return new Running(process, lambda);
    }

    private Process launch() throws IOException {
        Process process = Workspaces.process(folder.resolve("data")).start();
        processes.add(process);
        return process;
    }
}
