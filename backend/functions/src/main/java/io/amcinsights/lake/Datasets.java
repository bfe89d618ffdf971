package io.amcinsights.lake;

import io.amcinsights.contract.Dataset;
import io.amcinsights.lake.plan.Column;
import io.amcinsights.lake.plan.Layout;

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

    private Dataset dataset(DatasetState state) {
        List<Dataset.Column> columns = new ArrayList<>();
        for (Column column : state.columns()) {
            columns.add(
                    new Dataset.Column(
                            column.name(),
                            column.money() == null ? column.source() : "",
                            column.type().sql(),
                            Layout.description(column, state.columns()).orElse("")));
        }
        Layout.PROVENANCE.forEach((name, type) -> columns.add(own(name, type.sql())));
        Layout.PARTITIONS.forEach(name -> columns.add(own(name, "varchar")));
        return new Dataset(
                state.name(),
                catalogue.database(),
                state.workflowId(),
                columns,
                state.rows(),
                state.bytes(),
                state.deliveries(),
                state.updatedAt(),
                state.version());
    }

    private static Dataset.Column own(String name, String type) {
        return new Dataset.Column(name, "", type, Layout.DESCRIPTIONS.getOrDefault(name, ""));
    }
}
