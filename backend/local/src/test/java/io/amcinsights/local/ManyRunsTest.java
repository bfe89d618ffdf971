package io.amcinsights.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;

import io.amcinsights.Functions;
import io.amcinsights.aws.MemoryGlue;
import io.amcinsights.aws.MemoryS3;
import io.amcinsights.contract.AmcRegion;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.Request;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TimeWindow;
import io.amcinsights.contract.Workflow;
import io.amcinsights.contract.WorkflowRequest;
import io.amcinsights.local.amc.AmcSimulator;
import io.amcinsights.local.amc.world.World;
import io.amcinsights.local.athena.WorkGroups;
import io.amcinsights.local.clock.FastTimer;
import io.amcinsights.local.events.EventRouter;
import io.amcinsights.local.events.QueueConsumer;
import io.amcinsights.local.events.Queues;
import io.amcinsights.local.events.StoredTimers;
import io.amcinsights.local.glue.Catalogue;
import io.amcinsights.local.http.AwsError;
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
import io.amcinsights.ports.Documents;

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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
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

class ManyRunsTest {

    private static final Account ACCOUNT = new Account("000000000000", "us-east-1", "aws");
    private static final String STACK = "amc-insights";
    private static final int INSTANCES = 20;
    private static final int RUNS = Integer.getInteger("runs", 1000);
    private static final int SPEED = Integer.getInteger("speed", 5);

    @TempDir Path folder;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private FastTimer timer;
    private Database database;
    private LambdaFunctions functions;
    private AmcSimulator simulator;
    private Documents documents;
    private World world;

    private <T extends AutoCloseable> T part(T part) {
        parts.push(part);
        return part;
    }

    @BeforeEach
    void start() throws Exception {
        timer = new FastTimer(SPEED);
        Clock clock = timer.withZone(ZoneOffset.UTC);
        database = part(Database.open(folder.resolve("workspace.db")));
        EventRouter router = part(new EventRouter(database, timer));
        ObjectStore objects =
                new ObjectStore(
                        database,
                        Files.createDirectory(folder.resolve("objects")),
                        ACCOUNT.id(),
                        ACCOUNT.region(),
                        clock,
                        router::wake);
        world = world();
        long t = System.nanoTime();
        prepare(world);
        System.out.println("prepare " + (System.nanoTime() - t) / 1000000);
        simulator =
                part(
                        AmcSimulator.start(
                                new AmcSimulator.Settings(
                                        0,
                                        folder.resolve("amc"),
                                        ACCOUNT.id(),
                                        ACCOUNT.region(),
                                        10),
                                world,
                                database,
                                timer,
                                (bucket, key, file) -> URI.create("s3://" + bucket + "/" + key)));
        Queues queues = new Queues(database, timer);
        SecretFile secrets = new SecretFile(folder.resolve("secrets.json"));
        CompletableFuture<Functions.Clients> clients = new CompletableFuture<>();
        CompletableFuture<LocalPorts> ports = new CompletableFuture<>();
        functions =
                new LambdaFunctions(
                        (handler, environment) ->
                                (RequestStreamHandler)
                                        handler.getConstructor(Functions.class)
                                                .newInstance(
                                                        new Functions(
                                                                environment,
                                                                ports.join().of(environment),
                                                                clients.join(),
                                                                clock)));
        AsyncInvocations later = part(new AsyncInvocations(database, functions, timer));
        StoredTimers timers = part(new StoredTimers(database, later, timer));
        ports.complete(new LocalPorts(database, timer, queues, timers, secrets));
        documents = ports.join().of(Map.of()).documents();
        StateMachines machines =
                part(
                        new StateMachines(
                                database,
                                timer,
                                ACCOUNT.region(),
                                Map.of(
                                        "arn:aws:states:::lambda:invoke",
                                        new LambdaTask(functions))));
        Stack stack =
                Stack.read(
                        text("template.yaml"),
                        STACK,
                        ACCOUNT,
                        Map.of(
                                "AmcApiUrl", simulator.baseUri().toString(),
                                "AmcTokenUrl", simulator.tokenUri().toString()));
        List<QueueConsumer> consumers =
                new Deployment(
                                stack,
                                ACCOUNT,
                                objects,
                                new Catalogue(database, ACCOUNT.id(), clock),
                                new WorkGroups(clock),
                                functions,
                                later,
                                machines,
                                queues,
                                router,
                                timer)
                        .create(name -> text("statemachines/" + name));
        secrets.put(
                STACK + "/credentials/default",
                Json.write(
                        Map.of(
                                "clientId", simulator.clientId(),
                                "clientSecret", simulator.clientSecret(),
                                "refreshToken", simulator.refreshToken())));
        clients.complete(
                new Functions.Clients(new MemoryS3(), new Machines(machines), new MemoryGlue()));
        consumers.forEach(c -> part(c).start());
        machines.resume();
    }

