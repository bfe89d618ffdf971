package io.amcinsights.contract;

import org.jspecify.annotations.Nullable;

/**
 * An AMC instance as AMC tells of it.
 *
 * @param accountId AMC account, {@code ENTITY…}
 * @param bucketName where AMC delivers results; empty where none is linked
 * @param awsAccountId owner of the bucket, 12 digits; empty where none is linked
 * @param sandbox holds synthetic data only
 * @param ready AMC has finished creating it
 * @param tenantId the tenant that it already is
 */
public record AmcInstance(
        String instanceId,
        String instanceName,
        String advertiser,
        String accountId,
        String accountName,
        String marketplaceId,
        AmcRegion region,
        String bucketName,
        String bucketRegion,
        String awsAccountId,
        boolean sandbox,
        boolean ready,
        @Nullable String tenantId) {}
