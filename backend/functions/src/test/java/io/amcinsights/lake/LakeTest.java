package io.amcinsights.lake;

import static io.amcinsights.TestInstallation.ask;
import static io.amcinsights.TestInstallation.call;
import static io.amcinsights.TestInstallation.caught;
import static io.amcinsights.TestInstallation.refusal;
import static io.amcinsights.TestInstallation.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.Busy;
import io.amcinsights.StepFailed;
import io.amcinsights.TestInstallation;
import io.amcinsights.aws.MemoryS3;
import io.amcinsights.contract.Dataset;
import io.amcinsights.contract.DatasetSettings;
import io.amcinsights.contract.DatasetSettings.FilteredRows;
import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.LakeRequest;
import io.amcinsights.contract.LakeRequest.GetDatasetSettings;
import io.amcinsights.contract.LakeRequest.GetDelivery;
import io.amcinsights.contract.LakeRequest.ListDatasets;
import io.amcinsights.contract.LakeRequest.ListDeliveries;
import io.amcinsights.contract.LakeRequest.PreviewDelivery;
import io.amcinsights.contract.LakeRequest.PutDatasetSettings;
import io.amcinsights.contract.LakeRequest.ReconcileDeliveries;
import io.amcinsights.contract.LakeRequest.RedriveDeliveries;
import io.amcinsights.contract.LakeRequest.RedriveDelivery;
import io.amcinsights.contract.Quality;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

class LakeTest {

    private static final String TENANT = "amcr1aaaa1a";
    private static final String BUCKET = "bucket-one";
    private static final String KEY =
            "workflow=reach.v1/schedule=adhoc/2026-11-23T10:00:00.123Z-reach.v1.csv";
    private static final String EXECUTIONS = "/amc/reporting/amcr1aaaa1a/workflowExecutions";

    private final TestInstallation installation = new TestInstallation();
    private final LakeHandler lake = new LakeHandler(installation.functions());
    private final TransformHandler transform = new TransformHandler(installation.functions());

    @TempDir private Path folder;

    @BeforeEach
    void tenant() {
        installation.tenant(TENANT, BUCKET);
        installation.amc.on("GET", EXECUTIONS, 200, "{\"executions\":[]}");
    }

    @AfterEach
    void close() {
        installation.close();
    }

    @Test
    void valuesArriveExactlyAsTheyWereDelivered() throws Exception {
        Delivery delivery =
                load(
                        KEY,
                        """
                        campaign_id,Name,users,cost,share,day,seen,ntb,path,note
                        00123,"He said \\"hi\\", ok",9007199254740993,1.10,0.3333333333333333,2026-11-23,2026-11-23T10:15:30.123Z,true,"[[1, OTT], [2, Display]]",""
                        7,,2,99999999999999999999999999999999.25,1.0E-5,2026-11-24,,,"a\\\\b",
                        """);

        assertThat(delivery.status()).isEqualTo(Delivery.Status.LOADED);
        assertThat(delivery.rows()).isEqualTo(2);
        assertThat(delivery.dataset()).isEqualTo("reach_v1");
        assertThat(installation.glue.columns("reach_v1"))
                .containsExactly(
                        "campaign_id string",
                        "name string",
                        "users bigint",
                        "cost decimal(38,4)",
                        "share double",
                        "day date",
                        "seen timestamp",
                        "ntb boolean",
                        "path string",
                        "note string",
                        "delivery_id string",
                        "run_id string",
                        "parameters string",
                        "window_start timestamp",
                        "window_end timestamp",
                        "delivered_at timestamp");
        assertThat(rows("reach_v1", "*"))
                .containsExactly(
                        "00123|He said \"hi\","
                            + " ok|9007199254740993|1.1000|0.3333333333333333|2026-11-23|2026-11-23"
                            + " 10:15:30.123|true|[[1, OTT], [2, Display]]||"
                                + delivery.deliveryId()
                                + "|NULL|NULL|NULL|NULL|2026-11-23 10:15:30.123",
                        "7|NULL|2|99999999999999999999999999999999.2500|1.0E-5|2026-11-24|NULL|NULL|a\\b|NULL|"
                                + delivery.deliveryId()
                                + "|NULL|NULL|NULL|NULL|2026-11-23 10:15:30.123");
        assertThat(parquetKeys())
                .containsExactly(
                        "post-stage/reach_v1/tenant=amcr1aaaa1a/month=2026-11/0-0/%s.parquet"
                                .formatted(delivery.deliveryId()));
        assertThat(installation.glue.partitions())
                .singleElement()
                .satisfies(
                        p ->
                                assertThat(p.storageDescriptor().location())
                                        .isEqualTo(
                                                "s3://lake/post-stage/reach_v1/tenant=amcr1aaaa1a/month=2026-11/0-0/"));
        Dataset dataset = ask(lake, new ListDatasets()).datasets().getFirst();
        assertThat(dataset.rows()).isEqualTo(2);
        assertThat(dataset.database()).isEqualTo("amc_insights");
        assertThat(dataset.columns())
                .contains(new Dataset.Column("name", "Name", "varchar", ""))
                .extracting(Dataset.Column::name)
                .endsWith("delivered_at", "tenant", "month");
    }

