package io.amcinsights.local.athena;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.athena.Query.ResultColumn;
import io.amcinsights.local.athena.Query.State;
import io.amcinsights.local.athena.Query.Statistics;
import io.amcinsights.local.glue.Catalogue;
import io.amcinsights.local.http.AwsError;
import io.amcinsights.local.http.JsonService;
import io.amcinsights.local.s3.ObjectStore;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Athena's API by its JSON protocol. Data catalogues are one: the workspace's own. */
public final class AthenaService extends JsonService {

    private static final String CATALOG = "AwsDataCatalog";
    private static final String ENGINE_VERSION = "Athena engine version 3";

    /** Limits of the Athena API reference. */
    private static final int MOST_ROWS = 1_000;

    private static final int PAGE = 50;
    private static final int LONGEST_QUERY = 262_144;

    /** Of a result that is reused, in minutes. */
    private static final int DEFAULT_AGE = 60;

    private static final int OLDEST = 10_080;

    private final Queries queries;
    private final SavedQueries saved;
    private final WorkGroups workGroups;
    private final Catalogue catalogue;
    private final ObjectStore objects;
    private final String account;
    private final Map<String, Operation> operations;

    /**
     * @param account is the catalogue's id
     */
    public AthenaService(
            Queries queries,
            SavedQueries saved,
            WorkGroups workGroups,
            Catalogue catalogue,
            ObjectStore objects,
            String account) {
        super("athena", "1.1");
        this.queries = queries;
        this.saved = saved;
        this.workGroups = workGroups;
        this.catalogue = catalogue;
        this.objects = objects;
        this.account = account;
        this.operations =
                Map.ofEntries(
                        Map.entry("StartQueryExecution", this::startQueryExecution),
                        Map.entry("StopQueryExecution", this::stopQueryExecution),
                        Map.entry("GetQueryExecution", this::getQueryExecution),
                        Map.entry("BatchGetQueryExecution", this::batchGetQueryExecution),
                        Map.entry("ListQueryExecutions", this::listQueryExecutions),
                        Map.entry("GetQueryResults", this::getQueryResults),
                        Map.entry("GetQueryRuntimeStatistics", this::getQueryRuntimeStatistics),
                        Map.entry("GetWorkGroup", this::getWorkGroup),
                        Map.entry("ListWorkGroups", this::listWorkGroups),
                        Map.entry("GetDataCatalog", this::getDataCatalog),
                        Map.entry("ListDataCatalogs", this::listDataCatalogs),
                        Map.entry("GetDatabase", this::getDatabase),
                        Map.entry("ListDatabases", this::listDatabases),
                        Map.entry("GetTableMetadata", this::getTableMetadata),
                        Map.entry("ListTableMetadata", this::listTableMetadata),
                        Map.entry("CreateNamedQuery", this::createNamedQuery),
                        Map.entry("GetNamedQuery", this::getNamedQuery),
                        Map.entry("BatchGetNamedQuery", this::batchGetNamedQuery),
                        Map.entry("ListNamedQueries", this::listNamedQueries),
                        Map.entry("UpdateNamedQuery", this::updateNamedQuery),
                        Map.entry("DeleteNamedQuery", this::deleteNamedQuery),
                        Map.entry("CreatePreparedStatement", this::createPreparedStatement),
                        Map.entry("GetPreparedStatement", this::getPreparedStatement),
                        Map.entry("BatchGetPreparedStatement", this::batchGetPreparedStatement),
                        Map.entry("ListPreparedStatements", this::listPreparedStatements),
                        Map.entry("UpdatePreparedStatement", this::updatePreparedStatement),
                        Map.entry("DeletePreparedStatement", this::deletePreparedStatement));
    }

    @Override
    protected Map<String, Operation> operations() {
        return operations;
    }

    // Queries

