package io.amcinsights.desktop.workflows;

import static io.amcinsights.desktop.workflows.WorkflowSamples.FAILED;
import static io.amcinsights.desktop.workflows.WorkflowSamples.HARBOR;
import static io.amcinsights.desktop.workflows.WorkflowSamples.KESTREL;
import static io.amcinsights.desktop.workflows.WorkflowSamples.NEW_TO_BRAND;
import static io.amcinsights.desktop.workflows.WorkflowSamples.OPTIMAL;
import static io.amcinsights.desktop.workflows.WorkflowSamples.OVERLAP;
import static io.amcinsights.desktop.workflows.WorkflowSamples.REACH;
import static io.amcinsights.desktop.workflows.WorkflowSamples.adHoc;
import static io.amcinsights.desktop.workflows.WorkflowSamples.failed;
import static io.amcinsights.desktop.workflows.WorkflowSamples.run;
import static io.amcinsights.desktop.workflows.WorkflowSamples.saved;
import static io.amcinsights.desktop.workflows.WorkflowSamples.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.contract.Batch;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TenantRequest.ListTenants;
import io.amcinsights.contract.TenantRequest.Tenants;
import io.amcinsights.contract.TimeWindow;
import io.amcinsights.contract.Workflow;
import io.amcinsights.contract.WorkflowRequest.CompareWorkflows;
import io.amcinsights.contract.WorkflowRequest.Copies;
import io.amcinsights.contract.WorkflowRequest.Copy;
import io.amcinsights.contract.WorkflowRequest.CopyWorkflow;
import io.amcinsights.contract.WorkflowRequest.Difference;
import io.amcinsights.contract.WorkflowRequest.Differences;
import io.amcinsights.contract.WorkflowRequest.GetRun;
import io.amcinsights.contract.WorkflowRequest.GetWorkflow;
import io.amcinsights.contract.WorkflowRequest.ListRuns;
import io.amcinsights.contract.WorkflowRequest.ListTemplates;
import io.amcinsights.contract.WorkflowRequest.ListVersions;
import io.amcinsights.contract.WorkflowRequest.ListWorkflows;
import io.amcinsights.contract.WorkflowRequest.PutWorkflow;
import io.amcinsights.contract.WorkflowRequest.ReadResult;
import io.amcinsights.contract.WorkflowRequest.Result;
import io.amcinsights.contract.WorkflowRequest.RunBatch;
import io.amcinsights.contract.WorkflowRequest.RunQuery;
import io.amcinsights.contract.WorkflowRequest.RunWorkflow;
import io.amcinsights.contract.WorkflowRequest.Runs;
import io.amcinsights.contract.WorkflowRequest.SettleWorkflow;
import io.amcinsights.contract.WorkflowRequest.Templates;
import io.amcinsights.contract.WorkflowRequest.Workflows;
import io.amcinsights.desktop.aws.FakeBackend;
import io.amcinsights.desktop.common.Clicks;
import io.amcinsights.desktop.common.FakeDialogs;
import io.amcinsights.desktop.common.Screen;
import io.amcinsights.desktop.common.ScreenFixture;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.Toasts;
import io.amcinsights.desktop.common.Visited;
import io.amcinsights.desktop.places.OpenTrial;
import io.amcinsights.desktop.places.OpenWorkflow;
import io.amcinsights.desktop.places.ShowRun;

import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.DatePicker;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TableView;
import javafx.scene.control.TextInputControl;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;

import org.fxmisc.richtext.CodeArea;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

@ExtendWith(ApplicationExtension.class)
class WorkflowsScreenTest {

    @TempDir static Path folder;

    private final FakeBackend backend = new FakeBackend();
    private final FakeDialogs dialogs = new FakeDialogs();
    private final Visited navigation = new Visited();
    private volatile List<Workflow> workflows = many();
    private volatile boolean broken;
    private Stage window;
    private ScreenFixture fixture;

