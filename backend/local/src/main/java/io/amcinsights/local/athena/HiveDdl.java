package io.amcinsights.local.athena;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.athena.Plan.OnCatalogue;
import io.amcinsights.local.athena.Plan.Text;
import io.amcinsights.local.athena.Plan.Work;
import io.amcinsights.local.athena.Query.StatementType;
import io.amcinsights.local.athena.Tokens.TableName;
import io.amcinsights.local.glue.Catalogue;
import io.amcinsights.local.http.AwsError;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Athena's statements in Hive's words, done in the catalogue. Source: "DDL statements" of the
 * Athena user guide.
 */
final class HiveDdl {

    private record Column(String name, String type, String comment) {}

    /** One partition: its values by column, and its place if that is not the usual one. */
    private record PartitionSpec(Map<String, String> values, @Nullable String location) {}

    private record Format(String input, String output, String serde) {}

    private static final String HIVE_IO = "org.apache.hadoop.hive.ql.io.";
    private static final Format TEXT =
            new Format(
                    "org.apache.hadoop.mapred.TextInputFormat",
                    HIVE_IO + "HiveIgnoreKeyTextOutputFormat",
                    "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe");
    private static final Map<String, Format> FORMATS =
            Map.of(
                    "TEXTFILE",
                    TEXT,
                    "PARQUET",
                    new Format(
                            HIVE_IO + "parquet.MapredParquetInputFormat",
                            HIVE_IO + "parquet.MapredParquetOutputFormat",
                            HIVE_IO + "parquet.serde.ParquetHiveSerDe"),
                    "ORC",
                    new Format(
                            HIVE_IO + "orc.OrcInputFormat",
                            HIVE_IO + "orc.OrcOutputFormat",
                            HIVE_IO + "orc.OrcSerde"),
                    "AVRO",
                    new Format(
                            HIVE_IO + "avro.AvroContainerInputFormat",
                            HIVE_IO + "avro.AvroContainerOutputFormat",
                            "org.apache.hadoop.hive.serde2.avro.AvroSerDe"));

    private final Catalogue catalogue;
    private final Tokens tokens;

    HiveDdl(Catalogue catalogue, Tokens tokens) {
        this.catalogue = catalogue;
        this.tokens = tokens;
    }

    private static Plan ddl(String substatement, Work work) {
        return new OnCatalogue(StatementType.DDL, substatement, work);
    }

    private Plan utility(String substatement, Work work) throws QueryFailure {
        tokens.expectEnd();
        return new OnCatalogue(StatementType.UTILITY, substatement, work);
    }

    Plan createDatabase() throws QueryFailure {
        boolean ifAbsent = tokens.accept("IF", "NOT", "EXISTS");
        ObjectNode wanted = JsonNodeFactory.instance.objectNode();
        String name = tokens.databaseName();
        wanted.put("Name", name);
        while (!tokens.isAtEnd()) {
            if (tokens.accept("COMMENT")) {
                wanted.put("Description", tokens.text());
            } else if (tokens.accept("LOCATION")) {
                wanted.put("LocationUri", tokens.text());
            } else {
                tokens.expect("WITH", "DBPROPERTIES");
                put(wanted, "Parameters", tokens.properties());
            }
        }
        return ddl(
                "CREATE_DATABASE",
                () -> {
                    if (!catalogue.create(wanted) && !ifAbsent) {
                        throw QueryFailure.user(
                                "FAILED: AlreadyExistsException Database %s already exists"
                                        .formatted(name));
                    }
                    return Text.NONE;
                });
    }

    Plan createTable() throws QueryFailure {
        boolean ifAbsent = tokens.accept("IF", "NOT", "EXISTS");
        TableName name = tokens.tableName();
        ObjectNode table = tableInput(name.name());
        return ddl(
                "CREATE_TABLE",
                () -> {
                    if (!catalogue.createTable(name.database(), table) && !ifAbsent) {
                        throw QueryFailure.user(
                                "FAILED: AlreadyExistsException Table %s already exists"
                                        .formatted(name.name()));
                    }
                    return Text.NONE;
                });
    }

