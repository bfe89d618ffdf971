package io.amcinsights.desktop.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.contract.Access;
import io.amcinsights.contract.Batch;
import io.amcinsights.contract.Dataset;
import io.amcinsights.contract.DatasetRules;
import io.amcinsights.contract.DatasetSettings;
import io.amcinsights.contract.DatasetSettings.FilteredRows;
import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Grant;
import io.amcinsights.contract.LakeRequest;
import io.amcinsights.contract.Quality;
import io.amcinsights.contract.RawDataset;
import io.amcinsights.contract.Rule;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TenantRequest;
import io.amcinsights.contract.TimeWindow;
import io.amcinsights.contract.Transformation;
import io.amcinsights.contract.WorkflowRequest;
import io.amcinsights.desktop.Samples;
import io.amcinsights.desktop.aws.Executions.Execution;
import io.amcinsights.desktop.aws.Executions.Status;
import io.amcinsights.desktop.aws.FakeBackend;
import io.amcinsights.desktop.aws.FakeExecutions;
import io.amcinsights.desktop.common.Clicks;
import io.amcinsights.desktop.common.FakeDialogs;
import io.amcinsights.desktop.common.Screen;
import io.amcinsights.desktop.common.ScreenFixture;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.Toasts;
import io.amcinsights.desktop.common.Visited;
import io.amcinsights.desktop.places.OpenQuery;
import io.amcinsights.desktop.places.OpenTrial;

import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.Labeled;
import javafx.scene.control.RadioButton;
import javafx.scene.control.TabPane;
import javafx.scene.control.TableView;
import javafx.scene.control.TextArea;
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

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

@ExtendWith(ApplicationExtension.class)
class PipelineScreenTest {

    private static final Tenant KESTREL =
            Samples.tenant("amckestrel1", "Kestrel Outdoor", Tenant.Status.ACTIVE);
    private static final String EXECUTION = "arn:aws:states:us-east-1:112233445566:execution:";
    private static final String WORKFLOW_RUN =
            """
            {"StartAt": "CreateAtAmc", "States": {
                "CreateAtAmc": {"Type": "Task", "Next": "HasEnded",
                    "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "RecordFailure"}]},
                "HasEnded": {"Type": "Choice", "Default": "WaitForAmc",
                    "Choices": [{"Condition": "{% $states.input.ended %}", "Next": "Finish"}]},
                "WaitForAmc": {"Type": "Wait", "Seconds": 5, "Next": "HasEnded"},
                "Finish": {"Type": "Succeed"},
                "RecordFailure": {"Type": "Task", "Next": "Failed"},
                "Failed": {"Type": "Fail"}}}
            """;
    private static final String LAKE_DELIVERY =
            """
            {"StartAt": "Claim", "States": {
                "Claim": {"Type": "Task", "Next": "Transform"},
                "Transform": {"Type": "Task", "Next": "Publish"},
                "Publish": {"Type": "Task", "End": true}}}
            """;

    private static final String ANALYST = "arn:aws:iam::112233445566:role/Analyst";
    private static final String AGENCY =
            "arn:aws:iam::112233445566:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_AgencyNorth_0123456789abcdef";

    @TempDir static Path folder;

    private final FakeBackend backend = new FakeBackend();
    private final FakeExecutions executions = new FakeExecutions();
    private final List<Run> runs = new CopyOnWriteArrayList<>();
    private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
    private final FakeDialogs dialogs = new FakeDialogs();
    private final Visited visited = new Visited();
    private final List<RawDataset> registered = new CopyOnWriteArrayList<>();
    private final DroppedFiles objects = new DroppedFiles();
    private final Path file = Path.of("Prices of May.csv");
    private final Instant updated = Instant.now().minusSeconds(120);
    private ScreenFixture fixture;

