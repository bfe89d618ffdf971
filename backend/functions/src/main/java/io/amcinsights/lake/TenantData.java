package io.amcinsights.lake;

import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TenantRequest.Belonging;
import io.amcinsights.contract.TenantRequest.OffboardTenant;
import io.amcinsights.lake.DatasetStore.Share;
import io.amcinsights.store.Timeline;
import io.amcinsights.tenants.Belongings;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
        return shares(tenant).entrySet().stream().map(TenantData::belonging).toList();
    }

    /** By dataset; those without any rows of the tenant are left out. */
    private Map<String, Share> shares(Tenant tenant) {
        Map<String, Share> shares = new LinkedHashMap<>();
        for (DatasetState dataset : datasets.all()) {
            Share share = datasets.share(dataset.name(), tenant.tenantId());
            if (!share.keys().isEmpty()) {
                shares.put(dataset.name(), share);
            }
        }
        return shares;
    }

    private static Belonging belonging(Map.Entry<String, Share> of) {
        Share share = of.getValue();
        return new Belonging(
                Belonging.Kind.DATASET, of.getKey(), of.getKey(), share.rows(), share.bytes());
    }

    /** First from the catalogue, so that nobody reads half of it. */
    @Override
    public List<Belonging> remove(Tenant tenant, OffboardTenant how) {
        if (!how.deleteData()) {
            return List.of();
        }
        Map<String, Share> shares = shares(tenant);
        shares.forEach(
                (dataset, share) -> {
                    catalogue.removePartitions(dataset, tenant.tenantId());
                    share.keys().forEach(files::delete);
                    datasets.remove(dataset, tenant.tenantId());
                });
        String token = null;
        do {
            Timeline.Page<Delivery> page =
                    deliveries.newest(List.of(tenant.tenantId()), PAGE, token);
            page.records().forEach(d -> files.deletePreStage(d.deliveryId()));
            token = page.nextToken();
        } while (token != null);
        return shares.entrySet().stream().map(TenantData::belonging).toList();
    }
}