    private JsonNode startQueryExecution(ObjectNode input) throws AwsError {
        String sql = text(input, "QueryString");
        if (sql.length() > LONGEST_QUERY) {
            throw Queries.invalid("QueryString is longer than " + LONGEST_QUERY + " characters");
        }
        JsonNode context = input.path("QueryExecutionContext");
        String catalog = context.path("Catalog").asText(null);
        if (catalog != null) {
            checkCatalog(catalog);
        }
        WorkGroup group = workGroup(input);
        List<String> parameters = new ArrayList<>();
        input.path("ExecutionParameters").forEach(p -> parameters.add(p.asText()));
        String id =
                queries.start(
                        new Queries.Request(
                                sql,
                                group,
                                catalog,
                                context.path("Database").asText(null),
                                parameters,
                                resultFolder(input, group),
                                reuseWithin(input),
                                input.path("ClientRequestToken").asText(null)));
        return JSON.createObjectNode().put("QueryExecutionId", id);
    }

    /** Minutes that an earlier result may be old; null where none is wanted. */
    private static @Nullable Integer reuseWithin(ObjectNode input) throws AwsError {
        JsonNode byAge = input.at("/ResultReuseConfiguration/ResultReuseByAgeConfiguration");
        if (!byAge.path("Enabled").asBoolean()) {
            return null;
        }
        int minutes = byAge.path("MaxAgeInMinutes").asInt(DEFAULT_AGE);
        if (minutes < 0 || minutes > OLDEST) {
            throw Queries.invalid("MaxAgeInMinutes is from 0 to " + OLDEST);
        }
        return minutes;
    }

    private String resultFolder(ObjectNode input, WorkGroup group) throws AwsError {
        String wanted = input.at("/ResultConfiguration/OutputLocation").asText("");
        String known = group.resultLocation();
        String folder =
                known != null && (group.isEnforced() || wanted.isEmpty())
                        ? known
                        : WorkGroup.folder(wanted);
        if (folder.equals("/")) {
            throw Queries.invalid(
                    "No output location provided. An output location is required either through the"
                            + " Workgroup result configuration setting or as an API input.");
        }
        try {
            String bucket = Place.of(folder).bucket();
            if (!objects.hasBucket(bucket)) {
                throw Queries.invalid("Unable to verify/create output bucket " + bucket);
            }
        } catch (IllegalArgumentException e) {
            throw Queries.invalid("outputLocation is not a valid S3 path.");
        }
        return folder;
    }

    private JsonNode stopQueryExecution(ObjectNode input) throws AwsError {
        queries.stop(query(input).id());
        return JSON.createObjectNode();
    }

    private JsonNode getQueryExecution(ObjectNode input) throws AwsError {
        ObjectNode reply = JSON.createObjectNode();
        reply.set("QueryExecution", json(query(input)));
        return reply;
    }

    private JsonNode batchGetQueryExecution(ObjectNode input) throws AwsError {
        ObjectNode reply = JSON.createObjectNode();
        ArrayNode found = reply.putArray("QueryExecutions");
        ArrayNode missing = reply.putArray("UnprocessedQueryExecutionIds");
        for (String id : ids(input, "QueryExecutionIds")) {
            Query query = queries.find(id);
            if (query != null) {
                found.add(json(query));
            } else {
                missing.addObject()
                        .put("QueryExecutionId", id)
                        .put("ErrorCode", "INVALID_QUERY_EXECUTION_ID")
                        .put("ErrorMessage", notFound(id));
            }
        }
        return reply;
    }

    private JsonNode listQueryExecutions(ObjectNode input) throws AwsError {
        int most = most(input, PAGE);
        String token = token(input);
        long before;
        try {
            before = token.isEmpty() ? Long.MAX_VALUE : Long.parseLong(token);
        } catch (NumberFormatException e) {
            throw foreignToken();
        }
        List<QueryStore.Placed> page = queries.list(workGroup(input).name(), before, most + 1);
        ObjectNode reply = JSON.createObjectNode();
        ArrayNode ids = reply.putArray("QueryExecutionIds");
        page.stream().limit(most).forEach(placed -> ids.add(placed.id()));
        if (page.size() > most) {
            putToken(reply, Long.toString(page.get(most - 1).place()));
        }
        return reply;
    }

