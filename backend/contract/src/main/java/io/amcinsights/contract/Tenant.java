package io.amcinsights.contract;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * One customer of the installation: one AMC instance.
 *
 * @param tenantId the AMC instance's id: an instance is a tenant once
 * @param accountId AMC account, {@code ENTITY…}
 * @param execution the newest execution of {@code tenant-provisioning} (ARN)
 * @param problem why it is in {@link Status#FAILED}
 * @param history how the status came to be what it is, oldest first, at most {@link #KEPT_CHANGES}
 * @param version counts changes; a change names the one that it saw
 */
public record Tenant(
        String tenantId,
        String name,
        String accountId,
        String marketplaceId,
        AmcRegion region,
        String bucketName,
        String bucketRegion,
        String awsAccountId,
        String credentialsId,
        boolean sandbox,
        Status status,
        @Nullable String execution,
        @Nullable Failure problem,
        Instant createdAt,
        Instant updatedAt,
        List<Change> history,
        long version) {

    public static final int KEPT_CHANGES = 50;

    /** Tenants of before the history was kept have none. */
    @SuppressWarnings("NullAway") // Jackson gives null for what a document lacks
    public Tenant {
        history = history == null ? List.of() : List.copyOf(history);
    }

    /**
     * Where a tenant stands.
     *
     * <pre>
     * onboard ─► PROVISIONING ─► ACTIVE ◄─► PAUSED
     *              ▲      └─► FAILED │        │
     *              └─────────┴───────┴────────┘ (tried again, or changed)
     * </pre>
     *
     * An offboarded tenant is no more.
     */
    public enum Status {
        /** The state machine {@code tenant-provisioning} is at work. */
        PROVISIONING,
        /** Workflows may run. */
        ACTIVE,
        /** Provisioning has failed; {@link Tenant#problem()} says why. */
        FAILED,
        /** No new runs; what has begun goes on, and what AMC delivers is loaded. */
        PAUSED
    }

    /**
     * @param cause in words
     */
    public record Change(Status to, Instant at, String cause) {}

    /** The tenant as its draft would be. */
    public TenantDraft draft() {
        return new TenantDraft(
                name,
                tenantId,
                accountId,
                marketplaceId,
                region,
                bucketName,
                bucketRegion,
                awsAccountId,
                credentialsId);
    }
}