    private ObjectNode tableInput(String name) throws QueryFailure {
        ObjectNode table = JsonNodeFactory.instance.objectNode();
        table.put("Name", name).put("TableType", "EXTERNAL_TABLE");
        ObjectNode parameters = table.putObject("Parameters").put("EXTERNAL", "TRUE");
        ObjectNode storage = table.putObject("StorageDescriptor");
        ArrayNode columns = storage.putArray("Columns");
        if (tokens.accept('(')) {
            columns(columns);
        }
        ArrayNode keys = table.putArray("PartitionKeys");
        Format format = TEXT;
        String serde = null;
        Map<String, String> serdeParameters = new LinkedHashMap<>();
        while (!tokens.isAtEnd()) {
            if (tokens.accept("COMMENT")) {
                table.put("Description", tokens.text());
            } else if (tokens.accept("PARTITIONED", "BY")) {
                tokens.expect('(');
                columns(keys);
            } else if (tokens.accept("ROW", "FORMAT", "SERDE")) {
                serde = tokens.text();
            } else if (tokens.accept("WITH", "SERDEPROPERTIES")) {
                serdeParameters.putAll(tokens.properties());
            } else if (tokens.accept("ROW", "FORMAT", "DELIMITED")) {
                delimiters(serdeParameters);
            } else if (tokens.accept("STORED", "AS", "INPUTFORMAT")) {
                String input = tokens.text();
                tokens.expect("OUTPUTFORMAT");
                format = new Format(input, tokens.text(), format.serde());
            } else if (tokens.accept("STORED", "AS")) {
                Format known = FORMATS.get(tokens.name().toUpperCase(Locale.ROOT));
                if (known == null) {
                    throw tokens.problem(
                            "a table is stored as %s or by INPUTFORMAT and OUTPUTFORMAT"
                                    .formatted(FORMATS.keySet().stream().sorted().toList()));
                }
                format = known;
            } else if (tokens.accept("LOCATION")) {
                storage.put("Location", WorkGroup.folder(tokens.text()));
            } else if (tokens.accept("TBLPROPERTIES")) {
                tokens.properties().forEach(parameters::put);
            } else {
                tokens.expectEnd();
            }
        }
        if (!storage.has("Location")) {
            throw tokens.problem("a table needs LOCATION 's3://bucket/folder/'");
        }
        storage.put("InputFormat", format.input()).put("OutputFormat", format.output());
        ObjectNode info = storage.putObject("SerdeInfo");
        info.put("SerializationLibrary", serde == null ? format.serde() : serde);
        put(info, "Parameters", serdeParameters);
        return table;
    }

    private void delimiters(Map<String, String> parameters) throws QueryFailure {
        while (true) {
            if (tokens.accept("FIELDS", "TERMINATED", "BY")) {
                String delimiter = unescaped(tokens.text());
                parameters.put("field.delim", delimiter);
                parameters.put("serialization.format", delimiter);
            } else if (tokens.accept("ESCAPED", "BY")) {
                parameters.put("escape.delim", unescaped(tokens.text()));
            } else if (tokens.accept("COLLECTION", "ITEMS", "TERMINATED", "BY")) {
                parameters.put("collection.delim", unescaped(tokens.text()));
            } else if (tokens.accept("MAP", "KEYS", "TERMINATED", "BY")) {
                parameters.put("mapkey.delim", unescaped(tokens.text()));
            } else if (tokens.accept("LINES", "TERMINATED", "BY")) {
                parameters.put("line.delim", unescaped(tokens.text()));
            } else if (tokens.accept("NULL", "DEFINED", "AS")) {
                parameters.put("serialization.null.format", tokens.text());
            } else {
                return;
            }
        }
    }

    private static String unescaped(String text) {
        return text.replace("\\t", "\t").replace("\\n", "\n").replace("\\\\", "\\");
    }

    /** Columns up to the closing bracket. */
    private void columns(ArrayNode list) throws QueryFailure {
        do {
            Column column = column();
            ObjectNode node = list.addObject();
            node.put("Name", column.name()).put("Type", column.type());
            if (!column.comment().isEmpty()) {
                node.put("Comment", column.comment());
            }
        } while (tokens.accept(','));
        tokens.expect(')');
    }

    private Column column() throws QueryFailure {
        String name = tokens.name();
        String type = type();
        return new Column(name, type, tokens.accept("COMMENT") ? tokens.text() : "");
    }

    /** A type as the catalogue writes it: lower case, no spaces. */
    private String type() throws QueryFailure {
        StringBuilder type = new StringBuilder(tokens.name());
        if (type.toString().equals("integer")) {
            type.replace(0, type.length(), "int");
        }
        int depth = 0;
        while (true) {
            Token token = tokens.peek(0);
            if (token == null) {
                return type.toString();
            }
            boolean opens = token.isSign('<') || token.isSign('(');
            boolean closes = token.isSign('>') || token.isSign(')');
            if (depth == 0 && !opens) {
                return type.toString();
            }
            depth += opens ? 1 : closes ? -1 : 0;
            type.append(tokens.next().text().toLowerCase(Locale.ROOT));
        }
    }

