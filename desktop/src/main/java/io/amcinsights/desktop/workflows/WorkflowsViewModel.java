package io.amcinsights.desktop.workflows;

import io.amcinsights.contract.Run;
import io.amcinsights.contract.Template;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TenantRequest.ListTenants;
import io.amcinsights.contract.Workflow;
import io.amcinsights.contract.WorkflowRequest.ListRuns;
import io.amcinsights.contract.WorkflowRequest.ListWorkflows;
import io.amcinsights.contract.WorkflowRequest.Runs;
import io.amcinsights.desktop.aws.Backend;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Navigation;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.Screen;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.ViewState;
import io.amcinsights.desktop.places.NewSchedule;
import io.amcinsights.desktop.places.OpenTrial;
import io.amcinsights.desktop.places.OpenWorkflow;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.transformation.FilteredList;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The list of workflows over all tenants, and which page of the screen is open. */
public final class WorkflowsViewModel {

    private static final Messages MESSAGES = Messages.of(WorkflowsViewModel.class);
    private static final int NEWEST_RUNS = 200;
    private static final Duration CALM = Duration.ofSeconds(30);
    private static final Duration BUSY = Duration.ofSeconds(2);

    private final Backend backend;
    private final Tasks tasks;
    private final Navigation navigation;
    private final LibraryViewModel library;
    private final EditorViewModel editor;
    private final RunViewModel run;
    private final BatchViewModel batch;
    private final HistoryViewModel history;
    private final CopyViewModel copy;
    private final CompareViewModel compare;

    private final ReadOnlyObjectWrapper<Page> page = new ReadOnlyObjectWrapper<>(Page.LIST);
    private final ObservableList<Tenant> tenants = FXCollections.observableArrayList();
    private final ObservableList<Tenant> shownTenants =
            FXCollections.unmodifiableObservableList(tenants);
    private final ObservableList<Row> rows = FXCollections.observableArrayList();
    private final FilteredList<Row> found = new FilteredList<>(rows);
    private final ObjectProperty<@Nullable Tenant> tenant = new SimpleObjectProperty<>();
    private final StringProperty search = new SimpleStringProperty("");
    private final ReadOnlyObjectWrapper<ViewState> state =
            new ReadOnlyObjectWrapper<>(ViewState.LOADING);
    private final ReadOnlyStringWrapper remark = new ReadOnlyStringWrapper("");
    private volatile boolean busy;
    private boolean refreshing;
    private final Tasks.Repeated refreshed;
    private @Nullable Fresh newest;

    public WorkflowsViewModel(
            Backend backend,
            Tasks tasks,
            Navigation navigation,
            LibraryViewModel library,
            EditorViewModel editor,
            RunViewModel run,
            BatchViewModel batch) {
        this.backend = backend;
        this.tasks = tasks;
        refreshed = tasks.repeated(() -> busy ? BUSY : CALM, this::refresh);
        this.navigation = navigation;
        this.library = library;
        this.editor = editor;
        this.run = run;
        this.batch = batch;
        history = new HistoryViewModel(backend, tasks);
        copy = new CopyViewModel(backend, tasks);
        compare = new CompareViewModel(backend, tasks, this::refresh);
        tenant.subscribe(this::filter);
        search.subscribe(this::filter);
        library.templates().subscribe(this::show);
        editor.savedProperty().subscribe(this::learn);
        page.subscribe(run.trial()::close);
    }

    /** The pages of the screen. */
    enum Page {
        LIST,
        LIBRARY,
        EDITOR
    }

    /**
     * One workflow in the list.
     *
     * @param template what the template is called that it was made from
     * @param lastRun the newest of the runs that were looked through
     * @param neverRun there is no older run that was not looked through
     */
    record Row(
            Workflow workflow,
            String tenant,
            @Nullable String template,
            @Nullable Run lastRun,
            boolean neverRun) {}

    /** What one refresh brings. */
    private record Fresh(List<Workflow> workflows, List<Tenant> tenants, Runs runs) {}

    /** Reads now, and again from time to time until {@link #stop()}. */
    void start() {
        library.load();
        refreshed.start();
    }

    void stop() {
        refreshed.stop();
    }

    void refresh() {
        if (refreshing) {
            return;
        }
        refreshing = true;
        tasks.run(
                        () ->
                                new Fresh(
                                        backend.call(new ListWorkflows(null)).workflows(),
                                        backend.call(new ListTenants()).tenants(),
                                        backend.call(new ListRuns(null, NEWEST_RUNS, null))))
                .onSuccess(this::fetched)
                .onFailure(this::failed)
                .andFinally(() -> refreshing = false)
                .start();
    }

