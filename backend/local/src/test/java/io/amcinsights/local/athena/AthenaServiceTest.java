package io.amcinsights.local.athena;

import static io.amcinsights.local.athena.AthenaFront.BUCKET;
import static io.amcinsights.local.athena.AthenaFront.DATABASE;
import static io.amcinsights.local.athena.AthenaFront.RESULTS;
import static io.amcinsights.local.athena.AthenaFront.THRIFTY;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.services.athena.model.ColumnInfo;
import software.amazon.awssdk.services.athena.model.GetQueryResultsResponse;
import software.amazon.awssdk.services.athena.model.InvalidRequestException;
import software.amazon.awssdk.services.athena.model.QueryExecution;
import software.amazon.awssdk.services.athena.model.QueryExecutionState;
import software.amazon.awssdk.services.athena.model.ResultReuseConfiguration;
import software.amazon.awssdk.services.athena.model.StartQueryExecutionRequest;
import software.amazon.awssdk.services.athena.model.StatementType;
import software.amazon.awssdk.services.glue.model.Column;
import software.amazon.awssdk.services.glue.model.PartitionInput;
import software.amazon.awssdk.services.glue.model.StorageDescriptor;
import software.amazon.awssdk.services.s3.model.S3Object;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Athena as the AWS SDK meets it, with the real engine on the workspace's own Glue and S3. */
class AthenaServiceTest {

    private static final List<String> DAYS = List.of("2024-01-01", "2024-01-02");
    private static final int AN_HOUR = 60;

    @TempDir static Path folder;

