package io.amcinsights.desktop.tenants;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.contract.AmcRegion;
import io.amcinsights.contract.BucketPlan;
import io.amcinsights.contract.BucketPlan.Change;
import io.amcinsights.contract.BucketPlan.Subject;
import io.amcinsights.contract.Credentials;
import io.amcinsights.contract.CredentialsDraft;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.NoticeSettings;
import io.amcinsights.contract.NoticeSettings.Choice;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TenantDraft;
import io.amcinsights.contract.TenantRequest;
import io.amcinsights.contract.TenantRequest.Belonging;
import io.amcinsights.contract.TenantRequest.Connection;
import io.amcinsights.contract.TenantRequest.ImportedRow;
import io.amcinsights.contract.Workflow;
import io.amcinsights.contract.WorkflowRequest;
import io.amcinsights.contract.WorkflowRequest.GetNoticeSettings;
import io.amcinsights.contract.WorkflowRequest.ListWorkflows;
import io.amcinsights.contract.WorkflowRequest.PutNoticeSettings;
import io.amcinsights.desktop.Samples;
import io.amcinsights.desktop.aws.FakeBackend;
import io.amcinsights.desktop.aws.FakeExecutions;
import io.amcinsights.desktop.common.Clicks;
import io.amcinsights.desktop.common.FakeDialogs;
import io.amcinsights.desktop.common.FileSaver;
import io.amcinsights.desktop.common.Screen;
import io.amcinsights.desktop.common.ScreenFixture;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.Toasts;
import io.amcinsights.desktop.common.Visited;
import io.amcinsights.desktop.places.OpenLibrary;

import javafx.scene.control.ComboBox;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

@ExtendWith(ApplicationExtension.class)
class TenantsScreenTest {

    private static final Tenant KESTREL =
            Samples.tenant("amckestrel1", "Kestrel Outdoor", Tenant.Status.ACTIVE);
    private static final Tenant FAILED =
            Samples.tenant(
                    "amcbrook2",
                    "Brook & Fern",
                    Tenant.Status.FAILED,
                    Failure.of(
                                    ErrorCode.BUCKET_ACCESS,
                                    "The bucket amc-brook2-1f9a03bc cannot be read: access denied.")
                            .next("Let the bucket’s owner allow this installation to list it."));

    private static final String CLIENT =
            "amzn1.application-oa2-client.5f0c1e7b2a904d3e8b6a9c1d2e3f4a5b";

    @TempDir static Path folder;

    private final FakeBackend backend = new FakeBackend();
    private final FakeExecutions executions = new FakeExecutions();
    private volatile Tenant kestrel = KESTREL;
    private volatile Tenant onboarded =
            Samples.tenant("amcharbor3", "Harbor Lane", Tenant.Status.PROVISIONING);
    private final AtomicReference<@Nullable URI> browser = new AtomicReference<>();
    private final List<Credentials> credentials =
            new CopyOnWriteArrayList<>(
                    List.of(
                            new Credentials(
                                    "default",
                                    "default",
                                    AmcRegion.NA,
                                    CLIENT,
                                    null,
                                    Failure.of(
                                                    ErrorCode.AMC_CREDENTIALS,
                                                    "Login with Amazon does not accept the refresh"
                                                            + " token.")
                                            .next("Sign in again."),
                                    List.of("Kestrel Outdoor"))));
    private final FakeDialogs dialogs = new FakeDialogs();
    private final Visited visited = new Visited();
    private volatile BucketPlan bucketPlan = new BucketPlan("1", List.of(), List.of(), null);
    private ScreenFixture fixture;

