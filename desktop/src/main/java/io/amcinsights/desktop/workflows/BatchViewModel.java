package io.amcinsights.desktop.workflows;

import io.amcinsights.contract.Batch;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TimeWindow;
import io.amcinsights.contract.Workflow;
import io.amcinsights.contract.WorkflowRequest.RunBatch;
import io.amcinsights.contract.Zones;
import io.amcinsights.desktop.aws.Backend;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Navigation;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.Screen;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.inputs.ParametersViewModel;
import io.amcinsights.desktop.inputs.RunRequests;
import io.amcinsights.desktop.inputs.TimeWindowViewModel;
import io.amcinsights.desktop.places.ShowRun;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Runs of one workflow asked for at once: for several tenants, and of a period cut in windows. */
public final class BatchViewModel {

    private static final Messages MESSAGES = Messages.of(BatchViewModel.class);

    /** A tenant that has the workflow. */
    record Target(Tenant tenant, BooleanProperty chosen) {}

    private final Backend backend;
    private final Tasks tasks;
    private final Navigation navigation;
    private final Clock clock;
    private final TimeWindowViewModel window;
    private final ParametersViewModel parameters;
    private final ReadOnlyObjectWrapper<@Nullable Workflow> workflow =
            new ReadOnlyObjectWrapper<>();
    private final ObservableList<Target> targets = FXCollections.observableArrayList();
    private final BooleanProperty backfill = new SimpleBooleanProperty(true);
    private final ObjectProperty<@Nullable LocalDate> from = new SimpleObjectProperty<>();
    private final ObjectProperty<@Nullable LocalDate> until = new SimpleObjectProperty<>();
    private final ObjectProperty<Batch.Step> step = new SimpleObjectProperty<>(Batch.Step.WEEK);
    private final StringProperty zone = new SimpleStringProperty("");
    private final ReadOnlyStringWrapper summary = new ReadOnlyStringWrapper("");
    private final ReadOnlyBooleanWrapper ready = new ReadOnlyBooleanWrapper();
    private final ReadOnlyObjectWrapper<@Nullable Problem> problem = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper();
    private final RunRequests requests = new RunRequests();

    public BatchViewModel(Backend backend, Tasks tasks, Navigation navigation, Clock clock) {
        this.backend = backend;
        this.tasks = tasks;
        this.navigation = navigation;
        this.clock = clock;
        window = new TimeWindowViewModel(clock);
        parameters = new ParametersViewModel(window.momentProperty());
        backfill.subscribe(this::count);
        from.subscribe(this::count);
        until.subscribe(this::count);
        step.subscribe(this::count);
        zone.subscribe(this::count);
    }

    /**
     * Begins a form: a backfill of the last three whole months, for the workflow's own tenant.
     *
     * @param tenants all that are known
     * @param workflows of all tenants
     */
    void open(Workflow opened, List<Tenant> tenants, List<Workflow> workflows) {
        List<String> having =
                workflows.stream()
                        .filter(w -> w.workflowId().equals(opened.workflowId()))
                        .map(Workflow::tenantId)
                        .toList();
        targets.setAll(
                tenants.stream()
                        .filter(t -> t.status() == Tenant.Status.ACTIVE)
                        .filter(t -> having.contains(t.tenantId()))
                        .map(
                                t ->
                                        new Target(
                                                t,
                                                new SimpleBooleanProperty(
                                                        t.tenantId().equals(opened.tenantId()))))
                        .toList());
        targets.forEach(t -> t.chosen().subscribe(this::count));
        LocalDate today = LocalDate.now(clock);
        LocalDate month = today.with(TemporalAdjusters.firstDayOfMonth());
        from.set(month.minusMonths(3));
        until.set(month.minusDays(1));
        step.set(Batch.Step.WEEK);
        zone.set(TimeWindowViewModel.localZone());
        backfill.set(true);
        window.show(
                TimeWindow.of(TimeWindow.Type.MOST_RECENT_WEEK, TimeWindowViewModel.localZone()));
        parameters.show(opened.parameters(), Map.of());
        problem.set(null);
        requests.forget();
        count();
        workflow.set(opened);
    }

