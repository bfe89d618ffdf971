package io.amcinsights.tenants;

import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TenantRequest.Belonging;
import io.amcinsights.contract.TenantRequest.OffboardTenant;

import java.util.List;

/** Something that is kept of tenants, by whoever keeps it. */
public interface Belongings {

    /** What there is of a tenant. */
    List<Belonging> of(Tenant tenant);

    /**
     * Removes what there is of a tenant, as far as it is asked for.
     *
     * @return what was removed
     */
    List<Belonging> remove(Tenant tenant, OffboardTenant how);
}
