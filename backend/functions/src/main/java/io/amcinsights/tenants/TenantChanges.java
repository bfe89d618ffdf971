package io.amcinsights.tenants;

import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Tenant;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** What happens to a tenant. Each change of its status is remembered with its cause. */
final class TenantChanges {

    private TenantChanges() {}

    /** An execution of {@code tenant-provisioning} takes care of it. */
    static Tenant provisionedBy(Tenant t, String execution, Instant now) {
        return copy(t, t.name(), t.sandbox(), t.status(), execution, t.problem(), t.history(), now);
    }

    static Tenant triedAgain(Tenant t, Instant now) {
        return to(t, Tenant.Status.PROVISIONING, "Tried again", null, null, now);
    }

    /** Active; one that was paused before its access was changed stays paused. */
    static Tenant provisioned(Tenant t, Instant now) {
        Tenant.Status settled =
                t.history().stream()
                        .map(Tenant.Change::to)
                        .filter(s -> s == Tenant.Status.ACTIVE || s == Tenant.Status.PAUSED)
                        .reduce(Tenant.Status.ACTIVE, (_, last) -> last);
        return to(t, settled, "Provisioned", t.execution(), null, now);
    }

    static Tenant failed(Tenant t, Failure problem, Instant now) {
        return to(t, Tenant.Status.FAILED, problem.message(), t.execution(), problem, now);
    }

    /** Paused or resumed. */
    static Tenant moved(Tenant t, Tenant.Status status, String cause, Instant now) {
        return to(t, status, cause, t.execution(), t.problem(), now);
    }

    static Tenant renamed(Tenant t, String name, Instant now) {
        return copy(t, name, t.sandbox(), t.status(), t.execution(), t.problem(), t.history(), now);
    }

    /** AMC tells whether the instance holds synthetic data only. */
    static Tenant sandbox(Tenant t, boolean sandbox, Instant now) {
        return copy(t, t.name(), sandbox, t.status(), t.execution(), t.problem(), t.history(), now);
    }

    static List<Tenant.Change> remembered(List<Tenant.Change> history, Tenant.Change last) {
        return Stream.concat(history.stream(), Stream.of(last))
                .skip(Math.max(0, history.size() + 1 - Tenant.KEPT_CHANGES))
                .toList();
    }

    private static Tenant to(
            Tenant t,
            Tenant.Status status,
            String cause,
            @Nullable String execution,
            @Nullable Failure problem,
            Instant now) {
        List<Tenant.Change> history =
                status == t.status()
                        ? t.history()
                        : remembered(t.history(), new Tenant.Change(status, now, cause));
        return copy(t, t.name(), t.sandbox(), status, execution, problem, history, now);
    }

    private static Tenant copy(
            Tenant t,
            String name,
            boolean sandbox,
            Tenant.Status status,
            @Nullable String execution,
            @Nullable Failure problem,
            List<Tenant.Change> history,
            Instant now) {
        return new Tenant(
                t.tenantId(),
                name,
                t.accountId(),
                t.marketplaceId(),
                t.region(),
                t.bucketName(),
                t.bucketRegion(),
                t.awsAccountId(),
                t.credentialsId(),
                sandbox,
                status,
                execution,
                problem,
                t.createdAt(),
                now,
                history,
                t.version());
    }
}
