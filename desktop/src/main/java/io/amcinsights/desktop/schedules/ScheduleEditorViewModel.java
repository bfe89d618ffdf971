package io.amcinsights.desktop.schedules;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.Schedule;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TimeWindow;
import io.amcinsights.contract.Workflow;
import io.amcinsights.contract.WorkflowRequest.DeleteSchedule;
import io.amcinsights.contract.WorkflowRequest.ListSchedules;
import io.amcinsights.contract.WorkflowRequest.PutSchedule;
import io.amcinsights.contract.WorkflowRequest.RunWorkflow;
import io.amcinsights.desktop.aws.Backend;
import io.amcinsights.desktop.common.Dialogs;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Navigation;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.Screen;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.Toasts;
import io.amcinsights.desktop.inputs.ParametersViewModel;
import io.amcinsights.desktop.inputs.RunRequests;
import io.amcinsights.desktop.inputs.TimeWindowViewModel;
import io.amcinsights.desktop.places.ShowRun;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** One schedule being written or changed. What is entered stays until it is saved or given up. */
final class ScheduleEditorViewModel {

    private static final Messages MESSAGES = Messages.of(ScheduleEditorViewModel.class);
    private static final String BEGIN = "cron(0 6 * * ? *)";
    private static final int LONGEST_NAME = 120;

    private final Backend backend;
    private final Tasks tasks;
    private final Toasts toasts;
    private final Dialogs dialogs;
    private final Navigation navigation;
    private final Clock clock;
    private final Known known;
    private final Consumer<@Nullable Schedule> onDone;

    private final StringProperty name = new SimpleStringProperty("");
    private final ObjectProperty<@Nullable Tenant> tenant = new SimpleObjectProperty<>();
    private final ObjectProperty<@Nullable Workflow> workflow = new SimpleObjectProperty<>();
    private final ObservableList<Tenant> tenants = FXCollections.observableArrayList();
    private final ObservableList<Workflow> workflows = FXCollections.observableArrayList();
    private final RuleViewModel rule;
    private final TimeWindowViewModel window;
    private final ParametersViewModel parameters;
    private final Map<Field, ReadOnlyObjectWrapper<String>> messages = new EnumMap<>(Field.class);
    private final ReadOnlyObjectWrapper<@Nullable Problem> problem = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable Clash> clash = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper();

    /** Of a schedule not saved yet: sent again after a lost answer, it is the same one. */
    private final String newId =
            "schedule-" + UUID.randomUUID().toString().replace("-", "").substring(0, 16);

    private final ReadOnlyObjectWrapper<@Nullable Schedule> saved = new ReadOnlyObjectWrapper<>();
    private Runnable onRejected = () -> {};
    private String suggestedName = "";
    private List<Object> untouched = List.of();
    private Tasks.@Nullable Handle waiting;
    private final RunRequests requests = new RunRequests();

    /**
     * @param known what may be chosen
     * @param onDone told what was saved; null when the editor is to be closed
     */
    ScheduleEditorViewModel(
            Backend backend,
            Tasks tasks,
            Toasts toasts,
            Dialogs dialogs,
            Navigation navigation,
            Clock clock,
            Known known,
            Consumer<@Nullable Schedule> onDone) {
        this.backend = backend;
        this.tasks = tasks;
        this.toasts = toasts;
        this.dialogs = dialogs;
        this.navigation = navigation;
        this.clock = clock;
        this.known = known;
        this.onDone = onDone;
        rule = new RuleViewModel(clock);
        window = new TimeWindowViewModel(clock);
        parameters = new ParametersViewModel(window.momentProperty());
        for (Field field : Field.values()) {
            messages.put(field, new ReadOnlyObjectWrapper<>(""));
        }
        tenant.subscribe(this::tenantChosen);
        workflow.subscribe(this::workflowChosen);
        name.subscribe(() -> message(Field.NAME, ""));
        rule.upcoming().subscribe(this::nextRunChanged);
        rule.zoneProperty()
                .subscribe(
                        (before, now) -> {
                            StringProperty ofWindow = window.value(TimeWindowViewModel.Field.ZONE);
                            if (ofWindow.get().equals(before)) {
                                ofWindow.set(now);
                            }
                        });
    }

    /** What this form itself asks for, by the names of {@link Schedule}. */
    enum Field {
        NAME,
        TENANT,
        WORKFLOW
    }

    /** Why a schedule cannot be saved over what the installation has. */
    sealed interface Clash {

