package io.amcinsights.lake;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.lake.plan.ColumnType;
import io.amcinsights.lake.plan.Layout;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.AlreadyExistsException;
import software.amazon.awssdk.services.glue.model.Column;
import software.amazon.awssdk.services.glue.model.ConcurrentModificationException;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;
import software.amazon.awssdk.services.glue.model.Partition;
import software.amazon.awssdk.services.glue.model.PartitionInput;
import software.amazon.awssdk.services.glue.model.StorageDescriptor;
import software.amazon.awssdk.services.glue.model.Table;
import software.amazon.awssdk.services.glue.model.TableInput;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The datasets as tables of the Glue Data Catalog, where Athena finds them. */
public final class Catalogue {

    private static final String FORMAT =
            "org.apache.hadoop.hive.ql.io.parquet.MapredParquet%sFormat";
    private static final String SERDE =
            "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe";

    private final GlueClient glue;
    private final String database;
    private final String lakeBucket;

    public Catalogue(GlueClient glue, String database, String lakeBucket) {
        this.glue = glue;
        this.database = database;
        this.lakeBucket = lakeBucket;
    }

    String database() {
        return database;
    }

    /** Makes or changes the table so that it has the dataset's columns, then adds the partition. */
    void publish(DatasetState dataset, String tenantId, String month) {
        StorageDescriptor storage = storage(dataset, "");
        Table table = table(tableInput(dataset, storage));
        if (!same(table.storageDescriptor().columns(), storage.columns())) {
            renewPartitions(dataset);
            update(tableInput(dataset, storage), table.versionId());
        }
        addPartition(dataset, tenantId, month);
        List<Column> all = new ArrayList<>(storage.columns());
        all.addAll(partitionKeys());
        publish(LatestView.of(database, dataset.name(), all));
    }

    /** Makes or changes a view. */
    void publish(TableInput view) {
        Table seen = table(view);
        if (!view.viewOriginalText().equals(seen.viewOriginalText())) {
            update(view, seen.versionId());
        }
    }

    /** The names of a table's columns, as readers see them; none where there is no table. */
    Set<String> columns(String name) {
        try {
            return glue
                    .getTable(r -> r.databaseName(database).name(name))
                    .table()
                    .storageDescriptor()
                    .columns()
                    .stream()
                    .map(Column::name)
                    .collect(Collectors.toSet());
        } catch (EntityNotFoundException e) {
            return Set.of();
        }
    }

    private Table table(TableInput input) {
        try {
            glue.createTable(r -> r.databaseName(database).tableInput(input));
        } catch (AlreadyExistsException e) {
            // most of the time
        }
        return glue.getTable(r -> r.databaseName(database).name(input.name())).table();
    }

    private void update(TableInput input, String seen) {
        try {
            glue.updateTable(
                    r ->
                            r.databaseName(database)
                                    .tableInput(input)
                                    .versionId(seen)
                                    .skipArchive(true));
        } catch (ConcurrentModificationException e) {
            throw Failure.of(ErrorCode.CONFLICT, "Another delivery changes the table.").exception();
        }
    }

    /** Athena reads a partition by the partition's own columns. */
    private void renewPartitions(DatasetState dataset) {
        for (Partition partition : partitions(dataset.name(), null)) {
            PartitionInput input = partitionInput(dataset, partition.values());
            if (!same(
                    partition.storageDescriptor().columns(), input.storageDescriptor().columns())) {
                glue.updatePartition(
                        r ->
                                r.databaseName(database)
                                        .tableName(dataset.name())
                                        .partitionValueList(partition.values())
                                        .partitionInput(input));
            }
        }
    }

