package io.amcinsights.desktop.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.Schedule;
import io.amcinsights.contract.TenantRequest;
import io.amcinsights.contract.TenantRequest.ListTenants;
import io.amcinsights.contract.WorkflowRequest;
import io.amcinsights.contract.WorkflowRequest.GetRun;
import io.amcinsights.contract.WorkflowRequest.ListRuns;
import io.amcinsights.contract.WorkflowRequest.ListSchedules;
import io.amcinsights.contract.WorkflowRequest.ListWorkflows;
import io.amcinsights.contract.WorkflowRequest.PutSchedule;
import io.amcinsights.desktop.aws.FakeBackend;
import io.amcinsights.desktop.common.FakeDialogs;
import io.amcinsights.desktop.common.TestTasks;
import io.amcinsights.desktop.common.Toasts;
import io.amcinsights.desktop.common.Tone;
import io.amcinsights.desktop.common.ViewState;
import io.amcinsights.desktop.common.Visited;
import io.amcinsights.desktop.places.NewSchedule;
import io.amcinsights.desktop.places.ShowRun;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;

class SchedulesViewModelTest {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final Schedule DAILY =
            Samples.schedule("s1", "Daily reach", "cron(0 6 * * ? *)").fired("run1", NOW).build();
    private static final Schedule MONTHLY =
            Samples.schedule("s2", "Monthly paths", "cron(0 6 1 * ? *)")
                    .of(Samples.PATHS)
                    .in("Europe/Berlin")
                    .fired("run2", NOW)
                    .build();
    private static final Schedule PAUSED =
            Samples.schedule("s3", "Brook reach", "rate(6 hours)")
                    .of(Samples.BROOK_REACH)
                    .paused()
                    .fired("run3", NOW)
                    .build();

    private final FakeBackend backend = new FakeBackend();
    private final FakeDialogs dialogs = new FakeDialogs();
    private final Visited navigation = new Visited();
    private final Toasts toasts = new Toasts();
    private List<Schedule> schedules = List.of(DAILY, MONTHLY, PAUSED);
    private final SchedulesViewModel model =
            new SchedulesViewModel(
                    backend,
                    TestTasks.inline(),
                    toasts,
                    dialogs,
                    navigation,
                    Clock.fixed(NOW, ZoneOffset.UTC));

    @BeforeEach
    void answers() {
        dialogs.answer(true);
        backend.on(
                        ListTenants.class,
                        request ->
                                new TenantRequest.Tenants(
                                        List.of(Samples.TENANT, Samples.OTHER_TENANT)))
                .on(
                        ListWorkflows.class,
                        request ->
                                new WorkflowRequest.Workflows(
                                        List.of(Samples.REACH, Samples.PATHS, Samples.BROOK_REACH)))
                .on(ListSchedules.class, request -> new WorkflowRequest.Schedules(schedules))
                .on(
                        ListRuns.class,
                        request ->
                                new WorkflowRequest.Runs(
                                        List.of(Samples.run("run1", Run.Status.FAILED)), null))
                .on(
                        GetRun.class,
                        request -> {
                            if (request.runId().equals("run3")) {
                                throw Failure.of(ErrorCode.NOT_FOUND, "No such run.").exception();
                            }
                            return Samples.run(request.runId(), Run.Status.SUCCEEDED);
                        });
    }

    @Test
    void rows_say_what_runs_when_and_how_it_went() {
        model.refresh();
        assertThat(model.stateProperty().get()).isEqualTo(ViewState.CONTENT);
        ScheduleRow monthly = model.found().get(1);
        assertThat(monthly.tenant()).isEqualTo("Kestrel Outdoor");
        assertThat(monthly.workflow()).isEqualTo("Path to conversion");
        assertThat(monthly.rule()).isEqualTo("On the 1st of every month at 06:00");
        assertThat(monthly.next()).isEqualTo("2026-12-01T06:00:00+01:00[Europe/Berlin]");
        assertThat(Objects.requireNonNull(monthly.lastRun()).status())
                .isEqualTo(Run.Status.SUCCEEDED);
        assertThat(Objects.requireNonNull(model.found().getFirst().lastRun()).status())
                .isEqualTo(Run.Status.FAILED);
        ScheduleRow paused = model.found().get(2);
        assertThat(paused.next()).isNull();
        assertThat(paused.lastRun()).isNull();

        model.showRun(monthly);
        assertThat(navigation.places()).containsExactly(new ShowRun("run2"));
    }

    @Test
    void a_run_that_has_ended_is_asked_for_once() {
        model.refresh();
        model.refresh();
        assertThat(backend.asked(GetRun.class).stream().filter(r -> r.runId().equals("run2")))
                .hasSize(1);
    }

    @Test
    void filters_narrow_the_list() {
        model.refresh();
        model.searchProperty().set("PATH");
        assertThat(model.found())
                .extracting(r -> r.schedule().name())
                .containsExactly("Monthly paths");
        model.searchProperty().set("");
        model.tenantProperty().set(Samples.OTHER_TENANT);
        assertThat(model.found())
                .extracting(r -> r.schedule().name())
                .containsExactly("Brook reach");
        model.enabledProperty().set(true);
        assertThat(model.stateProperty().get())
                .isInstanceOfSatisfying(
                        ViewState.Empty.class,
                        empty -> Objects.requireNonNull(empty.action()).command().run());
        assertThat(model.found()).hasSize(3);
        assertThat(model.stateProperty().get()).isEqualTo(ViewState.CONTENT);
    }

