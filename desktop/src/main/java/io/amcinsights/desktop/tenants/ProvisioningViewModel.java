package io.amcinsights.desktop.tenants;

import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TenantRequest;
import io.amcinsights.desktop.aws.Backend;
import io.amcinsights.desktop.aws.Executions;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.Tasks;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** How far the provisioning of one tenant has come, live. */
public final class ProvisioningViewModel {

    private static final Duration PAUSE = Duration.ofMillis(700);

    private final Backend backend;
    private final Executions executions;
    private final Tasks tasks;
    private final ReadOnlyObjectWrapper<@Nullable Tenant> tenant = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<Map<ProvisioningStep, ProvisioningStep.Progress>> progress =
            new ReadOnlyObjectWrapper<>(ProvisioningStep.progress(List.of()));
    private final ReadOnlyObjectWrapper<@Nullable Problem> problem = new ReadOnlyObjectWrapper<>();
    private Tasks.@Nullable Handle following;

    public ProvisioningViewModel(Backend backend, Executions executions, Tasks tasks) {
        this.backend = backend;
        this.executions = executions;
        this.tasks = tasks;
    }

    /** Follows a tenant until it has been provisioned, or failed. */
    void follow(Tenant followed) {
        stop();
        progress.set(ProvisioningStep.progress(List.of()));
        show(new Look(followed, List.of()));
        look(followed.tenantId());
        if (followed.status() == Tenant.Status.PROVISIONING) {
            following = tasks.every(PAUSE, () -> look(followed.tenantId()));
        }
    }

    void stop() {
        if (following != null) {
            following.cancel();
            following = null;
        }
    }

    /** Provisions again a tenant that failed. */
    void retry() {
        Tenant failed = tenant.get();
        if (failed != null) {
            problem.set(null);
            tasks.run(() -> backend.call(new TenantRequest.RetryProvisioning(failed.tenantId())))
                    .onSuccess(this::follow)
                    .onFailure(problem::set)
                    .start();
        }
    }

    ReadOnlyObjectProperty<@Nullable Tenant> tenantProperty() {
        return tenant.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<Map<ProvisioningStep, ProvisioningStep.Progress>> progressProperty() {
        return progress.getReadOnlyProperty();
    }

    /** Why it failed; null while it has not. */
    ReadOnlyObjectProperty<@Nullable Problem> problemProperty() {
        return problem.getReadOnlyProperty();
    }

    private record Look(Tenant tenant, List<Executions.Event> history) {}

    private void look(String tenantId) {
        tasks.run(
                        () -> {
                            Tenant now = backend.call(new TenantRequest.GetTenant(tenantId));
                            return new Look(
                                    now,
                                    now.execution() == null
                                            ? List.of()
                                            : executions.history(now.execution()));
                        })
                .onSuccess(
                        look -> {
                            Tenant shown = tenant.get();
                            if (shown != null && shown.tenantId().equals(tenantId)) {
                                show(look);
                            }
                        })
                .onFailure(problem::set)
                .start();
    }

    private void show(Look look) {
        tenant.set(look.tenant());
        if (!look.history().isEmpty()) {
            progress.set(ProvisioningStep.progress(look.history()));
        }
        problem.set(look.tenant().problem() == null ? null : Problem.of(look.tenant().problem()));
        if (look.tenant().status() != Tenant.Status.PROVISIONING) {
            stop();
        }
    }
}
