package io.amcinsights.aws;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.AlreadyExistsException;
import software.amazon.awssdk.services.glue.model.BatchCreatePartitionRequest;
import software.amazon.awssdk.services.glue.model.BatchCreatePartitionResponse;
import software.amazon.awssdk.services.glue.model.ConcurrentModificationException;
import software.amazon.awssdk.services.glue.model.CreateTableRequest;
import software.amazon.awssdk.services.glue.model.CreateTableResponse;
import software.amazon.awssdk.services.glue.model.Database;
import software.amazon.awssdk.services.glue.model.DeletePartitionRequest;
import software.amazon.awssdk.services.glue.model.DeletePartitionResponse;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;
import software.amazon.awssdk.services.glue.model.GetDatabaseRequest;
import software.amazon.awssdk.services.glue.model.GetDatabaseResponse;
import software.amazon.awssdk.services.glue.model.GetPartitionRequest;
import software.amazon.awssdk.services.glue.model.GetPartitionResponse;
import software.amazon.awssdk.services.glue.model.GetPartitionsRequest;
import software.amazon.awssdk.services.glue.model.GetPartitionsResponse;
import software.amazon.awssdk.services.glue.model.GetTableRequest;
import software.amazon.awssdk.services.glue.model.GetTableResponse;
import software.amazon.awssdk.services.glue.model.InternalServiceException;
import software.amazon.awssdk.services.glue.model.Partition;
import software.amazon.awssdk.services.glue.model.PartitionInput;
import software.amazon.awssdk.services.glue.model.Table;
import software.amazon.awssdk.services.glue.model.TableInput;
import software.amazon.awssdk.services.glue.model.UpdatePartitionRequest;
import software.amazon.awssdk.services.glue.model.UpdatePartitionResponse;
import software.amazon.awssdk.services.glue.model.UpdateTableRequest;
import software.amazon.awssdk.services.glue.model.UpdateTableResponse;
import software.amazon.awssdk.services.glue.paginators.GetPartitionsIterable;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The Glue Data Catalog in memory, as far as the functions call it. */
public final class MemoryGlue implements GlueClient {

    /** No table can be made. */
    public boolean broken;

    public final Set<String> databases = new HashSet<>(Set.of("amc_insights"));
    private final Map<String, Table> tables = new HashMap<>();
    private final Map<String, Partition> partitions = new ConcurrentHashMap<>();

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}

    /** A table's columns with their types, in their order. */
    public List<String> columns(String table) {
        Table found = tables.get(table);
        return found == null
                ? List.of()
                : found.storageDescriptor().columns().stream()
                        .map(c -> c.name() + " " + c.type())
                        .toList();
    }

    /** A table as it is kept. */
    public Table table(String name) {
        return known(tables.get(name));
    }

    /** The partitions of all tables. */
    public List<Partition> partitions() {
        return List.copyOf(partitions.values());
    }

    @Override
    public GetDatabaseResponse getDatabase(GetDatabaseRequest request) {
        if (!databases.contains(request.name())) {
            throw EntityNotFoundException.builder().message("no database").build();
        }
        return GetDatabaseResponse.builder()
                .database(Database.builder().name(request.name()).build())
                .build();
    }

    @Override
    public CreateTableResponse createTable(CreateTableRequest request) {
        if (broken) {
            throw InternalServiceException.builder().message("broken").build();
        }
        if (tables.containsKey(request.tableInput().name())) {
            throw AlreadyExistsException.builder().message("table exists").build();
        }
        put(request.tableInput(), 1);
        return CreateTableResponse.builder().build();
    }

    @Override
    public GetTableResponse getTable(GetTableRequest request) {
        return GetTableResponse.builder().table(known(tables.get(request.name()))).build();
    }

    @Override
    public UpdateTableResponse updateTable(UpdateTableRequest request) {
        Table table = known(tables.get(request.tableInput().name()));
        if (!table.versionId().equals(request.versionId())) {
            throw ConcurrentModificationException.builder().message("changed").build();
        }
        put(request.tableInput(), Integer.parseInt(table.versionId()) + 1);
        return UpdateTableResponse.builder().build();
    }

    private void put(TableInput input, int version) {
        tables.put(
                input.name(),
                Table.builder()
                        .name(input.name())
                        .tableType(input.tableType())
                        .storageDescriptor(input.storageDescriptor())
                        .partitionKeys(input.partitionKeys())
                        .viewOriginalText(input.viewOriginalText())
                        .versionId(Integer.toString(version))
                        .build());
    }

    @Override
    public GetPartitionResponse getPartition(GetPartitionRequest request) {
        String key = request.tableName() + request.partitionValues();
        return GetPartitionResponse.builder().partition(known(partitions.get(key))).build();
    }

    @Override
    public GetPartitionsResponse getPartitions(GetPartitionsRequest request) {
        return GetPartitionsResponse.builder()
                .partitions(
                        partitions.values().stream()
                                .filter(p -> p.tableName().equals(request.tableName()))
                                .filter(
                                        p ->
                                                request.expression() == null
                                                        || request.expression()
                                                                .equals(
                                                                        "tenant = '%s'"
                                                                                .formatted(
                                                                                        p.values()
                                                                                                .getFirst())))
                                .toList())
                .build();
    }

    @Override
    public GetPartitionsIterable getPartitionsPaginator(GetPartitionsRequest request) {
        return new GetPartitionsIterable(this, request);
    }

    @Override
    public BatchCreatePartitionResponse batchCreatePartition(BatchCreatePartitionRequest request) {
        request.partitionInputList().forEach(p -> put(request.tableName(), p));
        return BatchCreatePartitionResponse.builder().build();
    }

    @Override
    public DeletePartitionResponse deletePartition(DeletePartitionRequest request) {
        partitions.remove(request.tableName() + request.partitionValues());
        return DeletePartitionResponse.builder().build();
    }

    @Override
    public UpdatePartitionResponse updatePartition(UpdatePartitionRequest request) {
        put(request.tableName(), request.partitionInput());
        return UpdatePartitionResponse.builder().build();
    }

    private void put(String table, PartitionInput input) {
        partitions.put(
                table + input.values(),
                Partition.builder()
                        .tableName(table)
                        .values(input.values())
                        .storageDescriptor(input.storageDescriptor())
                        .build());
    }

    private static <T> T known(@Nullable T entity) {
        if (entity == null) {
            throw EntityNotFoundException.builder().message("not found").build();
        }
        return entity;
    }
}
