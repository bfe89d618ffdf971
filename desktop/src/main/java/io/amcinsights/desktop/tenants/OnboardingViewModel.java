package io.amcinsights.desktop.tenants;

import io.amcinsights.contract.AmcInstance;
import io.amcinsights.contract.Credentials;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TenantDraft;
import io.amcinsights.contract.TenantRequest;
import io.amcinsights.desktop.aws.Backend;
import io.amcinsights.desktop.aws.Installation;
import io.amcinsights.desktop.common.FormFields;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.ViewState;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Onboarding a tenant: choose the AMC instance, check the fields, watch the provisioning. */
public final class OnboardingViewModel {

    private static final Messages MESSAGES = Messages.of(OnboardingViewModel.class);

    private final Backend backend;
    private final Installation installation;
    private final Tasks tasks;
    private final BucketViewModel bucket;
    private final ProvisioningViewModel provisioning;
    private final ReadOnlyObjectWrapper<Step> step = new ReadOnlyObjectWrapper<>(Step.CHOOSE);
    private final ReadOnlyObjectWrapper<ViewState> state =
            new ReadOnlyObjectWrapper<>(ViewState.LOADING);
    private final ObservableList<Credentials> credentials = FXCollections.observableArrayList();
    private final ReadOnlyObjectWrapper<@Nullable Credentials> used = new ReadOnlyObjectWrapper<>();
    private final ObservableList<AmcInstance> instances = FXCollections.observableArrayList();
    private final ObjectProperty<@Nullable AmcInstance> chosen = new SimpleObjectProperty<>();
    private final FormFields<Field> fields = new FormFields<>(Field.class, field -> field.word);
    private final ReadOnlyObjectWrapper<@Nullable Problem> problem = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyBooleanWrapper sending = new ReadOnlyBooleanWrapper();

    public OnboardingViewModel(
            Backend backend,
            Tasks tasks,
            BucketViewModel bucket,
            ProvisioningViewModel provisioning,
            Installation installation) {
        this.installation = installation;
        this.backend = backend;
        this.tasks = tasks;
        this.bucket = bucket;
        this.provisioning = provisioning;
    }

    /** The stations of an onboarding. */
    enum Step {
        CHOOSE,
        CHECK,
        BUCKET,
        PROVISION
    }

    /** What a person may enter, by the names of {@link TenantDraft}. */
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

    /** Begins anew. */
    void begin() {
        step.set(Step.CHOOSE);
        chosen.set(null);
        problem.set(null);
        state.set(ViewState.LOADING);
        tasks.run(() -> backend.call(new TenantRequest.ListCredentials()).credentials())
                .onSuccess(this::offerCredentials)
                .onFailure(failure -> state.set(new ViewState.Failed(failure, this::begin)))
                .start();
    }

    /** Those that worked the last time first. */
    private void offerCredentials(List<Credentials> found) {
        credentials.setAll(
                found.stream().sorted(Comparator.comparing(c -> c.problem() != null)).toList());
        use(credentials.getFirst());
    }

    /** Looks for the instances that these credentials reach. */
    void use(Credentials chosenOnes) {
        if (!chosenOnes.equals(used.get())) {
            used.set(chosenOnes);
        }
        chosen.set(null);
        discover();
    }

    private void discover() {
        String credentialsId = used().credentialsId();
        state.set(ViewState.LOADING);
        tasks.run(
                        () ->
                                backend.call(new TenantRequest.DiscoverInstances(credentialsId))
                                        .instances())
                .onSuccess(
                        found -> {
                            if (used().credentialsId().equals(credentialsId)) {
                                offer(found);
                            }
                        })
                .onFailure(failure -> state.set(new ViewState.Failed(failure, this::discover)))
                .start();
    }

    private void offer(List<AmcInstance> found) {
        instances.setAll(found);
        state.set(
                found.isEmpty()
                        ? new ViewState.Empty(
                                "fth-database",
                                MESSAGES.text("instances.none.title"),
                                MESSAGES.text("instances.none.text"),
                                new ViewState.Action(
                                        MESSAGES.text("instances.again"), this::discover))
                        : ViewState.CONTENT);
    }

    /** Why an instance cannot be onboarded, in words; null when it can. */
    static @Nullable String obstacle(AmcInstance instance) {
        if (instance.tenantId() != null) {
            return MESSAGES.text("instance.onboarded");
        }
        return instance.ready() ? null : MESSAGES.text("instance.creating");
    }

    /** Those of these that can be onboarded. */
    static List<AmcInstance> free(List<AmcInstance> of) {
        return of.stream().filter(i -> obstacle(i) == null).toList();
    }

    /**
     * Onboards several instances as AMC tells of them. Those that are refused stay, with the
     * reasons; the others become tenants.
     *
     * @param then called where none was refused
     */
    void onboard(List<AmcInstance> several, Runnable then) {
        String credentialsId = used().credentialsId();
        problem.set(null);
        sending.set(true);
        tasks.run(
                        () ->
                                free(several).stream()
                                        .flatMap(i -> onboard(i, credentialsId).stream())
                                        .toList())
                .onSuccess(
                        refused -> {
                            if (refused.isEmpty()) {
                                then.run();
                            } else {
                                problem.set(
                                        Problem.of(
                                                MESSAGES.text(
                                                        "several.refused",
                                                        refused.size(),
                                                        free(several).size()),
                                                String.join("\n", refused),
                                                MESSAGES.text("several.next")));
                                discover();
                            }
                        })
                .onFailure(problem::set)
                .andFinally(() -> sending.set(false))
                .start();
    }

