package io.amcinsights.workflows;

import static io.amcinsights.TestInstallation.ask;
import static io.amcinsights.TestInstallation.call;
import static io.amcinsights.TestInstallation.caught;
import static io.amcinsights.TestInstallation.refusal;
import static io.amcinsights.TestInstallation.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;

import io.amcinsights.Busy;
import io.amcinsights.StepFailed;
import io.amcinsights.TestInstallation;
import io.amcinsights.amc.ScriptedAmc.Answer;
import io.amcinsights.contract.Batch;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.Parameter;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.Schedule;
import io.amcinsights.contract.TenantRequest.Belonging;
import io.amcinsights.contract.TenantRequest.OffboardTenant;
import io.amcinsights.contract.TenantRequest.Offboarded;
import io.amcinsights.contract.TenantRequest.PlanOffboarding;
import io.amcinsights.contract.TimeWindow;
import io.amcinsights.contract.Workflow;
import io.amcinsights.contract.WorkflowRequest.CancelBatch;
import io.amcinsights.contract.WorkflowRequest.CancelRun;
import io.amcinsights.contract.WorkflowRequest.Capacity;
import io.amcinsights.contract.WorkflowRequest.FireSchedule;
import io.amcinsights.contract.WorkflowRequest.GetBatch;
import io.amcinsights.contract.WorkflowRequest.GetCapacity;
import io.amcinsights.contract.WorkflowRequest.GetRun;
import io.amcinsights.contract.WorkflowRequest.ListRuns;
import io.amcinsights.contract.WorkflowRequest.ListSchedules;
import io.amcinsights.contract.WorkflowRequest.PutSchedule;
import io.amcinsights.contract.WorkflowRequest.Reconcile;
import io.amcinsights.contract.WorkflowRequest.Reconciled;
import io.amcinsights.contract.WorkflowRequest.ResumeBatch;
import io.amcinsights.contract.WorkflowRequest.RunBatch;
import io.amcinsights.contract.WorkflowRequest.RunQuery;
import io.amcinsights.contract.WorkflowRequest.RunWorkflow;
import io.amcinsights.ports.Documents.ConflictException;
import io.amcinsights.tenants.TenantsHandler;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

class RunsTest {

    private static final String TENANT = "amcr1aaaa1a";
    private static final String PATH = "/amc/reporting/amcr1aaaa1a/workflowExecutions";
    private static final TimeWindow WINDOW =
            TimeWindow.explicit("TODAY(-30)", "TODAY()", "America/New_York");
    private static final String EXECUTION =
            """
            {"workflowExecutionId":"e-1","workflowId":"reach","status":"%s",
             "createTime":"2026-11-23T10:15:31Z","parameterValues":{"days":7,"since":"2026-11-01"},
             "timeWindowStartOriginal":"2026-10-24T00:00:00",
             "timeWindowEndOriginal":"2026-11-23T00:00:00","statusReason":"%s",
             "outputS3URI":"s3://bucket/workflow=reach/schedule=adhoc/x.csv"}\
            """;

    private final TestInstallation installation = new TestInstallation();
    private final WorkflowsHandler workflows = new WorkflowsHandler(installation.functions());
    private final DispatcherHandler dispatcher = new DispatcherHandler(installation.functions());
    private final RunStepsHandler steps = new RunStepsHandler(installation.functions());

    @BeforeEach
    void workflow() throws ConflictException {
        installation.tenant(TENANT);
        save(TENANT);
    }

    private void save(String tenantId) throws ConflictException {
        new WorkflowStore(installation.ports.documents())
                .put(
                        new Workflow(
                                tenantId,
                                "reach",
                                "Reach",
                                "",
                                "SELECT 1",
                                List.of(
                                        new Parameter("days", Parameter.Type.LONG, false, "", null),
                                        new Parameter(
                                                "since",
                                                Parameter.Type.DATE,
                                                false,
                                                "",
                                                TextNode.valueOf("FIRSTDAYOFOFFSETMONTH(0)"))),
                                null,
                                Instant.EPOCH,
                                0),
                        0);
    }

    @AfterEach
    void close() {
        installation.close();
    }

    @Test
    void aPageThatNobodyWasGivenIsRefused() {
        Failure refused = refusal(workflows, new ListRuns(null, 10, "page-2"));

        assertThat(refused.field()).isEqualTo("nextToken");
        assertThat(refused.message()).isEqualTo("“page-2” is not the token of a page.");
    }

    @Test
    void aRunIsRecordedInPlainTimesAndQueued() {
        Run run = request("key-1");

        assertThat(run.status()).isEqualTo(Run.Status.QUEUED);
        assertThat(run.window().start()).isEqualTo("2026-10-24T00:00:00");
        assertThat(run.window().end()).isEqualTo("2026-11-23T00:00:00");
        assertThat(run.parameters())
                .containsEntry("days", IntNode.valueOf(7))
                .containsEntry("since", TextNode.valueOf("2026-11-01"));
        assertThat(installation.ports.messages)
                .singleElement()
                .returns(TENANT, m -> m.group())
                .returns("{\"runId\":\"%s\"}".formatted(run.runId()), m -> m.body());
    }

    @Test
    void theSameKeyIsTheSameRun() {
        Run run = request("key-1");
        installation.clock.forward(Duration.ofMinutes(1));

        assertThat(request("key-1")).isEqualTo(run);
        assertThat(request("key-2").runId()).isNotEqualTo(run.runId());
        assertThat(installation.ports.messages).hasSize(2);
    }