    @Start
    void start(Stage stage) {
        runs.add(run("run-1", Run.Status.SUCCEEDED, null));
        runs.add(
                run(
                        "run-2",
                        Run.Status.FAILED,
                        Failure.of(
                                        ErrorCode.AMC_REFUSED,
                                        "AMC refused the SQL: column “campagin” does not exist.")
                                .next("Correct the workflow’s SQL, then run it again.")));
        runs.add(run("run-3", Run.Status.RUNNING, null));
        runs.add(run("run-4", Run.Status.FAILED, null));
        deliveries.add(delivery("run-1", Delivery.Status.LOADED));
        executions
                .runs(execution("run-1", Status.SUCCEEDED, false), WORKFLOW_RUN)
                .happened(
                        EXECUTION + "run-1",
                        "ExecutionStarted",
                        "TaskStateEntered CreateAtAmc",
                        "TaskStateExited CreateAtAmc",
                        "ChoiceStateEntered HasEnded",
                        "ChoiceStateExited HasEnded",
                        "SucceedStateEntered Finish",
                        "SucceedStateExited Finish",
                        "ExecutionSucceeded")
                .runs(execution("load-run-1", Status.SUCCEEDED, false), LAKE_DELIVERY)
                .happened(
                        EXECUTION + "load-run-1",
                        "ExecutionStarted",
                        "TaskStateEntered Claim",
                        "TaskStateExited Claim",
                        "TaskStateEntered Transform",
                        "TaskStateExited Transform",
                        "TaskStateEntered Publish",
                        "TaskStateExited Publish",
                        "ExecutionSucceeded")
                .runs(execution("run-2", Status.FAILED, true), WORKFLOW_RUN)
                .happened(EXECUTION + "run-2", "ExecutionStarted", "TaskStateEntered CreateAtAmc")
                .failed(EXECUTION + "run-2", "TaskFailed", "AMC_REFUSED", "no such column")
                .happened(
                        EXECUTION + "run-2",
                        "TaskStateExited CreateAtAmc",
                        "TaskStateEntered RecordFailure",
                        "TaskStateExited RecordFailure",
                        "FailStateEntered Failed",
                        "ExecutionFailed")
                .runs(execution("run-4", Status.FAILED, true), WORKFLOW_RUN)
                .happened(EXECUTION + "run-4", "ExecutionStarted", "TaskStateEntered CreateAtAmc")
                .failed(EXECUTION + "run-4", "ExecutionTimedOut", "States.Timeout", "too late")
                .runs(execution("run-3", Status.RUNNING, false), WORKFLOW_RUN)
                .happened(
                        EXECUTION + "run-3",
                        "ExecutionStarted",
                        "TaskStateEntered CreateAtAmc",
                        "TaskStateExited CreateAtAmc",
                        "ChoiceStateEntered HasEnded",
                        "ChoiceStateExited HasEnded",
                        "WaitStateEntered WaitForAmc");
        backend.on(
                WorkflowRequest.GetCapacity.class,
                request -> new WorkflowRequest.Capacity(10, 10, 3));
        backend.on(
                        TenantRequest.ListTenants.class,
                        request -> new TenantRequest.Tenants(List.of(KESTREL)))
                .on(
                        WorkflowRequest.ListWorkflows.class,
                        request -> new WorkflowRequest.Workflows(List.of()))
                .on(
                        WorkflowRequest.ListSchedules.class,
                        request -> new WorkflowRequest.Schedules(List.of()))
                .on(
                        WorkflowRequest.ListRuns.class,
                        request -> new WorkflowRequest.Runs(List.copyOf(runs), null))
                .on(
                        LakeRequest.ListRawDatasets.class,
                        request -> new LakeRequest.RawDatasets(List.copyOf(registered)))
                .on(
                        LakeRequest.ListDeliveries.class,
                        request -> new LakeRequest.Deliveries(List.copyOf(deliveries), null))
                .on(
                        WorkflowRequest.CancelRun.class,
                        request -> {
                            Run cancelled = run(request.runId(), Run.Status.CANCELLED, null);
                            runs.replaceAll(r -> r.runId().equals(request.runId()) ? cancelled : r);
                            return cancelled;
                        })
                .on(
                        WorkflowRequest.RunWorkflow.class,
                        request -> run("run-9", Run.Status.QUEUED, null));
        Tasks tasks = Tasks.onVirtualThreads();
        Toasts toasts = new Toasts();
        dialogs.answer(true);
        PipelineViewModel pipeline = new PipelineViewModel(backend, tasks, visited, new Toasts());
        fixture =
                new ScreenFixture(
                        stage,
                        folder,
                        tasks,
                        Map.of(
                                PipelineController.class,
                                () ->
                                        new PipelineController(
                                                pipeline,
                                                new DetailViewModel(
                                                        backend, tasks, dialogs, visited, toasts,
                                                        pipeline),
                                                new ExecutionViewModel(
                                                        executions,
                                                        tasks,
                                                        text -> 8.0 * text.length()),
                                                new DatasetsViewModel(
                                                        backend, tasks, visited, toasts, dialogs),
                                                new ReadersViewModel(
                                                        backend,
                                                        tasks,
                                                        dialogs,
                                                        toasts,
                                                        List.of(ANALYST)),
                                                new DropsViewModel(
                                                        backend,
                                                        objects,
                                                        tasks,
                                                        dialogs,
                                                        (kind, extensions) -> Optional.of(file),
                                                        toasts),
                                                toasts)));
        fixture.show(Screen.PIPELINE);
    }

