package io.amcinsights.local.glue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.http.AwsError;
import io.amcinsights.local.http.JsonService;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Glue's Data Catalog by its JSON protocol, as far as the functions and the query engine call it.
 * Column statistics and user-defined functions are none.
 */
public final class GlueService extends JsonService {

    private static final int NAMES_PAGE = 100;
    private static final int PARTITIONS_PAGE = 1000;

    private final Catalogue catalogue;
    private final Map<String, Operation> operations;

    public GlueService(Catalogue catalogue) {
        super("glue", "1.1");
        this.catalogue = catalogue;
        this.operations =
                Map.ofEntries(
                        Map.entry("CreateDatabase", this::createDatabase),
                        Map.entry("UpdateDatabase", this::updateDatabase),
                        Map.entry("DeleteDatabase", this::deleteDatabase),
                        Map.entry("GetDatabase", this::getDatabase),
                        Map.entry("GetDatabases", this::getDatabases),
                        Map.entry("CreateTable", this::createTable),
                        Map.entry("UpdateTable", this::updateTable),
                        Map.entry("DeleteTable", this::deleteTable),
                        Map.entry("GetTable", this::getTable),
                        Map.entry("GetTables", this::getTables),
                        Map.entry("CreatePartition", this::createPartition),
                        Map.entry("BatchCreatePartition", this::batchCreatePartition),
                        Map.entry("UpdatePartition", this::updatePartition),
                        Map.entry("BatchUpdatePartition", this::batchUpdatePartition),
                        Map.entry("DeletePartition", this::deletePartition),
                        Map.entry("BatchDeletePartition", this::batchDeletePartition),
                        Map.entry("GetPartition", this::getPartition),
                        Map.entry("BatchGetPartition", this::batchGetPartition),
                        Map.entry("GetPartitions", this::getPartitions),
                        Map.entry("GetColumnStatisticsForTable", GlueService::noStatistics),
                        Map.entry("GetColumnStatisticsForPartition", GlueService::noStatistics),
                        Map.entry(
                                "DeleteColumnStatisticsForTable", GlueService::deleteNoStatistics),
                        Map.entry(
                                "DeleteColumnStatisticsForPartition",
                                GlueService::deleteNoStatistics),
                        Map.entry("GetUserDefinedFunctions", GlueService::noFunctions));
    }

    @Override
    protected Map<String, Operation> operations() {
        return operations;
    }

    private JsonNode createDatabase(ObjectNode input) throws AwsError {
        ObjectNode wanted = object(input, "DatabaseInput");
        name(wanted, "Name");
        if (!catalogue.create(wanted)) {
            throw new AwsError(400, "AlreadyExistsException", "Database already exists.");
        }
        return JSON.createObjectNode();
    }

    private JsonNode updateDatabase(ObjectNode input) throws AwsError {
        catalogue.updateDatabase(name(input, "Name"), object(input, "DatabaseInput"));
        return JSON.createObjectNode();
    }

    private JsonNode deleteDatabase(ObjectNode input) throws AwsError {
        catalogue.dropDatabase(name(input, "Name"));
        return JSON.createObjectNode();
    }

    private JsonNode getDatabase(ObjectNode input) throws AwsError {
        return wrap("Database", catalogue.database(name(input, "Name")));
    }

    private JsonNode getDatabases(ObjectNode input) throws AwsError {
        int limit = limit(input, NAMES_PAGE);
        List<ObjectNode> found = catalogue.databases(token(input), limit + 1);
        return page("DatabaseList", found, limit, "Name");
    }

    private JsonNode createTable(ObjectNode input) throws AwsError {
        ObjectNode wanted = tableInput(input);
        if (!catalogue.createTable(name(input, "DatabaseName"), wanted)) {
            throw new AwsError(400, "AlreadyExistsException", "Table already exists.");
        }
        return JSON.createObjectNode();
    }

    private JsonNode updateTable(ObjectNode input) throws AwsError {
        JsonNode version = input.path("VersionId");
        if (!catalogue.updateTable(
                name(input, "DatabaseName"),
                tableInput(input),
                version.isTextual() ? version.asText() : null)) {
            throw new AwsError(
                    400,
                    "ConcurrentModificationException",
                    "Update table failed due to concurrent modifications.");
        }
        return JSON.createObjectNode();
    }

    private static ObjectNode tableInput(ObjectNode input) throws AwsError {
        if (input.has("OpenTableFormatInput")) {
            throw new AwsError(
                    400,
                    "InvalidInputException",
                    "OpenTableFormatInput is not supported in the local workspace");
        }
        ObjectNode wanted = object(input, "TableInput");
        name(wanted, "Name");
        return wanted;
    }

