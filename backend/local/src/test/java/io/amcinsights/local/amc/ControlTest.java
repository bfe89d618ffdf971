package io.amcinsights.local.amc;

import static io.amcinsights.local.amc.SimulatedAmc.REACH;
import static io.amcinsights.local.amc.SimulatedAmc.reporting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.local.amc.SimulatedAmc.Reply;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The control path, and what clients then see. */
class ControlTest {

    @TempDir static Path folder;

    private static SimulatedAmc amc;

    @BeforeAll
    static void start() throws Exception {
        amc = new SimulatedAmc(folder, 50);
        amc.save("reach", REACH);
    }

    @AfterAll
    static void stop() {
        amc.close();
    }

    @AfterEach
    void reset() throws Exception {
        amc.control("POST", "reset", null);
        amc.forgetToken();
    }

    @Test
    void opensWithTheKeyAndNeverToAWebPage() throws Exception {
        assertThat(amc.simulator().connection().path("controlUrl").asText())
                .isEqualTo(amc.simulator().baseUri() + "/_sim");
        String key = amc.simulator().connection().path("controlKey").asText();
        Reply without = amc.send("GET", "/_sim/clock", null, Map.of());
        assertThat(without.status()).isEqualTo(401);
        assertThat(without.header("x-amz-request-id")).isNotEmpty();
        assertThat(amc.send("GET", "/_sim/clock", null, Map.of("X-Sim-Key", "x")).status())
                .isEqualTo(401);
        Reply page =
                amc.send(
                        "GET",
                        "/_sim/clock",
                        null,
                        Map.of("X-Sim-Key", key, "Origin", amc.simulator().baseUri().toString()));
        assertThat(page.status()).isEqualTo(403);
        assertThat(
                        amc.send(
                                        "GET",
                                        "/amc/accounts",
                                        null,
                                        Map.of("Origin", "https://a.example"))
                                .status())
                .isEqualTo(403);
    }

    @Test
    void saysWhatIsWrongWithARequest() throws Exception {
        assertThat(refused("POST", "faults", "{\"operation\":\"GetFlow\",\"kind\":\"lostReply\"}"))
                .startsWith("There is no operation GetFlow, but Authorize, ");
        assertThat(refused("POST", "faults", "{\"kind\":\"status\"}"))
                .isEqualTo("A status belongs to the kind status, and to no other.");
        assertThat(refused("POST", "faults", "{\"kind\":\"duplicate\",\"tmes\":2}"))
                .startsWith("There is no field tmes here, but operation, kind, ");
        assertThat(refused("PATCH", "settings", "{\"speed\":0}"))
                .isEqualTo("speed must be a number from 0.001 to 1000000.");
        assertThat(refused("PUT", "clock", "{\"instant\":\"yesterday\"}"))
                .isEqualTo("instant must have the form 2026-11-23T09:30:00Z.");
        assertThat(refused("GET", "nothing", null))
                .isEqualTo("The control path has no GET /_sim/nothing");
    }

    private static String refused(String method, String path, @Nullable String body)
            throws Exception {
        Reply reply =
                amc.send(
                        method,
                        "/_sim/" + path,
                        body,
                        Map.of("X-Sim-Key", amc.simulator().controlKey()));
        assertThat(reply.status()).isBetween(400, 404);
        return reply.details();
    }