    @Test
    void a_run_is_followed_to_its_loaded_rows(FxRobot robot) throws Exception {
        await(() -> table(robot).getItems().size() == 4);
        fixture.snapshots("pipeline");
        open(robot, "run-1");
        await(() -> !robot.lookup("20 rows loaded").queryAll().isEmpty());
        await(() -> styles(robot, "#statePublish").contains("tone-succeeded"));
        fixture.snapshots("pipeline-loaded");
        Clicks.clickOn(robot, "Run at AMC");
        await(() -> styles(robot, "#stateFinish").contains("tone-succeeded"));
        assertThat(styles(robot, "#stateRecordFailure")).doesNotContain("tone-succeeded");
        Clicks.clickOn(robot, "#query");
        assertThat(visited.places())
                .containsExactly(OpenQuery.ofDataset("reach_and_frequency", "amckestrel1"));
    }

    @Test
    void a_failed_run_says_why_first_and_can_be_run_again(FxRobot robot) throws Exception {
        open(robot, "run-2");
        await(() -> styles(robot, "#stateFailed").contains("tone-failed"));
        assertThat(robot.lookup("AMC refused the SQL: column “campagin” does not exist."))
                .satisfies(found -> assertThat(found.queryAll()).isNotEmpty());
        assertThat(robot.lookup("Correct the workflow’s SQL, then run it again.").queryAll())
                .isNotEmpty();
        fixture.snapshots("pipeline-failed");
        // Its failure is recorded: going on from there would only fail again.
        assertThat(robot.lookup("#redrive").query().isVisible()).isFalse();
        Clicks.clickOn(robot, "#runAgain");
        await(() -> backend.asked(WorkflowRequest.RunWorkflow.class).size() == 1);
        assertThat(backend.asked(WorkflowRequest.RunWorkflow.class).getFirst().workflowId())
                .isEqualTo("reach-and-frequency");
    }

    @Test
    void an_execution_that_timed_out_is_redriven(FxRobot robot) throws Exception {
        open(robot, "run-4");
        await(() -> styles(robot, "#stateCreateAtAmc").contains("tone-failed"));
        Clicks.clickOn(robot, "#redrive");
        await(() -> executions.redriven().equals(List.of(EXECUTION + "run-4")));
    }

    @Test
    void a_query_that_was_tried_is_opened_with_its_result(FxRobot robot) throws Exception {
        Run tried = tried(inBatch("run-30", Run.Status.SUCCEEDED));
        runs.add(tried);
        await(() -> table(robot).getItems().size() == 5);
        open(robot, "run-30");
        await(() -> !robot.lookup("SELECT 1").queryAll().isEmpty());
        fixture.snapshots("pipeline-ad-hoc");
        assertThat(robot.lookup(".screen-title").queryAllAs(Label.class))
                .extracting(Label::getText)
                .contains("Ad-hoc query");
        Clicks.clickOn(robot, "#openWorkflow");
        assertThat(visited.places()).containsExactly(new OpenTrial(tried));
    }

    private static Run tried(Run r) {
        return new Run(
                r.runId(),
                r.tenantId(),
                "",
                0,
                null,
                r.window(),
                r.parameters(),
                null,
                new Run.AdHoc("SELECT 1", List.of(), false),
                false,
                r.status(),
                r.amcExecutionId(),
                r.amcStatus(),
                null,
                null,
                null,
                r.requestedAt(),
                r.startedAt(),
                r.finishedAt(),
                r.version());
    }

    @Test
    void what_others_run_at_amc_is_followed_and_not_run_again(FxRobot robot) throws Exception {
        Run ours = runs.getLast();
        runs.set(runs.size() - 1, byOthers(ours));
        await(() -> !robot.lookup("Others, at AMC").queryAll().isEmpty());
        fixture.snapshots("pipeline-others");
        open(robot, ours.runId());
        await(() -> !robot.lookup("AMC execution id").queryAll().isEmpty());
        fixture.snapshots("pipeline-others-run");
        assertThat(robot.lookup("#runAgain").query().isVisible()).isFalse();
        assertThat(robot.lookup("#openWorkflow").query().isVisible()).isFalse();
    }

    private static Run byOthers(Run r) {
        return new Run(
                r.runId(),
                r.tenantId(),
                "audience_overlap",
                0,
                null,
                r.window(),
                r.parameters(),
                null,
                null,
                true,
                Run.Status.SUCCEEDED,
                "e-77",
                "SUCCEEDED",
                null,
                null,
                null,
                r.requestedAt(),
                r.requestedAt(),
                r.requestedAt().plusSeconds(700),
                r.version());
    }

