package io.amcinsights.local.amc;

import static io.amcinsights.local.amc.SimulatedAmc.REACH;
import static io.amcinsights.local.amc.SimulatedAmc.reporting;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.local.amc.SimulatedAmc.Reply;
import io.amcinsights.local.amc.world.World;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** Executions from their request to their end, at a time that stands still until it is moved. */
class ExecutionLifeTest {

    private static final Instant NOW = Instant.parse("2026-03-18T15:30:00Z");

    @TempDir static Path folder;

    private static SimulatedAmc amc;

    @BeforeAll
    static void start() throws Exception {
        amc = new SimulatedAmc(folder, 1, SimulatedAmc.small(World.load()), SimulatedAmc.from(NOW));
        amc.save("reach", REACH);
    }

    @AfterAll
    static void stop() {
        amc.close();
    }

    @BeforeEach
    void freeze() throws Exception {
        amc.control("PUT", "clock", "{\"frozen\":true,\"instant\":\"" + NOW + "\"}");
        amc.forgetToken();
        amc.access();
    }

    @AfterEach
    void reset() throws Exception {
        amc.control("POST", "reset", null);
    }

    private static void advance(String duration) throws Exception {
        amc.control("POST", "clock/advance", "{\"duration\":\"" + duration + "\"}");
    }

    private static JsonNode create(String more) throws Exception {
        Reply reply =
                amc.send(
                        "POST",
                        reporting("/workflowExecutions"),
                        "{\"workflowId\":\"reach\"," + more + "}");
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.body();
    }

    private static String explicit(String start, String end, String zone) {
        return "\"timeWindowType\":\"EXPLICIT\",\"timeWindowStart\":\"%s\",\"timeWindowEnd\":\"%s\",\"timeWindowTimeZone\":\"%s\""
                .formatted(start, end, zone);
    }

    @Test
    void repliesAsWasRecordedOfAmc() throws Exception {
        amc.save("recorded", REACH);
        JsonNode created =
                amc.send(
                                "POST",
                                reporting("/workflowExecutions"),
                                "{\"workflowId\":\"recorded\","
                                        + explicit(
                                                "2026-01-20T00:00:00",
                                                "2026-01-25T00:00:00",
                                                "America/New_York")
                                        + "}")
                        .body();
        assertThat(created.path("createTime").asText()).isEqualTo("2026-03-18T15:30:00Z");
        assertThat(created.path("expireTime").asText()).isEqualTo("2026-03-19T15:30:00Z");
        assertThat(created.path("waitUntil").asText()).isEqualTo("2026-03-18T14:30:00Z");
        assertThat(created.path("timeWindowStart").asText()).isEqualTo("2026-01-20T05:00:00Z");
        assertThat(created.path("timeWindowEnd").asText()).isEqualTo("2026-01-25T05:00:00Z");
        assertThat(created.path("timeWindowStartOriginal").asText())
                .isEqualTo("2026-01-20T00:00:00");
        assertThat(created.path("timeWindowTimeZoneOriginal").asText())
                .isEqualTo("America/New_York");
        assertThat(created.path("workflowExecutionTimeoutSeconds").asInt()).isEqualTo(21_600);
        assertThat(created.path("executionCategory").asText()).isEqualTo("AD_HOC");
        assertThat(created.path("status").asText()).isEqualTo("PENDING");
        assertThat(created.has("outputS3URI")).isFalse();
        String id = created.path("workflowExecutionId").asText();
        advance("PT1S");
        assertThat(amc.execution(id).path("status").asText()).isEqualTo("RUNNING");
        assertThat(amc.execution(id).path("validatedTime").asText())
                .isEqualTo("2026-03-18T15:30:00.700Z");
        advance("PT1S");
        JsonNode done = amc.execution(id);
        assertThat(done.path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(done.path("lastUpdatedTime").asText()).isEqualTo("2026-03-18T15:30:01Z");
        assertThat(done.path("outputS3URI").asText())
                .endsWith(
                        "/workflow=recorded/schedule=adhoc/2026-03-18T15:30:00.000Z-recorded.csv");
    }

    @ParameterizedTest
    @CsvSource({
        "MOST_RECENT_DAY, UTC, 2026-03-15T00:00:00Z, 2026-03-16T00:00:00Z",
        "MOST_RECENT_WEEK, UTC, 2026-03-09T00:00:00Z, 2026-03-16T00:00:00Z",
        "CURRENT_MONTH, UTC, 2026-03-01T00:00:00Z, 2026-03-16T15:30:00Z",
        "PREVIOUS_MONTH, UTC, 2026-02-01T00:00:00Z, 2026-03-01T00:00:00Z",
        "ALL, UTC, 2025-02-16T00:00:00Z, 2026-03-16T00:00:00Z",
        // With the hour that New York skipped on 8 March 2026.
        "CURRENT_MONTH, America/New_York, 2026-03-01T05:00:00Z, 2026-03-16T15:30:00Z",
        "MOST_RECENT_DAY, America/New_York, 2026-03-15T04:00:00Z, 2026-03-16T04:00:00Z",
        "PREVIOUS_MONTH, Asia/Tokyo, 2026-01-31T15:00:00Z, 2026-02-28T15:00:00Z",
    })
    void resolvesRelativeWindowsWhereDataIsComplete(
            String type, String zone, String start, String end) throws Exception {
        JsonNode created =
                create(
                        "\"timeWindowType\":\"%s\",\"timeWindowTimeZone\":\"%s\""
                                .formatted(type, zone));
        assertThat(created.path("timeWindowStart").asText()).isEqualTo(start);
        assertThat(created.path("timeWindowEnd").asText()).isEqualTo(end);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-03-08T00:00:00, 2026-03-09T00:00:00, 2026-03-08T05:00:00Z, 2026-03-09T04:00:00Z",
        "2025-11-02T00:00:00, 2025-11-03T00:00:00, 2025-11-02T04:00:00Z, 2025-11-03T05:00:00Z",
    })
    void knowsThatSomeDaysHave23Or25Hours(String from, String to, String start, String end)
            throws Exception {
        JsonNode created = create(explicit(from, to, "America/New_York"));
        assertThat(created.path("timeWindowStart").asText()).isEqualTo(start);
        assertThat(created.path("timeWindowEnd").asText()).isEqualTo(end);
    }