    @Test
    void failsTheNextCallsOfAnOperation() throws Exception {
        amc.control(
                "POST",
                "faults",
                """
                {"operation":"ListWorkflows","kind":"status","status":429,"retryAfter":7,"times":2}
                """);
        Reply first = amc.get(reporting("/workflows"));
        assertThat(first.status()).isEqualTo(429);
        assertThat(first.header("retry-after")).isEqualTo("7");
        assertThat(first.header("x-amz-request-id")).isNotEmpty();
        assertThat(amc.get(reporting("/workflows/reach")).status()).isEqualTo(200);
        assertThat(amc.get(reporting("/workflows")).status()).isEqualTo(429);
        assertThat(amc.get(reporting("/workflows")).status()).isEqualTo(200);
        assertThat(
                        amc.control("GET", "faults", null)
                                .path("faults")
                                .path(0)
                                .path("happened")
                                .asInt())
                .isEqualTo(2);

        amc.control(
                "POST",
                "faults",
                """
                {"operation":["GetToken","GetWorkflow"],"kind":"status","status":504,
                 "body":{"message":"Endpoint request timed out"},"times":2}
                """);
        assertThat(amc.token().body().toString())
                .isEqualTo("{\"message\":\"Endpoint request timed out\"}");
        assertThat(amc.get(reporting("/workflows/reach")).status()).isEqualTo(504);
        assertThat(amc.token().status()).isEqualTo(200);
    }

    @Test
    void failsAShareOfTheCallsTheSameWayForTheSameSeed() throws Exception {
        List<Integer> once = statuses();
        amc.control("POST", "reset", null);
        assertThat(statuses()).isEqualTo(once);
        assertThat(once).contains(200, 500);
        amc.control("POST", "reset", null);
        amc.control("PATCH", "settings", "{\"seed\":2}");
        assertThat(statuses()).isNotEqualTo(once);
    }

