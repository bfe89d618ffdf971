package io.amcinsights.local.states;

import static io.amcinsights.TestInstallation.ask;
import static io.amcinsights.TestInstallation.caught;
import static io.amcinsights.TestInstallation.step;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.TestInstallation;
import io.amcinsights.aws.MemoryS3;
import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.LakeRequest.ListDeliveries;
import io.amcinsights.lake.LakeHandler;
import io.amcinsights.lake.TransformHandler;
import io.amcinsights.lake.plan.TransformPlan;
import io.amcinsights.local.glue.JobTask;
import io.amcinsights.local.glue.JobTask.Ended;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** The deployed state machine and the real functions load a file that is large. */
class LargeDeliveryTest {

    private static final String TENANT = "amcr1aaaa1a";
    private static final String BUCKET = "bucket-one";
    private static final String KEY =
            "workflow=reach.v1/schedule=adhoc/2026-11-23T10:00:00.123Z-reach.v1.csv";
    private static final int ROWS = 70_000;
    private static final String FILE = "users\n" + "1234567890123456\n".repeat(ROWS);

    private final TestInstallation installation = new TestInstallation();

    @TempDir private Path folder;
    private DeployedMachine machine;
    private LakeHandler lake;
    private TransformHandler transform;

    @BeforeEach
    void open() throws Exception {
        installation.sparkFromMb = 1;
        installation.tenant(TENANT, BUCKET);
        installation.amc.on(
                "GET", "/amc/reporting/amcr1aaaa1a/workflowExecutions", 200, "{\"executions\":[]}");
        lake = new LakeHandler(installation.functions());
        transform = new TransformHandler(installation.functions());
        machine = new DeployedMachine(folder, "LakeDelivery");
    }

    @AfterEach
    void close() {
        machine.close();
        installation.close();
    }

    private JsonNode load(String file, JobTask.Runner jobs) {
        byte[] bytes = file.getBytes(StandardCharsets.UTF_8);
        installation.s3.objects.put(BUCKET + "/" + KEY, bytes);
        machine.does(this::call, jobs);
        return machine.run(
                """
                {"detail":{"bucket":{"name":"%s"},"object":{"key":"%s","size":%d,"etag":"%s"}}}
                """
                        .formatted(BUCKET, KEY, bytes.length, MemoryS3.etag(bytes)));
    }

    private JsonNode call(String function, JsonNode payload) throws StateError {
        try {
            return step(
                    function.equals("amc-insights-lake:write") ? lake : transform,
                    payload.toString().replace("'", "\\u0027"));
        } catch (RuntimeException e) {
            JsonNode error = tree(caught(e));
            throw new StateError(error.path("Error").asText(), error.path("Cause").asText());
        }
    }

