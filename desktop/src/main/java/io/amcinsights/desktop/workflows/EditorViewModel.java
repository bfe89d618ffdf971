package io.amcinsights.desktop.workflows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Parameter;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.Template;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.Workflow;
import io.amcinsights.contract.WorkflowRequest.DeleteWorkflow;
import io.amcinsights.contract.WorkflowRequest.GetWorkflow;
import io.amcinsights.contract.WorkflowRequest.PutWorkflow;
import io.amcinsights.desktop.aws.Backend;
import io.amcinsights.desktop.common.Dialogs;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.Toasts;
import io.amcinsights.desktop.common.ViewState;
import io.amcinsights.desktop.places.OpenWorkflow;
import io.amcinsights.sql.Completion;
import io.amcinsights.sql.amc.AmcQuery;
import io.amcinsights.sql.amc.AmcSchema;
import io.amcinsights.sql.amc.AmcSql;
import io.amcinsights.sql.amc.AmcType;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** One workflow, new or saved, while a person edits it. */
public final class EditorViewModel {

    private static final Messages MESSAGES = Messages.of(EditorViewModel.class);

    private final Backend backend;
    private final Tasks tasks;
    private final Dialogs dialogs;
    private final Toasts toasts;
    private final Clock clock;

    private final ObservableList<Tenant> activeTenants = FXCollections.observableArrayList();
    // Views that only their listeners knew would be collected, and those would hear nothing more.
    private final ObservableList<Tenant> shownTenants =
            FXCollections.unmodifiableObservableList(activeTenants);
    private List<Tenant> tenants = List.of();
    private List<Workflow> workflows = List.of();

    private final ReadOnlyObjectWrapper<ViewState> state =
            new ReadOnlyObjectWrapper<>(ViewState.CONTENT);
    private final ReadOnlyObjectWrapper<@Nullable Workflow> saved = new ReadOnlyObjectWrapper<>();
    private final ObjectProperty<@Nullable Tenant> tenant = new SimpleObjectProperty<>();
    private final StringProperty title = new SimpleStringProperty("");
    private final StringProperty workflowId = new SimpleStringProperty("");
    private final StringProperty description = new SimpleStringProperty("");
    private final StringProperty sql = new SimpleStringProperty("");
    private final ReadOnlyObjectWrapper<@Nullable AmcQuery> analysis =
            new ReadOnlyObjectWrapper<>();
    private final ObservableList<ParameterDraft> parameters = FXCollections.observableArrayList();
    private final ObservableList<ParameterDraft> shownParameters =
            FXCollections.unmodifiableObservableList(parameters);
    private final ObservableList<String> undeclared = FXCollections.observableArrayList();
    private final ObservableList<String> shownUndeclared =
            FXCollections.unmodifiableObservableList(undeclared);
    private final ReadOnlyObjectWrapper<Set<String>> declared =
            new ReadOnlyObjectWrapper<>(Set.of());
    private volatile Set<String> declaredNow = Set.of();

    private final Map<Field, StringProperty> messages = new EnumMap<>(Field.class);
    private final ReadOnlyObjectWrapper<@Nullable Problem> problem = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyBooleanWrapper conflict = new ReadOnlyBooleanWrapper();
    private final ReadOnlyObjectWrapper<List<io.amcinsights.sql.Problem>> refused =
            new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyBooleanWrapper dirty = new ReadOnlyBooleanWrapper();
    private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper();

    private final ReadOnlyStringWrapper facts = new ReadOnlyStringWrapper("");

    private @Nullable Template template;
    private Content baseline;
    private boolean filling;
    private boolean ownId;
    private Tasks.@Nullable Handle waiting;

    public EditorViewModel(
            Backend backend, Tasks tasks, Dialogs dialogs, Toasts toasts, Clock clock) {
        this.backend = backend;
        this.tasks = tasks;
        this.dialogs = dialogs;
        this.toasts = toasts;
        this.clock = clock;
        for (Field field : Field.values()) {
            messages.put(field, new SimpleStringProperty(""));
        }
        baseline = content();
        tenant.addListener((property, old, now) -> edited(Field.TENANT));
        title.addListener((property, old, now) -> edited(Field.TITLE));
        description.addListener((property, old, now) -> edited());
        workflowId.addListener(
                (property, old, now) -> {
                    ownId |= !filling;
                    edited(Field.WORKFLOW_ID);
                });
        sql.addListener((property, old, now) -> sqlEdited());
    }