    private ObjectNode json(Query query) {
        ObjectNode json = JSON.createObjectNode();
        json.put("QueryExecutionId", query.id());
        json.put("Query", query.sql());
        json.put("StatementType", query.type().name());
        json.put("SubstatementType", query.substatement());
        ObjectNode result = json.putObject("ResultConfiguration");
        result.put("OutputLocation", query.output());
        WorkGroup group = workGroups.find(query.workGroup());
        if (group != null && group.configuration().at("/ResultConfiguration").isObject()) {
            JsonNode encryption =
                    group.configuration().at("/ResultConfiguration/EncryptionConfiguration");
            if (encryption.isObject()) {
                result.set("EncryptionConfiguration", encryption);
            }
        }
        ObjectNode byAge =
                json.putObject("ResultReuseConfiguration")
                        .putObject("ResultReuseByAgeConfiguration")
                        .put("Enabled", query.reuseWithin() != null);
        if (query.reuseWithin() != null) {
            byAge.put("MaxAgeInMinutes", query.reuseWithin());
        }
        ObjectNode context = json.putObject("QueryExecutionContext");
        if (query.database() != null) {
            context.put("Database", query.database());
        }
        if (query.catalog() != null) {
            context.put("Catalog", query.catalog().toLowerCase(Locale.ROOT));
        }
        json.set("Status", status(query));
        json.set("Statistics", statistics(query));
        json.put("WorkGroup", query.workGroup());
        engineVersion(json);
        if (!query.parameters().isEmpty()) {
            ArrayNode parameters = json.putArray("ExecutionParameters");
            query.parameters().forEach(parameters::add);
        }
        return json;
    }

    private static ObjectNode status(Query query) {
        ObjectNode status = JSON.createObjectNode();
        status.put("State", query.state().name());
        if (query.reason() != null) {
            status.put("StateChangeReason", query.reason());
        }
        time(status, "SubmissionDateTime", query.submitted());
        if (query.ended() != null) {
            time(status, "CompletionDateTime", query.ended());
        }
        if (query.failure() != null) {
            status.putObject("AthenaError")
                    .put("ErrorCategory", query.failure().category())
                    .put("Retryable", query.failure().retryable())
                    .put("ErrorMessage", query.reason());
        }
        return status;
    }

    private static ObjectNode statistics(Query query) {
        Statistics spent = query.statistics();
        ObjectNode json = JSON.createObjectNode();
        json.put("EngineExecutionTimeInMillis", spent.engine());
        json.put("DataScannedInBytes", spent.scanned());
        if (query.state() == State.SUCCEEDED && query.writesFiles()) {
            json.put("DataManifestLocation", query.manifest());
        }
        json.put("TotalExecutionTimeInMillis", spent.queued() + spent.engine());
        json.put("QueryQueueTimeInMillis", spent.queued());
        json.put("QueryPlanningTimeInMillis", spent.planning());
        json.put("ServicePreProcessingTimeInMillis", 0);
        json.put("ServiceProcessingTimeInMillis", 0);
        json.putObject("ResultReuseInformation").put("ReusedPreviousResult", query.reused());
        return json;
    }

    private JsonNode getQueryRuntimeStatistics(ObjectNode input) throws AwsError {
        Query query = query(input);
        Statistics spent = query.statistics();
        ObjectNode reply = JSON.createObjectNode();
        ObjectNode statistics = reply.putObject("QueryRuntimeStatistics");
        statistics
                .putObject("Timeline")
                .put("QueryQueueTimeInMillis", spent.queued())
                .put("QueryPlanningTimeInMillis", spent.planning())
                .put("EngineExecutionTimeInMillis", spent.engine())
                .put("ServiceProcessingTimeInMillis", 0)
                .put("TotalExecutionTimeInMillis", spent.queued() + spent.engine());
        statistics
                .putObject("Rows")
                .put("InputRows", spent.inputRows())
                .put("InputBytes", spent.scanned())
                .put("OutputRows", spent.outputRows());
        return reply;
    }

