package io.amcinsights.desktop.schedules;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.Schedule;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TenantRequest.ListTenants;
import io.amcinsights.contract.WorkflowRequest.GetRun;
import io.amcinsights.contract.WorkflowRequest.ListRuns;
import io.amcinsights.contract.WorkflowRequest.ListSchedules;
import io.amcinsights.contract.WorkflowRequest.ListWorkflows;
import io.amcinsights.contract.WorkflowRequest.PutSchedule;
import io.amcinsights.desktop.aws.Backend;
import io.amcinsights.desktop.common.Dialogs;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Navigation;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.Screen;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.Toasts;
import io.amcinsights.desktop.common.ViewState;
import io.amcinsights.desktop.places.NewSchedule;
import io.amcinsights.desktop.places.ShowRun;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.ObservableSet;
import javafx.collections.transformation.FilteredList;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The list of schedules, and the one that is being edited. */
public final class SchedulesViewModel {

    private static final Messages MESSAGES = Messages.of(SchedulesViewModel.class);
    private static final Duration CALM = Duration.ofSeconds(30);
    private static final Duration BUSY = Duration.ofSeconds(2);
    private static final int RUNS = 200;

    private final Backend backend;
    private final Tasks tasks;
    private final Toasts toasts;
    private final Dialogs dialogs;
    private final Navigation navigation;
    private final Clock clock;

    private Known known = Known.NOTHING;
    private final ObservableList<ScheduleRow> rows = FXCollections.observableArrayList();
    private final FilteredList<ScheduleRow> found = new FilteredList<>(rows);
    private final ObservableList<Tenant> tenants = FXCollections.observableArrayList();
    private final StringProperty search = new SimpleStringProperty("");
    private final ObjectProperty<@Nullable Tenant> tenant = new SimpleObjectProperty<>();
    private final ObjectProperty<@Nullable Boolean> enabled = new SimpleObjectProperty<>();
    private final ReadOnlyObjectWrapper<ViewState> state =
            new ReadOnlyObjectWrapper<>(ViewState.LOADING);
    private final ReadOnlyObjectWrapper<@Nullable Problem> refreshProblem =
            new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable ScheduleEditorViewModel> editor =
            new ReadOnlyObjectWrapper<>();
    private final ObservableSet<String> switching = FXCollections.observableSet();
    private @Nullable NewSchedule wanted;
    private int asked;
    private boolean loaded;
    private volatile boolean busy;
    private final Tasks.Repeated refreshing;

    public SchedulesViewModel(
            Backend backend,
            Tasks tasks,
            Toasts toasts,
            Dialogs dialogs,
            Navigation navigation,
            Clock clock) {
        this.backend = backend;
        this.tasks = tasks;
        refreshing = tasks.repeated(() -> busy ? BUSY : CALM, this::refresh);
        this.toasts = toasts;
        this.dialogs = dialogs;
        this.navigation = navigation;
        this.clock = clock;
        for (ObjectProperty<?> filter : List.of(tenant, enabled)) {
            filter.subscribe(this::filter);
        }
        search.subscribe(this::filter);
    }

    /** Reads the list now, and again from time to time until {@link #stop()}. */
    void start() {
        refreshing.start();
    }

    void stop() {
        refreshing.stop();
    }

    void refresh() {
        asked++;
        int mine = asked;
        Map<String, Run> seen = known.runs();
        tasks.run(() -> fetch(seen))
                .onSuccess(
                        now -> {
                            // What was asked for later is newer.
                            if (mine == asked) {
                                show(now);
                            }
                        })
                .onFailure(this::failed)
                .start();
    }

    private Known fetch(Map<String, Run> seen) {
        List<Schedule> schedules = backend.call(new ListSchedules(null)).schedules();
        return new Known(
                backend.call(new ListTenants()).tenants(),
                backend.call(new ListWorkflows(null)).workflows(),
                schedules,
                runs(schedules, seen));
    }