    @Test
    void whatIsMissingOrWrongIsNamed() {
        assertThat(refused(Map.of(), WINDOW).field()).isEqualTo("parameters.days");
        assertThat(refused(Map.of("days", TextNode.valueOf("x")), WINDOW).field())
                .isEqualTo("parameters.days");
        assertThat(
                        refused(
                                        Map.of(
                                                "days",
                                                IntNode.valueOf(1),
                                                "more",
                                                IntNode.valueOf(1)),
                                        WINDOW)
                                .field())
                .isEqualTo("parameters.more");
        assertThat(
                        refused(
                                        Map.of("days", IntNode.valueOf(1)),
                                        TimeWindow.explicit("TODAY()", "TODAY(-1)", "UTC"))
                                .field())
                .isEqualTo("window.end");
        assertThat(installation.ports.messages).isEmpty();
        assertThat(ask(workflows, new ListRuns(null, 10, null)).runs()).isEmpty();
    }

    @Test
    void runsOfAllTenantsAreListedNewestFirstPageByPage() throws ConflictException {
        installation.tenant("amcr2bbbb2b");
        save("amcr2bbbb2b");
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            installation.clock.forward(Duration.ofSeconds(1));
            made.add(request(i % 2 == 0 ? TENANT : "amcr2bbbb2b", "key-" + i).runId());
        }

        List<String> listed = new ArrayList<>();
        String token = null;
        do {
            var page = ask(workflows, new ListRuns(null, 3, token));
            assertThat(page.runs()).hasSizeLessThanOrEqualTo(3);
            page.runs().forEach(r -> listed.add(r.runId()));
            token = page.nextToken();
        } while (token != null);