    private JsonNode getQueryResults(ObjectNode input) throws AwsError, IOException {
        Query query = query(input);
        if (query.state() != State.SUCCEEDED) {
            throw Queries.invalid(
                    query.state().ended()
                            ? "Query did not finish successfully. Final query state: "
                                    + query.state()
                            : "Query has not yet finished. Current state: " + query.state());
        }
        if (input.path("QueryResultType").asText("DATA_ROWS").equals("DATA_MANIFEST")) {
            throw Queries.invalid(
                    "The local workspace gives no rows of a data manifest: read the object at"
                            + " DataManifestLocation");
        }
        int most = most(input, MOST_ROWS);
        String token = token(input);
        ObjectNode reply = JSON.createObjectNode();
        reply.put("UpdateCount", query.updated() == null ? 0 : query.updated());
        ObjectNode set = reply.putObject("ResultSet");
        ArrayNode rows = set.putArray("Rows");
        metadata(set.putObject("ResultSetMetadata").putArray("ColumnInfo"), query.columns());
        if (!query.output().endsWith(".csv") && !query.output().endsWith(".txt")) {
            return reply;
        }
        try (ResultReader reader = reader(query, token)) {
            List<@Nullable String> row = null;
            while (rows.size() < most && (row = reader.next()) != null) {
                ArrayNode data = rows.addObject().putArray("Data");
                for (String value : row) {
                    ObjectNode datum = data.addObject();
                    if (value != null) {
                        datum.put("VarCharValue", value);
                    }
                }
            }
            long position = reader.position();
            if (row != null && reader.next() != null) {
                putToken(reply, Long.toString(position));
            }
        }
        return reply;
    }

    private ResultReader reader(Query query, String token) throws AwsError, IOException {
        long offset;
        try {
            offset = token.isEmpty() ? 0 : Long.parseLong(token);
        } catch (NumberFormatException e) {
            throw foreignToken();
        }
        Place place = Place.of(query.output());
        ObjectStore.Opened opened = objects.open(place.bucket(), place.key(), offset);
        if (opened == null) {
            throw Queries.invalid(
                    "Could not find results: %s is not there any more. Run the query again."
                            .formatted(query.output()));
        }
        return new ResultReader(opened.bytes(), offset, query.hasHeader());
    }

    private static void metadata(ArrayNode info, List<ResultColumn> columns) {
        for (ResultColumn column : columns) {
            info.addObject()
                    .put("CatalogName", "hive")
                    .put("SchemaName", "")
                    .put("TableName", "")
                    .put("Name", column.name())
                    .put("Label", column.name())
                    .put("Type", column.type())
                    .put("Precision", column.precision())
                    .put("Scale", column.scale())
                    .put("Nullable", "UNKNOWN")
                    .put("CaseSensitive", column.caseSensitive());
        }
    }

    private Query query(ObjectNode input) throws AwsError {
        String id = text(input, "QueryExecutionId");
        Query query = queries.find(id);
        if (query == null) {
            throw Queries.invalid(notFound(id));
        }
        return query;
    }

    private static String notFound(String id) {
        return "QueryExecution " + id + " was not found";
    }

    // Work groups and the data catalogue

    private WorkGroup workGroup(ObjectNode input) throws AwsError {
        String name = input.path("WorkGroup").asText(WorkGroup.PRIMARY);
        WorkGroup group = workGroups.find(name);
        if (group == null) {
            throw Queries.invalid("WorkGroup " + name + " is not found.");
        }
        return group;
    }