    @Test
    void pauses_and_resumes() {
        backend.on(PutSchedule.class, request -> request.schedule().withVersion(2));
        model.refresh();
        model.setEnabled(DAILY, false);
        assertThat(backend.asked(PutSchedule.class))
                .containsExactly(new PutSchedule(DAILY.withEnabled(false)));
        assertThat(model.found().getFirst().schedule().enabled()).isFalse();
        assertThat(model.found().getFirst().next()).isNull();
        assertThat(model.switching()).isEmpty();
    }

    @Test
    void the_switch_keeps_what_somebody_else_changed_meanwhile() {
        Schedule theirs = Samples.schedule("s1", "Renamed", "cron(0 9 * * ? *)").version(7).build();
        model.refresh();
        schedules = List.of(theirs);
        backend.on(
                PutSchedule.class,
                request -> {
                    if (request.schedule().version() != 7) {
                        throw Failure.of(ErrorCode.CONFLICT, "Changed.").exception();
                    }
                    return request.schedule().withVersion(8);
                });
        model.setEnabled(DAILY, false);
        Schedule sent = backend.asked(PutSchedule.class).getLast().schedule();
        assertThat(sent).isEqualTo(theirs.withEnabled(false));
        assertThat(model.found().getFirst().schedule().name()).isEqualTo("Renamed");
    }

    @Test
    void a_switch_that_is_refused_stays_as_it_was_and_says_why() {
        model.refresh();
        backend.on(
                PutSchedule.class,
                request -> {
                    throw Failure.invalid("expression", "This time is in the past.").exception();
                });
        model.setEnabled(PAUSED, true);
        assertThat(model.found().get(2).schedule().enabled()).isFalse();
        assertThat(Objects.requireNonNull(toasts.newestProperty().get()))
                .satisfies(
                        toast -> {
                            assertThat(toast.tone()).isEqualTo(Tone.FAILED);
                            assertThat(toast.text()).contains("This time is in the past.");
                        });
    }

    @Test
    void leaving_unsaved_changes_asks_and_only_then() {
        model.refresh();
        model.open(DAILY);
        model.open(MONTHLY);
        assertThat(dialogs.asked()).isEmpty();
        ScheduleEditorViewModel editor = Objects.requireNonNull(model.editorProperty().get());
        editor.nameProperty().set("Mine");
        dialogs.answer(false);
        model.open(DAILY);
        assertThat(model.editorProperty().get()).isSameAs(editor);
        model.beginNew();
        assertThat(model.editorProperty().get()).isSameAs(editor);
        dialogs.answer(true);
        model.open(DAILY);
        assertThat(dialogs.asked()).hasSize(3).containsOnly("Discard your changes?");
        assertThat(Objects.requireNonNull(model.editorProperty().get()).edits(DAILY)).isTrue();
    }

    @Test
    void begins_a_schedule_of_a_workflow_that_another_screen_names() {
        model.beginNew(new NewSchedule(Samples.KESTREL, "paths"));
        ScheduleEditorViewModel editor = Objects.requireNonNull(model.editorProperty().get());
        assertThat(editor.tenantProperty().get()).isEqualTo(Samples.TENANT);
        assertThat(editor.workflowProperty().get()).isEqualTo(Samples.PATHS);
        assertThat(editor.nameProperty().get()).isEqualTo("Path to conversion");
        assertThat(editor.savedProperty().get()).isNull();
    }

    @Test
    void a_first_answer_that_fails_can_be_asked_for_again() {
        backend.on(
                ListSchedules.class,
                request -> {
                    throw Failure.of(ErrorCode.INTERNAL, "The table is away.").exception();
                });
        model.refresh();
        ViewState.Failed failed = (ViewState.Failed) model.stateProperty().get();
        assertThat(failed.problem().message()).isEqualTo("The table is away.");
        backend.on(ListSchedules.class, request -> new WorkflowRequest.Schedules(schedules));
        Objects.requireNonNull(failed.retry()).run();
        assertThat(model.stateProperty().get()).isEqualTo(ViewState.CONTENT);

        backend.on(
                ListSchedules.class,
                request -> {
                    throw Failure.of(ErrorCode.INTERNAL, "The table is away.").exception();
                });
        model.refresh();
        assertThat(model.stateProperty().get()).isEqualTo(ViewState.CONTENT);
        assertThat(Objects.requireNonNull(model.refreshProblemProperty().get()).message())
                .isEqualTo("The table is away.");
    }

    @Test
    void an_empty_list_leads_on() {
        schedules = List.of();
        model.refresh();
        ViewState.Empty empty = (ViewState.Empty) model.stateProperty().get();
        Objects.requireNonNull(empty.action()).command().run();
        assertThat(model.editorProperty().get()).isNotNull();
    }
}
