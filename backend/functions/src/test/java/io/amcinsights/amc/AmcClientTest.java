package io.amcinsights.amc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.IntNode;

import io.amcinsights.TestInstallation.TestClock;
import io.amcinsights.amc.ScriptedAmc.Answer;
import io.amcinsights.contract.AmcRegion;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Parameter;
import io.amcinsights.contract.TimeWindow;
import io.amcinsights.ports.MemoryPorts;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPOutputStream;

class AmcClientTest {

    private static final AmcAddress ADDRESS =
            new AmcAddress(
                    new AmcAccount("default", AmcRegion.NA, "ENTITY1AA1AA11AAA1", "ATVPDKIKX0DER"),
                    "amcr1aaaa1a");
    private static final String EXECUTION = "/amc/reporting/amcr1aaaa1a/workflowExecutions/e-1";
    private static final String SUCCEEDED =
            "{\"workflowExecutionId\":\"e-1\",\"status\":\"SUCCEEDED\",\"more\":[{}]}";

    private final ScriptedAmc amc = new ScriptedAmc();
    private final TestClock clock = new TestClock();
    private final MemoryPorts ports = new MemoryPorts(clock);
    private final List<Duration> pauses = new ArrayList<>();
    private Duration timeLeft = Duration.ofSeconds(30);
    private AmcClient client;

    @BeforeEach
    void client() {
        ports.secretValues.put(
                "credentials/default",
                "{\"clientId\":\"client-1\",\"clientSecret\":\"s3c&ret\",\"refreshToken\":\"Atzr|1\"}");
        client =
                new AmcClient(
                        amc.hosts(),
                        ports.secrets(),
                        "credentials/",
                        clock,
                        new Retrying(
                                HttpClient.newHttpClient(), () -> timeLeft, clock, pauses::add),
                        new NobodyWatches());
    }

    @AfterEach
    void close() {
        amc.close();
    }

    @Test
    void aTokenIsAskedForOnceAndAgainBeforeItEnds() {
        amc.on("GET", EXECUTION, 200, SUCCEEDED);
        client.executions().get(ADDRESS, "e-1");
        clock.forward(Duration.ofMinutes(54));
        client.executions().get(ADDRESS, "e-1");
        assertThat(tokensAsked()).isEqualTo(1);
        assertThat(amc.seen("POST", "/auth/o2/token").getFirst().body())
                .isEqualTo(
                        "client_id=client-1&client_secret=s3c%26ret&grant_type=refresh_token&refresh_token=Atzr%7C1");

        clock.forward(Duration.ofMinutes(2));
        client.executions().get(ADDRESS, "e-1");
        assertThat(tokensAsked()).isEqualTo(2);
        assertThat(amc.seen("GET", EXECUTION).getFirst().headers())
                .containsEntry("Authorization", "Bearer Atza|1")
                .containsEntry("Amazon-advertising-api-clientid", "client-1")
                .containsEntry("Amazon-advertising-api-advertiserid", "ENTITY1AA1AA11AAA1")
                .containsEntry("Amazon-advertising-api-marketplaceid", "ATVPDKIKX0DER");
    }

