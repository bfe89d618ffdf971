package io.amcinsights.local.amc;

import static io.amcinsights.local.amc.SimulatedAmc.REACH;
import static io.amcinsights.local.amc.SimulatedAmc.reporting;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.local.amc.SimulatedAmc.Reply;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Paths, methods, media types, paging and fields of the Reporting API. */
class SurfaceTest {

    @TempDir static Path folder;

    private static SimulatedAmc amc;

    @BeforeAll
    static void start() throws Exception {
        amc = new SimulatedAmc(folder, 50);
    }

    @AfterAll
    static void stop() {
        amc.close();
    }

    @Test
    void saysWhatIsNotThereAndWhatIsNotAllowed() throws Exception {
        Reply nowhere = amc.get("/amc/reporting/amckst4q7z/flows");
        assertThat(nowhere.status()).isEqualTo(404);
        assertThat(nowhere.body().path("code").asText()).isEqualTo("404");
        Reply method = amc.send("DELETE", reporting("/workflowExecutions/x"), null);
        assertThat(method.status()).isEqualTo(405);
        assertThat(method.header("allow")).isEqualTo("GET, PUT");
        for (Reply reply : List.of(nowhere, method)) {
            assertThat(reply.header("x-amz-request-id"))
                    .isNotEmpty()
                    .isEqualTo(reply.header("x-amz-rid"));
        }
    }

    @Test
    void speaksJsonByAllItsNames() throws Exception {
        for (String type :
                List.of(
                        "application/json",
                        "application/vnd.amcworkflows.v1+json",
                        "application/vnd.amcworkflowexecutions.v1+json; charset=utf-8",
                        "text/html, */*;q=0.1")) {
            assertThat(withHeader("Accept", type, null).status()).as(type).isEqualTo(200);
        }
        Reply html = withHeader("Accept", "text/html", null);
        assertThat(html.status()).isEqualTo(406);
        assertThat(html.details())
                .isEqualTo("No media type of the Accept header can be given: text/html");
        String body = "{\"workflowId\":\"typed\",\"sqlQuery\":\"" + REACH + "\"}";
        assertThat(withHeader("Content-Type", "application/x-www-form-urlencoded", body).status())
                .isEqualTo(415);
        assertThat(
                        withHeader("Content-Type", "application/vnd.amcworkflows.v1+json", body)
                                .status())
                .isEqualTo(200);
    }

    private static Reply withHeader(String name, String value, @Nullable String body)
            throws Exception {
        Map<String, String> headers = amc.headers();
        headers.put(name, value);
        return amc.send(body == null ? "GET" : "POST", reporting("/workflows"), body, headers);
    }

    @Test
    void pagesItsLists() throws Exception {
        for (int i = 0; i < 5; i++) {
            amc.save("page-" + i, REACH);
        }
        List<String> seen = new ArrayList<>();
        String token = "";
        int pages = 0;
        do {
            JsonNode page = amc.get(reporting("/workflows?limit=2" + token)).body();
            assertThat(page.path("workflows").size()).isLessThanOrEqualTo(2);
            seen.addAll(page.path("workflows").findValuesAsText("workflowId"));
            token =
                    page.path("nextToken").isNull()
                            ? ""
                            : "&nextToken=" + page.path("nextToken").asText();
            pages++;
        } while (!token.isEmpty());
        assertThat(seen).contains("page-0", "page-4").doesNotHaveDuplicates();
        assertThat(pages).isEqualTo((seen.size() + 1) / 2);
        assertThat(amc.get(reporting("/workflows?nextToken=bad*token")).details())
                .isEqualTo("nextToken is not one of this list: bad*token");
        for (String limit : List.of("0", "101", "ten")) {
            assertThat(amc.get(reporting("/workflows?limit=" + limit)).details())
                    .isEqualTo("limit must be between 1 and 100.");
        }
    }