    @Start
    void start(Stage stage) {
        window = stage;
        backend.on(
                        ListTemplates.class,
                        request -> new Templates(List.of(REACH, OPTIMAL, OVERLAP, NEW_TO_BRAND)))
                .on(ListTenants.class, request -> new Tenants(List.of(KESTREL, HARBOR, FAILED)))
                .on(ListWorkflows.class, this::list)
                .on(ListRuns.class, request -> new Runs(runs(), null))
                .on(PutWorkflow.class, request -> saved(request.workflow(), 1))
                .on(RunWorkflow.class, request -> run(workflows.getFirst(), Run.Status.QUEUED, 0));
        Tasks tasks = Tasks.onVirtualThreads();
        LibraryViewModel library = new LibraryViewModel(backend, tasks);
        EditorViewModel editor =
                new EditorViewModel(backend, tasks, dialogs, new Toasts(), Clock.systemUTC());
        RunViewModel run = new RunViewModel(backend, tasks, navigation, Clock.systemUTC());
        WorkflowsViewModel model =
                new WorkflowsViewModel(
                        backend,
                        tasks,
                        navigation,
                        library,
                        editor,
                        run,
                        new BatchViewModel(backend, tasks, navigation, Clock.systemUTC()));
        fixture =
                new ScreenFixture(
                        stage,
                        folder,
                        tasks,
                        Map.of(
                                WorkflowsController.class,
                                () -> new WorkflowsController(model, run),
                                LibraryController.class,
                                () -> new LibraryController(model, library),
                                EditorController.class,
                                () -> new EditorController(model, editor, tasks)));
        fixture.show(Screen.WORKFLOWS);
    }

    @Test
    void an_earlier_version_is_seen_and_restored(FxRobot robot) throws Exception {
        Workflow now = workflows.getFirst();
        Workflow before =
                new Workflow(
                        now.tenantId(),
                        now.workflowId(),
                        now.title(),
                        now.description(),
                        "SELECT campaign FROM dsp_impressions",
                        List.of(),
                        now.templateId(),
                        now.updatedAt().minusSeconds(90_000),
                        now.version() - 1);
        backend.on(ListVersions.class, request -> new Workflows(List.of(now, before)))
                .on(GetWorkflow.class, request -> now);
        openFirst(robot, now);
        Clicks.clickOn(robot, "#more");
        Clicks.clickOn(robot, "History");
        await(() -> robot.lookup("#restore-" + before.version()).tryQuery().isPresent());
        fixture.snapshots("workflow-history");
        assertThat(robot.lookup(".change-removed").queryAll()).isNotEmpty();
        Clicks.clickOn(robot, "#restore-" + before.version());
        await(() -> robot.lookup("#unsaved").query().isVisible());
        await(
                () ->
                        robot.lookup("#sql")
                                .queryAs(CodeArea.class)
                                .getText()
                                .equals("SELECT campaign FROM dsp_impressions"));
    }

    @Test
    void a_workflow_is_copied_to_tenants_and_each_says_how_it_went(FxRobot robot) throws Exception {
        Workflow now = workflows.getFirst();
        String other =
                now.tenantId().equals(HARBOR.tenantId()) ? KESTREL.tenantId() : HARBOR.tenantId();
        backend.on(GetWorkflow.class, request -> now);
        backend.on(
                CopyWorkflow.class,
                request ->
                        new Copies(
                                List.of(
                                        new Copy(
                                                other,
                                                Failure.of(
                                                                ErrorCode.ALREADY_EXISTS,
                                                                "There is a workflow “reach” of"
                                                                        + " this tenant already.")
                                                        .next("Choose to replace it.")))));
        openFirst(robot, now);
        Clicks.clickOn(robot, "#more");
        Clicks.clickOn(robot, "Copy to other tenants…");
        Clicks.clickOn(robot, "#to-" + other);
        Clicks.clickOn(robot, "#doCopy");
        await(() -> !robot.lookup("#copyTo .problem-view").queryAll().isEmpty());
        fixture.snapshots("workflow-copy");
        assertThat(backend.asked(CopyWorkflow.class))
                .containsExactly(
                        new CopyWorkflow(now.tenantId(), now.workflowId(), List.of(other), false));
    }

