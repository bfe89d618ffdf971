package io.amcinsights.local.lakeformation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.http.AwsError;
import io.amcinsights.local.http.AwsService;
import io.amcinsights.local.http.Call;
import io.amcinsights.local.http.Caller;
import io.amcinsights.local.http.Reply;
import io.amcinsights.local.lakeformation.Permissions.Filter;
import io.amcinsights.local.lakeformation.Permissions.Granted;
import io.amcinsights.local.lakeformation.Permissions.OptIn;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Lake Formation's API by its REST-JSON protocol: permissions on databases, tables and data cells
 * filters, and opt-ins. Column lists, tags and grant options have no meaning here and are refused.
 */
public final class LakeFormationService implements AwsService {

    /** Source: API reference of AWS Lake Formation, {@code Permission}. */
    private static final Set<String> PERMISSIONS =
            Set.of(
                    "ALL",
                    "SELECT",
                    "ALTER",
                    "DROP",
                    "DELETE",
                    "INSERT",
                    "DESCRIBE",
                    "CREATE_TABLE");

    /** How all tables are told of. */
    private static final String ALL_TABLES = "ALL_TABLES";

    private static final ObjectMapper JSON = new ObjectMapper();

    @FunctionalInterface
    private interface Operation {
        JsonNode run(ObjectNode input) throws AwsError;
    }

    private final Permissions permissions;
    private final String account;
    private final Predicate<String> exists;
    private final Map<String, Operation> operations;

    /**
     * @param exists whether there is a principal of this account
     */
    public LakeFormationService(Permissions permissions, String account, Predicate<String> exists) {
        this.permissions = permissions;
        this.account = account;
        this.exists = exists;
        this.operations =
                Map.ofEntries(
                        Map.entry("GrantPermissions", this::grant),
                        Map.entry("RevokePermissions", this::revoke),
                        Map.entry("BatchGrantPermissions", in -> batch(in, this::grant)),
                        Map.entry("BatchRevokePermissions", in -> batch(in, this::revoke)),
                        Map.entry("ListPermissions", this::list),
                        Map.entry("CreateDataCellsFilter", this::createFilter),
                        Map.entry("UpdateDataCellsFilter", this::updateFilter),
                        Map.entry("DeleteDataCellsFilter", this::deleteFilter),
                        Map.entry("ListDataCellsFilter", this::listFilters),
                        Map.entry("CreateLakeFormationOptIn", this::optIn),
                        Map.entry("DeleteLakeFormationOptIn", this::optOut),
                        Map.entry("ListLakeFormationOptIns", this::listOptIns));
    }

    @Override
    public String signingName() {
        return "lakeformation";
    }

    @Override
    public Reply handle(Call call) throws AwsError, IOException {
        Operation operation = operations.get(call.path().substring(1));
        if (operation == null) {
            throw new AwsError(
                    404, "UnknownOperationException", "Unknown operation: " + call.path());
        }
        if (Caller.principal() != null) {
            throw new AwsError(
                    400,
                    "AccessDeniedException",
                    "Only the installation changes Lake Formation in the local workspace.");
        }
        String text = call.text();
        try {
            if (JSON.readTree(text.isBlank() ? "{}" : text) instanceof ObjectNode input) {
                return Reply.of(200, "application/json", operation.run(input).toString());
            }
        } catch (JsonProcessingException e) {
            throw new AwsError(400, "InvalidInputException", e.getOriginalMessage());
        }
        throw invalid("The body is not a JSON object");
    }

    @Override
    public Reply error(AwsError error, String requestId) {
        return Reply.of(
                        error.status(),
                        "application/json",
                        JSON.createObjectNode().put("Message", error.getMessage()).toString())
                .with("x-amzn-ErrorType", error.code());
    }

    private static AwsError invalid(String message) {
        return new AwsError(400, "InvalidInputException", message);
    }

    private static AwsError absent(String message) {
        return new AwsError(400, "EntityNotFoundException", message);
    }

    // Permissions

    private JsonNode grant(ObjectNode input) throws AwsError {
        for (Granted granted : granted(input)) {
            permissions.grant(granted);
        }
        return JSON.createObjectNode();
    }

    private JsonNode revoke(ObjectNode input) throws AwsError {
        for (Granted granted : granted(input)) {
            if (!permissions.revoke(granted)) {
                throw invalid("No permissions revoked. Grantee does not have: " + granted);
            }
        }
        return JSON.createObjectNode();
    }

