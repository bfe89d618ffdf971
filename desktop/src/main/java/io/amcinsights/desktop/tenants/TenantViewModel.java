package io.amcinsights.desktop.tenants;

import io.amcinsights.contract.Credentials;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TenantDraft;
import io.amcinsights.contract.TenantRequest;
import io.amcinsights.contract.TenantRequest.Belonging;
import io.amcinsights.contract.TenantRequest.Connection;
import io.amcinsights.desktop.aws.Backend;
import io.amcinsights.desktop.common.Dialogs;
import io.amcinsights.desktop.common.FormFields;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.Toasts;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** One tenant, and what can be done with it. */
public final class TenantViewModel {

    /** What a person may change, by the name of the draft's field. */
    enum Field {
        NAME("name"),
        BUCKET_NAME("bucketName"),
        BUCKET_REGION("bucketRegion"),
        AWS_ACCOUNT_ID("awsAccountId");

        private final String word;

        Field(String word) {
            this.word = word;
        }
    }

    /** What the drawer shows. */
    enum Page {
        DETAILS,
        EDIT,
        BUCKET,
        NOTICES,
        OFFBOARD
    }

    private static final Messages MESSAGES = Messages.of(TenantViewModel.class);

    private final Backend backend;
    private final Tasks tasks;
    private final Toasts toasts;
    private final Dialogs dialogs;
    private final BucketViewModel bucket;
    private final NoticeChoiceViewModel notices;
    private final ReadOnlyObjectWrapper<Page> page = new ReadOnlyObjectWrapper<>(Page.DETAILS);
    private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper();
    private final ReadOnlyObjectWrapper<@Nullable Problem> refused = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable Connection> connection =
            new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable List<Belonging>> belongings =
            new ReadOnlyObjectWrapper<>();
    private final BooleanProperty cancelRuns = new SimpleBooleanProperty();
    private final BooleanProperty deleteAtAmc = new SimpleBooleanProperty();
    private final BooleanProperty deleteData = new SimpleBooleanProperty();
    private final FormFields<Field> fields = new FormFields<>(Field.class, field -> field.word);
    private final ObservableList<Credentials> credentials = FXCollections.observableArrayList();
    private final ObjectProperty<@Nullable Credentials> chosen = new SimpleObjectProperty<>();
    private Consumer<Tenant> onChanged = tenant -> {};
    private Runnable onGone = () -> {};
    private @Nullable Tenant tenant;

    public TenantViewModel(
            Backend backend,
            Tasks tasks,
            Toasts toasts,
            Dialogs dialogs,
            BucketViewModel bucket,
            NoticeChoiceViewModel notices) {
        this.backend = backend;
        this.tasks = tasks;
        this.toasts = toasts;
        this.dialogs = dialogs;
        this.bucket = bucket;
        this.notices = notices;
    }

    void setOnChanged(Consumer<Tenant> listener) {
        onChanged = listener;
    }

    void setOnGone(Runnable listener) {
        onGone = listener;
    }

    /** Turns to another tenant. */
    void open(Tenant opened) {
        tenant = opened;
        refused.set(null);
        connection.set(null);
        page.set(Page.DETAILS);
    }

    /**
     * Takes a tenant as it has become.
     *
     * @return whether it is the one that is open
     */
    boolean follow(Tenant now) {
        boolean open = tenant != null && tenant.tenantId().equals(now.tenantId());
        if (open) {
            tenant = now;
        }
        return open;
    }

    Tenant tenant() {
        return Objects.requireNonNull(tenant, "no tenant is open");
    }

    void pause() {
        change(() -> backend.call(new TenantRequest.PauseTenant(tenant().tenantId())));
    }

    void resume() {
        change(() -> backend.call(new TenantRequest.ResumeTenant(tenant().tenantId())));
    }

    private void change(Callable<Tenant> work) {
        begin();
        tasks.run(work)
                .onSuccess(
                        changed -> {
                            tenant = changed;
                            page.set(Page.DETAILS);
                            onChanged.accept(changed);
                        })
                .onFailure(this::refuse)
                .andFinally(() -> busy.set(false))
                .start();
    }