    @Test
    void a_query_is_tried_and_its_first_rows_are_shown(FxRobot robot) throws Exception {
        Workflow now = workflows.getFirst();
        AtomicReference<Run> tried = new AtomicReference<>(run(now, Run.Status.QUEUED, 0));
        backend.on(
                        RunQuery.class,
                        request -> {
                            tried.set(adHoc(request.query(), Run.Status.QUEUED));
                            return tried.get();
                        })
                .on(GetRun.class, request -> tried.get())
                .on(
                        ReadResult.class,
                        request ->
                                new Result(
                                        List.of("campaign", "users", "impressions"),
                                        Arrays.asList(
                                                List.of("Kestrel autumn", "18230", "92511"),
                                                Arrays.asList(null, "120", "482")),
                                        false));
        openFirst(robot, now);
        Clicks.clickOn(robot, "#trying");
        await(() -> !robot.lookup("#dryRun").queryAll().isEmpty());
        fixture.snapshots("workflow-try");
        Clicks.clickOn(robot, "#submitRun");
        await(() -> !robot.lookup("#cancelTrial").queryAll().isEmpty());
        RunQuery asked = backend.asked(RunQuery.class).getFirst();
        assertThat(asked.query().sql()).isEqualTo(now.sql());
        assertThat(asked.query().parameters()).hasSameSizeAs(now.parameters());
        assertThat(asked.query().dryRun()).isFalse();

        tried.set(adHoc(asked.query(), Run.Status.SUCCEEDED));
        await(() -> !robot.lookup("#trialRows").queryAll().isEmpty());
        fixture.snapshots("workflow-tried");
        assertThat(robot.lookup("#trialRows").queryAs(TableView.class).getItems().size())
                .isEqualTo(2);
        assertThat(texts(robot, "#trial .subtitle")).containsExactly("2 rows");
        Clicks.clickOn(robot, "#closeTrial");
        await(() -> !robot.lookup("#trial").query().isVisible());
        assertThat(backend.asked(RunWorkflow.class)).isEmpty();
        assertThat(backend.asked(PutWorkflow.class)).isEmpty();
    }

    @Test
    void a_query_that_was_tried_is_opened_again(FxRobot robot) throws Exception {
        Run.AdHoc query = new Run.AdHoc("SELECT 1 AS n FROM dsp_clicks", List.of(), false);
        Run tried = adHoc(query, Run.Status.SUCCEEDED);
        backend.on(GetRun.class, request -> tried)
                .on(
                        ReadResult.class,
                        request -> new Result(List.of("n"), List.of(List.of("1")), true));
        await(() -> rows(robot) == workflows.size());
        robot.interact(() -> fixture.navigation().show(Screen.WORKFLOWS, new OpenTrial(tried)));
        await(() -> !robot.lookup("#trialRows").queryAll().isEmpty());
        assertThat(texts(robot, "#trial .subtitle")).containsExactly("The first 1 rows");
        assertThat(robot.lookup("#tenantBox").queryAs(ComboBox.class).getValue())
                .isEqualTo(KESTREL);
    }

    @Test
    void what_amc_refuses_of_a_dry_run_is_said(FxRobot robot) throws Exception {
        Workflow now = workflows.getFirst();
        Run.AdHoc query = new Run.AdHoc(now.sql(), now.parameters(), true);
        Run refused = failed(adHoc(query, Run.Status.FAILED));
        backend.on(RunQuery.class, request -> adHoc(request.query(), Run.Status.QUEUED))
                .on(GetRun.class, request -> refused);
        openFirst(robot, now);
        Clicks.clickOn(robot, "#trying");
        Clicks.clickOn(robot, "#dryRun");
        Clicks.clickOn(robot, "#submitRun");
        await(() -> !robot.lookup("#trial .problem-view").queryAll().isEmpty());
        fixture.snapshots("workflow-try-refused");
        assertThat(backend.asked(RunQuery.class).getFirst().query().dryRun()).isTrue();
    }

