package io.amcinsights.tenants;

import io.amcinsights.amc.AmcClient;
import io.amcinsights.contract.AmcInstance;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TenantDraft;
import io.amcinsights.contract.TenantRequest.Instances;
import io.amcinsights.ports.Documents.ConflictException;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sfn.SfnClient;

import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Tenants, as people ask for them. */
public final class Tenants {

    private final TenantStore store;
    private final AmcClient amc;
    private final SfnClient machines;
    private final String provisioning;
    private final Clock clock;

    /**
     * @param provisioning ARN of the state machine {@code tenant-provisioning}
     */
    public Tenants(
            TenantStore store,
            AmcClient amc,
            SfnClient machines,
            String provisioning,
            Clock clock) {
        this.store = store;
        this.amc = amc;
        this.machines = machines;
        this.provisioning = provisioning;
        this.clock = clock;
    }

    List<Tenant> list() {
        return store.all().stream()
                .sorted(Comparator.comparing(Tenant::name, String.CASE_INSENSITIVE_ORDER))
                .toList();
    }

    Tenant get(String tenantId) {
        return store.get(tenantId);
    }

    Instances discover(String credentialsId) {
        Set<String> tenantIds =
                store.all().stream().map(Tenant::tenantId).collect(Collectors.toSet());
        return new Instances(
                amc.instances().discover(credentialsId).stream()
                        .map(i -> tenantIds.contains(i.instanceId()) ? onboarded(i) : i)
                        .toList());
    }

    private static AmcInstance onboarded(AmcInstance i) {
        return new AmcInstance(
                i.instanceId(),
                i.instanceName(),
                i.advertiser(),
                i.accountId(),
                i.accountName(),
                i.marketplaceId(),
                i.region(),
                i.bucketName(),
                i.bucketRegion(),
                i.awsAccountId(),
                i.sandbox(),
                i.ready(),
                i.instanceId());
    }

    /** A tenant that failed may be onboarded again, with other fields. */
    Tenant onboard(TenantDraft draft) {
        draft.problems().entrySet().stream()
                .findFirst()
                .ifPresent(
                        problem -> {
                            throw Failure.invalid(problem.getKey(), problem.getValue()).exception();
                        });
        Tenant before = store.find(draft.instanceId()).orElse(null);
        if (before != null && before.status() != Tenant.Status.FAILED) {
            throw Failure.of(
                            ErrorCode.ALREADY_EXISTS,
                            "This AMC instance is the tenant “%s” already."
                                    .formatted(before.name()))
                    .with("field", "instanceId")
                    .exception();
        }
        store.claim(draft.bucketName(), draft.instanceId())
                .ifPresent(
                        holder -> {
                            throw Failure.invalid(
                                            "bucketName",
                                            "This is the bucket of the tenant “%s”; each tenant has one of its own."
                                                    .formatted(holder.name()))
                                    .exception();
                        });
        Tenant tenant;
        try {
            tenant = store.put(tenant(draft, before), before == null ? 0 : before.version());
        } catch (ConflictException e) {
            throw changedMeanwhile();
        }
        if (before != null && !before.bucketName().equals(tenant.bucketName())) {
            store.release(before.bucketName(), tenant.tenantId());
        }
        try {
            return start(tenant);
        } catch (SdkException e) {
            if (before == null) {
                undo(tenant);
            }
            throw e;
        }
    }

    private void undo(Tenant tenant) {
        try {
            store.delete(tenant);
            store.release(tenant.bucketName(), tenant.tenantId());
        } catch (ConflictException e) {
            // somebody works with it already: then it is theirs
        }
    }

    Tenant retry(String tenantId) {
        Tenant tenant = store.get(tenantId);
        if (tenant.status() != Tenant.Status.FAILED) {
            throw Failure.of(
                            ErrorCode.CONFLICT,
                            "The onboarding of “%s” has not failed.".formatted(tenant.name()))
                    .exception();
        }
        try {
            return start(
                    store.put(
                            with(tenant, Tenant.Status.PROVISIONING, null, null, clock.instant()),
                            tenant.version()));
        } catch (ConflictException e) {
            throw changedMeanwhile();
        }
    }

    private Tenant start(Tenant tenant) {
        String execution =
                machines.startExecution(
                                r ->
                                        r.stateMachineArn(provisioning)
                                                .name(
                                                        "%s-v%d"
                                                                .formatted(
                                                                        tenant.tenantId(),
                                                                        tenant.version()))
                                                .input(
                                                        "{\"tenantId\":\"%s\"}"
                                                                .formatted(tenant.tenantId())))
                        .executionArn();
        return store.change(
                tenant.tenantId(),
                t -> with(t, t.status(), execution, t.problem(), clock.instant()));
    }

    private Tenant tenant(TenantDraft draft, @Nullable Tenant before) {
        Instant now = clock.instant();
        return new Tenant(
                draft.instanceId(),
                draft.name().strip(),
                draft.accountId(),
                draft.marketplaceId(),
                draft.region(),
                draft.bucketName(),
                draft.bucketRegion(),
                draft.awsAccountId(),
                draft.credentialsId(),
                before != null && before.sandbox(),
                Tenant.Status.PROVISIONING,
                null,
                null,
                before == null ? now : before.createdAt(),
                now,
                before == null ? 0 : before.version());
    }

    static Tenant with(
            Tenant t,
            Tenant.Status status,
            @Nullable String execution,
            @Nullable Failure problem,
            Instant updatedAt) {
        return new Tenant(
                t.tenantId(),
                t.name(),
                t.accountId(),
                t.marketplaceId(),
                t.region(),
                t.bucketName(),
                t.bucketRegion(),
                t.awsAccountId(),
                t.credentialsId(),
                t.sandbox(),
                status,
                execution,
                problem,
                t.createdAt(),
                updatedAt,
                t.version());
    }

    private static RuntimeException changedMeanwhile() {
        return Failure.of(ErrorCode.CONFLICT, "Somebody else is onboarding this instance.")
                .next("Look at the list of tenants again.")
                .exception();
    }
}