    /** Written so that DuckDB reads it by itself, or so that only our own reader understands it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a,n\nx,1\n,2\n\"\",\n",
                "a,n\r\n\"x\",1\r\n,2\r\n\"\",\r\n",
                "\uFEFFa,n\nx,1\n,2\n\"\",",
                "a,n\nx,1\n,\"2\"\n\"\",\"\"\n",
                "a,n\nx,1\r\n,2\n\"\",\n",
                "a,n\n\nx,1\n,2\n\n\"\",\n",
                "a,n\rx,1\r,2\r\"\",\r"
            })
    void everyWayToWriteTheSameRowsGivesThem(String csv) throws Exception {
        load(KEY, csv);
        assertThat(rows("reach_v1", "a, n")).containsExactly("x|1", "NULL|2", "|NULL");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "`\"a \\\"b\\\", c\"`, `a \"b\", c`",
                "`\"a \"\"b\"\", c\"`, `a \"b\", c`",
                "`\"a \\\"b\"\" \"`, `a \"b\" `",
                "`\"a\\\\b\"`, `a\\b`",
                "`\"a\\b\"`, `a\\b`",
                "`a\\b`, `a\\b`",
                "`a\\\"b`, `a\\\"b`",
                "`a \"b\" c`, `a \"b\" c`",
                "`\"é 漢 🎈\"`, `é 漢 🎈`",
                "`\"two\nlines\"`, `two\nlines`",
                "`' or 1=1 --`, `' or 1=1 --`"
            })
    void aTextArrivesAsItWasMeant(String written, String meant) throws Exception {
        load(KEY, "text,n\n%s,1\n%s,2\n".formatted(written, written));
        assertThat(rows("reach_v1", "text")).containsExactly(meant, meant);
    }

    @Test
    void aTableMayBeWideAndItsRowsLong() throws Exception {
        List<String> names = IntStream.range(0, 3000).mapToObj(i -> "c" + i).toList();
        String wide = String.join(",", Collections.nCopies(3000, "1"));
        load(KEY, String.join(",", names) + "\n" + wide + "\n");
        assertThat(rows("reach_v1", "c0 + c2999")).containsExactly("2");

        String longText = "x".repeat(5_000_000);
        load(
                "workflow=long/schedule=adhoc/2026-11-23T10:00:00.123Z-long.csv",
                "text,n\n\"%s\",1\n".formatted(longText));
        assertThat(rows("long", "length(text)")).containsExactly("5000000");
    }

    @Test
    void theRunsOwnTypesAndWindowAreTaken() throws Exception {
        String execution =
                """
                {"workflowExecutionId":"e-1","workflowId":"reach.v1","status":"SUCCEEDED",
                 "createTime":"2026-11-23T10:00:00Z",
                 "timeWindowStart":"2026-10-01T04:00:00Z","timeWindowEnd":"2026-11-01T04:00:00Z",
                 "parameterValues":{"brand":"Kestrel","age":[2,1]},
                 "outputColumns":[{"name":"users","dataType":"LONG"},{"name":"cost","dataType":"DOUBLE"},
                  {"name":"zip","dataType":"LONG"},{"name":"word","dataType":"STRING"}]}\
                """;
        installation
                .amc
                .off("GET", EXECUTIONS)
                .on("GET", EXECUTIONS, 200, "{\"executions\":[%s]}".formatted(execution))
                .on(
                        "GET",
                        EXECUTIONS + "/e-1",
                        200,
                        execution
                                .replace("SUCCEEDED", "RUNNING")
                                .replaceAll(",\\s*\"outputC.*", "}"))
                .on("GET", EXECUTIONS + "/e-1", 200, execution);
        installation
                .ports
                .documents()
                .put("amc-execution/" + TENANT, "e-1", "{\"runId\":\"run-1\"}", 0, null);
        JsonNode claimed = claim(KEY, "users,cost,zip,word\n5,3,90210,1\n", "execution-1");
        String id = claimed.path("deliveryId").asText();

        assertThatThrownBy(() -> preStage(id)).isInstanceOf(Busy.class);
        finish(id);

        assertThat(installation.glue.columns("reach_v1"))
                .startsWith("users bigint", "cost double", "zip string", "word string");
        assertThat(
                        rows(
                                "reach_v1",
                                "users, cost, zip, word, run_id, parameters, window_start,"
                                        + " window_end"))
                .containsExactly(
                        "5|3.0|90210|1|run-1|{\"age\":[2,1],\"brand\":\"Kestrel\"}|2026-10-01"
                                + " 04:00:00.0|2026-11-01 04:00:00.0");
        assertThat(ask(lake, new GetDelivery(id)).runId()).isEqualTo("run-1");
    }

    @Test
    void ofTheSameWindowAndParametersTheLatestRowsAreTheNewest() throws Exception {
        String october = "2026-10-01T00:00:00Z";
        String november = "2026-11-01T00:00:00Z";
        executions(
                execution("e-1", "10:00", october, november, "{}"),
                execution("e-2", "10:01", october, november, "{\"brand\":\"Kestrel\"}"),
                execution("e-3", "10:02", october, november, "{}"),
                execution("e-4", "10:03", november, "2026-12-01T00:00:00Z", "{}"));
        Map<String, String> files = new LinkedHashMap<>();
        files.put(key(0), "1\n2\n");
        files.put(key(1), "3\n");
        files.put(key(2), "4\n5\n");
        files.put(key(3), "6\n");
        files.put(KEY.replace("10:00:00", "11:00:00"), "7\n");
        files.put(KEY.replace("10:00:00", "11:01:00"), "8\n");
        for (Map.Entry<String, String> file : files.entrySet()) {
            installation.clock.forward(Duration.ofSeconds(1));
            load(file.getKey(), "users\n" + file.getValue());
        }

        assertThat(latest("reach_v1", "users")).containsExactly("3", "4", "5", "6", "7", "8");
    }

    @Test
    void anAnswerWithoutRowsIsTheLatestToo() throws Exception {
        String october = "2026-10-01T00:00:00Z";
        String november = "2026-11-01T00:00:00Z";
        executions(
                execution("e-1", "10:00", october, november, "{\"brand\":\"O'Hara\"}"),
                execution("e-2", "10:01", october, november, "{\"brand\":\"Kestrel\"}"),
                execution("e-3", "10:02", october, november, "{\"brand\":\"O'Hara\"}"),
                execution("e-4", "10:03", october, november, "{\"brand\":\"O'Hara\"}"));
        load(key(0), "users\n1\n");
        load(key(1), "users\n2\n");
        assertThat(latest("reach_v1", "users")).containsExactly("1", "2");

        installation.clock.forward(Duration.ofSeconds(1));
        String none = claim(key(2), "users\n", "execution-1").path("deliveryId").asText();
        assertThat(preStage(none).path("empty").asBoolean()).isTrue();
        assertThat(latest("reach_v1", "users")).containsExactly("2");

        installation.clock.forward(Duration.ofSeconds(1));
        load(key(3), "users\n4\n");
        assertThat(latest("reach_v1", "users")).containsExactly("2", "4");
        assertThat(rows("reach_v1", "users")).containsExactlyInAnyOrder("1", "2", "4");
    }

    @Test
    void aWorkflowCannotTakeTheNameOfAViewOfTheLatest() throws Exception {
        Delivery delivery =
                load(
                        "workflow=reach.latest/schedule=adhoc/2026-11-23T10:00:00.123Z-reach.latest.csv",
                        "users\n1\n");
        assertThat(delivery.dataset()).matches("reach_latest_[0-9a-f]{8}");
    }

    @Test
    void theSameObjectIsOneDeliveryHoweverOftenItIsTold() throws Exception {
        Delivery first = load(KEY, "a\n1\n");
        JsonNode again = claim(KEY, "a\n1\n", "execution-2");

        assertThat(again.path("proceed").asBoolean()).isFalse();
        assertThat(again.path("deliveryId").asText()).isEqualTo(first.deliveryId());
        assertThat(ask(lake, new ListDeliveries(null, 10, null)).deliveries()).hasSize(1);

        JsonNode changed = claim(KEY, "a\n2\n", "execution-3");
        assertThat(changed.path("proceed").asBoolean()).isTrue();
        assertThat(changed.path("deliveryId").asText()).isNotEqualTo(first.deliveryId());
    }

    @Test
    void everyStepMayBeDoneAgain() throws Exception {
        String id = claim(KEY, "a\n1\n2\n", "execution-1").path("deliveryId").asText();
        assertThat(claim(KEY, "a\n1\n2\n", "execution-1").path("proceed").asBoolean()).isTrue();
        finish(id);
        finish(id);

        assertThat(rows("reach_v1", "a")).containsExactly("1", "2");
        Dataset dataset = ask(lake, new ListDatasets()).datasets().getFirst();
        assertThat(dataset.rows()).isEqualTo(2);
        assertThat(dataset.deliveries()).isEqualTo(1);
    }

    @Test
    void whatIsNothingToLoadIsIgnoredWithTheReason() {
        Map<String, String> reasons =
                Map.of(
                        "workflow=analytics-11111111-2222-3333-4444-555555555555/schedule=adhoc/2026-11-23T10:00:00.123Z-x.csv",
                        "console",
                        "workflow=w/schedule=adhoc/metadata/x.json",
                        "description",
                        "workflow=w/schedule=adhoc/x.txt",
                        "CSV",
                        "workflow=transient_1/schedule=adhoc/2026-11-23T10:00:00.123Z-x.csv",
                        "unsaved");
        reasons.forEach(
                (key, reason) -> {
                    JsonNode claimed = claim(key, "a\n1\n", "execution-1");
                    assertThat(claimed.path("proceed").asBoolean()).as(key).isFalse();
                    Delivery delivery =
                            ask(lake, new GetDelivery(claimed.path("deliveryId").asText()));
                    assertThat(delivery.status()).isEqualTo(Delivery.Status.IGNORED);
                    assertThat(delivery.reason()).contains(reason);
                });
        assertThat(ask(lake, new ListDeliveries(TENANT, 10, null)).deliveries()).hasSize(4);
    }

    @Test
    void aVersionOfAnAmcScheduleTakesItsWindowFromTheExecutionThatNamesIt() throws Exception {
        String key = "workflow=reach.v1/schedule=daily/2026-11-22-reach.v1-ver2.csv";
        String execution =
                """
                {"workflowExecutionId":"%s","workflowId":"reach.v1","status":"SUCCEEDED",
                 "createTime":"%s","outputS3URI":"s3://%s/%s",
                 "timeWindowStart":"%s","timeWindowEnd":"2026-11-22T14:00:00Z",
                 "outputColumns":[{"name":"users","dataType":"DOUBLE"}]}\
                """;
        String restated =
                execution.formatted(
                        "e-2", "2026-12-06T14:00:00Z", BUCKET, key, "2026-11-21T14:00:00Z");
        String first =
                execution.formatted(
                        "e-1",
                        "2026-11-22T20:00:00Z",
                        BUCKET,
                        key.replace("ver2", "ver1"),
                        "2026-11-01T00:00:00Z");
        installation
                .amc
                .off("GET", EXECUTIONS)
                .on("GET", EXECUTIONS, 200, "{\"executions\":[%s,%s]}".formatted(first, restated))
                .on("GET", EXECUTIONS + "/e-2", 200, restated);
        String id = claim(key, "users\n5\n", "execution-1").path("deliveryId").asText();
        finish(id);
        assertThat(rows("reach_v1", "users, window_start, window_end"))
                .containsExactly("5.0|2026-11-21 14:00:00.0|2026-11-22 14:00:00.0");
    }

    @Test
    void otherPeoplesBucketsLeaveNoTrace() {
        installation.s3.bucket("foreign");
        JsonNode claimed = claim("foreign", KEY, "a\n1\n", "execution-1");
        assertThat(claimed.path("proceed").asBoolean()).isFalse();
        assertThat(claimed.path("deliveryId").asText()).isEmpty();
        assertThat(ask(lake, new ListDeliveries(null, 10, null)).deliveries()).isEmpty();
    }

    @Test
    void aHeaderAloneIsEmpty() {
        String id = claim(KEY, "a,b\n", "execution-1").path("deliveryId").asText();
        assertThat(preStage(id).path("empty").asBoolean()).isTrue();

        Delivery delivery = ask(lake, new GetDelivery(id));
        assertThat(delivery.status()).isEqualTo(Delivery.Status.EMPTY);
        assertThat(delivery.reason()).contains("too few people");
        assertThat(ask(lake, new ListDatasets()).datasets()).isEmpty();
    }

    @Test
    void aWiderTypeIsGivenToOlderFilesToo() throws Exception {
        load(key(1), "cost,code,late\n5,1,\n");
        load(key(2), "cost,code,late,more\n1.25,1,7,x\n");
        load(key(3), "cost,code\n,abc\n");
        load(key(4), "cost\n6\n");

        assertThat(installation.glue.columns("reach_v1"))
                .startsWith(
                        "cost decimal(38,4)", "code string", "late bigint", "delivery_id string")
                .endsWith("delivered_at timestamp", "more string");
        assertThat(installation.glue.partitions())
                .allSatisfy(
                        p ->
                                assertThat(p.storageDescriptor().columns().getFirst().type())
                                        .isEqualTo("decimal(38,4)"));
        for (String file : parquetKeys()) {
            assertThat(types(file)).containsEntry("cost", "DECIMAL(38,4)");
            assertThat(types(file).getOrDefault("code", "VARCHAR")).isEqualTo("VARCHAR");
            assertThat(types(file).getOrDefault("late", "BIGINT")).isEqualTo("BIGINT");
        }
        assertThat(rows("reach_v1", "cost, code, late, more"))
                .containsExactlyInAnyOrder(
                        "5.0000|1|NULL|NULL",
                        "1.2500|1|7|x",
                        "NULL|abc|NULL|NULL",
                        "6.0000|NULL|NULL|NULL");
        Dataset dataset = ask(lake, new ListDatasets()).datasets().getFirst();
        assertThat(dataset.rows()).isEqualTo(4);
    }

    /** Whoever reads while a type widens reads the old files or the new ones, all of them. */
    @Test
    void readersAreLedFromTheOldFilesToTheNewOnesAtOnce() throws Exception {
        load(key(1), "cost\n5\n");
        List<String> old = parquetKeys();
        String wider = claim(key(2), "cost\n1.25\n", "execution-1").path("deliveryId").asText();
        JsonNode outcome = step(transform, preStage(wider).path("transform").toString());
        assertThat(parquetKeys()).isEqualTo(old);
        assertThat(types(old.getFirst())).containsEntry("cost", "BIGINT");

        assertThat(publish(wider, outcome).path("replan").asBoolean()).isFalse();
        assertThat(parquetKeys()).hasSize(2).doesNotContainAnyElementsOf(old);
        assertThat(rows("reach_v1", "cost")).containsExactlyInAnyOrder("5.0000", "1.2500");
        assertThat(lakeKeys()).containsAll(old);

        installation.clock.forward(Duration.ofHours(25));
        ask(lake, new ReconcileDeliveries());
        assertThat(lakeKeys()).doesNotContainAnyElementsOf(old).containsAll(parquetKeys());
    }