    @Test
    void deliveries_that_failed_are_looked_into_and_loaded_again(FxRobot robot) throws Exception {
        deliveries.add(delivery("run-4", Delivery.Status.FAILED));
        backend.on(
                        LakeRequest.PreviewDelivery.class,
                        request ->
                                new LakeRequest.Preview(
                                        List.of(
                                                "campaign,users,cost",
                                                "\"Spring, sale\",120,4.5",
                                                "Summer,80"),
                                        true))
                .on(
                        LakeRequest.RedriveDeliveries.class,
                        request -> {
                            Delivery loading = delivery("run-4", Delivery.Status.LOADING);
                            deliveries.set(deliveries.size() - 1, loading);
                            return new LakeRequest.Redriven(List.of(loading), Map.of());
                        });
        open(robot, "run-4");
        await(() -> robot.lookup("#stageFile").tryQuery().isPresent());
        Clicks.clickOn(robot, "#stageFile");
        await(() -> robot.lookup("#fileText").tryQuery().isPresent());
        assertThat(robot.lookup("#fileText").queryAs(TextArea.class).getText())
                .endsWith("Summer,80");
        fixture.snapshots("pipeline-file");
        Clicks.clickOn(robot, "#back");
        Clicks.clickOn(robot, "Deliveries");
        await(() -> !robot.lookup("Load 1 failed again").queryAll().isEmpty());
        fixture.snapshots("pipeline-deliveries-failed");
        Clicks.clickOn(robot, "#loadFailed");
        await(() -> !robot.lookup("#loadFailed").query().isVisible());
        assertThat(backend.asked(LakeRequest.RedriveDeliveries.class))
                .containsExactly(
                        new LakeRequest.RedriveDeliveries(
                                List.of(deliveries.getLast().deliveryId())));
    }

    @Test
    void a_run_that_waits_says_for_what(FxRobot robot) throws Exception {
        runs.add(inBatch("run-40", Run.Status.QUEUED));
        backend.on(WorkflowRequest.GetBatch.class, request -> batch(runs.getLast()));
        await(() -> table(robot).getItems().size() == 5);
        open(robot, "run-40");
        await(
                () ->
                        !robot.lookup(
                                        "At AMC 10 of the instance’s 10 places are taken; 3 runs"
                                                + " wait.")
                                .queryAll()
                                .isEmpty());
    }

    @Test
    void a_batch_is_seen_and_goes_on_where_it_stopped(FxRobot robot) throws Exception {
        Run done = inBatch("run-20", Run.Status.SUCCEEDED);
        Run failed = inBatch("run-21", Run.Status.FAILED);
        Run waiting = inBatch("run-22", Run.Status.QUEUED);
        runs.addAll(List.of(done, failed, waiting));
        backend.on(
                WorkflowRequest.CancelBatch.class,
                request -> batch(done, failed, inBatch("run-22", Run.Status.CANCELLED)));
        backend.on(WorkflowRequest.GetBatch.class, request -> batch(done, failed, waiting))
                .on(
                        WorkflowRequest.ResumeBatch.class,
                        request -> batch(done, inBatch("run-23", Run.Status.QUEUED), waiting));
        await(() -> table(robot).getItems().size() == 7);
        open(robot, "run-21");
        await(() -> robot.lookup("#batch").query().isVisible());
        assertThat(robot.lookup("#batchText").queryAs(Label.class).getText())
                .isEqualTo("3 runs: 1 succeeded, 1 waiting, 1 failed");
        fixture.snapshots("pipeline-batch");
        Clicks.clickOn(robot, "#resumeBatch");
        await(() -> !backend.asked(WorkflowRequest.ResumeBatch.class).isEmpty());
        Clicks.clickOn(robot, "#cancelBatch");
        await(() -> !backend.asked(WorkflowRequest.CancelBatch.class).isEmpty());
        assertThat(dialogs.asked())
                .containsExactly("Cancel all runs of the batch that have not ended?");
    }

    @Test
    void a_run_under_way_is_cancelled_after_a_question(FxRobot robot) throws Exception {
        open(robot, "run-3");
        await(() -> styles(robot, "#stateWaitForAmc").contains("tone-running"));
        fixture.snapshots("pipeline-running");
        Clicks.clickOn(robot, "#cancel");
        await(() -> !backend.asked(WorkflowRequest.CancelRun.class).isEmpty());
        assertThat(dialogs.asked()).containsExactly("Cancel this run?");
        await(() -> !robot.lookup("#cancel").query().isVisible());
    }