    /** What a person may enter, by the names of {@link Workflow}. */
    enum Field {
        TENANT("tenantId"),
        TITLE("title"),
        WORKFLOW_ID("workflowId");

        private final String word;

        Field(String word) {
            this.word = word;
        }
    }

    /** All that is entered, be it right or wrong. */
    private record Content(
            @Nullable String tenantId,
            String workflowId,
            String title,
            String description,
            String sql,
            List<ParameterDraft.Content> parameters) {}

    /** What came of an attempt to save. */
    private sealed interface Outcome {
        record Saved(Workflow workflow) implements Outcome {}

        record RefusedSql(FailureException why) implements Outcome {}
    }

    /** Learns what there is: tenants to choose from, ids that are taken. */
    void know(List<Tenant> allTenants, List<Workflow> allWorkflows) {
        tenants = allTenants;
        workflows = allWorkflows;
        List<Tenant> active =
                allTenants.stream().filter(t -> t.status() == Tenant.Status.ACTIVE).toList();
        boolean untouched = !dirty.get();
        Tenant chosen = tenant.get();
        fill(
                () -> {
                    if (!activeTenants.equals(active)) {
                        activeTenants.setAll(active);
                    }
                    if (isNew()) {
                        tenant.set(chosen == null ? only(active) : find(active, chosen.tenantId()));
                    }
                });
        suggestId();
        if (untouched) {
            // What could be filled in only now was not the person's work.
            baseline = content();
        }
        showDirty();
        showFacts();
    }

    private static @Nullable Tenant only(List<Tenant> active) {
        return active.size() == 1 ? active.getFirst() : null;
    }

    private static @Nullable Tenant find(List<Tenant> all, String tenantId) {
        return all.stream().filter(t -> t.tenantId().equals(tenantId)).findFirst().orElse(null);
    }

    /**
     * Begins a new workflow from a template.
     *
     * @param suggested the tenant that it is probably for
     */
    void begin(Template of, @Nullable Tenant suggested) {
        begin(of, suggested, of.title(), of.question(), of.sql(), of.parameters());
    }

    /** Begins a new workflow from nothing. */
    void beginBlank(@Nullable Tenant suggested) {
        begin(null, suggested, "", "", "", List.of());
    }

    /** Begins a workflow from a query that was tried. */
    void begin(Run.AdHoc query, String tenantId) {
        begin(null, find(activeTenants, tenantId), "", "", query.sql(), query.parameters());
    }

    private void begin(
            @Nullable Template of,
            @Nullable Tenant suggested,
            String newTitle,
            String newDescription,
            String newSql,
            List<Parameter> declaring) {
        stopWaiting();
        state.set(ViewState.CONTENT);
        saved.set(null);
        template = of;
        ownId = false;
        fill(
                () -> {
                    tenant.set(
                            suggested == null
                                    ? only(activeTenants)
                                    : find(activeTenants, suggested.tenantId()));
                    title.set(newTitle);
                    workflowId.set("");
                    description.set(newDescription);
                    show(newSql, declaring);
                });
        suggestId();
        settle();
    }

    /** Opens a saved workflow. */
    void open(Workflow workflow) {
        stopWaiting();
        state.set(ViewState.CONTENT);
        saved.set(workflow);
        template = null;
        fill(
                () -> {
                    tenant.set(find(tenants, workflow.tenantId()));
                    title.set(workflow.title());
                    workflowId.set(workflow.workflowId());
                    description.set(workflow.description());
                    show(workflow.sql(), workflow.parameters());
                });
        settle();
    }

    /** Takes what a version was into the fields; it counts once it is saved. */
    void restore(Workflow version) {
        fill(
                () -> {
                    title.set(version.title());
                    description.set(version.description());
                    show(version.sql(), version.parameters());
                });
        showDirty();
    }

