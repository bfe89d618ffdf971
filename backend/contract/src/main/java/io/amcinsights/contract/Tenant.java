package io.amcinsights.contract;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * One customer of the installation: one AMC instance.
 *
 * @param tenantId the AMC instance's id: an instance is a tenant once
 * @param accountId AMC account, {@code ENTITY…}
 * @param execution the newest execution of {@code tenant-provisioning} (ARN)
 * @param problem why it is in {@link Status#FAILED}
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
        long version) {

    /** Where a tenant stands. */
    public enum Status {
        PROVISIONING,
        ACTIVE,
        FAILED,
        PAUSED
    }
}