    @Test
    void what_becomes_of_hidden_values_is_set_for_a_dataset(FxRobot robot) throws Exception {
        datasets(robot, true);
        await(() -> datasets(robot).getItems().size() == 2);
        fixture.snapshots("pipeline-datasets");
        open(robot, 0);
        await(() -> robot.lookup("#rowsKeep").queryAs(RadioButton.class).isSelected());
        assertThat(robot.lookup("#saveSettings").query().isDisabled()).isTrue();
        assertThat(robot.lookup("65,000 (5 %)").queryAll()).isNotEmpty();
        assertThat(robot.lookup("5 % NULL · bigint").queryAll()).isNotEmpty();
        Clicks.clickOn(robot, "#rowsSeparate");
        robot.interact(
                () ->
                        robot.lookup("#keepMonths")
                                .queryAs(ComboBox.class)
                                .getSelectionModel()
                                .select(2));
        fixture.snapshots("pipeline-dataset");
        Clicks.clickOn(robot, "#saveSettings");
        await(() -> !backend.asked(LakeRequest.PutDatasetSettings.class).isEmpty());
        assertThat(backend.asked(LakeRequest.PutDatasetSettings.class).getFirst().settings())
                .isEqualTo(
                        new DatasetSettings(
                                "reach_and_frequency", FilteredRows.SEPARATE, "filtered", 6, 3));
        assertThat(dialogs.asked())
                .containsExactly("Keep the rows of reach_and_frequency for less time?");
        await(() -> robot.lookup("#saveSettings").query().isDisabled());

        open(robot, 1);
        await(() -> robot.lookup("#saveSettings").queryAll().isEmpty());
        assertThat(robot.lookup("#rowsKeep").queryAll()).isEmpty();
        Clicks.clickOn(robot, "#queryDataset");
        assertThat(visited.places())
                .containsExactly(OpenQuery.ofDataset("reach_and_frequency_filtered", null));
    }

    @Test
    void who_may_read_is_granted_changed_and_taken_back(FxRobot robot) throws Exception {
        Grant agency =
                new Grant(
                        AGENCY, false, List.of("amckestrel1"), false, true, null, Instant.EPOCH, 4);
        Grant stuck =
                new Grant(
                        "arn:aws:iam::112233445566:user/reporting",
                        true,
                        List.of(),
                        false,
                        false,
                        Failure.of(
                                        ErrorCode.INTERNAL,
                                        "Lake Formation refused: not a data lake administrator.")
                                .next("It is tried again every hour."),
                        Instant.EPOCH,
                        2);
        Access before =
                new Access(
                        Access.Mode.HYBRID,
                        List.of(agency, stuck),
                        List.of(
                                new Access.Foreign(
                                        "arn:aws:iam::112233445566:role/DataTeam",
                                        "all tables",
                                        List.of("DESCRIBE", "SELECT"))));
        backend.on(LakeRequest.ListGrants.class, request -> before)
                .on(
                        TenantRequest.ListTenants.class,
                        request ->
                                new TenantRequest.Tenants(
                                        List.of(
                                                KESTREL,
                                                Samples.tenant(
                                                        "amcharbor1",
                                                        "Harbor Coffee",
                                                        Tenant.Status.ACTIVE))))
                .on(LakeRequest.PutGrant.class, request -> before)
                .on(LakeRequest.RemoveGrant.class, request -> before);
        datasets(robot, true);
        Clicks.clickOn(robot, "#whoMayRead");
        await(() -> !robot.lookup("AgencyNorth").queryAll().isEmpty());
        assertThat(robot.lookup("Kestrel Outdoor").queryAll()).isNotEmpty();
        assertThat(robot.lookup("DESCRIBE, SELECT on all tables").queryAll()).isNotEmpty();
        fixture.snapshots("pipeline-readers");

        Clicks.clickOn(robot, "#addReader");
        Clicks.clickOn(robot, "#saveReader");
        assertThat(robot.lookup("#readersWrong").queryLabeled().getText())
                .contains("Enter the ARN");
        robot.interact(
                () ->
                        robot.lookup("#principal")
                                .<ComboBox<String>>query()
                                .getEditor()
                                .setText(ANALYST));
        Clicks.clickOn(robot, "#saveReader");
        assertThat(robot.lookup("#readersWrong").queryLabeled().getText())
                .contains("at least one tenant");
        Clicks.clickOn(robot, "#reads-amcharbor1");
        fixture.snapshots("pipeline-reader");
        dialogs.answer(true);
        Clicks.clickOn(robot, "#saveReader");
        await(() -> !backend.asked(LakeRequest.PutGrant.class).isEmpty());
        assertThat(backend.asked(LakeRequest.PutGrant.class))
                .containsExactly(
                        new LakeRequest.PutGrant(ANALYST, false, List.of("amcharbor1"), 0));

        await(() -> !robot.lookup("#edit-AgencyNorth").queryAll().isEmpty());
        Clicks.clickOn(robot, "#edit-AgencyNorth");
        Clicks.clickOn(robot, "#allTenants");
        Clicks.clickOn(robot, "#saveReader");
        await(() -> backend.asked(LakeRequest.PutGrant.class).size() == 2);
        assertThat(backend.asked(LakeRequest.PutGrant.class).getLast())
                .isEqualTo(new LakeRequest.PutGrant(AGENCY, true, List.of(), 4));

        await(() -> !robot.lookup("#remove-AgencyNorth").queryAll().isEmpty());
        Clicks.clickOn(robot, "#remove-AgencyNorth");
        await(() -> !backend.asked(LakeRequest.RemoveGrant.class).isEmpty());
        assertThat(dialogs.asked())
                .containsExactly(
                        "Change what Analyst may read?",
                        "Change what AgencyNorth may read?",
                        "Take back what AgencyNorth may read?");
    }

