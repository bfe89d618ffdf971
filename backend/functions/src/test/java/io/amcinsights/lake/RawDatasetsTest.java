package io.amcinsights.lake;

import static io.amcinsights.TestInstallation.ask;
import static io.amcinsights.TestInstallation.refusal;
import static io.amcinsights.TestInstallation.step;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.TestInstallation;
import io.amcinsights.aws.MemoryS3;
import io.amcinsights.contract.Dataset;
import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.LakeRequest.GetDelivery;
import io.amcinsights.contract.LakeRequest.ListDatasets;
import io.amcinsights.contract.LakeRequest.ListDeliveries;
import io.amcinsights.contract.LakeRequest.ListRawDatasets;
import io.amcinsights.contract.LakeRequest.PreviewDelivery;
import io.amcinsights.contract.LakeRequest.PutRawDataset;
import io.amcinsights.contract.LakeRequest.ReconcileDeliveries;
import io.amcinsights.contract.LakeRequest.RemoveRawDataset;
import io.amcinsights.contract.RawDataset;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

class RawDatasetsTest {

    private static final String TENANT = "amcr1aaaa1a";
    private static final String FOLDER = "raw/prices/tenant=amcr1aaaa1a/";

    private final TestInstallation installation = new TestInstallation();
    private final LakeHandler lake = new LakeHandler(installation.functions());
    private final TransformHandler transform = new TransformHandler(installation.functions());

    @BeforeEach
    void tenant() {
        installation.tenant(TENANT, "bucket-one");
        installation.amc.on(
                "GET", "/amc/reporting/amcr1aaaa1a/workflowExecutions", 200, "{\"executions\":[]}");
    }

    @AfterEach
    void close() {
        installation.close();
    }

    @Test
    void aRegisteredDatasetSaysWhereItsFilesAreDropped() {
        RawDataset prices = ask(lake, new PutRawDataset("prices", "What things cost"));
        assertThat(prices.address()).isEqualTo("s3://lake/raw/prices/");
        assertThat(prices.folder(TENANT)).isEqualTo("s3://lake/" + FOLDER);
        assertThat(ask(lake, new PutRawDataset("prices", "In euros")).description())
                .isEqualTo("In euros");
        assertThat(ask(lake, new ListRawDatasets()).datasets())
                .extracting(RawDataset::description)
                .containsExactly("In euros");
        assertThat(ask(lake, new RemoveRawDataset("prices")).datasets()).isEmpty();
        assertThat(refusal(lake, new RemoveRawDataset("prices")).code())
                .isEqualTo(ErrorCode.NOT_FOUND);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Prices", "my prices", "7up", "a-b", "prices_latest"})
    void aNameThatIsNoTablesIsRefused(String name) {
        assertThat(refusal(lake, new PutRawDataset(name, "")).field()).isEqualTo("name");
    }

    @Test
    void aNameBelongsToAWorkflowOrToDroppedFiles() {
        Delivery first = load("bucket-one", amc("reach"), "n\n1\n");
        assertThat(first.dataset()).isEqualTo("reach");
        assertThat(refusal(lake, new PutRawDataset("reach", "")).code())
                .isEqualTo(ErrorCode.ALREADY_EXISTS);

        ask(lake, new PutRawDataset("prices", ""));
        assertThat(load("bucket-one", amc("prices"), "n\n1\n").dataset())
                .matches("prices_[0-9a-f]{8}");
        assertThat(load("lake", FOLDER + "a.csv", "n\n1\n").dataset()).isEqualTo("prices");
    }

    @Test
    void aDroppedFileIsADeliveryOfItsTenant() {
        ask(lake, new PutRawDataset("prices", ""));
        Delivery delivery = load("lake", FOLDER + "2026/May.CSV", "sku_id,cost\n007,1.5\n");

        assertThat(delivery.status()).isEqualTo(Delivery.Status.LOADED);
        assertThat(delivery.tenantId()).isEqualTo(TENANT);
        assertThat(delivery.workflowId()).isNull();
        assertThat(delivery.runId()).isNull();
        assertThat(ask(lake, new PreviewDelivery(delivery.deliveryId())).lines())
                .containsExactly("sku_id,cost", "007,1.5");
        assertThat(installation.glue.partitions())
                .singleElement()
                .satisfies(p -> assertThat(p.values()).containsExactly(TENANT, "2026-11"));
        Dataset dataset = ask(lake, new ListDatasets()).datasets().getFirst();
        assertThat(dataset.workflowId()).isEmpty();
        assertThat(installation.glue.columns("prices"))
                .startsWith("sku_id string", "cost decimal(38,4)", "delivery_id string");
        assertThat(refusal(lake, new RemoveRawDataset("prices")).code())
                .isEqualTo(ErrorCode.CONFLICT);
    }

    @Test
    void amountsOfDroppedFilesAreInNoUnitThatAmcCountsIn() {
        ask(lake, new PutRawDataset("prices", ""));
        load("lake", FOLDER + "a.csv", "total_cost\n100000\n");
        assertThat(installation.glue.columns("prices"))
                .startsWith("total_cost bigint", "delivery_id string");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "raw/prices/amcr1aaaa1a/a.csv          | raw/<dataset>/tenant=<tenant>/<file>",
                "raw/a.csv                             | raw/<dataset>/tenant=<tenant>/<file>",
                "raw/goods/tenant=amcr1aaaa1a/a.csv    | No dataset “goods” is registered",
                "raw/prices/tenant=amcother/a.csv      | no tenant “amcother”",
                "raw/prices/tenant=amcr1aaaa1a/a.xlsx  | .csv, .json, .jsonl, .ndjson, .parquet",
                "raw/prices/tenant=amcr1aaaa1a/_SUCCESS | .csv, .json, .jsonl, .ndjson, .parquet",
                "raw/prices/tenant=amcr1aaaa1a/a.parquet.gz | except after .parquet",
            })
    void whatIsNothingToLoadIsIgnoredWithTheReason(String key, String reason) {
        ask(lake, new PutRawDataset("prices", ""));
        JsonNode claimed = claim("lake", key, "a\n1\n");
        assertThat(claimed.path("proceed").asBoolean()).isFalse();
        assertThat(ask(lake, new ListDeliveries(null, 10, null)).deliveries())
                .singleElement()
                .satisfies(
                        d -> {
                            assertThat(d.status()).isEqualTo(Delivery.Status.IGNORED);
                            assertThat(d.reason()).contains(reason);
                        });
    }

