package io.amcinsights.aws;

import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lakeformation.model.BatchGrantPermissionsRequest;
import software.amazon.awssdk.services.lakeformation.model.BatchGrantPermissionsResponse;
import software.amazon.awssdk.services.lakeformation.model.BatchPermissionsFailureEntry;
import software.amazon.awssdk.services.lakeformation.model.BatchPermissionsRequestEntry;
import software.amazon.awssdk.services.lakeformation.model.BatchRevokePermissionsRequest;
import software.amazon.awssdk.services.lakeformation.model.BatchRevokePermissionsResponse;
import software.amazon.awssdk.services.lakeformation.model.CreateDataCellsFilterRequest;
import software.amazon.awssdk.services.lakeformation.model.CreateDataCellsFilterResponse;
import software.amazon.awssdk.services.lakeformation.model.CreateLakeFormationOptInRequest;
import software.amazon.awssdk.services.lakeformation.model.CreateLakeFormationOptInResponse;
import software.amazon.awssdk.services.lakeformation.model.DataCellsFilter;
import software.amazon.awssdk.services.lakeformation.model.DeleteDataCellsFilterRequest;
import software.amazon.awssdk.services.lakeformation.model.DeleteDataCellsFilterResponse;
import software.amazon.awssdk.services.lakeformation.model.DeleteLakeFormationOptInRequest;
import software.amazon.awssdk.services.lakeformation.model.DeleteLakeFormationOptInResponse;
import software.amazon.awssdk.services.lakeformation.model.LakeFormationException;
import software.amazon.awssdk.services.lakeformation.model.LakeFormationOptInsInfo;
import software.amazon.awssdk.services.lakeformation.model.ListDataCellsFilterRequest;
import software.amazon.awssdk.services.lakeformation.model.ListDataCellsFilterResponse;
import software.amazon.awssdk.services.lakeformation.model.ListLakeFormationOptInsRequest;
import software.amazon.awssdk.services.lakeformation.model.ListLakeFormationOptInsResponse;
import software.amazon.awssdk.services.lakeformation.model.ListPermissionsRequest;
import software.amazon.awssdk.services.lakeformation.model.ListPermissionsResponse;
import software.amazon.awssdk.services.lakeformation.model.Permission;
import software.amazon.awssdk.services.lakeformation.model.PrincipalResourcePermissions;
import software.amazon.awssdk.services.lakeformation.model.Resource;
import software.amazon.awssdk.services.lakeformation.model.UpdateDataCellsFilterRequest;
import software.amazon.awssdk.services.lakeformation.model.UpdateDataCellsFilterResponse;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Lake Formation in memory, as far as the functions call it. */
public final class MemoryLakeFormation implements LakeFormationClient {

    private record Holder(String principal, Resource resource) {}

    private final Map<Holder, Set<Permission>> permissions = new LinkedHashMap<>();
    private final Map<String, DataCellsFilter> filters = new LinkedHashMap<>();
    private final Set<Holder> optIns = new LinkedHashSet<>();

    /** Principals that do not exist. */
    public final Set<String> unknown = new HashSet<>();

    /** Refuses everything that writes. */
    public boolean refuses;

