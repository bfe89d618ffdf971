package io.amcinsights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.contract.Json;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The template of the release as another reader of CloudFormation takes it: the Python package moto
 * makes the stack, and is asked what there is then. Skipped where it is not installed ({@code pip
 * install 'moto[all]'}).
 *
 * <p>Of version 5.2, moto leaves out alarms, aliases, bucket policies, the database, the work
 * group, schedules, the secret and the state machines' definitions.
 */
class TemplateOnMotoTest {

    private static final Path SCRIPT = Path.of("src/test/resources/io/amcinsights/moto_stack.py");
    private static final Path TEMPLATE = Path.of("../backend/release/target/release");

    /** The script's status where it cannot do anything. */
    private static final int WITHOUT_MOTO = 3;

    @TempDir static Path folder;

    private static JsonNode plain;

    @BeforeAll
    static void create() throws Exception {
        plain = stack(Map.of());
    }

    private static JsonNode stack(Map<String, String> parameters) throws Exception {
        Process python;
        Path errors = folder.resolve("errors.txt");
        try {
            python =
                    new ProcessBuilder(
                                    "python3",
                                    SCRIPT.toString(),
                                    TEMPLATE.toString(),
                                    Json.write(parameters))
                            .redirectError(errors.toFile())
                            .start();
        } catch (IOException e) {
            return abort("python3 is not installed: " + e.getMessage());
        }
        String said = new String(python.getInputStream().readAllBytes(), UTF_8);
        int status = python.waitFor();
        if (status == WITHOUT_MOTO) {
            return abort("moto is not installed: " + said);
        }
        assertThat(status).as(() -> read(errors)).isZero();
        return Json.read(said, JsonNode.class);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void everythingIsMadeAndTheDesktopFindsIt() {
        assertThat(plain.path("status").asText()).isEqualTo("CREATE_COMPLETE");
        JsonNode outputs = plain.path("outputs");
        assertThat(names(plain.path("functions"), "FunctionName"))
                .hasSize(6)
                .contains(
                        outputs.path("TenantsFunction").asText(),
                        outputs.path("WorkflowsFunction").asText(),
                        outputs.path("LakeFunction").asText());
        assertThat(texts(plain.path("machines")))
                .containsExactlyInAnyOrder(
                        outputs.path("TenantProvisioning").asText(),
                        outputs.path("WorkflowRun").asText(),
                        outputs.path("LakeDelivery").asText(),
                        outputs.path("LakeDelivery")
                                .asText()
                                .replace("lake-delivery", "lake-compaction"));
        assertThat(texts(plain.path("dashboards")))
                .containsExactly(outputs.path("Dashboard").asText());
        assertThat(texts(plain.path("topics"))).contains(outputs.path("AlarmsTopic").asText());
        assertThat(texts(plain.path("managedPolicies")))
                .containsExactlyInAnyOrder(
                        "amc-insights-analyst-eu-west-1", "amc-insights-admin-eu-west-1");
    }

    @Test
    void aFunctionIsToldOfTheTableAndTheQueueThatWereMade() {
        JsonNode table = plain.path("tables").path(0);
        JsonNode environment = function("amc-insights-workflows").at("/Environment/Variables");
        assertThat(environment.path("DOCUMENTS_TABLE").asText())
                .isEqualTo(table.path("TableName").asText());
        assertThat(plain.path("queues").has(environment.path("RUN_QUEUE").asText())).isTrue();
        assertThat(table.path("DeletionProtectionEnabled").asBoolean()).isTrue();
    }

    @Test
    void theDispatcherTakesFromTheQueueAndWhatNobodyTakesIsKept() {
        JsonNode queue =
                plain.path("queues")
                        .path(
                                function("amc-insights-dispatcher")
                                        .at("/Environment/Variables/RUN_QUEUE")
                                        .asText());
        JsonNode mapping = plain.path("mappings").path(0);
        assertThat(mapping.path("EventSourceArn").asText())
                .isEqualTo(queue.path("QueueArn").asText());
        assertThat(mapping.path("FunctionArn").asText()).endsWith(":amc-insights-dispatcher");
        assertThat(queue.path("RedrivePolicy").asText()).contains("amc-insights-runs-dead.fifo");

        JsonNode target = plain.path("rules").iterator().next().path(0);
        assertThat(target.path("Arn").asText()).endsWith(":amc-insights-lake-delivery");
        assertThat(names(plain.path("queues"), "QueueArn"))
                .contains(target.at("/DeadLetterConfig/Arn").asText());
    }

    @Test
    void everyFunctionHasARoleOfItsOwn() {
        assertThat(names(plain.path("functions"), "Role"))
                .doesNotHaveDuplicates()
                .allSatisfy(role -> assertThat(plain.path("roles").has(role)).isTrue());
        assertThat(plain.path("roles"))
                .allSatisfy(
                        role -> {
                            assertThat(role.path("policies")).hasSize(1);
                            assertThat(role.path("boundary").isNull()).isTrue();
                        });
    }

    @Test
    void parametersReachWhatTheyAreMeantFor() throws Exception {
        String boundary = "arn:aws:iam::123456789012:policy/boundary";
        JsonNode other =
                stack(
                        Map.of(
                                "ArtifactPrefix", "v2/",
                                "AlarmEmail", "alarms@example.org",
                                "LogRetentionDays", "30",
                                "PermissionsBoundaryArn", boundary,
                                "AmcApiUrl", "http://127.0.0.1:1"));
        assertThat(other.path("status").asText()).isEqualTo("CREATE_COMPLETE");
        assertThat(other.path("roles"))
                .hasSize(11)
                .allSatisfy(
                        role ->
                                assertThat(role.at("/boundary/PermissionsBoundaryArn").asText())
                                        .isEqualTo(boundary));
        assertThat(other.path("logGroups"))
                .hasSize(9)
                .allSatisfy(g -> assertThat(g.path("retentionInDays").asInt()).isEqualTo(30));
        assertThat(other.path("functions"))
                .filteredOn(f -> f.at("/Environment/Variables").has("AMC_API_URL"))
                .hasSize(4)
                .allSatisfy(
                        f ->
                                assertThat(f.at("/Environment/Variables/AMC_API_URL").asText())
                                        .isEqualTo("http://127.0.0.1:1"));
    }

    private static JsonNode function(String name) {
        return plain.path("functions")
                .valueStream()
                .filter(f -> f.path("FunctionName").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> names(JsonNode all, String field) {
        return all.valueStream().map(each -> each.path(field).asText()).toList();
    }

    private static List<String> texts(JsonNode all) {
        return all.valueStream().map(JsonNode::asText).toList();
    }
}