    private void prepare(World world) throws Exception {
        World.Instance first = world.instances().getFirst();
        Path events = folder.resolve("amc/events");
        try (var store =
                new io.amcinsights.local.amc.world.EventStore(
                        events, io.amcinsights.sql.amc.AmcSchema.standard(), timer)) {
            store.connect(first).close();
        }
        for (World.Instance other : world.instances()) {
            if (other != first) {
                Files.copy(
                        events.resolve(first.id() + ".duckdb"),
                        events.resolve(other.id() + ".duckdb"));
            }
        }
    }

    private static World world() {
        World whole = World.load();
        World.Account account = whole.accounts().getFirst();
        World.Instance one = account.instances().getFirst();
        List<World.Instance> instances = new ArrayList<>();
        for (int i = 0; i < INSTANCES; i++) {
            instances.add(
                    new World.Instance(
                            "amctest%02d".formatted(i),
                            "test" + i,
                            World.Instance.Type.STANDARD,
                            300,
                            "00000000",
                            one.advertisers()));
        }
        return new World(
                List.of(
                        new World.Account(
                                account.entityId(),
                                account.name(),
                                account.marketplaceId(),
                                instances)));
    }

    /** Step Functions without the wire between. */
    private record Machines(StateMachines machines) implements SfnClient {

        @Override
        public StartExecutionResponse startExecution(StartExecutionRequest request) {
            try {
                var started =
                        machines.start(request.stateMachineArn(), request.name(), request.input());
                return StartExecutionResponse.builder()
                        .executionArn(started.arn())
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

    private static String text(String name) {
        try (InputStream in = LocalWorkspace.class.getResourceAsStream("cloudformation/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void stop() throws Exception {
        while (!parts.isEmpty()) {
            parts.pop().close();
        }
    }

    private <R> R ask(Request<R> request) {
        try {
            return Json.reply(
                    request,
                    functions
                            .invoke(STACK + "-workflows:write", null, Json.request(request))
                            .payload());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void everyRunEndsOnce() throws Exception {
        World.Account account = world.accounts().getFirst();
        for (World.Instance i : world.instances()) {
            documents.put(
                    "tenant",
                    i.id(),
                    Json.write(
                            new Tenant(
                                    i.id(),
                                    i.name(),
                                    account.entityId(),
                                    account.marketplaceId(),
                                    AmcRegion.NA,
                                    i.bucket(),
                                    ACCOUNT.region(),
                                    ACCOUNT.id(),
                                    "default",
                                    false,
                                    Tenant.Status.ACTIVE,
                                    null,
                                    null,
                                    Instant.now(),
                                    Instant.now(),
                                    0)),
                    0,
                    null);
            ask(
                    new WorkflowRequest.PutWorkflow(
                            new Workflow(
                                    i.id(),
                                    "reach",
                                    "Reach",
                                    "",
                                    "SELECT word, COUNT(n) AS n FROM (VALUES ('a', 1), ('b', 2)) AS"
                                            + " t(word, n) GROUP BY word",
                                    List.of(),
                                    null,
                                    Instant.now(),
                                    0)));
        }
        long t0 = System.nanoTime();
        try (ExecutorService people = Executors.newFixedThreadPool(8)) {
            List<Future<Run>> asked = new ArrayList<>();
            for (int n = 0; n < RUNS; n++) {
                String tenant = world.instances().get(n % INSTANCES).id();
                String key = "key-" + n;
                asked.add(
                        people.submit(
                                () ->
                                        ask(
                                                new WorkflowRequest.RunWorkflow(
                                                        tenant,
                                                        "reach",
                                                        TimeWindow.of(
                                                                TimeWindow.Type.MOST_RECENT_WEEK,
                                                                "UTC"),
                                                        Map.of(),
                                                        key))));
            }
            for (Future<Run> f : asked) {
                f.get();
            }
        }
        System.out.println("cpu " + ProcessHandle.current().info().totalCpuDuration().get().toMillis() + " asked in " + (System.nanoTime() - t0) / 1000000);
        long open;
        do {
            Thread.sleep(2000);
            open =
                    database.read(
                            c ->
                                    Sql.query(
                                                    c,
                                                    "SELECT count(*) FROM documents WHERE partition"
                                                            + " LIKE 'run/%' AND json_extract(json,"
                                                            + " '$.status') IN ('QUEUED',"
                                                            + " 'RUNNING')",
                                                    r -> r.getLong(1))
                                            .getFirst());
            System.out.println((System.nanoTime() - t0) / 1000000 + " open " + open + " cpu " + ProcessHandle.current().info().totalCpuDuration().get().toMillis());
        } while (open > 0 && System.nanoTime() - t0 < 300_000_000_000L);
        assertThat(open).isZero();
    }
}