    @Test
    void manyCallersAtOnceAskForOneToken() throws Exception {
        amc.on("GET", EXECUTION, 200, SUCCEEDED);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<AmcExecution>> calls = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                calls.add(executor.submit(() -> client.executions().get(ADDRESS, "e-1")));
            }
            for (Future<AmcExecution> call : calls) {
                assertThat(call.get().phase()).isEqualTo(AmcExecution.Phase.SUCCEEDED);
            }
        }
        assertThat(tokensAsked()).isEqualTo(1);
    }

    @Test
    void aTokenThatIsRefusedIsRenewedOnce() {
        amc.on("GET", EXECUTION, 401, "{\"message\":\"expired\"}")
                .on("GET", EXECUTION, 200, SUCCEEDED);
        client.executions().get(ADDRESS, "e-1");
        assertThat(tokensAsked()).isEqualTo(2);

        amc.off("GET", EXECUTION).on("GET", EXECUTION, 401, "{\"message\":\"revoked\"}");
        Failure failure = failure(() -> client.executions().get(ADDRESS, "e-1"));
        assertThat(failure.code()).isEqualTo(ErrorCode.AMC_CREDENTIALS);
        assertThat(failure.message()).contains("revoked");
        assertThat(tokensAsked()).isEqualTo(3);
    }

    @Test
    void credentialsThatAmazonRefusesAreSaidSoWithoutShowingThem() {
        amc.off("POST", "/auth/o2/token")
                .on(
                        "POST",
                        "/auth/o2/token",
                        400,
                        "{\"error\":\"invalid_grant\",\"error_description\":\"The request has an"
                                + " invalid grant parameter\"}");
        Failure failure = failure(() -> client.executions().get(ADDRESS, "e-1"));
        assertThat(failure.code()).isEqualTo(ErrorCode.AMC_CREDENTIALS);
        assertThat(failure.message()).contains("default", "invalid grant");

        ports.secretValues.put("credentials/default", "{\"clientSecret\":\"s3c&ret\"");
        Failure broken = failure(() -> client.executions().get(ADDRESS, "e-1"));
        assertThat(broken.code()).isEqualTo(ErrorCode.AMC_CREDENTIALS);
        assertThat(broken.toString()).doesNotContain("s3c&ret");
        assertThat(broken.nextStep()).isNotNull();
    }

    @Test
    void retryAfterIsObeyed() {
        amc.on("GET", EXECUTION, new Answer(429, "", Map.of("Retry-After", "7")))
                .on("GET", EXECUTION, 200, SUCCEEDED);
        client.executions().get(ADDRESS, "e-1");
        assertThat(pauses)
                .singleElement()
                .satisfies(
                        p -> assertThat(p).isBetween(Duration.ofSeconds(7), Duration.ofSeconds(8)));
    }

    @Test
    void troubleIsWaitedOutWithGrowingPauses() {
        amc.on("GET", EXECUTION, 500, "")
                .on("GET", EXECUTION, new Answer(0, "", Map.of()))
                .on("GET", EXECUTION, 503, "busy")
                .on("GET", EXECUTION, 200, SUCCEEDED);
        assertThat(client.executions().get(ADDRESS, "e-1").phase())
                .isEqualTo(AmcExecution.Phase.SUCCEEDED);
        assertThat(pauses).isNotEmpty().allMatch(p -> p.compareTo(Duration.ofSeconds(3)) < 0);
    }

    @Test
    void aCallerWithoutTimeIsNotKept() {
        timeLeft = Duration.ofSeconds(5);
        amc.on("GET", EXECUTION, new Answer(429, "", Map.of("Retry-After", "60")));
        Failure failure = failure(() -> client.executions().get(ADDRESS, "e-1"));
        assertThat(failure.code()).isEqualTo(ErrorCode.AMC_UNAVAILABLE);
        assertThat(pauses).isEmpty();
        assertThat(amc.seen("GET", EXECUTION)).hasSize(1);
    }

    @Test
    void anExecutionIsNeverAskedForTwiceInOneGo() {
        String path = "/amc/reporting/amcr1aaaa1a/workflowExecutions";
        for (Answer answer : List.of(new Answer(504, "", Map.of()), new Answer(0, "", Map.of()))) {
            amc.off("POST", path).on("POST", path, answer);
            int before = amc.seen("POST", path).size();
            assertThat(failure(this::create).code()).isEqualTo(ErrorCode.AMC_UNAVAILABLE);
            assertThat(amc.seen("POST", path)).hasSize(before + 1);
        }
        // turned away at the door is another matter
        amc.off("POST", path)
                .on("POST", path, 429, "")
                .on("POST", path, 200, "{\"workflowExecution\":" + SUCCEEDED + "}");
        assertThat(create().executionId()).isEqualTo("e-1");
    }

    private AmcExecution create() {
        return client.executions()
                .create(
                        ADDRESS,
                        AmcExecutionRequest.saved(
                                "reach",
                                TimeWindow.of(TimeWindow.Type.MOST_RECENT_WEEK, "UTC"),
                                Map.of("n", IntNode.valueOf(1)),
                                true));
    }

    @Test
    void bothEnvelopesAndUnknownWordsAreUnderstood() {
        amc.on(
                "GET",
                EXECUTION,
                200,
                """
                {"workflowExecution":{"workflowExecutionId":"e-1","workflowId":"w","status":"BREWING",
                 "createTime":"2026-11-23T10:00:00Z","timeWindowStart":"2026-10-01T04:00:00Z",
                 "outputS3URI":"N/A","novel":{"x":1},"parameterValues":{"n":1},
                 "outputColumns":[{"name":"users","columnType":"DIMENSION","dataType":"LONG"},
                                  {"name":"cost","dataType":"DECIMAL","dataTypeScale":4}]}}\
                """);
        AmcExecution execution = client.executions().get(ADDRESS, "e-1");
        assertThat(execution.phase()).isEqualTo(AmcExecution.Phase.WORKING);
        assertThat(execution.outputUri()).isNull();
        assertThat(execution.windowStart()).isEqualTo(Instant.parse("2026-10-01T04:00:00Z"));
        assertThat(execution.windowEnd()).isNull();
        assertThat(execution.columns())
                .containsExactly(
                        new AmcExecution.Column("users", "LONG", null),
                        new AmcExecution.Column("cost", "DECIMAL", 4));
    }

    @Test
    void allPagesAreRead() {
        String path = "/amc/reporting/amcr1aaaa1a/workflows";
        amc.on("GET", path, 200, "{\"workflows\":[{\"workflowId\":\"a\"}],\"nextToken\":\"t/1\"}")
                .on(
                        "GET",
                        path,
                        200,
                        "{\"workflows\":[{\"workflowId\":\"b\"}],\"nextToken\":\"\"}");
        assertThat(client.workflows().list(ADDRESS))
                .extracting(AmcWorkflow::workflowId)
                .containsExactly("a", "b");
        assertThat(amc.seen("GET", path).getLast().query()).contains("nextToken=t%2F1");
    }

    @Test
    void dataSourcesAreRead() {
        amc.on(
                "GET",
                "/amc/reporting/amcr1aaaa1a/dataSources",
                200,
                """
                {"dataSources":[{"dataSourceId":"dsp_clicks","description":"Clicks","owner":"AMAZON","columns":[
                  {"name":"campaign","columnType":"DIMENSION","dataType":"STRING","sensitivity":"LOW"}]}]}\
                """);
        assertThat(client.dataSources().list(ADDRESS))
                .containsExactly(
                        new AmcDataSource(
                                "dsp_clicks",
                                "Clicks",
                                "AMAZON",
                                false,
                                List.of(
                                        new AmcDataSource.Column(
                                                "campaign", "STRING", "DIMENSION", "LOW", ""))));
    }

    @Test
    void aRefusalKeepsWhatAmcSaid() {
        amc.on("GET", EXECUTION, 403, "{\"code\":\"403\",\"details\":\"Unauthorized request\"}");
        Failure failure = failure(() -> client.executions().get(ADDRESS, "e-1"));
        assertThat(failure.code()).isEqualTo(ErrorCode.AMC_REFUSED);
        assertThat(failure.message()).contains("Unauthorized request");
        assertThat(failure.nextStep()).contains("account id");
        assertThat(failure.details())
                .containsEntry("status", "403")
                .containsEntry("requestId", "request-1")
                .containsEntry("answer", "{\"code\":\"403\",\"details\":\"Unauthorized request\"}");
    }

    @Test
    void theRegionsHaveTheirOwnHosts() {
        AmcHosts hosts = new AmcHosts("", "");
        assertThat(hosts.api(AmcRegion.EU, "/amc/accounts"))
                .hasToString("https://advertising-api-eu.amazon.com/amc/accounts");
        assertThat(hosts.token(AmcRegion.FE)).hasToString("https://api.amazon.co.jp/auth/o2/token");
        assertThat(hosts.regions()).containsExactly(AmcRegion.NA, AmcRegion.EU, AmcRegion.FE);
    }

    @Test
    void aListThatTurnsInCirclesEnds() {
        String path = "/amc/reporting/amcr1aaaa1a/schedules";
        amc.on("GET", path, 200, "{\"schedules\":[],\"nextToken\":\"again\"}");
        assertThat(failure(() -> client.schedules().list(ADDRESS)).code())
                .isEqualTo(ErrorCode.AMC_UNAVAILABLE);
        assertThat(amc.seen("GET", path)).hasSize(2);
    }

    @Test
    void workflowsOfTheOldKindAndOfUnknownTypesAreRead() {
        amc.on(
                "GET",
                "/amc/reporting/amcr1aaaa1a/workflows",
                200,
                """
                {"workflows":[
                 {"workflowId":"old","query":{"operations":[{"type":"Select"}]}},
                 {"workflowId":"new","sqlQuery":"SELECT 1","inputParameters":[
                  {"name":"ids","dataType":{"type":"ARRAY","elementDataType":"INTEGER","elementNullable":false}},
                  {"name":"span","dataType":"CALENDAR_INTERVAL","defaultValue":null},
                  {"name":"n","dataType":"LONG","defaultValue":3}],
                  "filteredMetricsDiscriminatorColumn":"hidden"}]}\
                """);
        assertThat(client.workflows().list(ADDRESS))
                .containsExactly(
                        new AmcWorkflow("old", "", List.of()),
                        new AmcWorkflow(
                                "new",
                                "SELECT 1",
                                List.of(
                                        new Parameter("ids", Parameter.Type.LONG, true, "", null),
                                        new Parameter(
                                                "span", Parameter.Type.STRING, false, "", null),
                                        new Parameter(
                                                "n",
                                                Parameter.Type.LONG,
                                                false,
                                                "",
                                                IntNode.valueOf(3))),
                                new AmcWorkflow.Privacy("hidden", null, null)));
    }

    @Test
    void whatAmcCouldOnlyMistakeIsNotSent() {
        var uuid = new AmcAddress(ADDRESS.account(), "7c9e6679-7425-40de-944b-e07fc1f90ae7");
        assertThat(failure(() -> client.workflows().list(uuid)).field()).isEqualTo("instanceId");
        var nobody =
                new AmcAddress(
                        new AmcAccount("default", AmcRegion.NA, "", "ATVPDKIKX0DER"),
                        ADDRESS.instanceId());
        assertThat(failure(() -> client.workflows().list(nobody)).field()).isEqualTo("accountId");
        var nowhere =
                new AmcAddress(
                        new AmcAccount("default", AmcRegion.NA, "ENTITY1AA1AA11AAA1", " "),
                        ADDRESS.instanceId());
        assertThat(failure(() -> client.instances().get(nowhere)).field())
                .isEqualTo("marketplaceId");
        for (String start : List.of("2026-03-01T00:00:00Z", "TODAY(-1)", "2026-03-01")) {
            var request =
                    AmcExecutionRequest.saved(
                            "reach",
                            TimeWindow.explicit(start, "2026-03-02T00:00:00", "UTC"),
                            Map.of(),
                            false);
            assertThat(failure(() -> client.executions().create(ADDRESS, request)).field())
                    .isEqualTo("window.start");
        }
        assertThat(tokensAsked()).isZero();
    }

    @Test
    void amcsReasonsAreExplained() {
        Failure paid =
                AmcReasons.failure(
                        "From line 3, column 8 to line 3, column 20: Object 'conversions_all' not"
                                + " found");
        assertThat(paid.message()).contains("paid data source", "not subscribed", "line 3");
        assertThat(paid.details())
                .containsEntry("line", "3")
                .containsEntry("column", "8")
                .containsEntry("endColumn", "20");
        Failure typo = AmcReasons.failure("Object 'dsp_impresions' not found");
        assertThat(typo.message()).isEqualTo("Object 'dsp_impresions' not found");
        assertThat(typo.nextStep()).contains("name of the table");
        assertThat(
                        AmcReasons.failure(
                                        "Filter operation f referenced an undeclared parameter"
                                                + " ad_product_type.")
                                .nextStep())
                .contains("Add the parameter");
        assertThat(
                        AmcReasons.failure(
                                        "Execution \"X\" of workflow \"Y\" could not be run because"
                                            + " too many workflows have already been run against"
                                            + " the same input data sources in the same or"
                                            + " overlapping time windows.")
                                .nextStep())
                .contains("another time window");
        amc.on(
                "GET",
                EXECUTION,
                403,
                "{\"message\":\"Terms and conditions must be accepted to continue\"}");
        Failure terms = failure(() -> client.executions().get(ADDRESS, "e-1"));
        assertThat(terms.message()).isEqualTo("Terms and conditions must be accepted to continue");
        assertThat(terms.nextStep()).contains("accepts the terms");
        amc.off("GET", EXECUTION)
                .on("GET", EXECUTION, 504, "{\"message\":\"Endpoint request timed out\"}");
        Failure gateway = failure(() -> client.executions().get(ADDRESS, "e-1"));
        assertThat(gateway.code()).isEqualTo(ErrorCode.AMC_UNAVAILABLE);
        assertThat(gateway.message()).contains("Endpoint request timed out", "may be done");
    }

    @Test
    void aGrantBecomesCredentialsAndIsNotAskedForTwice() {
        var grant =
                new AmcGrant(
                        AmcRegion.EU,
                        "client-2",
                        "s3cret-2",
                        "code-1",
                        "http://127.0.0.1:9/back",
                        "proof");
        assertThat(grant.toString()).doesNotContain("s3cret-2", "code-1", "proof");
        amc.on("GET", EXECUTION, 200, SUCCEEDED);
        client.executions().get(ADDRESS, "e-1");
        amc.off("POST", "/auth/o2/token")
                .on(
                        "POST",
                        "/auth/o2/token",
                        200,
                        "{\"access_token\":\"Atza|2\",\"refresh_token\":\"Atzr|2\",\"expires_in\":3600}");

        client.authorize("default", grant);
        client.executions().get(ADDRESS, "e-1");

        assertThat(ports.secretValues.get("credentials/default"))
                .contains("client-2", "s3cret-2", "Atzr|2");
        assertThat(amc.seen("POST", "/auth/o2/token"))
                .extracting(ScriptedAmc.Seen::body)
                .element(1)
                .isEqualTo(
                        "client_id=client-2&client_secret=s3cret-2&code=code-1&code_verifier=proof"
                                + "&grant_type=authorization_code"
                                + "&redirect_uri=http%3A%2F%2F127.0.0.1%3A9%2Fback");
        assertThat(amc.seen("GET", EXECUTION).getLast().headers())
                .containsEntry("Authorization", "Bearer Atza|2");

        amc.off("POST", "/auth/o2/token").on("POST", "/auth/o2/token", 500, "");
        int before = tokensAsked();
        assertThat(failure(() -> client.authorize("default", grant)).code())
                .isEqualTo(ErrorCode.AMC_UNAVAILABLE);
        assertThat(tokensAsked()).isEqualTo(before + 1);
    }

    @Test
    void theConsentPageIsAskedForWithWhatComesBack() {
        assertThat(
                        new AmcHosts("", "")
                                .consent(
                                        AmcRegion.FE,
                                        "amzn1.application-oa2-client.1",
                                        "http://127.0.0.1:9/back",
                                        "s t",
                                        "hash"))
                .hasToString(
                        "https://apac.account.amazon.com/ap/oa?response_type=code"
                                + "&scope=advertising%3A%3Acampaign_management"
                                + "&client_id=amzn1.application-oa2-client.1"
                                + "&redirect_uri=http%3A%2F%2F127.0.0.1%3A9%2Fback&state=s%20t"
                                + "&code_challenge_method=S256&code_challenge=hash");
    }

    @Test
    void aZippedResultIsUnzipped(@TempDir Path folder) throws IOException {
        var zipped = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(zipped)) {
            out.write("a,b\n1,2\n".getBytes(StandardCharsets.UTF_8));
        }
        amc.on(
                        "GET",
                        EXECUTION + "/downloadUrls",
                        200,
                        "{\"downloadUrls\":[\"%s/part\"]}".formatted(amc.url()))
                .on(
                        "GET",
                        "/part",
                        new Answer(
                                200,
                                zipped.toString(StandardCharsets.ISO_8859_1),
                                Map.of("Content-Encoding", "gzip")));
        List<Path> parts = client.downloads().fetch(ADDRESS, "e-1", folder, 9);
        assertThat(parts).hasSize(1);
        assertThat(parts.getFirst()).hasContent("a,b\n1,2");
        assertThat(folder.toFile().list()).hasSize(1);
    }

    private int tokensAsked() {
        return amc.seen("POST", "/auth/o2/token").size();
    }

    private static Failure failure(ThrowingCallable call) {
        return Objects.requireNonNull(catchThrowableOfType(FailureException.class, call)).failure();
    }
}