    /** Reads a saved workflow and opens it. */
    void open(OpenWorkflow wanted) {
        close();
        state.set(ViewState.LOADING);
        GetWorkflow request = new GetWorkflow(wanted.tenantId(), wanted.workflowId());
        waiting =
                tasks.run(() -> backend.call(request))
                        .onSuccess(this::open)
                        .onFailure(why -> state.set(new ViewState.Failed(why, () -> open(wanted))))
                        .start();
    }

    /** Whether this workflow is what is edited. */
    boolean shows(OpenWorkflow wanted) {
        Workflow shown = saved.get();
        return shown != null
                && shown.tenantId().equals(wanted.tenantId())
                && shown.workflowId().equals(wanted.workflowId());
    }

    /** Forgets what is edited. */
    void close() {
        beginBlank(null);
    }

    private void show(String newSql, List<Parameter> declaring) {
        parameters.setAll(declaring.stream().map(this::draft).toList());
        sql.set(newSql);
        relate();
    }

    private ParameterDraft draft(Parameter parameter) {
        return new ParameterDraft(parameter, clock.instant().atZone(ZoneOffset.UTC), this::edited);
    }

    /** Everything is as it was opened. */
    private void settle() {
        clearProblems();
        baseline = content();
        showDirty();
        showFacts();
    }

    private void fill(Runnable change) {
        filling = true;
        try {
            change.run();
        } finally {
            filling = false;
        }
    }

    private void edited(Field field) {
        edited();
        // What was wrong may be right now.
        if (!message(field).get().isEmpty()) {
            message(field).set(problems().getOrDefault(field, ""));
        }
    }

    private void edited() {
        if (!filling) {
            suggestId();
            showDirty();
        }
    }

    private void sqlEdited() {
        if (!filling) {
            refused.set(List.of());
            relate();
            showDirty();
        }
    }

    private void showDirty() {
        dirty.set(!content().equals(baseline));
    }

    private Content content() {
        Tenant chosen = tenant.get();
        return new Content(
                chosen == null ? null : chosen.tenantId(),
                workflowId.get(),
                title.get(),
                description.get(),
                sql.get(),
                parameters.stream().map(ParameterDraft::content).toList());
    }

    private boolean isNew() {
        return saved.get() == null;
    }

    private void suggestId() {
        if (isNew() && !ownId) {
            String base =
                    template == null ? WorkflowId.ofTitle(title.get()) : template.templateId();
            fill(() -> workflowId.set(base.isEmpty() ? "" : WorkflowId.free(base, taken())));
        }
    }

    /** The ids that the chosen tenant's workflows have. */
    private Set<String> taken() {
        Tenant chosen = tenant.get();
        return workflows.stream()
                .filter(w -> chosen != null && w.tenantId().equals(chosen.tenantId()))
                .map(Workflow::workflowId)
                .collect(Collectors.toSet());
    }

    /** Keeps the declared parameters in step with those that the SQL uses. */
    private void relate() {
        Set<String> used = AmcSql.parameters(sql.get());
        Set<String> names = new LinkedHashSet<>();
        for (ParameterDraft parameter : parameters) {
            parameter.use(used.contains(parameter.name()));
            names.add(parameter.name());
        }
        List<String> missing = used.stream().filter(name -> !names.contains(name)).toList();
        if (!undeclared.equals(missing)) {
            undeclared.setAll(missing);
        }
        declaredNow = Set.copyOf(names);
        declared.set(declaredNow);
    }

    /** Declares a parameter that the SQL uses. */
    void declare(String name) {
        AmcQuery query = AmcSql.analyze(sql.get(), AmcSchema.standard(), declaredNow);
        ParameterDraft added =
                draft(
                        query.parameters().stream()
                                .filter(found -> found.name().equals(name))
                                .map(EditorViewModel::declaration)
                                .findFirst()
                                .orElseGet(
                                        () ->
                                                new Parameter(
                                                        name,
                                                        Parameter.Type.STRING,
                                                        false,
                                                        "",
                                                        null)));
        added.openProperty().set(true);
        parameters.add(added);
        relate();
        showDirty();
    }

    /** As the SQL uses it; a list that may contain "all" has that for its default. */
    private static Parameter declaration(AmcQuery.Parameter used) {
        AmcType element = used.type().element();
        AmcType type = element == null ? used.type() : element;
        boolean array = used.type().base() == AmcType.Base.ARRAY;
        JsonNode value =
                used.all() == null ? null : JsonNodeFactory.instance.arrayNode().add(used.all());
        return new Parameter(used.name(), parameterType(type), array, "", value);
    }