    Plan drop() throws QueryFailure {
        tokens.expect("DROP");
        if (tokens.accept("DATABASE") || tokens.accept("SCHEMA")) {
            return dropDatabase();
        }
        boolean view = tokens.accept("VIEW");
        if (!view) {
            tokens.expect("TABLE");
        }
        boolean ifPresent = tokens.accept("IF", "EXISTS");
        TableName name = tokens.tableName();
        tokens.expectEnd();
        return ddl(
                view ? "DROP_VIEW" : "DROP_TABLE",
                () -> {
                    try {
                        boolean isView =
                                catalogue
                                        .table(name.database(), name.name())
                                        .path("TableType")
                                        .asText()
                                        .equals("VIRTUAL_VIEW");
                        if (isView != view) {
                            throw QueryFailure.user(
                                    "FAILED: SemanticException %s is a %s: use DROP %s"
                                            .formatted(
                                                    name.name(),
                                                    isView ? "view" : "table",
                                                    isView ? "VIEW" : "TABLE"));
                        }
                        catalogue.dropTable(name.database(), name.name());
                    } catch (AwsError e) {
                        if (!ifPresent || !e.code().equals("EntityNotFoundException")) {
                            throw e;
                        }
                    }
                    return Text.NONE;
                });
    }

    private Plan dropDatabase() throws QueryFailure {
        boolean ifPresent = tokens.accept("IF", "EXISTS");
        String name = tokens.databaseName();
        boolean all = tokens.accept("CASCADE");
        tokens.accept("RESTRICT");
        tokens.expectEnd();
        return ddl(
                "DROP_DATABASE",
                () -> {
                    if (!all && !catalogue.tables(name, "", 1).isEmpty()) {
                        throw QueryFailure.user(
                                "FAILED: InvalidOperationException Database %s is not empty. One or more tables exist. Use CASCADE to drop them with it."
                                        .formatted(name));
                    }
                    try {
                        catalogue.dropDatabase(name);
                    } catch (AwsError e) {
                        if (!ifPresent || !e.code().equals("EntityNotFoundException")) {
                            throw e;
                        }
                    }
                    return Text.NONE;
                });
    }

    Plan alter() throws QueryFailure {
        tokens.expect("ALTER");
        if (!tokens.accept("TABLE")) {
            throw QueryFailure.user("Of ALTER the local workspace has ALTER TABLE only.");
        }
        TableName name = tokens.tableName();
        if (tokens.accept("ADD", "COLUMNS")) {
            ArrayNode added = JsonNodeFactory.instance.arrayNode();
            tokens.expect('(');
            columns(added);
            tokens.expectEnd();
            return ddl(
                    "ALTER_TABLE_ADD_COLUMNS", () -> change(name, t -> columnsOf(t).addAll(added)));
        }
        if (tokens.accept("SET", "TBLPROPERTIES")) {
            Map<String, String> properties = tokens.properties();
            tokens.expectEnd();
            return ddl(
                    "ALTER_TABLE_SET_PROPERTIES",
                    () ->
                            change(
                                    name,
                                    t -> {
                                        ObjectNode parameters = t.withObjectProperty("Parameters");
                                        properties.forEach(parameters::put);
                                    }));
        }
        if (tokens.accept("SET", "LOCATION")) {
            String location = WorkGroup.folder(tokens.text());
            tokens.expectEnd();
            return ddl(
                    "ALTER_TABLE_SET_LOCATION",
                    () ->
                            change(
                                    name,
                                    t ->
                                            t.withObjectProperty("StorageDescriptor")
                                                    .put("Location", location)));
        }
        if (tokens.accept("ADD")) {
            boolean ifAbsent = tokens.accept("IF", "NOT", "EXISTS");
            List<PartitionSpec> specs = partitionSpecs();
            return ddl("ALTER_TABLE_ADD_PARTITION", () -> addPartitions(name, specs, ifAbsent));
        }
        if (tokens.accept("DROP")) {
            boolean ifPresent = tokens.accept("IF", "EXISTS");
            List<PartitionSpec> specs = partitionSpecs();
            return ddl("ALTER_TABLE_DROP_PARTITION", () -> dropPartitions(name, specs, ifPresent));
        }
        throw tokens.problem(
                "the local workspace has ALTER TABLE with ADD PARTITION, DROP PARTITION, ADD"
                        + " COLUMNS, SET TBLPROPERTIES and SET LOCATION");
    }