    @Start
    void start(Stage stage) {
        backend.on(
                        TenantRequest.ListTenants.class,
                        request -> new TenantRequest.Tenants(List.of(kestrel, FAILED)))
                .on(
                        TenantRequest.GetTenant.class,
                        request ->
                                List.of(kestrel, FAILED, onboarded).stream()
                                        .filter(t -> t.tenantId().equals(request.tenantId()))
                                        .findFirst()
                                        .orElseThrow())
                .on(
                        TenantRequest.DiscoverInstances.class,
                        request ->
                                new TenantRequest.Instances(
                                        List.of(
                                                Samples.instance(
                                                        "amckestrel1",
                                                        "Kestrel Outdoor",
                                                        "amckestrel1"),
                                                Samples.instance("amcharbor3", "Harbor Lane", null),
                                                Samples.instance(
                                                        "amcsandbox4", "Northbank", null))))
                .on(TenantRequest.PlanBucket.class, request -> bucketPlan)
                .on(TenantRequest.OnboardTenant.class, request -> onboarded)
                .on(
                        TenantRequest.ListCredentials.class,
                        request -> new TenantRequest.AllCredentials(List.copyOf(credentials)));
        executions
                .happened(
                        execution(FAILED),
                        "ExecutionStarted",
                        "TaskStateEntered Validate",
                        "TaskStateExited Validate",
                        "TaskStateEntered ProbeAmc",
                        "TaskStateExited ProbeAmc",
                        "TaskStateEntered BucketAccess",
                        "TaskStateExited BucketAccess",
                        "TaskStateEntered RecordFailure",
                        "TaskStateExited RecordFailure",
                        "FailStateEntered Failed",
                        "ExecutionFailed")
                .happened(
                        execution(onboarded),
                        "ExecutionStarted",
                        "TaskStateEntered Validate",
                        "TaskStateExited Validate",
                        "TaskStateEntered ProbeAmc");
        Tasks tasks = Tasks.onVirtualThreads();
        FileSaver saver = (name, kind) -> Optional.of(folder.resolve(name));
        OnboardingViewModel onboarding =
                new OnboardingViewModel(
                        backend,
                        tasks,
                        new BucketViewModel(backend, tasks, new Toasts(), saver),
                        new ProvisioningViewModel(backend, executions, tasks),
                        Samples.installation());
        fixture =
                new ScreenFixture(
                        stage,
                        folder,
                        tasks,
                        Map.of(
                                TenantsController.class,
                                () ->
                                        new TenantsController(
                                                new TenantsViewModel(backend, tasks, new Toasts()),
                                                new ProvisioningViewModel(
                                                        backend, executions, tasks),
                                                new TenantViewModel(
                                                        backend,
                                                        tasks,
                                                        new Toasts(),
                                                        dialogs,
                                                        new BucketViewModel(
                                                                backend,
                                                                tasks,
                                                                new Toasts(),
                                                                saver),
                                                        new NoticeChoiceViewModel(backend, tasks)),
                                                new CredentialsViewModel(
                                                        backend,
                                                        tasks,
                                                        new Toasts(),
                                                        dialogs,
                                                        browser::set,
                                                        0),
                                                new RegistryViewModel(
                                                        backend,
                                                        tasks,
                                                        new Toasts(),
                                                        saver,
                                                        (kind, extensions) ->
                                                                Optional.of(
                                                                        folder.resolve(
                                                                                "list.csv"))),
                                                onboarding),
                                OnboardingController.class,
                                () -> new OnboardingController(onboarding, visited)));
        fixture.show(Screen.TENANTS);
    }

    @Test
    void a_failed_tenant_shows_step_cause_and_repair(FxRobot robot) throws Exception {
        await(() -> robot.lookup("#table").queryAs(TableView.class).getItems().size() == 2);
        fixture.snapshots("tenants");
        Clicks.clickOn(robot, "Brook & Fern");
        await(() -> !robot.lookup("#tenantDetails .problem-view").queryAll().isEmpty());
        fixture.snapshots("tenants-failed");
        assertThat(robot.lookup("#stepBUCKET_ACCESS").query().getStyleClass())
                .contains("tone-failed");
        robot.type(KeyCode.ESCAPE);
        assertThat(robot.lookup("#drawer").query().isVisible()).isFalse();
    }