    private List<Granted> granted(ObjectNode input) throws AwsError {
        if (!input.path("PermissionsWithGrantOption").isEmpty()) {
            throw invalid("Grant options are not supported in the local workspace");
        }
        String principal = principal(input);
        String resource = resource(input.path("Resource"));
        List<Granted> all = new ArrayList<>();
        for (JsonNode permission : input.path("Permissions")) {
            if (!PERMISSIONS.contains(permission.asText())) {
                throw invalid("Permissions modification is invalid: " + permission.asText());
            }
            all.add(new Granted(principal, resource, permission.asText()));
        }
        return all;
    }

    private static JsonNode batch(ObjectNode input, Operation each) throws AwsError {
        ObjectNode reply = JSON.createObjectNode();
        ArrayNode failures = reply.putArray("Failures");
        if (input.path("Entries").size() > 20) {
            throw invalid("Entries takes at most 20 values");
        }
        for (JsonNode entry : input.path("Entries")) {
            try {
                each.run((ObjectNode) entry);
            } catch (AwsError e) {
                ObjectNode failure = failures.addObject();
                failure.set("RequestEntry", entry);
                failure.putObject("Error")
                        .put("ErrorCode", e.code())
                        .put("ErrorMessage", e.getMessage());
            }
        }
        return reply;
    }

    private String principal(ObjectNode input) throws AwsError {
        String principal = input.at("/Principal/DataLakePrincipalIdentifier").asText();
        boolean ours = principal.startsWith("arn:aws:iam::" + account + ":");
        if (principal.isEmpty() || (ours && !exists.test(principal))) {
            throw invalid("Invalid principal, " + principal);
        }
        return principal;
    }

    private String resource(JsonNode resource) throws AwsError {
        JsonNode in = resource.path("Database");
        if (in.isObject()) {
            return "database/" + lower(in, "Name");
        }
        in = resource.path("Table");
        if (in.isObject()) {
            return "table/%s/%s"
                    .formatted(
                            lower(in, "DatabaseName"),
                            in.has("TableWildcard") ? "*" : lower(in, "Name"));
        }
        in = resource.path("DataCellsFilter");
        if (in.isObject()) {
            Filter filter =
                    permissions.filter(
                            lower(in, "DatabaseName"), lower(in, "TableName"), name(in, "Name"));
            if (filter == null) {
                throw absent("Data cells filter not found: " + in);
            }
            return "rows/%s/%s/%s".formatted(filter.database(), filter.table(), filter.name());
        }
        throw invalid("The local workspace grants on databases, tables and rows only: " + resource);
    }

    private static String name(JsonNode in, String field) throws AwsError {
        String name = in.path(field).asText();
        if (name.isEmpty() || name.contains("/")) {
            throw invalid(field + " is missing");
        }
        return name;
    }

    /** Databases and tables are in lower case. */
    private static String lower(JsonNode in, String field) throws AwsError {
        return name(in, field).toLowerCase(Locale.ROOT);
    }

    /** SELECT on a table is told as on all of its columns, as Lake Formation tells it. */
    private JsonNode list(ObjectNode input) throws AwsError {
        if (input.has("Resource") || input.has("ResourceType")) {
            throw invalid("The local workspace lists all permissions, or those of a principal");
        }
        String principal = input.at("/Principal/DataLakePrincipalIdentifier").asText();
        Map<List<String>, ArrayNode> byResource = new LinkedHashMap<>();
        ObjectNode reply = JSON.createObjectNode();
        ArrayNode list = reply.putArray("PrincipalResourcePermissions");
        for (Granted granted : permissions.all()) {
            boolean columns =
                    granted.permission().equals("SELECT")
                            && granted.resource().startsWith("table/");
            if (!principal.isEmpty() && !principal.equals(granted.principal())) {
                continue;
            }
            byResource
                    .computeIfAbsent(
                            List.of(
                                    granted.principal(),
                                    granted.resource(),
                                    String.valueOf(columns)),
                            key -> {
                                ObjectNode entry = list.addObject();
                                entry.putObject("Principal")
                                        .put("DataLakePrincipalIdentifier", granted.principal());
                                entry.set("Resource", json(granted.resource(), columns));
                                entry.putArray("PermissionsWithGrantOption");
                                return entry.putArray("Permissions");
                            })
                    .add(granted.permission());
        }
        return reply;
    }

