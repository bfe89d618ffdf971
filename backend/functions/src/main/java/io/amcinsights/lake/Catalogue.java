package io.amcinsights.lake;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.lake.plan.ColumnType;
import io.amcinsights.lake.plan.Layout;

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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** All tables and views of the database, of whomever. */
    List<TablePermissions.Table> tables() {
        return glue.getTablesPaginator(r -> r.databaseName(database)).stream()
                .flatMap(page -> page.tableList().stream())
                .map(Readers::table)
                .toList();
    }

    /**
     * Makes or changes the table so that it has the dataset's columns, and the view of the latest.
     * New columns come behind all others: Athena finds a partition's columns by their place too.
     */
    void publish(DatasetState dataset) {
        Table table = table(tableInput(dataset, storage(dataset, columns(dataset, List.of()), "")));
        List<Column> columns = columns(dataset, table.storageDescriptor().columns());
        if (!same(table.storageDescriptor().columns(), columns)) {
            update(tableInput(dataset, storage(dataset, columns, "")), table.versionId());
        }
        List<Column> all = new ArrayList<>(columns);
        all.addAll(partitionKeys());
        publish(LatestView.of(database, dataset, all));
    }

    /** The dataset's columns, those of before at their places. */
    private static List<Column> columns(DatasetState dataset, List<Column> before) {
        String whose = dataset.isFedBy(DatasetStore.DROPPED) ? "The file's" : "AMC's";
        Map<String, Column> ours = new LinkedHashMap<>();
        dataset.columns()
                .forEach(
                        c ->
                                ours.put(
                                        c.name(),
                                        column(
                                                c.name(),
                                                c.type(),
                                                Layout.description(c, dataset.columns())
                                                        .orElse(
                                                                "%s column %s"
                                                                        .formatted(
                                                                                whose,
                                                                                c.source())))));
        Layout.PROVENANCE.forEach((name, type) -> ours.put(name, column(name, type, "")));
        List<Column> columns = new ArrayList<>();
        for (Column column : before) {
            Column kept = ours.remove(column.name());
            if (kept != null) {
                columns.add(kept);
            }
        }
        columns.addAll(ours.values());
        return columns;
    }

    /** Leads readers to the folder of a portion, which has the dataset's types. */
    void place(DatasetState dataset, Portion portion) {
        Table table = glue.getTable(r -> r.databaseName(database).name(dataset.name())).table();
        PartitionInput input =
                PartitionInput.builder()
                        .values(portion.tenantId(), portion.month())
                        .storageDescriptor(
                                storage(
                                        dataset,
                                        table.storageDescriptor().columns(),
                                        portion.folder(dataset.name())))
                        .build();
        Partition seen = partition(dataset.name(), input.values()).orElse(null);
        if (seen == null && create(dataset.name(), input)) {
            return;
        }
        if (seen == null) {
            seen = partition(dataset.name(), input.values()).orElseThrow();
        }
        StorageDescriptor now = seen.storageDescriptor();
        if (!now.location().equals(input.storageDescriptor().location())
                || !same(now.columns(), input.storageDescriptor().columns())) {
            glue.updatePartition(
                    r ->
                            r.databaseName(database)
                                    .tableName(dataset.name())
                                    .partitionValueList(input.values())
                                    .partitionInput(input));
        }
    }

    private Optional<Partition> partition(String dataset, List<String> values) {
        try {
            return Optional.of(
                    glue.getPartition(
                                    r ->
                                            r.databaseName(database)
                                                    .tableName(dataset)
                                                    .partitionValues(values))
                            .partition());
        } catch (EntityNotFoundException e) {
            return Optional.empty();
        }
    }

    /** Whether it was there to be made. */
    private boolean create(String dataset, PartitionInput input) {
        var errors =
                glue.batchCreatePartition(
                                r ->
                                        r.databaseName(database)
                                                .tableName(dataset)
                                                .partitionInputList(input))
                        .errors();
        if (errors.isEmpty()) {
            return true;
        }
        if ("AlreadyExistsException".equals(errors.getFirst().errorDetail().errorCode())) {
            return false;
        }
        throw Failure.of(
                        ErrorCode.INTERNAL,
                        "The partition could not be registered: "
                                + errors.getFirst().errorDetail().errorMessage())
                .exception();
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

    /** Takes a tenant's rows of one month out of sight. */
    void remove(String dataset, String tenantId, String month) {
        try {
            glue.deletePartition(
                    r ->
                            r.databaseName(database)
                                    .tableName(dataset)
                                    .partitionValues(tenantId, month));
        } catch (EntityNotFoundException e) {
            // gone already
        }
    }

    /** Tenant and month of each partition; none where there is no table yet. */
    List<List<String>> partitions(String dataset) {
        try {
            return glue
                    .getPartitionsPaginator(
                            r ->
                                    r.databaseName(database)
                                            .tableName(dataset)
                                            .excludeColumnSchema(true))
                    .stream()
                    .flatMap(page -> page.partitions().stream())
                    .map(Partition::values)
                    .toList();
        } catch (EntityNotFoundException e) {
            return List.of();
        }
    }

    private TableInput tableInput(DatasetState dataset, StorageDescriptor storage) {
        return TableInput.builder()
                .name(dataset.name())
                .description(description(dataset))
                .tableType("EXTERNAL_TABLE")
                .parameters(Map.of("EXTERNAL", "TRUE", "classification", "parquet"))
                .partitionKeys(partitionKeys())
                .storageDescriptor(storage)
                .build();
    }

    private static String description(DatasetState dataset) {
        if (dataset.isFedBy(DatasetStore.DROPPED)) {
            return "Files that were dropped for it";
        }
        return (dataset.filteredOf() == null
                        ? "Results of the AMC workflow "
                        : "Rows with values that AMC has hidden, of the workflow ")
                + dataset.workflowId();
    }

    private static List<Column> partitionKeys() {
        return Layout.PARTITIONS.stream().map(key -> column(key, ColumnType.VARCHAR, "")).toList();
    }

    /**
     * @param folder in the lake's bucket; empty for that of the whole dataset
     */
    private StorageDescriptor storage(DatasetState dataset, List<Column> columns, String folder) {
        return StorageDescriptor.builder()
                .columns(columns)
                .location(
                        "s3://%s/%s"
                                .formatted(
                                        lakeBucket,
                                        folder.isEmpty() ? folder(dataset.name()) + "/" : folder))
                .inputFormat(FORMAT.formatted("Input"))
                .outputFormat(FORMAT.formatted("Output"))
                .serdeInfo(serde -> serde.serializationLibrary(SERDE))
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