    private void begin() {
        busy.set(true);
        refused.set(null);
    }

    private void refuse(Problem problem) {
        if (page.get() == Page.EDIT && fields.refused(problem)) {
            return;
        }
        refused.set(problem);
    }

    void test() {
        begin();
        connection.set(null);
        TenantDraft draft = tenant().draft();
        tasks.run(() -> backend.call(new TenantRequest.TestConnection(draft)))
                .onSuccess(connection::set)
                .onFailure(this::refuse)
                .andFinally(() -> busy.set(false))
                .start();
    }

    void lookAtBucket() {
        refused.set(null);
        page.set(Page.BUCKET);
        bucket.look(tenant().draft(), found -> {}, problem -> {});
    }

    void bucketPrepared() {
        toasts.done(MESSAGES.text("bucket.prepared", tenant().bucketName()));
        back();
    }

    void chooseNotices() {
        refused.set(null);
        page.set(Page.NOTICES);
        notices.open(tenant().tenantId());
    }

    void noticesChosen() {
        toasts.done(MESSAGES.text("notices.done"));
        back();
    }

    NoticeChoiceViewModel notices() {
        return notices;
    }

    BucketViewModel bucket() {
        return bucket;
    }

    void edit() {
        TenantDraft draft = tenant().draft();
        value(Field.NAME).set(draft.name());
        value(Field.BUCKET_NAME).set(draft.bucketName());
        value(Field.BUCKET_REGION).set(draft.bucketRegion());
        value(Field.AWS_ACCOUNT_ID).set(draft.awsAccountId());
        fields.clear();
        refused.set(null);
        page.set(Page.EDIT);
        offerCredentials(draft.credentialsId());
    }

    private void offerCredentials(String now) {
        credentials.clear();
        chosen.set(null);
        tasks.run(() -> backend.call(new TenantRequest.ListCredentials()).credentials())
                .onSuccess(
                        known -> {
                            credentials.setAll(known);
                            chosen.set(
                                    known.stream()
                                            .filter(c -> c.credentialsId().equals(now))
                                            .findFirst()
                                            .orElse(null));
                        })
                .onFailure(this::refuse)
                .start();
    }

    /** Sends what was entered when nothing is wrong with it. */
    void save() {
        Tenant seen = tenant();
        TenantDraft before = seen.draft();
        TenantDraft draft =
                new TenantDraft(
                        fields.entered(Field.NAME),
                        before.instanceId(),
                        before.accountId(),
                        before.marketplaceId(),
                        before.region(),
                        fields.entered(Field.BUCKET_NAME),
                        fields.entered(Field.BUCKET_REGION),
                        fields.entered(Field.AWS_ACCOUNT_ID),
                        chosen.get() == null
                                ? before.credentialsId()
                                : chosen.get().credentialsId());
        Map<String, String> problems = draft.problems();
        fields.show(problems);
        if (problems.isEmpty()) {
            change(() -> backend.call(new TenantRequest.UpdateTenant(draft, seen.version())));
        }
    }

    /** Back to the details, from whatever was begun. */
    void back() {
        refused.set(null);
        page.set(Page.DETAILS);
    }

    void planOffboarding() {
        belongings.set(null);
        cancelRuns.set(false);
        deleteAtAmc.set(false);
        deleteData.set(false);
        refused.set(null);
        page.set(Page.OFFBOARD);
        String tenantId = tenant().tenantId();
        tasks.run(() -> backend.call(new TenantRequest.PlanOffboarding(tenantId)).belongings())
                .onSuccess(
                        found -> {
                            if (tenant().tenantId().equals(tenantId)) {
                                belongings.set(found);
                            }
                        })
                .onFailure(this::refuse)
                .start();
    }

