package io.amcinsights.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;

import io.amcinsights.Functions;
import io.amcinsights.Invocation;
import io.amcinsights.amc.AmcAccount;
import io.amcinsights.amc.AmcAddress;
import io.amcinsights.amc.AmcClient;
import io.amcinsights.amc.AmcExecution;
import io.amcinsights.amc.AmcHosts;
import io.amcinsights.amc.NobodyWatches;
import io.amcinsights.aws.MemoryGlue;
import io.amcinsights.aws.MemoryLakeFormation;
import io.amcinsights.aws.MemoryLambda;
import io.amcinsights.aws.MemoryS3;
import io.amcinsights.contract.AmcRegion;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.Parameter;
import io.amcinsights.contract.Request;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TimeWindow;
import io.amcinsights.contract.Workflow;
import io.amcinsights.contract.WorkflowRequest.ListRuns;
import io.amcinsights.contract.WorkflowRequest.PutWorkflow;
import io.amcinsights.contract.WorkflowRequest.RunWorkflow;
import io.amcinsights.contract.WorkflowRequest.Runs;
import io.amcinsights.local.amc.AmcSimulator;
import io.amcinsights.local.amc.world.EventStore;
import io.amcinsights.local.amc.world.World;
import io.amcinsights.local.athena.WorkGroups;
import io.amcinsights.local.clock.FastTimer;
import io.amcinsights.local.events.EventRouter;
import io.amcinsights.local.events.QueueConsumer;
import io.amcinsights.local.events.Queues;
import io.amcinsights.local.events.StoredTimers;
import io.amcinsights.local.glue.Catalogue;
import io.amcinsights.local.glue.JobTask;
import io.amcinsights.local.http.AwsError;
import io.amcinsights.local.lakeformation.Permissions;
import io.amcinsights.local.lakeformation.Rights;
import io.amcinsights.local.lambda.AsyncInvocations;
import io.amcinsights.local.lambda.LambdaFunctions;
import io.amcinsights.local.lambda.LambdaTask;
import io.amcinsights.local.ports.LocalPorts;
import io.amcinsights.local.ports.SecretFile;
import io.amcinsights.local.s3.ObjectStore;
import io.amcinsights.local.states.StateMachines;
import io.amcinsights.local.store.Database;
import io.amcinsights.local.store.Sql;
import io.amcinsights.local.template.Account;
import io.amcinsights.local.template.Stack;
import io.amcinsights.ports.Ports;
import io.amcinsights.sql.amc.AmcSchema;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.ExecutionAlreadyExistsException;
import software.amazon.awssdk.services.sfn.model.SfnException;
import software.amazon.awssdk.services.sfn.model.StartExecutionRequest;
import software.amazon.awssdk.services.sfn.model.StartExecutionResponse;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Ten thousand runs of twenty instances through the whole of the workflow manager, as the template
 * wires it, while every fifth call of AMC goes wrong. Left out are only the wire between the
 * functions and Step Functions, and the lake behind the results.
 */
class ManyRunsTest {

    private static final Account ACCOUNT = new Account("000000000000", "us-east-1", "aws");
    private static final String STACK = "amc-insights";
    private static final int INSTANCES = 20;
    private static final int RUNS = 10_000;

    /** Enough for the waits of the state machine, few enough for AMC to end in two looks. */
    private static final int SPEED = 10;

    private static final Duration PATIENCE = Duration.ofMinutes(15);

    /** Every failure that is tried again is logged: thousands here, all of them meant. */
    private final Logger failures = Logger.getLogger(Invocation.class.getName());

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final World world = world();
    private final FastTimer timer = new FastTimer(SPEED);
    private Database database;
    private AmcSimulator simulator;
    private SecretFile secrets;
    private LambdaFunctions functions;
    private Ports ports;

    @TempDir Path folder;

