package io.amcinsights.contract;

import java.util.List;

/** What the Tenant Provisioning Service answers. */
public sealed interface TenantRequest<R> extends Request<R> {

    @Override
    default BackendFunction function() {
        return BackendFunction.TENANTS;
    }

    /** All tenants, by name. */
    record ListTenants() implements TenantRequest<Tenants> {
        @Override
        public Class<Tenants> reply() {
            return Tenants.class;
        }
    }

    record Tenants(List<Tenant> tenants) {}

    record GetTenant(String tenantId) implements TenantRequest<Tenant> {
        @Override
        public Class<Tenant> reply() {
            return Tenant.class;
        }
    }

    /** The AMC instances that a set of credentials can reach. */
    record DiscoverInstances(String credentialsId) implements TenantRequest<Instances> {
        @Override
        public Class<Instances> reply() {
            return Instances.class;
        }
    }

    record Instances(List<AmcInstance> instances) {}

    /**
     * Makes a tenant of an AMC instance: checks the fields, records the tenant and starts {@code
     * tenant-provisioning}. The answer is the tenant in state {@link Tenant.Status#PROVISIONING}.
     */
    record OnboardTenant(TenantDraft tenant) implements TenantRequest<Tenant> {
        @Override
        public Class<Tenant> reply() {
            return Tenant.class;
        }

        @Override
        public boolean writes() {
            return true;
        }
    }

    /** Starts {@code tenant-provisioning} again for a tenant that failed. */
    record RetryProvisioning(String tenantId) implements TenantRequest<Tenant> {
        @Override
        public Class<Tenant> reply() {
            return Tenant.class;
        }

        @Override
        public boolean writes() {
            return true;
        }
    }
}
