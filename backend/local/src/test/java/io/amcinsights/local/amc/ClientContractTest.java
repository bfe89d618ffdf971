package io.amcinsights.local.amc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;

import io.amcinsights.amc.AmcAccount;
import io.amcinsights.amc.AmcAddress;
import io.amcinsights.amc.AmcAdvertiser;
import io.amcinsights.amc.AmcClient;
import io.amcinsights.amc.AmcExecution;
import io.amcinsights.amc.AmcExecution.Phase;
import io.amcinsights.amc.AmcExecutionRequest;
import io.amcinsights.amc.AmcExecutionRequest.Output;
import io.amcinsights.amc.AmcExecutionRequest.Query;
import io.amcinsights.amc.AmcGrant;
import io.amcinsights.amc.AmcHosts;
import io.amcinsights.amc.AmcInstanceDraft;
import io.amcinsights.amc.AmcSchedule;
import io.amcinsights.amc.AmcWorkflow;
import io.amcinsights.amc.NobodyWatches;
import io.amcinsights.contract.AmcInstance;
import io.amcinsights.contract.AmcRegion;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.Parameter;
import io.amcinsights.contract.TimeWindow;
import io.amcinsights.local.amc.world.World;
import io.amcinsights.ports.MemoryPorts;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The functions' AMC client against the simulator, with whatever may go wrong between them switched
 * on at the simulator's control path.
 */
class ClientContractTest {

    private static final String MANY = "ENTITY3MANYINSTANCES";
    private static final AmcAccount ACCOUNT =
            new AmcAccount("default", AmcRegion.NA, "ENTITY2KQ7M4XZ9TRBH", "ATVPDKIKX0DER");
    private static final AmcAddress ADDRESS = new AmcAddress(ACCOUNT, SimulatedAmc.INSTANCE);
    private static final AmcAddress SANDBOX = new AmcAddress(ACCOUNT, SimulatedAmc.SANDBOX);
    private static final DateTimeFormatter LOCAL =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final TimeWindow WEEK = TimeWindow.of(TimeWindow.Type.MOST_RECENT_WEEK, "UTC");

    @TempDir static Path folder;

    private static SimulatedAmc amc;
    private static AmcClient client;

    @BeforeAll
    static void start() throws Exception {
        amc = new SimulatedAmc(folder, 50, world());
        client = client(amc);
        client.workflows().create(ADDRESS, reach("reach"));
    }

    /** The functions' client with the simulator's credentials. */
    static AmcClient client(SimulatedAmc amc) {
        AmcSimulator simulator = amc.simulator();
        var ports = new MemoryPorts(Clock.systemUTC());
        ports.secretValues.put(
                "amc/default",
                Json.write(
                        Map.of(
                                "clientId", simulator.clientId(),
                                "clientSecret", simulator.clientSecret(),
                                "refreshToken", simulator.refreshToken())));
        return new AmcClient(
                new AmcHosts(simulator.baseUri().toString(), simulator.tokenUri().toString()),
                ports.secrets(),
                "amc/",
                () -> Duration.ofSeconds(30),
                Clock.systemUTC(),
                new NobodyWatches());
    }

    /** The usual one, and an agency with more instances than a page holds. */
    private static World world() {
        List<World.Account> accounts = new ArrayList<>(SimulatedAmc.small(World.load()).accounts());
        World.Instance one = accounts.getFirst().instances().getFirst();
        List<World.Instance> instances = new ArrayList<>();
        for (int i = 0; i < 230; i++) {
            instances.add(
                    new World.Instance(
                            "amcmany%03d".formatted(i),
                            "client%03d".formatted(i),
                            World.Instance.Type.STANDARD,
                            1,
                            "00000000",
                            one.advertisers()));
        }
        accounts.add(new World.Account(MANY, "Agency", "ATVPDKIKX0DER", instances));
        return new World(accounts);
    }

    @AfterAll
    static void stop() {
        amc.close();
    }

    @AfterEach
    void reset() throws Exception {
        amc.control("POST", "reset", null);
    }

