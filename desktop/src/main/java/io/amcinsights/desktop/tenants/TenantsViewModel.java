package io.amcinsights.desktop.tenants;

import io.amcinsights.contract.AmcIds;
import io.amcinsights.contract.Credentials;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TenantRequest;
import io.amcinsights.desktop.aws.Backend;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.Toasts;
import io.amcinsights.desktop.common.ViewState;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.transformation.FilteredList;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The list of tenants. */
public final class TenantsViewModel {

    private static final Messages MESSAGES = Messages.of(TenantsViewModel.class);
    private static final Duration CALM = Duration.ofSeconds(30);
    private static final Duration BUSY = Duration.ofSeconds(2);

    private final Backend backend;
    private final Tasks tasks;
    private final Toasts toasts;
    private final ObservableList<Tenant> tenants = FXCollections.observableArrayList();
    private final FilteredList<Tenant> found = new FilteredList<>(tenants);
    private final StringProperty search = new SimpleStringProperty("");
    private final ReadOnlyObjectWrapper<ViewState> state =
            new ReadOnlyObjectWrapper<>(ViewState.LOADING);
    private final ReadOnlyBooleanWrapper onboarding = new ReadOnlyBooleanWrapper();
    private final ReadOnlyObjectWrapper<Set<String>> shutOut =
            new ReadOnlyObjectWrapper<>(Set.of());
    private volatile boolean busy;
    private final Tasks.Repeated refreshing;

    public TenantsViewModel(Backend backend, Tasks tasks, Toasts toasts) {
        this.backend = backend;
        this.tasks = tasks;
        refreshing = tasks.repeated(() -> busy ? BUSY : CALM, this::refresh);
        this.toasts = toasts;
        search.subscribe(text -> found.setPredicate(tenant -> matches(tenant, text)));
        search.subscribe(text -> showState());
    }

    /** Reads the list now, and again from time to time until {@link #stop()}. */
    void start() {
        refreshing.start();
    }

    void stop() {
        refreshing.stop();
    }

    void refresh() {
        tasks.run(() -> backend.call(new TenantRequest.ListTenants()).tenants())
                .onSuccess(this::show)
                .onFailure(this::failed)
                .start();
        tasks.run(() -> backend.call(new TenantRequest.ListCredentials()).credentials())
                .onSuccess(
                        all ->
                                shutOut.set(
                                        all.stream()
                                                .filter(c -> c.problem() != null)
                                                .map(Credentials::credentialsId)
                                                .collect(Collectors.toSet())))
                .start();
    }

    /** Reads one tenant. */
    void find(String tenantId, Consumer<Tenant> found) {
        tasks.run(() -> backend.call(new TenantRequest.GetTenant(tenantId)))
                .onSuccess(found)
                .onFailure(toasts::failed)
                .start();
    }

    private void show(List<Tenant> now) {
        busy = now.stream().anyMatch(t -> t.status() == Tenant.Status.PROVISIONING);
        if (!tenants.equals(now)) {
            tenants.setAll(now);
        }
        state.set(ViewState.CONTENT);
        showState();
    }

    private void failed(Problem problem) {
        // A list that is there stays; only a first answer that fails leaves nothing to show.
        if (tenants.isEmpty()) {
            state.set(ViewState.retried(problem, state, this::refresh));
        }
    }

    private void showState() {
        if (state.get() instanceof ViewState.Loading || state.get() instanceof ViewState.Failed) {
            return;
        }
        if (tenants.isEmpty()) {
            state.set(
                    new ViewState.Empty(
                            "fth-users",
                            MESSAGES.text("empty.title"),
                            MESSAGES.text("empty.text"),
                            new ViewState.Action(MESSAGES.text("onboard"), this::beginOnboarding)));
        } else if (found.isEmpty()) {
            state.set(
                    new ViewState.Empty(
                            "fth-search",
                            MESSAGES.text("none.title", search.get()),
                            MESSAGES.text("none.text"),
                            new ViewState.Action(
                                    MESSAGES.text("none.clear"), () -> search.set(""))));
        } else {
            state.set(ViewState.CONTENT);
        }
    }

    private static boolean matches(Tenant tenant, String text) {
        String wanted = text.strip().toLowerCase(Locale.ROOT);
        return List.of(
                        tenant.name(),
                        tenant.tenantId(),
                        tenant.accountId(),
                        tenant.bucketName(),
                        AmcIds.marketplaceTitle(tenant.marketplaceId()))
                .stream()
                .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains(wanted));
    }

    /** Ids of the credentials that Amazon does not accept any more. */
    ReadOnlyObjectProperty<Set<String>> shutOutProperty() {
        return shutOut.getReadOnlyProperty();
    }

    /** Whether Amazon does not accept the tenant's credentials any more. */
    boolean isShutOut(Tenant tenant) {
        return shutOut.get().contains(tenant.credentialsId());
    }

    ObservableList<Tenant> found() {
        return found;
    }

    StringProperty searchProperty() {
        return search;
    }

    ReadOnlyObjectProperty<ViewState> stateProperty() {
        return state.getReadOnlyProperty();
    }

    /** How many are shown, in words. */
    String count() {
        return MESSAGES.text("count", found.size());
    }

    /** Whether a tenant is being onboarded in place of the list. */
    ReadOnlyBooleanProperty onboardingProperty() {
        return onboarding.getReadOnlyProperty();
    }

    void beginOnboarding() {
        onboarding.set(true);
    }

    void endOnboarding() {
        onboarding.set(false);
        refresh();
    }
}