    private static Parameter.Type parameterType(AmcType type) {
        return switch (type.base()) {
            case BYTE, SHORT, INTEGER, LONG -> Parameter.Type.LONG;
            case DECIMAL, FLOAT, DOUBLE -> Parameter.Type.DOUBLE;
            case BOOLEAN -> Parameter.Type.BOOLEAN;
            case DATE -> Parameter.Type.DATE;
            case TIMESTAMP -> Parameter.Type.TIMESTAMP;
            case STRING, BINARY, ARRAY, ROW, MAP, UNKNOWN -> Parameter.Type.STRING;
        };
    }

    /** Takes a declaration away. */
    void remove(ParameterDraft parameter) {
        parameters.remove(parameter);
        relate();
        showDirty();
    }

    /** The problems of an AMC query; on any thread. */
    List<io.amcinsights.sql.Problem> check(String text) {
        AmcQuery query = AmcSql.analyze(text, AmcSchema.standard(), declaredNow);
        tasks.inForeground(
                () -> {
                    if (text.equals(sql.get())) {
                        analysis.set(query);
                    }
                });
        return text.isBlank() ? List.of() : query.problems();
    }

    /** What completes an AMC query; on any thread. */
    List<Completion> complete(String text, int offset) {
        return AmcSql.complete(text, offset, AmcSchema.standard());
    }

    /** Checks a field that the person has left. */
    void left(Field field) {
        if (field != Field.TENANT && isNew()) {
            message(field).set(problems().getOrDefault(field, ""));
        }
    }

    private Map<Field, String> problems() {
        Map<Field, String> problems = new EnumMap<>(Field.class);
        if (isNew() && tenant.get() == null) {
            problems.put(Field.TENANT, MESSAGES.text("field.tenant.missing"));
        }
        Map<String, String> byName = workflow(List.of()).problems();
        for (Field field : Field.values()) {
            String found = byName.get(field.word);
            if (found != null) {
                problems.put(field, found);
            }
        }
        if (isNew() && taken().contains(workflowId.get().strip())) {
            problems.put(Field.WORKFLOW_ID, MESSAGES.text("field.workflowId.taken"));
        }
        return problems;
    }

    private Workflow workflow(List<Parameter> declaring) {
        Workflow before = saved.get();
        Tenant chosen = tenant.get();
        return new Workflow(
                before != null ? before.tenantId() : chosen == null ? "" : chosen.tenantId(),
                workflowId.get().strip(),
                title.get().strip(),
                description.get().strip(),
                sql.get(),
                declaring,
                before != null
                        ? before.templateId()
                        : template == null ? null : template.templateId(),
                Instant.EPOCH,
                before == null ? 0 : before.version());
    }

    /**
     * Saves what is entered, unless something is wrong with it.
     *
     * @param then called with what was saved
     */
    void save(Consumer<Workflow> then) {
        checked().ifPresent(workflow -> send(() -> backend.call(new PutWorkflow(workflow)), then));
    }

    /** What is to be saved; empty where something is wrong, which its field says. */
    private Optional<Workflow> checked() {
        return checked(EnumSet.allOf(Field.class));
    }

    /** What is entered, for a run without being saved; empty where something is wrong with it. */
    Optional<Workflow> toTry() {
        return checked(EnumSet.of(Field.TENANT));
    }

    private Optional<Workflow> checked(Set<Field> needed) {
        clearProblems();
        Map<Field, String> problems = problems();
        problems.keySet().retainAll(needed);
        problems.forEach((field, text) -> message(field).set(text));
        boolean right = problems.isEmpty();
        List<Parameter> declaring = new ArrayList<>();
        for (ParameterDraft parameter : parameters) {
            Optional<Parameter> checked = parameter.checked();
            checked.ifPresent(declaring::add);
            right &= checked.isPresent();
        }
        Workflow workflow = workflow(declaring);
        String noSql = workflow.problems().get("sql");
        if (noSql != null) {
            refused.set(List.of(SqlRefusal.of(noSql)));
            right = false;
        }
        return right ? Optional.of(workflow) : Optional.empty();
    }