    private JsonNode getWorkGroup(ObjectNode input) throws AwsError {
        text(input, "WorkGroup");
        WorkGroup group = workGroup(input);
        ObjectNode reply = JSON.createObjectNode();
        ObjectNode json = summary(group, reply.putObject("WorkGroup"));
        json.remove("EngineVersion");
        ObjectNode configuration = group.configuration().deepCopy();
        engineVersion(configuration);
        json.set("Configuration", configuration);
        return reply;
    }

    private JsonNode listWorkGroups(ObjectNode input) throws AwsError {
        int most = most(input, PAGE);
        List<WorkGroup> page = workGroups.list(token(input), most + 1);
        ObjectNode reply = JSON.createObjectNode();
        ArrayNode list = reply.putArray("WorkGroups");
        page.stream().limit(most).forEach(group -> summary(group, list.addObject()));
        if (page.size() > most) {
            putToken(reply, page.get(most - 1).name());
        }
        return reply;
    }

    private static ObjectNode summary(WorkGroup group, ObjectNode json) {
        json.put("Name", group.name());
        json.put("State", "ENABLED");
        json.put("Description", group.description());
        time(json, "CreationTime", group.created().toEpochMilli());
        engineVersion(json);
        return json;
    }

    private static void engineVersion(ObjectNode json) {
        json.putObject("EngineVersion")
                .put("SelectedEngineVersion", ENGINE_VERSION)
                .put("EffectiveEngineVersion", ENGINE_VERSION);
    }

    private JsonNode getDataCatalog(ObjectNode input) throws AwsError {
        checkCatalog(text(input, "Name"));
        ObjectNode reply = JSON.createObjectNode();
        reply.putObject("DataCatalog")
                .put("Name", CATALOG)
                .put("Type", "GLUE")
                .putObject("Parameters")
                .put("catalog-id", account);
        return reply;
    }

    private JsonNode listDataCatalogs(ObjectNode input) {
        ObjectNode reply = JSON.createObjectNode();
        reply.putArray("DataCatalogsSummary")
                .addObject()
                .put("CatalogName", CATALOG)
                .put("Type", "GLUE");
        return reply;
    }

    private JsonNode getDatabase(ObjectNode input) throws AwsError {
        checkCatalog(text(input, "CatalogName"));
        ObjectNode reply = JSON.createObjectNode();
        reply.set(
                "Database",
                database(metadata(() -> catalogue.database(text(input, "DatabaseName")))));
        return reply;
    }

    private JsonNode listDatabases(ObjectNode input) throws AwsError {
        checkCatalog(text(input, "CatalogName"));
        int most = most(input, PAGE);
        List<ObjectNode> page = catalogue.databases(token(input), most + 1);
        ObjectNode reply = JSON.createObjectNode();
        ArrayNode list = reply.putArray("DatabaseList");
        page.stream().limit(most).forEach(database -> list.add(database(database)));
        if (page.size() > most) {
            putToken(reply, page.get(most - 1).path("Name").asText());
        }
        return reply;
    }

    private static ObjectNode database(ObjectNode kept) {
        ObjectNode database = JSON.createObjectNode();
        database.set("Name", kept.path("Name"));
        copy(kept, "Description", database);
        copy(kept, "Parameters", database);
        return database;
    }

    private JsonNode getTableMetadata(ObjectNode input) throws AwsError {
        checkCatalog(text(input, "CatalogName"));
        ObjectNode reply = JSON.createObjectNode();
        reply.set(
                "TableMetadata",
                table(
                        metadata(
                                () ->
                                        catalogue.table(
                                                text(input, "DatabaseName"),
                                                text(input, "TableName")))));
        return reply;
    }

