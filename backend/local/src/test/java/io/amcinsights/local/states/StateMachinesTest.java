package io.amcinsights.local.states;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import io.amcinsights.local.clock.JumpingTimer;
import io.amcinsights.local.http.AwsError;
import io.amcinsights.local.states.Execution.Status;
import io.amcinsights.local.store.Database;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

class StateMachinesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final String ARN = "arn:aws:states:us-east-1:000000000000:stateMachine:test";
    private static final String EXECUTION = ARN.replace(":stateMachine:", ":execution:") + ":e1";
    private static final String INVOKE = "arn:aws:states:::lambda:invoke";

    /** A function under test is what a Task state calls by its name. */
    private interface Function {
        JsonNode call(JsonNode payload) throws StateError, InterruptedException;
    }

    @TempDir Path folder;

    private Database database;
    private JumpingTimer timer;
    private StateMachines machines;
    private final Map<String, Function> functions = new ConcurrentHashMap<>();

    @BeforeEach
    void open() throws Exception {
        database = Database.open(folder.resolve("test.db"));
        timer = new JumpingTimer(Duration.ofHours(1));
        machines = machines(database);
        functions.put("echo", payload -> payload);
    }

    @AfterEach
    void close() {
        machines.close();
        database.close();
    }

    private StateMachines machines(Database on) {
        return new StateMachines(
                on,
                timer,
                "us-east-1",
                Map.of(INVOKE, this::invoke, INVOKE + ".waitForTaskToken", this::invoke));
    }

    private JsonNode invoke(JsonNode arguments, Consumer<JsonNode> submitted)
            throws StateError, InterruptedException {
        Function function = functions.get(arguments.path("FunctionName").asText());
        if (function == null) {
            throw new StateError("Lambda.ResourceNotFoundException", "no such function");
        }
        ObjectNode result = JSON.createObjectNode().put("StatusCode", 200);
        result.set("Payload", function.call(arguments.path("Payload")));
        return result;
    }

    @Test
    void theSameNameAndInputIsTheSameExecution() throws Exception {
        functions.put("never", payload -> hang());
        String arn = start(NEVER, "{\"a\":1}");
        assertThat(machines.start(ARN, "e1", "{\"a\":1}").arn()).isEqualTo(arn);
        assertThatThrownBy(() -> machines.start(ARN, "e1", "{\"a\":2}"))
                .isInstanceOfSatisfying(
                        AwsError.class,
                        e -> assertThat(e.code()).isEqualTo("ExecutionAlreadyExists"));
        machines.stop(arn, null, null);
        assertThatThrownBy(() -> machines.start(ARN, "e1", "{\"a\":1}"))
                .isInstanceOf(AwsError.class);
    }

    @Test
    void goesOnAfterAKillFromTheLastRecordedEvent() throws Exception {
        AtomicInteger firsts = new AtomicInteger();
        AtomicInteger seconds = new AtomicInteger();
        CountDownLatch reached = new CountDownLatch(2);
        functions.put("first", payload -> count(firsts));
        functions.put(
                "second",
                payload -> {
                    int call = seconds.incrementAndGet();
                    if (call <= 2) {
                        reached.countDown();
                        return hang();
                    }
                    return payload;
                });
        String arn =
                start(
                        """
                        StartAt: A
                        States:
                          A:
                            Type: Task
                            Resource: arn:aws:states:::lambda:invoke
                            Arguments: {FunctionName: first}
                            Assign: {seen: '{% $states.result.Payload %}'}
                            Next: M
                          M:
                            Type: Map
                            Items: [a, b]
                            ItemProcessor:
                              StartAt: I
                              States:
                                I:
                                  Type: Task
                                  Resource: arn:aws:states:::lambda:invoke
                                  Arguments: {FunctionName: first}
                                  Assign: {item: '{% $states.context.Map.Item.Value %}'}
                                  Next: J
                                J:
                                  Type: Task
                                  Resource: arn:aws:states:::lambda:invoke
                                  Arguments: {FunctionName: second, Payload: '{% $item & $seen %}'}
                                  Output: '{% $states.result.Payload %}'
                                  End: true
                            End: true
                        """,
                        "{}");
        reached.await();
        killAndResume();

        Execution execution = ended(arn);
        assertThat(execution.output()).isEqualTo("[\"a1\",\"b1\"]");
        assertThat(firsts).as("a task that had succeeded is not run again").hasValue(3);
        assertThat(seconds).hasValue(4);
        assertThat(types().stream().filter("MapIterationStarted"::equals)).hasSize(2);
    }

    @Test
    void waitsOnAfterARestartOnlyAsLongAsWasLeft() throws Exception {
        String arn = start("StartAt: W\nStates: {W: {Type: Wait, Seconds: 7200, End: true}}", "{}");
        awaitEvent("WaitStateEntered");
        awaitPositionWith("until");
        machines.close();
        timer.jump(Duration.ofHours(3));
        machines = machines(database);
        machines.resume();
        assertThat(ended(arn).status()).isEqualTo(Status.SUCCEEDED);
    }

    private static final String NEVER =
            """
            StartAt: T
            States: {T: {Type: Task, Resource: 'arn:aws:states:::lambda:invoke', Arguments: {FunctionName: never}, End: true}}
            """;

    private static final String CALLBACK =
            """
            StartAt: T
            States:
              T:
                Type: Task
                Resource: arn:aws:states:::lambda:invoke.waitForTaskToken
                Arguments: {FunctionName: ask, Payload: '{% $states.context.Task.Token %}'}
                TimeoutSeconds: 14400
                HeartbeatSeconds: 5400
                Catch: [{ErrorEquals: [States.HeartbeatTimeout], Output: silent, Next: S}]
                End: true
              S: {Type: Succeed}
            """;

    /** Begins a task that waits for its callback; gives the token. */
    private String awaitCallback(AtomicInteger asked) throws Exception {
        CompletableFuture<String> token = new CompletableFuture<>();
        functions.put(
                "ask",
                payload -> {
                    asked.incrementAndGet();
                    token.complete(payload.asText());
                    return payload;
                });
        start(CALLBACK, "{}");
        awaitEvent("TaskSubmitted");
        return token.get();
    }

    @Test
    void goesOnWaitingForACallbackAfterAKill() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        String token = awaitCallback(asked);
        timer.jump(Duration.ofMinutes(89));
        killAndResume();
        machines.callbacks().beat(token);
        timer.jump(Duration.ofMinutes(89));
        machines.callbacks().succeed(token, JSON.readTree("{\"answer\":42}"));
        assertThat(ended(EXECUTION).output()).isEqualTo("{\"answer\":42}");
        assertThat(asked).as("it was asked for once").hasValue(1);
        assertThat(types().stream().filter("TaskSubmitted"::equals)).hasSize(1);
    }

    @Test
    void aCallbackThatCameAfterItsTimeFindsTheTaskGone() throws Exception {
        String token = awaitCallback(new AtomicInteger());
        killAndResume();
        timer.jump(Duration.ofMinutes(90));
        assertThat(ended(EXECUTION).output()).isEqualTo("\"silent\"");
        assertThatThrownBy(() -> machines.callbacks().succeed(token, JSON.nullNode()))
                .isInstanceOfSatisfying(
                        AwsError.class, e -> assertThat(e.code()).isEqualTo("TaskTimedOut"));
    }

    @Test
    void anAnswerThatWasTakenIsNotLostByAKill() throws Exception {
        String token = awaitCallback(new AtomicInteger());
        machines.close();
        machines.callbacks().succeed(token, JSON.readTree("[1]"));
        killAndResume();
        assertThat(ended(EXECUTION).output()).isEqualTo("[1]");
    }

    @Test
    void theCallbackOfAStoppedExecutionIsRefused() throws Exception {
        String token = awaitCallback(new AtomicInteger());
        machines.stop(EXECUTION, null, null);
        assertThatThrownBy(() -> machines.callbacks().beat(token))
                .isInstanceOfSatisfying(
                        AwsError.class, e -> assertThat(e.code()).isEqualTo("TaskTimedOut"));
    }

    @Test
    void childrenThatHaveEndedOrFailedAreNotRunAgainAfterAKill() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch last = new CountDownLatch(1);
        functions.put(
                "child",
                payload -> {
                    int run = runs.incrementAndGet();
                    if (payload.asInt() == 2) {
                        throw new StateError("Bad", "two");
                    }
                    if (run == 3) {
                        last.countDown();
                        return hang();
                    }
                    return payload;
                });
        start(
                """
                StartAt: D
                States:
                  D:
                    Type: Map
                    MaxConcurrency: 1
                    ToleratedFailureCount: 1
                    ItemProcessor:
                      ProcessorConfig: {Mode: DISTRIBUTED, ExecutionType: STANDARD}
                      StartAt: T
                      States:
                        T:
                          Type: Task
                          Resource: arn:aws:states:::lambda:invoke
                          Arguments: {FunctionName: child, Payload: '{% $states.input %}'}
                          Output: '{% $states.result.Payload %}'
                          End: true
                    End: true
                """,
                "[1,2,3]");
        last.await();
        killAndResume();
        assertThat(ended(EXECUTION).output())
                .isEqualTo("[1,{\"Status\":\"FAILED\",\"Error\":\"Bad\",\"Cause\":\"two\"},3]");
        assertThat(runs).hasValue(4);
        assertThat(types().stream().filter("MapRunStarted"::equals)).hasSize(1);
    }

    private static JsonNode count(AtomicInteger calls) {
        return JSON.getNodeFactory().numberNode(Math.min(1, calls.incrementAndGet()));
    }

    private static JsonNode hang() throws InterruptedException {
        new CountDownLatch(1).await();
        throw new IllegalStateException();
    }

    /** As a kill leaves it: the files as they are at this moment. */
    private void killAndResume() throws IOException {
        Path copy = Files.createDirectory(folder.resolve("after-kill"));
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, copy.resolve(file.getFileName().toString()));
            }
        }
        machines.close();
        database.close();
        database = Database.open(copy.resolve("test.db"));
        machines = machines(database);
        machines.resume();
    }

    private void define(String definition) throws InvalidDefinition, JsonProcessingException {
        machines.define(
                ARN,
                "arn:aws:iam::000000000000:role/r",
                YAML.readTree("QueryLanguage: JSONata\n" + definition));
    }

    private String start(String definition, String input) throws Exception {
        define(definition);
        return machines.start(ARN, "e1", input).arn();
    }

    private Execution ended(String arn) throws Exception {
        await(() -> machines.execution(arn).status() != Status.RUNNING);
        return machines.execution(arn);
    }

    private void awaitEvent(String type) throws Exception {
        await(() -> types().contains(type));
    }

    private void awaitPositionWith(String field) throws Exception {
        await(
                () ->
                        database.read(
                                c -> {
                                    try (var row =
                                            c.createStatement()
                                                    .executeQuery(
                                                            "SELECT position FROM"
                                                                    + " execution_flows")) {
                                        return row.next() && row.getString(1).contains(field);
                                    }
                                }));
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("waited for 10 s").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private List<Executions.Recorded> events() throws AwsError {
        return machines.history(machines.execution(EXECUTION), 0, false, 1000);
    }

    private List<String> types() throws AwsError {
        return events().stream().map(Executions.Recorded::type).collect(Collectors.toList());
    }
}