    void close() {
        workflow.set(null);
    }

    private List<String> tenantIds() {
        return targets.stream()
                .filter(t -> t.chosen().get())
                .map(t -> t.tenant().tenantId())
                .toList();
    }

    private List<TimeWindow> cut() {
        LocalDate first = from.get();
        LocalDate last = until.get();
        if (first == null || last == null || Zones.problem(zone.get()).isPresent()) {
            return List.of();
        }
        // a day more than fits tells that it does not
        LocalDate most = first.plusMonths(Batch.LARGEST + 1L);
        return Batch.windows(first, last.isBefore(most) ? last : most, step.get(), zone.get());
    }

    private void count() {
        int tenants = tenantIds().size();
        int windows = backfill.get() ? cut().size() : 1;
        int runs = tenants * windows;
        boolean fits = runs > 0 && runs <= Batch.LARGEST;
        ready.set(fits);
        if (windows == 0) {
            summary.set(MESSAGES.text("batch.period.wrong"));
        } else if (tenants == 0) {
            summary.set(MESSAGES.text("batch.tenants.none"));
        } else if (!fits) {
            summary.set(MESSAGES.text("batch.tooMany", Batch.LARGEST));
        } else {
            summary.set(MESSAGES.text("batch.summary", runs, tenants, windows));
        }
    }

    /** Asks for the runs, unless something is wrong with the form. */
    void run() {
        Workflow of = Objects.requireNonNull(workflow.get(), "no workflow is open");
        problem.set(null);
        boolean right = parameters.check();
        right &= backfill.get() || window.check();
        if (!right || !ready.get()) {
            return;
        }
        RunBatch form =
                new RunBatch(
                        tenantIds(),
                        of.workflowId(),
                        backfill.get() ? cut() : List.of(window.window()),
                        parameters.values(),
                        "");
        RunBatch request = form.withKey(requests.keyOf(form));
        busy.set(true);
        tasks.run(() -> backend.call(request))
                .onSuccess(this::asked)
                .onFailure(this::refused)
                .andFinally(() -> busy.set(false))
                .start();
    }

    private void asked(Batch batch) {
        Run first =
                batch.parts().stream()
                        .map(Batch.Part::run)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null);
        if (first == null) {
            Failure why = batch.parts().getFirst().problem();
            if (why != null) {
                refused(Problem.of(why));
            }
            requests.forget();
        } else {
            close();
            navigation.show(Screen.PIPELINE, new ShowRun(first.runId()));
        }
    }

    private void refused(Problem why) {
        if (!parameters.refused(why) && !window.refused(why)) {
            problem.set(why);
        }
    }

    /** The workflow that is to run; null while nothing is asked for. */
    ReadOnlyObjectProperty<@Nullable Workflow> workflowProperty() {
        return workflow.getReadOnlyProperty();
    }

    ObservableList<Target> targets() {
        return targets;
    }

    /** Whether a period is cut in windows; else each tenant has one run. */
    BooleanProperty backfillProperty() {
        return backfill;
    }

    /** The first day of the period. */
    ObjectProperty<@Nullable LocalDate> fromProperty() {
        return from;
    }

    /** The last day of the period. */
    ObjectProperty<@Nullable LocalDate> untilProperty() {
        return until;
    }

    ObjectProperty<Batch.Step> stepProperty() {
        return step;
    }

    /** The zone of the period's days. */
    StringProperty zoneProperty() {
        return zone;
    }

    TimeWindowViewModel window() {
        return window;
    }

    ParametersViewModel parameters() {
        return parameters;
    }

    /** What the form amounts to, or what it lacks. */
    ReadOnlyStringProperty summaryProperty() {
        return summary.getReadOnlyProperty();
    }

    /** Whether it amounts to runs that can be asked for. */
    ReadOnlyBooleanProperty readyProperty() {
        return ready.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable Problem> problemProperty() {
        return problem.getReadOnlyProperty();
    }

    ReadOnlyBooleanProperty busyProperty() {
        return busy.getReadOnlyProperty();
    }
}