    private JsonNode listTableMetadata(ObjectNode input) throws AwsError {
        checkCatalog(text(input, "CatalogName"));
        String database =
                metadata(() -> catalogue.database(text(input, "DatabaseName")))
                        .path("Name")
                        .asText();
        int most = most(input, PAGE);
        Predicate<String> wanted = names(input.path("Expression").asText(""));
        List<ObjectNode> page =
                catalogue.tables(database, token(input), Integer.MAX_VALUE).stream()
                        .filter(table -> wanted.test(table.path("Name").asText()))
                        .limit(most + 1L)
                        .toList();
        ObjectNode reply = JSON.createObjectNode();
        ArrayNode list = reply.putArray("TableMetadataList");
        page.stream().limit(most).forEach(table -> list.add(table(table)));
        if (page.size() > most) {
            putToken(reply, page.get(most - 1).path("Name").asText());
        }
        return reply;
    }

    private static Predicate<String> names(String expression) throws AwsError {
        try {
            return expression.isEmpty()
                    ? name -> true
                    : Pattern.compile(expression, Pattern.CASE_INSENSITIVE).asMatchPredicate();
        } catch (PatternSyntaxException e) {
            throw Queries.invalid("Expression is not a pattern: " + expression);
        }
    }

    /** Athena tells the storage as parameters of the table. */
    private static ObjectNode table(ObjectNode kept) {
        ObjectNode table = JSON.createObjectNode();
        table.set("Name", kept.path("Name"));
        copy(kept, "CreateTime", table);
        copy(kept, "TableType", table);
        table.set("Columns", columns(kept.at("/StorageDescriptor/Columns")));
        table.set("PartitionKeys", columns(kept.path("PartitionKeys")));
        ObjectNode parameters = table.putObject("Parameters");
        kept.path("Parameters").properties().forEach(p -> parameters.set(p.getKey(), p.getValue()));
        JsonNode storage = kept.path("StorageDescriptor");
        parameter(parameters, "location", storage.path("Location"));
        parameter(parameters, "inputformat", storage.path("InputFormat"));
        parameter(parameters, "outputformat", storage.path("OutputFormat"));
        JsonNode serde = storage.path("SerdeInfo");
        parameter(parameters, "serde.serialization.lib", serde.path("SerializationLibrary"));
        serde.path("Parameters")
                .properties()
                .forEach(p -> parameters.set("serde.param." + p.getKey(), p.getValue()));
        return table;
    }

    private static void parameter(ObjectNode parameters, String name, JsonNode value) {
        if (value.isTextual()) {
            parameters.set(name, value);
        }
    }

    private static ArrayNode columns(JsonNode kept) {
        ArrayNode columns = JSON.createArrayNode();
        for (JsonNode column : kept) {
            ObjectNode json = columns.addObject();
            json.set("Name", column.path("Name"));
            json.set("Type", column.path("Type"));
            if (column.path("Comment").isTextual()) {
                json.set("Comment", column.path("Comment"));
            }
        }
        return columns;
    }

    /** Something asked of the catalogue. */
    @FunctionalInterface
    private interface Lookup {
        ObjectNode run() throws AwsError;
    }

    /** Athena passes Glue's errors on as its own. */
    private static ObjectNode metadata(Lookup lookup) throws AwsError {
        try {
            return lookup.run();
        } catch (AwsError e) {
            if (e.code().equals("EntityNotFoundException")) {
                throw new AwsError(400, "MetadataException", e.getMessage());
            }
            throw e;
        }
    }

    private static void checkCatalog(String name) throws AwsError {
        if (!name.equalsIgnoreCase(CATALOG)) {
            throw Queries.invalid(
                    "Data catalog %s is not there: the local workspace has %s only"
                            .formatted(name, CATALOG));
        }
    }

    // Named queries

    private JsonNode createNamedQuery(ObjectNode input) throws AwsError {
        String id =
                saved.add(
                        new SavedQueries.Named(
                                "",
                                workGroup(input).name(),
                                text(input, "Name"),
                                input.path("Description").asText(""),
                                text(input, "Database"),
                                text(input, "QueryString")),
                        input.path("ClientRequestToken").asText(null));
        return JSON.createObjectNode().put("NamedQueryId", id);
    }

