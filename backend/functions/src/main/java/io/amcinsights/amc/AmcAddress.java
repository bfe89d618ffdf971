package io.amcinsights.amc;

import io.amcinsights.contract.Tenant;

/** An AMC instance and whose behalf it is called on. */
public record AmcAddress(AmcAccount account, String instanceId) {

    public static AmcAddress of(Tenant tenant) {
        return new AmcAddress(
                new AmcAccount(
                        tenant.credentialsId(),
                        tenant.region(),
                        tenant.accountId(),
                        tenant.marketplaceId()),
                tenant.tenantId());
    }
}