    @Test
    void what_amc_has_is_taken_or_replaced(FxRobot robot) throws Exception {
        Workflow ours = workflows.getFirst();
        Workflow changed = withSql(ours, ours.sql().replace("GROUP BY 1", "GROUP BY frequency"));
        Workflow made = withSql(ours, "SELECT campaign, COUNT(1) AS n FROM dsp_clicks GROUP BY 1");
        backend.on(
                        CompareWorkflows.class,
                        request ->
                                new Differences(
                                        List.of(
                                                new Difference("console-made", null, made),
                                                new Difference(ours.workflowId(), ours, changed))))
                .on(SettleWorkflow.class, request -> ours);
        await(() -> rows(robot) == workflows.size());
        Clicks.clickOn(robot, "#compare");
        await(() -> !robot.lookup("#take-console-made").queryAll().isEmpty());
        fixture.snapshots("workflows-compare");
        Clicks.clickOn(robot, "#take-console-made");
        await(() -> robot.lookup("#take-console-made").queryAll().isEmpty());
        Clicks.clickOn(robot, "#send-" + ours.workflowId());
        await(() -> !robot.lookup("All the same").queryAll().isEmpty());
        assertThat(backend.asked(SettleWorkflow.class))
                .extracting(SettleWorkflow::keep)
                .containsExactly(SettleWorkflow.Side.AMCS, SettleWorkflow.Side.OURS);
    }

    private static Workflow withSql(Workflow w, String sql) {
        return new Workflow(
                w.tenantId(),
                w.workflowId(),
                w.title(),
                w.description(),
                sql,
                w.parameters(),
                w.templateId(),
                w.updatedAt(),
                w.version());
    }

    @Test
    void a_period_is_backfilled(FxRobot robot) throws Exception {
        Workflow now = workflows.getFirst();
        backend.on(
                RunBatch.class,
                request ->
                        new Batch(
                                "batch-1",
                                request.workflowId(),
                                Instant.now(),
                                List.of(
                                        new Batch.Part(
                                                now.tenantId(),
                                                request.windows().getFirst(),
                                                run(now, Run.Status.QUEUED, 0),
                                                null))));
        openFirst(robot, now);
        Clicks.clickOn(robot, "#more");
        Clicks.clickOn(robot, "Backfill, or run for several tenants…");
        await(() -> !robot.lookup("#batchForm").queryAll().isEmpty());
        DatePicker from = robot.lookup("#batchFrom").queryAs(DatePicker.class);
        DatePicker until = robot.lookup("#batchUntil").queryAs(DatePicker.class);
        robot.interact(
                () -> {
                    from.setValue(LocalDate.of(2026, 8, 3));
                    until.setValue(LocalDate.of(2026, 8, 30));
                });
        fixture.snapshots("workflow-batch");
        assertThat(robot.lookup("#batchSummary").queryAs(Label.class).getText())
                .isEqualTo("4 runs: 1 tenant, 4 windows each.");
        robot.interact(() -> until.setValue(LocalDate.of(2026, 8, 1)));
        assertThat(robot.lookup("#submitBatch").query().isDisabled()).isTrue();
        robot.interact(() -> until.setValue(LocalDate.of(2026, 8, 9)));
        Clicks.clickOn(robot, "#submitBatch");
        await(() -> !backend.asked(RunBatch.class).isEmpty());
        RunBatch asked = backend.asked(RunBatch.class).getFirst();
        assertThat(asked.tenantIds()).containsExactly(now.tenantId());
        assertThat(asked.windows())
                .singleElement()
                .returns("2026-08-03T00:00:00", TimeWindow::start)
                .returns("2026-08-10T00:00:00", TimeWindow::end);
        await(
                () ->
                        navigation
                                .places()
                                .contains(new ShowRun(run(now, Run.Status.QUEUED, 0).runId())));
    }