    @Test
    void a_tenant_is_paused_tested_and_changed(FxRobot robot) throws Exception {
        credentials.add(
                new Credentials(
                        "agency", "Agency", AmcRegion.EU, CLIENT, Instant.EPOCH, null, List.of()));
        backend.on(
                        TenantRequest.PauseTenant.class,
                        request ->
                                kestrel =
                                        Samples.tenant(
                                                request.tenantId(),
                                                "Kestrel Outdoor",
                                                Tenant.Status.PAUSED))
                .on(
                        TenantRequest.TestConnection.class,
                        request ->
                                new Connection(
                                        List.of(
                                                new Connection.Check(
                                                        Connection.Subject.CREDENTIALS, null),
                                                new Connection.Check(
                                                        Connection.Subject.INSTANCE,
                                                        Failure.of(
                                                                        ErrorCode.AMC_REFUSED,
                                                                        "AMC does not know this"
                                                                                + " instance.")
                                                                .next("Check the account.")))))
                .on(
                        TenantRequest.UpdateTenant.class,
                        request -> {
                            throw Failure.invalid("bucketName", "This is another tenant’s bucket.")
                                    .exception();
                        });
        await(() -> robot.lookup("#table").queryAs(TableView.class).getItems().size() == 2);
        Clicks.clickOn(robot, "Kestrel Outdoor");
        Clicks.clickOn(robot, "#pauseTenant");
        await(() -> robot.lookup("#resumeTenant").tryQuery().isPresent());
        Clicks.clickOn(robot, "#testTenant");
        await(() -> robot.lookup("#checkINSTANCE").tryQuery().isPresent());
        assertThat(styles(robot, "#checkCREDENTIALS")).contains("tone-succeeded");
        assertThat(styles(robot, "#checkINSTANCE")).contains("tone-failed");
        fixture.snapshots("tenants-paused");
        Clicks.clickOn(robot, "#editTenant");
        ComboBox<?> choice = robot.lookup("#editCredentials").queryAs(ComboBox.class);
        await(() -> choice.getValue() != null);
        robot.interact(() -> choice.getSelectionModel().selectLast());
        Clicks.clickOn(robot, "#saveTenant");
        await(() -> !robot.lookup("This is another tenant’s bucket.").queryAll().isEmpty());
        fixture.snapshots("tenants-edit");
        assertThat(backend.asked(TenantRequest.UpdateTenant.class).getFirst().tenant())
                .extracting(TenantDraft::credentialsId)
                .isEqualTo(credentials.getLast().credentialsId())
                .isNotEqualTo(kestrel.credentialsId());
        assertThat(backend.asked(TenantRequest.UpdateTenant.class).getFirst().version())
                .isEqualTo(kestrel.version());
    }

    @Test
    void what_offboarding_does_is_said_before_it_is_confirmed(FxRobot robot) throws Exception {
        dialogs.answer(true);
        backend.on(
                        TenantRequest.PlanOffboarding.class,
                        request ->
                                new TenantRequest.Belongings(
                                        List.of(
                                                belonging(Belonging.Kind.SCHEDULE, "Every Monday"),
                                                belonging(Belonging.Kind.WORKFLOW, "Daily reach"),
                                                belonging(Belonging.Kind.WORKFLOW, "Overlap"),
                                                belonging(Belonging.Kind.RUN_UNDER_WAY, "Overlap"),
                                                new Belonging(
                                                        Belonging.Kind.DATASET,
                                                        "daily_reach",
                                                        "daily_reach",
                                                        1204,
                                                        88_000))))
                .on(
                        TenantRequest.OffboardTenant.class,
                        request -> new TenantRequest.Offboarded(List.of()));
        await(() -> robot.lookup("#table").queryAs(TableView.class).getItems().size() == 2);
        Clicks.clickOn(robot, "Kestrel Outdoor");
        Clicks.clickOn(robot, "#offboardTenant");
        await(
                () ->
                        !robot.lookup(
                                        "2 workflows are removed here and left at AMC: Daily reach,"
                                                + " Overlap")
                                .queryAll()
                                .isEmpty());
        fixture.snapshots("tenants-offboard");
        Clicks.clickOn(robot, "#cancelRuns");
        await(() -> !robot.lookup("1 run that is under way is cancelled").queryAll().isEmpty());
        Clicks.clickOn(robot, "#deleteData");
        Clicks.clickOn(robot, "#doOffboardTenant");
        await(() -> !backend.asked(TenantRequest.OffboardTenant.class).isEmpty());
        assertThat(backend.asked(TenantRequest.OffboardTenant.class))
                .containsExactly(
                        new TenantRequest.OffboardTenant("amckestrel1", true, false, true));
        assertThat(dialogs.asked()).containsExactly("Offboard Kestrel Outdoor?");
        await(() -> !robot.lookup("#drawer").query().isVisible());
    }