    @Test
    void manySmallFilesBecomeFewWithTheSameRows() throws Exception {
        for (int i = 0; i < 9; i++) {
            load(key(i), i == 4 ? "a,b\n%d,x\n".formatted(i) : "a\n%d\n".formatted(i));
        }
        Dataset before = ask(lake, new ListDatasets()).datasets().getFirst();
        ask(lake, new ReconcileDeliveries());
        assertThat(installation.machines.started).isEmpty(); // the month goes on

        installation.clock.forward(Duration.ofDays(9));
        ask(lake, new ReconcileDeliveries());
        JsonNode input = Json.mapper().readTree(installation.machines.started.getLast().input());
        assertThat(input.path("month").asText()).isEqualTo("2026-11");
        compact(input);

        assertThat(parquetKeys()).hasSize(1);
        assertThat(rows("reach_v1", "a, b"))
                .containsExactlyInAnyOrder(
                        "0|NULL", "1|NULL", "2|NULL", "3|NULL", "4|x", "5|NULL", "6|NULL", "7|NULL",
                        "8|NULL");
        Dataset after = ask(lake, new ListDatasets()).datasets().getFirst();
        assertThat(after.rows()).isEqualTo(9);
        assertThat(after.deliveries()).isEqualTo(9);
        assertThat(after.quality()).isEqualTo(before.quality());
        assertThat(after.bytes()).isLessThan(before.bytes()).isPositive();

        load(key(10), "a\n1.5\n");
        assertThat(rows("reach_v1", "sum(a)")).containsExactly("37.5000");
    }