    @Test
    void otherObjectsOfTheLakeLeaveNoTrace() {
        claim("lake", "post-stage/prices/tenant=x/month=2026-11/a.parquet", "");
        assertThat(ask(lake, new ListDeliveries(null, 10, null)).deliveries()).isEmpty();
    }

    @Test
    void aFileWithoutRowsIsEmpty() {
        ask(lake, new PutRawDataset("prices", ""));
        for (String file : new String[] {"a.csv", "b.json", "c.jsonl"}) {
            String content = file.equals("b.json") ? "[]" : file.equals("a.csv") ? "a,b\n" : "";
            String id = claim("lake", FOLDER + file, content).path("deliveryId").asText();
            assertThat(preStage(id).path("empty").asBoolean()).isTrue();
            assertThat(ask(lake, new GetDelivery(id)).reason()).isEqualTo("The file has no rows.");
        }
    }

    @Test
    void whatNobodyHasToldOfIsFound() {
        ask(lake, new PutRawDataset("prices", ""));
        load("lake", FOLDER + "told.csv", "n\n1\n");
        for (String key : new String[] {FOLDER + "untold.csv", FOLDER + "a.xlsx", "raw/b/x.csv"}) {
            installation.s3.objects.put("lake/" + key, bytes("n\n1\n"));
        }
        installation.s3.written = installation.clock.instant();
        installation.clock.forward(Duration.ofHours(1));
        assertThat(ask(lake, new ReconcileDeliveries()).objects())
                .containsExactly("s3://lake/" + FOLDER + "untold.csv");
    }

    private Delivery load(String bucket, String key, String content) {
        String id = claim(bucket, key, content).path("deliveryId").asText();
        JsonNode outcome = step(transform, preStage(id).path("transform").toString());
        step(lake, "{'step':'publish','deliveryId':'%s','result':%s}".formatted(id, outcome));
        return ask(lake, new GetDelivery(id));
    }

    private JsonNode preStage(String id) {
        return step(lake, "{'step':'pre-stage','deliveryId':'%s'}".formatted(id));
    }

    private JsonNode claim(String bucket, String key, String content) {
        installation.s3.objects.put(bucket + "/" + key, bytes(content));
        var input = Json.mapper().createObjectNode();
        input.put("step", "claim").put("execution", "execution-1");
        var detail = input.putObject("event").putObject("detail");
        detail.putObject("bucket").put("name", bucket);
        detail.putObject("object")
                .put("key", key)
                .put("size", content.length())
                .put("etag", MemoryS3.etag(bytes(content)));
        return step(lake, input.toString());
    }

    private static String amc(String workflow) {
        return "workflow=%1$s/schedule=adhoc/2026-11-23T10:00:00.123Z-%1$s.csv".formatted(workflow);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