    private void clearProblems() {
        messages.values().forEach(message -> message.set(""));
        problem.set(null);
        conflict.set(false);
        refused.set(List.of());
    }

    private void send(Callable<Workflow> put, Consumer<Workflow> then) {
        Content sent = content();
        busy.set(true);
        waiting =
                tasks.run(() -> attempt(put))
                        .onSuccess(
                                outcome -> {
                                    switch (outcome) {
                                        case Outcome.Saved of -> saved(of.workflow(), sent, then);
                                        case Outcome.RefusedSql of -> refusedSql(of.why());
                                    }
                                })
                        .onFailure(this::refused)
                        .andFinally(() -> busy.set(false))
                        .start();
    }

    private static Outcome attempt(Callable<Workflow> put) throws Exception {
        try {
            return new Outcome.Saved(put.call());
        } catch (FailureException e) {
            if ("sql".equals(e.failure().field())) {
                return new Outcome.RefusedSql(e);
            }
            throw e;
        }
    }

    private void saved(Workflow workflow, Content sent, Consumer<Workflow> then) {
        saved.set(workflow);
        // What was typed while it was being saved is not saved.
        baseline = sent;
        showDirty();
        showFacts();
        toasts.done(MESSAGES.text("saved", workflow.title()));
        then.accept(workflow);
    }

    private void refusedSql(FailureException why) {
        problem.set(withNext(Problem.of(why), MESSAGES.text("refused.next")));
        refused.set(List.of(SqlRefusal.of(why.failure())));
    }

    private void refused(Problem why) {
        for (Field field : Field.values()) {
            if (field.word.equals(why.field()) && isNew()) {
                message(field).set(sentences(why));
                return;
            }
        }
        if (parameters.stream().noneMatch(parameter -> parameter.refused(why))) {
            conflict.set(why.code() == ErrorCode.CONFLICT);
            problem.set(conflict.get() ? withNext(why, MESSAGES.text("conflict.next")) : why);
        }
    }

    private static Problem withNext(Problem why, String next) {
        return new Problem(
                why.title(), why.message(), next, why.details(), why.code(), why.field());
    }

    private static String sentences(Problem why) {
        return why.next() == null ? why.message() : why.message() + " " + why.next();
    }

    /** After a conflict: takes the other version, in place of what was entered here. */
    void reload() {
        Workflow mine = saved.get();
        if (mine == null
                || (dirty.get()
                        && !dialogs.confirm(
                                MESSAGES.text("reload.title"),
                                MESSAGES.text("reload.message"),
                                MESSAGES.text("conflict.reload")))) {
            return;
        }
        busy.set(true);
        waiting =
                tasks.run(() -> backend.call(new GetWorkflow(mine.tenantId(), mine.workflowId())))
                        .onSuccess(this::open)
                        .onFailure(this::refused)
                        .andFinally(() -> busy.set(false))
                        .start();
    }

    /** After a conflict: saves what was entered here, in place of the other version. */
    void overwrite() {
        checked().ifPresent(mine -> send(() -> replace(mine), workflow -> {}));
    }