    private void addPartition(DatasetState dataset, String tenantId, String month) {
        List<String> values = List.of(tenantId, month);
        try {
            glue.getPartition(
                    r ->
                            r.databaseName(database)
                                    .tableName(dataset.name())
                                    .partitionValues(values));
        } catch (EntityNotFoundException e) {
            glue
                    .batchCreatePartition(
                            r ->
                                    r.databaseName(database)
                                            .tableName(dataset.name())
                                            .partitionInputList(partitionInput(dataset, values)))
                    .errors()
                    .stream()
                    .filter(
                            error ->
                                    !"AlreadyExistsException"
                                            .equals(error.errorDetail().errorCode()))
                    .findFirst()
                    .ifPresent(
                            error -> {
                                throw Failure.of(
                                                ErrorCode.INTERNAL,
                                                "The partition could not be registered: "
                                                        + error.errorDetail().errorMessage())
                                        .exception();
                            });
        }
    }

    /** Takes a tenant's rows out of sight. */
    void removePartitions(String dataset, String tenantId) {
        String ofTenant = "tenant = '%s'".formatted(tenantId);
        for (Partition partition : partitions(dataset, ofTenant)) {
            try {
                glue.deletePartition(
                        r ->
                                r.databaseName(database)
                                        .tableName(dataset)
                                        .partitionValues(partition.values()));
            } catch (EntityNotFoundException e) {
                // gone already
            }
        }
    }

    /**
     * @param which an expression over the partition keys; null for all
     */
    private List<Partition> partitions(String dataset, @Nullable String which) {
        return glue
                .getPartitionsPaginator(
                        r -> r.databaseName(database).tableName(dataset).expression(which))
                .stream()
                .flatMap(page -> page.partitions().stream())
                .toList();
    }

    private TableInput tableInput(DatasetState dataset, StorageDescriptor storage) {
        return TableInput.builder()
                .name(dataset.name())
                .description(
                        (dataset.filteredOf() == null
                                        ? "Results of the AMC workflow "
                                        : "Rows with values that AMC has hidden, of the workflow ")
                                + dataset.workflowId())
                .tableType("EXTERNAL_TABLE")
                .parameters(Map.of("EXTERNAL", "TRUE", "classification", "parquet"))
                .partitionKeys(partitionKeys())
                .storageDescriptor(storage)
                .build();
    }

    private static List<Column> partitionKeys() {
        return Layout.PARTITIONS.stream().map(key -> column(key, ColumnType.VARCHAR, "")).toList();
    }

    private PartitionInput partitionInput(DatasetState dataset, List<String> values) {
        String folder = "tenant=%s/month=%s/".formatted(values.get(0), values.get(1));
        return PartitionInput.builder()
                .values(values)
                .storageDescriptor(storage(dataset, folder))
                .build();
    }

    private StorageDescriptor storage(DatasetState dataset, String folder) {
        List<Column> columns = new ArrayList<>();
        dataset.columns()
                .forEach(
                        c ->
                                columns.add(
                                        column(
                                                c.name(),
                                                c.type(),
                                                Layout.description(c, dataset.columns())
                                                        .orElse("AMC's column " + c.source()))));
        Layout.PROVENANCE.forEach((name, type) -> columns.add(column(name, type, "")));
        return StorageDescriptor.builder()
                .columns(columns)
                .location("s3://%s/%s/%s".formatted(lakeBucket, folder(dataset.name()), folder))
                .inputFormat(FORMAT.formatted("Input"))
                .outputFormat(FORMAT.formatted("Output"))
                .serdeInfo(s -> s.serializationLibrary(SERDE))
                .build();
    }

    /** Where a dataset's files are, in the lake's bucket. */
    static String folder(String dataset) {
        return "post-stage/" + dataset;
    }

    private static Column column(String name, ColumnType type, String comment) {
        return Column.builder()
                .name(name)
                .type(type.hive())
                .comment(Layout.DESCRIPTIONS.getOrDefault(name, comment))
                .build();
    }

    /** Glue adds things to columns that we do not set. */
    private static boolean same(List<Column> a, List<Column> b) {
        return plain(a).equals(plain(b));
    }

    private static List<String> plain(List<Column> columns) {
        return columns.stream().map(c -> c.name() + " " + c.type()).toList();
    }
}