    @Test
    void anExpiredTokenIsRefreshedAndTheCallRepeated() throws Exception {
        client.workflows().list(ADDRESS);
        amc.control("PUT", "clock", "{\"instant\":\"%s\"}".formatted(in(Duration.ofHours(2))));
        assertThat(client.workflows().find(ADDRESS, "reach")).isPresent();
        assertThat(counts("GetWorkflow"))
                .isEqualTo(Json.mapper().readTree("{\"401\":1,\"200\":1}"));
        assertThat(counts("GetToken").path("200").asInt()).isEqualTo(1);
    }

    @Test
    void whoIsAskedToSlowDownWaitsAsLongAsAsked() throws Exception {
        fault("'operation':'GetWorkflow','kind':'status','status':429,'retryAfter':1,'times':2");
        long before = System.nanoTime();
        assertThat(client.workflows().find(ADDRESS, "reach")).isPresent();
        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(8));
        assertThat(counts("GetWorkflow"))
                .isEqualTo(Json.mapper().readTree("{\"429\":2,\"200\":1}"));
    }

    @Test
    void aThrottledClientGetsThrough() throws Exception {
        amc.control("PATCH", "settings", "{\"throttle\":{\"burst\":2,\"perSecond\":5}}");
        for (int i = 0; i < 6; i++) {
            assertThat(client.workflows().find(ADDRESS, "reach")).isPresent();
        }
        assertThat(counts("GetWorkflow").path("200").asInt()).isEqualTo(6);
        assertThat(counts("GetWorkflow").path("429").asInt()).isPositive();
    }

    @Test
    void serversThatStumbleAreAskedAgain() throws Exception {
        fault("'operation':'GetWorkflow','kind':'status','status':500,'times':1");
        fault("'operation':'GetWorkflow','kind':'status','status':503,'times':1");
        fault("'operation':'GetWorkflow','kind':'lostReply','times':1");
        assertThat(client.workflows().find(ADDRESS, "reach")).isPresent();
        assertThat(counts("GetWorkflow").path("200").asInt()).isEqualTo(1);
        assertThat(counts("GetWorkflow").path("0").asInt()).isEqualTo(1);
    }

    @Test
    void theGatewaysTimeoutIsNoRefusal() throws Exception {
        fault("'operation':'CreateWorkflowExecution','kind':'status','status':504,'times':1");
        Failure failure = failure(() -> client.executions().create(ADDRESS, saved("reach")));
        assertThat(failure.code()).isEqualTo(ErrorCode.AMC_UNAVAILABLE);
        assertThat(failure.message()).contains("Endpoint request timed out");
        assertThat(counts("CreateWorkflowExecution"))
                .isEqualTo(Json.mapper().readTree("{\"504\":1}"));
    }

    @Test
    void anExecutionWhoseReplyWasLostIsFoundAndNotAskedForAgain() throws Exception {
        client.workflows().create(ADDRESS, parameterized("lost"));
        AmcExecutionRequest request =
                AmcExecutionRequest.saved(
                        "lost",
                        WEEK,
                        Map.of("least", LongNode.valueOf(3), "rate", DoubleNode.valueOf(0.5)),
                        false);
        client.executions().create(ADDRESS, other(request, 4));
        fault("'operation':'CreateWorkflowExecution','kind':'lostReply','times':1");
        Instant asked = Instant.now();
        assertThat(failure(() -> client.executions().create(ADDRESS, request)).code())
                .isEqualTo(ErrorCode.AMC_UNAVAILABLE);

        AmcExecution found =
                client.executions().find(ADDRESS, request, asked, id -> true).orElseThrow();
        assertThat(found.parameters().path("least").asInt()).isEqualTo(3);
        assertThat(client.executions().list(ADDRESS, "lost", asked.minusSeconds(60))).hasSize(2);

        // whose it is already is not given again, and soon after nothing is certain
        assertThat(
                        failure(
                                        () ->
                                                client.executions()
                                                        .find(
                                                                ADDRESS,
                                                                request,
                                                                asked,
                                                                id ->
                                                                        !id.equals(
                                                                                found
                                                                                        .executionId())))
                                .code())
                .isEqualTo(ErrorCode.AMC_UNAVAILABLE);
        assertThat(
                        client.executions()
                                .find(
                                        ADDRESS,
                                        other(request, 5),
                                        asked.minusSeconds(40),
                                        id -> true))
                .isEmpty();
    }

    private static AmcExecutionRequest other(AmcExecutionRequest request, long least) {
        return new AmcExecutionRequest(
                request.query(),
                request.window(),
                Map.of("least", LongNode.valueOf(least), "rate", DoubleNode.valueOf(0.5)),
                request.sandbox(),
                request.output());
    }

    @Test
    void allPagesOfAllAccountsAreRead() throws Exception {
        List<AmcInstance> found = client.instances().discover("default");
        assertThat(found)
                .filteredOn(i -> i.accountId().equals(MANY))
                .hasSize(230)
                .allMatch(AmcInstance::ready)
                .extracting(AmcInstance::instanceId)
                .doesNotHaveDuplicates();
        assertThat(found).extracting(AmcInstance::instanceId).contains(SimulatedAmc.INSTANCE);
        assertThat(counts("ListInstances").path("200").asInt())
                .isEqualTo(World.load().accounts().size() + 3);
        assertThat(counts("ListInstances").path("429").asInt()).isZero();
    }

    @Test
    void anAccountThatRefusesDoesNotStopDiscovery() throws Exception {
        fault("'operation':'ListInstances','kind':'status','status':403,'times':1");
        assertThat(client.instances().discover("default"))
                .isNotEmpty()
                .noneMatch(i -> i.instanceId().equals(SimulatedAmc.INSTANCE));
    }

    @Test
    void wrappedAndFlatAnswersSayTheSame() throws Exception {
        client.workflows().create(ADDRESS, parameterized("enveloped"));
        AmcSchedule schedule = schedule("enveloped");
        client.schedules().create(ADDRESS, schedule);
        AmcExecution made = client.executions().create(ADDRESS, saved("reach"));
        List<Object> flat = everything(made.executionId());

        amc.control("PATCH", "settings", "{\"envelope\":\"wrapped\"}");
        assertThat(amc.get(SimulatedAmc.reporting("/workflows/reach")).body().has("workflow"))
                .isTrue();
        assertThat(everything(made.executionId())).isEqualTo(flat);
        AmcExecution wrapped = client.executions().create(ADDRESS, saved("reach"));
        assertThat(wrapped.workflowId()).isEqualTo("reach");
        assertThat(wrapped.executionId()).isNotEmpty().isNotEqualTo(made.executionId());
        client.schedules().delete(ADDRESS, schedule.scheduleId());
    }

    private static List<Object> everything(String executionId) throws Exception {
        await(executionId);
        return List.of(
                client.workflows().find(ADDRESS, "enveloped").orElseThrow(),
                client.executions().get(ADDRESS, executionId),
                client.schedules().find(ADDRESS, "enveloped").orElseThrow(),
                client.dataSources().find(ADDRESS, "dsp_impressions").orElseThrow(),
                client.instances().get(ADDRESS));
    }

    @Test
    void aStatusThatNobodyKnowsIsWorkInProgress() throws Exception {
        for (String status : List.of("PUBLISHING", "MYSTERY")) {
            amc.control("POST", "statuses", "{\"status\":\"%s\"}".formatted(status));
            String id = client.executions().create(ADDRESS, saved("reach")).executionId();
            SimulatedAmc.eventually(
                    () -> client.executions().get(ADDRESS, id).status().equals(status));
            assertThat(client.executions().get(ADDRESS, id).phase()).isEqualTo(Phase.WORKING);
            assertThat(client.executions().cancel(ADDRESS, id)).isTrue();
            assertThat(client.executions().get(ADDRESS, id).phase()).isEqualTo(Phase.CANCELLED);
        }
    }

    @Test
    void fieldsThatNobodyKnowsAreNoTrouble() throws Exception {
        String id = client.executions().create(ADDRESS, saved("reach")).executionId();
        AmcExecution execution = await(id);
        assertThat(amc.execution(id).properties())
                .extracting(Map.Entry::getKey)
                .contains("dataGaps", "invalidationOffsetSecs", "waitUntil", "validatedTime");
        assertThat(execution.columns())
                .extracting(AmcExecution.Column::name)
                .containsExactly("campaign", "reach", "impressions");
    }

    @Test
    void whatExistsIsUpdatedAndKeepsItsParameters() {
        AmcWorkflow first = parameterized("twice");
        assertThat(client.workflows().create(ADDRESS, first)).isTrue();
        assertThat(client.workflows().create(ADDRESS, first)).isFalse();
        AmcWorkflow second =
                new AmcWorkflow(
                        "twice",
                        SimulatedAmc.REACH.replace("dsp_impressions", "dsp_impressions ") + " ;\n",
                        List.of());
        client.workflows().update(ADDRESS, second);
        AmcWorkflow kept = client.workflows().find(ADDRESS, "twice").orElseThrow();
        assertThat(kept.sql()).isEqualTo(second.sql().replace(" ;\n", ""));
        assertThat(kept.parameters()).isEmpty();

        client.workflows().update(ADDRESS, first);
        assertThat(client.workflows().find(ADDRESS, "twice")).contains(first);
        client.workflows().delete(ADDRESS, "twice");
        client.workflows().delete(ADDRESS, "twice");
        assertThat(client.workflows().find(ADDRESS, "twice")).isEmpty();
        assertThat(failure(() -> client.workflows().update(ADDRESS, first)).message())
                .contains("does not exist");
    }

    @Test
    void aCreateWhoseReplyWasLostHasMadeTheWorkflow() throws Exception {
        fault("'operation':'CreateWorkflow','kind':'lostReply','times':1");
        assertThat(client.workflows().create(ADDRESS, reach("lost.once"))).isFalse();
        assertThat(client.workflows().find(ADDRESS, "lost.once")).isPresent();
        fault("'operation':'DeleteWorkflow','kind':'lostReply','times':1");
        client.workflows().delete(ADDRESS, "lost.once");
        assertThat(client.workflows().find(ADDRESS, "lost.once")).isEmpty();
    }

    @Test
    void aQueryThatDoesNotCompileIsRefusedWithItsPlace() {
        Failure failure =
                failure(
                        () ->
                                client.workflows()
                                        .create(
                                                ADDRESS,
                                                new AmcWorkflow(
                                                        "broken",
                                                        "SELECT campaign, COUNT(*) AS n\n"
                                                                + "FROM dsp_impresions GROUP BY"
                                                                + " campaign",
                                                        List.of())));
        assertThat(failure.code()).isEqualTo(ErrorCode.AMC_REFUSED);
        assertThat(failure.details())
                .containsEntry("status", "400")
                .containsEntry("line", "2")
                .containsKey("requestId");
        assertThat(failure.message()).contains("broken", "dsp_impresions");
        assertThat(failure.nextStep()).isNotNull();
    }

    @Test
    void anUnsavedQueryRunsAndIsFoundAgain() throws Exception {
        AmcExecutionRequest request =
                new AmcExecutionRequest(
                        new Query.AdHoc(reach("")), WEEK, Map.of(), false, Output.DOWNLOAD_ONLY);
        Instant asked = Instant.now();
        AmcExecution made = client.executions().create(ADDRESS, request);
        assertThat(made.workflowId()).startsWith("transient_");
        assertThat(client.executions().find(ADDRESS, request, asked, id -> true))
                .map(AmcExecution::executionId)
                .contains(made.executionId());
        AmcExecution done = await(made.executionId());
        assertThat(done.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(done.outputUri()).isNull();
        assertThat(amc.published.keySet()).noneMatch(k -> k.contains(made.workflowId()));
        assertThat(client.downloads().fetch(ADDRESS, made.executionId(), folder, 9)).hasSize(1);
    }

    @Test
    void aCheckOfAQueryLeavesNoResult() throws Exception {
        AmcExecution checked =
                await(
                        client.executions()
                                .create(ADDRESS, saved("reach").to(Output.NONE))
                                .executionId());
        assertThat(checked.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(client.downloads().links(ADDRESS, checked.executionId())).isEmpty();

        AmcExecution bad =
                await(
                        client.executions()
                                .create(
                                        ADDRESS,
                                        new AmcExecutionRequest(
                                                new Query.AdHoc(
                                                        new AmcWorkflow(
                                                                "",
                                                                "SELECT nothing FROM nowhere",
                                                                List.of())),
                                                WEEK,
                                                Map.of(),
                                                false,
                                                Output.NONE))
                                .executionId());
        assertThat(bad.status()).isEqualTo("REJECTED");
        assertThat(bad.statusReason()).contains("nowhere");
    }

    @Test
    void aRejectedRunSaysWhy() throws Exception {
        amc.control(
                "POST",
                "statuses",
                "{\"status\":\"REJECTED\",\"reason\":\"Object 'conversions_all' not found\"}");
        AmcExecution rejected =
                await(client.executions().create(ADDRESS, saved("reach")).executionId());
        assertThat(rejected.phase()).isEqualTo(Phase.FAILED);
        assertThat(rejected.status()).isEqualTo("REJECTED");
        assertThat(rejected.statusReason()).isEqualTo("Object 'conversions_all' not found");
    }

    @Test
    void whatHasEndedIsNotCancelledAndALostCancelIsOne() throws Exception {
        String done = client.executions().create(ADDRESS, saved("reach")).executionId();
        assertThat(await(done).phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(client.executions().cancel(ADDRESS, done)).isFalse();

        amc.control("POST", "statuses", "{\"status\":\"RUNNING\"}");
        String running = client.executions().create(ADDRESS, saved("reach")).executionId();
        fault("'operation':'UpdateWorkflowExecution','kind':'lostReply','times':1");
        assertThat(client.executions().cancel(ADDRESS, running)).isTrue();
        assertThat(client.executions().get(ADDRESS, running).phase()).isEqualTo(Phase.CANCELLED);
        assertThat(client.executions().list(ADDRESS, "reach", Instant.now().minusSeconds(300)))
                .extracting(AmcExecution::executionId)
                .contains(done, running);
        assertThat(failure(() -> client.executions().cancel(ADDRESS, "nobody")).message())
                .contains("does not exist");
    }

    @Test
    void aResultThatIsNotThereYetIsToldApartFromOneThatFails() throws Exception {
        amc.control("POST", "statuses", "{\"status\":\"RUNNING\"}");
        String id = client.executions().create(ADDRESS, saved("reach")).executionId();
        assertThat(client.downloads().links(ADDRESS, id)).isEmpty();
        assertThat(client.downloads().fetch(ADDRESS, id, folder, 9)).isEmpty();
        assertThat(failure(() -> client.downloads().links(ADDRESS, "nobody")).code())
                .isEqualTo(ErrorCode.AMC_REFUSED);
        client.executions().cancel(ADDRESS, id);
    }

    @Test
    void aLinkThatHasExpiredIsAskedForAgain() throws Exception {
        String id = client.executions().create(ADDRESS, saved("reach")).executionId();
        await(id);
        fault("'operation':'Download','kind':'status','status':403,'times':1");
        List<Path> parts = client.downloads().fetch(ADDRESS, id, folder, 9);
        assertThat(parts).hasSize(1);
        assertThat(Files.readString(parts.getFirst())).startsWith("campaign,reach,impressions\n");
        assertThat(counts("GetDownloadUrls").path("200").asInt()).isEqualTo(2);

        fault("'operation':'Download','kind':'status','status':403");
        assertThat(failure(() -> client.downloads().fetch(ADDRESS, id, folder, 9)).message())
                .contains("download links");
    }

    @Test
    void aSandboxWantsSyntheticDataToBeSaid() throws Exception {
        client.workflows().create(SANDBOX, reach("reach"));
        assertThat(failure(() -> client.executions().create(SANDBOX, saved("reach"))).nextStep())
                .contains("sandbox");
        AmcExecutionRequest synthetic = AmcExecutionRequest.saved("reach", WEEK, Map.of(), true);
        String id = client.executions().create(SANDBOX, synthetic).executionId();
        assertThat(id).isNotEmpty();
        assertThat(failure(() -> client.executions().create(ADDRESS, synthetic)).code())
                .isEqualTo(ErrorCode.AMC_REFUSED);
        assertThat(client.instances().get(SANDBOX).sandbox()).isTrue();
        assertThat(client.instances().get(ADDRESS).sandbox()).isFalse();
    }

    @Test
    void aDayOfTwentyFiveHoursIsReadWhole() throws Exception {
        ZoneId zone = ZoneId.of("America/New_York");
        LocalDate day = backwards(zone);
        String id = client.executions().create(ADDRESS, onDay(day, zone.getId())).executionId();
        AmcExecution execution = await(id);
        Instant start = day.atStartOfDay(zone).toInstant();
        assertThat(execution.windowStart()).isEqualTo(start);
        assertThat(execution.windowEnd()).isEqualTo(start.plus(Duration.ofHours(25)));
        assertThat(execution.askedStart()).isEqualTo(day + "T00:00:00");
        assertThat(execution.askedEnd()).isEqualTo(day.plusDays(1) + "T00:00:00");

        long whole = impressions(id);
        long first = impressions(between(start, start.plus(Duration.ofHours(24))));
        long last =
                impressions(
                        between(
                                start.plus(Duration.ofHours(24)),
                                requireNonNull(execution.windowEnd())));
        assertThat(last).isPositive();
        assertThat(first + last).isEqualTo(whole);
    }

    /** The last day on which the clocks of a zone were put back. */
    private static LocalDate backwards(ZoneId zone) {
        Instant before = Instant.now().minus(Duration.ofDays(3));
        while (true) {
            var change = zone.getRules().previousTransition(before);
            if (change.isOverlap()) {
                return change.getDateTimeAfter().toLocalDate();
            }
            before = change.getInstant();
        }
    }

    private static AmcExecutionRequest onDay(LocalDate day, String zone) {
        return unfiltered(
                TimeWindow.explicit(day + "T00:00:00", day.plusDays(1) + "T00:00:00", zone));
    }

    private static String between(Instant start, Instant end) throws Exception {
        String id =
                client.executions()
                        .create(
                                ADDRESS,
                                unfiltered(
                                        TimeWindow.explicit(
                                                LOCAL.format(start), LOCAL.format(end), "UTC")))
                        .executionId();
        await(id);
        return id;
    }

    /** One row of no threshold, so that hours may be added up to days. */
    private static AmcExecutionRequest unfiltered(TimeWindow window) {
        return new AmcExecutionRequest(
                new Query.AdHoc(
                        new AmcWorkflow(
                                "",
                                "SELECT SUM(impressions) AS impressions FROM dsp_impressions",
                                List.of())),
                window,
                Map.of(),
                false,
                Output.DOWNLOAD_ONLY);
    }

    private static long impressions(String id) throws IOException {
        List<Path> parts = client.downloads().fetch(ADDRESS, id, folder, 9);
        return Long.parseLong(Files.readAllLines(parts.getFirst()).get(1));
    }

    @Test
    void timesWithAZoneOfTheirOwnAreNotSent() throws Exception {
        var request =
                AmcExecutionRequest.saved(
                        "reach",
                        TimeWindow.explicit("2026-10-01T00:00:00Z", "2026-10-02T00:00:00Z", "UTC"),
                        Map.of(),
                        false);
        assertThat(failure(() -> client.executions().create(ADDRESS, request)).field())
                .isEqualTo("window.start");
        assertThat(counts("CreateWorkflowExecution")).isEmpty();
    }

    @Test
    void headersThatAreMissingOrWrongAreExplained() {
        var foreign = new AmcAddress(ACCOUNT, "amcbrw5t0c");
        Failure failure = failure(() -> client.workflows().list(foreign));
        assertThat(failure.message()).contains("Unauthorized request");
        assertThat(failure.nextStep()).contains("AMC account id");
        assertThat(failure.details()).containsEntry("status", "403").containsKey("requestId");
    }

    @Test
    void tooManyAlikeQueriesAreRefusedWithTheReason() throws Exception {
        amc.control("PATCH", "settings", "{\"differencingAfter\":1}");
        client.workflows()
                .create(
                        ADDRESS,
                        new AmcWorkflow(
                                "alike",
                                SimulatedAmc.REACH.replace(
                                        "GROUP BY", "WHERE device_type = 'TV' GROUP BY"),
                                List.of()));
        await(client.executions().create(ADDRESS, saved("reach")).executionId());
        AmcExecution refused =
                await(client.executions().create(ADDRESS, saved("alike")).executionId());
        assertThat(refused.status()).isEqualTo("REJECTED");
        assertThat(refused.statusReason()).contains("too many workflows have already been run");
    }

    @Test
    void schedulesAreKeptChangedAndRemoved() throws Exception {
        client.workflows().create(ADDRESS, reach("scheduled"));
        AmcSchedule weekly =
                new AmcSchedule(
                        "weekly",
                        "scheduled",
                        AmcSchedule.Period.WEEKLY,
                        DayOfWeek.MONDAY,
                        14,
                        true,
                        false);
        assertThat(client.schedules().create(ADDRESS, weekly)).isTrue();
        assertThat(client.schedules().create(ADDRESS, weekly)).isFalse();
        assertThat(client.schedules().find(ADDRESS, "weekly")).contains(weekly);
        AmcSchedule daily =
                new AmcSchedule(
                        "weekly", "scheduled", AmcSchedule.Period.DAILY, null, 3, false, false);
        client.schedules().update(ADDRESS, daily);
        assertThat(client.schedules().list(ADDRESS)).contains(daily);
        assertThat(failure(() -> client.workflows().delete(ADDRESS, "scheduled")).message())
                .contains("weekly");
        client.schedules().delete(ADDRESS, "weekly");
        client.schedules().delete(ADDRESS, "weekly");
        assertThat(client.schedules().find(ADDRESS, "weekly")).isEmpty();
        client.workflows().delete(ADDRESS, "scheduled");
    }

    @Test
    void dataSourcesTellColumnsAndThresholds() {
        var impressions = client.dataSources().find(ADDRESS, "dsp_impressions").orElseThrow();
        assertThat(impressions.columns())
                .anySatisfy(
                        c -> {
                            assertThat(c.name()).isEqualTo("user_id");
                            assertThat(c.sensitivity()).isEqualTo("VERY_HIGH");
                        });
        assertThat(client.dataSources().find(ADDRESS, "nowhere")).isEmpty();
        assertThat(client.dataSources().list(ADDRESS)).contains(impressions);
    }

    @Test
    void advertisersOfAnInstanceAreTold() {
        assertThat(client.instances().advertisers(ADDRESS))
                .extracting(AmcAdvertiser::name)
                .contains("Kestrel Outdoor");
    }

    @Test
    void whatAUserGrantsOnTheConsentPageBecomesCredentials() throws Exception {
        String verifier = "a-verifier-of-at-least-forty-three-characters-long";
        String challenge =
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(
                                MessageDigest.getInstance("SHA-256")
                                        .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        String back = "http://127.0.0.1:9/back";
        AmcSimulator simulator = amc.simulator();
        var hosts = new AmcHosts(simulator.baseUri().toString(), simulator.tokenUri().toString());
        URI page = hosts.consent(AmcRegion.NA, simulator.clientId(), back, "state-1", challenge);
        String asked = page.getRawQuery();
        assertThat(amc.get(page.getRawPath() + "?" + asked).status()).isEqualTo(200);
        String location =
                amc.send("POST", page.getRawPath(), asked + "&decision=allow", Map.of())
                        .header("location");
        assertThat(location).startsWith(back).contains("state=state-1");
        String code = location.replaceFirst(".*[?&]code=([^&]+).*", "$1");

        var ports = new MemoryPorts(Clock.systemUTC());
        AmcClient fresh =
                new AmcClient(
                        hosts,
                        ports.secrets(),
                        "amc/",
                        () -> Duration.ofSeconds(30),
                        Clock.systemUTC(),
                        new NobodyWatches());
        assertThat(failure(() -> fresh.workflows().list(ADDRESS)).code())
                .isEqualTo(ErrorCode.AMC_CREDENTIALS);
        var grant =
                new AmcGrant(
                        AmcRegion.NA,
                        simulator.clientId(),
                        simulator.clientSecret(),
                        code,
                        back,
                        verifier);
        fresh.authorize("default", grant);
        assertThat(fresh.workflows().find(ADDRESS, "reach")).isPresent();
        assertThat(ports.secretValues.get("amc/default")).contains(simulator.refreshToken());

        Failure again = failure(() -> fresh.authorize("default", grant));
        assertThat(again.code()).isEqualTo(ErrorCode.AMC_CREDENTIALS);
        assertThat(again.message()).contains("code").doesNotContain(simulator.clientSecret());
    }

    @Test
    void anInstanceIsMadeChangedAndRemoved() throws Exception {
        var draft = new AmcInstanceDraft("Kestrel winter", "Kestrel Outdoor", "", "");
        fault("'operation':'CreateInstance','kind':'lostReply','times':1");
        String id = client.instances().create(ACCOUNT, draft, "winter-1");
        var address = new AmcAddress(ACCOUNT, id);
        assertThat(client.instances().discover("default"))
                .filteredOn(i -> i.instanceName().equals("Kestrel winter"))
                .hasSize(1);
        SimulatedAmc.eventually(() -> client.instances().get(address).ready());
        assertThat(client.instances().get(address).bucketName()).isEmpty();

        client.instances()
                .update(
                        address,
                        new AmcInstanceDraft(
                                "Kestrel spring", "Kestrel Outdoor", "111122223333", "amc-mine"));
        assertThat(client.instances().get(address))
                .returns("Kestrel spring", AmcInstance::instanceName)
                .returns("amc-mine", AmcInstance::bucketName)
                .returns("111122223333", AmcInstance::awsAccountId);
        fault("'operation':'DeleteInstance','kind':'lostReply','times':1");
        assertThat(failure(() -> client.instances().delete(address)).code())
                .isEqualTo(ErrorCode.AMC_UNAVAILABLE);
        assertThat(failure(() -> client.instances().get(address)).code())
                .isEqualTo(ErrorCode.AMC_REFUSED);
        assertThat(counts("DeleteInstance")).hasSize(1);
    }

    private static AmcWorkflow reach(String workflowId) {
        return new AmcWorkflow(workflowId, SimulatedAmc.REACH, List.of());
    }

    private static AmcWorkflow parameterized(String workflowId) {
        return new AmcWorkflow(
                workflowId,
                "SELECT campaign, COUNT(DISTINCT user_id) AS reach FROM dsp_impressions GROUP BY"
                        + " campaign HAVING COUNT(*) >= CUSTOM_PARAMETER('least') * "
                        + " CUSTOM_PARAMETER('rate')",
                List.of(
                        new Parameter("least", Parameter.Type.LONG, false, "Rows", null),
                        new Parameter(
                                "rate",
                                Parameter.Type.DOUBLE,
                                false,
                                "",
                                DoubleNode.valueOf(1.5))));
    }

    private static AmcSchedule schedule(String id) {
        return new AmcSchedule(id, "reach", AmcSchedule.Period.DAILY, null, 7, false, false);
    }

    private static AmcExecutionRequest saved(String workflowId) {
        return AmcExecutionRequest.saved(workflowId, WEEK, Map.of(), false);
    }

    private static AmcExecution await(String executionId) throws Exception {
        SimulatedAmc.eventually(
                () -> client.executions().get(ADDRESS, executionId).phase().ended());
        return client.executions().get(ADDRESS, executionId);
    }

    private static void fault(String json) throws Exception {
        amc.control("POST", "faults", "{" + json.replace('\'', '"') + "}");
    }

    private static JsonNode counts(String operation) throws Exception {
        return amc.control("GET", "calls", null).path("counts").path(operation);
    }

    private static Instant in(Duration duration) throws Exception {
        return Instant.parse(amc.control("GET", "clock", null).path("instant").asText())
                .plus(duration);
    }

    private static Failure failure(ThrowingCallable call) {
        return Objects.requireNonNull(catchThrowableOfType(FailureException.class, call)).failure();
    }
}