    @Test
    void whatIsDeliveredWhileFilesAreMergedIsNotLost() throws Exception {
        for (int i = 0; i < 8; i++) {
            load(key(i), "a\n%d\n".formatted(i));
        }
        installation.clock.forward(Duration.ofDays(9));
        ask(lake, new ReconcileDeliveries());
        JsonNode input = Json.mapper().readTree(installation.machines.started.getLast().input());
        JsonNode planned = step(lake, with(input, "plan-compaction"));
        step(transform, planned.path("transform").toString());
        load(key(8), "a\n8\n");

        JsonNode done = step(lake, publishing(planned));
        assertThat(done.path("compacted").asBoolean()).isFalse();
        assertThat(rows("reach_v1", "sum(a)")).containsExactly("36");

        compact(input);
        assertThat(parquetKeys()).hasSize(1);
        assertThat(rows("reach_v1", "sum(a)")).containsExactly("36");
    }

    private void compact(JsonNode input) {
        JsonNode planned = step(lake, with(input, "plan-compaction"));
        assertThat(planned.path("worthwhile").asBoolean()).isTrue();
        step(transform, planned.path("transform").toString());
        assertThat(step(lake, publishing(planned)).path("compacted").asBoolean()).isTrue();
    }

    private static String publishing(JsonNode planned) {
        return "{'step':'publish-compaction','plan':'%s'}"
                .formatted(planned.path("transform").path("plan").asText());
    }

    private static String with(JsonNode input, String step) {
        return ((ObjectNode) input.deepCopy()).put("step", step).toString();
    }

    @Test
    void whatIsOlderThanItIsToBeKeptGoes() throws Exception {
        load(key(1), "a\n1\n");
        installation.clock.forward(Duration.ofDays(70));
        load("workflow=reach.v1/schedule=adhoc/2027-02-01T10:00:00.123Z-reach.v1.csv", "a\n2\n");
        DatasetSettings usual = ask(lake, new GetDatasetSettings("reach_v1"));
        assertThat(refusal(lake, new PutDatasetSettings(keeping(usual, 0))).message())
                .contains("1 to 120 months");

        DatasetSettings kept = ask(lake, new PutDatasetSettings(keeping(usual, 3)));
        ask(lake, new ReconcileDeliveries());
        assertThat(rows("reach_v1", "a")).containsExactlyInAnyOrder("1", "2");

        ask(lake, new PutDatasetSettings(keeping(kept, 2)));
        ask(lake, new ReconcileDeliveries());
        assertThat(rows("reach_v1", "a")).containsExactly("2");
        assertThat(lakeKeys()).noneMatch(key -> key.contains("month=2026-11"));
        assertThat(ask(lake, new ListDatasets()).datasets().getFirst().rows()).isEqualTo(1);
    }

    private static DatasetSettings keeping(DatasetSettings settings, int months) {
        return new DatasetSettings(
                settings.dataset(),
                settings.filteredRows(),
                settings.flagColumn(),
                months,
                settings.version());
    }

    @Test
    void aTypeThatWidensMeanwhileMakesTheFileBeWrittenAnew() throws Exception {
        String slow = claim(key(1), "cost\n5\n", "execution-1").path("deliveryId").asText();
        JsonNode staged = preStage(slow);
        JsonNode outcome = step(transform, staged.path("transform").toString());
        load(key(2), "cost\n1.25\n");

        JsonNode published = publish(slow, outcome);
        assertThat(published.path("replan").asBoolean()).isTrue();
        finish(slow);

        assertThat(rows("reach_v1", "cost")).containsExactlyInAnyOrder("5.0000", "1.2500");
        for (String file : parquetKeys()) {
            assertThat(types(file)).containsEntry("cost", "DECIMAL(38,4)");
        }
    }