        /**
         * Somebody else has changed it since it was opened.
         *
         * @param now what it is now
         */
        record Overtaken(Schedule now) implements Clash {}

        /** Somebody else has deleted it since it was opened. */
        record Gone() implements Clash {}
    }

    private sealed interface Outcome {
        record Saved(Schedule schedule) implements Outcome {}

        record Clashed(Clash clash) implements Outcome {}
    }

    /** Begins a new schedule. */
    ScheduleEditorViewModel begin(@Nullable String tenantId, @Nullable String workflowId) {
        String zone = TimeWindowViewModel.localZone();
        rule.show(BEGIN, zone, true, null, null);
        window.show(TimeWindow.of(TimeWindow.Type.MOST_RECENT_WEEK, zone));
        nextRunChanged();
        tenants.setAll(
                known.tenants().stream().filter(t -> t.status() == Tenant.Status.ACTIVE).toList());
        tenants.stream()
                .filter(t -> t.tenantId().equals(tenantId) || tenants.size() == 1)
                .findFirst()
                .ifPresent(tenant::set);
        workflows.stream()
                .filter(w -> w.workflowId().equals(workflowId))
                .findFirst()
                .ifPresent(workflow::set);
        untouched = entered();
        return this;
    }

    /** Opens a schedule as it was saved. */
    ScheduleEditorViewModel open(Schedule schedule) {
        saved.set(schedule);
        clash.set(null);
        problem.set(null);
        tenants.setAll(
                known.tenants().stream()
                        .filter(
                                t ->
                                        t.status() == Tenant.Status.ACTIVE
                                                || t.tenantId().equals(schedule.tenantId()))
                        .toList());
        tenant.set(known.tenant(schedule.tenantId()).orElse(null));
        workflow.set(known.workflow(schedule.tenantId(), schedule.workflowId()).orElse(null));
        name.set(schedule.name());
        rule.show(
                schedule.expression(),
                schedule.zone(),
                schedule.enabled(),
                schedule.startAt(),
                schedule.endAt());
        window.show(schedule.window());
        nextRunChanged();
        Workflow runs = workflow.get();
        parameters.show(runs == null ? List.of() : runs.parameters(), schedule.parameters());
        messages.values().forEach(message -> message.set(""));
        untouched = entered();
        return this;
    }

    private void tenantChosen(@Nullable Tenant now) {
        message(Field.TENANT, "");
        Workflow before = workflow.get();
        workflows.setAll(
                now == null
                        ? List.of()
                        : known.workflows().stream()
                                .filter(w -> w.tenantId().equals(now.tenantId()))
                                .sorted(
                                        Comparator.comparing(
                                                Workflow::title, String.CASE_INSENSITIVE_ORDER))
                                .toList());
        workflow.set(
                before == null
                        ? null
                        : workflows.stream()
                                .filter(w -> w.workflowId().equals(before.workflowId()))
                                .findFirst()
                                .orElse(null));
    }

    private void workflowChosen(@Nullable Workflow now) {
        message(Field.WORKFLOW, "");
        parameters.show(now == null ? List.of() : now.parameters(), Map.of());
        if (now != null && (name.get().isBlank() || name.get().equals(suggestedName))) {
            suggestedName = now.title();
            name.set(suggestedName);
        }
    }

    /** Date tokens are relative to the next run. */
    private void nextRunChanged() {
        window.asOfProperty()
                .set(
                        rule.upcoming().stream()
                                .map(Upcoming::time)
                                .filter(Objects::nonNull)
                                .map(ZonedDateTime::toInstant)
                                .findFirst()
                                .orElseGet(clock::instant));
    }

    /** Whether this schedule is the one that is open here. */
    boolean edits(Schedule schedule) {
        Schedule open = saved.get();
        return open != null && open.scheduleId().equals(schedule.scheduleId());
    }

    /** Whether something is entered that is not saved. */
    boolean changed() {
        return !entered().equals(untouched);
    }

    private List<Object> entered() {
        List<Object> all = new ArrayList<>();
        all.add(name.get());
        all.add(String.valueOf(tenant.get() == null ? null : tenant.get().tenantId()));
        all.add(String.valueOf(workflow.get() == null ? null : workflow.get().workflowId()));
        all.add(rule.expressionProperty().get());
        all.add(rule.zoneProperty().get());
        all.add(rule.timeProperty().get());
        all.add(rule.intervalProperty().get());
        all.add(rule.dateProperty().get());
        all.add(rule.firstDayProperty().get());
        all.add(rule.lastDayProperty().get());
        for (DayOfWeek day : DayOfWeek.values()) {
            all.add(rule.dayProperty(day).get());
        }
        all.add(window.window());
        parameters.fields().forEach(field -> all.add(field.textProperty().get()));
        return List.copyOf(all);
    }

