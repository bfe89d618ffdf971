package io.amcinsights.local.amc;

import static io.amcinsights.local.amc.SimulatedAmc.REACH;
import static io.amcinsights.local.amc.SimulatedAmc.reporting;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.local.amc.SimulatedAmc.Reply;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** Links to results: presigned, short-lived, several for a large one. */
class DownloadsTest {

    private static final String BY_DAY =
            "SELECT CAST(impression_date AS VARCHAR) || ', \"so\" ' || campaign AS what,"
                    + " SUM(impressions) AS n FROM dsp_impressions GROUP BY 1";

    @TempDir static Path folder;

    private static SimulatedAmc amc;

    @BeforeAll
    static void start() throws Exception {
        amc = new SimulatedAmc(folder, 50);
        assertThat(amc.save("reach", REACH).text()).isEqualTo("{}");
        Reply saved =
                amc.send(
                        "POST",
                        reporting("/workflows"),
                        SimulatedAmc.JSON
                                .createObjectNode()
                                .put("workflowId", "by-day")
                                .put("sqlQuery", BY_DAY)
                                .toString());
        assertThat(saved.text()).isEqualTo("{}");
    }

    @AfterAll
    static void stop() {
        amc.close();
    }

    @AfterEach
    void reset() throws Exception {
        amc.control("POST", "reset", null);
    }

    private static JsonNode links(String id, String query) throws Exception {
        return amc.get(reporting("/workflowExecutions/" + id + "/downloadUrls" + query)).body();
    }

    private static Reply fetch(String link, Map<String, String> headers) throws Exception {
        URI uri = URI.create(link);
        return amc.send("GET", uri.getRawPath() + "?" + uri.getRawQuery(), null, headers);
    }

    @Test
    void splitsALargeResultAndGivesFiveLinksAPage() throws Exception {
        amc.control("PATCH", "settings", "{\"partRows\":3}");
        String id =
                amc.execute("{\"workflowId\":\"by-day\",\"timeWindowType\":\"PREVIOUS_MONTH\"}");
        JsonNode done = amc.await(id, "SUCCEEDED");
        String whole =
                String.valueOf(
                        amc.published.get(
                                done.path("outputS3URI").asText().substring("s3://".length())));
        long rows = whole.lines().count() - 1;
        assertThat(rows).isGreaterThan(18);

        List<String> parts = new ArrayList<>();
        JsonNode page = links(id, "");
        assertThat(page.path("downloadUrls")).hasSize(5);
        assertThat(page.path("metadataDownloadUrls")).hasSize(1);
        while (true) {
            page.path("downloadUrls").forEach(u -> parts.add(u.asText()));
            if (page.path("nextToken").isNull()) {
                break;
            }
            page = links(id, "?nextToken=" + page.path("nextToken").asText());
            assertThat(page.path("metadataDownloadUrls")).isEmpty();
        }
        assertThat(parts).hasSize((int) ((rows + 2) / 3));
        StringBuilder joined = new StringBuilder("what,n\n");
        for (String part : parts) {
            Reply file = fetch(part, Map.of());
            assertThat(file.status()).isEqualTo(200);
            assertThat(file.text()).startsWith("what,n\n");
            joined.append(file.text().substring("what,n\n".length()));
        }
        assertThat(joined).hasToString(whole);
    }

    @Test
    void describesAResultBesideIt() throws Exception {
        String id = amc.run("reach");
        JsonNode done = amc.await(id, "SUCCEEDED");
        Reply metadata =
                fetch(links(id, "").path("metadataDownloadUrls").path(0).asText(), Map.of());
        assertThat(metadata.header("content-type")).isEqualTo("application/json");
        assertThat(metadata.body().path("sqlQuery").asText()).isEqualTo(REACH);
        assertThat(metadata.body().path("workflowExecutionId").asText()).isEqualTo(id);
        String key =
                done.path("outputS3URI")
                        .asText()
                        .substring("s3://".length())
                        .replace("/schedule=adhoc/", "/schedule=adhoc/metadata/")
                        .replace(".csv", ".json");
        assertThat(amc.published).containsEntry(key, metadata.text());
    }

    @Test
    void refusesAsTheStoreDoes() throws Exception {
        String id = amc.run("reach");
        amc.await(id, "SUCCEEDED");
        amc.control("PUT", "clock", "{\"frozen\":true}");
        String link = links(id, "").path("downloadUrls").path(0).asText();
        Reply signed = fetch(link, Map.of("Authorization", "Bearer " + amc.access()));
        assertThat(signed.status()).isEqualTo(400);
        assertThat(signed.text()).contains("<Code>InvalidArgument</Code>", "Only one auth");
        assertThat(fetch(link.replace("Expires=", "Expires=9"), Map.of()).text())
                .contains("<Code>SignatureDoesNotMatch</Code>");
        amc.control("POST", "clock/advance", "{\"duration\":\"PT9M59S\"}");
        assertThat(fetch(link, Map.of()).status()).isEqualTo(200);
        amc.control("POST", "clock/advance", "{\"duration\":\"PT1S\"}");
        Reply late = fetch(link, Map.of());
        assertThat(late.status()).isEqualTo(403);
        assertThat(late.text()).contains("<Message>Request has expired</Message>");
        assertThat(late.header("x-amz-request-id")).isNotEmpty();
        assertThat(fetch(links(id, "").path("downloadUrls").path(0).asText(), Map.of()).status())
                .isEqualTo(200);
        amc.control("POST", "clock/advance", "{\"duration\":\"PT24H\"}");
        amc.forgetToken();
        assertThat(links(id, "").path("details").asText())
                .isEqualTo("Execution with ID " + id + " is unavailable for download.");
    }

    @Test
    void comesCompressedWhenTold() throws Exception {
        String id = amc.run("reach");
        amc.await(id, "SUCCEEDED");
        String link = links(id, "").path("downloadUrls").path(0).asText();
        String plain = fetch(link, Map.of()).text();
        amc.control("PATCH", "settings", "{\"gzip\":true}");
        URLConnection connection = URI.create(link).toURL().openConnection();
        assertThat(connection.getContentEncoding()).isEqualTo("gzip");
        try (InputStream in = new GZIPInputStream(connection.getInputStream())) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(plain);
        }
    }
}
