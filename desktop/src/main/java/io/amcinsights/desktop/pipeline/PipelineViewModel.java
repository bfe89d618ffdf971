package io.amcinsights.desktop.pipeline;

import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.LakeRequest.Deliveries;
import io.amcinsights.contract.LakeRequest.ListDeliveries;
import io.amcinsights.contract.LakeRequest.RedriveDeliveries;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TenantRequest.ListTenants;
import io.amcinsights.contract.WorkflowRequest.ListRuns;
import io.amcinsights.contract.WorkflowRequest.ListSchedules;
import io.amcinsights.contract.WorkflowRequest.ListWorkflows;
import io.amcinsights.contract.WorkflowRequest.Runs;
import io.amcinsights.desktop.aws.Backend;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Navigation;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.Screen;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.Toasts;
import io.amcinsights.desktop.common.ViewState;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs, deliveries and onboardings, newest first, kept fresh while the screen is shown. */
public final class PipelineViewModel {

    private static final Messages MESSAGES = Messages.of(PipelineViewModel.class);
    private static final int PAGE = 100;
    private static final Duration WHILE_ACTIVE = Duration.ofSeconds(1);
    private static final Duration WHILE_IDLE = Duration.ofSeconds(10);

    private final Backend backend;
    private final Tasks tasks;
    private final Navigation navigation;
    private final Toasts toasts;

    private final Map<String, Run> runsById = new LinkedHashMap<>();
    private final Map<String, Delivery> deliveriesById = new LinkedHashMap<>();
    private Names names = Names.NONE;
    private @Nullable String olderRuns;
    private @Nullable String olderDeliveries;

    private final ObservableList<RunRow> runs = FXCollections.observableArrayList();
    private final ObservableList<DeliveryRow> deliveries = FXCollections.observableArrayList();
    private final ObservableList<Tenant> onboardings = FXCollections.observableArrayList();
    private final ObservableList<Tenant> tenants = FXCollections.observableArrayList();
    // A view that only its listeners know would be collected, and they would hear nothing more.
    private final ObservableList<Tenant> shownTenants =
            FXCollections.unmodifiableObservableList(tenants);
    private final ReadOnlyObjectWrapper<ViewState> runsState =
            new ReadOnlyObjectWrapper<>(ViewState.LOADING);
    private final ReadOnlyIntegerWrapper failedDeliveries = new ReadOnlyIntegerWrapper();
    private final ReadOnlyObjectWrapper<ViewState> deliveriesState =
            new ReadOnlyObjectWrapper<>(ViewState.LOADING);
    private final ReadOnlyObjectWrapper<ViewState> onboardingsState =
            new ReadOnlyObjectWrapper<>(ViewState.LOADING);
    private final ReadOnlyObjectWrapper<@Nullable Problem> refreshProblem =
            new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable Instant> refreshedAt =
            new ReadOnlyObjectWrapper<>();
    private final ReadOnlyBooleanWrapper moreRuns = new ReadOnlyBooleanWrapper();
    private final ReadOnlyBooleanWrapper moreDeliveries = new ReadOnlyBooleanWrapper();

    private final ObjectProperty<@Nullable Tenant> tenant = new SimpleObjectProperty<>();
    private final ObjectProperty<Run.@Nullable Status> runStatus = new SimpleObjectProperty<>();
    private final ObjectProperty<Delivery.@Nullable Status> deliveryStatus =
            new SimpleObjectProperty<>();
    private final StringProperty text = new SimpleStringProperty("");

    private volatile boolean active = true;
    private boolean refreshing;
    private Tasks.@Nullable Handle timer;

    public PipelineViewModel(Backend backend, Tasks tasks, Navigation navigation, Toasts toasts) {
        this.toasts = toasts;
        this.backend = backend;
        this.tasks = tasks;
        this.navigation = navigation;
        for (ObjectProperty<?> filter : List.of(tenant, runStatus, deliveryStatus)) {
            filter.subscribe(this::show);
        }
        text.subscribe(this::show);
    }

    /**
     * One run in the list.
     *
     * @param delivery the result file that answers it, once it has been seen
     * @param trigger the schedule that asked, or others at AMC; null when a person did
     */
    record RunRow(
            Run run,
            @Nullable Delivery delivery,
            String tenant,
            String workflow,
            @Nullable String trigger) {

        boolean ended() {
            return run.status().ended()
                    && (run.status() != Run.Status.SUCCEEDED
                            || run.adHoc() != null
                            || run.elsewhere()
                            || (delivery != null && delivery.status().ended()));
        }
    }