    /** Read by DuckDB itself, and by our own reader, which alone understands the second. */
    @ParameterizedTest
    @ValueSource(strings = {"", "\"a \\\"b\"\" \""})
    void moneyHasATwinInUnitsOfTheCurrencyThatIsExact(String note) throws Exception {
        toldTypes(
                "{\"name\":\"total_cost\",\"dataType\":\"DOUBLE\"},{\"name\":\"spend\",\"dataType\":\"LONG\"}",
                "SELECT SUM(total_cost) AS total_cost FROM dsp_impressions");
        load(
                KEY,
                """
                total_cost,spend,sales,note
                9007199254740993,9007199254740993,1.10,%s
                -150000,-1000000,,%s
                ,,,
                "","",,
                1234.5678901234,1,2,
                1.5E7,9223372036854775807,3,
                0.1,0,4,
                NaN,-9223372036854775808,5,
                """
                        .formatted(note, note));

        assertThat(installation.glue.columns("reach_v1"))
                .startsWith(
                        "total_cost double",
                        "spend bigint",
                        "sales decimal(38,4)",
                        "note string",
                        "total_cost_in_currency decimal(38,15)",
                        "spend_in_currency decimal(38,8)",
                        "delivery_id string");
        assertThat(rows("reach_v1", "total_cost_in_currency, spend_in_currency::VARCHAR, spend"))
                .containsExactly(
                        "90071992547.409930000000000|90071992.54740993|9007199254740993",
                        "-1.500000000000000|-0.01000000|-1000000",
                        "NULL|NULL|NULL",
                        "NULL|NULL|NULL",
                        "0.012345678901234|0.00000001|1",
                        "150.000000000000000|92233720368.54775807|9223372036854775807",
                        "0.000001000000000|0.00000000|0",
                        "NULL|-92233720368.54775808|-9223372036854775808");
        assertThat(installation.glue.table("reach_v1").storageDescriptor().columns())
                .filteredOn(c -> c.name().startsWith("spend"))
                .extracting(c -> c.comment())
                .containsExactly(
                        "AMC's column spend, in microcents, of which one unit of the currency has"
                                + " 100,000,000",
                        "spend in units of the currency, exactly; AMC counts it in microcents, of"
                                + " which one unit of the currency has 100,000,000");
        assertThat(ask(lake, new ListDatasets()).datasets().getFirst().columns())
                .contains(
                        new Dataset.Column(
                                "spend_in_currency",
                                "",
                                "decimal(38,8)",
                                "spend in units of the currency, exactly; AMC counts it in"
                                        + " microcents, of which one unit of the currency has"
                                        + " 100,000,000"));
        assertThat(installation.glue.columns("reach_v1_latest"))
                .contains("spend_in_currency decimal(38,8)");
    }

    @Test
    void aTwinComesWithTheFirstAmountAndWidensWithIt() throws Exception {
        load(key(1), "total_cost\n\n");
        load(key(2), "total_cost,n\n123456,1\n");
        load(key(3), "total_cost,n\n123456.25,2\n");
        load(key(4), "total_cost,n\nnothing,3\n");
        load(key(5), "n\n4\n");

        assertThat(installation.glue.columns("reach_v1"))
                .startsWith("total_cost string")
                .endsWith("n bigint", "total_cost_in_currency decimal(38,15)");
        assertThat(rows("reach_v1", "n, total_cost, total_cost_in_currency"))
                .containsExactlyInAnyOrder(
                        "NULL|NULL|NULL",
                        "1|123456.0000|1.234560000000000",
                        "2|123456.2500|1.234562500000000",
                        "3|nothing|NULL",
                        "4|NULL|NULL");
        for (String file : parquetKeys()) {
            assertThat(types(file).getOrDefault("total_cost_in_currency", "DECIMAL(38,15)"))
                    .isEqualTo("DECIMAL(38,15)");
        }
    }

    @Test
    void whatTheQueryHasConvertedItselfIsNotConvertedAgain() throws Exception {
        toldTypes(
                "{\"name\":\"total_cost\",\"dataType\":\"DOUBLE\"}",
                "SELECT SUM(total_cost) / 100000 AS total_cost FROM dsp_impressions");
        load(KEY, "total_cost\n12.5\n");
        assertThat(installation.glue.columns("reach_v1"))
                .startsWith("total_cost double", "delivery_id string");
    }

    private static final String WITH_FILTERED =
            """
            region,users,cost,filtered
            A,5,1.5,false
            B,,2.5,true
            C,7,3.5,
            B,,2.5,TRUE
            """;

    @Test
    void rowsWithHiddenValuesAreKeptAndCountedUnlessSomebodySaysOtherwise() throws Exception {
        Delivery delivery = load(KEY, WITH_FILTERED);
        assertThat(rows("reach_v1", "region, users, cost, filtered"))
                .containsExactly(
                        "A|5|1.5000|false",
                        "B|NULL|2.5000|true",
                        "C|7|3.5000|NULL",
                        "B|NULL|2.5000|true");
        assertThat(delivery.rows()).isEqualTo(4);
        assertThat(filteredOf(delivery))
                .isEqualTo(new Quality.Filtered(2, FilteredRows.KEEP, "reach_v1"));
        assertThat(Objects.requireNonNull(delivery.quality()).filteredShare()).isEqualTo(0.5);

        Delivery without = load(key(1), "region\nD\n");
        assertThat(Objects.requireNonNull(without.quality()).filtered()).isNull();
        assertThat(Objects.requireNonNull(without.quality()).filteredShare()).isNull();
    }

    @Test
    void rowsWithHiddenValuesAreLeftOutOnDemand() throws Exception {
        load(KEY, "region,filtered\nZ,true\n");
        var settings = ask(lake, new GetDatasetSettings("reach_v1"));
        assertThat(settings)
                .isEqualTo(new DatasetSettings("reach_v1", FilteredRows.KEEP, "filtered", null, 0));
        var dropping = new DatasetSettings("reach_v1", FilteredRows.DROP, "filtered", null, 0);
        assertThat(ask(lake, new PutDatasetSettings(dropping)).version()).isEqualTo(1);
        assertThat(refusal(lake, new PutDatasetSettings(dropping)).code())
                .isEqualTo(ErrorCode.CONFLICT);

        Delivery delivery = load(key(1), WITH_FILTERED);
        assertThat(delivery.rows()).isEqualTo(2);
        assertThat(filteredOf(delivery))
                .isEqualTo(new Quality.Filtered(2, FilteredRows.DROP, null));
        assertThat(rows("reach_v1", "region, filtered"))
                .containsExactlyInAnyOrder("Z|true", "A|false", "C|NULL");

        Delivery none = load(key(2), "region,filtered\nX,true\n");
        assertThat(none.status()).isEqualTo(Delivery.Status.LOADED);
        assertThat(none.rows()).isZero();
        assertThat(rows("reach_v1", "region")).containsExactlyInAnyOrder("Z", "A", "C");
        assertThat(ask(lake, new ListDatasets()).datasets().getFirst().rows()).isEqualTo(3);
    }