    private JsonNode deleteTable(ObjectNode input) throws AwsError {
        catalogue.dropTable(name(input, "DatabaseName"), name(input, "Name"));
        return JSON.createObjectNode();
    }

    private JsonNode getTable(ObjectNode input) throws AwsError {
        return wrap("Table", catalogue.table(name(input, "DatabaseName"), name(input, "Name")));
    }

    private JsonNode getTables(ObjectNode input) throws AwsError {
        String database = name(input, "DatabaseName");
        catalogue.database(database);
        int limit = limit(input, NAMES_PAGE);
        Predicate<String> wanted = names(input.path("Expression").asText(""));
        List<ObjectNode> found =
                catalogue.tables(database, token(input), Integer.MAX_VALUE).stream()
                        .filter(table -> wanted.test(table.path("Name").asText()))
                        .limit(limit + 1L)
                        .toList();
        return page("TableList", found, limit, "Name");
    }

    private static Predicate<String> names(String expression) throws AwsError {
        if (expression.isEmpty()) {
            return name -> true;
        }
        try {
            return Pattern.compile(expression.toLowerCase(Locale.ROOT)).asMatchPredicate();
        } catch (PatternSyntaxException e) {
            throw new AwsError(
                    400, "InvalidInputException", "Expression is not a pattern: " + expression);
        }
    }

    private JsonNode createPartition(ObjectNode input) throws AwsError {
        if (!catalogue.createPartition(tableOf(input), object(input, "PartitionInput"))) {
            throw new AwsError(400, "AlreadyExistsException", "Partition already exists.");
        }
        return JSON.createObjectNode();
    }

    private JsonNode batchCreatePartition(ObjectNode input) throws AwsError {
        ObjectNode table = tableOf(input);
        Errors errors = new Errors("PartitionValues");
        for (JsonNode wanted : input.path("PartitionInputList")) {
            if (!catalogue.createPartition(table, (ObjectNode) wanted)) {
                errors.add(
                        wanted.path("Values"),
                        "AlreadyExistsException",
                        "Partition already exists.");
            }
        }
        return errors.reply();
    }

    private JsonNode updatePartition(ObjectNode input) throws AwsError {
        if (!catalogue.updatePartition(
                tableOf(input),
                input.path("PartitionValueList"),
                object(input, "PartitionInput"))) {
            throw noPartition();
        }
        return JSON.createObjectNode();
    }

    private JsonNode batchUpdatePartition(ObjectNode input) throws AwsError {
        ObjectNode table = tableOf(input);
        Errors errors = new Errors("PartitionValueList");
        for (JsonNode entry : input.path("Entries")) {
            JsonNode values = entry.path("PartitionValueList");
            if (!catalogue.updatePartition(
                    table, values, object((ObjectNode) entry, "PartitionInput"))) {
                errors.add(values, "EntityNotFoundException", "Partition not found.");
            }
        }
        return errors.reply();
    }

    private JsonNode deletePartition(ObjectNode input) throws AwsError {
        if (!catalogue.dropPartition(tableOf(input), input.path("PartitionValues"))) {
            throw noPartition();
        }
        return JSON.createObjectNode();
    }

    private JsonNode batchDeletePartition(ObjectNode input) throws AwsError {
        ObjectNode table = tableOf(input);
        Errors errors = new Errors("PartitionValues");
        for (JsonNode wanted : input.path("PartitionsToDelete")) {
            if (!catalogue.dropPartition(table, wanted.path("Values"))) {
                errors.add(
                        wanted.path("Values"), "EntityNotFoundException", "Partition not found.");
            }
        }
        return errors.reply();
    }

    private JsonNode getPartition(ObjectNode input) throws AwsError {
        ObjectNode found = catalogue.partition(tableOf(input), input.path("PartitionValues"));
        if (found == null) {
            throw noPartition();
        }
        return wrap("Partition", found);
    }

    private JsonNode batchGetPartition(ObjectNode input) throws AwsError {
        ObjectNode table = tableOf(input);
        ObjectNode reply = JSON.createObjectNode();
        ArrayNode partitions = reply.putArray("Partitions");
        reply.putArray("UnprocessedKeys");
        for (JsonNode wanted : input.path("PartitionsToGet")) {
            ObjectNode found = catalogue.partition(table, wanted.path("Values"));
            if (found != null) {
                partitions.add(found);
            }
        }
        return reply;
    }

