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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

class StateMachinesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final String ARN = "arn:aws:states:us-east-1:000000000000:stateMachine:test";
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
        return new StateMachines(on, timer, "us-east-1", Map.of(INVOKE, this::invoke));
    }

    private JsonNode invoke(JsonNode arguments) throws StateError, InterruptedException {
        Function function = functions.get(arguments.path("FunctionName").asText());
        if (function == null) {
            throw new StateError("Lambda.ResourceNotFoundException", "no such function");
        }
        ObjectNode result = JSON.createObjectNode().put("StatusCode", 200);
        result.set("Payload", function.call(arguments.path("Payload")));
        return result;
    }

    static Stream<Arguments> machinesThatSucceed() {
        return Stream.of(
                Arguments.of(
                        "Pass with output of its input",
                        """
                        StartAt: A
                        States:
                          A: {Type: Pass, Output: {sum: '{% $states.input.a + 1 %}', fixed: [1, x]}, End: true}
                        """,
                        "{\"a\": 41}",
                        "{\"sum\":42,\"fixed\":[1,\"x\"]}"),
                Arguments.of(
                        "A null is a value, also within",
                        """
                        StartAt: A
                        States:
                          A: {Type: Pass, Output: '{% {"a": $states.input.n, "b": [null, 1.5, 2.0]} %}', End: true}
                        """,
                        "{\"n\": null}",
                        "{\"a\":null,\"b\":[null,1.5,2]}"),
                Arguments.of(
                        "Variables: Assign sees the values before it, Output does too",
                        """
                        StartAt: A
                        States:
                          A: {Type: Pass, Assign: {x: 1, y: 2}, Next: B}
                          B: {Type: Pass, Assign: {x: '{% $y %}', y: '{% $x %}'}, Output: '{% $x %}', Next: C}
                          C: {Type: Succeed, Output: {before: '{% $states.input %}', x: '{% $x %}', y: '{% $y %}'}}
                        """,
                        "{}",
                        "{\"before\":1,\"x\":2,\"y\":1}"),
                Arguments.of(
                        "Choice takes the first rule that holds, with its own output",
                        """
                        StartAt: Which
                        States:
                          Which:
                            Type: Choice
                            Choices:
                              - {Condition: '{% $states.input.n > 10 %}', Next: Big}
                              - {Condition: '{% $states.input.n > 5 %}', Output: middle, Next: Middle}
                            Default: Small
                          Big: {Type: Fail}
                          Middle: {Type: Succeed}
                          Small: {Type: Fail}
                        """,
                        "{\"n\": 7}",
                        "\"middle\""),
                Arguments.of(
                        "Parallel gives the outputs in the order of its branches",
                        """
                        StartAt: P
                        States:
                          P:
                            Type: Parallel
                            Branches:
                              - {StartAt: Slow, States: {Slow: {Type: Wait, Seconds: 60, Next: S2}, S2: {Type: Pass, Output: slow, End: true}}}
                              - {StartAt: Fast, States: {Fast: {Type: Pass, Output: '{% $states.input %}', End: true}}}
                            End: true
                        """,
                        "\"in\"",
                        "[\"slow\",\"in\"]"),
                Arguments.of(
                        "Map runs each item with its index, and reads outer variables",
                        """
                        StartAt: A
                        States:
                          A: {Type: Pass, Assign: {factor: 10}, Next: M}
                          M:
                            Type: Map
                            Items: '{% $states.input.list %}'
                            MaxConcurrency: 2
                            ItemSelector: {i: '{% $states.context.Map.Item.Index %}', v: '{% $states.context.Map.Item.Value %}'}
                            ItemProcessor:
                              StartAt: T
                              States:
                                T: {Type: Pass, Output: '{% $states.input.v * $factor + $states.input.i %}', End: true}
                            Output: {all: '{% $states.result %}'}
                            End: true
                        """,
                        "{\"list\": [1, 2, 3]}",
                        "{\"all\":[10,21,32]}"),
                Arguments.of(
                        "Map over nothing gives nothing",
                        """
                        StartAt: M
                        States:
                          M:
                            Type: Map
                            ItemProcessor: {StartAt: T, States: {T: {Type: Pass, End: true}}}
                            End: true
                        """,
                        "[]",
                        "[]"),
                Arguments.of(
                        "Task gives the function's result",
                        """
                        StartAt: T
                        States:
                          T:
                            Type: Task
                            Resource: arn:aws:states:::lambda:invoke
                            Arguments: {FunctionName: echo, Payload: {id: '{% $states.input.id %}'}}
                            Output: '{% $states.result.Payload.id %}'
                            End: true
                        """,
                        "{\"id\": \"r-1\"}",
                        "\"r-1\""),
                Arguments.of(
                        "A caught error gives its name and cause, and assigns",
                        """
                        StartAt: T
                        States:
                          T:
                            Type: Task
                            Resource: arn:aws:states:::lambda:invoke
                            Arguments: {FunctionName: absent}
                            Catch:
                              - {ErrorEquals: [Other], Next: Never}
                              - {ErrorEquals: [States.ALL], Assign: {error: '{% $states.errorOutput %}'}, Next: Caught}
                            Next: Never
                          Never: {Type: Fail}
                          Caught: {Type: Pass, Output: {in: '{% $states.input.Error %}', cause: '{% $error.Cause %}'}, End: true}
                        """,
                        "{}",
                        "{\"in\":\"Lambda.ResourceNotFoundException\",\"cause\":\"no such"
                                + " function\"}"),
                Arguments.of(
                        "An expression without value is an error that can be caught",
                        """
                        StartAt: T
                        States:
                          T:
                            Type: Task
                            Resource: arn:aws:states:::lambda:invoke
                            Arguments: {FunctionName: echo, Payload: '{% $states.input.absent %}'}
                            Catch: [{ErrorEquals: [States.QueryEvaluationError], Output: '{% $states.errorOutput.Error %}', Next: Caught}]
                            End: true
                          Caught: {Type: Succeed}
                        """,
                        "{}",
                        "\"States.QueryEvaluationError\""),
                Arguments.of(
                        "A failing branch fails the Parallel state, which catches",
                        """
                        StartAt: P
                        States:
                          P:
                            Type: Parallel
                            Branches:
                              - {StartAt: F, States: {F: {Type: Fail, Error: Boom, Cause: '{% $states.input.why %}'}}}
                              - {StartAt: W, States: {W: {Type: Wait, Timestamp: '2099-01-01T00:00:00Z', End: true}}}
                            Catch: [{ErrorEquals: [Boom], Next: Caught}]
                            End: true
                          Caught: {Type: Succeed}
                        """,
                        "{\"why\": \"because\"}",
                        "{\"Error\":\"Boom\",\"Cause\":\"because\"}"),
                Arguments.of(
                        "Step Functions' own functions",
                        """
                        StartAt: A
                        States:
                          A:
                            Type: Pass
                            Output:
                              partition: '{% $partition([1,2,3,4,5], 2) %}'
                              range: '{% $range(0, 10, 5) %}'
                              hash: '{% $hash("x", "SHA-256") %}'
                              uuid: '{% $length($uuid()) %}'
                              random: '{% $random() < 1 %}'
                              parsed: '{% $parse("{\\"a\\": [1]}").a %}'
                            End: true
                        """,
                        "{}",
                        "{\"partition\":[[1,2],[3,4],[5]],\"range\":[0,5,10],\"hash\":\"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881\",\"uuid\":36,\"random\":true,\"parsed\":[1]}"),
                Arguments.of(
                        "Context tells execution, state and machine",
                        """
                        StartAt: A
                        States:
                          A:
                            Type: Pass
                            Output: '{% [$states.context.Execution.Name, $states.context.State.Name, $states.context.StateMachine.Name, $states.context.Execution.Input.q] %}'
                            End: true
                        """,
                        "{\"q\": 5}",
                        "[\"e1\",\"A\",\"test\",5]"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("machinesThatSucceed")
    void succeeds(String what, String definition, String input, String output) throws Exception {
        Execution execution = run(definition, input);
        assertThat(execution.error()).as(execution.cause()).isNull();
        assertThat(execution.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(execution.output()).isEqualTo(output);
    }

    static Stream<Arguments> machinesThatFail() {
        return Stream.of(
                Arguments.of("StartAt: F\nStates: {F: {Type: Fail, Error: E, Cause: C}}", "E", "C"),
                Arguments.of(
                        """
                        StartAt: C
                        States:
                          C: {Type: Choice, Choices: [{Condition: '{% false %}', Next: S}]}
                          S: {Type: Succeed}
                        """,
                        "States.NoChoiceMatched", "No choice"),
                Arguments.of(
                        "StartAt: P\n"
                                + "States: {P: {Type: Pass, Output: '{% $nothing %}', End: true}}",
                        "States.QueryEvaluationError", "$nothing"),
                Arguments.of(
                        "StartAt: P\n"
                            + "States: {P: {Type: Pass, Output: '{% $eval(\"1\") %}', End: true}}",
                        "States.QueryEvaluationError", "$parse"),
                Arguments.of(
                        """
                        StartAt: P
                        States:
                          P: {Type: Pass, Output: '{% $join($map([1..60000], function($i) {"123456"})) %}', End: true}
                        """,
                        "States.DataLimitExceeded", "maximum number of bytes"));
    }

    @ParameterizedTest
    @MethodSource("machinesThatFail")
    void fails(String definition, String error, String cause) throws Exception {
        Execution execution = run(definition, "{}");
        assertThat(execution.status()).isEqualTo(Status.FAILED);
        assertThat(execution.error()).isEqualTo(error);
        assertThat(execution.cause()).contains(cause);
    }

    @Test
    void retriesWithBackOffThenGivesUp() throws Exception {
        List<Duration> calls = new ArrayList<>();
        functions.put(
                "busy",
                payload -> {
                    calls.add(Duration.between(JumpingTimer.START, timer.instant()));
                    throw new StateError("Busy", "not now");
                });
        Execution execution =
                run(
                        """
                        StartAt: T
                        States:
                          T:
                            Type: Task
                            Resource: arn:aws:states:::lambda:invoke
                            Arguments: {FunctionName: busy}
                            Retry:
                              - {ErrorEquals: [Other], MaxAttempts: 9}
                              - {ErrorEquals: [Busy], IntervalSeconds: 2, MaxAttempts: 4, BackoffRate: 3, MaxDelaySeconds: 20}
                            End: true
                        """,
                        "{}");
        assertThat(execution.error()).isEqualTo("Busy");
        assertThat(calls).extracting(Duration::toSeconds).containsExactly(0L, 2L, 8L, 26L, 46L);
        assertThat(types())
                .containsSubsequence("TaskScheduled", "TaskStarted", "TaskFailed", "TaskScheduled")
                .endsWith("TaskFailed", "ExecutionFailed");
    }

    @Test
    void writesTheHistoryThatAwsWrites() throws Exception {
        run(
                """
                StartAt: T
                States:
                  T:
                    Type: Task
                    Resource: arn:aws:states:::lambda:invoke
                    Arguments: {FunctionName: echo, Payload: 1}
                    Assign: {x: '{% $states.result.Payload %}'}
                    Output: '{% $states.result.Payload %}'
                    Next: W
                  W: {Type: Wait, Seconds: 5, Next: M}
                  M:
                    Type: Map
                    Items: [7]
                    ItemProcessor: {StartAt: I, States: {I: {Type: Pass, End: true}}}
                    Next: S
                  S: {Type: Succeed}
                """,
                "{}");
        assertThat(types())
                .containsExactly(
                        "ExecutionStarted",
                        "TaskStateEntered",
                        "TaskScheduled",
                        "TaskStarted",
                        "TaskSucceeded",
                        "TaskStateExited",
                        "WaitStateEntered",
                        "WaitStateExited",
                        "MapStateEntered",
                        "MapStateStarted",
                        "MapIterationStarted",
                        "PassStateEntered",
                        "PassStateExited",
                        "MapIterationSucceeded",
                        "MapStateSucceeded",
                        "MapStateExited",
                        "SucceedStateEntered",
                        "SucceedStateExited",
                        "ExecutionSucceeded");
        List<Executions.Recorded> events = events();
        assertThat(events).extracting(Executions.Recorded::id).startsWith(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(events)
                .extracting(Executions.Recorded::previous)
                .startsWith(0L, 1L, 2L, 3L, 4L, 5L);
        JsonNode scheduled = JSON.readTree(events.get(2).details());
        assertThat(events.get(2).field()).isEqualTo("taskScheduledEventDetails");
        assertThat(scheduled.path("resourceType").asText()).isEqualTo("lambda");
        assertThat(scheduled.path("resource").asText()).isEqualTo("invoke");
        assertThat(scheduled.path("parameters").asText())
                .isEqualTo("{\"FunctionName\":\"echo\",\"Payload\":1}");
        JsonNode exited = JSON.readTree(events.get(5).details());
        assertThat(events.get(5).field()).isEqualTo("stateExitedEventDetails");
        assertThat(exited.path("output").asText()).isEqualTo("1");
        assertThat(exited.path("assignedVariables").path("x").asText()).isEqualTo("1");
    }

    @Test
    void timesOutATask() throws Exception {
        functions.put("never", payload -> hang());
        Execution execution =
                run(
                        """
                        StartAt: T
                        States:
                          T:
                            Type: Task
                            Resource: arn:aws:states:::lambda:invoke
                            Arguments: {FunctionName: never}
                            TimeoutSeconds: 30
                            Catch: [{ErrorEquals: [States.Timeout], Output: late, Next: S}]
                            End: true
                          S: {Type: Succeed}
                        """,
                        "{}");
        assertThat(execution.output()).isEqualTo("\"late\"");
        assertThat(types()).contains("TaskTimedOut");
    }

    @Test
    void timesOutAMachine() throws Exception {
        String arn =
                start(
                        """
                        TimeoutSeconds: 7200
                        StartAt: W
                        States: {W: {Type: Wait, Seconds: 86400, End: true}}
                        """,
                        "{}");
        awaitEvent("WaitStateEntered");
        timer.jump(Duration.ofHours(2));
        assertThat(ended(arn).status()).isEqualTo(Status.TIMED_OUT);
        assertThat(types()).endsWith("ExecutionTimedOut");
    }

    @Test
    void stopsAnExecution() throws Exception {
        functions.put("never", payload -> hang());
        String arn = start(TASK.formatted("never"), "{}");
        awaitEvent("TaskStarted");
        machines.stop(arn, "Cancelled", "by a person");
        Execution execution = ended(arn);
        assertThat(execution.status()).isEqualTo(Status.ABORTED);
        assertThat(execution.cause()).isEqualTo("by a person");
        assertThat(types()).endsWith("TaskStarted", "ExecutionAborted");
    }

    @Test
    void theSameNameAndInputIsTheSameExecution() throws Exception {
        functions.put("never", payload -> hang());
        String arn = start(TASK.formatted("never"), "{\"a\":1}");
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
        // As a kill leaves it: the files as they are at this moment.
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

    @Test
    void redrivesFromWhereItFailed() throws Exception {
        AtomicInteger firsts = new AtomicInteger();
        AtomicInteger seconds = new AtomicInteger();
        functions.put("first", payload -> count(firsts));
        functions.put(
                "second",
                payload -> {
                    if (seconds.incrementAndGet() == 1) {
                        throw new StateError("Down", "AMC is down");
                    }
                    return payload;
                });
        Execution failed =
                run(
                        """
                        StartAt: A
                        States:
                          A: {Type: Task, Resource: 'arn:aws:states:::lambda:invoke', Arguments: {FunctionName: first}, Next: B}
                          B: {Type: Task, Resource: 'arn:aws:states:::lambda:invoke', Arguments: {FunctionName: second}, End: true}
                        """,
                        "{}");
        assertThat(failed.error()).isEqualTo("Down");
        machines.redrive(failed.arn());
        Execution again = ended(failed.arn());
        assertThat(again.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(again.redrives()).isEqualTo(1);
        assertThat(firsts).hasValue(1);
        assertThat(types())
                .containsSubsequence(
                        "ExecutionFailed", "ExecutionRedriven", "TaskScheduled", "TaskSucceeded");
        assertThatThrownBy(() -> machines.redrive(failed.arn()))
                .isInstanceOfSatisfying(
                        AwsError.class,
                        e -> assertThat(e.code()).isEqualTo("ExecutionNotRedrivable"));
    }

    static Stream<Arguments> definitionsToRefuse() {
        return Stream.of(
                Arguments.of("StartAt: A\nStates: {A: {Type: Pass, Next: B}}", "leads to B"),
                Arguments.of("StartAt: B\nStates: {A: {Type: Pass, End: true}}", "/StartAt"),
                Arguments.of(
                        "StartAt: A\nStates: {A: {Type: Pass, End: true}, B: {Type: Succeed}}",
                        "/States/B: is never reached"),
                Arguments.of(
                        "StartAt: A\nStates: {A: {Type: Pass, ResultPath: $.x, End: true}}",
                        "/States/A/ResultPath: belongs to JSONPath"),
                Arguments.of(
                        "StartAt: A\nStates: {A: {Type: Pass, Output: '{% 1 + %}', End: true}}",
                        "/States/A/Output"),
                Arguments.of(
                        "StartAt: A\n"
                            + "States: {A: {Type: Task, Resource: 'arn:aws:states:::ecs:runTask',"
                            + " End: true}}",
                        "ecs:runTask has no integration"),
                Arguments.of(
                        "StartAt: A\nStates: {A: {Type: Wait, End: true}}",
                        "either Seconds or Timestamp"),
                Arguments.of(
                        "StartAt: A\nStates: {A: {Type: Pass, Typo: 1, End: true}}",
                        "/States/A/Typo"),
                Arguments.of(
                        """
                        StartAt: A
                        States:
                          A: {Type: Pass, Assign: {x: 1}, Next: P}
                          P:
                            Type: Parallel
                            Branches: [{StartAt: B, States: {B: {Type: Pass, Assign: {x: 2}, End: true}}}]
                            End: true
                        """,
                        "belongs to an outer state"));
    }

    @ParameterizedTest
    @MethodSource("definitionsToRefuse")
    void refusesWhatWouldNotRun(String definition, String message) {
        assertThatThrownBy(() -> define(definition))
                .isInstanceOf(InvalidDefinition.class)
                .hasMessageContaining(message);
    }

    private static final String TASK =
            """
            StartAt: T
            States: {T: {Type: Task, Resource: 'arn:aws:states:::lambda:invoke', Arguments: {FunctionName: %s}, End: true}}
            """;

    private static JsonNode count(AtomicInteger calls) {
        return JSON.getNodeFactory().numberNode(Math.min(1, calls.incrementAndGet()));
    }

    private static JsonNode hang() throws InterruptedException {
        new CountDownLatch(1).await();
        throw new IllegalStateException();
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

    private Execution run(String definition, String input) throws Exception {
        return ended(start(definition, input));
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
        return machines.history(
                machines.execution(ARN.replace(":stateMachine:", ":execution:") + ":e1"),
                0,
                false,
                1000);
    }

    private List<String> types() throws AwsError {
        return events().stream().map(Executions.Recorded::type).collect(Collectors.toList());
    }
}