    @Test
    void rowsWithHiddenValuesHaveADatasetOfTheirOwnOnDemand() throws Exception {
        load(key(1), "region,users,filtered\nA,5,\n");
        separating("reach_v1");
        assertThat(filteredOf(load(key(2), "region,users,filtered\nA,5,false\n")).dataset())
                .isNull();
        assertThat(ask(lake, new ListDatasets()).datasets()).hasSize(1);

        Delivery delivery =
                load(key(3), WITH_FILTERED.replace(",cost", "").replaceAll(",[0-9]\\.5", ""));
        assertThat(delivery.rows()).isEqualTo(2);
        assertThat(filteredOf(delivery))
                .isEqualTo(new Quality.Filtered(2, FilteredRows.SEPARATE, "reach_v1_filtered"));
        load(key(4), "region,users,more,filtered\nD,1.5,x,\nE,2.5,y,true\n");
        load(key(5), "region,users,more,filtered\nF,text,z,true\n");

        assertThat(rows("reach_v1", "region, users, more"))
                .containsExactlyInAnyOrder(
                        "A|5.0000|NULL",
                        "A|5.0000|NULL",
                        "A|5.0000|NULL",
                        "C|7.0000|NULL",
                        "D|1.5000|x");
        assertThat(rows("reach_v1_filtered", "region, users, more, filtered"))
                .containsExactlyInAnyOrder(
                        "B|NULL|NULL|true", "B|NULL|NULL|true", "E|2.5000|y|true", "F|text|z|true");
        assertThat(installation.glue.columns("reach_v1_filtered"))
                .isEqualTo(installation.glue.columns("reach_v1"))
                .startsWith("region string", "users string", "filtered boolean")
                .endsWith("more string");
        assertThat(installation.glue.columns("reach_v1_filtered_latest")).isNotEmpty();
        for (String file : parquetKeys()) {
            assertThat(types(file)).containsEntry("users", "VARCHAR");
        }
        List<Dataset> datasets = ask(lake, new ListDatasets()).datasets();
        assertThat(datasets)
                .extracting(d -> "%s of %s: %d".formatted(d.name(), d.filteredOf(), d.rows()))
                .containsExactly("reach_v1 of null: 5", "reach_v1_filtered of reach_v1: 4");
        assertThat(refusal(lake, new GetDatasetSettings("reach_v1_filtered")).message())
                .contains("come with those of “reach_v1”");

        Delivery namedSo = load(KEY.replace("reach.v1", "reach-v1-filtered"), "region\nA\n");
        assertThat(namedSo.dataset()).matches("reach_v1_filtered_[0-9a-f]{8}");
    }

    @Test
    void aDatasetOfHiddenValuesMakesWayForAWorkflowThatWasNamedSoBefore() throws Exception {
        load(KEY.replace("reach.v1", "reach-v1-filtered"), "region\nA\n");
        load(key(1), "region,filtered\nA,\n");
        separating("reach_v1");
        Delivery delivery = load(key(2), "region,filtered\nB,true\n");
        assertThat(filteredOf(delivery).dataset()).matches("reach_v1_filtered_[0-9a-f]{8}");
        assertThat(rows("reach_v1_filtered", "region")).containsExactly("A");
    }

