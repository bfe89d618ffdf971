package io.amcinsights.lake;

import io.amcinsights.contract.Dataset;
import io.amcinsights.contract.DatasetSettings;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.lake.plan.Column;
import io.amcinsights.lake.plan.Layout;
import io.amcinsights.ports.Documents.ConflictException;

import java.util.ArrayList;
import java.util.List;

/** Datasets, as people ask for them. */
public final class Datasets {

    private final DatasetStore store;
    private final Catalogue catalogue;

    public Datasets(DatasetStore store, Catalogue catalogue) {
        this.store = store;
        this.catalogue = catalogue;
    }

    /** Those that have rows, by name. */
    List<Dataset> list() {
        return store.all().stream().filter(d -> d.deliveries() > 0).map(this::dataset).toList();
    }

    DatasetSettings settings(String name) {
        return store.settings(loaded(name).name());
    }

    DatasetSettings put(DatasetSettings settings) {
        DatasetState dataset = loaded(settings.dataset());
        if (settings.filteredRows() != DatasetSettings.FilteredRows.KEEP
                && Layout.delivered(dataset.columns()).stream()
                        .noneMatch(c -> c.name().equals(settings.flagColumn()))) {
            throw Failure.invalid(
                            "flagColumn",
                            "The dataset has no column “%s” that tells which rows AMC has filtered."
                                    .formatted(settings.flagColumn()))
                    .next(
                            "Choose the column that the workflow names as its"
                                    + " filteredMetricsDiscriminatorColumn, or keep the rows.")
                    .exception();
        }
        Integer keepMonths = settings.keepMonths();
        if (keepMonths != null && (keepMonths < 1 || keepMonths > DatasetSettings.MOST_MONTHS)) {
            throw Failure.invalid(
                            "keepMonths",
                            "Rows are kept for 1 to %d months, or for ever."
                                    .formatted(DatasetSettings.MOST_MONTHS))
                    .exception();
        }
        try {
            return store.put(settings);
        } catch (ConflictException e) {
            throw Failure.of(
                            ErrorCode.CONFLICT,
                            "Somebody else has changed the settings of “%s” meanwhile."
                                    .formatted(settings.dataset()))
                    .next("Look at theirs, then change them again.")
                    .exception();
        }
    }

    /** One that has its own settings; a failure where there is none, or its rows are another's. */
    DatasetState loaded(String name) {
        DatasetState dataset =
                store.find(name)
                        .orElseThrow(
                                () ->
                                        Failure.of(
                                                        ErrorCode.NOT_FOUND,
                                                        "There is no dataset “%s”.".formatted(name))
                                                .with("field", "dataset")
                                                .exception());
        if (dataset.filteredOf() != null) {
            throw Failure.invalid(
                            "dataset",
                            "The rows of “%s” come with those of “%s”."
                                    .formatted(name, dataset.filteredOf()))
                    .next("Set it there.")
                    .exception();
        }
        return dataset;
    }

    private Dataset dataset(DatasetState state) {
        List<Dataset.Column> columns = new ArrayList<>(described(state.columns()));
        Layout.PROVENANCE.forEach((name, type) -> columns.add(own(name, type.sql())));
        Layout.PARTITIONS.forEach(name -> columns.add(own(name, "varchar")));
        return new Dataset(
                state.name(),
                catalogue.database(),
                state.workflowId(),
                state.filteredOf(),
                columns,
                state.rows(),
                state.bytes(),
                state.deliveries(),
                state.updatedAt(),
                state.quality(),
                state.version());
    }

    /** Columns as people are told of them. */
    static List<Dataset.Column> described(List<Column> columns) {
        return columns.stream()
                .map(
                        c ->
                                new Dataset.Column(
                                        c.name(),
                                        c.money() == null ? c.source() : "",
                                        c.type().sql(),
                                        Layout.description(c, columns).orElse("")))
                .toList();
    }

    private static Dataset.Column own(String name, String type) {
        return new Dataset.Column(name, "", type, Layout.DESCRIPTIONS.getOrDefault(name, ""));
    }
}