    private void fetched(Fresh fresh) {
        newest = fresh;
        remark.set("");
        busy = fresh.runs().runs().stream().anyMatch(r -> !r.status().ended());
        if (!tenants.equals(fresh.tenants())) {
            tenants.setAll(fresh.tenants());
        }
        editor.know(fresh.tenants(), fresh.workflows());
        show();
    }

    /** A list that does not know what was just saved is out of date. */
    private void learn(@Nullable Workflow saved) {
        if (saved != null && newest != null && !newest.workflows().contains(saved)) {
            refresh();
        }
    }

    private void failed(Problem problem) {
        if (newest != null) {
            remark.set(MESSAGES.text("stale", problem.title()));
        } else {
            state.set(ViewState.retried(problem, state, this::refresh));
        }
    }

    private void show() {
        Fresh fresh = newest;
        if (fresh == null) {
            return;
        }
        Map<String, Run> lastRuns = new HashMap<>();
        // They come newest first.
        fresh.runs()
                .runs()
                .forEach(r -> lastRuns.putIfAbsent(key(r.tenantId(), r.workflowId()), r));
        List<Row> now =
                fresh.workflows().stream()
                        .map(
                                workflow -> {
                                    Run last =
                                            lastRuns.get(
                                                    key(
                                                            workflow.tenantId(),
                                                            workflow.workflowId()));
                                    return new Row(
                                            workflow,
                                            name(fresh.tenants(), workflow.tenantId()),
                                            workflow.templateId() == null
                                                    ? null
                                                    : library.title(workflow.templateId()),
                                            last,
                                            last == null && fresh.runs().nextToken() == null);
                                })
                        .toList();
        if (!rows.equals(now)) {
            rows.setAll(now);
        }
        showState();
    }

    private static String key(String tenantId, String workflowId) {
        return tenantId + "/" + workflowId;
    }

    private static String name(List<Tenant> tenants, String tenantId) {
        return tenants.stream()
                .filter(t -> t.tenantId().equals(tenantId))
                .map(Tenant::name)
                .findFirst()
                .orElse(tenantId);
    }

    private void filter() {
        Tenant only = tenant.get();
        String wanted = search.get().strip().toLowerCase(Locale.ROOT);
        found.setPredicate(
                row ->
                        (only == null || only.tenantId().equals(row.workflow().tenantId()))
                                && matches(row, wanted));
        if (newest != null) {
            showState();
        }
    }

    private static boolean matches(Row row, String wanted) {
        return Stream.of(
                        row.workflow().title(),
                        row.workflow().workflowId(),
                        row.workflow().description(),
                        row.tenant(),
                        row.template() == null ? "" : row.template())
                .anyMatch(text -> text.toLowerCase(Locale.ROOT).contains(wanted));
    }

    private void showState() {
        if (rows.isEmpty()) {
            state.set(
                    new ViewState.Empty(
                            "fth-book-open",
                            MESSAGES.text("empty.title"),
                            MESSAGES.text("empty.text"),
                            new ViewState.Action(MESSAGES.text("new"), this::openLibrary)));
        } else if (found.isEmpty()) {
            state.set(
                    new ViewState.Empty(
                            "fth-filter",
                            MESSAGES.text("none.title"),
                            MESSAGES.text("none.text"),
                            new ViewState.Action(MESSAGES.text("none.clear"), this::clearFilters)));
        } else {
            state.set(ViewState.CONTENT);
        }
    }

    private void clearFilters() {
        tenant.set(null);
        search.set("");
    }

    /** Shows the query library, to begin a new workflow. */
    void openLibrary() {
        if (mayLeave()) {
            editor.close();
            library.load();
            page.set(Page.LIBRARY);
        }
    }

    /** Begins a workflow from the template that is chosen in the library. */
    void useTemplate() {
        Template template = library.chosenProperty().get();
        if (template != null) {
            editor.begin(template, tenant.get());
            page.set(Page.EDITOR);
        }
    }

    /** Begins a workflow from nothing. */
    void beginBlank() {
        editor.beginBlank(tenant.get());
        page.set(Page.EDITOR);
    }

    void open(Workflow workflow) {
        editor.open(workflow);
        page.set(Page.EDITOR);
    }