    private JsonNode getNamedQuery(ObjectNode input) throws AwsError {
        String id = text(input, "NamedQueryId");
        SavedQueries.Named query = saved.named(id);
        if (query == null) {
            throw noNamedQuery(id);
        }
        ObjectNode reply = JSON.createObjectNode();
        reply.set("NamedQuery", json(query));
        return reply;
    }

    private JsonNode batchGetNamedQuery(ObjectNode input) throws AwsError {
        ObjectNode reply = JSON.createObjectNode();
        ArrayNode found = reply.putArray("NamedQueries");
        ArrayNode missing = reply.putArray("UnprocessedNamedQueryIds");
        for (String id : ids(input, "NamedQueryIds")) {
            SavedQueries.Named query = saved.named(id);
            if (query != null) {
                found.add(json(query));
            } else {
                missing.addObject()
                        .put("NamedQueryId", id)
                        .put("ErrorCode", "INVALID_NAMED_QUERY_ID")
                        .put("ErrorMessage", noNamedQuery(id).getMessage());
            }
        }
        return reply;
    }

    private JsonNode listNamedQueries(ObjectNode input) throws AwsError {
        int most = most(input, PAGE);
        List<String> page = saved.named(workGroup(input).name(), token(input), most + 1);
        ObjectNode reply = JSON.createObjectNode();
        ArrayNode ids = reply.putArray("NamedQueryIds");
        page.stream().limit(most).forEach(ids::add);
        if (page.size() > most) {
            putToken(reply, page.get(most - 1));
        }
        return reply;
    }

    private JsonNode updateNamedQuery(ObjectNode input) throws AwsError {
        String id = text(input, "NamedQueryId");
        if (!saved.update(
                id,
                text(input, "Name"),
                input.path("Description").asText(""),
                text(input, "QueryString"))) {
            throw noNamedQuery(id);
        }
        return JSON.createObjectNode();
    }

    private JsonNode deleteNamedQuery(ObjectNode input) throws AwsError {
        String id = text(input, "NamedQueryId");
        if (!saved.delete(id)) {
            throw noNamedQuery(id);
        }
        return JSON.createObjectNode();
    }

    private static ObjectNode json(SavedQueries.Named query) {
        return JSON.createObjectNode()
                .put("NamedQueryId", query.id())
                .put("WorkGroup", query.workGroup())
                .put("Name", query.name())
                .put("Description", query.description())
                .put("Database", query.database())
                .put("QueryString", query.sql());
    }

    private static AwsError noNamedQuery(String id) {
        return Queries.invalid("NamedQuery " + id + " was not found");
    }

    // Prepared statements

    private JsonNode createPreparedStatement(ObjectNode input) throws AwsError {
        String name = text(input, "StatementName");
        if (!saved.create(
                workGroup(input).name(),
                name,
                input.path("Description").asText(""),
                text(input, "QueryStatement"))) {
            throw Queries.invalid(
                    "PreparedStatement %s already exists in workGroup %s"
                            .formatted(name, workGroup(input).name()));
        }
        return JSON.createObjectNode();
    }

    private JsonNode getPreparedStatement(ObjectNode input) throws AwsError {
        String name = text(input, "StatementName");
        SavedQueries.Prepared statement = saved.find(workGroup(input).name(), name);
        if (statement == null) {
            throw noStatement(name);
        }
        ObjectNode reply = JSON.createObjectNode();
        reply.set("PreparedStatement", json(statement));
        return reply;
    }

    private JsonNode batchGetPreparedStatement(ObjectNode input) throws AwsError {
        String group = workGroup(input).name();
        ObjectNode reply = JSON.createObjectNode();
        ArrayNode found = reply.putArray("PreparedStatements");
        ArrayNode missing = reply.putArray("UnprocessedPreparedStatementNames");
        for (String name : ids(input, "PreparedStatementNames")) {
            SavedQueries.Prepared statement = saved.find(group, name);
            if (statement != null) {
                found.add(json(statement));
            } else {
                missing.addObject()
                        .put("StatementName", name)
                        .put("ErrorCode", "STATEMENT_NOT_FOUND")
                        .put("ErrorMessage", noStatement(name).getMessage());
            }
        }
        return reply;
    }