    private void openFirst(FxRobot robot, Workflow workflow) throws Exception {
        backend.on(GetWorkflow.class, request -> workflow);
        await(() -> !robot.lookup(workflow.title()).queryAll().isEmpty());
        robot.interact(
                () ->
                        fixture.navigation()
                                .show(
                                        Screen.WORKFLOWS,
                                        new OpenWorkflow(
                                                workflow.tenantId(), workflow.workflowId())));
        await(() -> robot.lookup("#more").query().isVisible());
    }

    @Test
    void a_template_becomes_a_workflow_and_runs(FxRobot robot) throws Exception {
        await(() -> rows(robot) == workflows.size());
        fixture.snapshots("workflows");

        Clicks.clickOn(robot, "#begin");
        await(() -> robot.lookup("#library .template .sql-text").tryQuery().isPresent());
        fixture.snapshots("workflows-library");
        Clicks.clickOn(robot, "Streaming TV and display overlap");
        WaitForAsyncUtils.waitForFxEvents();
        robot.type(KeyCode.DOWN);
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(robot.lookup("#details .screen-title").queryAs(Label.class).getText())
                .isEqualTo("New-to-brand customers");
        robot.type(KeyCode.UP);
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(robot.lookup("#details .screen-title").queryAs(Label.class).getText())
                .isEqualTo("Streaming TV and display overlap");
        Clicks.clickOn(robot, "#entries .list-cell:filled .muted").type(KeyCode.ENTER);

        robot.interact(
                () ->
                        robot.lookup("#tenantBox")
                                .queryAs(ComboBox.class)
                                .getSelectionModel()
                                .select(1));
        await(() -> verdict(robot).equals("No problems found"));
        set(robot, "#titleText", "Reach of spring");
        set(robot, "#parameters #parameter-campaigns", "Spring sale\nSummer");
        fixture.snapshots("workflows-template");
        assertThat(texts(robot, "#result .label"))
                .contains("users", "whole number")
                .anyMatch(sentence -> sentence.startsWith("No column of the result has"));
        robot.interact(() -> robot.lookup("#side").queryAs(ScrollPane.class).setVvalue(1));
        fixture.snapshots("workflows-result");
        Clicks.clickOn(robot, "#save");
        await(() -> robot.lookup("#delete").query().isVisible());
        assertThat(backend.asked(PutWorkflow.class))
                .singleElement()
                .satisfies(
                        put -> {
                            assertThat(put.workflow().tenantId()).isEqualTo("amcharbor3");
                            assertThat(put.workflow().title()).isEqualTo("Reach of spring");
                            assertThat(Json.write(put.workflow().parameters().getFirst()))
                                    .contains("\"defaultValue\":[\"Spring sale\",\"Summer\"]");
                        });

        Clicks.clickOn(robot, "#run");
        await(() -> robot.lookup("#runForm").tryQuery().isPresent());
        WaitForAsyncUtils.waitForFxEvents();
        fixture.snapshots("workflows-run");
        set(robot, "#runForm #parameter-highest_frequency", "many");
        Clicks.clickOn(robot, "#submitRun");
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(backend.asked(RunWorkflow.class)).isEmpty();
        assertThat(texts(robot, "#runForm .field-message")).anyMatch(m -> m.contains("“many”"));
        set(robot, "#runForm #parameter-highest_frequency", "5");
        Clicks.clickOn(robot, "#submitRun");
        await(() -> !navigation.places().isEmpty());
        assertThat(navigation.places().getFirst()).isInstanceOf(ShowRun.class);
        assertThat(backend.asked(RunWorkflow.class).getFirst().parameters())
                .containsOnlyKeys("highest_frequency");
    }