    /** Calls that wrote. */
    public int writes;

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}

    /** What a principal has, as {@code PERMISSION resource}. */
    public List<String> of(String principal) {
        List<String> words = new ArrayList<>();
        permissions.forEach(
                (holder, held) -> {
                    if (holder.principal().equals(principal)) {
                        held.forEach(p -> words.add(p + " " + words(holder.resource())));
                    }
                });
        optIns.stream()
                .filter(o -> o.principal().equals(principal))
                .forEach(o -> words.add("opted in " + words(o.resource())));
        return words;
    }

    private String words(Resource resource) {
        if (resource.dataCellsFilter() != null) {
            String table = resource.dataCellsFilter().tableName();
            DataCellsFilter filter = filters.get(table + "/" + resource.dataCellsFilter().name());
            return table
                    + " where "
                    + (filter == null ? "?" : filter.rowFilter().filterExpression());
        }
        if (resource.table() != null) {
            return resource.table().tableWildcard() != null ? "*" : resource.table().name();
        }
        return resource.database() == null ? resource.toString() : resource.database().name();
    }

    private void write() {
        writes++;
        if (refuses) {
            throw LakeFormationException.builder().message("Not a data lake administrator").build();
        }
    }

    @Override
    public ListPermissionsResponse listPermissions(ListPermissionsRequest request) {
        return ListPermissionsResponse.builder()
                .principalResourcePermissions(
                        permissions.entrySet().stream()
                                .map(
                                        e ->
                                                PrincipalResourcePermissions.builder()
                                                        .principal(
                                                                p ->
                                                                        p
                                                                                .dataLakePrincipalIdentifier(
                                                                                        e.getKey()
                                                                                                .principal()))
                                                        .resource(e.getKey().resource())
                                                        .permissions(e.getValue())
                                                        .build())
                                .toList())
                .build();
    }

    @Override
    public BatchGrantPermissionsResponse batchGrantPermissions(
            BatchGrantPermissionsRequest request) {
        write();
        List<BatchPermissionsFailureEntry> failures = new ArrayList<>();
        for (BatchPermissionsRequestEntry entry : request.entries()) {
            String principal = entry.principal().dataLakePrincipalIdentifier();
            if (unknown.contains(principal)) {
                failures.add(
                        BatchPermissionsFailureEntry.builder()
                                .requestEntry(entry)
                                .error(
                                        e ->
                                                e.errorCode("InvalidInputException")
                                                        .errorMessage("Invalid principal"))
                                .build());
            } else {
                permissions
                        .computeIfAbsent(
                                new Holder(principal, entry.resource()), h -> new LinkedHashSet<>())
                        .addAll(entry.permissions());
            }
        }
        return BatchGrantPermissionsResponse.builder().failures(failures).build();
    }

    @Override
    public BatchRevokePermissionsResponse batchRevokePermissions(
            BatchRevokePermissionsRequest request) {
        write();
        for (BatchPermissionsRequestEntry entry : request.entries()) {
            Holder holder =
                    new Holder(entry.principal().dataLakePrincipalIdentifier(), entry.resource());
            Set<Permission> held = permissions.getOrDefault(holder, new HashSet<>());
            held.removeAll(entry.permissions());
            if (held.isEmpty()) {
                permissions.remove(holder);
            }
        }
        return BatchRevokePermissionsResponse.builder().build();
    }

    @Override
    public ListDataCellsFilterResponse listDataCellsFilter(ListDataCellsFilterRequest request) {
        return ListDataCellsFilterResponse.builder()
                .dataCellsFilters(
                        filters.values().stream()
                                .filter(f -> f.tableName().equals(request.table().name()))
                                .toList())
                .build();
    }

    @Override
    public CreateDataCellsFilterResponse createDataCellsFilter(
            CreateDataCellsFilterRequest request) {
        put(request.tableData());
        return CreateDataCellsFilterResponse.builder().build();
    }

    @Override
    public UpdateDataCellsFilterResponse updateDataCellsFilter(
            UpdateDataCellsFilterRequest request) {
        put(request.tableData());
        return UpdateDataCellsFilterResponse.builder().build();
    }

    private void put(DataCellsFilter filter) {
        write();
        filters.put(filter.tableName() + "/" + filter.name(), filter);
    }

    @Override
    public DeleteDataCellsFilterResponse deleteDataCellsFilter(
            DeleteDataCellsFilterRequest request) {
        write();
        filters.remove(request.tableName() + "/" + request.name());
        return DeleteDataCellsFilterResponse.builder().build();
    }

    @Override
    public ListLakeFormationOptInsResponse listLakeFormationOptIns(
            ListLakeFormationOptInsRequest request) {
        return ListLakeFormationOptInsResponse.builder()
                .lakeFormationOptInsInfoList(
                        optIns.stream()
                                .map(
                                        o ->
                                                LakeFormationOptInsInfo.builder()
                                                        .principal(
                                                                p ->
                                                                        p
                                                                                .dataLakePrincipalIdentifier(
                                                                                        o
                                                                                                .principal()))
                                                        .resource(o.resource())
                                                        .build())
                                .toList())
                .build();
    }

    @Override
    public CreateLakeFormationOptInResponse createLakeFormationOptIn(
            CreateLakeFormationOptInRequest request) {
        write();
        optIns.add(
                new Holder(request.principal().dataLakePrincipalIdentifier(), request.resource()));
        return CreateLakeFormationOptInResponse.builder().build();
    }

    @Override
    public DeleteLakeFormationOptInResponse deleteLakeFormationOptIn(
            DeleteLakeFormationOptInRequest request) {
        write();
        optIns.remove(
                new Holder(request.principal().dataLakePrincipalIdentifier(), request.resource()));
        return DeleteLakeFormationOptInResponse.builder().build();
    }
}