    private JsonNode listPreparedStatements(ObjectNode input) throws AwsError {
        int most = most(input, PAGE);
        List<SavedQueries.Prepared> page =
                saved.prepared(workGroup(input).name(), token(input), most + 1);
        ObjectNode reply = JSON.createObjectNode();
        ArrayNode list = reply.putArray("PreparedStatements");
        for (SavedQueries.Prepared statement : page.subList(0, Math.min(most, page.size()))) {
            ObjectNode json = list.addObject().put("StatementName", statement.name());
            time(json, "LastModifiedTime", statement.modified());
        }
        if (page.size() > most) {
            putToken(reply, page.get(most - 1).name());
        }
        return reply;
    }

    private JsonNode updatePreparedStatement(ObjectNode input) throws AwsError {
        String name = text(input, "StatementName");
        if (!saved.change(
                workGroup(input).name(),
                name,
                input.path("Description").asText(""),
                text(input, "QueryStatement"))) {
            throw noStatement(name);
        }
        return JSON.createObjectNode();
    }

    private JsonNode deletePreparedStatement(ObjectNode input) throws AwsError {
        String name = text(input, "StatementName");
        if (!saved.deletePrepared(workGroup(input).name(), name)) {
            throw noStatement(name);
        }
        return JSON.createObjectNode();
    }

    private static ObjectNode json(SavedQueries.Prepared statement) {
        ObjectNode json =
                JSON.createObjectNode()
                        .put("StatementName", statement.name())
                        .put("WorkGroupName", statement.workGroup())
                        .put("Description", statement.description())
                        .put("QueryStatement", statement.sql());
        time(json, "LastModifiedTime", statement.modified());
        return json;
    }

    private static AwsError noStatement(String name) {
        return new AwsError(
                400, "ResourceNotFoundException", "PreparedStatement " + name + " was not found");
    }

    // What all of them need

    private static String text(ObjectNode input, String field) throws AwsError {
        String text = input.path(field).asText("");
        if (text.isEmpty()) {
            throw Queries.invalid(field + " is missing");
        }
        return text;
    }

    private static List<String> ids(ObjectNode input, String field) throws AwsError {
        List<String> ids = new ArrayList<>();
        input.path(field).forEach(id -> ids.add(id.asText()));
        if (ids.isEmpty() || ids.size() > PAGE) {
            throw Queries.invalid(field + " takes 1 to " + PAGE + " values");
        }
        return ids;
    }

    private static int most(ObjectNode input, int limit) throws AwsError {
        int most = input.path("MaxResults").asInt(limit);
        if (most < 0 || most > limit) {
            throw Queries.invalid("MaxResults must be at most " + limit);
        }
        return most == 0 ? limit : most;
    }

    private static void putToken(ObjectNode reply, String position) {
        reply.put(
                "NextToken",
                Base64.getUrlEncoder().encodeToString(position.getBytes(StandardCharsets.UTF_8)));
    }

    /** Where the page before ended; empty for the first. */
    private static String token(ObjectNode input) throws AwsError {
        try {
            return new String(
                    Base64.getUrlDecoder().decode(input.path("NextToken").asText("")),
                    StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw foreignToken();
        }
    }

    private static AwsError foreignToken() {
        return Queries.invalid("NextToken is not one of ours");
    }

    private static void copy(ObjectNode from, String field, ObjectNode to) {
        if (from.has(field)) {
            to.set(field, from.path(field));
        }
    }

    /** The protocol's timestamps are seconds with milliseconds as a fraction. */
    private static void time(ObjectNode json, String field, long millis) {
        json.put(field, millis / 1000.0);
    }
}