    private JsonNode getPartitions(ObjectNode input) throws AwsError {
        ObjectNode table = tableOf(input);
        Map<String, String> types = new HashMap<>();
        table.path("PartitionKeys")
                .forEach(
                        key ->
                                types.put(
                                        Catalogue.lower(key.path("Name").asText()),
                                        key.path("Type").asText("string")));
        Predicate<Map<String, String>> filter =
                PartitionFilter.parse(input.path("Expression").asText(""), types);
        int segments = Math.max(1, input.path("Segment").path("TotalSegments").asInt(1));
        int segment = input.path("Segment").path("SegmentNumber").asInt(0);
        int limit = limit(input, PARTITIONS_PAGE);
        List<ObjectNode> found =
                catalogue.partitions(
                        table,
                        token(input),
                        limit + 1,
                        (values, partition) ->
                                Math.floorMod(values.hashCode(), segments) == segment
                                        && filter.test(values(table, partition)));
        if (input.path("ExcludeColumnSchema").asBoolean()) {
            for (ObjectNode partition : found) {
                if (partition.path("StorageDescriptor") instanceof ObjectNode storage) {
                    storage.remove("Columns");
                }
            }
        }
        return page("Partitions", found, limit, "Values");
    }

    private static Map<String, String> values(ObjectNode table, ObjectNode partition) {
        Map<String, String> values = new HashMap<>();
        int at = 0;
        for (JsonNode key : table.path("PartitionKeys")) {
            values.put(
                    Catalogue.lower(key.path("Name").asText()),
                    partition.path("Values").path(at++).asText());
        }
        return values;
    }

    private static JsonNode noStatistics(ObjectNode input) {
        ObjectNode reply = JSON.createObjectNode();
        reply.putArray("ColumnStatisticsList");
        reply.putArray("Errors");
        return reply;
    }

    /** As they are none, they are gone. */
    private static JsonNode deleteNoStatistics(ObjectNode input) {
        return JSON.createObjectNode();
    }

    private static JsonNode noFunctions(ObjectNode input) {
        ObjectNode reply = JSON.createObjectNode();
        reply.putArray("UserDefinedFunctions");
        return reply;
    }

    private ObjectNode tableOf(ObjectNode input) throws AwsError {
        return catalogue.table(name(input, "DatabaseName"), name(input, "TableName"));
    }

    private static AwsError noPartition() {
        return new AwsError(400, "EntityNotFoundException", "Partition not found.");
    }

    /** The errors of a batch, by partition. */
    private static final class Errors {
        private final ObjectNode reply = JSON.createObjectNode();
        private final ArrayNode errors = reply.putArray("Errors");
        private final String valuesName;

        Errors(String valuesName) {
            this.valuesName = valuesName;
        }

        void add(JsonNode values, String code, String message) {
            ObjectNode error = errors.addObject();
            error.set(valuesName, values);
            error.putObject("ErrorDetail").put("ErrorCode", code).put("ErrorMessage", message);
        }

        JsonNode reply() {
            return reply;
        }
    }

    private static ObjectNode wrap(String name, ObjectNode value) {
        ObjectNode reply = JSON.createObjectNode();
        reply.set(name, value);
        return reply;
    }

    /** One page, with a token if more was found than the page holds. */
    private static ObjectNode page(
            String listName, List<ObjectNode> found, int limit, String keyName) {
        ObjectNode reply = JSON.createObjectNode();
        List<ObjectNode> shown = found.subList(0, Math.min(limit, found.size()));
        reply.putArray(listName).addAll(shown);
        if (found.size() > limit) {
            JsonNode key = shown.getLast().path(keyName);
            byte[] last =
                    (key.isTextual() ? key.asText() : key.toString())
                            .getBytes(StandardCharsets.UTF_8);
            reply.put("NextToken", Base64.getEncoder().encodeToString(last));
        }
        return reply;
    }

    private static String token(ObjectNode input) throws AwsError {
        String token = input.path("NextToken").asText("");
        try {
            return new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new AwsError(400, "InvalidInputException", "NextToken is not one of ours");
        }
    }

    private static int limit(ObjectNode input, int most) throws AwsError {
        int wanted = input.path("MaxResults").asInt(most);
        if (wanted < 1) {
            throw new AwsError(400, "InvalidInputException", "MaxResults must be 1 or more");
        }
        return Math.min(wanted, most);
    }

    private static String name(ObjectNode input, String field) throws AwsError {
        String name = input.path(field).asText("");
        if (name.isBlank()) {
            throw new AwsError(
                    400,
                    "InvalidInputException",
                    "1 validation error detected: Value null at '"
                            + field
                            + "' failed to satisfy constraint: Member must not be null");
        }
        return name;
    }

    private static ObjectNode object(ObjectNode input, String field) throws AwsError {
        if (input.path(field) instanceof ObjectNode object) {
            return object;
        }
        throw new AwsError(400, "InvalidInputException", field + " is missing");
    }
}
