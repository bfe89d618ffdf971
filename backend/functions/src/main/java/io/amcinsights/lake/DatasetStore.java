package io.amcinsights.lake;

import io.amcinsights.contract.DatasetSettings;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Quality;
import io.amcinsights.lake.plan.ColumnType;
import io.amcinsights.lake.plan.Layout;
import io.amcinsights.lake.plan.MoneyUnit;
import io.amcinsights.lake.plan.Names;
import io.amcinsights.lake.plan.TransformPlan.Stale;
import io.amcinsights.ports.Documents;
import io.amcinsights.ports.Documents.ConflictException;
import io.amcinsights.store.Records;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The datasets and the files that they consist of. */
public final class DatasetStore {

    /**
     * A file of a dataset.
     *
     * @param generation of the dataset whose types it was written with
     * @param quality of the delivery; null where it is another dataset's, or was not measured
     */
    private record Part(
            String deliveryId,
            String key,
            long rows,
            long bytes,
            long generation,
            @Nullable Quality quality,
            long version) {}

    /**
     * What a tenant has in a dataset.
     *
     * @param keys of the files
     */
    record Share(long rows, long bytes, List<String> keys) {}

    private static final Pattern TENANT = Pattern.compile("/tenant=([^/]+)/");
    private static final String DATASETS = "dataset";
    private static final String SETTINGS = "dataset-settings";

    private final Records<DatasetState> datasets;
    private final Records<Part> parts;
    private final Records<DatasetSettings> settings;
    private final Documents documents;
    private final Clock clock;

    public DatasetStore(Documents documents, Clock clock) {
        this.datasets = new Records<>(documents, DatasetState.class);
        this.parts = new Records<>(documents, Part.class);
        this.settings = new Records<>(documents, DatasetSettings.class);
        this.documents = documents;
        this.clock = clock;
    }

    List<DatasetState> all() {
        return datasets.all(DATASETS, "");
    }

    DatasetState get(String name) {
        return find(name).orElseThrow();
    }

    Optional<DatasetState> find(String name) {
        return datasets.find(DATASETS, name);
    }

    DatasetSettings settings(String dataset) {
        return settings.find(SETTINGS, dataset).orElse(DatasetSettings.usual(dataset));
    }

    DatasetSettings put(DatasetSettings changed) throws ConflictException {
        return settings.put(SETTINGS, changed.dataset(), changed, changed.version());
    }

    /** Makes room for a file's columns in the workflow's dataset, which comes to be with it. */
    DatasetState reserve(
            String workflowId,
            List<String> header,
            List<ColumnType> types,
            List<@Nullable MoneyUnit> units) {
        String plain = Names.plain(workflowId);
        return Optional.of(plain)
                .filter(name -> !LatestView.isNamedSo(name) && !name.equals(ReportView.NAME))
                .flatMap(name -> reserve(name, workflowId, header, types, units))
                .or(
                        () ->
                                // another workflow's id looks the same without its dots
                                reserve(
                                        "%s_%s".formatted(plain, suffix(workflowId)),
                                        workflowId,
                                        header,
                                        types,
                                        units))
                .orElseThrow();
    }

    private static String suffix(String workflowId) {
        return String.format(Locale.ROOT, "%08x", workflowId.hashCode());
    }

    private Optional<DatasetState> reserve(
            String name,
            String workflowId,
            List<String> header,
            List<ColumnType> types,
            List<@Nullable MoneyUnit> units) {
        DatasetState first =
                new DatasetState(
                        name, workflowId, List.of(), 0, null, 0, 0, 0, clock.instant(), null, 0);
        DatasetState reserved =
                datasets.change(
                        DATASETS,
                        name,
                        first,
                        d -> {
                            if (!d.isFedBy(workflowId)) {
                                return d;
                            }
                            var merged =
                                    Layout.withMoney(
                                            Layout.merge(d.columns(), header, types),
                                            header,
                                            units);
                            boolean widens = Layout.widens(d.columns(), merged);
                            return merged.equals(d.columns())
                                    ? d
                                    : d.with(
                                            merged,
                                            widens ? d.generation() + 1 : d.generation(),
                                            clock.instant());
                        });
        return Optional.of(reserved).filter(d -> d.isFedBy(workflowId));
    }

    /** The dataset of another's rows with hidden values; its columns are that one's. */
    DatasetState reserveFiltered(DatasetState of) {
        String name = of.name() + "_filtered";
        return reserveFiltered(name, of)
                .or(() -> reserveFiltered("%s_%s".formatted(name, suffix(of.name())), of))
                .orElseThrow();
    }

