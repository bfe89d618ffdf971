package io.amcinsights.amc;

import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TenantDraft;

/** An AMC instance and whose behalf it is called on. */
public record AmcAddress(AmcAccount account, String instanceId) {

    public static AmcAddress of(Tenant tenant) {
        return of(tenant.draft());
    }

    public static AmcAddress of(TenantDraft tenant) {
        return new AmcAddress(
                new AmcAccount(
                        tenant.credentialsId(),
                        tenant.region(),
                        tenant.accountId(),
                        tenant.marketplaceId()),
                tenant.instanceId());
    }
}