    @Test
    void settingsThatCannotBeMeantAreRefused() throws Exception {
        load(KEY, "region\nA\n");
        var refused =
                refusal(
                        lake,
                        new PutDatasetSettings(
                                new DatasetSettings(
                                        "reach_v1", FilteredRows.DROP, "filtered", null, 0)));
        assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(refused.details()).containsEntry("field", "flagColumn");
        assertThat(refused.message()).contains("no column “filtered”");
        assertThat(refusal(lake, new GetDatasetSettings("nothing")).code())
                .isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void everyRowIsMeasured() throws Exception {
        executions(execution("e-1", "10:00", "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z", "{}"));
        Delivery delivery =
                load(
                        key(0),
                        """
                        users,name,cost,filtered
                        1,a,1.5,false
                        1,a,1.50,
                        1,a,1.5,false
                        ,,,true
                        ,,,true
                        ,"",,true
                        2,b,,false
                        """);
        Map<String, Long> nulls = new LinkedHashMap<>();
        nulls.put("users", 3L);
        nulls.put("name", 2L);
        nulls.put("cost", 4L);
        nulls.put("filtered", 1L);
        assertThat(delivery.quality())
                .isEqualTo(
                        new Quality(
                                7,
                                new Quality.Filtered(3, FilteredRows.KEEP, "reach_v1"),
                                2L,
                                nulls,
                                Instant.parse("2026-11-01T00:00:00Z"),
                                delivery.seenAt(),
                                List.of()));
        assertThat(total("reach_v1"))
                .isEqualTo(
                        new Quality.Total(
                                7,
                                3L,
                                2L,
                                nulls,
                                Instant.parse("2026-11-01T00:00:00Z"),
                                delivery.seenAt(),
                                List.of()));

        Delivery second = load(key(7), "users,more\n5,\n5,\n");
        nulls.put("name", 4L);
        nulls.put("cost", 6L);
        nulls.put("filtered", 3L);
        nulls.put("more", 9L);
        assertThat(total("reach_v1"))
                .isEqualTo(
                        new Quality.Total(
                                9,
                                3L,
                                3L,
                                nulls,
                                Instant.parse("2026-11-01T00:00:00Z"),
                                second.seenAt(),
                                List.of()));
    }

    @Test
    void whatIsLeftOutIsMeasuredToo() throws Exception {
        load(KEY, "region,users,filtered\nA,1,\n");
        ask(
                lake,
                new PutDatasetSettings(
                        new DatasetSettings("reach_v1", FilteredRows.DROP, "filtered", null, 0)));
        Delivery delivery = load(key(1), "region,users,filtered\nA,,true\nA,,true\nB,2,\n");
        Quality quality = Objects.requireNonNull(delivery.quality());
        assertThat(delivery.rows()).isEqualTo(1);
        assertThat(quality.rows()).isEqualTo(3);
        assertThat(quality.duplicates()).isEqualTo(1);
        assertThat(quality.nulls()).containsEntry("users", 2L).containsEntry("filtered", 1L);
    }

    private Quality.Total total(String dataset) {
        return Objects.requireNonNull(
                ask(lake, new ListDatasets()).datasets().stream()
                        .filter(d -> d.name().equals(dataset))
                        .findFirst()
                        .orElseThrow()
                        .quality());
    }

    private void separating(String dataset) {
        ask(
                lake,
                new PutDatasetSettings(
                        new DatasetSettings(dataset, FilteredRows.SEPARATE, "filtered", null, 0)));
    }

    private static Quality.Filtered filteredOf(Delivery delivery) {
        return Objects.requireNonNull(Objects.requireNonNull(delivery.quality()).filtered());
    }

    private void toldTypes(String columns, String sql) {
        String execution =
                """
                {"workflowExecutionId":"e-1","workflowId":"reach.v1","status":"SUCCEEDED",
                 "createTime":"2026-11-23T10:00:00Z","outputColumns":[%s],"sqlQuery":"%s"}\
                """
                        .formatted(columns, sql);
        installation
                .amc
                .off("GET", EXECUTIONS)
                .on("GET", EXECUTIONS, 200, "{\"executions\":[%s]}".formatted(execution))
                .on("GET", EXECUTIONS + "/e-1", 200, execution.replaceAll(",\"sqlQuery.*", "}"));
    }

    @Test
    void twoWorkflowsWhoseIdsLookAlikeStayApart() throws Exception {
        load(KEY, "a\n1\n");
        load(KEY.replace("reach.v1", "reach-v1"), "a\n2\n");

        assertThat(ask(lake, new ListDatasets()).datasets())
                .extracting(Dataset::workflowId)
                .containsExactly("reach.v1", "reach-v1");
        assertThat(rows("reach_v1", "a")).containsExactly("1");
    }

    @Test
    void aFileThatCannotBeReadFailsWithItsRowAndIsLoadedAgainOnDemand() throws Exception {
        String id = claim(KEY, "a,b\n1,2\n3\n", "execution-1").path("deliveryId").asText();
        Throwable thrown = catchThrowable(() -> preStage(id));
        assertThat(thrown).isInstanceOf(StepFailed.class);
        call(
                lake,
                "write",
                "{\"step\":\"record-failure\",\"deliveryId\":\"%s\",\"error\":%s}"
                        .formatted(id, caught(thrown)));

        Delivery failed = ask(lake, new GetDelivery(id));
        assertThat(failed.status()).isEqualTo(Delivery.Status.FAILED);
        var problem = Objects.requireNonNull(failed.problem());
        assertThat(problem.code()).isEqualTo(ErrorCode.BAD_DELIVERY);
        assertThat(problem.message()).contains("Row 2 has 1 fields");
        assertThat(claim(KEY, "a,b\n1,2\n3\n", "execution-2").path("proceed").asBoolean())
                .isFalse();

        Delivery again = ask(lake, new RedriveDelivery(id));
        assertThat(again.status()).isEqualTo(Delivery.Status.LOADING);
        var started = installation.machines.started.getFirst();
        JsonNode claimed =
                step(
                        lake,
                        "{'step':'claim','event':%s,'execution':'%s'}"
                                .formatted(started.input(), again.execution()));
        assertThat(claimed.path("proceed").asBoolean()).isTrue();
        assertThat(refusal(lake, new RedriveDelivery(id)).code()).isEqualTo(ErrorCode.CONFLICT);
    }

    @Test
    void aFileThatWasReplacedIsNotLoadedInItsPlace() {
        String id = claim(KEY, "a\n1\n", "execution-1").path("deliveryId").asText();
        put(BUCKET, KEY, "a\n2\n");
        assertThatThrownBy(() -> preStage(id))
                .isInstanceOf(StepFailed.class)
                .hasMessageContaining("replaced");
    }

    @Test
    void whatCouldNotBeClaimedIsSeenAsFailedAndLoadedAgainOnDemand() throws Exception {
        put(BUCKET, KEY, "a\n1\n");
        var input = Json.mapper().createObjectNode();
        input.put("step", "record-failure").put("deliveryId", "").put("execution", "execution-1");
        input.putObject("error").put("Error", "Lambda.Unknown").put("Cause", "out of memory");
        var detail = input.putObject("event").putObject("detail");
        detail.putObject("bucket").put("name", BUCKET);
        detail.putObject("object")
                .put("key", KEY)
                .put("size", 4)
                .put("etag", MemoryS3.etag("a\n1\n".getBytes(StandardCharsets.UTF_8)));
        String id = step(lake, input.toString()).path("deliveryId").asText();

        assertThat(ask(lake, new GetDelivery(id)).status()).isEqualTo(Delivery.Status.FAILED);
        assertThat(installation.ports.sent).hasSize(1);
        ask(lake, new RedriveDelivery(id));
        finish(id);
        assertThat(ask(lake, new GetDelivery(id)).status()).isEqualTo(Delivery.Status.LOADED);
    }

    @Test
    void whatNobodyHasToldOfIsFoundAndLoadedOnce() throws Exception {
        installation.s3.written = installation.clock.instant();
        put(BUCKET, KEY, "a\n1\n");
        put(BUCKET, KEY.replace("-23T", "-01T"), "old\n1\n");
        put(BUCKET, KEY.replace(".csv", ".json"), "{}");
        assertThat(ask(lake, new ReconcileDeliveries()).objects())
                .as("S3 may tell of it yet")
                .isEmpty();

        installation.clock.forward(Duration.ofHours(1));
        assertThat(ask(lake, new ReconcileDeliveries()).objects())
                .containsExactly("s3://%s/%s".formatted(BUCKET, KEY));
        String event = installation.machines.started.getLast().input();
        String id =
                step(
                                lake,
                                "{\"step\":\"claim\",\"execution\":\"execution-1\",\"event\":%s}"
                                        .formatted(event))
                        .path("deliveryId")
                        .asText();
        assertThat(claim(KEY, "a\n1\n", "execution-2").path("deliveryId").asText())
                .as("the event that came late is of the same delivery")
                .isEqualTo(id);
        assertThat(ask(lake, new ReconcileDeliveries()).objects()).isEmpty();
        finish(id);
        assertThat(ask(lake, new GetDelivery(id)).status()).isEqualTo(Delivery.Status.LOADED);
    }

    @Test
    void aDeliveryIsLookedIntoAsItWasDelivered() throws Exception {
        String small = claim(KEY, "a,b\n1,\"x\n\n", "execution-1").path("deliveryId").asText();
        assertThat(ask(lake, new PreviewDelivery(small)))
                .isEqualTo(new LakeRequest.Preview(List.of("a,b", "1,\"x", ""), false));

        String long1 = "n\n" + "0123456789\n".repeat(10_000);
        String big = claim(key(1), long1, "execution-2").path("deliveryId").asText();
        LakeRequest.Preview beginning = ask(lake, new PreviewDelivery(big));
        assertThat(beginning.lines()).hasSize(50).endsWith("0123456789");
        assertThat(beginning.more()).isTrue();

        installation.s3.objects.remove(BUCKET + "/" + KEY);
        assertThat(TestInstallation.refusal(lake, new PreviewDelivery(small)).code())
                .isEqualTo(ErrorCode.BAD_DELIVERY);
    }

    @Test
    void manyThatFailedAreLoadedAgainEachByItself() throws Exception {
        String failed = claim(KEY, "a,b\n1\n", "execution-1").path("deliveryId").asText();
        Throwable thrown = catchThrowable(() -> preStage(failed));
        call(
                lake,
                "write",
                "{\"step\":\"record-failure\",\"deliveryId\":\"%s\",\"error\":%s}"
                        .formatted(failed, caught(thrown)));
        Delivery loaded = load(key(1), "a\n1\n");

        LakeRequest.Redriven redriven =
                ask(lake, new RedriveDeliveries(List.of(loaded.deliveryId(), failed)));

        assertThat(redriven.deliveries())
                .extracting(Delivery::deliveryId, Delivery::status)
                .containsExactly(tuple(failed, Delivery.Status.LOADING));
        assertThat(redriven.refused()).containsOnlyKeys(loaded.deliveryId());
    }

    @Test
    void whatWasWrittenForADeliveryThatFailedIsTakenAway() throws Exception {
        String id = claim(KEY, "a\n1\n", "execution-1").path("deliveryId").asText();
        JsonNode outcome = step(transform, preStage(id).path("transform").toString());
        installation.glue.broken = true;
        assertThatThrownBy(() -> publish(id, outcome)).isInstanceOf(StepFailed.class);
        assertThat(lakeKeys())
                .contains(
                        "post-stage/reach_v1/tenant=amcr1aaaa1a/month=2026-11/0-0/%s.parquet"
                                .formatted(id));

        step(
                lake,
                "{'step':'record-failure','deliveryId':'%s','error':{'Error':'States.Timeout','Cause':''}}"
                        .formatted(id));
        assertThat(lakeKeys()).noneMatch(key -> key.endsWith(".parquet"));

        installation.glue.broken = false;
        ask(lake, new RedriveDelivery(id));
        finish(id);
        assertThat(rows("reach_v1", "a")).containsExactly("1");
        assertThat(lakeKeys())
                .noneMatch(key -> key.startsWith("pre-stage/") && key.endsWith(".parquet"));
    }

    private List<String> lakeKeys() {
        return installation.s3.objects.keySet().stream()
                .filter(k -> k.startsWith("lake/"))
                .map(k -> k.substring("lake/".length()))
                .toList();
    }

    private Delivery load(String key, String csv) throws Exception {
        installation.clock.forward(Duration.ZERO);
        String id = claim(key, csv, "execution-1").path("deliveryId").asText();
        finish(id);
        return ask(lake, new GetDelivery(id));
    }

    /** As the state machine does it. */
    private void finish(String deliveryId) {
        JsonNode published;
        do {
            JsonNode staged = preStage(deliveryId);
            published = publish(deliveryId, step(transform, staged.path("transform").toString()));
        } while (published.path("replan").asBoolean());
    }

    private JsonNode preStage(String deliveryId) {
        return step(lake, "{'step':'pre-stage','deliveryId':'%s'}".formatted(deliveryId));
    }

    private JsonNode publish(String deliveryId, JsonNode outcome) {
        return step(
                lake,
                "{'step':'publish','deliveryId':'%s','result':%s}".formatted(deliveryId, outcome));
    }

    private JsonNode claim(String key, String csv, String execution) {
        return claim(BUCKET, key, csv, execution);
    }

    private JsonNode claim(String bucket, String key, String csv, String execution) {
        put(bucket, key, csv);
        var input = Json.mapper().createObjectNode();
        input.put("step", "claim").put("execution", execution);
        var detail = input.putObject("event").put("source", "aws.s3").putObject("detail");
        detail.putObject("bucket").put("name", bucket);
        detail.putObject("object")
                .put("key", key)
                .put("size", csv.length())
                .put("etag", MemoryS3.etag(csv.getBytes(StandardCharsets.UTF_8)));
        return step(lake, input.toString());
    }

    private void put(String bucket, String key, String csv) {
        installation.s3.objects.put(bucket + "/" + key, csv.getBytes(StandardCharsets.UTF_8));
    }

    private static String key(int minute) {
        return KEY.replace("10:00:00", "10:%02d:00".formatted(minute));
    }

    /** The files that readers of the catalogue come upon. */
    private List<String> parquetKeys() {
        List<String> folders =
                installation.glue.partitions().stream()
                        .map(p -> p.storageDescriptor().location().substring("s3://".length()))
                        .toList();
        return installation.s3.objects.keySet().stream()
                .filter(k -> folders.stream().anyMatch(k::startsWith))
                .map(k -> k.substring("lake/".length()))
                .toList();
    }

    private void executions(String... executions) {
        installation
                .amc
                .off("GET", EXECUTIONS)
                .on(
                        "GET",
                        EXECUTIONS,
                        200,
                        "{\"executions\":[%s]}".formatted(String.join(",", executions)));
        for (int i = 0; i < executions.length; i++) {
            installation.amc.on("GET", "%s/e-%d".formatted(EXECUTIONS, i + 1), 200, executions[i]);
        }
    }

    private static String execution(
            String id, String made, String from, String to, String parameters) {
        return """
        {"workflowExecutionId":"%s","workflowId":"reach.v1","status":"SUCCEEDED",
         "createTime":"2026-11-23T%s:00Z","timeWindowStart":"%s","timeWindowEnd":"%s",
         "parameterValues":%s,"outputColumns":[{"name":"users","dataType":"LONG"}]}\
        """
                .formatted(id, made, from, to, parameters);
    }

    /** Asks the view what Athena would ask it. */
    private List<String> latest(String dataset, String columns) throws IOException, SQLException {
        String text = installation.glue.table(dataset + "_latest").viewOriginalText();
        String encoded =
                text.substring("/* Presto View: ".length(), text.length() - " */".length());
        JsonNode view = Json.mapper().readTree(Base64.getDecoder().decode(encoded));
        List<String> files = new ArrayList<>();
        for (String key : parquetKeys()) {
            files.add("'" + local(key) + "'");
        }
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement()) {
            statement.execute("CREATE SCHEMA amc_insights");
            statement.execute(
                    """
                    CREATE VIEW amc_insights.%s AS SELECT *, '%s' AS tenant, '2026-11' AS month
                    FROM read_parquet([%s], union_by_name=true)
                    """
                            .formatted(dataset, TENANT, String.join(", ", files)));
            try (ResultSet rows =
                    statement.executeQuery(
                            "SELECT %s FROM (%s) ORDER BY 1"
                                    .formatted(columns, view.path("originalSql").asText()))) {
                List<String> found = new ArrayList<>();
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
                return found;
            }
        }
    }

    /** Reads a dataset's files back, by the names of their columns. */
    private List<String> rows(String dataset, String columns) throws IOException, SQLException {
        List<String> files = new ArrayList<>();
        for (String key : parquetKeys()) {
            if (key.startsWith("post-stage/%s/".formatted(dataset))) {
                files.add("'" + local(key) + "'");
            }
        }
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "SELECT %s FROM read_parquet([%s], union_by_name=true)"
                                        .formatted(columns, String.join(", ", files)))) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    String value = rows.getString(i);
                    values.add(value == null ? "NULL" : value);
                }
                found.add(String.join("|", values));
            }
            return found;
        }
    }

    private Map<String, String> types(String key) throws IOException, SQLException {
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "DESCRIBE SELECT * FROM read_parquet('%s')"
                                        .formatted(local(key)))) {
            Map<String, String> types = new HashMap<>();
            while (rows.next()) {
                types.put(rows.getString(1), rows.getString(2));
            }
            return types;
        }
    }

    private Path local(String key) throws IOException {
        Path file = folder.resolve(key.substring(key.lastIndexOf('/') + 1));
        byte[] bytes = Objects.requireNonNull(installation.s3.objects.get("lake/" + key));
        return Files.write(file, bytes);
    }
}