    @Test
    void bad_input_is_said_where_it_is(FxRobot robot) throws Exception {
        await(() -> rows(robot) == workflows.size());
        Clicks.clickOn(robot, "#begin");
        await(() -> robot.lookup("#library .template").tryQuery().isPresent());
        Clicks.clickOn(robot, "#blank");
        robot.interact(
                () ->
                        robot.lookup("#tenantBox")
                                .queryAs(ComboBox.class)
                                .getSelectionModel()
                                .select(0));
        set(robot, "#titleText", "Reach and frequency");
        set(robot, "#workflowIdText", "reach-and-frequency");
        CodeArea sql = robot.lookup("#sql").queryAs(CodeArea.class);
        robot.interact(
                () ->
                        sql.replaceText(
                                """
                                SELECT campaign, clicks_total
                                FROM dsp_impressions
                                WHERE advertiser = CUSTOM_PARAMETER('brand')
                                GROUP BY campaign
                                """));
        await(() -> verdict(robot).contains("error"));
        Clicks.clickOn(robot, "#save");
        WaitForAsyncUtils.waitForFxEvents();
        fixture.snapshots("workflows-problems");
        assertThat(sql.getStyleOfChar(20)).contains("problem-error");
        assertThat(texts(robot, "#workflowIdField .field-message").getFirst()).contains("already");
        assertThat(backend.asked(PutWorkflow.class)).isEmpty();

        Clicks.clickOn(robot, "#declare-brand");
        await(() -> robot.lookup("#card-brand").tryQuery().isPresent());
        backend.on(
                PutWorkflow.class,
                request -> {
                    throw Failure.of(
                                    ErrorCode.AMC_REFUSED,
                                    "Was unable to compile workflow reach-by-brand because it was"
                                        + " found to be invalid: SQL query was invalid: From line"
                                        + " 1, column 18 to line 1, column 29: Column"
                                        + " 'clicks_total' not found in any table")
                            .with("field", "sql")
                            .with("line", "1")
                            .with("column", "18")
                            .with("endLine", "1")
                            .with("endColumn", "29")
                            .exception();
                });
        set(robot, "#workflowIdText", "reach-by-brand");
        assertThat(robot.lookup("#type-brand").query().isVisible()).isTrue();
        robot.interact(() -> robot.lookup("#side").queryAs(ScrollPane.class).setVvalue(1));
        fixture.snapshots("workflows-declaration");
        Clicks.clickOn(robot, "#save");
        await(() -> robot.lookup("#problem .problem-view").tryQuery().isPresent());
        fixture.snapshots("workflows-refused");
        assertThat(sql.getText()).startsWith("SELECT campaign, clicks_total");

        dialogs.answer(false);
        Clicks.clickOn(robot, "#editor #back");
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(robot.lookup("#editor").query().isVisible()).isTrue();
        assertThat(dialogs.asked()).containsExactly("Discard what is not saved?");
    }

    @Test
    void opens_what_another_screen_asks_for_and_shows_a_conflict(FxRobot robot) throws Exception {
        backend.on(GetWorkflow.class, request -> workflows.getFirst())
                .on(
                        PutWorkflow.class,
                        request -> {
                            throw Failure.of(
                                            ErrorCode.CONFLICT,
                                            "Somebody else has changed this workflow since you"
                                                    + " opened it.")
                                    .next("Open it again and make your change once more.")
                                    .exception();
                        });
        Workflow first = workflows.getFirst();
        robot.interact(
                () ->
                        fixture.navigation()
                                .show(
                                        Screen.WORKFLOWS,
                                        new OpenWorkflow(first.tenantId(), first.workflowId())));
        await(
                () ->
                        robot.lookup("#titleText")
                                .queryAs(TextInputControl.class)
                                .getText()
                                .equals(first.title()));
        await(() -> verdict(robot).equals("No problems found"));
        fixture.snapshots("workflows-editor");
        set(robot, "#titleText", "My title");
        Clicks.clickOn(robot, "#save");
        await(() -> robot.lookup("Overwrite their version").tryQuery().isPresent());
        fixture.snapshots("workflows-conflict");
    }