    @Test
    void where_lake_formation_is_off_it_is_said_how_to_switch_it_on(FxRobot robot)
            throws Exception {
        backend.on(
                        LakeRequest.ListGrants.class,
                        request -> new Access(Access.Mode.OFF, List.of(), List.of()))
                .on(
                        TenantRequest.ListTenants.class,
                        request -> new TenantRequest.Tenants(List.of(KESTREL)));
        datasets(robot, true);
        Clicks.clickOn(robot, "#whoMayRead");
        await(
                () ->
                        robot.lookup(".label").queryAllAs(Labeled.class).stream()
                                .anyMatch(l -> l.getText().contains("LakeFormation=hybrid")));
        assertThat(robot.lookup("#addReader").queryAll()).isEmpty();
        fixture.snapshots("pipeline-readers-off");
    }

    @Test
    void a_dataset_without_a_flag_says_what_is_missing(FxRobot robot) throws Exception {
        datasets(robot, false);
        await(() -> datasets(robot).getItems().size() == 2);
        open(robot, 0);
        await(() -> !robot.lookup("#rowsDrop").queryAll().isEmpty());
        assertThat(robot.lookup("#rowsDrop").query().isDisabled()).isTrue();
        assertThat(robot.lookup("#flagColumn").queryAll()).isEmpty();
        backend.on(
                LakeRequest.GetDatasetSettings.class,
                request -> {
                    throw Failure.of(ErrorCode.NOT_FOUND, "There is no such dataset.").exception();
                });
        open(robot, 0);
        await(() -> !robot.lookup("There is no such dataset.").queryAll().isEmpty());
        assertThat(robot.lookup("#rowsKeep").queryAll()).isEmpty();
    }

    @Test
    void a_delivery_says_what_became_of_its_hidden_values(FxRobot robot) throws Exception {
        deliveries.set(
                0,
                delivery(
                        "run-1",
                        Delivery.Status.LOADED,
                        new Quality(
                                30,
                                new Quality.Filtered(10, FilteredRows.SEPARATE, "reach_filtered"),
                                2L,
                                Map.of("users", 10L, "cost", 3L, "campaign", 0L),
                                Instant.parse("2026-11-01T00:00:00Z"),
                                null,
                                List.of(
                                        new Quality.Check(
                                                new Rule.NotNull("campaign"), 0, List.of()),
                                        new Quality.Check(
                                                new Rule.Range("cost", "0", null),
                                                7,
                                                List.of(
                                                        new Quality.Example(3, "-1.5000"),
                                                        new Quality.Example(1_012, "-0.0100"))),
                                        new Quality.Check(
                                                new Rule.Unique(List.of("day", "campaign")),
                                                1,
                                                List.of(
                                                        new Quality.Example(
                                                                9, "2026-10-01, Autumn")))))));
        open(robot, "run-1");
        await(() -> !robot.lookup("10 of 30 (33.3 %), in reach_filtered").queryAll().isEmpty());
        assertThat(robot.lookup("users 33.3 %, cost 10 %").queryAll()).isNotEmpty();
        assertThat(robot.lookup("2 (6.7 %)").queryAll()).isNotEmpty();
        assertThat(robot.lookup("2 of 3 broken").queryAll()).isNotEmpty();
        assertThat(
                        robot.lookup(
                                        """
                                        Breaks the rule “cost is at least 0”: 7 rows, row 3: -1.5000; row 1,012: -0.0100; …
                                        Breaks the rule “day, campaign are unique together”: 1 row, row 9: 2026-10-01, Autumn\
                                        """)
                                .queryAll())
                .isNotEmpty();
        fixture.snapshots("pipeline-hidden");
    }