    private static AthenaFront front;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(
                TrinoProcess.isIn(TrinoProcess.place()),
                "skipped: the engine is not built; run mvn -pl backend/engine package");
        front = new AthenaFront(folder, TrinoProcess.place());
        for (String day : DAYS) {
            Path file = folder.resolve("events.parquet");
            writeEvents(file, day);
            front.s3.putObject(
                    b -> b.bucket(BUCKET).key("events/day=" + day + "/part.parquet"), file);
        }
        createTable();
    }

    private static void writeEvents(Path file, String day) throws Exception {
        Files.deleteIfExists(file);
        String rows =
                day.equals(DAYS.getFirst())
                        ? """
                        (1, 'plain', 12.50, timestamp '2024-01-01 10:11:12.345', ['a', NULL, 'c'],
                            map {'k': 7}, {'x': 1, 'y': 'deep'}, true, 1.5),
                        (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
                        (3, '', -0.01, NULL, [], NULL, NULL, false, 1e10)\
                        """
                        : """
                        (4, 'quote " comma , line
                        é 漢 🎈', 99999999.99, NULL, NULL, NULL, NULL, NULL, NULL)\
                        """;
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement()) {
            statement.execute(
                    """
                    COPY (SELECT id::bigint AS id, name::varchar AS name,
                            amount::decimal(10,2) AS amount, happened::timestamp AS happened,
                            tags::varchar[] AS tags, attributes::map(varchar, integer) AS attributes,
                            inner_part::struct(x integer, y varchar) AS inner_part,
                            flag::boolean AS flag, ratio::double AS ratio
                        FROM (VALUES %s) t(id, name, amount, happened, tags, attributes, inner_part,
                            flag, ratio))
                    TO '%s' (FORMAT parquet)\
                    """
                            .formatted(rows, file));
        }
    }

    private static void createTable() {
        StorageDescriptor storage =
                StorageDescriptor.builder()
                        .columns(
                                column("id", "bigint"),
                                column("name", "string"),
                                column("amount", "decimal(10,2)"),
                                column("happened", "timestamp"),
                                column("tags", "array<string>"),
                                column("attributes", "map<string,int>"),
                                column("inner_part", "struct<x:int,y:string>"),
                                column("flag", "boolean"),
                                column("ratio", "double"))
                        .location("s3://" + BUCKET + "/events/")
                        .inputFormat(
                                "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat")
                        .outputFormat(
                                "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat")
                        .serdeInfo(
                                s ->
                                        s.serializationLibrary(
                                                "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"))
                        .build();
        front.glue.createTable(
                b ->
                        b.databaseName(DATABASE)
                                .tableInput(
                                        t ->
                                                t.name("events")
                                                        .tableType("EXTERNAL_TABLE")
                                                        .partitionKeys(column("day", "string"))
                                                        .storageDescriptor(storage)));
        List<PartitionInput> partitions = new ArrayList<>();
        for (String day : DAYS) {
            partitions.add(
                    PartitionInput.builder()
                            .values(day)
                            .storageDescriptor(
                                    storage.toBuilder()
                                            .location("s3://" + BUCKET + "/events/day=" + day)
                                            .build())
                            .build());
        }
        front.glue.batchCreatePartition(
                b -> b.databaseName(DATABASE).tableName("events").partitionInputList(partitions));
    }

    private static Column column(String name, String type) {
        return Column.builder().name(name).type(type).build();
    }

    @AfterAll
    static void stop() {
        if (front != null) {
            front.close();
        }
    }

    @Test
    void writesEveryTypeAsAthenaDoes() throws Exception {
        QueryExecution query = front.run("SELECT * FROM events ORDER BY id");

        assertThat(query.status().stateChangeReason()).isNull();
        assertThat(query.resultConfiguration().outputLocation())
                .isEqualTo("s3://%s/queries/%s.csv", RESULTS, query.queryExecutionId());
        assertThat(front.object(query.resultConfiguration().outputLocation()))
                .isEqualTo(
                        """
                        "id","name","amount","happened","tags","attributes","inner_part","flag","ratio","day"
                        "1","plain","12.50","2024-01-01 10:11:12.345","[a, null, c]","{k=7}","{x=1, y=deep}","true","1.5","2024-01-01"
                        "2",,,,,,,,,"2024-01-01"
                        "3","","-0.01",,"[]",,,"false","1.0E10","2024-01-01"
                        "4","quote "" comma , line
                        é 漢 🎈","99999999.99",,,,,,,"2024-01-02"
                        """);
        GetQueryResultsResponse results = front.results(query.queryExecutionId());
        assertThat(AthenaFront.values(results.resultSet().rows().getFirst()))
                .startsWith("id", "name", "amount");
        assertThat(AthenaFront.values(results.resultSet().rows().get(2)))
                .startsWith("2", "null", "null");
        assertThat(AthenaFront.values(results.resultSet().rows().get(3))).startsWith("3", "");
        assertThat(AthenaFront.values(results.resultSet().rows().getLast()).get(1))
                .isEqualTo("quote \" comma , line\né 漢 🎈");
        assertThat(results.resultSet().resultSetMetadata().columnInfo())
                .extracting(ColumnInfo::type)
                .containsExactly(
                        "bigint",
                        "varchar",
                        "decimal",
                        "timestamp",
                        "array",
                        "map",
                        "row",
                        "boolean",
                        "double",
                        "varchar");
        ColumnInfo amount = results.resultSet().resultSetMetadata().columnInfo().get(2);
        assertThat(amount.precision()).isEqualTo(10);
        assertThat(amount.scale()).isEqualTo(2);
        assertThat(amount.caseSensitive()).isFalse();
        assertThat(amount.nullableAsString()).isEqualTo("UNKNOWN");
    }

    @Test
    void tellsWhatAQueryCost() throws Exception {
        QueryExecution query = front.run("SELECT sum(amount) FROM events");

        assertThat(query.statementType()).isEqualTo(StatementType.DML);
        assertThat(query.substatementType()).isEqualTo("SELECT");
        assertThat(query.workGroup()).isEqualTo("analysts");
        assertThat(query.statistics().dataScannedInBytes()).isPositive();
        assertThat(query.statistics().engineExecutionTimeInMillis()).isPositive();
        assertThat(query.statistics().totalExecutionTimeInMillis())
                .isGreaterThanOrEqualTo(query.statistics().engineExecutionTimeInMillis());
        assertThat(query.status().completionDateTime())
                .isAfterOrEqualTo(query.status().submissionDateTime());
        var rows =
                front.athena
                        .getQueryRuntimeStatistics(
                                b -> b.queryExecutionId(query.queryExecutionId()))
                        .queryRuntimeStatistics()
                        .rows();
        assertThat(rows.inputRows()).isEqualTo(4);
        assertThat(rows.outputRows()).isEqualTo(1);
    }

    @Test
    void readsOnlyThePartitionsThatAreAskedFor() throws Exception {
        long all = front.run("SELECT name FROM events").statistics().dataScannedInBytes();
        long one =
                front.run("SELECT name FROM events WHERE day = '2024-01-02'")
                        .statistics()
                        .dataScannedInBytes();

        assertThat(one).isPositive().isLessThan(all);
        assertThat(front.rows("SELECT DISTINCT \"$path\" FROM events WHERE day = '2024-01-02'"))
                .containsExactly(List.of("s3://" + BUCKET + "/events/day=2024-01-02/part.parquet"));
    }

    @Test
    void pagesThroughManyRows() throws Exception {
        String id =
                front.run("SELECT x, 'é' FROM UNNEST(sequence(1, 2500)) t(x) ORDER BY x")
                        .queryExecutionId();

        List<Integer> sizes = new ArrayList<>();
        List<String> firsts = new ArrayList<>();
        front.athena
                .getQueryResultsPaginator(b -> b.queryExecutionId(id))
                .forEach(
                        page -> {
                            sizes.add(page.resultSet().rows().size());
                            page.resultSet()
                                    .rows()
                                    .forEach(
                                            row ->
                                                    firsts.add(
                                                            row.data().getFirst().varCharValue()));
                        });
        assertThat(sizes).containsExactly(1000, 1000, 501);
        assertThat(firsts).hasSize(2501).startsWith("x", "1").endsWith("2500");
        assertThatThrownBy(
                        () ->
                                front.athena.getQueryResults(
                                        b -> b.queryExecutionId(id).maxResults(1001)))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void writesAMillionRows() throws Exception {
        QueryExecution query =
                front.run(
                        """
                        SELECT a.x * 1000 + b.x, 'some text'
                        FROM UNNEST(sequence(0, 999)) a(x), UNNEST(sequence(1, 1000)) b(x)\
                        """);

        assertThat(query.status().state()).isEqualTo(QueryExecutionState.SUCCEEDED);
        assertThat(
                        front.object(query.resultConfiguration().outputLocation())
                                .chars()
                                .filter(c -> c == '\n')
                                .count())
                .isEqualTo(1_000_001);
    }

    @Test
    void saysWhereAQueryIsWrong() throws Exception {
        QueryExecution query = front.run("SELECT id,\n  nothing FROM events");

        assertThat(query.status().state()).isEqualTo(QueryExecutionState.FAILED);
        assertThat(query.status().stateChangeReason())
                .isEqualTo("COLUMN_NOT_FOUND: line 2:3: Column 'nothing' cannot be resolved");
        assertThat(query.status().athenaError().errorCategory()).isEqualTo(2);
        assertThat(query.status().athenaError().retryable()).isFalse();
        assertThat(front.run("SELECT 1 FROM").status().stateChangeReason())
                .startsWith("SYNTAX_ERROR: line 1:14:");
        assertThat(front.run("SELECT 1 / 0").status().stateChangeReason())
                .isEqualTo("DIVISION_BY_ZERO: Division by zero");
        assertThatThrownBy(() -> front.results(query.queryExecutionId()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("Final query state: FAILED");
    }

    @Test
    void cancels() throws Exception {
        String id = front.start(endless());
        front.await(id, query -> query.status().state() == QueryExecutionState.RUNNING);

        front.athena.stopQueryExecution(b -> b.queryExecutionId(id));

        QueryExecution stopped = front.end(id);
        assertThat(stopped.status().state()).isEqualTo(QueryExecutionState.CANCELLED);
        assertThat(stopped.status().completionDateTime()).isNotNull();
        // The engine is free again: more such queries than run at once, and one that is answered.
        for (int i = 0; i < 5; i++) {
            String next = front.start(endless());
            front.athena.stopQueryExecution(b -> b.queryExecutionId(next));
        }
        assertThat(front.rows("SELECT 1")).containsExactly(List.of("1"));
    }

    private static String endless() {
        return """
        SELECT count(*) FROM UNNEST(sequence(1, 10000)) a(x), UNNEST(sequence(1, 10000)) b(x),
            UNNEST(sequence(1, 10000)) c(x)\
        """;
    }

    @Test
    void stopsAQueryThatReadsTooMuch() throws Exception {
        QueryExecution query =
                front.end(front.start("SELECT * FROM events", b -> b.workGroup(THRIFTY)));

        assertThat(query.status().state()).isEqualTo(QueryExecutionState.CANCELLED);
        assertThat(query.status().stateChangeReason())
                .contains("Bytes scanned limit was exceeded", "1000 bytes");
    }

    @Test
    void makesATableOfAQuery() throws Exception {
        QueryExecution query =
                front.run(
                        """
                        CREATE TABLE spend WITH (format = 'ORC', write_compression = 'SNAPPY',
                            partitioned_by = ARRAY['day']) AS SELECT id, amount, day FROM events\
                        """);

        assertThat(query.status().stateChangeReason()).isNull();
        assertThat(query.statementType()).isEqualTo(StatementType.DDL);
        assertThat(query.substatementType()).isEqualTo("CREATE_TABLE_AS_SELECT");
        assertThat(front.results(query.queryExecutionId()).updateCount()).isEqualTo(4);
        assertThat(front.rows("SELECT count(*), sum(amount) FROM spend"))
                .containsExactly(List.of("4", "100000012.48"));
        assertThat(front.rows("SHOW PARTITIONS spend"))
                .containsExactly(List.of("day=2024-01-01"), List.of("day=2024-01-02"));
        assertThat(
                        front.glue
                                .getTable(b -> b.databaseName(DATABASE).name("spend"))
                                .table()
                                .storageDescriptor()
                                .location())
                .isEqualTo(
                        "s3://%s/queries/tables/%s/".formatted(RESULTS, query.queryExecutionId()));

        assertThat(manifest(query)).isEqualTo(objects(RESULTS, "queries/tables/")).hasSize(2);

        QueryExecution insert =
                front.run("INSERT INTO spend VALUES (9, DECIMAL '1.00', '2024-01-03')");
        assertThat(insert.status().stateChangeReason()).isNull();
        assertThat(manifest(insert))
                .singleElement()
                .asString()
                .contains("/day=2024-01-03/")
                .isIn(objects(RESULTS, "queries/tables/"));
        assertThat(front.rows("SELECT amount FROM spend WHERE day = '2024-01-03'"))
                .containsExactly(List.of("1.00"));
        front.rows("DROP TABLE spend");
        assertThat(front.run("SELECT 1 FROM spend").status().stateChangeReason())
                .startsWith("TABLE_NOT_FOUND");
    }

    @Test
    void keepsViews() throws Exception {
        front.rows("CREATE OR REPLACE VIEW named AS SELECT id, name FROM events WHERE name <> ''");

        assertThat(front.rows("SELECT id FROM named ORDER BY id"))
                .containsExactly(List.of("1"), List.of("4"));
        assertThat(front.rows("SHOW VIEWS")).containsExactly(List.of("named"));
        assertThat(front.rows("SHOW CREATE VIEW named").getFirst().getFirst())
                .startsWith("CREATE VIEW awsdatacatalog.lake.named");
        front.rows("DROP VIEW named");
        assertThat(front.rows("SHOW VIEWS")).isEmpty();
    }

    @Test
    void readsATableOfTextThatAthenasDdlMade() throws Exception {
        front.s3.putObject(
                b -> b.bucket(BUCKET).key("notes/year=2024/notes.csv"),
                software.amazon.awssdk.core.sync.RequestBody.fromString("1;one\n2;two\n"));
        front.rows(
                """
                CREATE EXTERNAL TABLE `notes` (`id` int, `note` string COMMENT 'free text')
                PARTITIONED BY (`year` int)
                ROW FORMAT DELIMITED FIELDS TERMINATED BY ';'
                LOCATION 's3://%s/notes/'\
                """
                        .formatted(BUCKET));
        assertThat(front.rows("SELECT * FROM notes")).isEmpty();

        front.rows("MSCK REPAIR TABLE notes");

        assertThat(front.rows("SELECT note, year FROM notes WHERE id = 2"))
                .containsExactly(List.of("two", "2024"));
        front.rows("ALTER TABLE notes DROP PARTITION (year = '2024')");
        assertThat(front.rows("SELECT * FROM notes")).isEmpty();
        front.rows("ALTER TABLE notes ADD IF NOT EXISTS PARTITION (year = '2024')");
        assertThat(front.rows("SELECT count(*) FROM notes")).containsExactly(List.of("2"));
    }

    @Test
    void unloads() throws Exception {
        QueryExecution query =
                front.run(
                        """
                        UNLOAD (SELECT id, name FROM events)
                        TO 's3://%s/unloaded' WITH (format = 'PARQUET', compression = 'GZIP')\
                        """
                                .formatted(BUCKET));

        assertThat(query.status().stateChangeReason()).isNull();
        assertThat(front.s3.listObjectsV2(b -> b.bucket(BUCKET).prefix("unloaded/")).contents())
                .isNotEmpty()
                .extracting(S3Object::size)
                .allSatisfy(size -> assertThat(size).isPositive());
        assertThat(manifest(query)).isEqualTo(objects(BUCKET, "unloaded/")).isNotEmpty();
        assertThat(front.rows("SHOW TABLES 'unload*'")).isEmpty();
    }

    /** What a query says that it has written. */
    private static List<String> manifest(QueryExecution query) {
        String location = query.statistics().dataManifestLocation();
        assertThat(location).endsWith("/" + query.queryExecutionId() + "-manifest.csv");
        return front.object(location).lines().toList();
    }

    private static List<String> objects(String bucket, String prefix) {
        return front.s3.listObjectsV2(b -> b.bucket(bucket).prefix(prefix)).contents().stream()
                .map(object -> "s3://" + bucket + "/" + object.key())
                .toList();
    }

    @Test
    void fillsInParameters() throws Exception {
        String id =
                front.start(
                        "SELECT ?, name FROM events WHERE id = ?",
                        b -> b.executionParameters("'it''s'", "1"));
        assertThat(front.end(id).executionParameters()).containsExactly("'it''s'", "1");
        assertThat(AthenaFront.values(front.results(id).resultSet().rows().getLast()))
                .containsExactly("it's", "plain");

        front.rows("PREPARE by_id FROM SELECT name FROM events WHERE id = ?");
        assertThat(front.rows("EXECUTE by_id USING 1")).containsExactly(List.of("plain"));
        assertThat(
                        front.athena
                                .getPreparedStatement(
                                        b -> b.statementName("by_id").workGroup("analysts"))
                                .preparedStatement()
                                .queryStatement())
                .isEqualTo("SELECT name FROM events WHERE id = ?");
        front.rows("DEALLOCATE PREPARE by_id");
        assertThatThrownBy(() -> front.start("EXECUTE by_id USING 1"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("by_id was not found");
    }

    @Test
    void reusesTheResultOfTheSameQuery() throws Exception {
        String sql = "SELECT name FROM events WHERE id < ? ORDER BY id";
        QueryExecution first = front.end(front.start(sql, b -> b.executionParameters("3")));
        String output = first.resultConfiguration().outputLocation();
        assertThat(isReused(first)).isFalse();

        String id =
                front.start(
                        sql + ";",
                        b -> b.executionParameters("3").resultReuseConfiguration(within(AN_HOUR)));
        QueryExecution again = front.end(id);

        assertThat(isReused(again)).isTrue();
        assertThat(again.status().state()).isEqualTo(QueryExecutionState.SUCCEEDED);
        assertThat(again.resultConfiguration().outputLocation()).isEqualTo(output);
        assertThat(again.statistics().dataScannedInBytes()).isZero();
        assertThat(
                        again.resultReuseConfiguration()
                                .resultReuseByAgeConfiguration()
                                .maxAgeInMinutes())
                .isEqualTo(AN_HOUR);
        assertThat(front.results(id).resultSet())
                .isEqualTo(front.results(first.queryExecutionId()).resultSet());

        assertThat(isReused(reuse(sql, b -> b.executionParameters("2")))).isFalse();
        assertThat(isReused(reuse(sql, b -> b.executionParameters("3")))).isTrue();
        assertThat(
                        isReused(
                                reuse(
                                        sql.replace("events", DATABASE + ".events"),
                                        b -> b.executionParameters("3"))))
                .isFalse();
        assertThat(
                        isReused(
                                reuse(
                                        sql,
                                        b ->
                                                b.executionParameters("3")
                                                        .workGroup("primary")
                                                        .resultConfiguration(
                                                                c ->
                                                                        c.outputLocation(
                                                                                "s3://"
                                                                                        + RESULTS)))))
                .isFalse();
        QueryExecution tooOld =
                front.end(
                        front.start(
                                sql,
                                b ->
                                        b.executionParameters("3")
                                                .resultReuseConfiguration(within(0))));
        assertThat(isReused(tooOld)).isFalse();

        Place newest = Place.of(tooOld.resultConfiguration().outputLocation());
        front.s3.deleteObject(b -> b.bucket(newest.bucket()).key(newest.key()));
        assertThat(
                        reuse(sql, b -> b.executionParameters("3"))
                                .resultConfiguration()
                                .outputLocation())
                .isEqualTo(output);
    }

    @Test
    void runsAgainWhatMayAnswerOtherwise() throws Exception {
        for (String sql : List.of("SELECT id FROM events LIMIT 1", "SELECT rand() AS x")) {
            front.rows(sql);
            assertThat(isReused(reuse(sql, b -> {}))).as(sql).isFalse();
        }
        front.rows("PREPARE changing FROM SELECT 1 AS a");
        front.rows("EXECUTE changing");
        assertThat(isReused(reuse("EXECUTE changing", b -> {}))).isTrue();
        front.rows("PREPARE changing FROM SELECT 2 AS a");
        QueryExecution changed = reuse("EXECUTE changing", b -> {});
        assertThat(isReused(changed)).isFalse();
        assertThat(
                        AthenaFront.values(
                                front.results(changed.queryExecutionId())
                                        .resultSet()
                                        .rows()
                                        .getLast()))
                .containsExactly("2");
        assertThatThrownBy(
                        () ->
                                front.start(
                                        "SELECT 1",
                                        b -> b.resultReuseConfiguration(within(10_081))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("from 0 to 10080");
    }

    private static Consumer<ResultReuseConfiguration.Builder> within(int minutes) {
        return reuse ->
                reuse.resultReuseByAgeConfiguration(b -> b.enabled(true).maxAgeInMinutes(minutes));
    }

    private static QueryExecution reuse(
            String sql, Consumer<StartQueryExecutionRequest.Builder> more) throws Exception {
        return front.end(
                front.start(sql, more.andThen(b -> b.resultReuseConfiguration(within(AN_HOUR)))));
    }

    private static boolean isReused(QueryExecution query) {
        return query.statistics().resultReuseInformation().reusedPreviousResult();
    }

    @Test
    void explains() throws Exception {
        QueryExecution query = front.run("EXPLAIN SELECT count(*) FROM events");

        assertThat(query.statementType()).isEqualTo(StatementType.UTILITY);
        assertThat(query.resultConfiguration().outputLocation()).endsWith(".txt");
        assertThat(front.object(query.resultConfiguration().outputLocation()))
                .contains("Fragment 0", "awsdatacatalog:lake:events");
    }

    @Test
    void runsOnAfterTheEngineWasKilled() throws Exception {
        assertThat(front.rows("SELECT 1")).hasSize(1);
        String id = front.start(endless());
        front.await(id, query -> query.status().state() == QueryExecutionState.RUNNING);

        engine().destroyForcibly();

        QueryExecution lost = front.end(id);
        assertThat(lost.status().state()).isEqualTo(QueryExecutionState.FAILED);
        assertThat(lost.status().stateChangeReason())
                .contains("The Athena engine went away", "Run the query again");
        assertThat(lost.status().athenaError().retryable()).isTrue();
        assertThat(front.rows("SELECT count(*) FROM events")).containsExactly(List.of("4"));
    }

    @Test
    void restsWhenNobodyHasUsedItForLongAndIsThereAgainWhenSomebodyAsks() throws Exception {
        String id = front.start(endless());
        front.await(id, query -> query.status().state() == QueryExecutionState.RUNNING);
        ProcessHandle engine = engine();

        front.idle(TrinoProcess.IDLE);
        QueryExecutionState busy = front.await(id, query -> true).status().state();
        front.athena.stopQueryExecution(b -> b.queryExecutionId(id));
        while (engine.isAlive()) {
            front.idle(TrinoProcess.IDLE);
            engine.onExit().completeOnTimeout(engine, 100, TimeUnit.MILLISECONDS).join();
        }

        assertThat(busy).isEqualTo(QueryExecutionState.RUNNING);
        assertThat(front.rows("SELECT count(*) FROM events")).containsExactly(List.of("4"));
        assertThat(engine().pid()).isNotEqualTo(engine.pid());
    }

    @Test
    void isClosedToOthers() throws Exception {
        front.rows("SELECT 1");
        String port =
                Files.readAllLines(folder.resolve("engine/config.properties")).stream()
                        .filter(line -> line.startsWith("http-server.http.port="))
                        .map(line -> line.substring(line.indexOf('=') + 1))
                        .findFirst()
                        .orElseThrow();
        URI statement = URI.create("http://127.0.0.1:" + port + "/v1/statement");
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest.Builder post =
                    HttpRequest.newBuilder(statement)
                            .header("X-Trino-User", "athena")
                            .POST(HttpRequest.BodyPublishers.ofString("SELECT 1"));
            assertThat(http.send(post.build(), BodyHandlers.discarding()).statusCode())
                    .isEqualTo(403);
            post.header("X-Forwarded-Proto", "https");
            assertThat(http.send(post.build(), BodyHandlers.discarding()).statusCode())
                    .isEqualTo(401);
        }
    }

    private static ProcessHandle engine() throws IOException {
        return ProcessHandle.current()
                .children()
                .filter(
                        child ->
                                child.info()
                                        .commandLine()
                                        .orElse("")
                                        .contains(folder.resolve("engine").toString()))
                .findFirst()
                .orElseThrow(() -> new IOException("There is no engine's process"));
    }
}
