package io.amcinsights.local.athena;

import static io.amcinsights.local.athena.AthenaFront.DATABASE;
import static io.amcinsights.local.athena.AthenaFront.GROUP;
import static io.amcinsights.local.athena.AthenaFront.RESULTS;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amcinsights.local.store.Database;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.services.athena.model.AthenaException;
import software.amazon.awssdk.services.athena.model.Column;
import software.amazon.awssdk.services.athena.model.InvalidRequestException;
import software.amazon.awssdk.services.athena.model.MetadataException;
import software.amazon.awssdk.services.athena.model.NamedQuery;
import software.amazon.awssdk.services.athena.model.QueryExecution;
import software.amazon.awssdk.services.athena.model.QueryExecutionState;
import software.amazon.awssdk.services.athena.model.ResourceNotFoundException;
import software.amazon.awssdk.services.athena.model.StatementType;
import software.amazon.awssdk.services.athena.model.TableMetadata;
import software.amazon.awssdk.services.athena.model.WorkGroupSummary;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What Athena answers without running SQL, also where no engine is installed. */
class AthenaWithoutEngineTest {

    private static final String TABLE =
            """
            CREATE EXTERNAL TABLE IF NOT EXISTS `sales` (
              `id` bigint, -- a comment
              `amount` decimal(10, 2) COMMENT 'in euros',
              `parts` array<struct<Sku:string, n:int>>)
            PARTITIONED BY (`year` int, `month` string)
            STORED AS PARQUET LOCATION 's3://lake-bucket/sales'
            TBLPROPERTIES ('classification' = 'parquet');
            """;

    @TempDir Path folder;

    private AthenaFront front;

    @BeforeEach
    void start() throws IOException {
        front = new AthenaFront(folder, folder.resolve("no-engine"));
    }

    @AfterEach
    void stop() {
        front.close();
    }

    @Test
    void saysHowToGetAnEngine() throws Exception {
        QueryExecution query = front.run("SELECT 1");

        assertThat(query.status().state()).isEqualTo(QueryExecutionState.FAILED);
        assertThat(query.status().stateChangeReason())
                .contains("There is no Athena engine in " + folder.resolve("no-engine"))
                .contains("mvn package", "--engine");
    }

