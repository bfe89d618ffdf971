package io.amcinsights.lake;

import io.amcinsights.contract.Principals;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TenantRequest.Belonging;
import io.amcinsights.contract.TenantRequest.OffboardTenant;
import io.amcinsights.tenants.Belongings;

import java.time.Clock;
import java.util.List;

/**
 * The grants that name a tenant. They end with it; the lake tells Lake Formation within the hour,
 * for the tenants' function may not.
 */
public final class TenantGrants implements Belongings {

    private final GrantStore grants;
    private final Clock clock;

    public TenantGrants(GrantStore grants, Clock clock) {
        this.grants = grants;
        this.clock = clock;
    }

    @Override
    public List<Belonging> of(Tenant tenant) {
        return grants.all().stream()
                .filter(g -> g.names(tenant.tenantId()))
                .map(
                        g ->
                                new Belonging(
                                        Belonging.Kind.GRANT,
                                        g.principal(),
                                        Principals.name(g.principal()),
                                        0,
                                        0))
                .toList();
    }

    @Override
    public List<Belonging> remove(Tenant tenant, OffboardTenant how) {
        List<Belonging> ending = of(tenant);
        ending.forEach(
                b -> grants.change(b.id(), g -> g.without(tenant.tenantId(), clock.instant())));
        return ending;
    }
}
