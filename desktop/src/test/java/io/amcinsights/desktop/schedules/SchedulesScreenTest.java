package io.amcinsights.desktop.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.Schedule;
import io.amcinsights.contract.TenantRequest;
import io.amcinsights.contract.TenantRequest.ListTenants;
import io.amcinsights.contract.WorkflowRequest;
import io.amcinsights.contract.WorkflowRequest.ListRuns;
import io.amcinsights.contract.WorkflowRequest.ListSchedules;
import io.amcinsights.contract.WorkflowRequest.ListWorkflows;
import io.amcinsights.contract.WorkflowRequest.PutSchedule;
import io.amcinsights.desktop.aws.FakeBackend;
import io.amcinsights.desktop.common.Clicks;
import io.amcinsights.desktop.common.FakeDialogs;
import io.amcinsights.desktop.common.Screen;
import io.amcinsights.desktop.common.ScreenFixture;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.Toasts;

import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;

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
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

@ExtendWith(ApplicationExtension.class)
class SchedulesScreenTest {

    private static final Schedule DAILY =
            Samples.schedule("s1", "Daily reach", "cron(0 6 * * ? *)")
                    .fired("run1", Instant.EPOCH)
                    .build();
    private static final Schedule PATHS =
            Samples.schedule("s2", "Paths on the first Monday", "cron(30 7 ? * MON#1 *)")
                    .of(Samples.PATHS)
                    .in("America/New_York")
                    .with(Map.of("brand", TextNode.valueOf("Kestrel")))
                    .fired("run2", Instant.EPOCH)
                    .build();
    private static final Schedule PAUSED =
            Samples.schedule("s3", "Brook every six hours", "rate(6 hours)")
                    .of(Samples.BROOK_REACH)
                    .paused()
                    .build();

    private static final List<String> RULE_FIELDS =
            List.of(
                    "#dayMONDAY",
                    "#ruleDayOfMonth",
                    "#ruleNth",
                    "#ruleWeekday",
                    "#ruleInterval",
                    "#ruleUnit",
                    "#ruleDate",
                    "#ruleTime");

    @TempDir static Path folder;

    private final FakeBackend backend = new FakeBackend();
    private final FakeDialogs dialogs = new FakeDialogs();
    private final List<Schedule> schedules = new CopyOnWriteArrayList<>();
    private volatile boolean broken;
    private ScreenFixture fixture;

    @Start
    void start(Stage stage) {
        dialogs.answer(true);
        schedules.addAll(List.of(DAILY, PATHS, PAUSED));
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
                .on(
                        ListSchedules.class,
                        request -> {
                            if (broken) {
                                throw Failure.of(
                                                ErrorCode.INTERNAL,
                                                "The table of the installation does not answer.")
                                        .next("Try again in a minute.")
                                        .exception();
                            }
                            return new WorkflowRequest.Schedules(List.copyOf(schedules));
                        })
                .on(
                        ListRuns.class,
                        request ->
                                new WorkflowRequest.Runs(
                                        List.of(
                                                Samples.run("run1", Run.Status.SUCCEEDED),
                                                Samples.run("run2", Run.Status.FAILED)),
                                        null))
                .on(PutSchedule.class, request -> keep(request.schedule()));
        Tasks tasks = Tasks.onVirtualThreads();
        List<ScreenFixture> later = new ArrayList<>();
        fixture =
                new ScreenFixture(
                        stage,
                        folder,
                        tasks,
                        Map.of(
                                SchedulesController.class,
                                () ->
                                        new SchedulesController(
                                                new SchedulesViewModel(
                                                        backend,
                                                        tasks,
                                                        new Toasts(),
                                                        dialogs,
                                                        later.getFirst().navigation(),
                                                        Clock.systemUTC()))));
        later.add(fixture);
    }

    private Schedule keep(Schedule draft) {
        Schedule kept =
                new Schedule(
                        draft.version() == 0 ? "s9" : draft.scheduleId(),
                        draft.tenantId(),
                        draft.workflowId(),
                        draft.name(),
                        draft.expression(),
                        draft.zone(),
                        draft.startAt(),
                        draft.endAt(),
                        draft.window(),
                        draft.parameters(),
                        draft.enabled(),
                        null,
                        null,
                        Instant.now(),
                        draft.version() + 1);
        schedules.removeIf(s -> s.scheduleId().equals(kept.scheduleId()));
        schedules.add(kept);
        return kept;
    }