    @Test
    void a_dataset_is_registered_and_a_file_dropped(FxRobot robot) throws Exception {
        datasets(robot, true);
        backend.on(
                        LakeRequest.PutRawDataset.class,
                        request -> {
                            if (!request.name().equals("prices")) {
                                throw Failure.invalid("name", "“Prices” is no name of a table.")
                                        .exception();
                            }
                            RawDataset dataset =
                                    new RawDataset(
                                            request.name(),
                                            request.description(),
                                            "s3://amc-insights-lake/raw/prices/",
                                            updated,
                                            1);
                            registered.add(dataset);
                            return dataset;
                        })
                .on(
                        LakeRequest.RemoveRawDataset.class,
                        request -> {
                            registered.clear();
                            return new LakeRequest.RawDatasets(List.of());
                        });
        await(() -> datasets(robot).getItems().size() == 2);
        Clicks.clickOn(robot, "#newDataset");
        assertThat(robot.lookup("#registerDataset").query().isDisabled()).isTrue();
        robot.interact(() -> field(robot, "#dropsName").setText("Prices"));
        Clicks.clickOn(robot, "#registerDataset");
        await(() -> !robot.lookup("“Prices” is no name of a table.").queryAll().isEmpty());
        fixture.snapshots("pipeline-register");
        robot.interact(
                () -> {
                    field(robot, "#dropsName").setText("prices");
                    field(robot, "#dropsDescription").setText("What each product costs");
                });
        Clicks.clickOn(robot, "#registerDataset");
        await(() -> datasets(robot).getItems().size() == 3);
        assertThat(datasets(robot).getItems())
                .extracting(Dataset::name)
                .containsExactly("prices", "reach_and_frequency", "reach_and_frequency_filtered");
        await(() -> !robot.lookup("#dropsAddress").queryAll().isEmpty());
        assertThat(robot.lookup("s3://amc-insights-lake/raw/prices/tenant=amckestrel1/").queryAll())
                .isNotEmpty();
        fixture.snapshots("pipeline-drops");
        // in a low window it lies below the fold of the drawer
        robot.interact(() -> robot.lookup("#dropFile").queryButton().fire());
        await(() -> !objects.dropped.isEmpty());
        assertThat(objects.dropped.getFirst())
                .hasPath("/raw/prices/tenant=amckestrel1/Prices of May.csv")
                .hasHost("amc-insights-lake");
        await(() -> !robot.lookup("#removeDataset").query().isDisabled());
        Clicks.clickOn(robot, "#removeDataset");
        await(() -> datasets(robot).getItems().size() == 2);
    }

    private static TextField field(FxRobot robot, String id) {
        return robot.lookup(id).queryAs(TextField.class);
    }

    /** Opens the list of two datasets. */
    private void datasets(FxRobot robot, boolean flagged) {
        List<Dataset.Column> columns =
                List.of(
                        new Dataset.Column("campaign", "campaign", "varchar", ""),
                        new Dataset.Column(
                                "spend",
                                "spend",
                                "bigint",
                                "AMC's column spend, in microcents, of which one unit of the"
                                        + " currency has 100,000,000"),
                        new Dataset.Column("filtered", "filtered", "boolean", ""),
                        new Dataset.Column(
                                "spend_in_currency",
                                "",
                                "decimal(38,8)",
                                "spend in units of the currency, exactly; AMC counts it in"
                                        + " microcents, of which one unit of the currency has"
                                        + " 100,000,000"));
        backend.on(
                        LakeRequest.ListDatasets.class,
                        request ->
                                new LakeRequest.Datasets(
                                        List.of(
                                                dataset(
                                                        "reach_and_frequency",
                                                        null,
                                                        flagged ? columns : columns.subList(0, 2)),
                                                dataset(
                                                        "reach_and_frequency_filtered",
                                                        "reach_and_frequency",
                                                        columns))))
                .on(
                        LakeRequest.GetDatasetSettings.class,
                        request ->
                                new DatasetSettings(
                                        request.dataset(), FilteredRows.KEEP, "filtered", null, 3))
                .on(LakeRequest.PutDatasetSettings.class, request -> request.settings())
                .on(
                        LakeRequest.GetTransformation.class,
                        request ->
                                new LakeRequest.TransformationInUse(
                                        Transformation.none(request.dataset()),
                                        List.of(),
                                        List.of()))
                .on(
                        LakeRequest.GetDatasetRules.class,
                        request ->
                                new LakeRequest.RulesInForce(
                                        DatasetRules.none(request.dataset()), Map.of()));
        robot.interact(
                () -> robot.lookup("#lists").queryAs(TabPane.class).getSelectionModel().select(2));
    }

    private Dataset dataset(
            String name, @Nullable String filteredOf, List<Dataset.Column> columns) {
        return new Dataset(
                name,
                "amc_insights",
                "reach-and-frequency",
                filteredOf,
                columns,
                1_234_567,
                45_000_000,
                11,
                updated,
                filteredOf == null
                        ? new Quality.Total(
                                1_300_000,
                                65_000L,
                                12L,
                                Map.of("campaign", 0L, "spend", 65_000L),
                                Instant.parse("2026-11-01T00:00:00Z"),
                                null,
                                List.of())
                        : null,
                1);
    }

    private static TableView<Dataset> datasets(FxRobot robot) {
        return robot.lookup("#datasets").queryTableView();
    }