    @Test
    void an_amazon_user_signs_in_through_the_browser(FxRobot robot) throws Exception {
        backend.on(
                        TenantRequest.BeginAuthorization.class,
                        request ->
                                new TenantRequest.ConsentPage(
                                        request.credentials().redirectUri(), "state-1"))
                .on(
                        TenantRequest.CompleteAuthorization.class,
                        request -> {
                            Credentials done =
                                    new Credentials(
                                            request.credentialsId(),
                                            "Agence Été",
                                            AmcRegion.NA,
                                            CLIENT,
                                            Instant.now(),
                                            null,
                                            List.of());
                            credentials.add(done);
                            return done;
                        });
        await(() -> !robot.lookup("Sign in again").queryAll().isEmpty());
        Clicks.clickOn(robot, "#credentials");
        await(() -> !robot.lookup("Used by Kestrel Outdoor").queryAll().isEmpty());
        fixture.snapshots("credentials");
        Clicks.clickOn(robot, "#add");
        Clicks.clickOn(robot, "#signIn");
        await(() -> !robot.lookup(".field-message").queryAll().isEmpty());
        fixture.snapshots("credentials-form");
        enter(robot, "#credentialsLABEL", "Agence Été");
        enter(robot, "#credentialsCLIENT_ID", CLIENT);
        enter(robot, "#credentialsCLIENT_SECRET", "s3cr3t");
        Clicks.clickOn(robot, "#signIn");
        await(() -> browser.get() != null);
        fixture.snapshots("credentials-waiting");
        String back = String.valueOf(browser.get());
        assertThat(get(back + "?state=another&code=code-1")).isEqualTo(400);
        assertThat(get(back + "?state=state-1&code=code-1")).isEqualTo(200);
        await(() -> robot.lookup("#again-agence-ete").tryQuery().isPresent());
        assertThat(backend.asked(TenantRequest.BeginAuthorization.class).getFirst().credentials())
                .isEqualTo(
                        new CredentialsDraft(
                                "agence-ete", "Agence Été", AmcRegion.NA, CLIENT, "s3cr3t", back));
        assertThat(backend.asked(TenantRequest.CompleteAuthorization.class))
                .containsExactly(
                        new TenantRequest.CompleteAuthorization("agence-ete", "state-1", "code-1"));
    }

    @Test
    void a_list_is_checked_row_by_row_before_it_is_imported(FxRobot robot) throws Exception {
        List<ImportedRow> rows =
                List.of(
                        new ImportedRow(2, "Harbor Lane", ImportedRow.Outcome.NEW, null),
                        new ImportedRow(3, "Kestrel Outdoor", ImportedRow.Outcome.SAME, null),
                        new ImportedRow(
                                4,
                                "",
                                ImportedRow.Outcome.REFUSED,
                                Failure.invalid(
                                        "name",
                                        "Give the tenant a name, for instance the brand's.")));
        backend.on(TenantRequest.ImportTenants.class, request -> new TenantRequest.Imported(rows))
                .on(
                        TenantRequest.ExportTenants.class,
                        request -> new TenantRequest.Exported("name,instanceId\n"));
        Files.writeString(folder.resolve("list.csv"), "name\nHarbor Lane\n");
        await(() -> robot.lookup("#table").queryAs(TableView.class).getItems().size() == 2);
        Clicks.clickOn(robot, "#moreTenants");
        Clicks.clickOn(robot, "Import tenants…");
        Clicks.clickOn(robot, "#chooseFile");
        await(() -> robot.lookup("#importRows .tone-failed").tryQuery().isPresent());
        fixture.snapshots("tenants-import");
        Clicks.clickOn(robot, "#doImport");
        await(() -> backend.asked(TenantRequest.ImportTenants.class).size() == 2);
        assertThat(backend.asked(TenantRequest.ImportTenants.class))
                .containsExactly(
                        new TenantRequest.ImportTenants("name\nHarbor Lane\n", true),
                        new TenantRequest.ImportTenants("name\nHarbor Lane\n", false));

        Clicks.clickOn(robot, "#moreTenants");
        Clicks.clickOn(robot, "Export as CSV…");
        await(() -> Files.exists(folder.resolve("tenants.csv")));
        await(() -> Files.readString(folder.resolve("tenants.csv")).equals("name,instanceId\n"));
    }

