package io.amcinsights.lake;

import static io.amcinsights.TestInstallation.ask;
import static io.amcinsights.TestInstallation.step;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.TestInstallation;
import io.amcinsights.aws.MemoryS3;
import io.amcinsights.contract.Dataset;
import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.LakeRequest.GetDelivery;
import io.amcinsights.contract.LakeRequest.ListDatasets;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Loads deliveries as the state machine does it, into an installation in memory. */
final class Loading {

    final TestInstallation installation = new TestInstallation();
    final LakeHandler lake = new LakeHandler(installation.functions());
    private final TransformHandler transform = new TransformHandler(installation.functions());
    private int loaded;

    /** AMC knows of no executions of a tenant. */
    void tenant(String tenantId, String bucket) {
        installation.tenant(tenantId, bucket);
        installation.amc.on("GET", executions(tenantId), 200, "{\"executions\":[]}");
    }

    /** AMC knows of one execution, whose result is made at 10:00. */
    void executions(String tenantId, String execution) {
        String path = executions(tenantId);
        installation
                .amc
                .off("GET", path)
                .on("GET", path, 200, "{\"executions\":[%s]}".formatted(execution))
                .on("GET", path + "/e-1", 200, execution);
    }

    private static String executions(String tenantId) {
        return "/amc/reporting/%s/workflowExecutions".formatted(tenantId);
    }

    /** The next delivery of a workflow. */
    Delivery load(String bucket, String workflow, String csv) {
        String id = begin(bucket, workflow, csv);
        end(id);
        return ask(lake, new GetDelivery(id));
    }

    String begin(String bucket, String workflow, String csv) {
        String key =
                "workflow=%1$s/schedule=adhoc/2026-11-23T10:00:%2$02d.123Z-%1$s.csv"
                        .formatted(workflow, loaded++);
        byte[] bytes = csv.getBytes(StandardCharsets.UTF_8);
        installation.s3.objects.put(bucket + "/" + key, bytes);
        var input = Json.mapper().createObjectNode();
        input.put("step", "claim").put("execution", "execution-" + loaded);
        var detail = input.putObject("event").put("source", "aws.s3").putObject("detail");
        detail.putObject("bucket").put("name", bucket);
        detail.putObject("object")
                .put("key", key)
                .put("size", bytes.length)
                .put("etag", MemoryS3.etag(bytes));
        return step(lake, input.toString()).path("deliveryId").asText();
    }

    void end(String deliveryId) {
        JsonNode published;
        do {
            JsonNode staged =
                    step(lake, "{'step':'pre-stage','deliveryId':'%s'}".formatted(deliveryId));
            JsonNode outcome = step(transform, staged.path("transform").toString());
            String publish =
                    "{'step':'publish','deliveryId':'%s','result':%s}"
                            .formatted(deliveryId, outcome);
            published = step(lake, publish);
            if (!published.path("replan").asBoolean()) {
                step(lake, publish); // a step may be done twice
            }
        } while (published.path("replan").asBoolean());
    }

    Dataset dataset(String name) {
        List<Dataset> all = ask(lake, new ListDatasets()).datasets();
        return all.stream().filter(d -> d.name().equals(name)).findFirst().orElseThrow();
    }
}