    private static JsonNode tree(String json) {
        try {
            return DeployedMachine.JSON.readTree(json);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** As the job does it: the outcome is left beside the plan. */
    private Ended carryOut(String job, Map<String, String> arguments) {
        assertThat(job).isEqualTo("amc-insights-transform");
        String plan = Objects.requireNonNull(arguments.get("--plan"));
        JsonNode outcome = step(transform, "{'step':'transform','plan':'%s'}".formatted(plan));
        installation.s3.objects.put(
                "lake/" + TransformPlan.outcomeKey(plan),
                outcome.toString().getBytes(StandardCharsets.UTF_8));
        return new Ended("SUCCEEDED", null);
    }

    private Delivery delivery() {
        return ask(lake, new ListDeliveries(TENANT, 10, null)).deliveries().getFirst();
    }

    @Test
    void theJobLoadsIt() {
        JsonNode execution = load(FILE, this::carryOut);
        assertThat(execution.path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(machine.called())
                .containsExactly("Claim", "PreStage", "TransformLarge", "Publish");
        assertThat(delivery().status()).isEqualTo(Delivery.Status.LOADED);
        assertThat(delivery().rows()).isEqualTo(ROWS);
        assertThat(Objects.requireNonNull(delivery().quality()).duplicates()).isEqualTo(ROWS - 1L);
        assertThat(installation.glue.columns("reach_v1")).contains("users bigint");
    }

    @Test
    void aSmallFileNeedsNoJob() {
        load(
                "users\n1\n",
                (job, arguments) -> {
                    throw new AssertionError("The job was started.");
                });
        assertThat(machine.called()).containsExactly("Claim", "PreStage", "Transform", "Publish");
        assertThat(delivery().rows()).isEqualTo(1);
    }

    @Test
    void noFileIsLargeWhereTheThresholdIsOff() throws Exception {
        installation.sparkFromMb = 0;
        lake = new LakeHandler(installation.functions());
        load(FILE, this::carryOut);
        assertThat(machine.called()).containsExactly("Claim", "PreStage", "Transform", "Publish");
    }

    @Test
    void aJobThatCannotStartAtOnceIsStartedLater() {
        AtomicInteger attempts = new AtomicInteger();
        load(
                FILE,
                (job, arguments) -> {
                    return switch (attempts.incrementAndGet()) {
                        case 1 -> throw new StateError("Glue.ThrottlingException", "Rate exceeded");
                        case 2 ->
                                throw new StateError(
                                        "Glue.ConcurrentRunsExceededException", "10 are running");
                        default -> carryOut(job, arguments);
                    };
                });
        assertThat(attempts).hasValue(3);
        assertThat(delivery().status()).isEqualTo(Delivery.Status.LOADED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "FAILED | Exception in User Class:"
                    + " io.amcinsights.lake.plan.AmcCsv$MalformedException : Row 7 has “x” in the"
                    + " column “users”, which is of the type bigint. | BAD_DELIVERY | The file"
                    + " cannot be turned into a table: Row 7 has “x” in the column “users”, which"
                    + " is of the type bigint.",
                "FAILED | Exception in User Class: java.lang.OutOfMemoryError : Java heap space |"
                        + " INTERNAL | The Glue job for large files has failed: Java heap space",
                "FAILED | - | INTERNAL | The Glue job for large files has failed: FAILED",
                "ERROR | Resource unavailable | INTERNAL | The Glue job for large files has failed:"
                        + " Resource unavailable",
                "TIMEOUT | - | INTERNAL | The Glue job for large files took longer than it may.",
                "STOPPED | - | INTERNAL | The Glue job for large files was stopped.",
            })
    void aDeliveryWhoseJobDoesNotSucceedSaysWhy(
            String state, String message, ErrorCode code, String said) {
        JsonNode execution = load(FILE, (job, arguments) -> new Ended(state, message));
        assertThat(execution.path("status").asText()).isEqualTo("FAILED");
        assertFailed(code, said);
        assertThat(installation.s3.objects.keySet()).noneMatch(key -> key.endsWith(".parquet"));
    }

    @Test
    void aJobThatMayNotBeStartedFailsTheDelivery() {
        load(
                FILE,
                (job, arguments) -> {
                    throw new StateError("Glue.EntityNotFoundException", "No job amc-insights-x");
                });
        assertFailed(
                ErrorCode.INTERNAL,
                "The Glue job for large files could not be started: No job amc-insights-x"
                        + " (Glue.EntityNotFoundException)");
    }

    @Test
    void theWorkspaceItselfHasNoSparkAndSaysSo() {
        load(FILE, JobTask.WITHOUT_SPARK);
        assertFailed(
                ErrorCode.INTERNAL,
                "The Glue job for large files has failed: The local workspace has no Spark; its"
                        + " function transform takes files of every size.");
    }

    private void assertFailed(ErrorCode code, String message) {
        assertThat(delivery().status()).isEqualTo(Delivery.Status.FAILED);
        Failure problem = Objects.requireNonNull(delivery().problem());
        assertThat(problem.code()).isEqualTo(code);
        assertThat(problem.message()).isEqualTo(message);
    }
}