    private Optional<DatasetState> reserveFiltered(String name, DatasetState of) {
        DatasetState first =
                new DatasetState(
                        name,
                        of.workflowId(),
                        List.of(),
                        0,
                        of.name(),
                        0,
                        0,
                        0,
                        clock.instant(),
                        null,
                        0);
        DatasetState reserved =
                datasets.change(
                        DATASETS,
                        name,
                        first,
                        d ->
                                !of.name().equals(d.filteredOf())
                                                || d.columns().equals(of.columns())
                                        ? d
                                        : d.with(
                                                of.columns(),
                                                Layout.widens(d.columns(), of.columns())
                                                        ? d.generation() + 1
                                                        : d.generation(),
                                                clock.instant()));
        return Optional.of(reserved).filter(d -> of.name().equals(d.filteredOf()));
    }

    /** Files that were written before the dataset's types widened. */
    List<Stale> stale(DatasetState dataset, String exceptDeliveryId) {
        return parts.all(partition(dataset.name()), "").stream()
                .filter(p -> p.generation() < dataset.generation())
                .filter(p -> !p.deliveryId().equals(exceptDeliveryId))
                .map(p -> new Stale(p.deliveryId(), p.key()))
                .toList();
    }

    boolean has(String dataset, String deliveryId) {
        return parts.find(partition(dataset), deliveryId).isPresent();
    }

    /** Notes that stale files were written anew. */
    void renewed(String dataset, List<Stale> stale, long generation) {
        for (Stale file : stale) {
            parts.change(
                    partition(dataset),
                    file.deliveryId(),
                    p ->
                            p.generation() >= generation
                                    ? p
                                    : new Part(
                                            p.deliveryId(),
                                            p.key(),
                                            p.rows(),
                                            p.bytes(),
                                            generation,
                                            p.quality(),
                                            p.version()));
        }
    }

    /** Adds a delivery's file; the same once more changes nothing. */
    void add(
            String dataset,
            String deliveryId,
            String key,
            long rows,
            long bytes,
            long generation,
            @Nullable Quality quality) {
        Part part = new Part(deliveryId, key, rows, bytes, generation, quality, 0);
        try {
            parts.put(partition(dataset), deliveryId, part, 0);
        } catch (ConflictException e) {
            parts.change(
                    partition(dataset),
                    deliveryId,
                    p ->
                            new Part(
                                    deliveryId,
                                    key,
                                    part.rows(),
                                    part.bytes(),
                                    generation,
                                    quality,
                                    p.version()));
        }
        count(dataset);
    }

    private void count(String dataset) {
        datasets.change(
                DATASETS,
                dataset,
                d -> {
                    List<Part> all = parts.all(partition(dataset), "");
                    return d.with(
                            all.stream().mapToLong(Part::rows).sum(),
                            all.stream().mapToLong(Part::bytes).sum(),
                            all.size(),
                            total(all),
                            clock.instant());
                });
    }

    private static Quality.@Nullable Total total(List<Part> parts) {
        Quality.Total total = Quality.Total.NONE;
        for (Part part : parts) {
            if (part.quality() != null) {
                total = total.plus(part.quality());
            }
        }
        return total.rows() == 0 ? null : total;
    }

    /** What was measured of each tenant's deliveries, together. */
    Map<String, Quality.Total> byTenant(String dataset) {
        Map<String, Quality.Total> totals = new TreeMap<>();
        for (Part part : parts.all(partition(dataset), "")) {
            Matcher tenant = TENANT.matcher(part.key());
            Quality quality = part.quality();
            if (quality != null && tenant.find()) {
                Quality.Total before = totals.getOrDefault(tenant.group(1), Quality.Total.NONE);
                totals.put(tenant.group(1), before.plus(quality));
            }
        }
        return totals;
    }

    Share share(String dataset, String tenantId) {
        List<Part> of = parts(dataset, tenantId);
        return new Share(
                of.stream().mapToLong(Part::rows).sum(),
                of.stream().mapToLong(Part::bytes).sum(),
                of.stream().map(Part::key).toList());
    }

    /** Forgets a tenant's files. */
    void remove(String dataset, String tenantId) {
        for (Part part : parts(dataset, tenantId)) {
            try {
                documents.delete(partition(dataset), part.deliveryId(), part.version());
            } catch (ConflictException e) {
                throw Failure.of(ErrorCode.CONFLICT, "The dataset is being written to.")
                        .next("Try again in a minute.")
                        .exception();
            }
        }
        count(dataset);
    }

    private List<Part> parts(String dataset, String tenantId) {
        return parts.all(partition(dataset), "").stream()
                .filter(p -> p.key().contains("/tenant=%s/".formatted(tenantId)))
                .toList();
    }

    private static String partition(String dataset) {
        return "dataset-file/" + dataset;
    }
}