    @Test
    void makesTablesInTheCatalogue() throws Exception {
        QueryExecution query = front.run(TABLE);

        assertThat(query.status().stateChangeReason()).isNull();
        assertThat(query.statementType()).isEqualTo(StatementType.DDL);
        assertThat(query.resultConfiguration().outputLocation()).endsWith(".txt");
        TableMetadata table =
                front.athena
                        .getTableMetadata(
                                b ->
                                        b.catalogName("AwsDataCatalog")
                                                .databaseName(DATABASE)
                                                .tableName("SALES"))
                        .tableMetadata();
        assertThat(table.columns())
                .extracting(Column::name, Column::type)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("id", "bigint"),
                        org.assertj.core.groups.Tuple.tuple("amount", "decimal(10,2)"),
                        org.assertj.core.groups.Tuple.tuple(
                                "parts", "array<struct<sku:string,n:int>>"));
        assertThat(table.columns().get(1).comment()).isEqualTo("in euros");
        assertThat(table.partitionKeys()).extracting(Column::name).containsExactly("year", "month");
        assertThat(table.parameters())
                .containsEntry("location", "s3://lake-bucket/sales/")
                .containsEntry("classification", "parquet")
                .containsEntry(
                        "serde.serialization.lib",
                        "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe");
        assertThat(front.rows(TABLE)).isEmpty();
        assertThat(front.run(TABLE.replace("IF NOT EXISTS ", "")).status().stateChangeReason())
                .contains("Table sales already exists");
    }

    @Test
    void showsTheCatalogueInHivesWords() throws Exception {
        front.rows(TABLE);
        front.rows("ALTER TABLE sales ADD PARTITION (year = 2024, month = '01')");
        front.rows(
                "ALTER TABLE sales ADD PARTITION (year = '2024', month = '02')"
                        + " LOCATION 's3://lake-bucket/elsewhere'");

        assertThat(front.rows("SHOW DATABASES")).containsExactly(List.of("lake"));
        assertThat(front.rows("SHOW TABLES IN lake 's*'")).containsExactly(List.of("sales"));
        assertThat(front.rows("SHOW TABLES LIKE 'x*|y*'")).isEmpty();
        assertThat(front.rows("SHOW PARTITIONS sales"))
                .containsExactly(List.of("year=2024/month=01"), List.of("year=2024/month=02"));
        assertThat(front.rows("SHOW COLUMNS IN lake.sales"))
                .contains(List.of("amount              "), List.of("month               "));
        assertThat(front.rows("DESCRIBE `lake.sales`"))
                .contains(
                        List.of("amount              \tdecimal(10,2)       \tin euros            "))
                .contains(List.of("# Partition Information\t \t "));
        assertThat(
                        String.join(
                                "\n",
                                front.rows("SHOW CREATE TABLE sales").stream()
                                        .map(List::getFirst)
                                        .toList()))
                .startsWith("CREATE EXTERNAL TABLE `lake.sales`(\n  `id` bigint, \n")
                .contains("`amount` decimal(10,2) COMMENT 'in euros'")
                .contains("LOCATION\n  's3://lake-bucket/sales/'");
        assertThat(
                        front.glue
                                .getPartition(
                                        b ->
                                                b.databaseName(DATABASE)
                                                        .tableName("sales")
                                                        .partitionValues("2024", "02"))
                                .partition()
                                .storageDescriptor()
                                .location())
                .isEqualTo("s3://lake-bucket/elsewhere/");

        front.rows("ALTER TABLE sales ADD COLUMNS (note string)");
        front.rows("ALTER TABLE sales SET TBLPROPERTIES ('owner' = 'me')");
        assertThat(front.rows("SHOW COLUMNS IN sales")).contains(List.of("note                "));
        assertThat(front.rows("SHOW TBLPROPERTIES sales")).contains(List.of("owner\tme"));
        front.rows("CREATE DATABASE other COMMENT 'second'");
        assertThat(front.run("DROP DATABASE lake").status().stateChangeReason())
                .contains("not empty");
        front.rows("DROP DATABASE other");
        front.rows("DROP TABLE IF EXISTS sales");
        assertThat(front.run("DROP TABLE sales").status().stateChangeReason())
                .contains("Table sales not found");
    }

    @Test
    void refusesWhatItCannotDo() {
        refuses("", "QueryString is missing");
        refuses("  -- nothing", "The statement is empty");
        refuses("SELEC 1", "line 1:1: Unexpected \"SELEC\"");
        refuses("GRANT SELECT ON t TO u", "Queries of this type are not supported");
        refuses("VACUUM sales", "Iceberg");
        refuses("CREATE TABLE t (a int)", "CREATE EXTERNAL TABLE");
        refuses("CREATE EXTERNAL TABLE t (a int)\n STORED AS CLAY", "line 2:");
        refuses("CREATE EXTERNAL TABLE t (a int)", "a table needs LOCATION");
        refuses("CREATE TABLE t WITH (table_type = 'ICEBERG') AS SELECT 1 a", "table_type");
        refuses("UNLOAD (SELECT 1 a) TO 's3://b/c/'", "UNLOAD needs a format");
        refuses("DESCRIBE EXTENDED sales", "SHOW CREATE TABLE tells more");
        refuses("ALTER TABLE sales RENAME TO sold", "ALTER TABLE with ADD PARTITION");
        refuses("EXECUTE nothing", "nothing was not found");
        assertThatThrownBy(() -> front.start("SELECT 1", b -> b.workGroup("none")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("WorkGroup none is not found");
        assertThatThrownBy(() -> front.start("SELECT 1", b -> b.workGroup("primary")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("No output location provided");
        assertThatThrownBy(
                        () ->
                                front.start(
                                        "SELECT 1",
                                        b -> b.queryExecutionContext(c -> c.catalog("other"))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("AwsDataCatalog only");
        assertThatThrownBy(() -> front.athena.listEngineVersions(b -> {}))
                .isInstanceOfSatisfying(
                        AthenaException.class,
                        e ->
                                assertThat(e.awsErrorDetails().errorCode())
                                        .isEqualTo("UnknownOperationException"));
    }

    private void refuses(String sql, String reason) {
        assertThatThrownBy(() -> front.start(sql))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void takesARepeatedRequestOnce() throws Exception {
        String token = "token-of-32-characters-and-more-1234";
        String first = front.start("SHOW TABLES", b -> b.clientRequestToken(token));

        assertThat(front.start("SHOW TABLES", b -> b.clientRequestToken(token))).isEqualTo(first);
        assertThatThrownBy(() -> front.start("SHOW DATABASES", b -> b.clientRequestToken(token)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("Idempotent parameters do not match");
        front.end(first);
        assertThat(front.athena.listQueryExecutions(b -> b.workGroup(GROUP)).queryExecutionIds())
                .containsExactly(first);
    }

    @Test
    void listsTheNewestFirst() throws Exception {
        String first = front.start("SHOW TABLES");
        String second = front.start("SHOW TABLES");
        String third = front.start("SHOW TABLES", b -> b.workGroup("thrifty"));

        var page = front.athena.listQueryExecutions(b -> b.workGroup(GROUP).maxResults(1));
        assertThat(page.queryExecutionIds()).containsExactly(second);
        assertThat(
                        front.athena
                                .listQueryExecutions(
                                        b -> b.workGroup(GROUP).nextToken(page.nextToken()))
                                .queryExecutionIds())
                .containsExactly(first);
        var batch =
                front.athena.batchGetQueryExecution(
                        b -> b.queryExecutionIds(first, third, "no-such-id"));
        assertThat(batch.queryExecutions())
                .extracting(QueryExecution::queryExecutionId)
                .containsExactly(first, third);
        assertThat(batch.unprocessedQueryExecutionIds().getFirst().queryExecutionId())
                .isEqualTo("no-such-id");
    }

    @Test
    void remembersQueriesThroughARestart() throws Exception {
        QueryExecution done = front.run("SHOW DATABASES");
        String named = createNamed("reach");
        front.close();
        leaveRunning("lost-query", Query.State.RUNNING);
        leaveRunning("queued-query", Query.State.QUEUED);

        front = new AthenaFront(folder, folder.resolve("no-engine"));

        assertThat(front.end(done.queryExecutionId()).status().state())
                .isEqualTo(QueryExecutionState.SUCCEEDED);
        assertThat(
                        AthenaFront.values(
                                front.results(done.queryExecutionId())
                                        .resultSet()
                                        .rows()
                                        .getFirst()))
                .containsExactly("lake");
        assertThat(front.end("lost-query").status().stateChangeReason())
                .isEqualTo("The local workspace stopped while this query ran. Run it again.");
        assertThat(front.end("queued-query").status().state())
                .isEqualTo(QueryExecutionState.FAILED);
        assertThat(named(named).queryString()).isEqualTo("SELECT 1");
    }

    /** As a killed workspace leaves it. */
    private void leaveRunning(String id, Query.State state) throws IOException {
        try (Database database = Database.open(folder.resolve("test.db"))) {
            new QueryStore(database)
                    .add(
                            new Query(
                                    id,
                                    GROUP,
                                    "SELECT 1",
                                    null,
                                    DATABASE,
                                    List.of(),
                                    "SELECT 1",
                                    null,
                                    false,
                                    Query.StatementType.DML,
                                    "SELECT",
                                    "s3://" + RESULTS + "/queries/" + id + ".csv",
                                    state,
                                    null,
                                    null,
                                    1_700_000_000_000L,
                                    null,
                                    Query.Statistics.NONE,
                                    List.of(),
                                    null),
                            null);
        }
    }

    @Test
    void keepsNamedQueries() {
        String first = createNamed("reach");
        String second = createNamed("spend");

        front.athena.updateNamedQuery(
                b -> b.namedQueryId(first).name("reach 2").queryString("SELECT 2"));

        assertThat(named(first).name()).isEqualTo("reach 2");
        assertThat(named(first).database()).isEqualTo(DATABASE);
        assertThat(front.athena.listNamedQueries(b -> b.workGroup(GROUP)).namedQueryIds())
                .containsExactlyInAnyOrder(first, second);
        front.athena.deleteNamedQuery(b -> b.namedQueryId(first));
        var batch = front.athena.batchGetNamedQuery(b -> b.namedQueryIds(first, second));
        assertThat(batch.namedQueries()).extracting(NamedQuery::name).containsExactly("spend");
        assertThat(batch.unprocessedNamedQueryIds().getFirst().namedQueryId()).isEqualTo(first);
        assertThatThrownBy(() -> named(first)).isInstanceOf(InvalidRequestException.class);
    }

    private String createNamed(String name) {
        return front.athena
                .createNamedQuery(
                        b ->
                                b.name(name)
                                        .database(DATABASE)
                                        .workGroup(GROUP)
                                        .queryString("SELECT 1"))
                .namedQueryId();
    }

    private NamedQuery named(String id) {
        return front.athena.getNamedQuery(b -> b.namedQueryId(id)).namedQuery();
    }

    @Test
    void keepsPreparedStatements() {
        front.athena.createPreparedStatement(
                b -> b.statementName("by_id").workGroup(GROUP).queryStatement("SELECT ?"));

        assertThatThrownBy(
                        () ->
                                front.athena.createPreparedStatement(
                                        b ->
                                                b.statementName("by_id")
                                                        .workGroup(GROUP)
                                                        .queryStatement("SELECT 1")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("already exists");
        front.athena.updatePreparedStatement(
                b -> b.statementName("by_id").workGroup(GROUP).queryStatement("SELECT ?, 2"));
        assertThat(
                        front.athena
                                .getPreparedStatement(
                                        b -> b.statementName("by_id").workGroup(GROUP))
                                .preparedStatement()
                                .queryStatement())
                .isEqualTo("SELECT ?, 2");
        assertThat(
                        front.athena
                                .listPreparedStatements(b -> b.workGroup(GROUP))
                                .preparedStatements())
                .hasSize(1);
        front.athena.deletePreparedStatement(b -> b.statementName("by_id").workGroup(GROUP));
        assertThatThrownBy(
                        () ->
                                front.athena.getPreparedStatement(
                                        b -> b.statementName("by_id").workGroup(GROUP)))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void tellsItsWorkGroupsAndCatalogues() throws Exception {
        var group = front.athena.getWorkGroup(b -> b.workGroup(GROUP)).workGroup();
        assertThat(group.description()).isEqualTo("All of them");
        assertThat(group.configuration().enforceWorkGroupConfiguration()).isTrue();
        assertThat(group.configuration().resultConfiguration().outputLocation())
                .isEqualTo("s3://" + RESULTS + "/queries/");
        assertThat(group.configuration().engineVersion().effectiveEngineVersion())
                .isEqualTo("Athena engine version 3");
        assertThat(front.athena.listWorkGroups(b -> {}).workGroups())
                .extracting(WorkGroupSummary::name)
                .containsExactly("analysts", "primary", "thrifty");
        assertThat(front.athena.listDataCatalogs(b -> {}).dataCatalogsSummary())
                .singleElement()
                .satisfies(c -> assertThat(c.catalogName()).isEqualTo("AwsDataCatalog"));
        assertThat(front.athena.listDatabases(b -> b.catalogName("AwsDataCatalog")).databaseList())
                .singleElement()
                .satisfies(d -> assertThat(d.description()).isEqualTo("for tests"));
        front.rows(TABLE);
        front.rows(TABLE.replace("sales", "returns"));
        var page =
                front.athena.listTableMetadata(
                        b -> b.catalogName("AwsDataCatalog").databaseName(DATABASE).maxResults(1));
        assertThat(page.tableMetadataList().getFirst().name()).isEqualTo("returns");
        assertThat(
                        front.athena
                                .listTableMetadata(
                                        b ->
                                                b.catalogName("AwsDataCatalog")
                                                        .databaseName(DATABASE)
                                                        .nextToken(page.nextToken()))
                                .tableMetadataList()
                                .getFirst()
                                .name())
                .isEqualTo("sales");
        assertThatThrownBy(
                        () ->
                                front.athena.getTableMetadata(
                                        b ->
                                                b.catalogName("AwsDataCatalog")
                                                        .databaseName(DATABASE)
                                                        .tableName("none")))
                .isInstanceOf(MetadataException.class)
                .hasMessageContaining("Table none not found");
    }
}