    @BeforeEach
    void start() throws Exception {
        failures.setLevel(Level.OFF);
        Clock clock = timer.withZone(ZoneOffset.UTC);
        database = part(Database.open(folder.resolve("workspace.db")));
        makeEvents();
        simulator =
                part(
                        AmcSimulator.start(
                                new AmcSimulator.Settings(
                                        0,
                                        folder.resolve("amc"),
                                        ACCOUNT.id(),
                                        ACCOUNT.region(),
                                        SPEED),
                                world,
                                database,
                                timer,
                                (bucket, key, file) ->
                                        URI.create("s3://%s/%s".formatted(bucket, key))));
        secrets = new SecretFile(folder.resolve("secrets.json"));
        secrets.put(
                STACK + "/credentials/default",
                Json.write(
                        Map.of(
                                "clientId", simulator.clientId(),
                                "clientSecret", simulator.clientSecret(),
                                "refreshToken", simulator.refreshToken())));
        CompletableFuture<Functions.Clients> clients = new CompletableFuture<>();
        CompletableFuture<LocalPorts> local = new CompletableFuture<>();
        functions =
                new LambdaFunctions(
                        (handler, environment) ->
                                (RequestStreamHandler)
                                        handler.getConstructor(Functions.class)
                                                .newInstance(
                                                        new Functions(
                                                                environment,
                                                                local.join().of(environment),
                                                                clients.join(),
                                                                clock)));
        Queues queues = new Queues(database, timer);
        AsyncInvocations later = part(new AsyncInvocations(database, functions, timer));
        StoredTimers timers = part(new StoredTimers(database, later, timer));
        local.complete(new LocalPorts(database, timer, queues, timers, secrets));
        ports = local.join().of(Map.of());
        StateMachines machines =
                part(
                        new StateMachines(
                                database,
                                timer,
                                ACCOUNT.region(),
                                Map.of(
                                        "arn:aws:states:::lambda:invoke",
                                        new LambdaTask(functions),
                                        "arn:aws:states:::glue:startJobRun.sync",
                                        new JobTask(JobTask.WITHOUT_SPARK))));
        clients.complete(
                new Functions.Clients(
                        MemoryS3::new,
                        (pass, region) -> new MemoryS3(region),
                        () -> new Machines(machines),
                        MemoryGlue::new,
                        MemoryLakeFormation::new,
                        () -> new MemoryLambda(Map.of())));
        EventRouter router = part(new EventRouter(database, timer));
        Catalogue catalogue = new Catalogue(database, ACCOUNT.id(), clock);
        List<QueueConsumer> consumers =
                new Deployment(
                                Stack.read(
                                        text("template.yaml"),
                                        STACK,
                                        ACCOUNT,
                                        Map.of(
                                                "AmcApiUrl", simulator.baseUri().toString(),
                                                "AmcTokenUrl", simulator.tokenUri().toString())),
                                ACCOUNT,
                                new ObjectStore(
                                        database,
                                        folder.resolve("objects"),
                                        ACCOUNT.id(),
                                        ACCOUNT.region(),
                                        clock,
                                        router::wake),
                                catalogue,
                                new Rights(new Permissions(database), catalogue),
                                new WorkGroups(clock),
                                functions,
                                later,
                                machines,
                                queues,
                                router,
                                timers,
                                timer)
                        .create(name -> text("statemachines/" + name));
        watch();
        consumers.forEach(c -> part(c).start());
    }

    @AfterEach
    void stop() throws Exception {
        failures.setLevel(null);
        while (!parts.isEmpty()) {
            parts.pop().close();
        }
    }

    private <T extends AutoCloseable> T part(T part) {
        parts.push(part);
        return part;
    }

    private static World world() {
        World.Account usual = World.load().accounts().getFirst();
        List<World.Instance> instances = new ArrayList<>();
        for (int i = 0; i < INSTANCES; i++) {
            instances.add(
                    new World.Instance(
                            "amctest%02d".formatted(i),
                            "test%02d".formatted(i),
                            World.Instance.Type.STANDARD,
                            200,
                            "00000000",
                            usual.instances().getFirst().advertisers()));
        }
        return new World(
                List.of(
                        new World.Account(
                                usual.entityId(), usual.name(), usual.marketplaceId(), instances)));
    }

    /** The same for each instance; made once, as that takes seconds. */
    private void makeEvents() throws IOException, SQLException {
        Path events = folder.resolve("amc").resolve("events");
        World.Instance first = world.instances().getFirst();
        try (EventStore store = new EventStore(events, AmcSchema.standard(), timer)) {
            store.connect(first).close();
        }
        for (World.Instance other : world.instances().subList(1, INSTANCES)) {
            Files.copy(
                    events.resolve(first.id() + ".duckdb"), events.resolve(other.id() + ".duckdb"));
        }
    }