    record DeliveryRow(Delivery delivery, String tenant, String workflow) {}

    /** What one refresh brings. */
    private record Fresh(Runs runs, Deliveries deliveries, Names names) {}

    /** Begins to refresh, at once and then again and again; slower while nothing is under way. */
    void start() {
        stop();
        refresh();
        timer = tasks.every(() -> active ? WHILE_ACTIVE : WHILE_IDLE, this::refresh);
    }

    /** Stops to refresh. */
    void stop() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    void refresh() {
        if (refreshing) {
            return;
        }
        refreshing = true;
        Names known = names;
        Set<String> knownRuns = Set.copyOf(runsById.keySet());
        tasks.run(() -> fetch(known, knownRuns))
                .onSuccess(this::fetched)
                .onFailure(this::failed)
                .andFinally(() -> refreshing = false)
                .start();
    }

    /** Names change seldom: they are asked for again only when something new appears. */
    private Fresh fetch(Names known, Set<String> knownRuns) {
        Runs newest = backend.call(new ListRuns(null, PAGE, null));
        Deliveries arrived = backend.call(new ListDeliveries(null, PAGE, null));
        boolean same =
                !known.equals(Names.NONE)
                        && newest.runs().stream().allMatch(r -> knownRuns.contains(r.runId()));
        return new Fresh(newest, arrived, same ? withTenants(known) : allNames());
    }

    /** Tenants are asked for always: they are a list of this screen too. */
    private Names withTenants(Names known) {
        return new Names(
                backend.call(new ListTenants()).tenants(), known.workflows(), known.schedules());
    }

    private Names allNames() {
        return new Names(
                backend.call(new ListTenants()).tenants(),
                backend.call(new ListWorkflows(null)).workflows(),
                backend.call(new ListSchedules(null)).schedules());
    }

    private void fetched(Fresh fresh) {
        names = fresh.names();
        fresh.runs().runs().forEach(run -> runsById.put(run.runId(), run));
        fresh.deliveries().deliveries().forEach(d -> deliveriesById.put(d.deliveryId(), d));
        if (olderRuns == null && runsById.size() <= PAGE) {
            olderRuns = fresh.runs().nextToken();
        }
        if (olderDeliveries == null && deliveriesById.size() <= PAGE) {
            olderDeliveries = fresh.deliveries().nextToken();
        }
        refreshProblem.set(null);
        refreshedAt.set(Instant.now());
        show();
        active =
                Stream.concat(
                                        allRuns().stream().map(RunRow::ended),
                                        names.tenants().stream()
                                                .map(t -> t.status() != Tenant.Status.PROVISIONING))
                                .anyMatch(ended -> !ended)
                        || deliveriesById.values().stream().anyMatch(d -> !d.status().ended());
    }

    /** A list that is shown stays; a first list that cannot be read says so in its place. */
    private void failed(Problem problem) {
        active = false;
        if (refreshedAt.get() != null) {
            refreshProblem.set(problem);
            return;
        }
        ViewState failed = new ViewState.Failed(problem, this::retry);
        runsState.set(failed);
        deliveriesState.set(failed);
        onboardingsState.set(failed);
    }

    private void retry() {
        runsState.set(ViewState.LOADING);
        deliveriesState.set(ViewState.LOADING);
        onboardingsState.set(ViewState.LOADING);
        refresh();
    }

    void showOlderRuns() {
        String token = olderRuns;
        if (token == null) {
            return;
        }
        moreRuns.set(false);
        tasks.run(() -> backend.call(new ListRuns(null, PAGE, token)))
                .onSuccess(
                        page -> {
                            page.runs().forEach(run -> runsById.put(run.runId(), run));
                            olderRuns = page.nextToken();
                            show();
                        })
                .onFailure(
                        problem -> {
                            refreshProblem.set(problem);
                            show();
                        })
                .start();
    }

    void showOlderDeliveries() {
        String token = olderDeliveries;
        if (token == null) {
            return;
        }
        moreDeliveries.set(false);
        tasks.run(() -> backend.call(new ListDeliveries(null, PAGE, token)))
                .onSuccess(
                        page -> {
                            page.deliveries().forEach(d -> deliveriesById.put(d.deliveryId(), d));
                            olderDeliveries = page.nextToken();
                            show();
                        })
                .onFailure(
                        problem -> {
                            refreshProblem.set(problem);
                            show();
                        })
                .start();
    }

