package io.amcinsights.local.athena;

import static io.amcinsights.local.athena.AthenaFront.BUCKET;
import static io.amcinsights.local.athena.AthenaFront.DATABASE;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import software.amazon.awssdk.services.glue.model.Column;
import software.amazon.awssdk.services.glue.model.PartitionInput;
import software.amazon.awssdk.services.glue.model.StorageDescriptor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;

/**
 * A type that widens is given to the table first and to the partitions one after the other: what is
 * read between is read exactly.
 */
class PartitionTypesTest {

    @TempDir static Path folder;

    private static AthenaFront front;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(
                TrinoProcess.isIn(TrinoProcess.place()),
                "skipped: the engine is not built; run mvn -pl backend/engine package");
        front = new AthenaFront(folder, TrinoProcess.place());
    }

    @AfterAll
    static void stop() {
        if (front != null) {
            front.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "bigint, 'decimal(38,4)', 9007199254740993, 9007199254740993.0000",
        "bigint, 'decimal(38,10)', -5, -5.0000000000",
        "bigint, double, 7, 7.0E0",
        "bigint, string, 9007199254740993, 9007199254740993",
        "'decimal(38,4)', 'decimal(38,10)', 1.25, 1.2500000000",
        "'decimal(38,4)', double, 1.25, 1.25E0",
        "'decimal(38,4)', string, 1.25, 1.2500",
        "double, string, 1.5, 1.5",
        "boolean, string, true, TRUE",
        "date, string, 2026-11-23, 2026-11-23",
        "timestamp, string, 2026-11-23 10:15:30.123, 2026-11-23 10:15:30.123"
    })
    void aNarrowerPartitionIsReadExactly(String narrow, String wide, String value, String meant)
            throws Exception {
        String table = "t%x".formatted((narrow + wide).hashCode());
        Path file = folder.resolve(table + ".parquet");
        Files.deleteIfExists(file);
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement()) {
            statement.execute(
                    "COPY (SELECT 1::bigint AS id, CAST('%s' AS %s) AS v) TO '%s' (FORMAT parquet)"
                            .formatted(value, narrow, file));
        }
        front.s3.putObject(b -> b.bucket(BUCKET).key(table + "/p=1/0/a.parquet"), file);
        front.glue.createTable(
                b ->
                        b.databaseName(DATABASE)
                                .tableInput(
                                        t ->
                                                t.name(table)
                                                        .tableType("EXTERNAL_TABLE")
                                                        .partitionKeys(column("p", "string"))
                                                        .storageDescriptor(
                                                                storage(table + "/", wide))));
        front.glue.batchCreatePartition(
                b ->
                        b.databaseName(DATABASE)
                                .tableName(table)
                                .partitionInputList(
                                        PartitionInput.builder()
                                                .values("1")
                                                .storageDescriptor(
                                                        storage(table + "/p=1/0/", narrow))
                                                .build()));

        assertThat(front.rows("SELECT CAST(v AS varchar), id FROM " + table))
                .containsExactly(List.of(meant, "1"));
    }

    private static StorageDescriptor storage(String folder, String type) {
        return StorageDescriptor.builder()
                .columns(column("id", "bigint"), column("v", type))
                .location("s3://%s/%s".formatted(BUCKET, folder))
                .inputFormat("org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat")
                .outputFormat("org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat")
                .serdeInfo(
                        s ->
                                s.serializationLibrary(
                                        "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"))
                .build();
    }

    private static Column column(String name, String type) {
        return Column.builder().name(name).type(type).build();
    }
}
