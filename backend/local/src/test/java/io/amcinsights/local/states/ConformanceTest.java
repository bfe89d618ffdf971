package io.amcinsights.local.states;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import io.amcinsights.local.clock.JumpingTimer;
import io.amcinsights.local.glue.JobTask;
import io.amcinsights.local.http.AwsError;
import io.amcinsights.local.states.Execution.Status;
import io.amcinsights.local.store.Database;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What the States Language and AWS's documentation say, as files: each has a title, where the rule
 * stands, a definition, what its tasks answer and do, and what must come out of it. The event
 * histories are those that AWS writes.
 */
class ConformanceTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final String ARN = "arn:aws:states:us-east-1:000000000000:stateMachine:test";
    private static final String ROLE = "arn:aws:iam::000000000000:role/r";

    @TempDir Path folder;

    static Stream<String> accepted() throws Exception {
        return files("conformance");
    }

    static Stream<String> refused() throws Exception {
        return files("refused");
    }

    private static Stream<String> files(String place) throws IOException, URISyntaxException {
        try (Stream<Path> files = Files.list(folderOf(place))) {
            return files.map(f -> place + "/" + f.getFileName()).sorted().toList().stream();
        }
    }

    private static Path folderOf(String place) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(ConformanceTest.class.getResource(place)).toURI());
    }

    private static JsonNode read(String file) throws IOException {
        try (var in = Objects.requireNonNull(ConformanceTest.class.getResourceAsStream(file))) {
            return YAML.readTree(in);
        }
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void runsAsDocumented(String file) throws Exception {
        JsonNode test = read(file);
        assertThat(test.path("title").asText()).isNotBlank();
        assertThat(test.path("source").asText()).isNotBlank();
        try (Run run = new Run(test, folder)) {
            run.check();
        }
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesByName(String file) throws Exception {
        JsonNode test = read(file);
        try (Run run = new Run(test, folder)) {
            assertThatThrownBy(() -> run.machines.define(ARN, ROLE, test.path("definition")))
                    .isInstanceOf(InvalidDefinition.class)
                    .hasMessage(test.path("refusal").asText());
        }
    }

    /** One case at work. */
    private static final class Run implements AutoCloseable {

        private record Call(String function, Duration at) {}

        private final JsonNode test;
        private final Database database;
        private final JumpingTimer timer;
        private final StateMachines machines;
        private final List<Call> calls = new ArrayList<>();
        private final Map<String, Integer> answered = new HashMap<>();
        private final List<String> tokens = new ArrayList<>();
        private final CountDownLatch never = new CountDownLatch(1);
        private String execution = "";

        Run(JsonNode test, Path folder) throws IOException {
            this.test = test;
            database = Database.open(folder.resolve("test.db"));
            timer = new JumpingTimer(Duration.parse(test.path("horizon").asText("PT1H")));
            machines =
                    new StateMachines(
                            database,
                            timer,
                            "us-east-1",
                            Map.of(
                                    "arn:aws:states:::lambda:invoke",
                                    this::invoke,
                                    "arn:aws:states:::lambda:invoke.waitForTaskToken",
                                    this::invoke,
                                    "arn:aws:states:::glue:startJobRun.sync",
                                    new JobTask(
                                            (job, _) -> {
                                                JsonNode ended = test.path("jobs").path(job);
                                                return new JobTask.Ended(
                                                        ended.asText("SUCCEEDED"), null);
                                            }),
                                    MapItems.GET_OBJECT,
                                    this::getObject,
                                    MapItems.LIST_OBJECTS,
                                    this::listObjects));
        }

        private JsonNode invoke(JsonNode arguments, Consumer<JsonNode> submitted)
                throws StateError, InterruptedException {
            String function = arguments.path("FunctionName").asText();
            JsonNode answer = answer(function, arguments);
            awaitCalls(answer.path("when").asInt(0));
            if (answer.has("hangs")) {
                never.await();
            }
            if (answer.has("error")) {
                throw new StateError(answer.path("error").asText(), answer.path("cause").asText());
            }
            ObjectNode result = JSON.createObjectNode().put("StatusCode", 200);
            if (answer.has("bytes")) {
                return result.put("Payload", "x".repeat(answer.path("bytes").asInt()));
            }
            JsonNode payload = arguments.path("Payload");
            return result.set("Payload", answer.has("returns") ? answer.get("returns") : payload);
        }

        /** What a function is to do this time: the last answer again and again. */
        private synchronized JsonNode answer(String function, JsonNode arguments) {
            calls.add(new Call(function, Duration.between(JumpingTimer.START, timer.instant())));
            String token = arguments.path("Payload").path("token").asText("");
            if (!token.isEmpty()) {
                tokens.add(token);
            }
            notifyAll();
            JsonNode answers = test.path("functions").path(function);
            int call = answered.merge(function, 1, Integer::sum) - 1;
            return answers.path(Math.min(call, answers.size() - 1));
        }

        private synchronized void awaitCalls(int number) throws InterruptedException {
            while (calls.size() < number) {
                wait();
            }
        }

        private JsonNode getObject(JsonNode arguments, Consumer<JsonNode> submitted)
                throws StateError {
            String place = arguments.path("Bucket").asText() + "/" + arguments.path("Key").asText();
            JsonNode body = test.path("objects").path(place);
            if (body.isMissingNode()) {
                throw new StateError("S3.NoSuchKeyException", "There is no " + place);
            }
            return JSON.createObjectNode().put("Body", body.asText());
        }

        private JsonNode listObjects(JsonNode arguments, Consumer<JsonNode> submitted) {
            ObjectNode reply = JSON.createObjectNode();
            var contents = reply.putArray("Contents");
            String prefix =
                    arguments.path("Bucket").asText() + "/" + arguments.path("Prefix").asText();
            test.path("objects")
                    .propertyStream()
                    .filter(o -> o.getKey().startsWith(prefix))
                    .forEach(
                            o ->
                                    contents.addObject()
                                            .put(
                                                    "Key",
                                                    o.getKey()
                                                            .substring(o.getKey().indexOf('/') + 1))
                                            .put("Size", o.getValue().asText().length()));
            return reply;
        }

        void check() throws Exception {
            machines.define(ARN, ROLE, test.path("definition"));
            String input = test.has("input") ? test.get("input").toString() : "{}";
            execution = machines.start(ARN, "e1", input).arn();
            for (JsonNode step : test.path("then")) {
                take(step);
            }
            await(() -> machines.execution(execution).status() != Status.RUNNING);

            Execution ended = machines.execution(execution);
            assertThat(ended.status().name())
                    .as("%s %s", ended.error(), ended.cause())
                    .isEqualTo(test.path("status").asText("SUCCEEDED"));
            if (test.has("output")) {
                assertThat(Executions.json(String.valueOf(ended.output())))
                        .isEqualTo(JSON.readTree(test.get("output").toString()));
            }
            assertThat(ended.error()).isEqualTo(test.path("error").asText(null));
            if (test.has("cause") || ended.status() == Status.SUCCEEDED) {
                assertThat(ended.cause()).isEqualTo(test.path("cause").asText(null));
            }
            checkCalls();
            checkHistory();
        }

        private void checkCalls() {
            if (test.has("calls")) {
                List<String> expected = new ArrayList<>();
                test.get("calls").forEach(c -> expected.add(c.asText()));
                assertThat(calls)
                        .extracting(c -> c.function() + " " + c.at().toMillis() / 1000.0)
                        .containsExactlyElementsOf(expected);
            }
            int number = 0;
            for (JsonNode range : test.path("callsWithin")) {
                assertThat(calls.get(number++).at().toMillis() / 1000.0)
                        .isBetween(range.path(0).asDouble(), range.path(1).asDouble());
            }
        }

        private void checkHistory() throws AwsError {
            List<Executions.Recorded> events = events();
            for (int i = 0; i < events.size(); i++) {
                assertThat(events.get(i).id()).isEqualTo(i + 1);
            }
            List<String> expected = new ArrayList<>();
            test.path("history").forEach(line -> expected.add(line.asText()));
            if (!expected.isEmpty()) {
                assertThat(events)
                        .extracting(e -> named(e) + " < " + e.previous())
                        .containsExactlyElementsOf(expected);
            }
            // Where flows run side by side, each event is held against the one that it follows.
            List<String> chains = new ArrayList<>();
            test.path("chains").forEach(line -> chains.add(line.asText()));
            if (!chains.isEmpty()) {
                assertThat(events)
                        .extracting(
                                e ->
                                        named(e)
                                                + " < "
                                                + (e.previous() == 0
                                                        ? "none"
                                                        : named(
                                                                events.get(
                                                                        (int) e.previous() - 1))))
                        .containsExactlyInAnyOrderElementsOf(chains);
            }
            for (var details : test.path("details").properties()) {
                JsonNode actual =
                        Executions.json(
                                events.get(Integer.parseInt(details.getKey()) - 1).details());
                for (var field : details.getValue().properties()) {
                    assertThat(actual.path(field.getKey()))
                            .as(details.getKey() + " " + field.getKey())
                            .isEqualTo(JSON.valueToTree(field.getValue()));
                }
                if (details.getValue().has("error")) {
                    assertThat(actual.path("cause").asText(""))
                            .isEqualTo(details.getValue().path("cause").asText(""));
                }
            }
        }

        /** The type of an event, with the name of the state or the number of the iteration. */
        private static String named(Executions.Recorded event) {
            JsonNode details = Executions.json(event.details());
            String type = event.type();
            if (type.startsWith("MapIteration")) {
                return type + " " + details.path("index").asInt();
            }
            return type + (details.has("name") ? " " + details.path("name").asText() : "");
        }

        private void take(JsonNode step) throws Exception {
            List<String> before = List.of(step.path("after").asText().split(" and ", -1));
            await(
                    () ->
                            events().stream()
                                    .map(Executions.Recorded::type)
                                    .toList()
                                    .containsAll(before));
            if (step.has("jump")) {
                timer.jump(Duration.ofSeconds(step.path("jump").asLong()));
            } else if (step.has("succeed")) {
                machines.callbacks().succeed(tokens.getLast(), step.get("succeed"));
            } else if (step.has("fail")) {
                machines.callbacks()
                        .fail(
                                tokens.getLast(),
                                step.path("fail").path("error").asText(),
                                step.path("fail").path("cause").asText());
            } else if (step.has("beat")) {
                machines.callbacks().beat(tokens.getLast());
            } else if (step.has("stop")) {
                machines.stop(execution, step.path("stop").asText(), null);
            } else {
                assertThat(step.has("redrive")).isTrue();
                machines.redrive(execution);
            }
        }

        private List<Executions.Recorded> events() throws AwsError {
            return machines.history(machines.execution(execution), 0, false, 1000);
        }

        private interface Condition {
            boolean holds() throws Exception;
        }

        private void await(Condition condition) throws Exception {
            long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (!condition.holds()) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError(
                            "waited for 10 s at " + events().stream().map(Run::named).toList());
                }
                Thread.onSpinWait();
            }
        }

        @Override
        public void close() {
            machines.close();
            database.close();
        }
    }
}