    /** A change that this screen made itself, shown without waiting for the next refresh. */
    void changed(Run run) {
        runsById.put(run.runId(), run);
        active = true;
        show();
    }

    void changed(Delivery delivery) {
        deliveriesById.put(delivery.deliveryId(), delivery);
        active = true;
        show();
    }

    private static List<String> failed(List<DeliveryRow> of) {
        return of.stream()
                .map(DeliveryRow::delivery)
                .filter(d -> d.status() == Delivery.Status.FAILED)
                .map(Delivery::deliveryId)
                .toList();
    }

    /** Loads again those of the deliveries in sight that failed. */
    void loadFailed() {
        List<String> ids = failed(deliveries);
        tasks.run(() -> backend.call(new RedriveDeliveries(ids)))
                .onSuccess(
                        done -> {
                            done.deliveries().forEach(d -> deliveriesById.put(d.deliveryId(), d));
                            active = true;
                            show();
                            if (done.refused().isEmpty()) {
                                toasts.done(MESSAGES.text("loadFailed.done", ids.size()));
                            } else {
                                toasts.failed(
                                        Problem.of(done.refused().values().iterator().next()));
                            }
                        })
                .onFailure(toasts::failed)
                .start();
    }

    /** How many of the deliveries in sight have failed. */
    ReadOnlyIntegerProperty failedDeliveriesProperty() {
        return failedDeliveries.getReadOnlyProperty();
    }

    private void show() {
        if (refreshedAt.get() == null) {
            return;
        }
        List<RunRow> allRuns = allRuns();
        List<RunRow> shownRuns = allRuns.stream().filter(this::wanted).toList();
        Refreshed.into(runs, shownRuns, row -> row.run().runId());
        runsState.set(
                state(
                        allRuns.isEmpty(),
                        shownRuns.isEmpty(),
                        "runs",
                        "fth-git-commit",
                        new ViewState.Action(
                                MESSAGES.text("runs.empty.action"),
                                () -> navigation.show(Screen.WORKFLOWS))));

        List<DeliveryRow> allDeliveries =
                deliveriesById.values().stream()
                        .sorted(Comparator.comparing(Delivery::seenAt).reversed())
                        .map(this::row)
                        .toList();
        List<DeliveryRow> shownDeliveries = allDeliveries.stream().filter(this::wanted).toList();
        Refreshed.into(deliveries, shownDeliveries, row -> row.delivery().deliveryId());
        failedDeliveries.set(failed(shownDeliveries).size());
        deliveriesState.set(
                state(
                        allDeliveries.isEmpty(),
                        shownDeliveries.isEmpty(),
                        "deliveries",
                        "fth-inbox",
                        null));

        List<Tenant> started =
                names.tenants().stream()
                        .filter(t -> t.execution() != null)
                        .sorted(Comparator.comparing(Tenant::updatedAt).reversed())
                        .toList();
        Refreshed.into(
                onboardings, started.stream().filter(this::wanted).toList(), Tenant::tenantId);
        onboardingsState.set(
                state(
                        started.isEmpty(),
                        onboardings.isEmpty(),
                        "onboardings",
                        "fth-users",
                        new ViewState.Action(
                                MESSAGES.text("onboardings.empty.action"),
                                () -> navigation.show(Screen.TENANTS))));
        Refreshed.into(tenants, names.tenants(), Tenant::tenantId);
        moreRuns.set(olderRuns != null);
        moreDeliveries.set(olderDeliveries != null);
    }

    private DeliveryRow row(Delivery delivery) {
        return new DeliveryRow(
                delivery,
                names.tenant(delivery.tenantId()),
                names.workflow(delivery.tenantId(), delivery.workflowId()));
    }

    private List<RunRow> allRuns() {
        Map<String, Delivery> byRun =
                deliveriesById.values().stream()
                        .filter(d -> d.runId() != null)
                        .collect(
                                Collectors.toMap(
                                        d -> String.valueOf(d.runId()),
                                        Function.identity(),
                                        (a, b) -> a.seenAt().isAfter(b.seenAt()) ? a : b));
        return runsById.values().stream()
                .sorted(Comparator.comparing(Run::requestedAt).reversed())
                .map(
                        run ->
                                new RunRow(
                                        run,
                                        byRun.get(run.runId()),
                                        names.tenant(run.tenantId()),
                                        names.workflow(run.tenantId(), run.workflowId()),
                                        run.elsewhere()
                                                ? MESSAGES.text("trigger.elsewhere")
                                                : names.schedule(run.scheduleId())))
                .toList();
    }