    @Test
    void a_schedule_is_written_and_saved(FxRobot robot) throws Exception {
        show(robot);
        await(() -> rows(robot).size() == 3);
        fixture.snapshots("schedules");
        Clicks.clickOn(robot, "#create");
        Clicks.clickOn(robot, "#saveSchedule");
        WaitForAsyncUtils.waitForFxEvents();
        fixture.snapshots("schedules-problems");
        assertThat(robot.lookup("Choose a tenant.").tryQuery()).isPresent();
        assertThat(backend.asked(PutSchedule.class)).isEmpty();

        choose(robot, "#scheduleTenant", Samples.TENANT);
        choose(robot, "#scheduleWorkflow", Samples.PATHS);
        choose(robot, "#ruleKind", RuleViewModel.Kind.WEEKLY);
        Clicks.clickOn(robot, "#dayTHURSDAY");
        write(robot, "#ruleTime", "7:15");
        write(robot, "#parameter-brand", "Kestrel");
        write(robot, "#ruleFirstDay", "2027-01-01");
        fixture.snapshots("schedules-new");
        Clicks.clickOn(robot, "#saveSchedule");
        await(() -> rows(robot).size() == 4);
        Schedule sent = backend.asked(PutSchedule.class).getFirst().schedule();
        assertThat(sent.name()).isEqualTo("Path to conversion");
        assertThat(sent.expression()).isEqualTo("cron(15 7 ? * MON,THU *)");
        assertThat(sent.startAt())
                .isEqualTo(
                        LocalDate.of(2027, 1, 1).atStartOfDay(ZoneId.of(sent.zone())).toInstant());
        assertThat(sent.parameters()).containsEntry("brand", TextNode.valueOf("Kestrel"));
        assertThat(robot.lookup("#deleteSchedule").query().isVisible()).isTrue();
        robot.type(KeyCode.ESCAPE);
        assertThat(robot.lookup("#drawer").query().isVisible()).isFalse();
        assertThat(dialogs.asked()).isEmpty();
    }

    @Test
    void a_wrong_expression_says_why_and_is_not_sent(FxRobot robot) throws Exception {
        show(robot);
        await(() -> rows(robot).size() == 3);
        Clicks.clickOn(robot, "Daily reach");
        Clicks.clickOn(robot, "#modeExpression");
        write(robot, "#ruleExpression", "cron(0 6 30 2 ? *)");
        WaitForAsyncUtils.waitForFxEvents();
        fixture.snapshots("schedules-never");
        assertThat(robot.lookup("This never fires in the next 5 years.").tryQuery()).isPresent();
        Clicks.clickOn(robot, "#saveSchedule");
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(backend.asked(PutSchedule.class)).isEmpty();

        dialogs.answer(false);
        robot.type(KeyCode.ESCAPE);
        assertThat(dialogs.asked()).containsExactly("Discard your changes?");
        assertThat(robot.lookup("#ruleExpression").queryAs(TextField.class).getText())
                .isEqualTo("cron(0 6 30 2 ? *)");

        write(robot, "#ruleExpression", "cron(30 2 ? * SUNL *)");
        write(robot, "#ruleZone", "Europe/Berlin");
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(robot.lookup(".skipped").queryAll()).hasSize(1);
        fixture.snapshots("schedules-expression");
    }

    @Test
    void a_slow_answer_need_not_be_waited_for(FxRobot robot) throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        backend.on(
                PutSchedule.class,
                request -> {
                    try {
                        answer.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return request.schedule();
                });
        show(robot);
        await(() -> rows(robot).size() == 3);
        Clicks.clickOn(robot, "Daily reach");
        Clicks.clickOn(robot, "#saveSchedule");
        await(() -> isShown(robot.lookup("#stopWaiting").query()));
        fixture.snapshots("schedules-waiting");
        Clicks.clickOn(robot, "#stopWaiting");
        await(() -> robot.lookup("You stopped waiting").tryQuery().isPresent());
        assertThat(isShown(robot.lookup("#stopWaiting").query())).isFalse();
        fixture.snapshots("schedules-stopped");
    }

    @Test
    void the_switch_pauses_a_schedule(FxRobot robot) throws Exception {
        show(robot);
        await(() -> rows(robot).size() == 3);
        Clicks.clickOn(robot, "#switch-s1");
        await(() -> schedules.stream().anyMatch(s -> s.scheduleId().equals("s1") && !s.enabled()));
        await(() -> rows(robot).getFirst().schedule().version() == 2);
        assertThat(robot.lookup("#drawer").query().isVisible()).isFalse();
        assertThat(backend.asked(PutSchedule.class))
                .containsExactly(new PutSchedule(DAILY.withEnabled(false)));
    }

