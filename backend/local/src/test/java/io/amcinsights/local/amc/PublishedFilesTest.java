package io.amcinsights.local.amc;

import static io.amcinsights.local.amc.SimulatedAmc.reporting;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.local.amc.world.World;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** The files that appear in an instance's bucket without anybody having asked by the API. */
class PublishedFilesTest {

    private static final String SALES =
            "SELECT advertiser, SUM(detail_page_view) AS views, SUM(total_purchases) AS purchases"
                    + " FROM amazon_attributed_events_by_traffic_time GROUP BY advertiser";

    @TempDir static Path folder;

    private static SimulatedAmc amc;

    @BeforeAll
    static void start() throws Exception {
        amc =
                new SimulatedAmc(
                        folder,
                        1000,
                        SimulatedAmc.of(World.load(), 30_000),
                        SimulatedAmc.from(Instant.parse("2026-10-05T09:00:00Z")));
    }

    @AfterAll
    static void stop() {
        amc.close();
    }

    private static List<String> keys(String part) {
        return amc.published.keySet().stream()
                .filter(k -> k.contains(part) && k.endsWith(".csv"))
                .map(k -> k.substring(k.indexOf('/') + 1))
                .toList();
    }

    @Test
    void writesDatedVersionsOfSchedulesAndRestatesThem() throws Exception {
        amc.control("PUT", "clock", "{\"instant\":\"2026-10-05T09:30:00Z\",\"frozen\":true}");
        amc.forgetToken();
        amc.save("sales", SALES);
        for (String period : List.of("Daily", "Weekly")) {
            amc.send(
                    "POST",
                    reporting("/schedules"),
                    "{\"scheduleId\":\"%s\",\"workflowId\":\"sales\",\"aggregationPeriod\":\"%s\",\"aggregationHourUtc\":14}"
                            .formatted(period, period));
        }
        amc.control("POST", "clock/advance", "{\"duration\":\"PT10H\"}");
        assertThat(keys("workflow=sales/")).as("six hours have not passed").isEmpty();
        amc.control("POST", "clock/advance", "{\"duration\":\"PT1H\"}");
        assertThat(keys("workflow=sales/"))
                .containsExactly(
                        "workflow=sales/schedule=daily/2026-10-05-sales-ver1.csv",
                        "workflow=sales/schedule=weekly/2026-10-05-sales-ver1.csv");
        amc.control("POST", "clock/advance", "{\"duration\":\"P14D\"}");
        assertThat(keys("schedule=daily/"))
                .hasSize(16)
                .contains(
                        "workflow=sales/schedule=daily/2026-10-05-sales-ver2.csv",
                        "workflow=sales/schedule=daily/2026-10-19-sales-ver1.csv");
        assertThat(keys("schedule=weekly/"))
                .containsExactly(
                        "workflow=sales/schedule=weekly/2026-10-05-sales-ver1.csv",
                        "workflow=sales/schedule=weekly/2026-10-05-sales-ver2.csv",
                        "workflow=sales/schedule=weekly/2026-10-12-sales-ver1.csv",
                        "workflow=sales/schedule=weekly/2026-10-19-sales-ver1.csv");

        amc.forgetToken();
        JsonNode runs =
                amc.get(reporting("/workflowExecutions?workflowId=sales&sortAscending=true"))
                        .body()
                        .path("executions");
        assertThat(runs.path(0).path("executionCategory").asText()).isEqualTo("SCHEDULED");
        assertThat(runs.path(0).path("createTime").asText()).isEqualTo("2026-10-05T20:00:00Z");
        assertThat(runs.path(0).path("timeWindowEnd").asText()).isEqualTo("2026-10-05T14:00:00Z");
        String first = file("workflow=sales/schedule=weekly/2026-10-05-sales-ver1.csv");
        String restated = file("workflow=sales/schedule=weekly/2026-10-05-sales-ver2.csv");
        assertThat(restated).as("conversions came in later").isNotEqualTo(first);
    }

    private static String file(String key) {
        return amc.published.entrySet().stream()
                .filter(e -> e.getKey().endsWith(key))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    @Test
    void runsWhatSomebodyTypesIntoTheConsole() throws Exception {
        JsonNode typed =
                amc.control(
                        "POST",
                        "console",
                        "{\"instanceId\":\"amckst4q7z\",\"sqlQuery\":\"%s\"}"
                                .formatted(SimulatedAmc.REACH));
        assertThat(typed.path("workflowId").asText())
                .matches("analytics-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
        SimulatedAmc.eventually(
                () -> {
                    amc.control("POST", "clock/advance", "{\"duration\":\"PT1S\"}");
                    return !keys("workflow=" + typed.path("workflowId").asText()).isEmpty();
                });
        assertThat(keys("workflow=analytics-").getFirst())
                .startsWith("workflow=" + typed.path("workflowId").asText() + "/schedule=adhoc/");
    }
}
