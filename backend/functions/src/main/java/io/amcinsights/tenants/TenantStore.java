package io.amcinsights.tenants;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Tenant;
import io.amcinsights.ports.Documents;
import io.amcinsights.ports.Documents.ConflictException;
import io.amcinsights.store.Records;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The tenants, and whose each bucket is. */
public final class TenantStore {

    /**
     * @param registered the lake loads what arrives in the bucket
     */
    private record Bucket(String tenantId, boolean registered, long version) {}

    private static final String TENANTS = "tenant";
    private static final String BUCKETS = "bucket";

    private final Records<Tenant> tenants;
    private final Records<Bucket> buckets;
    private final Documents documents;

    public TenantStore(Documents documents) {
        this.documents = documents;
        this.tenants = new Records<>(documents, Tenant.class);
        this.buckets = new Records<>(documents, Bucket.class);
    }

    public List<Tenant> all() {
        return tenants.all(TENANTS, "");
    }

    public Optional<Tenant> find(String tenantId) {
        return tenants.find(TENANTS, tenantId);
    }

    /** The tenant; a failure where there is none. */
    public Tenant get(String tenantId) {
        return find(tenantId).orElseThrow(() -> absent(tenantId).exception());
    }

    /** The tenant, when runs and schedules may be made for it. */
    public Tenant active(String tenantId) {
        Tenant tenant = get(tenantId);
        return switch (tenant.status()) {
            case ACTIVE -> tenant;
            case PAUSED ->
                    throw inactive(
                            "The tenant “%s” is paused.", tenant, "Resume it under Tenants.");
            case PROVISIONING, FAILED ->
                    throw inactive(
                            "The tenant “%s” is not active.",
                            tenant, "Finish its onboarding under Tenants first.");
        };
    }

    private static FailureException inactive(String message, Tenant tenant, String next) {
        return Failure.of(ErrorCode.CONFLICT, message.formatted(tenant.name()))
                .next(next)
                .exception();
    }

    /** Whether a tenant is there and paused. */
    public boolean isPaused(String tenantId) {
        return find(tenantId).filter(t -> t.status() == Tenant.Status.PAUSED).isPresent();
    }

    /** The tenant that a bucket's deliveries are loaded for. */
    public Optional<Tenant> ofBucket(String bucketName) {
        return buckets.find(BUCKETS, bucketName)
                .filter(Bucket::registered)
                .flatMap(b -> find(b.tenantId()))
                .filter(t -> t.bucketName().equals(bucketName));
    }

    Tenant put(Tenant tenant, long seen) throws ConflictException {
        return tenants.put(TENANTS, tenant.tenantId(), tenant, seen);
    }

    Tenant change(String tenantId, UnaryOperator<Tenant> change) {
        return tenants.change(TENANTS, tenantId, change)
                .orElseThrow(() -> absent(tenantId).exception());
    }

    void delete(Tenant tenant) throws ConflictException {
        documents.delete(TENANTS, tenant.tenantId(), tenant.version());
    }

    /**
     * Keeps a bucket for a tenant.
     *
     * @return whose it is already, when that is somebody else
     */
    Optional<Tenant> claim(String bucketName, String tenantId) {
        try {
            buckets.put(BUCKETS, bucketName, new Bucket(tenantId, false, 0), 0);
            return Optional.empty();
        } catch (ConflictException e) {
            Bucket bucket =
                    buckets.change(
                                    BUCKETS,
                                    bucketName,
                                    b -> holder(b, bucketName).isPresent() ? b : free(tenantId))
                            .orElseThrow();
            return bucket.tenantId().equals(tenantId) ? Optional.empty() : find(bucket.tenantId());
        }
    }

    /** Whose a bucket is, when that is somebody else. */
    Optional<Tenant> holder(String bucketName, String tenantId) {
        return buckets.find(BUCKETS, bucketName)
                .filter(b -> !b.tenantId().equals(tenantId))
                .flatMap(b -> holder(b, bucketName));
    }

    /** A claim counts as long as its tenant exists and still names the bucket. */
    private Optional<Tenant> holder(Bucket bucket, String bucketName) {
        return find(bucket.tenantId()).filter(t -> t.bucketName().equals(bucketName));
    }

    private static Bucket free(String tenantId) {
        return new Bucket(tenantId, false, 0);
    }

    void release(String bucketName, String tenantId) {
        Bucket bucket = buckets.find(BUCKETS, bucketName).orElse(null);
        if (bucket != null && bucket.tenantId().equals(tenantId)) {
            try {
                documents.delete(BUCKETS, bucketName, bucket.version());
            } catch (ConflictException e) {
                // somebody else has it now
            }
        }
    }

    /** From now on the lake loads what arrives in the tenant's bucket. */
    void register(Tenant tenant) {
        buckets.change(
                BUCKETS,
                tenant.bucketName(),
                b ->
                        b.registered() || !b.tenantId().equals(tenant.tenantId())
                                ? b
                                : new Bucket(b.tenantId(), true, b.version()));
    }

    private static Failure absent(String tenantId) {
        return Failure.of(ErrorCode.NOT_FOUND, "There is no tenant “%s”.".formatted(tenantId));
    }
}