    /** What no look from time to time would catch for sure is noted as it happens. */
    private void watch() {
        database.define(
                """
                CREATE TABLE test_most (
                    what TEXT, instance TEXT, most INTEGER, PRIMARY KEY (what, instance))
                """,
                """
                CREATE TRIGGER test_open AFTER INSERT ON amc_execution BEGIN
                    INSERT INTO test_most VALUES ('open', NEW.instance,
                        (SELECT count(*) FROM amc_execution
                            WHERE instance = NEW.instance AND status IN ('PENDING', 'RUNNING')))
                    ON CONFLICT DO UPDATE SET most = max(most, excluded.most);
                END
                """,
                """
                CREATE TRIGGER test_leases AFTER INSERT ON documents WHEN NEW.partition = 'lease'
                BEGIN
                    INSERT INTO test_most
                    VALUES ('lease', NEW.key, json_array_length(NEW.json, '$.taken'))
                    ON CONFLICT DO UPDATE SET most = max(most, excluded.most);
                END
                """,
                "CREATE TABLE test_ended (id TEXT)",
                """
                CREATE TRIGGER test_end AFTER UPDATE OF status ON amc_execution
                WHEN NEW.status NOT IN ('PENDING', 'RUNNING') BEGIN
                    INSERT INTO test_ended VALUES (NEW.id);
                END
                """);
    }

    @Test
    void everyRunEndsOnceAtAmcWhateverGoesWrong() throws Exception {
        for (World.Instance instance : world.instances()) {
            onboard(instance);
        }
        fault("{\"kind\":\"status\",\"status\":429,\"probability\":0.07}");
        fault("{\"kind\":\"status\",\"status\":500,\"probability\":0.07}");
        fault("{\"kind\":\"lostReply\",\"probability\":0.07}");
        long began = System.nanoTime();
        askForRuns();
        awaitEnds(began);
        Duration took = Duration.ofNanos(System.nanoTime() - began);

        JsonNode counts = control("GET", "calls", null).path("counts");
        control("DELETE", "faults", null);
        List<Run> runs = runs();
        List<AmcExecution> executions = executions();
        System.out.printf(
                "%d runs of %d instances in %d s: %d executions at AMC, %d of them ended;"
                        + " %d calls of AMC, of which 429: %d, 500: %d, lost: %d;"
                        + " at most %d runs of an instance at a time%n",
                runs.size(),
                INSTANCES,
                took.toSeconds(),
                executions.size(),
                number("SELECT count(*) FROM test_ended"),
                calls(counts, null),
                calls(counts, "429"),
                calls(counts, "500"),
                calls(counts, "0"),
                number("SELECT max(most) FROM test_most"));

        assertThat(runs)
                .hasSize(RUNS)
                .allMatch(r -> r.status() == Run.Status.SUCCEEDED)
                .extracting(Run::runId)
                .doesNotHaveDuplicates();
        assertThat(executions)
                .allMatch(e -> e.phase() == AmcExecution.Phase.SUCCEEDED)
                .extracting(AmcExecution::executionId)
                .containsExactlyInAnyOrderElementsOf(
                        runs.stream().map(Run::amcExecutionId).toList());
        assertThat(number("SELECT count(*) FROM test_ended")).isEqualTo(RUNS);
        assertThat(number("SELECT count(DISTINCT id) FROM test_ended")).isEqualTo(RUNS);
        assertThat(number("SELECT max(most) FROM test_most WHERE what = 'open'"))
                .isBetween(1L, 10L);
        assertThat(number("SELECT max(most) FROM test_most WHERE what = 'lease'"))
                .isBetween(1L, 10L);
        assertThat(number("SELECT count(*) FROM queue_messages")).isZero();
        long faults = calls(counts, "429") + calls(counts, "500") + calls(counts, "0");
        assertThat((double) faults / calls(counts, null)).isBetween(0.15, 0.25);
    }

    private void onboard(World.Instance instance) throws Exception {
        Instant now = timer.instant();
        ports.documents()
                .put(
                        "tenant",
                        instance.id(),
                        Json.write(
                                new Tenant(
                                        instance.id(),
                                        instance.name(),
                                        account().accountId(),
                                        account().marketplaceId(),
                                        AmcRegion.NA,
                                        instance.bucket(),
                                        ACCOUNT.region(),
                                        ACCOUNT.id(),
                                        "default",
                                        false,
                                        Tenant.Status.ACTIVE,
                                        null,
                                        null,
                                        now,
                                        now,
                                        List.of(),
                                        0)),
                        0,
                        null);
        ask(
                new PutWorkflow(
                        new Workflow(
                                instance.id(),
                                "words",
                                "Words",
                                "",
                                "SELECT word, COUNT(n) AS n FROM (VALUES ('a', 1), ('b', 2)) AS"
                                        + " t(word, n) WHERE n < CUSTOM_PARAMETER('most') GROUP BY"
                                        + " word",
                                List.of(
                                        new Parameter(
                                                "most", Parameter.Type.LONG, false, "", null)),
                                null,
                                now,
                                0)));
    }