    void offboard() {
        Tenant leaving = tenant();
        if (!dialogs.confirmTyped(
                MESSAGES.text("offboard.confirm", leaving.name()),
                MESSAGES.text(deleteData.get() ? "offboard.confirm.data" : "offboard.confirm.text"),
                leaving.name(),
                MESSAGES.text("offboard.do"))) {
            return;
        }
        begin();
        TenantRequest.OffboardTenant request =
                new TenantRequest.OffboardTenant(
                        leaving.tenantId(), cancelRuns.get(), deleteAtAmc.get(), deleteData.get());
        tasks.run(() -> backend.call(request))
                .onSuccess(
                        offboarded -> {
                            toasts.done(MESSAGES.text("offboard.done", leaving.name()));
                            onGone.run();
                        })
                .onFailure(this::refuse)
                .andFinally(() -> busy.set(false))
                .start();
    }

    /** Which there are; none until they are known. */
    ObservableList<Credentials> credentials() {
        return credentials;
    }

    /** Those that the tenant is to use; null while they are not known. */
    ObjectProperty<@Nullable Credentials> chosenProperty() {
        return chosen;
    }

    StringProperty value(Field field) {
        return fields.value(field);
    }

    /** What is wrong with a field; empty where nothing is. */
    StringProperty message(Field field) {
        return fields.message(field);
    }

    ReadOnlyObjectProperty<Page> pageProperty() {
        return page.getReadOnlyProperty();
    }

    ReadOnlyBooleanProperty busyProperty() {
        return busy.getReadOnlyProperty();
    }

    /** Why the last thing that was asked for was refused. */
    ReadOnlyObjectProperty<@Nullable Problem> refusedProperty() {
        return refused.getReadOnlyProperty();
    }

    /** What the last test of the connection has found. */
    ReadOnlyObjectProperty<@Nullable Connection> connectionProperty() {
        return connection.getReadOnlyProperty();
    }

    /** What there is of the tenant; null while it is being looked for. */
    ReadOnlyObjectProperty<@Nullable List<Belonging>> belongingsProperty() {
        return belongings.getReadOnlyProperty();
    }

    BooleanProperty cancelRunsProperty() {
        return cancelRuns;
    }

    BooleanProperty deleteAtAmcProperty() {
        return deleteAtAmc;
    }

    BooleanProperty deleteDataProperty() {
        return deleteData;
    }

    /**
     * @param removed it goes; else it stays
     */
    record Line(boolean removed, String text) {}

    /** What the offboarding removes and keeps, as it is chosen now. */
    List<Line> plan() {
        List<Line> plan = new ArrayList<>();
        add(plan, Belonging.Kind.SCHEDULE, true, "offboard.schedules");
        add(
                plan,
                Belonging.Kind.WORKFLOW,
                true,
                deleteAtAmc.get() ? "offboard.workflows.amc" : "offboard.workflows");
        add(
                plan,
                Belonging.Kind.DATASET,
                deleteData.get(),
                deleteData.get() ? "offboard.data.gone" : "offboard.data");
        add(plan, Belonging.Kind.GRANT, true, "offboard.grants");
        plan.add(new Line(true, MESSAGES.text("offboard.record")));
        plan.add(new Line(false, MESSAGES.text("offboard.bucket", tenant().bucketName())));
        plan.add(new Line(false, MESSAGES.text("offboard.history")));
        return plan;
    }

    private void add(List<Line> plan, Belonging.Kind kind, boolean removed, String key) {
        List<Belonging> some = of(kind);
        if (!some.isEmpty()) {
            plan.add(
                    new Line(
                            removed,
                            MESSAGES.text(
                                    key,
                                    some.size(),
                                    String.join(", ", some.stream().map(Belonging::title).toList()),
                                    some.stream().mapToLong(Belonging::rows).sum())));
        }
    }

    private List<Belonging> of(Belonging.Kind kind) {
        List<Belonging> found = belongings.get();
        return found == null ? List.of() : found.stream().filter(b -> b.kind() == kind).toList();
    }

    /** How many runs are under way, which must end first. */
    int runsUnderWay() {
        return of(Belonging.Kind.RUN_UNDER_WAY).size();
    }
}