    /** The switch in the list has saved the schedule: that change is not somebody else's. */
    void switched(Schedule before, Schedule now) {
        Schedule open = saved.get();
        if (open == null
                || !open.scheduleId().equals(now.scheduleId())
                || open.version() != before.version()) {
            return;
        }
        if (content(open).equals(content(now))) {
            saved.set(now);
            rule.setEnabled(now.enabled());
        } else if (!changed()) {
            open(now);
        }
    }

    private static List<Object> content(Schedule s) {
        return List.of(
                s.tenantId(),
                s.workflowId(),
                s.name(),
                s.expression(),
                s.zone(),
                s.window(),
                s.parameters());
    }

    /** Saves what is entered when nothing is wrong with it, and no answer is waited for. */
    void save() {
        if (busy.get()) {
            return;
        }
        problem.set(null);
        if (!check()) {
            onRejected.run();
            return;
        }
        clash.set(null);
        Schedule draft = draft();
        wait(() -> put(draft), this::saved);
    }

    /** Saves what is entered over what somebody else has saved or deleted meanwhile. */
    void saveAnyway() {
        switch (clash.get()) {
            case Clash.Overtaken overtaken -> {
                Schedule open = Objects.requireNonNull(saved.get());
                saved.set(
                        open.withEnabled(overtaken.now().enabled())
                                .withVersion(overtaken.now().version()));
                save();
            }
            case Clash.Gone gone -> {
                saved.set(null);
                save();
            }
            case null -> {}
        }
    }

    /** Gives up what is entered for what somebody else has saved or deleted meanwhile. */
    void takeTheirs() {
        switch (clash.get()) {
            case Clash.Overtaken overtaken -> open(overtaken.now());
            case Clash.Gone gone -> onDone.accept(null);
            case null -> {}
        }
    }

    private Outcome put(Schedule draft) {
        try {
            return new Outcome.Saved(backend.call(new PutSchedule(draft)));
        } catch (FailureException e) {
            ErrorCode code = e.failure().code();
            if (draft.version() == 0
                    || (code != ErrorCode.CONFLICT && code != ErrorCode.NOT_FOUND)) {
                throw e;
            }
            // Tenants and workflows clash and vanish, too; only the schedule itself tells which.
            Schedule now =
                    backend.call(new ListSchedules(null)).schedules().stream()
                            .filter(s -> s.scheduleId().equals(draft.scheduleId()))
                            .findFirst()
                            .orElse(null);
            if (now == null) {
                return new Outcome.Clashed(new Clash.Gone());
            }
            if (now.version() != draft.version()) {
                return new Outcome.Clashed(new Clash.Overtaken(now));
            }
            throw e;
        }
    }

    private void saved(Outcome outcome) {
        switch (outcome) {
            case Outcome.Saved done -> {
                saved.set(done.schedule());
                name.set(done.schedule().name());
                rule.expressionProperty().set(done.schedule().expression());
                untouched = entered();
                toasts.done(MESSAGES.text("saved", done.schedule().name()));
                onDone.accept(done.schedule());
            }
            case Outcome.Clashed clashed -> clash.set(clashed.clash());
        }
    }

    /** Deletes the schedule once the person has said so. */
    void delete() {
        Schedule open = saved.get();
        if (open == null
                || busy.get()
                || !dialogs.confirm(
                        MESSAGES.text("delete.title", open.name()),
                        MESSAGES.text("delete.text"),
                        MESSAGES.text("delete.action"))) {
            return;
        }
        problem.set(null);
        wait(
                () -> backend.call(new DeleteSchedule(open.tenantId(), open.scheduleId())),
                done -> {
                    toasts.done(MESSAGES.text("deleted", open.name()));
                    onDone.accept(null);
                });
    }

    /** Runs the workflow once, now, with the window and parameters as entered. */
    void runNow() {
        if (busy.get()) {
            return;
        }
        problem.set(null);
        boolean right = checkChoices();
        right &= window.check();
        right &= parameters.check();
        if (!right) {
            onRejected.run();
            return;
        }
        RunWorkflow form =
                new RunWorkflow(
                        Objects.requireNonNull(tenant.get()).tenantId(),
                        Objects.requireNonNull(workflow.get()).workflowId(),
                        window.window(),
                        parameters.values(),
                        "");
        RunWorkflow request = form.withKey(requests.keyOf(form));
        wait(() -> backend.call(request), this::started);
    }