    /** Most are among the newest runs; the others are asked for one by one, once. */
    private Map<String, Run> runs(List<Schedule> schedules, Map<String, Run> seen) {
        List<String> wanted =
                schedules.stream().map(Schedule::lastRunId).filter(Objects::nonNull).toList();
        Map<String, Run> runs = new HashMap<>();
        if (wanted.isEmpty()) {
            return runs;
        }
        Map<String, Run> newest =
                backend.call(new ListRuns(null, RUNS, null)).runs().stream()
                        .collect(Collectors.toMap(Run::runId, Function.identity()));
        for (String id : wanted) {
            Run run = newest.get(id);
            Run before = seen.get(id);
            if (run == null && before != null && before.status().ended()) {
                run = before;
            }
            if (run == null) {
                run = run(id).orElse(null);
            }
            if (run != null) {
                runs.put(id, run);
            }
        }
        return runs;
    }

    /** Runs are not kept for ever. */
    private Optional<Run> run(String runId) {
        try {
            return Optional.of(backend.call(new GetRun(runId)));
        } catch (FailureException e) {
            if (e.failure().code() == ErrorCode.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private void show(Known now) {
        known = now;
        loaded = true;
        refreshProblem.set(null);
        busy = now.runs().values().stream().anyMatch(run -> !run.status().ended());
        List<ScheduleRow> fresh = now.rows(clock.instant());
        if (!rows.equals(fresh)) {
            rows.setAll(fresh);
        }
        if (!tenants.equals(now.tenants())) {
            tenants.setAll(now.tenants());
        }
        showState();
        NewSchedule begin = wanted;
        if (begin != null) {
            wanted = null;
            edit(begin.tenantId(), begin.workflowId());
        }
    }

    /** A list that is there stays; only a first answer that fails leaves nothing to show. */
    private void failed(Problem problem) {
        if (loaded) {
            refreshProblem.set(problem);
            if (wanted != null) {
                wanted = null;
                toasts.failed(problem);
            }
        } else {
            state.set(ViewState.retried(problem, state, this::refresh));
        }
    }

    private void filter() {
        String wanted = search.get().strip().toLowerCase(Locale.ROOT);
        Tenant of = tenant.get();
        Boolean on = enabled.get();
        found.setPredicate(
                row ->
                        (of == null || of.tenantId().equals(row.schedule().tenantId()))
                                && (on == null || on.equals(row.schedule().enabled()))
                                && List.of(
                                                row.schedule().name(),
                                                row.workflow(),
                                                row.tenant(),
                                                row.rule())
                                        .stream()
                                        .anyMatch(
                                                text ->
                                                        text.toLowerCase(Locale.ROOT)
                                                                .contains(wanted)));
        showState();
    }

    private void showState() {
        if (!loaded) {
            return;
        }
        if (!found.isEmpty()) {
            state.set(ViewState.CONTENT);
        } else if (!rows.isEmpty()) {
            state.set(
                    new ViewState.Empty(
                            "fth-search",
                            MESSAGES.text("none.title"),
                            MESSAGES.text("none.text"),
                            new ViewState.Action(MESSAGES.text("none.clear"), this::clearFilters)));
        } else if (known.workflows().isEmpty()) {
            state.set(
                    new ViewState.Empty(
                            "fth-calendar",
                            MESSAGES.text("empty.noWorkflow.title"),
                            MESSAGES.text("empty.noWorkflow.text"),
                            new ViewState.Action(
                                    MESSAGES.text("empty.noWorkflow.go"),
                                    () -> navigation.show(Screen.WORKFLOWS))));
        } else {
            state.set(
                    new ViewState.Empty(
                            "fth-calendar",
                            MESSAGES.text("empty.title"),
                            MESSAGES.text("empty.text"),
                            new ViewState.Action(MESSAGES.text("new"), this::beginNew)));
        }
    }

    private void clearFilters() {
        search.set("");
        tenant.set(null);
        enabled.set(null);
    }

    /** Begins a schedule. */
    void beginNew() {
        edit(tenant.get() == null ? null : tenant.get().tenantId(), null);
    }

    /** Begins a schedule of a workflow, which may be newer than the list. */
    void beginNew(NewSchedule of) {
        wanted = of;
        refresh();
    }

    private void edit(@Nullable String tenantId, @Nullable String workflowId) {
        if (leave()) {
            editor.set(newEditor().begin(tenantId, workflowId));
        }
    }

    /** Opens a schedule, unless changes of another one would be lost and the person minds. */
    void open(Schedule schedule) {
        ScheduleEditorViewModel now = editor.get();
        if ((now == null || !now.edits(schedule)) && leave()) {
            editor.set(newEditor().open(schedule));
        }
    }

    private ScheduleEditorViewModel newEditor() {
        return new ScheduleEditorViewModel(
                backend, tasks, toasts, dialogs, navigation, clock, known, this::editorDone);
    }

    private void editorDone(@Nullable Schedule saved) {
        if (saved == null) {
            editor.set(null);
        }
        refresh();
    }

    /** Whether the editor may be left: nothing would be lost, or the person does not mind. */
    boolean leave() {
        ScheduleEditorViewModel now = editor.get();
        return now == null
                || !now.changed()
                || dialogs.confirm(
                        MESSAGES.text("discard.title"),
                        MESSAGES.text("discard.text"),
                        MESSAGES.text("discard.action"));
    }

    /** The editor is closed. */
    void closed() {
        editor.set(null);
    }

    /** Pauses or resumes a schedule; what somebody else changed in it meanwhile stays. */
    void setEnabled(Schedule schedule, boolean now) {
        if (!switching.add(schedule.scheduleId())) {
            return;
        }
        tasks.run(() -> put(schedule, now))
                .onSuccess(saved -> switched(schedule, saved))
                .onFailure(toasts::failed)
                .andFinally(() -> switching.remove(schedule.scheduleId()))
                .start();
    }

    private Schedule put(Schedule seen, boolean now) {
        try {
            return backend.call(new PutSchedule(seen.withEnabled(now)));
        } catch (FailureException e) {
            Schedule fresh =
                    e.failure().code() == ErrorCode.CONFLICT ? find(seen.scheduleId()) : null;
            if (fresh == null || fresh.version() == seen.version()) {
                throw e;
            }
            return fresh.enabled() == now
                    ? fresh
                    : backend.call(new PutSchedule(fresh.withEnabled(now)));
        }
    }

    private @Nullable Schedule find(String scheduleId) {
        return backend.call(new ListSchedules(null)).schedules().stream()
                .filter(s -> s.scheduleId().equals(scheduleId))
                .findFirst()
                .orElse(null);
    }

    private void switched(Schedule before, Schedule saved) {
        asked++;
        known =
                new Known(
                        known.tenants(),
                        known.workflows(),
                        known.schedules().stream()
                                .map(s -> s.scheduleId().equals(saved.scheduleId()) ? saved : s)
                                .toList(),
                        known.runs());
        show(known);
        ScheduleEditorViewModel now = editor.get();
        if (now != null) {
            now.switched(before, saved);
        }
        toasts.done(MESSAGES.text(saved.enabled() ? "switched.on" : "switched.off", saved.name()));
    }

    /** Shows the newest run of a schedule in the pipeline. */
    void showRun(ScheduleRow row) {
        if (row.lastRun() != null) {
            navigation.show(Screen.PIPELINE, new ShowRun(row.lastRun().runId()));
        }
    }

    ObservableList<ScheduleRow> found() {
        return found;
    }

    ObservableList<Tenant> tenants() {
        return tenants;
    }

    StringProperty searchProperty() {
        return search;
    }

    /** Only this tenant's schedules; all where null. */
    ObjectProperty<@Nullable Tenant> tenantProperty() {
        return tenant;
    }

    /** Only those that are on, or only those that are paused; all where null. */
    ObjectProperty<@Nullable Boolean> enabledProperty() {
        return enabled;
    }

    ReadOnlyObjectProperty<ViewState> stateProperty() {
        return state.getReadOnlyProperty();
    }

    /** Why the list that is shown could not be read anew. */
    ReadOnlyObjectProperty<@Nullable Problem> refreshProblemProperty() {
        return refreshProblem.getReadOnlyProperty();
    }

    /** How many are shown, in words. */
    String count() {
        return found.isEmpty() ? "" : MESSAGES.text("count", found.size());
    }

    /** What is being edited; null where nothing is. */
    ReadOnlyObjectProperty<@Nullable ScheduleEditorViewModel> editorProperty() {
        return editor.getReadOnlyProperty();
    }

    /** The ids of schedules that are being paused or resumed. */
    ObservableSet<String> switching() {
        return switching;
    }
}