    private static void open(FxRobot robot, int dataset) {
        robot.interact(
                () -> {
                    datasets(robot).getSelectionModel().select(dataset);
                    datasets(robot).requestFocus();
                });
        robot.type(KeyCode.ENTER);
    }

    @Test
    void many_runs_and_none_are_both_drawn(FxRobot robot) throws Exception {
        IntStream.range(10, 70)
                .forEach(
                        i ->
                                runs.add(
                                        run(
                                                "run-" + i,
                                                i % 7 == 0
                                                        ? Run.Status.QUEUED
                                                        : Run.Status.SUCCEEDED,
                                                null)));
        await(() -> table(robot).getItems().size() == 64);
        fixture.snapshots("pipeline-many");
        Clicks.clickOn(robot, "#runText").write("nothing like this");
        await(() -> !robot.lookup("Nothing matches").queryAll().isEmpty());
        fixture.snapshots("pipeline-none");
    }

    private static void open(FxRobot robot, String runId) throws Exception {
        await(() -> !table(robot).getItems().isEmpty());
        TableView<PipelineViewModel.RunRow> table = table(robot);
        robot.interact(
                () -> {
                    table.getSelectionModel()
                            .select(
                                    table.getItems().stream()
                                            .filter(row -> row.run().runId().equals(runId))
                                            .findFirst()
                                            .orElseThrow());
                    table.requestFocus();
                });
        robot.type(KeyCode.ENTER);
    }

    private static TableView<PipelineViewModel.RunRow> table(FxRobot robot) {
        return robot.lookup("#runs").queryTableView();
    }

    private static List<String> styles(FxRobot robot, String id) {
        return robot.lookup(id).queryAll().stream()
                .flatMap(node -> node.getStyleClass().stream())
                .toList();
    }

    private static Execution execution(String name, Status status, boolean redrivable) {
        return new Execution(
                EXECUTION + name,
                name,
                "workflow-run",
                status,
                Instant.now().minusSeconds(60),
                status.ended() ? Instant.now().minusSeconds(20) : null,
                "{\"runId\":\"%s\"}".formatted(name),
                status == Status.SUCCEEDED ? "{\"status\":\"SUCCEEDED\"}" : null,
                status == Status.FAILED ? "AMC_REFUSED" : null,
                status == Status.FAILED ? "no such column" : null,
                redrivable);
    }

    private static Run run(String runId, Run.Status status, @Nullable Failure problem) {
        Instant requested = Instant.now().minusSeconds(90);
        return new Run(
                runId,
                KESTREL.tenantId(),
                "reach-and-frequency",
                1,
                null,
                TimeWindow.explicit("2026-10-01T00:00:00", "2026-11-01T00:00:00", "UTC"),
                Map.of(),
                null,
                null,
                false,
                status,
                status == Run.Status.QUEUED ? null : "0b1c2d3e-amc",
                status.ended() ? status.name() : "RUNNING",
                status == Run.Status.QUEUED ? null : EXECUTION + runId,
                null,
                problem,
                requested,
                status == Run.Status.QUEUED ? null : requested.plusSeconds(10),
                status.ended() ? requested.plusSeconds(40) : null,
                1);
    }

    private static Batch batch(Run... runs) {
        return new Batch(
                "batch-1",
                "reach-and-frequency",
                Instant.now(),
                Stream.of(runs)
                        .map(r -> new Batch.Part(r.tenantId(), r.window(), r, null))
                        .toList());
    }

    private static Run inBatch(String runId, Run.Status status) {
        Run r = run(runId, status, null);
        return new Run(
                r.runId(),
                r.tenantId(),
                r.workflowId(),
                r.workflowVersion(),
                r.scheduleId(),
                r.window(),
                r.parameters(),
                "batch-1",
                null,
                false,
                r.status(),
                r.amcExecutionId(),
                r.amcStatus(),
                null,
                r.outputUri(),
                r.problem(),
                r.requestedAt(),
                r.startedAt(),
                r.finishedAt(),
                r.version());
    }

    private static Delivery delivery(String runId, Delivery.Status status) {
        return delivery(runId, status, null);
    }

    private static Delivery delivery(
            String runId, Delivery.Status status, @Nullable Quality quality) {
        return new Delivery(
                "delivery-" + runId,
                KESTREL.bucketName(),
                "workflow=reach-and-frequency/schedule=adhoc/2026-11-01T00:00:00.000Z-result.csv",
                "0123456789abcdef",
                4_512,
                KESTREL.tenantId(),
                "reach-and-frequency",
                runId,
                status,
                "reach_and_frequency",
                20,
                quality,
                null,
                EXECUTION + "load-" + runId,
                null,
                Instant.now().minusSeconds(45),
                Instant.now().minusSeconds(40),
                1);
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        WaitForAsyncUtils.waitFor(10, TimeUnit.SECONDS, condition);
    }
}