    @Test
    void queriesOneDayWhereNothingIsSaid() throws Exception {
        JsonNode created = create("\"parameterValues\":{}");
        assertThat(created.path("timeWindowStart").asText()).isEqualTo("2026-03-15T00:00:00Z");
        assertThat(created.path("timeWindowEnd").asText()).isEqualTo("2026-03-16T00:00:00Z");
    }

    @Test
    void findsNothingInAWindowWrittenWithZ() throws Exception {
        JsonNode local = create(explicit("2026-01-01T00:00:00", "2026-03-01T00:00:00", "UTC"));
        JsonNode zoned = create(explicit("2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z", "UTC"));
        assertThat(zoned.path("timeWindowStartOriginal").asText())
                .isEqualTo("2026-01-01T00:00:00Z");
        advance("PT5S");
        assertThat(result(local).lines().count()).isGreaterThan(1);
        assertThat(result(zoned)).isEqualTo("campaign,reach,impressions\n");
    }

    private static String result(JsonNode execution) throws Exception {
        String uri =
                amc.execution(execution.path("workflowExecutionId").asText())
                        .path("outputS3URI")
                        .asText();
        return String.valueOf(amc.published.get(uri.substring("s3://".length())));
    }

    @Test
    void doesNotKnowTheFuture() throws Exception {
        JsonNode until = create(explicit("2026-03-01T00:00:00", "2026-03-18T15:30:00", "UTC"));
        JsonNode beyond = create(explicit("2026-03-01T00:00:00", "2026-06-01T00:00:00", "UTC"));
        advance("PT1.9S");
        // AMC promises no order
        assertThat(result(beyond).lines().sorted())
                .containsExactlyElementsOf(result(until).lines().sorted().toList());
    }

    @Test
    void refusesWindowsOfTheWrongForm() throws Exception {
        for (String wrong :
                List.of(
                        explicit("2026-01-02", "2026-01-03T00:00:00", "UTC"),
                        explicit("2026-01-03T00:00:00", "2026-01-03T00:00:00", "UTC"),
                        explicit("2026-01-02T00:00:00", "2026-01-03T00:00:00", "Mars/Olympus"),
                        "\"timeWindowType\":\"LAST_YEAR\"",
                        "\"workflowExecutionTimeoutSeconds\":899",
                        "\"workflowExecutionTimeoutSeconds\":86401",
                        "\"advertisers\":[{\"id\":\"1\"}]")) {
            Reply reply =
                    amc.send(
                            "POST",
                            reporting("/workflowExecutions"),
                            "{\"workflowId\":\"reach\"," + wrong + "}");
            assertThat(reply.status()).as(wrong).isEqualTo(400);
            assertThat(reply.details()).isNotEmpty();
        }
    }