    /** Eight people ask at the same time; each five of their wishes are alike. */
    private void askForRuns() throws Exception {
        TimeWindow week = TimeWindow.of(TimeWindow.Type.MOST_RECENT_WEEK, "UTC");
        try (ExecutorService people = Executors.newFixedThreadPool(8)) {
            List<Future<Run>> asked = new ArrayList<>();
            for (int i = 0; i < RUNS; i++) {
                var wish =
                        new RunWorkflow(
                                world.instances().get(i % INSTANCES).id(),
                                "words",
                                week,
                                Map.of("most", LongNode.valueOf(i / INSTANCES / 5)),
                                "wish-" + i);
                asked.add(people.submit(() -> ask(wish)));
            }
            for (Future<Run> run : asked) {
                run.get();
            }
        }
    }

    /** Each end is told in a notice. */
    private void awaitEnds(long began) throws InterruptedException {
        while (number("SELECT count(*) FROM documents WHERE partition = 'notice'") < RUNS) {
            assertThat(System.nanoTime() - began).as("time is up").isLessThan(PATIENCE.toNanos());
            Thread.sleep(100);
        }
    }

    private List<Run> runs() {
        List<Run> all = new ArrayList<>();
        String token = null;
        do {
            Runs page = ask(new ListRuns(null, 100, token));
            all.addAll(page.runs());
            token = page.nextToken();
        } while (token != null);
        return all;
    }

    private List<AmcExecution> executions() {
        AmcClient client =
                new AmcClient(
                        new AmcHosts(
                                simulator.baseUri().toString(), simulator.tokenUri().toString()),
                        secrets,
                        STACK + "/credentials/",
                        () -> Duration.ofSeconds(30),
                        Clock.systemUTC(),
                        new NobodyWatches());
        return world.instances().stream()
                .map(i -> new AmcAddress(account(), i.id()))
                .flatMap(a -> client.executions().list(a, Instant.EPOCH).stream())
                .toList();
    }

    private AmcAccount account() {
        World.Account account = world.accounts().getFirst();
        return new AmcAccount("default", AmcRegion.NA, account.entityId(), account.marketplaceId());
    }

    private <R> R ask(Request<R> request) {
        try {
            return Json.reply(
                    request,
                    functions
                            .invoke(STACK + "-workflows:write", null, Json.request(request))
                            .payload());
        } catch (AwsError | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void fault(String json) throws Exception {
        control("POST", "faults", json);
    }

    private JsonNode control(String method, String path, @Nullable String body) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(simulator.baseUri().resolve("/_sim/" + path))
                        .header("X-Sim-Key", simulator.controlKey())
                        .method(
                                method,
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body))
                        .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return Json.mapper().readTree(http.send(request, BodyHandlers.ofString()).body());
        }
    }

    private static long calls(JsonNode counts, @Nullable String status) {
        long calls = 0;
        for (JsonNode operation : counts) {
            for (Map.Entry<String, JsonNode> one : operation.properties()) {
                if (status == null || one.getKey().equals(status)) {
                    calls += one.getValue().asLong();
                }
            }
        }
        return calls;
    }

    private long number(String sql) {
        return database.read(c -> Sql.query(c, sql, row -> row.getLong(1)).getFirst());
    }

    private static String text(String name) {
        try (InputStream in = LocalWorkspace.class.getResourceAsStream("cloudformation/" + name)) {
            if (in == null) {
                throw new IllegalStateException("This build lacks cloudformation/" + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Step Functions without the wire between. */
    private record Machines(StateMachines machines) implements SfnClient {

        @Override
        public StartExecutionResponse startExecution(StartExecutionRequest request) {
            try {
                return StartExecutionResponse.builder()
                        .executionArn(
                                machines.start(
                                                request.stateMachineArn(),
                                                request.name(),
                                                request.input())
                                        .arn())
                        .build();
            } catch (AwsError e) {
                throw e.code().equals("ExecutionAlreadyExists")
                        ? ExecutionAlreadyExistsException.builder().message(e.getMessage()).build()
                        : SfnException.builder().message(e.getMessage()).build();
            }
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }
}
