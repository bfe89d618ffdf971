package io.amcinsights.local.states;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.LocalWorkspace;
import io.amcinsights.local.clock.JumpingTimer;
import io.amcinsights.local.glue.JobTask;
import io.amcinsights.local.http.AwsError;
import io.amcinsights.local.store.Database;
import io.amcinsights.local.store.Sql;
import io.amcinsights.local.template.Account;
import io.amcinsights.local.template.MachineDefinition;
import io.amcinsights.local.template.Stack;
import io.amcinsights.local.template.TemplateException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A state machine of the template, run through the API. Only the functions are not there: their
 * invocations are recorded and answered by a script, in a time in which nobody waits until a limit
 * of the machine or of a task.
 */
final class DeployedMachine implements AutoCloseable {

    static final ObjectMapper JSON = new ObjectMapper();

    private static final Account ACCOUNT = new Account("000000000000", "us-east-1", "aws");
    private static final String INVOKE = "arn:aws:states:::lambda:invoke";
    private static final String RUN_JOB = "arn:aws:states:::glue:startJobRun.sync";
    private static final String NAME = "e1";

    /**
     * An invocation.
     *
     * @param state that asked for it
     * @param at since the start of the execution
     */
    record Call(String state, String function, JsonNode payload, Duration at) {
        @Override
        public String toString() {
            return state + " " + function + " " + payload;
        }
    }

    /** Functions that do their work, in place of the script. */
    @FunctionalInterface
    interface Functions {
        JsonNode call(String function, JsonNode payload) throws StateError;
    }

    private interface Answer {
        JsonNode give() throws StateError, InterruptedException;
    }

    /** A function that does not answer yet. */
    record Held(CountDownLatch begun, CountDownLatch released) {
        void awaitBegun() throws InterruptedException {
            assertThat(begun.await(10, TimeUnit.SECONDS)).as("the function was called").isTrue();
        }
    }

    private final JsonNode definition;
    private final String arn;
    private final Database database;
    private final JumpingTimer timer;
    private final StateMachines machines;
    private final StatesService service;
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final Map<String, Deque<Answer>> troubles = new HashMap<>();
    private final Map<String, Deque<Answer>> replies = new HashMap<>();
    private @Nullable Functions functions;
    private JobTask.@Nullable Runner jobs;

    /**
     * @param logicalId in the template
     */
    DeployedMachine(Path folder, String logicalId) throws Exception {
        Stack.Resource resource = resource(logicalId);
        definition = MachineDefinition.of(resource, name -> text("statemachines/" + name));
        arn = resource.physicalId();
        database = Database.open(folder.resolve("test.db"));
        timer = new JumpingTimer(shortestLimit().minusSeconds(1));
        machines =
                new StateMachines(
                        database,
                        timer,
                        ACCOUNT.region(),
                        Map.of(INVOKE, this::invoke, RUN_JOB, new JobTask(this::runJob)));
        machines.define(arn, resource.properties().path("RoleArn").asText(), definition);
        service = new StatesService(machines);
    }

    /** The state machines of the template by their logical ids. */
    static Stream<String> all() throws TemplateException {
        return stack().resources("AWS::StepFunctions::StateMachine").stream()
                .map(Stack.Resource::logicalId);
    }

    /** The Task states of a machine, as its file has them. */
    static Map<String, JsonNode> tasks(String logicalId) throws TemplateException {
        Map<String, JsonNode> tasks = new HashMap<>();
        MachineDefinition.of(resource(logicalId), name -> text("statemachines/" + name))
                .path("States")
                .properties()
                .stream()
                .filter(s -> s.getValue().path("Type").asText().equals("Task"))
                .forEach(s -> tasks.put(s.getKey(), s.getValue()));
        return tasks;
    }

    private static Stack stack() throws TemplateException {
        return Stack.read(text("template.yaml"), "amc-insights", ACCOUNT, Map.of());
    }

