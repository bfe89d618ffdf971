package io.amcinsights.desktop.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.Schedule;
import io.amcinsights.contract.TimeWindow;
import io.amcinsights.contract.WorkflowRequest;
import io.amcinsights.contract.WorkflowRequest.DeleteSchedule;
import io.amcinsights.contract.WorkflowRequest.ListSchedules;
import io.amcinsights.contract.WorkflowRequest.PutSchedule;
import io.amcinsights.contract.WorkflowRequest.RunWorkflow;
import io.amcinsights.desktop.aws.FakeBackend;
import io.amcinsights.desktop.common.FakeDialogs;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.TestTasks;
import io.amcinsights.desktop.common.Toasts;
import io.amcinsights.desktop.common.Visited;
import io.amcinsights.desktop.inputs.TimeWindowViewModel;
import io.amcinsights.desktop.places.ShowRun;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

class ScheduleEditorViewModelTest {

    private static final Schedule WEEKLY =
            Samples.schedule("s1", "Weekly paths", "cron(0 6 ? * MON *)")
                    .of(Samples.PATHS)
                    .with(Map.of("brand", TextNode.valueOf("Kestrel")))
                    .build();

    private final FakeBackend backend = new FakeBackend();
    private final FakeDialogs dialogs = new FakeDialogs();
    private final Visited navigation = new Visited();
    private final Toasts toasts = new Toasts();
    private final List<@Nullable Schedule> done = new ArrayList<>();
    private int rejections;
    private final ScheduleEditorViewModel model = model(TestTasks.inline());

    @Test
    void a_new_schedule_is_saved_with_what_was_entered() {
        backend.on(PutSchedule.class, request -> saved(request.schedule(), "s9", 1));
        model.begin(Samples.KESTREL, "paths");
        assertThat(model.nameProperty().get()).isEqualTo("Path to conversion");
        assertThat(model.changed()).isFalse();
        model.nameProperty().set("  Paths every Monday ");
        model.rule().kindProperty().set(RuleViewModel.Kind.WEEKLY);
        model.rule().zoneProperty().set("Europe/Berlin");
        model.parameters().fields().getFirst().textProperty().set("Kestrel");
        model.parameters().fields().get(1).textProperty().set("30");
        assertThat(model.changed()).isTrue();
        model.save();
        assertThat(backend.asked(PutSchedule.class))
                .singleElement()
                .extracting(PutSchedule::schedule)
                .satisfies(s -> assertThat(s.scheduleId()).matches("schedule-[0-9a-f]{16}"))
                .usingRecursiveComparison()
                .ignoringFields("scheduleId")
                .isEqualTo(
                        new Schedule(
                                "",
                                Samples.KESTREL,
                                "paths",
                                "Paths every Monday",
                                "cron(0 6 ? * MON *)",
                                "Europe/Berlin",
                                null,
                                null,
                                TimeWindow.of(TimeWindow.Type.MOST_RECENT_WEEK, "Europe/Berlin"),
                                Map.of(
                                        "brand",
                                        TextNode.valueOf("Kestrel"),
                                        "lookback_days",
                                        LongNode.valueOf(30)),
                                true,
                                null,
                                null,
                                Instant.EPOCH,
                                0));
        assertThat(model.changed()).isFalse();
        assertThat(Objects.requireNonNull(model.savedProperty().get()).scheduleId())
                .isEqualTo("s9");
        assertThat(done).hasSize(1).doesNotContainNull();
    }

    @Test
    void nothing_is_sent_while_something_is_wrong_and_each_field_says_what() {
        model.setOnRejected(() -> rejections++);
        model.begin(null, null);
        model.rule().timeProperty().set("noon");
        model.window().value(TimeWindowViewModel.Field.ZONE).set("Mars");
        model.save();
        assertThat(rejections).isEqualTo(1);
        assertThat(message(ScheduleEditorViewModel.Field.TENANT)).isEqualTo("Choose a tenant.");
        assertThat(message(ScheduleEditorViewModel.Field.WORKFLOW)).isEqualTo("Choose a workflow.");
        assertThat(message(ScheduleEditorViewModel.Field.NAME))
                .isEqualTo("Give the schedule a name.");
        assertThat(model.rule().message(RuleViewModel.Field.TIME).get()).isNotEmpty();
        assertThat(model.window().message(TimeWindowViewModel.Field.ZONE).get()).isNotEmpty();

        model.tenantProperty().set(Samples.TENANT);
        model.workflowProperty().set(Samples.PATHS);
        assertThat(message(ScheduleEditorViewModel.Field.TENANT)).isEmpty();
        assertThat(message(ScheduleEditorViewModel.Field.NAME)).isEmpty();
        model.rule().timeProperty().set("12:00");
        model.window().value(TimeWindowViewModel.Field.ZONE).set("UTC");
        model.save();
        assertThat(model.parameters().fields().getFirst().messageProperty().get())
                .isEqualTo("Enter a value for “brand”.");
        assertThat(backend.asked(PutSchedule.class)).isEmpty();
    }