    @Test
    void dropsWhatItDoesNotKnow() throws Exception {
        String body =
                """
                {"workflowId":"known","futureField":{"a":1},
                 "sqlQuery":"SELECT campaign, SUM(impressions) AS n FROM dsp_impressions WHERE campaign = CUSTOM_PARAMETER('c') GROUP BY campaign",
                 "inputParameters":[{"name":"c","dataType":"STRING","columnType":"DIMENSION","column_type":"METRIC"}]}
                """;
        assertThat(amc.send("POST", reporting("/workflows"), body).status()).isEqualTo(200);
        JsonNode kept = amc.get(reporting("/workflows/known")).body();
        assertThat(kept.has("futureField")).isFalse();
        assertThat(kept.path("inputParameters").path(0).toString())
                .isEqualTo("{\"name\":\"c\",\"dataType\":\"STRING\",\"columnType\":\"DIMENSION\"}");
        assertThat(
                        amc.send(
                                        "PUT",
                                        reporting("/workflows/known"),
                                        body.replace("known", "other"))
                                .details())
                .isEqualTo("The workflowId of the body is not that of the path.");
    }

    @Test
    void keepsSchedulesAsTheyAreDefined() throws Exception {
        amc.save("scheduled", REACH);
        String weekly =
                "{\"scheduleId\":\"s1\",\"workflowId\":\"scheduled\",\"aggregationPeriod\":\"Weekly\",\"aggregationStartDay\":\"Monday\",\"aggregationHourUtc\":14}";
        assertThat(amc.send("POST", reporting("/schedules"), weekly).status()).isEqualTo(200);
        assertThat(amc.send("POST", reporting("/schedules"), weekly).details())
                .isEqualTo("Schedule with ID s1 already exists.");
        for (String wrong :
                List.of(
                        weekly.replace("s1", "s2").replace("Weekly", "Monthly"),
                        weekly.replace("s1", "s2").replace("14", "24"),
                        weekly.replace("s1", "s2").replace("Monday", "Someday"),
                        weekly.replace("s1", "s2").replace("\"scheduled\"", "\"absent\""),
                        weekly.replace("s1", "a b"))) {
            assertThat(amc.send("POST", reporting("/schedules"), wrong).status())
                    .as(wrong)
                    .isEqualTo(400);
        }
        assertThat(amc.get(reporting("/schedules/s1")).body().path("scheduleEnabled").asBoolean())
                .isTrue();
        amc.send(
                "PUT",
                reporting("/schedules/s1"),
                weekly.replace("}", ",\"scheduleEnabled\":false}"));
        assertThat(
                        amc.get(reporting("/schedules"))
                                .body()
                                .path("schedules")
                                .path(0)
                                .path("scheduleEnabled")
                                .asBoolean())
                .isFalse();
        assertThat(amc.send("DELETE", reporting("/workflows/scheduled"), null).details())
                .isEqualTo(
                        "Workflow with ID scheduled cannot be deleted: schedule s1 refers to it.");
        assertThat(amc.send("DELETE", reporting("/schedules/s1"), null).text()).isEqualTo("{}");
        assertThat(amc.get(reporting("/schedules/s1")).details())
                .isEqualTo("Schedule with ID s1 does not exist.");
        assertThat(amc.send("DELETE", reporting("/workflows/scheduled"), null).status())
                .isEqualTo(200);
    }

    @Test
    void refusesBodiesThatAreNone() throws Exception {
        assertThat(amc.send("POST", reporting("/workflows"), "[1]").details())
                .isEqualTo("The request body must be a JSON object.");
        assertThat(amc.send("POST", reporting("/workflows"), "{\"a\"").details())
                .startsWith("The request body is not JSON: ");
        assertThat(amc.send("POST", reporting("/workflows"), "x".repeat(1_100_000)).status())
                .isEqualTo(413);
        assertThat(amc.send("POST", reporting("/workflowExecutions"), "{}").details())
                .isEqualTo("Give either workflowId or workflow.");
    }
}
