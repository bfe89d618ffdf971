package io.amcinsights.lake;

import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TenantRequest.Belonging;
import io.amcinsights.contract.TenantRequest.OffboardTenant;
import io.amcinsights.lake.DatasetStore.Share;
import io.amcinsights.store.Timeline;
import io.amcinsights.tenants.Belongings;

import java.util.ArrayList;
import java.util.List;

/** What the lake holds of a tenant: its rows in the datasets, and the copies of its deliveries. */
public final class TenantData implements Belongings {

    private static final int PAGE = 200;

    private final DatasetStore datasets;
    private final DeliveryStore deliveries;
    private final Catalogue catalogue;
    private final LakeFiles files;

    public TenantData(
            DatasetStore datasets, DeliveryStore deliveries, Catalogue catalogue, LakeFiles files) {
        this.datasets = datasets;
        this.deliveries = deliveries;
        this.catalogue = catalogue;
        this.files = files;
    }

    @Override
    public List<Belonging> of(Tenant tenant) {
        List<Belonging> shares = new ArrayList<>();
        for (DatasetState dataset : datasets.all()) {
            Share share = datasets.share(dataset.name(), tenant.tenantId());
            if (!share.keys().isEmpty()) {
                shares.add(
                        new Belonging(
                                Belonging.Kind.DATASET,
                                dataset.name(),
                                dataset.name(),
                                share.rows(),
                                share.bytes()));
            }
        }
        return shares;
    }

    /** First from the catalogue, so that nobody reads half of it. */
    @Override
    public List<Belonging> remove(Tenant tenant, OffboardTenant how) {
        if (!how.deleteData()) {
            return List.of();
        }
        List<Belonging> removed = of(tenant);
        for (Belonging share : removed) {
            catalogue.removePartitions(share.id(), tenant.tenantId());
            datasets.share(share.id(), tenant.tenantId()).keys().forEach(files::delete);
            datasets.remove(share.id(), tenant.tenantId());
        }
        String token = null;
        do {
            Timeline.Page<Delivery> page =
                    deliveries.newest(List.of(tenant.tenantId()), PAGE, token);
            page.records().forEach(d -> files.deletePreStage(d.deliveryId()));
            token = page.nextToken();
        } while (token != null);
        return removed;
    }
}