    @Test
    void a_row_runs_its_workflow_without_opening_it(FxRobot robot) throws Exception {
        await(() -> rows(robot) == workflows.size());
        Node second = robot.lookup(".run-row").nth(1).query();
        Clicks.clickOn(robot, second);
        await(() -> robot.lookup("#runForm").tryQuery().isPresent());
        WaitForAsyncUtils.waitForFxEvents();
        fixture.snapshots("workflows-list-run");
        assertThat(robot.lookup("#editor").query().isVisible()).isFalse();
        Clicks.clickOn(robot, "#submitRun");
        await(() -> !navigation.places().isEmpty());
        assertThat(backend.asked(RunWorkflow.class))
                .extracting(RunWorkflow::tenantId)
                .containsExactly("amcharbor3");
        await(() -> !robot.lookup("#drawer").query().isVisible());
    }

    @Test
    void a_list_that_cannot_be_read_says_why(FxRobot robot) throws Exception {
        await(() -> rows(robot) == workflows.size());
        broken = true;
        robot.interact(() -> start(window));
        await(() -> robot.lookup("#list .problem-view").tryQuery().isPresent());
        fixture.snapshots("workflows-error");
        broken = false;
        Clicks.clickOn(robot, "Try again");
        await(() -> rows(robot) == workflows.size());
    }

    @Test
    void an_empty_list_leads_to_the_library(FxRobot robot) throws Exception {
        await(() -> rows(robot) == workflows.size());
        workflows = List.of();
        robot.interact(() -> fixture.navigation().show(Screen.WORKFLOWS, "again"));
        await(() -> robot.lookup("#emptyAction").tryQuery().isPresent());
        fixture.snapshots("workflows-empty");
        Clicks.clickOn(robot, "#emptyAction");
        await(() -> robot.lookup("#library").query().isVisible());
    }

    private Workflows list(ListWorkflows request) {
        if (broken) {
            throw Failure.of(
                            ErrorCode.INTERNAL,
                            "The function “workflows” broke off while it worked on ListWorkflows.")
                    .next("Try again; if it happens again, look into the function’s log.")
                    .exception();
        }
        return new Workflows(workflows);
    }

    private static List<Workflow> many() {
        List<Workflow> all = new ArrayList<>();
        all.add(workflow(KESTREL, "reach-and-frequency", "Reach and frequency", 3));
        all.add(workflow(HARBOR, "reach-and-frequency", "Reach and frequency", 1));
        for (int i = 2; i <= 24; i++) {
            Tenant tenant = i % 3 == 0 ? HARBOR : KESTREL;
            all.add(
                    workflow(
                            tenant,
                            "new-to-brand-customers-by-campaign-" + i,
                            "New-to-brand customers by campaign " + i,
                            i));
        }
        return List.copyOf(all);
    }

    private List<Run> runs() {
        List<Run> runs = new ArrayList<>();
        Iterator<Workflow> each = workflows.iterator();
        while (each.hasNext()) {
            for (Run.Status status : Run.Status.values()) {
                if (each.hasNext()) {
                    runs.add(run(each.next(), status, runs.size() * 600L));
                }
            }
            if (each.hasNext()) {
                each.next(); // never run
            }
        }
        return runs;
    }

    private static int rows(FxRobot robot) {
        return robot.lookup("#table")
                .tryQueryAs(TableView.class)
                .map(t -> t.getItems().size())
                .orElse(0);
    }

    private static String verdict(FxRobot robot) {
        return robot.lookup(".verdict").queryAs(Label.class).getText();
    }

    private static List<String> texts(FxRobot robot, String query) {
        return robot.lookup(query).queryAllAs(Label.class).stream().map(Label::getText).toList();
    }

    private static void set(FxRobot robot, String query, String text) {
        robot.interact(() -> robot.lookup(query).queryAs(TextInputControl.class).setText(text));
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        WaitForAsyncUtils.waitFor(10, TimeUnit.SECONDS, condition);
    }
}