    private static List<Integer> statuses() throws Exception {
        amc.control(
                "POST",
                "faults",
                "{\"operation\":\"GetWorkflow\",\"kind\":\"status\",\"status\":500,\"probability\":0.5}");
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            statuses.add(amc.get(reporting("/workflows/reach")).status());
        }
        return statuses;
    }

    @Test
    void doesTheWorkAndLosesTheReply() throws Exception {
        amc.control(
                "POST",
                "faults",
                "{\"operation\":\"CreateWorkflow\",\"kind\":\"lostReply\",\"times\":1}");
        assertThatThrownBy(() -> amc.save("lost", REACH)).isInstanceOf(IOException.class);
        assertThat(amc.get(reporting("/workflows/lost")).status()).isEqualTo(200);
        JsonNode seen = amc.control("GET", "calls?operation=CreateWorkflow", null).path("calls");
        assertThat(seen).hasSize(1);
        assertThat(seen.path(0).path("status").asInt()).isZero();
        assertThat(seen.path(0).path("fault").asText()).isEqualTo("lostReply");
    }

    @Test
    void doesTheWorkTwice() throws Exception {
        amc.control(
                "POST",
                "faults",
                "{\"operation\":\"CreateWorkflowExecution\",\"kind\":\"duplicate\",\"times\":1}");
        amc.save("twice", REACH);
        String second = amc.run("twice");
        JsonNode both = amc.get(reporting("/workflowExecutions?workflowId=twice")).body();
        assertThat(both.path("executions").findValuesAsText("workflowExecutionId"))
                .hasSize(2)
                .contains(second);
    }

    @Test
    void answersLate() throws Exception {
        amc.access();
        amc.control("POST", "faults", "{\"kind\":\"delay\",\"delayMillis\":300,\"times\":1}");
        long began = System.nanoTime();
        assertThat(amc.get(reporting("/workflows")).status()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isGreaterThan(Duration.ofMillis(299));
    }

    @Test
    void throttlesEachClient() throws Exception {
        amc.access();
        amc.control("PATCH", "settings", "{\"throttle\":{\"burst\":3,\"perSecond\":0.01}}");
        for (int i = 0; i < 3; i++) {
            assertThat(amc.get(reporting("/workflows")).status()).isEqualTo(200);
        }
        Reply refused = amc.get(reporting("/workflows"));
        assertThat(refused.status()).isEqualTo(429);
        assertThat(Integer.parseInt(refused.header("retry-after"))).isBetween(90, 100);
        assertThat(amc.token().status()).as("tokens are not throttled").isEqualTo(200);
        amc.control("PATCH", "settings", "{\"throttle\":null}");
        assertThat(amc.get(reporting("/workflows")).status()).isEqualTo(200);
    }

    @Test
    void wrapsSingleObjectsWhenTold() throws Exception {
        assertThat(amc.get(reporting("/workflows/reach")).body().path("workflowId").asText())
                .isEqualTo("reach");
        amc.control("PATCH", "settings", "{\"envelope\":\"wrapped\"}");
        assertThat(
                        amc.get(reporting("/workflows/reach"))
                                .body()
                                .path("workflow")
                                .path("workflowId")
                                .asText())
                .isEqualTo("reach");
        assertThat(amc.get(reporting("/dataSources/dsp_clicks")).body().has("dataSource")).isTrue();
    }

    @Test
    void holdsAnExecutionInAStatusThatNobodyKnows() throws Exception {
        amc.control("POST", "statuses", "{\"status\":\"MYSTERY\",\"workflowId\":\"reach\"}");
        String id = amc.run("reach");
        SimulatedAmc.eventually(() -> amc.execution(id).path("status").asText().equals("MYSTERY"));
        assertThat(amc.control("GET", "statuses", null).path("next")).isEmpty();
        assertThat(
                        amc.control("PUT", "executions/" + id, "{\"status\":\"PUBLISHING\"}")
                                .path("status")
                                .asText())
                .isEqualTo("PUBLISHING");
        assertThat(amc.execution(id).path("status").asText()).isEqualTo("PUBLISHING");
        amc.control("PUT", "executions/" + id, "{\"status\":\"SUCCEEDED\"}");
        assertThat(amc.await(id, "SUCCEEDED").path("outputColumns")).hasSize(3);
        assertThat(refused("PUT", "executions/" + id, "{\"status\":\"FAILED\"}"))
                .isEqualTo("Execution with ID " + id + " has ended: it is SUCCEEDED.");
    }

    @Test
    void endsExecutionsAsTold() throws Exception {
        amc.control(
                "POST",
                "statuses",
                "{\"status\":\"REJECTED\",\"reason\":\"The query is not allowed.\",\"times\":2}");
        for (int i = 0; i < 2; i++) {
            assertThat(amc.await(amc.run("reach"), "REJECTED").path("statusReason").asText())
                    .isEqualTo("The query is not allowed.");
        }
        amc.control("POST", "statuses", "{\"status\":\"FAILED\",\"reason\":\"Internal error.\"}");
        assertThat(amc.await(amc.run("reach"), "FAILED").path("statusReason").asText())
                .isEqualTo("Internal error.");
        amc.control("POST", "statuses", "{\"status\":\"PENDING\"}");
        String waiting = amc.run("reach");
        amc.await(amc.run("reach"), "SUCCEEDED");
        assertThat(amc.execution(waiting).path("status").asText()).isEqualTo("PENDING");
        amc.control("PUT", "executions/" + waiting, "{\"status\":\"CANCELLED\",\"reason\":\"x\"}");
        assertThat(amc.execution(waiting).path("status").asText()).isEqualTo("CANCELLED");
    }

    @Test
    void refusesTheQueryThatComesAfterTooManyLikeIt() throws Exception {
        amc.control("PATCH", "settings", "{\"differencingAfter\":2}");
        String views =
                "SELECT advertiser, SUM(events) AS n FROM dsp_views WHERE campaign <> '%d' GROUP BY"
                        + " advertiser";
        for (int i = 0; i < 2; i++) {
            amc.save("like-" + i, views.formatted(i));
            amc.await(amc.run("like-" + i), "SUCCEEDED");
        }
        amc.await(amc.run("like-1"), "SUCCEEDED");
        amc.save("like-2", views.formatted(2));
        String id = amc.run("like-2");
        assertThat(amc.await(id, "REJECTED").path("statusReason").asText())
                .isEqualTo(
                        "Execution \"%s\" of workflow \"like-2\" could not be run because too many workflows have already been run against the same input data sources in the same or overlapping time windows."
                                .formatted(id));
    }

    @Test
    void refusesABadQueryAtOnceWhenValidationIsNotAsynchronous() throws Exception {
        String request = "{\"workflow\":{\"sqlQuery\":\"SELECT nothing FROM nowhere\"}}";
        amc.await(amc.execute(request), "REJECTED");
        amc.control("PATCH", "settings", "{\"asyncValidation\":false}");
        Reply reply = amc.send("POST", reporting("/workflowExecutions"), request);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.details())
                .startsWith("Was unable to compile workflow transient_")
                .contains("Object 'nowhere' not found");
    }

    @Test
    void movesEverythingWithTheClock() throws Exception {
        amc.control("PUT", "clock", "{\"instant\":\"2026-03-09T12:00:00Z\",\"frozen\":true}");
        amc.forgetToken();
        assertThat(amc.get(reporting("/workflows")).status()).isEqualTo(200);
        String id = amc.run("reach");
        JsonNode pending = amc.execution(id);
        assertThat(pending.path("status").asText()).isEqualTo("PENDING");
        assertThat(pending.path("createTime").asText()).isEqualTo("2026-03-09T12:00:00Z");
        assertThat(pending.path("timeWindowEnd").asText()).isEqualTo("2026-03-07T00:00:00Z");
        amc.control("POST", "clock/advance", "{\"duration\":\"PT10S\"}");
        JsonNode done = amc.execution(id);
        assertThat(done.path("status").asText()).as(done.toString()).isEqualTo("SUCCEEDED");
        assertThat(amc.control("GET", "clock", null).path("instant").asText())
                .isEqualTo("2026-03-09T12:00:10Z");
        amc.control("POST", "clock/advance", "{\"duration\":\"PT1H\"}");
        assertThat(amc.get(reporting("/workflows")).status())
                .as("the token has expired")
                .isEqualTo(401);
    }

    @Test
    void comesBackToTheRealTime() throws Exception {
        amc.control("PUT", "clock", "{\"instant\":\"2031-01-01T00:00:00Z\"}");
        assertThat(amc.control("GET", "clock", null).path("frozen").asBoolean()).isFalse();
        amc.control("POST", "reset", null);
        Instant now = Instant.parse(amc.control("GET", "clock", null).path("instant").asText());
        assertThat(Duration.between(now, Instant.now()).abs()).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void countsTheCallsItSaw() throws Exception {
        amc.access();
        amc.control("DELETE", "calls", null);
        amc.get(reporting("/workflows/reach"));
        amc.get(reporting("/workflows/absent"));
        amc.get("/amc/nowhere?secret=1");
        JsonNode all = amc.control("GET", "calls", null);
        assertThat(all.path("calls").findValuesAsText("status"))
                .containsExactly("200", "400", "404");
        assertThat(all.path("calls").findValuesAsText("path").getLast()).isEqualTo("/amc/nowhere");
        assertThat(all.path("counts").toString())
                .isEqualTo("{\"\":{\"404\":1},\"GetWorkflow\":{\"200\":1,\"400\":1}}");
        assertThat(amc.control("GET", "calls?operation=GetWorkflow&limit=1", null).path("calls"))
                .hasSize(1);
    }

    @Test
    void showsTheWorld() throws Exception {
        JsonNode instance =
                amc.control("GET", "world", null)
                        .path("accounts")
                        .path(0)
                        .path("instances")
                        .path(0);
        assertThat(instance.path("instanceId").asText()).isEqualTo(SimulatedAmc.INSTANCE);
        assertThat(instance.path("advertisers").path(0).asText()).isEqualTo("Kestrel Outdoor");
        assertThat(instance.path("users").asInt()).isEqualTo(1000);
    }
}
