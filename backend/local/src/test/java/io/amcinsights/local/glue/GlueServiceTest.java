package io.amcinsights.local.glue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amcinsights.local.http.AccessKeys;
import io.amcinsights.local.http.AccessKeys.AccessKey;
import io.amcinsights.local.http.Front;
import io.amcinsights.local.store.Database;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.AlreadyExistsException;
import software.amazon.awssdk.services.glue.model.Column;
import software.amazon.awssdk.services.glue.model.ConcurrentModificationException;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;
import software.amazon.awssdk.services.glue.model.InvalidInputException;
import software.amazon.awssdk.services.glue.model.Partition;
import software.amazon.awssdk.services.glue.model.PartitionInput;
import software.amazon.awssdk.services.glue.model.PartitionValueList;
import software.amazon.awssdk.services.glue.model.Segment;
import software.amazon.awssdk.services.glue.model.Table;
import software.amazon.awssdk.services.glue.model.TableInput;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The catalogue as the AWS SDK meets it, over the real door. */
class GlueServiceTest {

    private static final String REGION = "us-east-1";

    @TempDir Path folder;

    private Database database;
    private Front front;
    private GlueClient glue;

    @BeforeEach
    void start() throws IOException {
        database = Database.open(folder.resolve("test.db"));
        AccessKeys keys = new AccessKeys(database);
        AccessKey key = keys.of("test");
        Catalogue catalogue = new Catalogue(database, "111122223333", Clock.systemUTC());
        front =
                Front.start(
                        0, REGION, keys, Clock.systemUTC(), List.of(new GlueService(catalogue)));
        glue =
                GlueClient.builder()
                        .endpointOverride(front.uri())
                        .region(Region.of(REGION))
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create(key.id(), key.secret())))
                        .httpClient(UrlConnectionHttpClient.create())
                        .build();
        glue.createDatabase(b -> b.databaseInput(d -> d.name("Lake")));
    }

    @AfterEach
    void stop() {
        glue.close();
        front.close();
        database.close();
    }

    @Test
    void keepsTablesAndTheirVersions() {
        glue.createTable(b -> b.databaseName("lake").tableInput(reach("reach")));

        Table first = glue.getTable(b -> b.databaseName("LAKE").name("Reach")).table();
        assertThat(first.name()).isEqualTo("reach");
        assertThat(first.databaseName()).isEqualTo("lake");
        assertThat(first.storageDescriptor().location()).isEqualTo("s3://lake/reach/");
        assertThat(first.partitionKeys()).extracting(Column::name).containsExactly("day", "week");
        assertThat(first.createTime()).isNotNull();

        TableInput wider = reach("reach").toBuilder().description("wider").build();
        glue.updateTable(
                b ->
                        b.databaseName("lake")
                                .tableInput(wider)
                                .versionId(first.versionId())
                                .skipArchive(true));
        assertThat(glue.getTable(b -> b.databaseName("lake").name("reach")).table().description())
                .isEqualTo("wider");
        assertThatThrownBy(
                        () ->
                                glue.updateTable(
                                        b ->
                                                b.databaseName("lake")
                                                        .tableInput(wider)
                                                        .versionId(first.versionId())))
                .isInstanceOf(ConcurrentModificationException.class);
        assertThatThrownBy(() -> glue.createTable(b -> b.databaseName("lake").tableInput(wider)))
                .isInstanceOf(AlreadyExistsException.class);
    }

    @Test
    void saysWhatIsMissing() {
        assertThatThrownBy(() -> glue.getDatabase(b -> b.name("other")))
                .isInstanceOf(EntityNotFoundException.class)
                .hasMessageContaining("Database other not found.");
        assertThatThrownBy(() -> glue.getTable(b -> b.databaseName("lake").name("none")))
                .isInstanceOf(EntityNotFoundException.class)
                .hasMessageContaining("Table none not found.");
    }

    @Test
    void pages() {
        IntStream.range(0, 130)
                .forEach(
                        n ->
                                glue.createTable(
                                        b ->
                                                b.databaseName("lake")
                                                        .tableInput(reach("t%03d".formatted(n)))));
        assertThat(
                        glue.getTablesPaginator(b -> b.databaseName("lake")).stream()
                                .flatMap(page -> page.tableList().stream())
                                .map(Table::name))
                .hasSize(130)
                .isSorted();
        assertThat(glue.getTables(b -> b.databaseName("lake").expression("t00.*")).tableList())
                .hasSize(10);
    }

    @Test
    void findsPartitionsByExpression() {
        glue.createTable(b -> b.databaseName("lake").tableInput(reach("reach")));
        List<PartitionInput> inputs = new ArrayList<>();
        for (int n = 1; n <= 12; n++) {
            inputs.add(partition("2026-%02d-01".formatted(n), Integer.toString(n * 4)));
        }
        assertThat(
                        glue.batchCreatePartition(
                                        b ->
                                                b.databaseName("lake")
                                                        .tableName("reach")
                                                        .partitionInputList(inputs))
                                .errors())
                .isEmpty();
        assertThat(
                        glue.batchCreatePartition(
                                        b ->
                                                b.databaseName("lake")
                                                        .tableName("reach")
                                                        .partitionInputList(inputs.getFirst()))
                                .errors()
                                .getFirst()
                                .errorDetail()
                                .errorCode())
                .isEqualTo("AlreadyExistsException");

        assertThat(weeks("week >= 9 and week < 17")).containsExactly("12", "16");
        assertThat(weeks("day = '2026-03-01' OR (week in (4, 40))"))
                .containsExactlyInAnyOrder("12", "4", "40");
        assertThat(weeks("day between '2026-02-01' and '2026-03-31' and not week = 12"))
                .containsExactly("8");
        assertThat(weeks("day like '2026-1%'")).containsExactly("40", "44", "48");
        assertThatThrownBy(() -> weeks("brand = 'x'")).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> weeks("week == 4")).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void givesEachPartitionToOneSegment() {
        glue.createTable(b -> b.databaseName("lake").tableInput(reach("reach")));
        List<PartitionInput> inputs =
                IntStream.range(0, 50)
                        .mapToObj(n -> partition("2026-01-01", Integer.toString(n)))
                        .toList();
        glue.batchCreatePartition(
                b -> b.databaseName("lake").tableName("reach").partitionInputList(inputs));

        List<String> weeks = new ArrayList<>();
        for (int segment = 0; segment < 3; segment++) {
            Segment asked = Segment.builder().segmentNumber(segment).totalSegments(3).build();
            glue
                    .getPartitionsPaginator(
                            b ->
                                    b.databaseName("lake")
                                            .tableName("reach")
                                            .segment(asked)
                                            .maxResults(7))
                    .stream()
                    .flatMap(page -> page.partitions().stream())
                    .forEach(partition -> weeks.add(partition.values().get(1)));
        }
        assertThat(weeks).hasSize(50).doesNotHaveDuplicates();
    }

    @Test
    void changesAndDropsPartitions() {
        glue.createTable(b -> b.databaseName("lake").tableInput(reach("reach")));
        glue.createPartition(
                b ->
                        b.databaseName("lake")
                                .tableName("reach")
                                .partitionInput(partition("2026-01-01", "1")));
        glue.updatePartition(
                b ->
                        b.databaseName("lake")
                                .tableName("reach")
                                .partitionValueList("2026-01-01", "1")
                                .partitionInput(partition("2026-01-01", "2")));

        assertThat(
                        glue.batchGetPartition(
                                        b ->
                                                b.databaseName("lake")
                                                        .tableName("reach")
                                                        .partitionsToGet(
                                                                values("2026-01-01", "1"),
                                                                values("2026-01-01", "2")))
                                .partitions())
                .extracting(Partition::values)
                .containsExactly(List.of("2026-01-01", "2"));
        assertThatThrownBy(
                        () ->
                                glue.createPartition(
                                        b ->
                                                b.databaseName("lake")
                                                        .tableName("reach")
                                                        .partitionInput(p -> p.values("one"))))
                .isInstanceOf(InvalidInputException.class);

        glue.deleteTable(b -> b.databaseName("lake").name("reach"));
        glue.createTable(b -> b.databaseName("lake").tableInput(reach("reach")));
        assertThat(glue.getPartitions(b -> b.databaseName("lake").tableName("reach")).partitions())
                .isEmpty();
    }

    private List<String> weeks(String expression) {
        return glue
                .getPartitions(
                        b -> b.databaseName("lake").tableName("reach").expression(expression))
                .partitions()
                .stream()
                .map(partition -> partition.values().get(1))
                .toList();
    }

    private static PartitionValueList values(String... values) {
        return PartitionValueList.builder().values(values).build();
    }

    private static PartitionInput partition(String day, String week) {
        return PartitionInput.builder()
                .values(day, week)
                .storageDescriptor(
                        s -> s.location("s3://lake/reach/day=" + day + "/week=" + week + "/"))
                .build();
    }

    private static TableInput reach(String name) {
        return TableInput.builder()
                .name(name)
                .tableType("EXTERNAL_TABLE")
                .partitionKeys(column("day", "string"), column("week", "int"))
                .storageDescriptor(
                        s ->
                                s.location("s3://lake/" + name + "/")
                                        .columns(column("users", "bigint")))
                .build();
    }

    private static Column column(String name, String type) {
        return Column.builder().name(name).type(type).build();
    }
}