    private List<PartitionSpec> partitionSpecs() throws QueryFailure {
        List<PartitionSpec> specs = new ArrayList<>();
        do {
            tokens.expect("PARTITION");
            tokens.expect('(');
            Map<String, String> values = new LinkedHashMap<>();
            do {
                String column = tokens.name();
                tokens.expect('=');
                values.put(column, tokens.next().text());
            } while (tokens.accept(','));
            tokens.expect(')');
            specs.add(
                    new PartitionSpec(
                            values,
                            tokens.accept("LOCATION") ? WorkGroup.folder(tokens.text()) : null));
            tokens.accept(',');
        } while (!tokens.isAtEnd());
        return specs;
    }

    private Text addPartitions(TableName name, List<PartitionSpec> specs, boolean ifAbsent)
            throws AwsError, QueryFailure {
        ObjectNode table = catalogue.table(name.database(), name.name());
        for (PartitionSpec spec : specs) {
            ArrayNode values = values(table, spec);
            ObjectNode input = JsonNodeFactory.instance.objectNode();
            input.set("Values", values);
            ObjectNode storage = table.path("StorageDescriptor").deepCopy();
            storage.put(
                    "Location",
                    spec.location() != null ? spec.location() : usualPlace(table, values));
            input.set("StorageDescriptor", storage);
            if (!catalogue.createPartition(table, input) && !ifAbsent) {
                throw QueryFailure.user(
                        "FAILED: AlreadyExistsException Partition %s already exists"
                                .formatted(values));
            }
        }
        return Text.NONE;
    }

    private Text dropPartitions(TableName name, List<PartitionSpec> specs, boolean ifPresent)
            throws AwsError, QueryFailure {
        ObjectNode table = catalogue.table(name.database(), name.name());
        for (PartitionSpec spec : specs) {
            ArrayNode values = values(table, spec);
            if (!catalogue.dropPartition(table, values) && !ifPresent) {
                throw QueryFailure.user(
                        "FAILED: SemanticException Partition %s not found".formatted(values));
            }
        }
        return Text.NONE;
    }

    private static ArrayNode values(ObjectNode table, PartitionSpec spec) throws QueryFailure {
        ArrayNode values = JsonNodeFactory.instance.arrayNode();
        for (JsonNode key : table.path("PartitionKeys")) {
            String value = spec.values().get(key.path("Name").asText());
            if (value == null) {
                throw QueryFailure.user(
                        "FAILED: SemanticException the partition needs a value of each of %s"
                                .formatted(table.path("PartitionKeys").findValuesAsText("Name")));
            }
            values.add(value);
        }
        if (values.size() != spec.values().size()) {
            throw QueryFailure.user(
                    "FAILED: SemanticException the table is partitioned by %s only"
                            .formatted(table.path("PartitionKeys").findValuesAsText("Name")));
        }
        return values;
    }

    private static String usualPlace(ObjectNode table, ArrayNode values) {
        return WorkGroup.folder(table.at("/StorageDescriptor/Location").asText())
                + partitionName(table, values, "/")
                + "/";
    }

    private static String partitionName(JsonNode table, JsonNode values, String between) {
        List<String> parts = new ArrayList<>();
        for (JsonNode key : table.path("PartitionKeys")) {
            parts.add(key.path("Name").asText() + "=" + values.path(parts.size()).asText());
        }
        return String.join(between, parts);
    }

    /** A change of a table's definition. */
    @FunctionalInterface
    private interface Change {
        void apply(ObjectNode table);
    }

    private Text change(TableName name, Change change) throws AwsError, QueryFailure {
        ObjectNode table = catalogue.table(name.database(), name.name());
        change.apply(table);
        if (!catalogue.updateTable(name.database(), table, table.path("VersionId").asText())) {
            throw QueryFailure.user("The table was changed at the same time. Run it again.");
        }
        return Text.NONE;
    }

    private static ArrayNode columnsOf(ObjectNode table) {
        return table.withObjectProperty("StorageDescriptor").withArrayProperty("Columns");
    }