        assertThat(listed).containsExactlyElementsOf(made.reversed());
        assertThat(ask(workflows, new ListRuns("amcr2bbbb2b", 10, null)).runs()).hasSize(3);
    }

    @Test
    void tenRunAtAnInstanceAndTheNextWaitsForAFreePlace() {
        List<Run> runs = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            installation.clock.forward(Duration.ofMillis(1));
            runs.add(request("key-" + i));
        }

        assertThat(dispatch(runs)).containsExactly("m-10", "m-11");
        assertThat(ask(workflows, new GetCapacity(TENANT))).isEqualTo(new Capacity(10, 10, 2));
        assertThat(installation.machines.started).hasSize(10);
        assertThat(installation.ports.postponed)
                .containsOnly(
                        Map.entry("r-10", Duration.ofSeconds(5)),
                        Map.entry("r-11", Duration.ofSeconds(5)));
        assertThat(dispatch(runs.subList(10, 12))).hasSize(2);

        ask(workflows, new CancelRun(runs.get(3).runId()));
        assertThat(dispatch(runs.subList(10, 12))).containsExactly("m-1");
        assertThat(ask(workflows, new GetRun(runs.get(10).runId())).execution()).isNotNull();
    }

    @Test
    void batchesAndSchedulesLeavePlacesForPeople() {
        Batch batch = ask(workflows, batch(WEEKS, "batch-1"));
        List<Run> runs = new ArrayList<>();
        batch.parts().forEach(p -> runs.add(Objects.requireNonNull(p.run())));

        assertThat(dispatch(runs)).containsExactly("m-6", "m-7");
        Schedule saved = ask(workflows, new PutSchedule(schedule("rate(1 day)", true)));
        List<Run> scheduled = new ArrayList<>();
        for (int i = 1; i < 5; i++) {
            Instant due = installation.clock.instant().plus(Duration.ofDays(i));
            scheduled.add(fired(new FireSchedule(TENANT, saved.scheduleId(), due)));
        }
        assertThat(dispatch(scheduled)).containsExactly("m-2", "m-3");
        List<Run> people = List.of(request("a"), request("b"), request("c"));
        assertThat(dispatch(people)).containsExactly("m-2");
        assertThat(installation.ports.messages)
                .extracting(m -> m.group())
                .contains(TENANT, TENANT + "/schedules", TENANT + "/batches");
    }

    @Test
    void aScheduleThatFailsAgainAndAgainIsPausedAndSaysWhy() {
        Schedule saved = ask(workflows, new PutSchedule(schedule("rate(1 day)", true)));
        installation.amc.on("POST", PATH, 400, "{\"code\":\"400\",\"details\":\"no such table\"}");
        List<String> failed = new ArrayList<>();
        for (int day = 1; day <= 3; day++) {
            Run run = fire(saved, day);
            failed.add(run.runId());
            dispatch(List.of(run));
            Throwable thrown = catchThrowable(() -> create(run));
            call(
                    steps,
                    "write",
                    "{\"step\":\"record-failure\",\"runId\":\"%s\",\"error\":%s}"
                            .formatted(run.runId(), caught(thrown)));
        }

        Instant fourth = TestInstallation.START.plus(Duration.ofDays(4));
        assertThat(ask(workflows, new FireSchedule(TENANT, saved.scheduleId(), fourth)).run())
                .isNull();
        Schedule paused = ask(workflows, new ListSchedules(TENANT)).schedules().getFirst();
        assertThat(paused.enabled()).isFalse();
        assertThat(paused.lastRunId()).isEqualTo(failed.getLast());
        assertThat(installation.ports.sent.getLast().text()).contains("no such table");

        installation.clock.forward(Duration.ofMinutes(1));
        ask(workflows, new PutSchedule(paused.withEnabled(true)));
        assertThat(failed).doesNotContain(fire(saved, 5).runId());
    }

    private Run fired(FireSchedule due) {
        return Objects.requireNonNull(ask(workflows, due).run());
    }

    private Run fire(Schedule schedule, int day) {
        installation.clock.forward(Duration.ofMinutes(1));
        Instant due = TestInstallation.START.plus(Duration.ofDays(day));
        return fired(new FireSchedule(TENANT, schedule.scheduleId(), due));
    }

    @Test
    void aBatchIsARunForEachTenantAndWindowAndTheSameOnceMore() throws ConflictException {
        installation.tenant("amcr2bbbb2b");
        save("amcr2bbbb2b");
        RunBatch request =
                new RunBatch(
                        List.of(TENANT, "amcr2bbbb2b", "amcr3cccc3c"),
                        "reach",
                        WEEKS.subList(0, 2),
                        Map.of("days", IntNode.valueOf(7)),
                        "batch-1");
        Batch batch = ask(workflows, request);

        assertThat(batch.parts()).hasSize(6);
        assertThat(batch.parts().subList(0, 4))
                .allSatisfy(
                        p -> {
                            Run run = Objects.requireNonNull(p.run());
                            assertThat(run.batchId()).isEqualTo(batch.batchId());
                            assertThat(run.tenantId()).isEqualTo(p.tenantId());
                            assertThat(run.window()).isEqualTo(p.window());
                        });
        assertThat(Objects.requireNonNull(batch.parts().getLast().problem()).code())
                .isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(ask(workflows, request)).isEqualTo(batch);
        assertThat(ask(workflows, new ListRuns(null, 100, null)).runs()).hasSize(4);
    }

    @Test
    void aBatchIsCancelledAndGoesOnWhereItStopped() {
        Batch batch = ask(workflows, batch(WEEKS.subList(0, 3), "batch-1"));
        Run first = Objects.requireNonNull(batch.parts().getFirst().run());
        dispatch(List.of(first));
        installation.amc.on("POST", PATH, 200, EXECUTION.formatted("RUNNING", ""));
        installation.amc.on("GET", PATH + "/e-1", 200, EXECUTION.formatted("SUCCEEDED", ""));
        create(first);
        poll(first);

        Batch stopped = ask(workflows, new CancelBatch(batch.batchId()));
        assertThat(stopped.parts())
                .extracting(p -> Objects.requireNonNull(p.run()).status())
                .containsExactly(Run.Status.SUCCEEDED, Run.Status.CANCELLED, Run.Status.CANCELLED);

        Batch resumed = ask(workflows, new ResumeBatch(batch.batchId()));
        assertThat(resumed.parts())
                .extracting(p -> Objects.requireNonNull(p.run()).status())
                .containsExactly(Run.Status.SUCCEEDED, Run.Status.QUEUED, Run.Status.QUEUED);
        assertThat(resumed.parts().getFirst().run()).isEqualTo(stopped.parts().getFirst().run());
        assertThat(ask(workflows, new GetBatch(batch.batchId()))).isEqualTo(resumed);
    }

    @Test
    void ofABatchPeopleAreToldOnceWhenItHasEnded() {
        Batch batch = ask(workflows, batch(WEEKS.subList(0, 2), "batch-1"));
        List<Run> all = batch.parts().stream().map(p -> Objects.requireNonNull(p.run())).toList();
        dispatch(all);
        installation
                .amc
                .on("POST", PATH, 200, EXECUTION.formatted("RUNNING", ""))
                .on("POST", PATH, 400, "{\"code\":\"400\",\"details\":\"too many runs\"}");
        installation.amc.on("GET", PATH + "/e-1", 200, EXECUTION.formatted("SUCCEEDED", ""));
        create(all.getFirst());
        poll(all.getFirst());
        step(steps, "{'step':'finish','runId':'%s'}".formatted(all.getFirst().runId()));
        assertThat(installation.ports.sent).isEmpty();

        Throwable thrown = catchThrowable(() -> create(all.getLast()));
        String failure =
                "{\"step\":\"record-failure\",\"runId\":\"%s\",\"error\":%s}"
                        .formatted(all.getLast().runId(), caught(thrown));
        call(steps, "write", failure);
        call(steps, "write", failure);
        assertThat(installation.ports.sent)
                .singleElement()
                .satisfies(
                        n -> {
                            assertThat(n.subject()).isEqualTo("2 runs of reach have ended");
                            assertThat(n.text())
                                    .startsWith("1 of them have failed; the first: too many");
                        });
    }

    @Test
    void aRunWhoseMessageWasLostIsQueuedAgainAndAnAbandonedOneEnds() {
        Run abandoned = dispatched();
        Run lost = request("key-2");
        installation.ports.messages.clear();
        installation.clock.forward(Duration.ofMinutes(16));
        assertThat(ask(workflows, new Reconcile()))
                .as("its instance works, so it may be in line")
                .isEqualTo(new Reconciled(List.of(), List.of(), List.of(), List.of()));

        installation.clock.forward(Duration.ofHours(50));
        assertThat(ask(workflows, new Reconcile()))
                .isEqualTo(
                        new Reconciled(
                                List.of(lost.runId()),
                                List.of(abandoned.runId()),
                                List.of(),
                                List.of()));
        assertThat(installation.ports.messages)
                .singleElement()
                .returns("{\"runId\":\"%s\"}".formatted(lost.runId()), m -> m.body());
        assertThat(ask(workflows, new GetRun(abandoned.runId())).status())
                .isEqualTo(Run.Status.FAILED);
        assertThat(installation.ports.sent).hasSize(1);
        assertThat(placesTaken()).isZero();
    }

    @Test
    void whatOthersRunAtAmcIsFoundAndFollowedAndOffboardedByNobody() {
        installation.amc.on(
                "GET",
                PATH,
                200,
                "{\"executions\":[%s]}".formatted(EXECUTION.formatted("RUNNING", "")));
        assertThat(ask(workflows, new Reconcile()).found())
                .as("so young, it may be ours")
                .isEmpty();
        installation.clock.forward(Duration.ofMinutes(10));
        List<String> found = ask(workflows, new Reconcile()).found();
        assertThat(ask(workflows, new Reconcile()).found()).isEmpty();

        Run run = ask(workflows, new GetRun(found.getFirst()));
        assertThat(run.elsewhere()).isTrue();
        assertThat(run.status()).isEqualTo(Run.Status.RUNNING);
        assertThat(run.workflowId()).isEqualTo("reach");
        assertThat(run.amcExecutionId()).isEqualTo("e-1");
        assertThat(run.parameters()).containsEntry("days", IntNode.valueOf(7));
        TenantsHandler tenants = new TenantsHandler(installation.functions());
        assertThat(ask(tenants, new PlanOffboarding(run.tenantId())).belongings())
                .extracting(Belonging::kind)
                .doesNotContain(Belonging.Kind.RUN_UNDER_WAY);

        installation.amc.off("GET", PATH);
        installation.amc.on(
                "GET",
                PATH,
                200,
                "{\"executions\":[%s]}"
                        .formatted(EXECUTION.formatted("REJECTED", "no such table")));
        ask(workflows, new Reconcile());
        Run ended = ask(workflows, new GetRun(run.runId()));
        assertThat(ended.status()).isEqualTo(Run.Status.FAILED);
        assertThat(ended.problem()).isNotNull();
        assertThat(installation.ports.sent).isEmpty();
    }

    @Test
    void aRunOfOursIsNotTakenForOneOfOthers() {
        Run run = dispatched();
        installation.amc.on("POST", PATH, 200, EXECUTION.formatted("PENDING", ""));
        create(run);
        installation.amc.on(
                "GET",
                PATH,
                200,
                "{\"executions\":[%s]}".formatted(EXECUTION.formatted("RUNNING", "")));
        installation.clock.forward(Duration.ofMinutes(10));

        assertThat(ask(workflows, new Reconcile()).found()).isEmpty();
        assertThat(ask(workflows, new ListRuns(null, 10, null)).runs()).hasSize(1);
    }

    @Test
    void aWindowThatHasJustEndedMayLackEvents() {
        assertThat(request("key-1").mayLackEvents()).isTrue();
        TimeWindow older = TimeWindow.explicit("TODAY(-30)", "TODAY(-3)", "America/New_York");
        assertThat(
                        ask(
                                        workflows,
                                        new RunWorkflow(
                                                TENANT,
                                                "reach",
                                                older,
                                                Map.of("days", IntNode.valueOf(7)),
                                                "key-2"))
                                .mayLackEvents())
                .isFalse();
    }

    @Test
    void aScheduleThatDidNotFireIsToldOfOnce() {
        Schedule daily = ask(workflows, new PutSchedule(schedule("cron(0 12 * * ? *)", true)));
        installation.clock.forward(Duration.ofHours(2));
        assertThat(ask(workflows, new Reconcile()).missed()).isEmpty();
        installation.clock.forward(Duration.ofHours(1));
        assertThat(ask(workflows, new Reconcile()).missed()).containsExactly(daily.scheduleId());
        assertThat(ask(workflows, new Reconcile()).missed()).containsExactly(daily.scheduleId());
        assertThat(installation.ports.sent)
                .singleElement()
                .satisfies(n -> assertThat(n.text()).contains("2026-11-23T12:00:00Z"));

        fired(new FireSchedule(TENANT, daily.scheduleId(), Instant.parse("2026-11-23T12:00:00Z")));
        assertThat(ask(workflows, new Reconcile()).missed()).isEmpty();
    }

    @Test
    void aReconciliationThatBreaksOffIsAFailedCallAndNoAnswer() throws Exception {
        installation.ports.documents().put("tenant", "broken", "no JSON", 0, null);
        assertThatThrownBy(() -> ask(workflows, new Reconcile()))
                .isInstanceOf(RuntimeException.class)
                .isNotInstanceOf(FailureException.class);
        assertThatThrownBy(() -> ask(workflows, new ListRuns(null, 10, null)))
                .isInstanceOf(FailureException.class);
    }

    @Test
    void aBatchThatIsTooLargeIsRefusedWhole() {
        var windows =
                Batch.windows(
                        LocalDate.of(2026, 1, 1), LocalDate.of(2026, 10, 1), Batch.Step.DAY, "UTC");
        assertThat(refusal(workflows, batch(windows, "batch-1")).field()).isEqualTo("windows");
        assertThat(installation.ports.messages).isEmpty();
    }

    @Test
    void aQueryRunsWithoutBeingSavedAndTellsNobody() {
        Run run = ask(workflows, query(false));
        assertThat(run.workflowId()).isEmpty();
        dispatch(List.of(run));
        installation.amc.on("POST", PATH, 200, EXECUTION.formatted("RUNNING", ""));
        installation.amc.on("GET", PATH + "/e-1", 200, EXECUTION.formatted("SUCCEEDED", ""));
        create(run);
        poll(run);
        step(steps, "{'step':'finish','runId':'%s'}".formatted(run.runId()));

        var sent = installation.amc.seen("POST", PATH).getFirst().json();
        assertThat(sent.path("workflow").path("sqlQuery").asText()).startsWith("SELECT");
        assertThat(sent.path("skipPublish").asBoolean()).isTrue();
        assertThat(sent.has("workflowId")).isFalse();
        assertThat(sent.path("parameterValues").path("days").asInt()).isEqualTo(3);
        assertThat(installation.ports.sent).isEmpty();
    }

    @Test
    void aDryRunIsOneAtAmcToo() {
        Run run = ask(workflows, query(true));
        dispatch(List.of(run));
        installation.amc.on("POST", PATH, 200, EXECUTION.formatted("RUNNING", ""));
        create(run);

        var sent = installation.amc.seen("POST", PATH).getFirst().json();
        assertThat(sent.path("dryRun").asBoolean()).isTrue();
    }

    private static final List<TimeWindow> WEEKS =
            Batch.windows(
                    LocalDate.of(2026, 9, 7), LocalDate.of(2026, 11, 1), Batch.Step.WEEK, "UTC");

    private static RunBatch batch(List<TimeWindow> windows, String key) {
        return new RunBatch(
                List.of(TENANT), "reach", windows, Map.of("days", IntNode.valueOf(7)), key);
    }

    private static RunQuery query(boolean dryRun) {
        return new RunQuery(
                TENANT,
                new Run.AdHoc(
                        "SELECT advertiser, COUNT(1) AS n FROM dsp_impressions GROUP BY 1",
                        List.of(new Parameter("days", Parameter.Type.LONG, false, "", null)),
                        dryRun),
                WINDOW,
                Map.of("days", IntNode.valueOf(3)),
                "query-1");
    }

    @Test
    void oneInstanceThatIsFullHoldsUpNoOther() throws ConflictException {
        installation.tenant("amcr2bbbb2b");
        save("amcr2bbbb2b");
        List<Run> runs = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            installation.clock.forward(Duration.ofMillis(1));
            runs.add(request("key-" + i));
        }
        runs.add(request("amcr2bbbb2b", "other"));

        assertThat(dispatch(runs)).containsExactly("m-10");
        assertThat(installation.machines.started).hasSize(11);
    }

    @Test
    void aMessageThatComesTwiceStartsOnce() {
        Run run = request("key-1");
        assertThat(dispatch(List.of(run, run))).isEmpty();
        assertThat(installation.machines.started)
                .singleElement()
                .returns(run.runId(), s -> s.name());
    }

    @Test
    void aRunGoesFromCreateToSucceeded() {
        Run run = dispatched();
        installation.amc.on("POST", PATH, 200, EXECUTION.formatted("PENDING", ""));
        installation
                .amc
                .on("GET", PATH + "/e-1", 200, EXECUTION.formatted("NEW_WORD", ""))
                .on("GET", PATH + "/e-1", 200, EXECUTION.formatted("SUCCEEDED", ""));

        JsonNode created = step(steps, "{'step':'create','runId':'%s'}".formatted(run.runId()));
        assertThat(created.path("ended").asBoolean()).isFalse();
        assertThat(created.path("waitSeconds").asInt()).isEqualTo(1);
        var sent = installation.amc.seen("POST", PATH).getFirst().json();
        assertThat(sent.path("timeWindowStart").asText()).isEqualTo("2026-10-24T00:00:00");
        assertThat(sent.path("timeWindowTimeZone").asText()).isEqualTo("America/New_York");
        assertThat(sent.path("parameterValues").path("days").asInt()).isEqualTo(7);

        installation.clock.forward(Duration.ofMinutes(10));
        JsonNode working = poll(run);
        assertThat(working.path("ended").asBoolean()).isFalse();
        assertThat(working.path("waitSeconds").asInt()).isEqualTo(100);
        assertThat(poll(run).path("ended").asBoolean()).isTrue();
        JsonNode end = step(steps, "{'step':'finish','runId':'%s'}".formatted(run.runId()));

        assertThat(end.path("status").asText()).isEqualTo("SUCCEEDED");
        Run ended = ask(workflows, new GetRun(run.runId()));
        assertThat(ended.status()).isEqualTo(Run.Status.SUCCEEDED);
        assertThat(ended.amcStatus()).isEqualTo("SUCCEEDED");
        assertThat(ended.outputUri()).startsWith("s3://bucket/");
        assertThat(ended.finishedAt()).isEqualTo(installation.clock.instant());
        assertThat(installation.ports.sent).singleElement().asString().contains("succeeded");
    }

    /** What a run costs is its looks; how late its end is seen is the wait between two. */
    @ParameterizedTest
    @CsvSource({"5, 15, 48", "30, 26, 260", "720, 164, 300"})
    void amcIsAskedLessAndLessOften(int minutes, int looks, int seconds) {
        Run run = dispatched();
        installation.amc.on("POST", PATH, 200, EXECUTION.formatted("PENDING", ""));
        installation.amc.on("GET", PATH + "/e-1", 200, EXECUTION.formatted("RUNNING", ""));
        JsonNode seen = step(steps, "{'step':'create','runId':'%s'}".formatted(run.runId()));

        Duration age = Duration.ZERO;
        int looked = 0;
        long longest = 0;
        while (age.compareTo(Duration.ofMinutes(minutes)) < 0) {
            long wait = seen.path("waitSeconds").asLong();
            longest = Math.max(longest, wait);
            age = age.plusSeconds(wait);
            installation.clock.forward(Duration.ofSeconds(wait));
            seen = poll(run);
            looked++;
        }

        assertThat(looked).isEqualTo(looks);
        assertThat(longest).isEqualTo(seconds);
    }

    @Test
    void afterALostAnswerAmcIsAskedWhatItHasBeforeItIsAskedAgain() {
        Run run = dispatched();
        installation
                .amc
                .on("POST", PATH, new Answer(0, "", Map.of()))
                .on(
                        "GET",
                        PATH,
                        200,
                        "{\"executions\":[%s]}".formatted(EXECUTION.formatted("RUNNING", "")));

        assertThatThrownBy(() -> create(run)).isInstanceOf(Busy.class);
        create(run);

        assertThat(installation.amc.seen("POST", PATH)).hasSize(1);
        assertThat(ask(workflows, new GetRun(run.runId())).amcExecutionId()).isEqualTo("e-1");
        assertThat(installation.amc.seen("GET", PATH).getFirst().query())
                .contains("workflowId=reach", "minCreationTime=2026-11-23T10%3A14%3A30");
    }

    @Test
    void amcIsNotAskedAgainWhileTheLostRequestMayStillArrive() {
        Run run = dispatched();
        installation
                .amc
                .on("POST", PATH, 504, "{\"message\":\"Endpoint request timed out\"}")
                .on("GET", PATH, 200, "{\"executions\":[]}")
                .on(
                        "GET",
                        PATH,
                        200,
                        "{\"executions\":[%s]}".formatted(EXECUTION.formatted("PENDING", "")));

        assertThatThrownBy(() -> create(run)).isInstanceOf(Busy.class);
        installation.clock.forward(Duration.ofSeconds(2));
        assertThatThrownBy(() -> create(run)).isInstanceOf(Busy.class);
        installation.clock.forward(Duration.ofSeconds(27));
        create(run);

        assertThat(installation.amc.seen("POST", PATH)).hasSize(1);
        assertThat(ask(workflows, new GetRun(run.runId())).amcExecutionId()).isEqualTo("e-1");
    }

    @Test
    void anExecutionOfAnotherRunOrOtherValuesIsNotTaken() {
        Run other = dispatched();
        installation.amc.on("POST", PATH, 200, EXECUTION.formatted("RUNNING", ""));
        create(other);
        Run run = request("key-2");
        dispatch(List.of(run));
        String unlike =
                EXECUTION.formatted("RUNNING", "").replace("e-1", "e-0").replace(":7,", ":8,");
        installation
                .amc
                .off("POST", PATH)
                .on("POST", PATH, 504, "")
                .on("POST", PATH, 200, EXECUTION.formatted("PENDING", "").replace("e-1", "e-2"))
                .on(
                        "GET",
                        PATH,
                        200,
                        "{\"executions\":[%s,%s]}"
                                .formatted(EXECUTION.formatted("RUNNING", ""), unlike));

        assertThatThrownBy(() -> create(run)).isInstanceOf(Busy.class);
        installation.clock.forward(Duration.ofSeconds(31));
        create(run);
        assertThat(ask(workflows, new GetRun(run.runId())).amcExecutionId()).isEqualTo("e-2");
    }

    @Test
    void aRefusalOfAmcEndsTheRunWithItsReasonAndFreesThePlace() {
        Run run = dispatched();
        installation.amc.on("POST", PATH, 400, "{\"code\":\"400\",\"details\":\"too many runs\"}");

        Throwable thrown = catchThrowable(() -> create(run));
        assertThat(thrown).isInstanceOf(StepFailed.class);
        call(
                steps,
                "write",
                "{\"step\":\"record-failure\",\"runId\":\"%s\",\"error\":%s}"
                        .formatted(run.runId(), caught(thrown)));

        Run failed = ask(workflows, new GetRun(run.runId()));
        assertThat(failed.status()).isEqualTo(Run.Status.FAILED);
        assertThat(Objects.requireNonNull(failed.problem()).code())
                .isEqualTo(ErrorCode.AMC_REFUSED);
        assertThat(failed.problem().message()).isEqualTo("too many runs");
        assertThat(placesTaken()).isZero();
    }

    @Test
    void whatNobodyWaitsForAnyMoreIsCancelledAtAmc() {
        Run run = dispatched();
        installation
                .amc
                .on("POST", PATH, new Answer(0, "", Map.of()))
                .on("GET", PATH, 503, "")
                .on("PUT", PATH + "/e-1", 200, "{}");
        assertThatThrownBy(() -> create(run)).isInstanceOf(Busy.class);
        Throwable thrown = catchThrowable(() -> create(run));
        assertThat(thrown).isInstanceOf(Busy.class);
        installation
                .amc
                .off("GET", PATH)
                .on(
                        "GET",
                        PATH,
                        200,
                        "{\"executions\":[%s]}".formatted(EXECUTION.formatted("RUNNING", "")));
        call(
                steps,
                "write",
                "{\"step\":\"record-failure\",\"runId\":\"%s\",\"error\":%s}"
                        .formatted(run.runId(), caught(thrown)));

        assertThat(installation.amc.seen("PUT", PATH + "/e-1")).hasSize(1);
        assertThat(ask(workflows, new GetRun(run.runId())).status()).isEqualTo(Run.Status.FAILED);
    }

    @Test
    void aRunThatAmcRejectsFailsWithAmcsReason() {
        Run run = dispatched();
        installation.amc.on("POST", PATH, 200, EXECUTION.formatted("PENDING", ""));
        installation.amc.on("GET", PATH + "/e-1", 200, EXECUTION.formatted("REJECTED", "bad SQL"));
        create(run);
        poll(run);

        JsonNode end = step(steps, "{'step':'finish','runId':'%s'}".formatted(run.runId()));
        assertThat(end.path("error").path("Error").asText()).isEqualTo("AMC_REFUSED");
        assertThat(end.path("error").path("Cause").asText()).isEqualTo("bad SQL");
    }

    @Test
    void aRunThatWaitsIsCancelledInTheQueue() {
        Run run = request("key-1");
        Run cancelled = ask(workflows, new CancelRun(run.runId()));

        assertThat(cancelled.status()).isEqualTo(Run.Status.CANCELLED);
        assertThat(dispatch(List.of(run))).isEmpty();
        assertThat(installation.machines.started).isEmpty();
        assertThat(ask(workflows, new CancelRun(run.runId()))).isEqualTo(cancelled);
    }

    @Test
    void aRunAtAmcIsCancelledThere() {
        Run run = dispatched();
        installation.amc.on("POST", PATH, 200, EXECUTION.formatted("PENDING", ""));
        installation.amc.on("PUT", PATH + "/e-1", 200, "{}");
        create(run);

        Run cancelled = ask(workflows, new CancelRun(run.runId()));

        assertThat(cancelled.status()).isEqualTo(Run.Status.CANCELLED);
        assertThat(installation.amc.seen("PUT", PATH + "/e-1").getFirst().body())
                .isEqualTo("{\"status\":\"CANCELLED\"}");
        assertThat(installation.machines.stopped).containsExactly(cancelled.execution());
        assertThat(placesTaken()).isZero();
    }

    @Test
    void offboardingCancelsTheRunsThatAreUnderWayWhereItMay() {
        Run waiting = request("key-1");
        TenantsHandler tenants = new TenantsHandler(installation.functions());

        Failure refused =
                refusal(tenants, new OffboardTenant(waiting.tenantId(), false, false, false));
        assertThat(refused.code()).isEqualTo(ErrorCode.CONFLICT);

        Offboarded done = ask(tenants, new OffboardTenant(waiting.tenantId(), true, false, false));

        assertThat(done.removed())
                .extracting(Belonging::kind, Belonging::id)
                .contains(tuple(Belonging.Kind.RUN_UNDER_WAY, waiting.runId()));
        assertThat(ask(workflows, new GetRun(waiting.runId())).status())
                .isEqualTo(Run.Status.CANCELLED);
        assertThat(dispatch(List.of(waiting))).isEmpty();
        assertThat(installation.machines.started).isEmpty();
    }

    @Test
    void aRunWhoseAnswerWasLostIsCancelledAtAmcToo() {
        Run run = dispatched();
        installation
                .amc
                .on("POST", PATH, new Answer(0, "", Map.of()))
                .on(
                        "GET",
                        PATH,
                        200,
                        "{\"executions\":[%s]}".formatted(EXECUTION.formatted("RUNNING", "")))
                .on("PUT", PATH + "/e-1", 200, "{}");
        assertThatThrownBy(() -> create(run)).isInstanceOf(Busy.class);

        ask(workflows, new CancelRun(run.runId()));
        assertThat(create(run).path("ended").asBoolean()).isTrue();

        assertThat(installation.amc.seen("PUT", PATH + "/e-1")).hasSize(1);
        assertThat(installation.amc.seen("POST", PATH)).hasSize(1);
    }

    @Test
    void aRunThatHasEndedAtAmcCannotBeCancelled() {
        Run run = dispatched();
        installation
                .amc
                .on("POST", PATH, 200, EXECUTION.formatted("PENDING", ""))
                .on("PUT", PATH + "/e-1", 400, "{\"code\":\"400\",\"details\":\"terminal\"}")
                .on("GET", PATH + "/e-1", 200, EXECUTION.formatted("SUCCEEDED", ""));
        create(run);

        assertThat(refusal(workflows, new CancelRun(run.runId())).code())
                .isEqualTo(ErrorCode.CONFLICT);
        poll(run);
        assertThat(ask(workflows, new GetRun(run.runId())).status())
                .isEqualTo(Run.Status.SUCCEEDED);
    }

    @Test
    void aScheduleSetsATimerAndRunsOnceForEachTime() {
        Schedule saved = ask(workflows, new PutSchedule(schedule("cron(0 6 1 * ? *)", true)));
        var timer =
                Objects.requireNonNull(
                        installation.ports.timersByName.get(TENANT + "-" + saved.scheduleId()));
        assertThat(timer.expression()).isEqualTo("cron(0 6 1 * ? *)");
        assertThat(timer.payload()).contains("<aws.scheduler.scheduled-time>");

        Instant due = Instant.parse("2026-12-01T06:00:00Z");
        String payload = timer.payload().replace("<aws.scheduler.scheduled-time>", due.toString());
        call(workflows, "write", payload);
        Run run = fired(new FireSchedule(TENANT, saved.scheduleId(), due));

        assertThat(ask(workflows, new ListRuns(null, 10, null)).runs()).containsExactly(run);
        assertThat(run.scheduleId()).isEqualTo(saved.scheduleId());
        assertThat(run.window().start()).isEqualTo("2026-11-01T00:00:00");
        assertThat(ask(workflows, new ListSchedules(TENANT)).schedules())
                .singleElement()
                .returns(run.runId(), Schedule::lastRunId)
                .returns(due, Schedule::lastFiredAt)
                .returns(saved.version(), Schedule::version);
    }

    @Test
    void aNewScheduleThatIsSavedAgainAfterALostAnswerIsOne() {
        Schedule draft = schedule("schedule-mine", "rate(1 day)", true);
        Schedule first = ask(workflows, new PutSchedule(draft));
        installation.ports.timersByName.clear(); // as if killed before the timer was set
        assertThat(ask(workflows, new PutSchedule(draft))).isEqualTo(first);
        assertThat(installation.ports.timersByName).containsOnlyKeys(TENANT + "-schedule-mine");
        assertThat(ask(workflows, new ListSchedules(null)).schedules()).containsExactly(first);

        Schedule other = schedule("schedule-mine", "rate(2 days)", true);
        assertThat(refusal(workflows, new PutSchedule(other)).code()).isEqualTo(ErrorCode.CONFLICT);
    }

    @Test
    void aScheduleThatNeverFiresOrLacksAValueIsRefusedAtItsField() {
        assertThat(
                        refusal(workflows, new PutSchedule(schedule("cron(0 6 31 2 ? *)", true)))
                                .field())
                .isEqualTo("expression");
        Schedule lacking = schedule("rate(1 day)", true);
        assertThat(
                        refusal(
                                        workflows,
                                        new PutSchedule(
                                                new Schedule(
                                                        "",
                                                        TENANT,
                                                        "reach",
                                                        "x",
                                                        lacking.expression(),
                                                        "UTC",
                                                        null,
                                                        null,
                                                        lacking.window(),
                                                        Map.of(),
                                                        true,
                                                        null,
                                                        null,
                                                        Instant.EPOCH,
                                                        0)))
                                .field())
                .isEqualTo("parameters.days");
        assertThat(installation.ports.timersByName).isEmpty();
        assertThat(ask(workflows, new ListSchedules(null)).schedules()).isEmpty();
    }

    @Test
    void aScheduleRunsOnlyWhileItIsMeantTo() {
        Schedule paused = ask(workflows, new PutSchedule(schedule("rate(1 day)", false)));
        FireSchedule now = new FireSchedule(TENANT, paused.scheduleId(), TestInstallation.START);
        assertThat(ask(workflows, now).run()).isNull();
        assertThat(ask(workflows, new FireSchedule(TENANT, "gone", TestInstallation.START)).run())
                .isNull();

        Instant start = Instant.parse("2026-12-01T00:00:00Z");
        Instant end = Instant.parse("2026-12-03T00:00:00Z");
        Schedule bounded =
                ask(
                        workflows,
                        new PutSchedule(between(schedule("cron(0 0 * * ? *)", true), start, end)));
        assertThat(runAt(bounded, start.minus(Duration.ofDays(1)))).isNull();
        assertThat(runAt(bounded, start)).isNotNull();
        assertThat(runAt(bounded, end)).isNull();
        assertThat(ask(workflows, new ListRuns(null, 10, null)).runs()).hasSize(1);

        Schedule never =
                between(schedule("cron(0 6 1 * ? *)", true), start.plusSeconds(86400), end);
        Failure refused = refusal(workflows, new PutSchedule(never));
        assertThat(refused.field()).isEqualTo("expression");
        assertThat(refused.message()).isEqualTo("It ends before it runs once.");
    }

    private @Nullable Run runAt(Schedule schedule, Instant time) {
        return ask(workflows, new FireSchedule(TENANT, schedule.scheduleId(), time)).run();
    }

    private static Schedule between(Schedule s, Instant start, Instant end) {
        return new Schedule(
                s.scheduleId(),
                s.tenantId(),
                s.workflowId(),
                s.name(),
                s.expression(),
                s.zone(),
                start,
                end,
                s.window(),
                s.parameters(),
                s.enabled(),
                null,
                null,
                s.updatedAt(),
                s.version());
    }

    private static Schedule schedule(String expression, boolean enabled) {
        return schedule("", expression, enabled);
    }

    private static Schedule schedule(String scheduleId, String expression, boolean enabled) {
        return new Schedule(
                scheduleId,
                TENANT,
                "reach",
                "Monthly reach",
                expression,
                "UTC",
                null,
                null,
                TimeWindow.explicit("FIRSTDAYOFOFFSETMONTH(-1)", "FIRSTDAYOFOFFSETMONTH(0)", "UTC"),
                Map.of("days", IntNode.valueOf(7)),
                enabled,
                null,
                null,
                Instant.EPOCH,
                0);
    }

    private Run request(String key) {
        return request(TENANT, key);
    }

    private Run request(String tenantId, String key) {
        return ask(
                workflows,
                new RunWorkflow(
                        tenantId, "reach", WINDOW, Map.of("days", IntNode.valueOf(7)), key));
    }

    private Failure refused(Map<String, JsonNode> parameters, TimeWindow window) {
        return refusal(workflows, new RunWorkflow(TENANT, "reach", window, parameters, "key"));
    }

    private Run dispatched() {
        Run run = request("key-1");
        dispatch(List.of(run));
        return run;
    }

    private JsonNode create(Run run) {
        return step(steps, "{'step':'create','runId':'%s'}".formatted(run.runId()));
    }

    private JsonNode poll(Run run) {
        return step(steps, "{'step':'poll','runId':'%s'}".formatted(run.runId()));
    }

    /** The ids of the messages that were left. */
    private List<String> dispatch(List<Run> runs) {
        var event = Json.mapper().createObjectNode();
        var records = event.putArray("Records");
        for (int i = 0; i < runs.size(); i++) {
            var record = records.addObject();
            record.put("messageId", "m-" + i);
            record.put("receiptHandle", "r-" + i);
            record.put("body", "{\"runId\":\"%s\"}".formatted(runs.get(i).runId()));
            record.putObject("attributes")
                    .put("MessageGroupId", runs.get(i).tenantId())
                    .put("ApproximateReceiveCount", "1");
        }
        JsonNode left = Json.read(call(dispatcher, "write", event.toString()), JsonNode.class);
        List<String> ids = new ArrayList<>();
        left.path("batchItemFailures").forEach(f -> ids.add(f.path("itemIdentifier").asText()));
        return ids;
    }

    private int placesTaken() {
        return installation
                .ports
                .documents()
                .get("lease", TENANT)
                .map(d -> Json.read(d.json(), JsonNode.class).path("taken").size())
                .orElse(0);
    }
}