    /** Opens a workflow that is only known by its id. */
    void open(OpenWorkflow wanted) {
        if (page.get() == Page.EDITOR && editor.shows(wanted)) {
            return;
        }
        if (mayLeave()) {
            editor.open(wanted);
            page.set(Page.EDITOR);
        }
    }

    /** Opens a query that was tried, and shows what came of it. */
    void open(OpenTrial wanted) {
        Run.AdHoc query = wanted.run().adHoc();
        if (query != null && mayLeave()) {
            editor.begin(query, wanted.run().tenantId());
            page.set(Page.EDITOR);
            run.trial().follow(wanted.run());
        }
    }

    /** Goes back to the list, when nothing is lost or the person says so. */
    void back() {
        if (mayLeave()) {
            editor.close();
            page.set(Page.LIST);
            refresh();
        }
    }

    /** Whether nothing would be lost, or the person does not mind. */
    public boolean mayLeave() {
        return page.get() != Page.EDITOR || editor.mayLeave();
    }

    /** Asks what a run of a workflow shall read. */
    void runNow(Workflow workflow) {
        closeDrawer();
        run.begin(workflow, name(tenants, workflow.tenantId()));
    }

    /** The same for the workflow in the editor; saves it first where there is something to save. */
    void runEdited() {
        Workflow saved = editor.savedProperty().get();
        if (saved == null || editor.dirtyProperty().get()) {
            editor.save(this::runNow);
        } else {
            runNow(saved);
        }
    }

    /** Asks what the query in the editor shall read when it is tried. */
    void tryEdited() {
        closeDrawer();
        editor.toTry().ifPresent(draft -> run.beginTrial(draft, name(tenants, draft.tenantId())));
    }

    /** Asks for which tenants and windows the workflow in the editor shall run. */
    void showBatch() {
        Workflow saved = editor.savedProperty().get();
        if (saved != null && newest != null) {
            closeDrawer();
            batch.open(saved, tenants, newest.workflows());
        }
    }

    /** Shows what differs between here and AMC. */
    void showComparison() {
        closeDrawer();
        compare.open(tenants, tenant.get());
    }

    CompareViewModel compare() {
        return compare;
    }

    /** Forgets what the drawer shows; it shows one thing at a time. */
    void closeDrawer() {
        run.close();
        history.close();
        copy.close();
        batch.close();
        compare.close();
    }

    TrialViewModel trial() {
        return run.trial();
    }

    BatchViewModel batch() {
        return batch;
    }

    /** Goes on to a schedule of the workflow in the editor. */
    void schedule() {
        Workflow saved = editor.savedProperty().get();
        if (saved != null) {
            navigation.show(
                    Screen.SCHEDULES, new NewSchedule(saved.tenantId(), saved.workflowId()));
        }
    }

    /** Shows what the workflow in the editor was before. */
    void showHistory() {
        Workflow saved = editor.savedProperty().get();
        if (saved != null) {
            closeDrawer();
            history.open(saved);
        }
    }

    /** Asks which tenants shall have the workflow in the editor, too. */
    void showCopy() {
        Workflow saved = editor.savedProperty().get();
        if (saved != null) {
            closeDrawer();
            copy.open(saved, tenants);
        }
    }

    /** Takes an earlier version into the editor. */
    void restore(Workflow version) {
        history.close();
        editor.restore(version);
    }

    HistoryViewModel history() {
        return history;
    }

    CopyViewModel copy() {
        return copy;
    }

    /** Deletes the workflow in the editor, when the person confirms it. */
    void delete() {
        editor.delete(
                () -> {
                    page.set(Page.LIST);
                    refresh();
                });
    }

    ReadOnlyObjectProperty<Page> pageProperty() {
        return page.getReadOnlyProperty();
    }

    /** What the filters let through. */
    ObservableList<Row> found() {
        return found;
    }

    /** All tenants, to filter by. */
    ObservableList<Tenant> tenants() {
        return shownTenants;
    }

    ObjectProperty<@Nullable Tenant> tenantProperty() {
        return tenant;
    }

    StringProperty searchProperty() {
        return search;
    }

    ReadOnlyObjectProperty<ViewState> stateProperty() {
        return state.getReadOnlyProperty();
    }

    /** What is to be said of the list as a whole; empty where it is fresh. */
    ReadOnlyStringProperty remarkProperty() {
        return remark.getReadOnlyProperty();
    }

    /** How many are shown, in words; empty while that is not known. */
    String count() {
        return newest == null ? "" : MESSAGES.text("count", found.size());
    }
}