    /** SHOW has been read. */
    Plan show() throws QueryFailure {
        if (tokens.accept("DATABASES") || tokens.accept("SCHEMAS")) {
            Predicate<String> wanted = names();
            return utility(
                    "SHOW_DATABASES",
                    () ->
                            new Text(
                                    List.of("database_name"),
                                    names(catalogue.databases("", Integer.MAX_VALUE), wanted)));
        }
        boolean views = tokens.accept("VIEWS");
        if (views || tokens.accept("TABLES")) {
            String in =
                    tokens.accept("IN") || tokens.accept("FROM")
                            ? tokens.databaseName()
                            : tokens.chosenDatabase();
            Predicate<String> wanted = names();
            return utility(
                    views ? "SHOW_VIEWS" : "SHOW_TABLES",
                    () -> {
                        catalogue.database(in);
                        List<ObjectNode> tables =
                                catalogue.tables(in, "", Integer.MAX_VALUE).stream()
                                        .filter(t -> !views || isView(t))
                                        .toList();
                        return new Text(
                                List.of(views ? "views" : "tab_name"), names(tables, wanted));
                    });
        }
        if (tokens.accept("COLUMNS")) {
            if (!tokens.accept("IN")) {
                tokens.expect("FROM");
            }
            TableName name = tokens.tableName();
            return utility("SHOW_COLUMNS", () -> new Text(List.of("field"), columnNames(name)));
        }
        if (tokens.accept("PARTITIONS")) {
            TableName name = tokens.tableName();
            return utility(
                    "SHOW_PARTITIONS", () -> new Text(List.of("partition"), partitions(name)));
        }
        if (tokens.accept("TBLPROPERTIES")) {
            TableName name = tokens.tableName();
            return utility(
                    "SHOW_TBLPROPERTIES",
                    () ->
                            new Text(
                                    List.of("prpt_name", "prpt_value"),
                                    catalogue
                                            .table(name.database(), name.name())
                                            .path("Parameters")
                                            .properties()
                                            .stream()
                                            .map(e -> e.getKey() + "\t" + e.getValue().asText())
                                            .toList()));
        }
        if (tokens.accept("CREATE", "TABLE")) {
            TableName name = tokens.tableName();
            return utility(
                    "SHOW_CREATE_TABLE",
                    () ->
                            new Text(
                                    List.of("createtab_stmt"),
                                    createStatement(
                                            catalogue.table(name.database(), name.name()))));
        }
        throw tokens.problem(
                "Athena shows DATABASES, TABLES, VIEWS, COLUMNS, PARTITIONS, TBLPROPERTIES, CREATE"
                        + " TABLE and CREATE VIEW");
    }

    private static boolean isView(JsonNode table) {
        return table.path("TableType").asText().equals("VIRTUAL_VIEW");
    }