    @Test
    void another_tenant_has_other_workflows() {
        model.begin(Samples.KESTREL, "paths");
        model.tenantProperty().set(Samples.OTHER_TENANT);
        assertThat(model.workflows()).containsExactly(Samples.BROOK_REACH);
        assertThat(model.workflowProperty().get()).isNull();
        assertThat(model.parameters().fields()).isEmpty();
    }

    @Test
    void the_window_is_shown_as_the_next_run_will_read_it() {
        model.open(WEEKLY);
        assertThat(model.window().asOfProperty().get())
                .isEqualTo(Instant.parse("2026-11-30T06:00:00Z"));
        assertThat(model.window().previewProperty().get())
                .isEqualTo("2026-11-21 00:00 to 2026-11-28 00:00 UTC");
        model.rule().kindProperty().set(RuleViewModel.Kind.DAILY);
        assertThat(model.window().previewProperty().get())
                .isEqualTo("2026-11-16 00:00 to 2026-11-23 00:00 UTC");
    }

    @Test
    void a_refusal_lands_at_its_field_and_loses_nothing() {
        backend.on(
                PutSchedule.class,
                request -> {
                    throw Failure.invalid("parameters.brand", "AMC knows no such brand.")
                            .exception();
                });
        model.open(WEEKLY);
        model.nameProperty().set("Mine");
        model.save();
        assertThat(model.parameters().fields().getFirst().messageProperty().get())
                .isEqualTo("AMC knows no such brand.");
        assertThat(model.nameProperty().get()).isEqualTo("Mine");
        assertThat(model.changed()).isTrue();
        assertThat(model.problemProperty().get()).isNull();
        assertThat(model.busyProperty().get()).isFalse();
    }

    @Test
    void who_was_overtaken_may_save_knowingly_or_take_what_is_there() {
        Schedule theirs =
                Samples.schedule("s1", "Theirs", "rate(1 day)")
                        .of(Samples.PATHS)
                        .paused()
                        .version(5)
                        .build();
        backend.on(ListSchedules.class, request -> schedules(theirs))
                .on(
                        PutSchedule.class,
                        request -> {
                            if (request.schedule().version() != 5) {
                                throw conflict();
                            }
                            return saved(request.schedule(), "s1", 6);
                        });
        model.open(WEEKLY);
        model.nameProperty().set("Mine");
        model.save();
        assertThat(model.clashProperty().get())
                .isEqualTo(new ScheduleEditorViewModel.Clash.Overtaken(theirs));
        assertThat(model.nameProperty().get()).isEqualTo("Mine");

        model.saveAnyway();
        Schedule sent = backend.asked(PutSchedule.class).getLast().schedule();
        assertThat(sent.name()).isEqualTo("Mine");
        assertThat(sent.expression()).isEqualTo("cron(0 6 ? * MON *)");
        assertThat(sent.enabled()).isFalse();
        assertThat(model.clashProperty().get()).isNull();
        assertThat(done).hasSize(1);

        model.open(WEEKLY);
        model.nameProperty().set("Mine");
        model.save();
        model.takeTheirs();
        assertThat(model.nameProperty().get()).isEqualTo("Theirs");
        assertThat(model.rule().expressionProperty().get()).isEqualTo("rate(1 day)");
        assertThat(model.changed()).isFalse();
    }

    @Test
    void who_edits_a_deleted_schedule_may_save_it_as_a_new_one() {
        backend.on(ListSchedules.class, request -> schedules())
                .on(
                        PutSchedule.class,
                        request -> {
                            if (request.schedule().version() > 0) {
                                throw Failure.of(ErrorCode.NOT_FOUND, "Absent.").exception();
                            }
                            return saved(request.schedule(), "s2", 1);
                        });
        model.open(WEEKLY);
        model.save();
        assertThat(model.clashProperty().get()).isEqualTo(new ScheduleEditorViewModel.Clash.Gone());
        model.saveAnyway();
        assertThat(backend.asked(PutSchedule.class).getLast().schedule().version()).isZero();
        assertThat(Objects.requireNonNull(model.savedProperty().get()).scheduleId())
                .isEqualTo("s2");
    }

    @Test
    void a_conflict_that_is_none_of_the_schedule_is_told_as_it_is() {
        backend.on(ListSchedules.class, request -> schedules(WEEKLY))
                .on(
                        PutSchedule.class,
                        request -> {
                            throw Failure.of(ErrorCode.CONFLICT, "The tenant is not active.")
                                    .exception();
                        });
        model.open(WEEKLY);
        model.save();
        assertThat(model.clashProperty().get()).isNull();
        assertThat(Objects.requireNonNull(model.problemProperty().get()).message())
                .isEqualTo("The tenant is not active.");
    }