    private static Stack.Resource resource(String logicalId) throws TemplateException {
        return stack().resources("AWS::StepFunctions::StateMachine").stream()
                .filter(r -> r.logicalId().equals(logicalId))
                .findFirst()
                .orElseThrow();
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

    Duration limit() {
        return Duration.ofSeconds(definition.path("TimeoutSeconds").asLong());
    }

    /** Of the machine and of its tasks. */
    private Duration shortestLimit() {
        Duration shortest = limit();
        for (JsonNode task : definition.path("States")) {
            if (task.has("TimeoutSeconds")) {
                Duration limit = Duration.ofSeconds(task.path("TimeoutSeconds").asLong());
                shortest = limit.compareTo(shortest) < 0 ? limit : shortest;
            }
        }
        return shortest;
    }

    /** What a state's function replies, call by call; the last reply again and again. */
    synchronized void replies(String state, String... payloads) {
        for (String payload : payloads) {
            replies.computeIfAbsent(state, s -> new ArrayDeque<>()).add(() -> tree(payload));
        }
    }

    /** The state's function fails so often before it replies. */
    synchronized void fails(String state, int times, String error, String cause) {
        for (int i = 0; i < times; i++) {
            troubles.computeIfAbsent(state, s -> new ArrayDeque<>())
                    .add(
                            () -> {
                                throw new StateError(error, cause);
                            });
        }
    }

    /** The state's function does not answer one call until it is released. */
    synchronized Held holds(String state) {
        Held held = new Held(new CountDownLatch(1), new CountDownLatch(1));
        troubles.computeIfAbsent(state, s -> new ArrayDeque<>())
                .add(
                        () -> {
                            held.begun().countDown();
                            held.released().await();
                            return tree("{}");
                        });
        return held;
    }

    /** Functions and jobs do their work from now on. */
    void does(Functions work, JobTask.Runner jobRunner) {
        functions = work;
        jobs = jobRunner;
    }

    private JsonNode invoke(JsonNode arguments, Consumer<JsonNode> submitted)
            throws StateError, InterruptedException {
        String state = lastEntered();
        calls.add(
                new Call(
                        state,
                        function(arguments.path("FunctionName").asText()),
                        arguments.path("Payload"),
                        Duration.between(JumpingTimer.START, timer.instant())));
        ObjectNode result = JSON.createObjectNode().put("StatusCode", 200);
        JsonNode payload =
                functions == null
                        ? answer(state).give()
                        : functions.call(calls.getLast().function(), arguments.path("Payload"));
        result.put("ExecutedVersion", "1").set("Payload", payload);
        return result;
    }

    /** A state's job is answered as its function would be: {@code {"state", "message"}}. */
    private JobTask.Ended runJob(String job, Map<String, String> arguments)
            throws StateError, InterruptedException {
        String state = lastEntered();
        calls.add(
                new Call(
                        state,
                        job,
                        JSON.valueToTree(arguments),
                        Duration.between(JumpingTimer.START, timer.instant())));
        if (jobs != null) {
            return jobs.run(job, arguments);
        }
        JsonNode answer = answer(state).give();
        return new JobTask.Ended(
                answer.path("state").asText("SUCCEEDED"), answer.path("message").asText(null));
    }

    private synchronized Answer answer(String state) {
        Deque<Answer> trouble = troubles.getOrDefault(state, new ArrayDeque<>());
        Deque<Answer> script = replies.getOrDefault(state, new ArrayDeque<>());
        if (!trouble.isEmpty()) {
            return trouble.remove();
        }
        if (script.isEmpty()) {
            return () -> tree("{}");
        }
        return script.size() > 1 ? script.remove() : script.element();
    }

    /** {@code arn:aws:lambda:us-east-1:000000000000:function:amc-insights-lake:write}. */
    private static String function(String arn) {
        return arn.substring(arn.indexOf(":function:") + ":function:".length());
    }

    private String lastEntered() {
        return events().stream()
                .filter(e -> e.path("type").asText().equals("TaskStateEntered"))
                .map(e -> e.path("stateEnteredEventDetails").path("name").asText())
                .reduce("", (before, last) -> last);
    }

    void start(String input) {
        api(
                "StartExecution",
                r -> r.put("stateMachineArn", arn).put("name", NAME).put("input", input));
    }

    /** Runs to the end. */
    JsonNode run(String input) {
        start(input);
        return ended();
    }

    void stop(String error, String cause) {
        api(
                "StopExecution",
                r -> r.put("executionArn", executionArn()).put("error", error).put("cause", cause));
    }

    void redrive() {
        api("RedriveExecution", r -> r.put("executionArn", executionArn()));
    }

    JsonNode describe() {
        return api("DescribeExecution", r -> r.put("executionArn", executionArn()));
    }

    String executionArn() {
        return arn.replace(":stateMachine:", ":execution:") + ":" + NAME;
    }

    /** The execution, when it has ended. */
    JsonNode ended() {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        JsonNode execution = describe();
        while (execution.path("status").asText().equals("RUNNING")) {
            assertThat(System.nanoTime()).as("waited for 20 s, at " + calls).isLessThan(deadline);
            Thread.onSpinWait();
            execution = describe();
        }
        return execution;
    }

    /** Time goes on; what is due happens. */
    void jump(Duration duration) {
        timer.jump(duration);
    }

    /** Time goes on to a point since the start. */
    void jumpTo(Duration sinceStart) {
        timer.jump(Duration.between(timer.instant(), JumpingTimer.START.plus(sinceStart)));
    }

    /** The history as if it had grown to this length. */
    void lengthenHistory(int events) {
        database.write(
                c ->
                        Sql.update(
                                c,
                                "INSERT INTO execution_events SELECT execution, ?, previous, time,"
                                        + " type, field, details FROM execution_events"
                                        + " WHERE id = 1",
                                events));
    }

    List<Call> calls() {
        return calls;
    }

    /** The states that called a function, in order. */
    List<String> called() {
        return calls.stream().map(Call::state).toList();
    }

    List<String> eventTypes() {
        return events().stream().map(e -> e.path("type").asText()).toList();
    }

    List<JsonNode> events() {
        List<JsonNode> events = new ArrayList<>();
        String token = "";
        do {
            String from = token;
            JsonNode page =
                    api(
                            "GetExecutionHistory",
                            r -> {
                                r.put("executionArn", executionArn()).put("maxResults", 1000);
                                if (!from.isEmpty()) {
                                    r.put("nextToken", from);
                                }
                            });
            StreamSupport.stream(page.path("events").spliterator(), false).forEach(events::add);
            token = page.path("nextToken").asText();
        } while (!token.isEmpty());
        return events;
    }

    private JsonNode api(String operation, Consumer<ObjectNode> request) {
        ObjectNode input = JSON.createObjectNode();
        request.accept(input);
        try {
            return Objects.requireNonNull(service.operations().get(operation)).run(input);
        } catch (AwsError e) {
            throw new Refused(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the API refuses. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        Refused(AwsError error) {
            super(error.code() + ": " + error.getMessage(), error);
        }
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the threads of executions, so that nothing is called any more. */
    void settle() {
        machines.close();
    }

    @Override
    public void close() {
        machines.close();
        database.close();
    }
}