    private ViewState state(
            boolean none,
            boolean noneWanted,
            String list,
            String icon,
            ViewState.@Nullable Action action) {
        if (none) {
            return new ViewState.Empty(
                    icon,
                    MESSAGES.text(list + ".empty.title"),
                    MESSAGES.text(list + ".empty.sentence"),
                    action);
        }
        if (noneWanted) {
            return new ViewState.Empty(
                    "fth-filter",
                    MESSAGES.text("filtered.title"),
                    MESSAGES.text("filtered.sentence"),
                    new ViewState.Action(MESSAGES.text("filtered.action"), this::clearFilters));
        }
        return ViewState.CONTENT;
    }

    void clearFilters() {
        tenant.set(null);
        runStatus.set(null);
        deliveryStatus.set(null);
        text.set("");
    }

    private boolean wanted(RunRow row) {
        return wanted(row.run().tenantId())
                && (runStatus.get() == null || row.run().status() == runStatus.get())
                && matches(
                        row.tenant(),
                        row.workflow(),
                        row.run().workflowId(),
                        row.run().runId(),
                        row.trigger());
    }

    private boolean wanted(DeliveryRow row) {
        return wanted(row.delivery().tenantId())
                && (deliveryStatus.get() == null || row.delivery().status() == deliveryStatus.get())
                && matches(
                        row.tenant(),
                        row.workflow(),
                        row.delivery().key(),
                        row.delivery().dataset(),
                        row.delivery().bucket());
    }

    private boolean wanted(Tenant row) {
        return wanted(row.tenantId()) && matches(row.name(), row.tenantId(), row.bucketName());
    }

    private boolean wanted(@Nullable String tenantId) {
        Tenant only = tenant.get();
        return only == null || only.tenantId().equals(tenantId);
    }

    private boolean matches(@Nullable String... values) {
        String wanted = text.get().strip().toLowerCase(Locale.ROOT);
        if (wanted.isEmpty()) {
            return true;
        }
        for (String value : values) {
            if (value != null && value.toLowerCase(Locale.ROOT).contains(wanted)) {
                return true;
            }
        }
        return false;
    }

    /** A run that this screen knows, whatever the filters hide. */
    Optional<RunRow> run(String runId) {
        return allRuns().stream().filter(row -> row.run().runId().equals(runId)).findFirst();
    }

    Optional<DeliveryRow> delivery(String deliveryId) {
        return Optional.ofNullable(deliveriesById.get(deliveryId)).map(this::row);
    }

    Optional<Tenant> onboarding(String tenantId) {
        return names.tenants().stream().filter(t -> t.tenantId().equals(tenantId)).findFirst();
    }

    ObservableList<RunRow> runs() {
        return FXCollections.unmodifiableObservableList(runs);
    }

    ObservableList<DeliveryRow> deliveries() {
        return FXCollections.unmodifiableObservableList(deliveries);
    }

    /** Tenants whose onboarding was started, the one changed last first. */
    ObservableList<Tenant> onboardings() {
        return FXCollections.unmodifiableObservableList(onboardings);
    }

    /** All tenants, to filter by. */
    ObservableList<Tenant> tenants() {
        return shownTenants;
    }

    ReadOnlyObjectProperty<ViewState> runsStateProperty() {
        return runsState.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<ViewState> deliveriesStateProperty() {
        return deliveriesState.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<ViewState> onboardingsStateProperty() {
        return onboardingsState.getReadOnlyProperty();
    }

    /** Why the newest refresh failed, while an older list is shown. */
    ReadOnlyObjectProperty<@Nullable Problem> refreshProblemProperty() {
        return refreshProblem.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable Instant> refreshedAtProperty() {
        return refreshedAt.getReadOnlyProperty();
    }

    ReadOnlyBooleanProperty moreRunsProperty() {
        return moreRuns.getReadOnlyProperty();
    }

    ReadOnlyBooleanProperty moreDeliveriesProperty() {
        return moreDeliveries.getReadOnlyProperty();
    }

    ObjectProperty<@Nullable Tenant> tenantProperty() {
        return tenant;
    }

    ObjectProperty<Run.@Nullable Status> runStatusProperty() {
        return runStatus;
    }

    ObjectProperty<Delivery.@Nullable Status> deliveryStatusProperty() {
        return deliveryStatus;
    }

    StringProperty textProperty() {
        return text;
    }

    boolean active() {
        return active;
    }
}