    /** Why it was refused, in words. */
    private Optional<String> onboard(AmcInstance instance, String credentialsId) {
        TenantDraft draft =
                new TenantDraft(
                        nameOf(instance),
                        instance.instanceId(),
                        instance.accountId(),
                        instance.marketplaceId(),
                        instance.region(),
                        instance.bucketName(),
                        instance.bucketRegion(),
                        instance.awsAccountId(),
                        credentialsId);
        try {
            backend.call(new TenantRequest.OnboardTenant(draft));
            return Optional.empty();
        } catch (FailureException e) {
            return Optional.of(
                    MESSAGES.text("several.one", instance.instanceName(), e.failure().message()));
        }
    }

    private static String nameOf(AmcInstance instance) {
        return instance.advertiser().isBlank() ? instance.instanceName() : instance.advertiser();
    }

    /** Goes on with the chosen instance; what AMC tells of it is filled in. */
    void check() {
        AmcInstance instance = chosen.get();
        if (instance == null || obstacle(instance) != null) {
            return;
        }
        value(Field.NAME).set(nameOf(instance));
        String account = or(instance.awsAccountId(), installation.awsAccountId());
        value(Field.BUCKET_NAME)
                .set(
                        or(
                                instance.bucketName(),
                                "amc-%s-%s".formatted(instance.instanceId(), account)));
        value(Field.BUCKET_REGION).set(or(instance.bucketRegion(), installation.region()));
        value(Field.AWS_ACCOUNT_ID).set(account);
        fields.clear();
        problem.set(null);
        step.set(Step.CHECK);
    }

    /** Of an instance without a bucket AMC tells nothing: one is proposed. */
    private static String or(String told, String proposed) {
        return told.isEmpty() ? proposed : told;
    }

    void backToChoice() {
        step.set(Step.CHOOSE);
    }

    void backToFields() {
        step.set(Step.CHECK);
    }

    /** Checks a field that the person has left. */
    void left(Field field) {
        message(field).set(draft().problems().getOrDefault(field.word, ""));
    }

    /** Looks at the bucket when nothing is wrong with what was entered. */
    void lookAtBucket() {
        TenantDraft draft = draft();
        Map<String, String> problems = draft.problems();
        fields.show(problems);
        problem.set(null);
        if (!problems.isEmpty()) {
            // What AMC told and nobody can enter here may be wrong, too.
            problems.entrySet().stream()
                    .filter(entry -> fields.of(entry.getKey()) == null)
                    .findFirst()
                    .ifPresent(
                            entry ->
                                    problem.set(
                                            Problem.of(
                                                    MESSAGES.text("instance.odd"),
                                                    entry.getValue(),
                                                    null)));
            return;
        }
        step.set(Step.BUCKET);
        bucket.look(
                draft,
                plan -> {
                    if (plan.door() == null
                            && plan.changes().isEmpty()
                            && plan.remarks().isEmpty()) {
                        onboard();
                    }
                },
                refusal -> {
                    if (fields.refused(refusal)) {
                        step.set(Step.CHECK);
                    }
                });
    }

    /** Sends the draft. */
    void onboard() {
        TenantDraft draft = draft();
        problem.set(null);
        sending.set(true);
        tasks.run(() -> backend.call(new TenantRequest.OnboardTenant(draft)))
                .onSuccess(this::provision)
                .onFailure(this::refused)
                .andFinally(() -> sending.set(false))
                .start();
    }

    private void provision(Tenant tenant) {
        step.set(Step.PROVISION);
        provisioning.follow(tenant);
    }

    private void refused(Problem refusal) {
        step.set(Step.CHECK);
        if (!fields.refused(refusal)) {
            problem.set(refusal);
        }
    }

    private TenantDraft draft() {
        AmcInstance instance = Objects.requireNonNull(chosen.get(), "no instance chosen");
        return new TenantDraft(
                fields.entered(Field.NAME),
                instance.instanceId(),
                instance.accountId(),
                instance.marketplaceId(),
                instance.region(),
                fields.entered(Field.BUCKET_NAME),
                fields.entered(Field.BUCKET_REGION),
                fields.entered(Field.AWS_ACCOUNT_ID),
                used().credentialsId());
    }

    private Credentials used() {
        return Objects.requireNonNull(used.get(), "no credentials chosen");
    }

    /** What may be chosen from; never empty once it is known. */
    ObservableList<Credentials> credentials() {
        return credentials;
    }

    /** Those whose instances are shown. */
    ReadOnlyObjectProperty<@Nullable Credentials> usedProperty() {
        return used.getReadOnlyProperty();
    }

    StringProperty value(Field field) {
        return fields.value(field);
    }

    /** What is wrong with a field; empty where nothing is. */
    StringProperty message(Field field) {
        return fields.message(field);
    }

    ReadOnlyObjectProperty<Step> stepProperty() {
        return step.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<ViewState> stateProperty() {
        return state.getReadOnlyProperty();
    }

    ObservableList<AmcInstance> instances() {
        return instances;
    }

    ObjectProperty<@Nullable AmcInstance> chosenProperty() {
        return chosen;
    }

    /** What is wrong, where no field is at fault. */
    ReadOnlyObjectProperty<@Nullable Problem> problemProperty() {
        return problem.getReadOnlyProperty();
    }

    ReadOnlyBooleanProperty sendingProperty() {
        return sending.getReadOnlyProperty();
    }

    BucketViewModel bucket() {
        return bucket;
    }

    ProvisioningViewModel provisioning() {
        return provisioning;
    }
}