    @Test
    void asking_the_same_again_after_a_failure_makes_no_second_run() {
        List<Boolean> answers = new ArrayList<>(List.of(false, true, true));
        backend.on(
                RunWorkflow.class,
                request -> {
                    if (!answers.removeFirst()) {
                        throw Failure.of(ErrorCode.INTERNAL, "No answer.").exception();
                    }
                    return Samples.run("run7", Run.Status.QUEUED);
                });
        model.open(WEEKLY);
        model.runNow();
        assertThat(Objects.requireNonNull(model.problemProperty().get()).message())
                .isEqualTo("No answer.");
        model.runNow();
        model.runNow();
        List<RunWorkflow> asked = backend.asked(RunWorkflow.class);
        assertThat(asked.get(1)).isEqualTo(asked.get(0));
        assertThat(asked.get(2).requestKey()).isNotEqualTo(asked.get(0).requestKey());
        assertThat(asked.getFirst().window()).isEqualTo(WEEKLY.window());
        assertThat(asked.getFirst().parameters()).isEqualTo(WEEKLY.parameters());

        Objects.requireNonNull(Objects.requireNonNull(toasts.newestProperty().get()).action())
                .command()
                .run();
        assertThat(navigation.places()).containsExactly(new ShowRun("run7"));
    }

    @Test
    void what_is_changed_before_it_is_asked_again_is_another_run() {
        backend.on(
                RunWorkflow.class,
                request -> {
                    throw Failure.of(ErrorCode.INTERNAL, "No answer.").exception();
                });
        model.open(WEEKLY);
        model.runNow();
        model.parameters().fields().getFirst().textProperty().set("Heron");
        model.runNow();
        List<RunWorkflow> asked = backend.asked(RunWorkflow.class);
        assertThat(asked.get(1).requestKey()).isNotEqualTo(asked.get(0).requestKey());
    }

    @Test
    void deletes_only_what_the_person_confirms() {
        backend.on(DeleteSchedule.class, request -> new WorkflowRequest.Done());
        model.open(WEEKLY);
        dialogs.answer(false);
        model.delete();
        assertThat(backend.asked(DeleteSchedule.class)).isEmpty();
        dialogs.answer(true);
        model.delete();
        assertThat(dialogs.asked()).containsOnly("Delete “Weekly paths”?");
        assertThat(backend.asked(DeleteSchedule.class))
                .containsExactly(new DeleteSchedule(Samples.KESTREL, "s1"));
        assertThat(done).containsExactly((Schedule) null);
    }

    @Test
    void the_switch_in_the_list_does_not_count_as_somebody_else() {
        backend.on(PutSchedule.class, request -> saved(request.schedule(), "s1", 3));
        model.open(WEEKLY);
        model.nameProperty().set("Mine");
        model.switched(WEEKLY, WEEKLY.withEnabled(false).withVersion(2));
        model.save();
        Schedule sent = backend.asked(PutSchedule.class).getLast().schedule();
        assertThat(sent.version()).isEqualTo(2);
        assertThat(sent.enabled()).isFalse();
        assertThat(sent.name()).isEqualTo("Mine");
    }

    @Test
    void while_an_answer_is_waited_for_nothing_else_is_asked_and_waiting_can_be_stopped() {
        List<Runnable> later = new ArrayList<>();
        ScheduleEditorViewModel slow = model(new Tasks(later::add, Runnable::run, clock -> {}));
        backend.on(PutSchedule.class, request -> saved(request.schedule(), "s1", 2));
        slow.open(WEEKLY);
        slow.nameProperty().set("Mine");
        slow.save();
        slow.save();
        slow.runNow();
        slow.delete();
        assertThat(later).hasSize(1);
        assertThat(slow.busyProperty().get()).isTrue();

        slow.stopWaiting();
        assertThat(slow.busyProperty().get()).isFalse();
        assertThat(Objects.requireNonNull(slow.problemProperty().get()).title())
                .isEqualTo("You stopped waiting");
        later.getFirst().run();
        assertThat(slow.nameProperty().get()).isEqualTo("Mine");
        assertThat(slow.changed()).isTrue();
        assertThat(done).isEmpty();
    }

    private ScheduleEditorViewModel model(Tasks tasks) {
        return new ScheduleEditorViewModel(
                backend,
                tasks,
                toasts,
                dialogs,
                navigation,
                Clock.fixed(Instant.parse("2026-11-24T10:00:00Z"), ZoneOffset.UTC),
                new Known(
                        List.of(Samples.TENANT, Samples.OTHER_TENANT),
                        List.of(Samples.REACH, Samples.PATHS, Samples.BROOK_REACH),
                        List.of(WEEKLY),
                        Map.of()),
                done::add);
    }

    private String message(ScheduleEditorViewModel.Field field) {
        return model.message(field).get();
    }

    private static WorkflowRequest.Schedules schedules(Schedule... schedules) {
        return new WorkflowRequest.Schedules(List.of(schedules));
    }

    private static RuntimeException conflict() {
        return Failure.of(ErrorCode.CONFLICT, "Somebody else has changed this schedule.")
                .exception();
    }

    /** As the installation keeps it. */
    private static Schedule saved(Schedule s, String id, long version) {
        return new Schedule(
                id,
                s.tenantId(),
                s.workflowId(),
                s.name(),
                s.expression(),
                s.zone(),
                null,
                null,
                s.window(),
                s.parameters(),
                s.enabled(),
                null,
                null,
                Instant.parse("2026-11-24T10:00:01Z"),
                version);
    }
}