    private Workflow replace(Workflow mine) {
        long version;
        try {
            version = backend.call(new GetWorkflow(mine.tenantId(), mine.workflowId())).version();
        } catch (FailureException e) {
            if (e.failure().code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
            version = 0;
        }
        return backend.call(
                new PutWorkflow(
                        new Workflow(
                                mine.tenantId(),
                                mine.workflowId(),
                                mine.title(),
                                mine.description(),
                                mine.sql(),
                                mine.parameters(),
                                mine.templateId(),
                                mine.updatedAt(),
                                version)));
    }

    /**
     * Deletes the workflow, when the person confirms it.
     *
     * @param then called when it is gone
     */
    void delete(Runnable then) {
        Workflow doomed = saved.get();
        if (doomed == null
                || !dialogs.confirm(
                        MESSAGES.text("delete.title", doomed.title()),
                        MESSAGES.text("delete.message"),
                        MESSAGES.text("delete"))) {
            return;
        }
        clearProblems();
        busy.set(true);
        waiting =
                tasks.run(
                                () ->
                                        backend.call(
                                                new DeleteWorkflow(
                                                        doomed.tenantId(), doomed.workflowId())))
                        .onSuccess(
                                done -> {
                                    close();
                                    toasts.done(MESSAGES.text("deleted", doomed.title()));
                                    then.run();
                                })
                        .onFailure(problem::set)
                        .andFinally(() -> busy.set(false))
                        .start();
    }

    /** Does not wait for the answer any longer. */
    void cancel() {
        if (busy.get()) {
            stopWaiting();
            problem.set(
                    Problem.of(
                            MESSAGES.text("cancelled.title"),
                            MESSAGES.text("cancelled.message"),
                            MESSAGES.text("cancelled.next")));
        }
    }

    private void stopWaiting() {
        if (waiting != null) {
            waiting.cancel();
            waiting = null;
        }
        busy.set(false);
    }

    /** Whether nothing would be lost, or the person does not mind. */
    boolean mayLeave() {
        return !dirty.get()
                || dialogs.confirm(
                        MESSAGES.text("leave.title"),
                        MESSAGES.text("leave.message"),
                        MESSAGES.text("leave.action"));
    }

    private void showFacts() {
        Workflow of = saved.get();
        if (of != null) {
            Tenant owner = find(tenants, of.tenantId());
            facts.set(
                    MESSAGES.text(
                            "editor.facts",
                            owner == null ? of.tenantId() : owner.name(),
                            of.workflowId(),
                            of.version()));
        } else {
            facts.set(
                    template == null
                            ? MESSAGES.text("editor.facts.blank")
                            : MESSAGES.text("editor.facts.new", template.title()));
        }
    }

    ReadOnlyObjectProperty<ViewState> stateProperty() {
        return state.getReadOnlyProperty();
    }

    /** The workflow as it was saved last; null for a new one. */
    ReadOnlyObjectProperty<@Nullable Workflow> savedProperty() {
        return saved.getReadOnlyProperty();
    }

    /** Whose it is and where it comes from, in words. */
    ReadOnlyStringProperty factsProperty() {
        return facts.getReadOnlyProperty();
    }

    /** The tenants that a new workflow may belong to. */
    ObservableList<Tenant> activeTenants() {
        return shownTenants;
    }

    ObjectProperty<@Nullable Tenant> tenantProperty() {
        return tenant;
    }

    StringProperty titleProperty() {
        return title;
    }

    StringProperty workflowIdProperty() {
        return workflowId;
    }

    StringProperty descriptionProperty() {
        return description;
    }

    StringProperty sqlProperty() {
        return sql;
    }

    /** The parameters that the workflow declares. */
    ObservableList<ParameterDraft> parameters() {
        return shownParameters;
    }

    /** Names that the SQL uses and the workflow does not declare. */
    ObservableList<String> undeclared() {
        return shownUndeclared;
    }

    /** What is known of the SQL's result; null until it was looked at. */
    ReadOnlyObjectProperty<@Nullable AmcQuery> analysisProperty() {
        return analysis.getReadOnlyProperty();
    }

    /** The declared names; the SQL is to be checked again when they change. */
    ReadOnlyObjectProperty<Set<String>> declaredProperty() {
        return declared.getReadOnlyProperty();
    }

    /** What is wrong with a field; empty where nothing is. */
    StringProperty message(Field field) {
        return Objects.requireNonNull(messages.get(field));
    }

    /** What is wrong, where no field is at fault. */
    ReadOnlyObjectProperty<@Nullable Problem> problemProperty() {
        return problem.getReadOnlyProperty();
    }

    /** Whether the problem is that somebody else saved first. */
    ReadOnlyBooleanProperty conflictProperty() {
        return conflict.getReadOnlyProperty();
    }

    /** What AMC refused in the SQL that was sent. */
    ReadOnlyObjectProperty<List<io.amcinsights.sql.Problem>> refusedProperty() {
        return refused.getReadOnlyProperty();
    }

    /** Whether something is entered that is not saved. */
    ReadOnlyBooleanProperty dirtyProperty() {
        return dirty.getReadOnlyProperty();
    }

    /** Whether an answer is awaited. */
    ReadOnlyBooleanProperty busyProperty() {
        return busy.getReadOnlyProperty();
    }
}
