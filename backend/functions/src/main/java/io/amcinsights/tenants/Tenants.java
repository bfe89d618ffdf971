package io.amcinsights.tenants;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.amc.AmcClient;
import io.amcinsights.contract.AmcInstance;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TenantDraft;
import io.amcinsights.contract.TenantRequest;
import io.amcinsights.contract.TenantRequest.Belonging;
import io.amcinsights.contract.TenantRequest.Instances;
import io.amcinsights.contract.TenantRequest.OffboardTenant;
import io.amcinsights.contract.TenantRequest.Offboarded;
import io.amcinsights.ports.Documents.ConflictException;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.ExecutionAlreadyExistsException;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Tenants, as people ask for them. */
public final class Tenants {

    private static final Failure NOT_BEGUN =
            Failure.of(ErrorCode.INTERNAL, "The provisioning could not be started.")
                    .next("Try again.");

    private final TenantStore store;
    private final AmcClient amc;
    private final SfnClient machines;
    private final String provisioning;
    private final List<Belongings> belongings;
    private final BucketAccess buckets;
    private final Clock clock;

    /**
     * @param belongings in the order in which they are removed
     * @param provisioning ARN of the state machine {@code tenant-provisioning}
     */
    public Tenants(
            TenantStore store,
            AmcClient amc,
            SfnClient machines,
            String provisioning,
            List<Belongings> belongings,
            BucketAccess buckets,
            Clock clock) {
        this.store = store;
        this.amc = amc;
        this.machines = machines;
        this.provisioning = provisioning;
        this.belongings = List.copyOf(belongings);
        this.buckets = buckets;
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

    /**
     * A tenant that failed, or that nothing provisions, may be onboarded again, with other fields.
     */
    Tenant onboard(TenantDraft draft) {
        Failure.refuse(draft.problems());
        Tenant before = store.find(draft.instanceId()).orElse(null);
        if (before != null && !mayStart(before)) {
            throw Failure.of(
                            ErrorCode.ALREADY_EXISTS,
                            "This AMC instance is the tenant “%s” already."
                                    .formatted(before.name()))
                    .with("field", "instanceId")
                    .exception();
        }
        claim(draft);
        Tenant tenant;
        try {
            tenant =
                    store.put(
                            tenant(draft, before, "Onboarded"),
                            before == null ? 0 : before.version());
        } catch (ConflictException e) {
            throw changedMeanwhile();
        }
        if (before != null && !before.bucketName().equals(tenant.bucketName())) {
            store.release(before.bucketName(), tenant.tenantId());
        }
        return start(tenant, "");
    }

    private void claim(TenantDraft draft) {
        store.claim(draft.bucketName(), draft.instanceId())
                .ifPresent(
                        holder -> {
                            throw Failure.invalid(
                                            "bucketName",
                                            "This is the bucket of the tenant “%s”; each tenant has one of its own."
                                                    .formatted(holder.name()))
                                    .exception();
                        });
    }

    /** A name is changed at once; what our access rests on is provisioned again. */
    Tenant update(TenantDraft draft, long seen) {
        Failure.refuse(draft.problems());
        Tenant before = store.get(draft.instanceId());
        refuseUnderWay(before);
        boolean named = before.draft().withName(draft.name()).equals(draft);
        if (!named) {
            claim(draft);
        }
        try {
            if (named && before.status() != Tenant.Status.FAILED) {
                return store.put(
                        TenantChanges.renamed(before, draft.name().strip(), clock.instant()), seen);
            }
            Tenant tenant = store.put(tenant(draft, before, "Changed"), seen);
            if (!before.bucketName().equals(tenant.bucketName())) {
                store.release(before.bucketName(), tenant.tenantId());
            }
            return start(tenant, "");
        } catch (ConflictException e) {
            throw Failure.of(
                            ErrorCode.CONFLICT,
                            "Somebody else has changed this tenant since you opened it.")
                    .next("Open it again and make your change once more.")
                    .exception();
        }
    }

    Tenant pause(String tenantId) {
        return move(tenantId, Tenant.Status.ACTIVE, Tenant.Status.PAUSED, "Paused");
    }

    Tenant resume(String tenantId) {
        return move(tenantId, Tenant.Status.PAUSED, Tenant.Status.ACTIVE, "Resumed");
    }

    /** Moves a tenant on; one that is there already stays. */
    private Tenant move(String tenantId, Tenant.Status from, Tenant.Status to, String cause) {
        Tenant moved =
                store.change(
                        tenantId,
                        t ->
                                t.status() == from
                                        ? TenantChanges.moved(t, to, cause, clock.instant())
                                        : t);
        return switch (moved.status()) {
            case PROVISIONING -> throw underWay(moved);
            case FAILED ->
                    throw Failure.of(
                                    ErrorCode.CONFLICT,
                                    "The onboarding of “%s” has failed.".formatted(moved.name()))
                            .next("Repair what it names and try again, or offboard the tenant.")
                            .exception();
            case ACTIVE, PAUSED -> moved;
        };
    }

    TenantRequest.Belongings offboardingPlan(String tenantId) {
        Tenant tenant = store.get(tenantId);
        return new TenantRequest.Belongings(
                belongings.stream().flatMap(b -> b.of(tenant).stream()).toList());
    }

    /**
     * Each step may be done again; the record goes last, so that a failure can be repeated. Of a
     * tenant that is gone, by an earlier call whose answer was lost, nothing is removed.
     */
    Offboarded offboard(OffboardTenant how) {
        Tenant tenant = store.find(how.tenantId()).orElse(null);
        if (tenant == null) {
            return new Offboarded(List.of());
        }
        refuseUnderWay(tenant);
        if (tenant.status() == Tenant.Status.ACTIVE) {
            tenant = pause(how.tenantId());
        }
        List<Belonging> removed = new ArrayList<>();
        for (Belongings kept : belongings) {
            removed.addAll(kept.remove(tenant, how));
        }
        store.release(tenant.bucketName(), tenant.tenantId());
        buckets.leave(
                tenant.draft(),
                store.all().stream()
                        .filter(other -> !other.tenantId().equals(how.tenantId()))
                        .map(Tenant::draft)
                        .toList());
        try {
            store.delete(store.get(how.tenantId()));
        } catch (ConflictException e) {
            throw changedMeanwhile();
        }
        return new Offboarded(removed);
    }

    /** Whether provisioning may begin: it failed, or was interrupted before it began. */
    private static boolean mayStart(Tenant tenant) {
        return tenant.status() == Tenant.Status.FAILED
                || (tenant.status() == Tenant.Status.PROVISIONING && tenant.execution() == null);
    }

    private static void refuseUnderWay(Tenant tenant) {
        if (tenant.status() == Tenant.Status.PROVISIONING && !mayStart(tenant)) {
            throw underWay(tenant);
        }
    }

    private static FailureException underWay(Tenant tenant) {
        return Failure.of(
                        ErrorCode.CONFLICT,
                        "The onboarding of “%s” is under way.".formatted(tenant.name()))
                .next("Wait until it has ended.")
                .exception();
    }

    Tenant retry(String tenantId) {
        Tenant tenant = store.get(tenantId);
        if (!mayStart(tenant)) {
            throw Failure.of(
                            ErrorCode.CONFLICT,
                            "The onboarding of “%s” has not failed.".formatted(tenant.name()))
                    .exception();
        }
        Failure problem = tenant.problem();
        try {
            return start(
                    tenant.status() == Tenant.Status.FAILED
                            ? store.put(
                                    TenantChanges.triedAgain(tenant, clock.instant()),
                                    tenant.version())
                            : tenant,
                    problem == null
                            ? ""
                            : problem.details().getOrDefault(Provisioning.FAILED_IN, ""));
        } catch (ConflictException e) {
            throw changedMeanwhile();
        }
    }

    /**
     * @param from the state to begin with; empty for the first one
     */
    private Tenant start(Tenant tenant, String from) {
        String execution;
        try {
            execution = execute(tenant, from);
        } catch (SdkException e) {
            store.change(
                    tenant.tenantId(),
                    t -> mayStart(t) ? TenantChanges.failed(t, NOT_BEGUN, clock.instant()) : t);
            throw e;
        }
        return store.change(
                tenant.tenantId(), t -> TenantChanges.provisionedBy(t, execution, clock.instant()));
    }

    /** Offboarded and onboarded again, a tenant begins with version 1 again. */
    private String execute(Tenant tenant, String from) {
        String name =
                "%s-%d-v%d"
                        .formatted(
                                tenant.tenantId(),
                                tenant.createdAt().toEpochMilli(),
                                tenant.version());
        ObjectNode input = Json.mapper().createObjectNode().put("tenantId", tenant.tenantId());
        if (!from.isEmpty()) {
            input.put("from", from);
        }
        try {
            return machines.startExecution(
                            r -> r.stateMachineArn(provisioning).name(name).input(input.toString()))
                    .executionArn();
        } catch (ExecutionAlreadyExistsException e) {
            return provisioning.replace(":stateMachine:", ":execution:") + ":" + name;
        }
    }

    private Tenant tenant(TenantDraft draft, @Nullable Tenant before, String cause) {
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
                TenantChanges.remembered(
                        before == null ? List.of() : before.history(),
                        new Tenant.Change(Tenant.Status.PROVISIONING, now, cause)),
                before == null ? 0 : before.version());
    }

    private static RuntimeException changedMeanwhile() {
        return Failure.of(ErrorCode.CONFLICT, "Somebody else is onboarding this instance.")
                .next("Look at the list of tenants again.")
                .exception();
    }
}