    private void started(Run run) {
        requests.forget();
        toasts.done(
                MESSAGES.text("started"),
                MESSAGES.text("started.show"),
                () -> navigation.show(Screen.PIPELINE, new ShowRun(run.runId())));
    }

    private <T> void wait(Callable<T> work, Consumer<T> then) {
        busy.set(true);
        waiting =
                tasks.run(work)
                        .onSuccess(then)
                        .onFailure(this::refused)
                        .andFinally(() -> busy.set(false))
                        .start();
    }

    /** Stops to wait for an answer. What was asked for may be done all the same. */
    void stopWaiting() {
        if (waiting != null && busy.get()) {
            waiting.cancel();
            busy.set(false);
            problem.set(
                    Problem.of(
                            MESSAGES.text("stopped.title"),
                            MESSAGES.text("stopped.text"),
                            MESSAGES.text("stopped.next")));
        }
    }

    private void refused(Problem refusal) {
        boolean shown = rule.refused(refusal);
        shown |= window.refused(refusal);
        shown |= parameters.refused(refusal);
        if ("name".equals(refusal.field())) {
            message(Field.NAME, refusal.message());
            shown = true;
        }
        if (shown) {
            onRejected.run();
        } else {
            problem.set(refusal);
        }
    }

    private boolean check() {
        boolean right = checkChoices();
        right &= checkName();
        right &= rule.check();
        right &= window.check();
        right &= parameters.check();
        return right;
    }

    private boolean checkChoices() {
        message(Field.TENANT, tenant.get() == null ? MESSAGES.text("tenant.missing") : "");
        message(Field.WORKFLOW, workflow.get() == null ? MESSAGES.text("workflow.missing") : "");
        return tenant.get() != null && workflow.get() != null;
    }

    private boolean checkName() {
        int length = name.get().strip().length();
        message(
                Field.NAME,
                length == 0
                        ? MESSAGES.text("name.missing")
                        : length > LONGEST_NAME ? MESSAGES.text("name.long", LONGEST_NAME) : "");
        return length > 0 && length <= LONGEST_NAME;
    }

    private Schedule draft() {
        Schedule open = saved.get();
        return new Schedule(
                open == null ? newId : open.scheduleId(),
                Objects.requireNonNull(tenant.get()).tenantId(),
                Objects.requireNonNull(workflow.get()).workflowId(),
                name.get().strip(),
                rule.expressionProperty().get().strip(),
                rule.zoneProperty().get().strip(),
                rule.startAt(),
                rule.endAt(),
                window.window(),
                parameters.values(),
                open == null || open.enabled(),
                null,
                null,
                open == null ? Instant.EPOCH : open.updatedAt(),
                open == null ? 0 : open.version());
    }

    private void message(Field field, String text) {
        Objects.requireNonNull(messages.get(field)).set(text);
    }

    StringProperty nameProperty() {
        return name;
    }

    ObjectProperty<@Nullable Tenant> tenantProperty() {
        return tenant;
    }

    ObjectProperty<@Nullable Workflow> workflowProperty() {
        return workflow;
    }

    /** The tenants to choose from. */
    ObservableList<Tenant> tenants() {
        return tenants;
    }

    /** The workflows of the chosen tenant. */
    ObservableList<Workflow> workflows() {
        return workflows;
    }

    RuleViewModel rule() {
        return rule;
    }

    TimeWindowViewModel window() {
        return window;
    }

    ParametersViewModel parameters() {
        return parameters;
    }

    /** What is wrong with a field; empty where nothing is. */
    ReadOnlyObjectProperty<String> message(Field field) {
        return Objects.requireNonNull(messages.get(field)).getReadOnlyProperty();
    }

    /** What is wrong, where no field is at fault. */
    ReadOnlyObjectProperty<@Nullable Problem> problemProperty() {
        return problem.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable Clash> clashProperty() {
        return clash.getReadOnlyProperty();
    }

    /** Whether an answer is waited for. */
    ReadOnlyBooleanProperty busyProperty() {
        return busy.getReadOnlyProperty();
    }

    /** The schedule as it was saved last; null for one that never was. */
    ReadOnlyObjectProperty<@Nullable Schedule> savedProperty() {
        return saved.getReadOnlyProperty();
    }

    /** What happens when a field is found to be wrong. */
    void setOnRejected(Runnable command) {
        onRejected = command;
    }
}