    @Test
    void every_kind_of_rule_has_its_fields(FxRobot robot) throws Exception {
        show(robot);
        await(() -> rows(robot).size() == 3);
        Clicks.clickOn(robot, "Paths on the first Monday");
        for (RuleViewModel.Kind kind : RuleViewModel.Kind.values()) {
            choose(robot, "#ruleKind", kind);
            WaitForAsyncUtils.waitForFxEvents();
            assertThat(RULE_FIELDS.stream().filter(id -> isShown(robot.lookup(id).query())))
                    .as(kind.name())
                    .isEqualTo(
                            switch (kind) {
                                case DAILY, WEEKDAYS, MONTHLY_ON_LAST_DAY -> List.of("#ruleTime");
                                case WEEKLY -> List.of("#dayMONDAY", "#ruleTime");
                                case MONTHLY_ON_DAY -> List.of("#ruleDayOfMonth", "#ruleTime");
                                case MONTHLY_ON_WEEKDAY ->
                                        List.of("#ruleNth", "#ruleWeekday", "#ruleTime");
                                case INTERVAL -> List.of("#ruleInterval", "#ruleUnit");
                                case ONCE -> List.of("#ruleDate", "#ruleTime");
                            });
        }
        choose(robot, "#ruleKind", RuleViewModel.Kind.INTERVAL);
        write(robot, "#ruleInterval", "0");
        Clicks.clickOn(robot, "#saveSchedule");
        WaitForAsyncUtils.waitForFxEvents();
        fixture.snapshots("schedules-interval");
        assertThat(robot.lookup("Write a whole number from 1 on.").tryQuery()).isPresent();
    }

    @Test
    void an_overtaken_edit_offers_both(FxRobot robot) throws Exception {
        show(robot);
        await(() -> rows(robot).size() == 3);
        Clicks.clickOn(robot, "Daily reach");
        write(robot, "#scheduleName", "Mine");
        schedules.set(0, Samples.schedule("s1", "Theirs", "rate(1 day)").version(4).build());
        backend.on(
                PutSchedule.class,
                request -> {
                    throw Failure.of(ErrorCode.CONFLICT, "Changed.").exception();
                });
        Clicks.clickOn(robot, "#saveSchedule");
        await(() -> robot.lookup("#clashTheirs").tryQuery().isPresent());
        fixture.snapshots("schedules-clash");
        Clicks.clickOn(robot, "#clashTheirs");
        await(
                () ->
                        robot.lookup("#scheduleName")
                                .queryAs(TextField.class)
                                .getText()
                                .equals("Theirs"));
    }

    @Test
    void there_is_an_error_or_nothing(FxRobot robot) throws Exception {
        broken = true;
        show(robot);
        await(() -> !robot.lookup("#state .problem-view").queryAll().isEmpty());
        fixture.snapshots("schedules-error");
        broken = false;
        schedules.clear();
        Clicks.clickOn(robot, "Try again");
        await(() -> robot.lookup("#emptyAction").tryQuery().isPresent());
        fixture.snapshots("schedules-empty");
        Clicks.clickOn(robot, "#emptyAction");
        assertThat(robot.lookup("#scheduleEditor").tryQuery()).isPresent();
    }

    @Test
    void a_long_list_can_be_searched(FxRobot robot) throws Exception {
        schedules.clear();
        for (int i = 0; i < 40; i++) {
            schedules.add(
                    Samples.schedule(
                                    "m" + i,
                                    "Schedule number " + i,
                                    "cron(%d 5 * * ? *)".formatted(i))
                            .of(i % 3 == 0 ? Samples.BROOK_REACH : Samples.PATHS)
                            .in(i % 2 == 0 ? "UTC" : "Australia/Sydney")
                            .fired(i % 4 == 0 ? "run2" : "run1", Instant.now())
                            .build());
        }
        show(robot);
        await(() -> rows(robot).size() == 40);
        fixture.snapshots("schedules-many");
        Clicks.clickOn(robot, "#search").write("number 7");
        await(() -> rows(robot).size() == 1);
    }

    private void show(FxRobot robot) {
        robot.interact(() -> fixture.show(Screen.SCHEDULES));
    }

    @SuppressWarnings("unchecked")
    private static List<ScheduleRow> rows(FxRobot robot) {
        return robot.lookup("#table").tryQuery().isEmpty()
                ? List.of()
                : List.copyOf(robot.lookup("#table").queryAs(TableView.class).getItems());
    }

    @SuppressWarnings("unchecked")
    private static void choose(FxRobot robot, String id, Object value) {
        robot.interact(() -> robot.lookup(id).queryAs(ComboBox.class).setValue(value));
    }

    private static void write(FxRobot robot, String id, String text) {
        robot.interact(() -> robot.lookup(id).queryAs(TextField.class).setText(text));
    }

    private static boolean isShown(Node node) {
        return node.isVisible() && (node.getParent() == null || isShown(node.getParent()));
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        WaitForAsyncUtils.waitFor(10, TimeUnit.SECONDS, condition);
    }
}