    /** A pattern of names, where {@code *} stands for anything and {@code |} for "or". */
    private Predicate<String> names() throws QueryFailure {
        boolean like = tokens.accept("LIKE");
        if (!like && tokens.isAtEnd()) {
            return name -> true;
        }
        String pattern = tokens.text().toLowerCase(Locale.ROOT);
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            regex.append(
                    switch (c) {
                        case '*' -> ".*";
                        case '|' -> "|";
                        case '.' -> ".";
                        default -> Pattern.quote(String.valueOf(c));
                    });
        }
        return Pattern.compile(regex.toString()).asMatchPredicate();
    }

    private static List<String> names(List<ObjectNode> found, Predicate<String> wanted) {
        return found.stream().map(t -> t.path("Name").asText()).filter(wanted).toList();
    }

    /** Hive pads to 20 characters. */
    private List<String> columnNames(TableName name) throws AwsError {
        ObjectNode table = catalogue.table(name.database(), name.name());
        List<String> lines = new ArrayList<>();
        for (JsonNode column : table.at("/StorageDescriptor/Columns")) {
            lines.add(padded(column.path("Name").asText()));
        }
        for (JsonNode key : table.path("PartitionKeys")) {
            lines.add(padded(key.path("Name").asText()));
        }
        return lines;
    }

    private static String padded(String text) {
        return "%-20s".formatted(text);
    }

    private List<String> partitions(TableName name) throws AwsError, QueryFailure {
        ObjectNode table = catalogue.table(name.database(), name.name());
        if (table.path("PartitionKeys").isEmpty()) {
            throw QueryFailure.user(
                    "FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. Table %s is not a partitioned table"
                            .formatted(name.name()));
        }
        return catalogue
                .partitions(table, "", Integer.MAX_VALUE, (values, partition) -> true)
                .stream()
                .map(p -> partitionName(table, p.path("Values"), "/"))
                .toList();
    }

    Plan describe() throws QueryFailure {
        tokens.next();
        if (tokens.accept("EXTENDED") || tokens.accept("FORMATTED")) {
            throw QueryFailure.user(
                    "The local workspace has DESCRIBE without EXTENDED and FORMATTED; SHOW CREATE"
                            + " TABLE tells more.");
        }
        TableName name = tokens.tableName();
        return utility(
                "DESCRIBE_TABLE",
                () -> {
                    ObjectNode table = catalogue.table(name.database(), name.name());
                    JsonNode keys = table.path("PartitionKeys");
                    List<String> lines = new ArrayList<>();
                    table.at("/StorageDescriptor/Columns").forEach(c -> lines.add(describe(c)));
                    keys.forEach(c -> lines.add(describe(c)));
                    if (!keys.isEmpty()) {
                        lines.add("\t \t ");
                        lines.add("# Partition Information\t \t ");
                        lines.add(
                                "# %s\t%s\t%s"
                                        .formatted(
                                                padded("col_name"),
                                                padded("data_type"),
                                                padded("comment")));
                        lines.add("\t \t ");
                        keys.forEach(c -> lines.add(describe(c)));
                    }
                    return new Text(List.of("col_name", "data_type", "comment"), lines);
                });
    }

    private static String describe(JsonNode column) {
        return String.join(
                "\t",
                padded(column.path("Name").asText()),
                padded(column.path("Type").asText()),
                padded(column.path("Comment").asText("")));
    }

    private static List<String> createStatement(ObjectNode table) throws QueryFailure {
        if (isView(table)) {
            throw QueryFailure.user(
                    "FAILED: SemanticException %s is a view: use SHOW CREATE VIEW"
                            .formatted(table.path("Name").asText()));
        }
        JsonNode storage = table.path("StorageDescriptor");
        List<String> lines = new ArrayList<>();
        lines.add(
                "CREATE EXTERNAL TABLE `%s.%s`("
                        .formatted(
                                table.path("DatabaseName").asText(), table.path("Name").asText()));
        addColumns(lines, storage.path("Columns"));
        if (!table.path("PartitionKeys").isEmpty()) {
            lines.add("PARTITIONED BY ( ");
            addColumns(lines, table.path("PartitionKeys"));
        }
        lines.add("ROW FORMAT SERDE ");
        lines.add("  " + quoted(storage.at("/SerdeInfo/SerializationLibrary").asText()) + " ");
        if (!storage.at("/SerdeInfo/Parameters").isEmpty()) {
            lines.add("WITH SERDEPROPERTIES ( ");
            addProperties(lines, storage.at("/SerdeInfo/Parameters"));
        }
        lines.add("STORED AS INPUTFORMAT ");
        lines.add("  " + quoted(storage.path("InputFormat").asText()) + " ");
        lines.add("OUTPUTFORMAT ");
        lines.add("  " + quoted(storage.path("OutputFormat").asText()));
        lines.add("LOCATION");
        lines.add("  " + quoted(storage.path("Location").asText()));
        if (!table.path("Parameters").isEmpty()) {
            lines.add("TBLPROPERTIES (");
            addProperties(lines, table.path("Parameters"));
        }
        return lines;
    }

    private static void addColumns(List<String> lines, JsonNode columns) {
        for (int i = 0; i < columns.size(); i++) {
            JsonNode column = columns.get(i);
            String comment = column.path("Comment").asText("");
            lines.add(
                    "  `%s` %s%s%s"
                            .formatted(
                                    column.path("Name").asText(),
                                    column.path("Type").asText(),
                                    comment.isEmpty() ? "" : " COMMENT " + quoted(comment),
                                    i + 1 < columns.size() ? ", " : ")"));
        }
    }

    private static void addProperties(List<String> lines, JsonNode properties) {
        int at = 0;
        for (Map.Entry<String, JsonNode> property : properties.properties()) {
            lines.add(
                    "  %s=%s%s"
                            .formatted(
                                    quoted(property.getKey()),
                                    quoted(property.getValue().asText()),
                                    ++at < properties.size() ? ", " : ")"));
        }
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private static void put(ObjectNode node, String field, Map<String, String> values) {
        ObjectNode object = node.putObject(field);
        values.forEach(object::put);
    }
}