    @Test
    void validatesOnlyInADryRun() throws Exception {
        String id = create("\"dryRun\":true").path("workflowExecutionId").asText();
        advance("PT1S");
        assertThat(amc.execution(id).path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(amc.execution(id).path("outputS3URI").asText()).isEqualTo("N/A");
        assertThat(amc.get(reporting("/workflowExecutions/" + id + "/downloadUrls")).details())
                .isEqualTo("Execution with ID " + id + " is unavailable for download.");
        String bad =
                amc.execute(
                        "{\"dryRun\":true,\"workflow\":{\"sqlQuery\":\"SELECT a FROM nowhere\"}}");
        advance("PT1S");
        assertThat(amc.execution(bad).path("status").asText()).isEqualTo("REJECTED");
    }

    @Test
    void keepsAResultFromTheBucketThatIsNotWantedOrHasNone() throws Exception {
        String skipped = create("\"skipPublish\":true").path("workflowExecutionId").asText();
        advance("PT5S");
        amc.control("PATCH", "instances/amckst4q7z", "{\"hasBucket\":false}");
        assertThat(
                        amc.get("/amc/instances/amckst4q7z")
                                .body()
                                .path("instance")
                                .path("s3BucketName")
                                .asText())
                .isEmpty();
        String homeless = create("\"skipPublish\":false").path("workflowExecutionId").asText();
        advance("PT5S");
        for (String id : List.of(skipped, homeless)) {
            JsonNode done = amc.execution(id);
            assertThat(done.path("status").asText()).isEqualTo("SUCCEEDED");
            assertThat(done.path("outputS3URI").asText()).isEqualTo("N/A");
            assertThat(
                            amc.get(reporting("/workflowExecutions/" + id + "/downloadUrls"))
                                    .body()
                                    .path("downloadUrls"))
                    .hasSize(1);
        }
    }

    @Test
    void failsWhatRunsTooLong() throws Exception {
        amc.control("POST", "statuses", "{\"status\":\"RUNNING\"}");
        String id =
                create("\"workflowExecutionTimeoutSeconds\":900")
                        .path("workflowExecutionId")
                        .asText();
        advance("PT14M");
        assertThat(amc.execution(id).path("status").asText()).isEqualTo("RUNNING");
        advance("PT2M");
        assertThat(amc.execution(id).path("status").asText()).isEqualTo("FAILED");
        assertThat(amc.execution(id).path("statusReason").asText())
                .isEqualTo("The execution exceeded its workflowExecutionTimeoutSeconds of 900.");
    }

    @Test
    void givesUpWhatDidNotStartInADay() throws Exception {
        amc.control("POST", "statuses", "{\"status\":\"PENDING\"}");
        String id = create("\"dryRun\":false").path("workflowExecutionId").asText();
        advance("PT23H");
        amc.forgetToken();
        assertThat(amc.execution(id).path("status").asText()).isEqualTo("PENDING");
        advance("PT1H1S");
        amc.forgetToken();
        assertThat(amc.execution(id).path("status").asText()).isEqualTo("FAILED");
        assertThat(amc.execution(id).path("statusReason").asText())
                .isEqualTo("The execution did not start before its expireTime.");
    }

    @Test
    void listsByWorkflowOrByTime() throws Exception {
        amc.save("listed", REACH);
        String first = amc.run("listed");
        advance("PT1M");
        String second = amc.run("listed");
        amc.send("PUT", reporting("/workflowExecutions/" + second), "{\"status\":\"CANCELLED\"}");
        advance("PT1M");
        String third = amc.run("listed");
        assertThat(amc.get(reporting("/workflowExecutions")).details())
                .isEqualTo("Either workflowId or minCreationTime is required.");
        String by = "workflowId=listed";
        assertThat(ids(by)).containsExactly(third, first);
        assertThat(ids(by + "&sortAscending=true&includeCancelled=true"))
                .containsExactly(first, second, third);
        assertThat(ids(by + "&minCreationTime=2026-03-18T15:31:30")).containsExactly(third);
        assertThat(ids("minCreationTime=2026-03-18T08:31:30&timeZone=America/Los_Angeles"))
                .contains(third)
                .doesNotContain(first);
        assertThat(ids(by + "&maxCreationTime=2026-03-18T15:30:30")).containsExactly(first);
        JsonNode page =
                amc.get(reporting("/workflowExecutions?limit=1&includeWorkflow=true&" + by)).body();
        assertThat(page.path("executions").path(0).path("sqlQuery").asText()).isEqualTo(REACH);
        assertThat(ids(by + "&limit=1&nextToken=" + page.path("nextToken").asText()))
                .containsExactly(first);
        assertThat(amc.get(reporting("/workflowExecutions/none")).details())
                .isEqualTo("Workflow execution with ID none does not exist.");
    }

    private static List<String> ids(String query) throws Exception {
        return amc.get(reporting("/workflowExecutions?" + query))
                .body()
                .path("executions")
                .findValuesAsText("workflowExecutionId");
    }
}