    private static void enter(FxRobot robot, String id, String text) {
        robot.interact(() -> robot.lookup(id).queryAs(TextField.class).setText(text));
    }

    private static int get(String address) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(address)).build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static Belonging belonging(Belonging.Kind kind, String title) {
        return new Belonging(kind, title, title, 0, 0);
    }

    private static List<String> styles(FxRobot robot, String id) {
        return robot.lookup(id).query().getStyleClass();
    }

    @Test
    void onboards_all_that_are_free_and_names_those_that_are_refused(FxRobot robot)
            throws Exception {
        backend.on(
                TenantRequest.OnboardTenant.class,
                request -> {
                    if (request.tenant().instanceId().equals("amcsandbox4")) {
                        throw Failure.invalid("bucketName", "This is the bucket of “Kestrel”.")
                                .exception();
                    }
                    return onboarded;
                });
        Clicks.clickOn(robot, "#onboard");
        await(() -> !robot.lookup("Harbor Lane US").queryAll().isEmpty());
        Clicks.clickOn(robot, "Choose all that are free");
        await(() -> !robot.lookup("Onboard 2 tenants").queryAll().isEmpty());
        Clicks.clickOn(robot, "#next");
        await(() -> !robot.lookup("1 of 2 were refused").queryAll().isEmpty());
        fixture.snapshots("onboarding-several");
        assertThat(backend.asked(TenantRequest.OnboardTenant.class))
                .extracting(asked -> asked.tenant().instanceId())
                .containsExactlyInAnyOrder("amcharbor3", "amcsandbox4");
    }

    @Test
    void onboards_an_instance_by_picking_it(FxRobot robot) throws Exception {
        Clicks.clickOn(robot, "#onboard");
        await(() -> !robot.lookup("Harbor Lane US").queryAll().isEmpty());
        Clicks.clickOn(robot, "Harbor Lane US");
        fixture.snapshots("onboarding-choose");
        Clicks.clickOn(robot, "#next");
        WaitForAsyncUtils.waitForFxEvents();
        TextField bucket = robot.lookup("#bucketNameText").queryAs(TextField.class);
        assertThat(bucket.getText()).isEqualTo("amc-amcharbor3-1f9a03bc");
        robot.interact(() -> bucket.setText("Bad_Bucket"));
        Clicks.clickOn(robot, "#submit");
        WaitForAsyncUtils.waitForFxEvents();
        fixture.snapshots("onboarding-check");
        assertThat(backend.asked(TenantRequest.OnboardTenant.class)).isEmpty();
        robot.interact(() -> bucket.setText("amc-amcharbor3-1f9a03bc"));
        Clicks.clickOn(robot, "#submit");
        await(
                () ->
                        robot.lookup("#onboarding #stepVALIDATE")
                                .query()
                                .getStyleClass()
                                .contains("tone-succeeded"));
        fixture.snapshots("onboarding-provision");
        onboarded = Samples.tenant("amcharbor3", "Harbor Lane", Tenant.Status.ACTIVE);
        await(() -> !robot.lookup("Harbor Lane is ready").queryAll().isEmpty());
        Clicks.clickOn(robot, "#chooseTemplate");
        await(() -> robot.lookup("#list").query().isVisible());
        assertThat(visited.places()).containsExactly(new OpenLibrary());
    }

    @Test
    void what_changes_on_the_bucket_is_seen_before_it_is_done(FxRobot robot) throws Exception {
        bucketPlan =
                new BucketPlan(
                        "plan-1",
                        List.of(
                                new Change(
                                        Subject.POLICY,
                                        """
                                        {
                                          "Version" : "2012-10-17",
                                          "Statement" : [ {
                                            "Sid" : "Audit",
                                            "Effect" : "Allow",
                                            "Principal" : { "AWS" : "999900001111" },
                                            "Action" : "s3:GetObject",
                                            "Resource" : "arn:aws:s3:::amc-amcharbor3-1f9a03bc/*"
                                          } ]
                                        }\
                                        """,
                                        """
                                        {
                                          "Version" : "2012-10-17",
                                          "Statement" : [ {
                                            "Sid" : "Audit",
                                            "Effect" : "Allow",
                                            "Principal" : { "AWS" : "999900001111" },
                                            "Action" : "s3:GetObject",
                                            "Resource" : "arn:aws:s3:::amc-amcharbor3-1f9a03bc/*"
                                          }, {
                                            "Sid" : "AmcDelivers",
                                            "Effect" : "Allow",
                                            "Principal" : { "AWS" : "arn:aws:iam::811639200769:root" },
                                            "Action" : [ "s3:PutObject", "s3:PutObjectAcl" ],
                                            "Resource" : "arn:aws:s3:::amc-amcharbor3-1f9a03bc/*"
                                          } ]
                                        }\
                                        """),
                                new Change(Subject.EVENTS, "", "EventBridge")),
                        List.of("Files are encrypted with the key alias/brand."),
                        null);
        backend.on(
                TenantRequest.PrepareBucket.class,
                request -> new BucketPlan("plan-2", List.of(), List.of(), null));
        Clicks.clickOn(robot, "#onboard");
        await(() -> !robot.lookup("Harbor Lane US").queryAll().isEmpty());
        Clicks.clickOn(robot, "Harbor Lane US");
        Clicks.clickOn(robot, "#next");
        Clicks.clickOn(robot, "#submit");
        await(() -> robot.lookup("#onboarding #changeEVENTS").tryQuery().isPresent());
        fixture.snapshots("onboarding-bucket");
        assertThat(robot.lookup("#onboarding .change-added").queryAll()).hasSize(6);
        assertThat(backend.asked(TenantRequest.OnboardTenant.class)).isEmpty();

        Clicks.clickOn(robot, "#onboarding #prepareBucket");
        await(() -> !backend.asked(TenantRequest.OnboardTenant.class).isEmpty());
        assertThat(backend.asked(TenantRequest.PrepareBucket.class))
                .extracting(TenantRequest.PrepareBucket::planId)
                .containsExactly("plan-1");
    }

    @Test
    void the_owner_of_another_account_gets_a_template(FxRobot robot) throws Exception {
        bucketPlan =
                new BucketPlan(
                        "plan-1",
                        List.of(),
                        List.of(),
                        new BucketPlan.Door(
                                "777788889999",
                                "eu-west-1",
                                "amc-insights-bucket-amckestrel1",
                                """
                                AWSTemplateFormatVersion: '2010-09-09'
                                Description: >-
                                  Lets AMC Insights in
                                """));
        await(() -> robot.lookup("#table").queryAs(TableView.class).getItems().size() == 2);
        Clicks.clickOn(robot, "Kestrel Outdoor");
        Clicks.clickOn(robot, "#bucketOfTenant");
        await(() -> robot.lookup("#doorTemplate").tryQuery().isPresent());
        fixture.snapshots("tenants-bucket-door");
        Clicks.clickOn(robot, "#saveDoor");
        Path saved = folder.resolve("amc-insights-bucket-amckestrel1.yaml");
        await(() -> Files.exists(saved) && Files.readString(saved).endsWith("in\n"));
        bucketPlan = new BucketPlan("plan-2", List.of(), List.of(), null);
        Clicks.clickOn(robot, "#lookAgain");
        await(() -> robot.lookup("#doorTemplate").tryQuery().isEmpty());
        await(() -> robot.lookup("#leaveBucket").tryQuery().isPresent());
        fixture.snapshots("tenants-bucket-ready");
        Clicks.clickOn(robot, "#leaveBucket");
        await(() -> robot.lookup("#editTenant").tryQuery().isPresent());
    }

    @Test
    void what_is_told_is_chosen_for_a_tenant_and_for_single_workflows(FxRobot robot)
            throws Exception {
        backend.on(
                        GetNoticeSettings.class,
                        request ->
                                new NoticeSettings(
                                        request.tenantId(),
                                        Choice.DIGEST,
                                        Map.of("overlap", Choice.FAILURES),
                                        3))
                .on(
                        ListWorkflows.class,
                        request ->
                                new WorkflowRequest.Workflows(
                                        List.of(
                                                workflow("overlap", "Overlap of channels"),
                                                workflow("daily_reach", "Daily reach"))))
                .on(PutNoticeSettings.class, PutNoticeSettings::settings);
        await(() -> robot.lookup("#table").queryAs(TableView.class).getItems().size() == 2);
        Clicks.clickOn(robot, "Kestrel Outdoor");
        Clicks.clickOn(robot, "#noticesOfTenant");
        await(() -> robot.lookup("#noticesOf-overlap").tryQuery().isPresent());
        fixture.snapshots("tenants-notices");
        ComboBox<?> reach = robot.lookup("#noticesOf-daily_reach").queryAs(ComboBox.class);
        robot.interact(() -> reach.getSelectionModel().selectLast());
        Clicks.clickOn(robot, "#saveNotices");
        await(() -> !backend.asked(PutNoticeSettings.class).isEmpty());
        assertThat(backend.asked(PutNoticeSettings.class).getFirst().settings())
                .isEqualTo(
                        new NoticeSettings(
                                "amckestrel1",
                                Choice.DIGEST,
                                Map.of("overlap", Choice.FAILURES, "daily_reach", Choice.NONE),
                                3));
        await(() -> robot.lookup("#editTenant").tryQuery().isPresent());
    }

    @Test
    void where_a_bucket_or_the_notices_cannot_be_seen_the_reason_stands_there(FxRobot robot)
            throws Exception {
        backend.on(
                        TenantRequest.PlanBucket.class,
                        request -> {
                            throw Failure.of(
                                            ErrorCode.BUCKET_ACCESS,
                                            "We may not see how the bucket is set up.")
                                    .next("Its owner must allow s3:GetBucketPolicy.")
                                    .exception();
                        })
                .on(GetNoticeSettings.class, request -> NoticeSettings.of(request.tenantId()))
                .on(ListWorkflows.class, request -> new WorkflowRequest.Workflows(List.of()));
        await(() -> robot.lookup("#table").queryAs(TableView.class).getItems().size() == 2);
        Clicks.clickOn(robot, "Kestrel Outdoor");
        Clicks.clickOn(robot, "#bucketOfTenant");
        await(() -> !robot.lookup("We may not see how the bucket is set up.").queryAll().isEmpty());
        fixture.snapshots("tenants-bucket-failed");
        assertThat(robot.lookup("#prepareBucket").tryQuery()).isEmpty();
        Clicks.clickOn(robot, "#leaveBucket");
        Clicks.clickOn(robot, "#noticesOfTenant");
        await(() -> !robot.lookup("The tenant has no workflow yet.").queryAll().isEmpty());
        fixture.snapshots("tenants-notices-none");
    }

    private static Workflow workflow(String id, String title) {
        return new Workflow(
                "amckestrel1", id, title, "", "select 1", List.of(), null, Instant.EPOCH, 1);
    }

    private static String execution(Tenant tenant) {
        return Objects.requireNonNull(tenant.execution());
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        WaitForAsyncUtils.waitFor(10, TimeUnit.SECONDS, condition);
    }
}