    private ObjectNode json(String resource, boolean columns) {
        String[] parts = resource.split("/", -1);
        ObjectNode json = JSON.createObjectNode();
        switch (parts[0]) {
            case "database" ->
                    json.putObject("Database").put("CatalogId", account).put("Name", parts[1]);
            case "table" -> {
                boolean all = parts[2].equals("*");
                ObjectNode table =
                        json.putObject(columns ? "TableWithColumns" : "Table")
                                .put("CatalogId", account)
                                .put("DatabaseName", parts[1])
                                .put("Name", all ? ALL_TABLES : parts[2]);
                if (columns) {
                    table.putObject("ColumnWildcard");
                } else if (all) {
                    table.putObject("TableWildcard");
                }
            }
            default ->
                    json.putObject("DataCellsFilter")
                            .put("TableCatalogId", account)
                            .put("DatabaseName", parts[1])
                            .put("TableName", parts[2])
                            .put("Name", parts[3]);
        }
        return json;
    }

    // Data cells filters

    private JsonNode createFilter(ObjectNode input) throws AwsError {
        Filter filter = filter(input.path("TableData"));
        if (permissions.filter(filter.database(), filter.table(), filter.name()) != null) {
            throw new AwsError(400, "AlreadyExistsException", "Data cells filter already exists");
        }
        permissions.put(filter);
        return JSON.createObjectNode();
    }

    private JsonNode updateFilter(ObjectNode input) throws AwsError {
        Filter filter = filter(input.path("TableData"));
        find(input.path("TableData"));
        permissions.put(filter);
        return JSON.createObjectNode();
    }

    private JsonNode deleteFilter(ObjectNode input) throws AwsError {
        permissions.delete(find(input));
        return JSON.createObjectNode();
    }

    private Filter find(JsonNode of) throws AwsError {
        Filter filter =
                permissions.filter(
                        lower(of, "DatabaseName"), lower(of, "TableName"), name(of, "Name"));
        if (filter == null) {
            throw absent("Data cells filter not found");
        }
        return filter;
    }

    private static Filter filter(JsonNode data) throws AwsError {
        if (!data.has("ColumnWildcard")
                || !data.at("/ColumnWildcard/ExcludedColumnNames").isEmpty()) {
            throw invalid("The local workspace filters rows only, of all columns");
        }
        if (data.at("/RowFilter/FilterExpression").asText().isBlank()) {
            throw invalid("RowFilter is missing");
        }
        return new Filter(
                lower(data, "DatabaseName"),
                lower(data, "TableName"),
                name(data, "Name"),
                data.toString());
    }

    private JsonNode listFilters(ObjectNode input) throws AwsError {
        ObjectNode reply = JSON.createObjectNode();
        ArrayNode list = reply.putArray("DataCellsFilters");
        JsonNode table = input.path("Table");
        for (Filter filter :
                permissions.filters(lower(table, "DatabaseName"), lower(table, "Name"))) {
            list.add(body(filter));
        }
        return reply;
    }

    private static ObjectNode body(Filter filter) {
        try {
            return (ObjectNode) JSON.readTree(filter.body());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Which rows a filter shows. */
    static String expression(Filter filter) {
        return body(filter).at("/RowFilter/FilterExpression").asText();
    }

    // Opt-ins

    private JsonNode optIn(ObjectNode input) throws AwsError {
        permissions.optIn(new OptIn(principal(input), resource(input.path("Resource"))));
        return JSON.createObjectNode();
    }

    private JsonNode optOut(ObjectNode input) throws AwsError {
        if (!permissions.optOut(new OptIn(principal(input), resource(input.path("Resource"))))) {
            throw absent("Opt-in not found");
        }
        return JSON.createObjectNode();
    }

    private JsonNode listOptIns(ObjectNode input) {
        ObjectNode reply = JSON.createObjectNode();
        ArrayNode list = reply.putArray("LakeFormationOptInsInfoList");
        for (OptIn optIn : permissions.optIns()) {
            ObjectNode entry = list.addObject();
            entry.putObject("Principal").put("DataLakePrincipalIdentifier", optIn.principal());
            entry.set("Resource", json(optIn.resource(), false));
        }
        return reply;
    }
}
