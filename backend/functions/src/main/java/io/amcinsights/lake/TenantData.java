package io.amcinsights.lake;

import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TenantRequest.Belonging;
import io.amcinsights.contract.TenantRequest.OffboardTenant;
import io.amcinsights.lake.Portion.DataFile;
import io.amcinsights.store.Timeline;
import io.amcinsights.tenants.Belongings;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the lake holds of a tenant: its rows in the datasets, and the copies of its deliveries. */
public final class TenantData implements Belongings {

    private static final int PAGE = 200;

    private final DatasetStore datasets;
    private final PortionStore portions;
    private final DeliveryStore deliveries;
    private final Catalogue catalogue;
    private final LakeFiles files;

    public TenantData(
            DatasetStore datasets,
            PortionStore portions,
            DeliveryStore deliveries,
            Catalogue catalogue,
            LakeFiles files) {
        this.datasets = datasets;
        this.portions = portions;
        this.deliveries = deliveries;
        this.catalogue = catalogue;
        this.files = files;
    }

    @Override
    public List<Belonging> of(Tenant tenant) {
        return shares(tenant).entrySet().stream().map(TenantData::belonging).toList();
    }

    /** By dataset; those without any rows of the tenant are left out. */
    private Map<String, List<Portion>> shares(Tenant tenant) {
        Map<String, List<Portion>> shares = new LinkedHashMap<>();
        for (DatasetState dataset : datasets.all()) {
            List<Portion> share = portions.all(dataset.name(), tenant.tenantId());
            if (share.stream().anyMatch(p -> !p.settled().isEmpty())) {
                shares.put(dataset.name(), share);
            }
        }
        return shares;
    }

    private static Belonging belonging(Map.Entry<String, List<Portion>> of) {
        List<DataFile> all = of.getValue().stream().flatMap(p -> p.settled().stream()).toList();
        return new Belonging(
                Belonging.Kind.DATASET,
                of.getKey(),
                of.getKey(),
                all.stream().mapToLong(DataFile::rows).sum(),
                all.stream().mapToLong(DataFile::bytes).sum());
    }

    @Override
    public List<Belonging> remove(Tenant tenant, OffboardTenant how) {
        if (!how.deleteData()) {
            return List.of();
        }
        Map<String, List<Portion>> shares = shares(tenant);
        shares.forEach(
                (dataset, share) -> {
                    share.forEach(portion -> remove(dataset, portion));
                    datasets.count(dataset, () -> portions.all(dataset));
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

    private void remove(String dataset, Portion portion) {
        String tenantId = portion.tenantId();
        List<String> keys = files.keys(Portion.home(dataset, tenantId, portion.month()));
        if (!portions.remove(dataset, portion)) {
            throw Failure.of(ErrorCode.CONFLICT, "The dataset is being written to.")
                    .next("Try again in a minute.")
                    .exception();
        }
        catalogue.remove(dataset, tenantId, portion.month());
        keys.forEach(files::delete);
    }
}
