package io.amcinsights.tenants;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.Invocation;
import io.amcinsights.amc.AmcAddress;
import io.amcinsights.amc.AmcClient;
import io.amcinsights.contract.AmcInstance;
import io.amcinsights.contract.BucketName;
import io.amcinsights.contract.BucketPlan;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Notice;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TenantDraft;
import io.amcinsights.contract.TenantRequest.Connection;
import io.amcinsights.notices.NoticeBoard;

import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;

import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The steps of the state machine {@code tenant-provisioning}. Each may be run again. */
public final class Provisioning {

    /** Detail of a tenant's problem: the state of {@code tenant-provisioning} that failed. */
    static final String FAILED_IN = "state";

    private record Progress(String tenantId, Tenant.Status status) {}

    private final TenantStore store;
    private final AmcClient amc;
    private final BucketAccess buckets;
    private final GlueClient glue;
    private final String database;
    private final NoticeBoard notices;
    private final Clock clock;

    /**
     * @param database Glue database of the lake
     */
    public Provisioning(
            TenantStore store,
            AmcClient amc,
            BucketAccess buckets,
            GlueClient glue,
            String database,
            NoticeBoard notices,
            Clock clock) {
        this.store = store;
        this.amc = amc;
        this.buckets = buckets;
        this.glue = glue;
        this.database = database;
        this.notices = notices;
        this.clock = clock;
    }

    Object step(String step, JsonNode input) {
        Tenant tenant = store.get(input.path("tenantId").asText());
        Tenant after =
                switch (step) {
                    case "validate" -> validate(tenant);
                    case "probe-amc" -> probeAmc(tenant);
                    case "bucket-access" -> bucketAccess(tenant);
                    case "register-in-lake" -> registerInLake(tenant);
                    case "activate" -> activate(tenant);
                    case "record-failure" ->
                            recordFailure(
                                    tenant,
                                    Invocation.failureOf(input.path("error"))
                                            .with(FAILED_IN, input.path("state").asText()));
                    default ->
                            throw Failure.invalid("step", "There is no step “%s”.".formatted(step))
                                    .exception();
                };
        return new Progress(after.tenantId(), after.status());
    }

    private Tenant validate(Tenant tenant) {
        BucketName.problem(tenant.bucketName())
                .ifPresent(
                        problem -> {
                            throw Failure.invalid("bucketName", problem).exception();
                        });
        store.claim(tenant.bucketName(), tenant.tenantId())
                .ifPresent(
                        holder -> {
                            throw isOf(holder).exception();
                        });
        return tenant;
    }

    private Tenant probeAmc(Tenant tenant) {
        AmcInstance instance = reach(tenant.draft());
        amc.workflows().list(AmcAddress.of(tenant));
        return tenant.sandbox() == instance.sandbox()
                ? tenant
                : store.change(
                        tenant.tenantId(),
                        t -> TenantChanges.sandbox(t, instance.sandbox(), clock.instant()));
    }

    private AmcInstance reach(TenantDraft tenant) {
        AmcInstance instance = amc.instances().get(AmcAddress.of(tenant));
        if (!instance.ready()) {
            throw Failure.of(
                            ErrorCode.AMC_REFUSED,
                            "Amazon has not finished creating this AMC instance.")
                    .next("Try again when it is ready; that may take an hour.")
                    .exception();
        }
        if (!instance.bucketName().isEmpty()
                && !instance.bucketName().equals(tenant.bucketName())) {
            throw Failure.of(
                            ErrorCode.BUCKET_ACCESS,
                            "AMC delivers this instance's results to the bucket “%s”, not to “%s”."
                                    .formatted(instance.bucketName(), tenant.bucketName()))
                    .next("Enter the bucket that AMC names.")
                    .with("field", "bucketName")
                    .exception();
        }
        return instance;
    }

    /** Looks at what provisioning would look at, and changes nothing. */
    Connection test(TenantDraft tenant) {
        List<Connection.Check> checks = new ArrayList<>();
        Map<Connection.Subject, Runnable> looks = new EnumMap<>(Connection.Subject.class);
        looks.put(
                Connection.Subject.CREDENTIALS,
                () -> amc.checkAuthorized(tenant.credentialsId(), tenant.region()));
        looks.put(Connection.Subject.INSTANCE, () -> reach(tenant));
        looks.put(Connection.Subject.WORKFLOWS, () -> amc.workflows().list(AmcAddress.of(tenant)));
        looks.put(Connection.Subject.BUCKET, () -> buckets.look(tenant, reach(tenant)));
        for (Map.Entry<Connection.Subject, Runnable> look : looks.entrySet()) {
            try {
                look.getValue().run();
                checks.add(new Connection.Check(look.getKey(), null));
            } catch (FailureException e) {
                checks.add(new Connection.Check(look.getKey(), e.failure()));
                break;
            }
        }
        return new Connection(checks);
    }

    BucketPlan planBucket(TenantDraft draft) {
        Failure.refuse(draft.problems());
        return buckets.plan(draft, reach(draft));
    }

    BucketPlan prepareBucket(TenantDraft draft, String planId) {
        Failure.refuse(draft.problems());
        store.holder(draft.bucketName(), draft.instanceId())
                .ifPresent(
                        holder -> {
                            throw isOf(holder).exception();
                        });
        return buckets.prepare(draft, reach(draft), planId);
    }

    private static Failure isOf(Tenant holder) {
        return Failure.invalid(
                        "bucketName",
                        "The bucket belongs to the tenant “%s”.".formatted(holder.name()))
                .next("Onboard the instance with a bucket of its own.");
    }

    private Tenant bucketAccess(Tenant tenant) {
        buckets.ensure(tenant.draft(), reach(tenant.draft()));
        return tenant;
    }

    private Tenant registerInLake(Tenant tenant) {
        try {
            glue.getDatabase(r -> r.name(database));
        } catch (EntityNotFoundException e) {
            throw Failure.of(
                            ErrorCode.INTERNAL,
                            "The lake's database “%s” is missing.".formatted(database))
                    .next("Deploy the installation again; that restores it.")
                    .exception();
        }
        store.register(tenant);
        return tenant;
    }

    private Tenant activate(Tenant tenant) {
        Tenant provisioned =
                store.change(tenant.tenantId(), t -> TenantChanges.provisioned(t, clock.instant()));
        notices.good(
                new NoticeBoard.About(
                        Notice.Kind.TENANT,
                        tenant.tenantId(),
                        String.valueOf(tenant.execution()),
                        tenant.tenantId()),
                "%s is ready".formatted(tenant.name()),
                provisioned.status() == Tenant.Status.PAUSED
                        ? "The tenant is paused as before; what AMC delivers is loaded."
                        : "Workflows may run for the tenant; what AMC delivers is loaded.");
        return provisioned;
    }

    private Tenant recordFailure(Tenant tenant, Failure problem) {
        Tenant failed =
                store.change(
                        tenant.tenantId(), t -> TenantChanges.failed(t, problem, clock.instant()));
        notices.bad(
                new NoticeBoard.About(
                        Notice.Kind.TENANT,
                        tenant.tenantId(),
                        String.valueOf(tenant.execution()),
                        tenant.tenantId()),
                "Onboarding of %s failed".formatted(tenant.name()),
                problem);
        return failed;
    }
}
