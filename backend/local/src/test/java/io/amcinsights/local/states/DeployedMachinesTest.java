package io.amcinsights.local.states;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.states.DeployedMachine.Call;
import io.amcinsights.local.states.DeployedMachine.Held;
import io.amcinsights.local.states.DeployedMachine.Refused;
import io.amcinsights.local.template.TemplateException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The state machines as they are deployed. What holds for every Task state is tried at each one
 * that the definitions have, so a new state is tried too.
 */
class DeployedMachinesTest {

    private static final String FAILED = "io.amcinsights.StepFailed";
    private static final String BUSY = "io.amcinsights.Busy";
    private static final String CAUSE =
            "{\"errorMessage\":\"{\\\"code\\\":\\\"AMC_REFUSED\\\"}\",\"errorType\":\"x\"}";
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** A delivery that the Glue job is asked for: another script of the same machine. */
    private static final String LARGE = "LakeDelivery, large";

    /** The states that a machine calls by a script, in order, when nothing fails. */
    private static final Map<String, List<String>> PATHS = new HashMap<>();

    @TempDir static Path first;
    @TempDir Path folder;

    private @Nullable DeployedMachine machine;

    @BeforeAll
    static void runEachMachineOnce() throws Exception {
        for (String script : Stream.concat(DeployedMachine.all(), Stream.of(LARGE)).toList()) {
            try (DeployedMachine machine =
                    scripted(Files.createDirectory(first.resolve(script)), script)) {
                machine.run(input(machineOf(script)));
                PATHS.put(script, List.copyOf(machine.called()));
            }
        }
    }

    @AfterEach
    void close() {
        if (machine != null) {
            machine.close();
        }
    }

    private static String machineOf(String script) {
        return script.equals(LARGE) ? "LakeDelivery" : script;
    }

    private DeployedMachine open(String script) throws Exception {
        DeployedMachine opened = scripted(folder, script);
        machine = opened;
        return opened;
    }

    private static DeployedMachine scripted(Path folder, String script) throws Exception {
        DeployedMachine machine = new DeployedMachine(folder, machineOf(script));
        switch (script) {
            case "WorkflowRun" -> {
                machine.replies("CreateAtAmc", progress(false, 30));
                machine.replies("AskAmc", progress(false, 60), progress(true, 1));
                machine.replies("Finish", "{\"status\":\"SUCCEEDED\",\"error\":null}");
            }
            case "LakeDelivery" -> {
                machine.replies("Claim", "{\"deliveryId\":\"d-1\",\"proceed\":true}");
                machine.replies("PreStage", STAGED);
                machine.replies("Transform", "{\"rows\":3,\"bytes\":99}");
                machine.replies("Publish", "{\"replan\":false}");
            }
            case LARGE -> {
                machine.replies("Claim", "{\"deliveryId\":\"d-1\",\"proceed\":true}");
                machine.replies("PreStage", STAGED.replace("DUCKDB", "SPARK"));
                machine.replies("Publish", "{\"replan\":false}");
            }
            case "LakeCompaction" -> {
                machine.replies(
                        "Plan",
                        "{\"worthwhile\":true,\"transform\":{\"step\":\"compact\",\"plan\":\"p/7.json\"}}");
                machine.replies("Compact", "{\"files\":1}");
                machine.replies("Publish", "{\"compacted\":true}");
            }
            default -> {}
        }
        return machine;
    }

    private static final String STAGED =
            "{\"empty\":false,\"engine\":\"DUCKDB\","
                    + "\"transform\":{\"step\":\"transform\",\"plan\":\"plans/d-1.json\"}}";

    private static String progress(boolean ended, int waitSeconds) {
        return "{\"runId\":\"run-1\",\"ended\":%s,\"waitSeconds\":%d}"
                .formatted(ended, waitSeconds);
    }

    private static String input(String name) {
        return switch (name) {
            case "WorkflowRun" -> "{\"runId\":\"run-1\"}";
            case "LakeDelivery" -> "{\"detail\":{\"bucket\":{\"name\":\"b\"}}}";
            case "TenantProvisioning" -> "{\"tenantId\":\"t-1\"}";
            case "LakeCompaction" ->
                    "{\"dataset\":\"reach\",\"tenantId\":\"t-1\",\"month\":\"2026-10\"}";
            default -> throw new AssertionError("What is " + name + " started with?");
        };
    }

    private static ObjectNode failureRecord(Task task, String error, DeployedMachine machine)
            throws Exception {
        ObjectNode payload = DeployedMachine.JSON.createObjectNode().put("step", "record-failure");
        switch (task.machine()) {
            case "WorkflowRun" -> payload.put("runId", "run-1");
            case "LakeDelivery" -> {
                payload.put("deliveryId", task.state().equals("Claim") ? "" : "d-1");
                payload.set("event", DeployedMachine.JSON.readTree(input(task.machine())));
                payload.set("execution", machine.describe().path("executionArn"));
            }
            case "TenantProvisioning" -> payload.put("tenantId", "t-1").put("state", task.state());
            case "LakeCompaction" -> {
                payload.setAll((ObjectNode) DeployedMachine.JSON.readTree(input(task.machine())));
                payload.set("execution", machine.describe().path("executionArn"));
            }
            default -> throw new AssertionError("What does %s record?".formatted(task.machine()));
        }
        payload.putObject("error").put("Error", error).put("Cause", CAUSE);
        return payload;
    }

    // What each machine does

    @Test
    void aRunIsCreatedAskedForUntilItHasEndedAndFinished() throws Exception {
        DeployedMachine run = open("WorkflowRun");
        JsonNode execution = run.run(input("WorkflowRun"));
        assertThat(execution.path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(run.calls())
                .extracting(Call::toString)
                .containsExactly(
                        "CreateAtAmc amc-insights-run-steps:write"
                                + " {\"step\":\"create\",\"runId\":\"run-1\"}",
                        "AskAmc amc-insights-run-steps:write"
                                + " {\"step\":\"poll\",\"runId\":\"run-1\"}",
                        "AskAmc amc-insights-run-steps:write"
                                + " {\"step\":\"poll\",\"runId\":\"run-1\"}",
                        "Finish amc-insights-run-steps:write"
                                + " {\"step\":\"finish\",\"runId\":\"run-1\"}");
        assertThat(run.calls())
                .extracting(c -> c.at().toSeconds())
                .as("it waits as long as the step before said")
                .containsExactly(0L, 30L, 90L, 90L);
    }

    /** AWS bills each: the manual's table of costs counts with these. */
    @ParameterizedTest
    @CsvSource({"WorkflowRun, 11", "LakeDelivery, 8"})
    void itsTransitionsAreCounted(String name, int transitions) throws Exception {
        DeployedMachine started = open(name);
        started.run(input(name));
        assertThat(started.eventTypes())
                .filteredOn(type -> type.endsWith("StateEntered"))
                .as("those of a run with two looks, three for each")
                .hasSize(transitions);
    }

    @Test
    void aRunThatHasEndedAtOnceIsNotAskedFor() throws Exception {
        DeployedMachine run = new DeployedMachine(folder, "WorkflowRun");
        machine = run;
        run.replies("CreateAtAmc", progress(true, 1));
        run.replies("Finish", "{\"status\":\"CANCELLED\",\"error\":null}");
        assertThat(run.run(input("WorkflowRun")).path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(run.called()).containsExactly("CreateAtAmc", "Finish");
    }

    @Test
    void aRunThatAmcRefusesFailsWithAmcsReason() throws Exception {
        DeployedMachine run = new DeployedMachine(folder, "WorkflowRun");
        machine = run;
        run.replies("CreateAtAmc", progress(true, 1));
        run.replies(
                "Finish",
                "{\"status\":\"FAILED\",\"error\":{\"Error\":\"AMC_REFUSED\",\"Cause\":\"SQL\"}}");
        assertFailed(run.run(input("WorkflowRun")), "AMC_REFUSED", "SQL");
        assertThat(run.called()).containsExactly("CreateAtAmc", "Finish");
    }

    @Test
    void aRunThatAmcNeverEndsTimesOutWhileItWaits() throws Exception {
        DeployedMachine run = new DeployedMachine(folder, "WorkflowRun");
        machine = run;
        run.replies("CreateAtAmc", progress(false, 172_800));
        run.start(input("WorkflowRun"));
        awaitEvent(run, "WaitStateEntered");
        run.jumpTo(run.limit());
        assertThat(run.ended().path("status").asText()).isEqualTo("TIMED_OUT");
        run.settle();
        assertThat(run.called()).containsExactly("CreateAtAmc");
    }

    @Test
    void aDeliveryIsClaimedStagedTransformedAndPublished() throws Exception {
        DeployedMachine delivery = open("LakeDelivery");
        JsonNode execution = delivery.run(input("LakeDelivery"));
        assertThat(execution.path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(delivery.calls())
                .extracting(Call::toString)
                .containsExactly(
                        "Claim amc-insights-lake:write {\"step\":\"claim\",\"event\":"
                                + input("LakeDelivery")
                                + ",\"execution\":\""
                                + delivery.executionArn()
                                + "\"}",
                        "PreStage amc-insights-lake:write"
                                + " {\"step\":\"pre-stage\",\"deliveryId\":\"d-1\"}",
                        "Transform amc-insights-transform:write"
                                + " {\"step\":\"transform\",\"plan\":\"plans/d-1.json\"}",
                        "Publish amc-insights-lake:write"
                                + " {\"step\":\"publish\",\"deliveryId\":\"d-1\","
                                + "\"result\":{\"rows\":3,\"bytes\":99}}");
    }

    @Test
    void aLargeDeliveryIsTransformedByTheJobAndPublishedAsTheJobHasLeftIt() throws Exception {
        DeployedMachine delivery = open(LARGE);
        JsonNode execution = delivery.run(input("LakeDelivery"));
        assertThat(execution.path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(delivery.called())
                .containsExactly("Claim", "PreStage", "TransformLarge", "Publish");
        assertThat(delivery.calls().get(2).toString())
                .isEqualTo("TransformLarge amc-insights-transform {\"--plan\":\"plans/d-1.json\"}");
        assertThat(delivery.calls().get(3).payload().at("/result/jobRunId").asText())
                .startsWith("jr_");
    }

    @ParameterizedTest
    @ValueSource(strings = {"FAILED", "TIMEOUT", "STOPPED", "ERROR"})
    void aJobThatDoesNotSucceedIsRecordedWithItsState(String state) throws Exception {
        DeployedMachine delivery = open(LARGE);
        delivery.replies("TransformLarge", "{\"state\":\"%s\"}".formatted(state));
        JsonNode execution = delivery.run(input("LakeDelivery"));
        assertThat(execution.path("status").asText()).isEqualTo("FAILED");
        assertThat(delivery.called())
                .containsExactly("Claim", "PreStage", "TransformLarge", "RecordFailure");
        JsonNode error = delivery.calls().getLast().payload().path("error");
        assertThat(error.path("Error").asText()).isEqualTo("States.TaskFailed");
        JsonNode run = DeployedMachine.JSON.readTree(error.path("Cause").asText());
        assertThat(run.path("JobRunState").asText()).isEqualTo(state);
    }

    @Test
    void aJobThatDoesNotEndIsGivenUpAfterItsTimeAndRecorded() throws Exception {
        DeployedMachine delivery = open(LARGE);
        Held held = delivery.holds("TransformLarge");
        delivery.start(input("LakeDelivery"));
        held.awaitBegun();
        delivery.jumpTo(Duration.ofHours(4));
        JsonNode execution = delivery.ended();
        held.released().countDown();
        assertFailed(execution, "States.Timeout", "");
        assertThat(delivery.called()).endsWith("TransformLarge", "RecordFailure");
    }

    @Test
    void aDeliveryThatIsNotOursIsLeftAlone() throws Exception {
        DeployedMachine delivery = new DeployedMachine(folder, "LakeDelivery");
        machine = delivery;
        delivery.replies("Claim", "{\"deliveryId\":\"d-1\",\"proceed\":false}");
        assertThat(delivery.run(input("LakeDelivery")).path("status").asText())
                .isEqualTo("SUCCEEDED");
        assertThat(delivery.called()).containsExactly("Claim");
    }

    @Test
    void anEmptyDeliveryIsNotTransformed() throws Exception {
        DeployedMachine delivery = new DeployedMachine(folder, "LakeDelivery");
        machine = delivery;
        delivery.replies("Claim", "{\"deliveryId\":\"d-1\",\"proceed\":true}");
        delivery.replies("PreStage", "{\"empty\":true,\"transform\":null}");
        assertThat(delivery.run(input("LakeDelivery")).path("status").asText())
                .isEqualTo("SUCCEEDED");
        assertThat(delivery.called()).containsExactly("Claim", "PreStage");
    }

    @Test
    void aDeliveryWhoseTypesHaveWidenedMeanwhileIsWrittenAnew() throws Exception {
        DeployedMachine delivery = new DeployedMachine(folder, "LakeDelivery");
        machine = delivery;
        delivery.replies("Claim", "{\"deliveryId\":\"d-1\",\"proceed\":true}");
        delivery.replies("PreStage", STAGED);
        delivery.replies("Publish", "{\"replan\":true}", "{\"replan\":false}");
        assertThat(delivery.run(input("LakeDelivery")).path("status").asText())
                .isEqualTo("SUCCEEDED");
        assertThat(delivery.called())
                .containsExactly(
                        "Claim",
                        "PreStage",
                        "Transform",
                        "Publish",
                        "PreStage",
                        "Transform",
                        "Publish");
    }

    @Test
    void smallFilesAreMergedWhereThatIsWorthwhile() throws Exception {
        DeployedMachine compaction = open("LakeCompaction");
        JsonNode execution = compaction.run(input("LakeCompaction"));
        assertThat(execution.path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(compaction.calls())
                .extracting(Call::toString)
                .containsExactly(
                        "Plan amc-insights-lake:write {\"dataset\":\"reach\",\"tenantId\":\"t-1\","
                                + "\"month\":\"2026-10\",\"step\":\"plan-compaction\"}",
                        "Compact amc-insights-transform:write"
                                + " {\"step\":\"compact\",\"plan\":\"p/7.json\"}",
                        "Publish amc-insights-lake:write"
                                + " {\"step\":\"publish-compaction\",\"plan\":\"p/7.json\"}");
    }

    @Test
    void fewFilesAreLeftAlone() throws Exception {
        DeployedMachine compaction = new DeployedMachine(folder, "LakeCompaction");
        machine = compaction;
        compaction.replies("Plan", "{\"worthwhile\":false,\"transform\":null}");
        assertThat(compaction.run(input("LakeCompaction")).path("status").asText())
                .isEqualTo("SUCCEEDED");
        assertThat(compaction.called()).containsExactly("Plan");
    }

    @Test
    void aTenantIsValidatedProbedGivenAccessRegisteredAndActivated() throws Exception {
        DeployedMachine tenant = open("TenantProvisioning");
        JsonNode execution = tenant.run(input("TenantProvisioning"));
        assertThat(execution.path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(tenant.calls())
                .extracting(Call::toString)
                .containsExactly(
                        tenantStep("Validate", "validate"),
                        tenantStep("ProbeAmc", "probe-amc"),
                        tenantStep("BucketAccess", "bucket-access"),
                        tenantStep("RegisterInLake", "register-in-lake"),
                        tenantStep("Activate", "activate"));
    }

    private static String tenantStep(String state, String step) {
        return "%s amc-insights-tenants:write {\"step\":\"%s\",\"tenantId\":\"t-1\"}"
                .formatted(state, step);
    }

    // What holds for each Task state

    /** A Task state of a machine. */
    record Task(String machine, String state) {

        String script() {
            return state.equals("TransformLarge") ? LARGE : machine;
        }

        boolean runsJob() throws TemplateException {
            return definition().path("Resource").asText().contains(":glue:");
        }

        /** Errors that pass. */
        List<String> passing() throws TemplateException {
            return runsJob()
                    ? List.of("Glue.ConcurrentRunsExceededException", "Glue.ThrottlingException")
                    : List.of(BUSY, "Lambda.TooManyRequestsException");
        }

        boolean catches() throws TemplateException {
            return definition().has("Catch");
        }

        JsonNode definition() throws TemplateException {
            return Objects.requireNonNull(DeployedMachine.tasks(machine).get(state));
        }

        @Override
        public String toString() {
            return machine + " " + state;
        }
    }

    static List<Task> tasks() throws TemplateException {
        List<Task> all = new ArrayList<>();
        for (String name : DeployedMachine.all().toList()) {
            DeployedMachine.tasks(name).keySet().stream()
                    .sorted()
                    .forEach(state -> all.add(new Task(name, state)));
        }
        return all;
    }

    static List<Task> tasksThatCatch() throws TemplateException {
        List<Task> all = new ArrayList<>(tasks());
        all.removeAll(tasksThatDoNotCatch());
        return all;
    }

    static List<Task> tasksThatDoNotCatch() throws TemplateException {
        List<Task> all = new ArrayList<>();
        for (Task task : tasks()) {
            if (!task.catches()) {
                all.add(task);
            }
        }
        return all;
    }

    @Test
    void everyStepLeadsToTheRecordOfItsFailure() throws TemplateException {
        assertThat(tasksThatDoNotCatch())
                .extracting(Task::toString)
                .containsExactlyInAnyOrder(
                        "WorkflowRun RecordFailure",
                        "LakeDelivery RecordFailure",
                        "LakeCompaction RecordFailure",
                        "TenantProvisioning RecordFailure");
    }

    @ParameterizedTest
    @MethodSource("tasksThatCatch")
    void aStepThatFailsIsRecordedAndFailsTheExecution(Task task) throws Exception {
        DeployedMachine failing = open(task.script());
        failing.fails(task.state(), 1, FAILED, CAUSE);
        assertFailed(failing.run(input(task.machine())), FAILED, CAUSE);
        assertThat(failing.called()).isEqualTo(with(until(task), "RecordFailure"));
        assertThat(failing.calls().getLast().payload())
                .isEqualTo(failureRecord(task, FAILED, failing));
    }

    @ParameterizedTest
    @MethodSource("tasksThatDoNotCatch")
    void aFailureThatCannotBeRecordedFailsTheExecution(Task task) throws Exception {
        DeployedMachine failing = open(task.script());
        List<String> path = leadTo(failing, task);
        failing.fails(task.state(), 1, "Lambda.Unknown", "out of memory");
        assertFailed(failing.run(input(task.machine())), "Lambda.Unknown", "out of memory");
        assertThat(failing.called()).isEqualTo(path);
    }

    static Stream<Arguments> tasksAndPassingErrors() throws TemplateException {
        List<Arguments> all = new ArrayList<>();
        for (Task task : tasks()) {
            task.passing().forEach(error -> all.add(Arguments.of(task, error)));
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("tasksAndPassingErrors")
    void aStepThatFailsForAWhileIsTriedAgainAndGoesOn(Task task, String error) throws Exception {
        DeployedMachine busy = open(task.script());
        List<String> path = leadTo(busy, task);
        busy.fails(task.state(), 2, error, CAUSE);
        assertEndedAsUsual(busy.run(input(task.machine())), task);
        assertThat(busy.called())
                .isEqualTo(with(with(path, task.state(), task.state()), after(task)));
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void aStepThatStaysBusyFailsWhenItsAttemptsAreUsedUp(Task task) throws Exception {
        JsonNode retrier = task.definition().path("Retry").path(0);
        int retries = retrier.path("MaxAttempts").asInt();
        String error = task.passing().getFirst();
        DeployedMachine busy = open(task.script());
        List<String> path = leadTo(busy, task);
        busy.fails(task.state(), 1 + retries, error, CAUSE);
        assertFailed(busy.run(input(task.machine())), error, CAUSE);

        List<String> tried = with(path, Collections.nCopies(retries, task.state()));
        assertThat(busy.called()).isEqualTo(task.catches() ? with(tried, "RecordFailure") : tried);
        if (task.catches()) {
            assertThat(busy.calls().getLast().payload())
                    .isEqualTo(failureRecord(task, error, busy));
        }
        Duration most = Duration.ofSeconds(retrier.path("MaxDelaySeconds").asLong());
        for (int i = path.size(); i < tried.size(); i++) {
            assertThat(busy.calls().get(i).at().minus(busy.calls().get(i - 1).at()))
                    .as("time before attempt %d", i - path.size() + 2)
                    .isBetween(Duration.ZERO, most);
        }
    }

    static List<Task> tasksWithoutLimit() throws TemplateException {
        List<Task> all = new ArrayList<>();
        for (Task task : tasks()) {
            if (!task.definition().has("TimeoutSeconds")) {
                all.add(task);
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("tasksWithoutLimit")
    void aStepThatDoesNotEndTimesTheExecutionOut(Task task) throws Exception {
        DeployedMachine slow = open(task.script());
        List<String> path = leadTo(slow, task);
        Held held = slow.holds(task.state());
        slow.start(input(task.machine()));
        held.awaitBegun();
        slow.jumpTo(slow.limit().minus(SECOND));
        assertThat(slow.describe().path("status").asText()).isEqualTo("RUNNING");
        slow.jump(SECOND);
        assertThat(slow.ended().path("status").asText()).isEqualTo("TIMED_OUT");
        held.released().countDown();
        slow.settle();
        assertThat(slow.called()).isEqualTo(path);
        assertThat(slow.eventTypes().stream().filter(t -> !t.equals("TaskSubmitted")))
                .endsWith("TaskStarted", "ExecutionTimedOut");
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void anExecutionThatIsStoppedTakesNoFurtherStep(Task task) throws Exception {
        DeployedMachine stopped = open(task.script());
        List<String> path = leadTo(stopped, task);
        Held held = stopped.holds(task.state());
        stopped.start(input(task.machine()));
        held.awaitBegun();
        stopped.stop("Cancelled", "by a person");
        JsonNode execution = stopped.ended();
        assertThat(execution.path("status").asText()).isEqualTo("ABORTED");
        assertThat(execution.path("error").asText()).isEqualTo("Cancelled");
        assertThat(execution.path("cause").asText()).isEqualTo("by a person");
        held.released().countDown();
        stopped.settle();
        assertThat(stopped.called()).isEqualTo(path);
        assertThat(stopped.eventTypes().stream().filter(t -> !t.equals("TaskSubmitted")))
                .endsWith("TaskStarted", "ExecutionAborted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ProbeAmc", "BucketAccess", "RegisterInLake", "Activate"})
    void provisioningThatIsTriedAgainBeginsWithTheStepThatFailed(String state) throws Exception {
        DeployedMachine again = open("TenantProvisioning");
        again.run("{\"tenantId\":\"t-1\",\"from\":\"%s\"}".formatted(state));
        List<String> path = Objects.requireNonNull(PATHS.get("TenantProvisioning"));
        assertThat(again.called()).isEqualTo(path.subList(path.indexOf(state), path.size()));
    }

    // Redrive

    @ParameterizedTest
    @MethodSource("tasks")
    void aStoppedExecutionIsRedrivenFromTheStepThatItWasIn(Task task) throws Exception {
        DeployedMachine redriven = open(task.script());
        List<String> path = leadTo(redriven, task);
        Held held = redriven.holds(task.state());
        redriven.start(input(task.machine()));
        held.awaitBegun();
        redriven.stop("Cancelled", "by a person");
        assertThat(redriven.describe().path("redriveStatus").asText()).isEqualTo("REDRIVABLE");
        assertThat(redriven.describe().path("redriveCount").asInt()).isZero();
        assertThat(redriven.describe().has("redriveDate")).isFalse();

        redriven.redrive();
        JsonNode execution = redriven.ended();
        assertEndedAsUsual(execution, task);
        assertThat(redriven.called()).isEqualTo(with(with(path, task.state()), after(task)));
        assertThat(execution.path("redriveCount").asInt()).isEqualTo(1);
        assertThat(execution.has("redriveDate")).isTrue();
        assertThat(redriven.eventTypes())
                .containsSequence("ExecutionAborted", "ExecutionRedriven", "TaskScheduled");
    }

    @ParameterizedTest
    @MethodSource("tasksThatDoNotCatch")
    void anExecutionWhoseFailureWasNotCaughtIsRedrivenFromTheStepThatFailed(Task task)
            throws Exception {
        DeployedMachine redriven = open(task.script());
        List<String> path = leadTo(redriven, task);
        redriven.fails(task.state(), 1, "Lambda.Unknown", "out of memory");
        assertFailed(redriven.run(input(task.machine())), "Lambda.Unknown", "out of memory");
        redriven.redrive();
        assertEndedAsUsual(redriven.ended(), task);
        assertThat(redriven.called()).isEqualTo(with(with(path, task.state()), after(task)));
    }

    /** As on AWS: the step that failed was caught, so the state that failed is the Fail state. */
    @ParameterizedTest
    @MethodSource("tasksThatCatch")
    void aRedriveAfterARecordedFailureEntersTheFailStateAgainAndNothingElse(Task task)
            throws Exception {
        DeployedMachine redriven = open(task.script());
        redriven.fails(task.state(), 1, FAILED, CAUSE);
        redriven.run(input(task.machine()));
        List<String> before = List.copyOf(redriven.called());
        redriven.redrive();
        assertFailed(redriven.ended(), FAILED, CAUSE);
        assertThat(redriven.called()).isEqualTo(before);
        assertThat(redriven.eventTypes())
                .endsWith(
                        "FailStateEntered",
                        "ExecutionFailed",
                        "ExecutionRedriven",
                        "FailStateEntered",
                        "ExecutionFailed");
    }

    static Stream<String> machines() throws TemplateException {
        return DeployedMachine.all();
    }

    @ParameterizedTest
    @MethodSource("machines")
    void theTimeLimitBeginsAnewWithEachRedrive(String name) throws Exception {
        String state = path(name).getFirst();
        DeployedMachine redriven = open(name);
        Held timedOut = redriven.holds(state);
        redriven.start(input(name));
        timedOut.awaitBegun();
        redriven.jumpTo(redriven.limit());
        assertThat(redriven.ended().path("status").asText()).isEqualTo("TIMED_OUT");

        Held again = redriven.holds(state);
        redriven.redrive();
        again.awaitBegun();
        redriven.jump(redriven.limit().minus(SECOND));
        assertThat(redriven.describe().path("status").asText()).isEqualTo("RUNNING");
        redriven.jump(SECOND);
        assertThat(redriven.ended().path("status").asText()).isEqualTo("TIMED_OUT");
        assertThat(redriven.called()).containsExactly(state, state);
    }

    @Test
    void theTimeLimitOfAStoppedAttemptDoesNotEndTheNextOne() throws Exception {
        DeployedMachine redriven = open("TenantProvisioning");
        Held stopped = redriven.holds("Validate");
        Held again = redriven.holds("Validate");
        redriven.start(input("TenantProvisioning"));
        stopped.awaitBegun();
        redriven.jump(Duration.ofMinutes(10));
        redriven.stop("", "");
        redriven.redrive();
        again.awaitBegun();
        redriven.jumpTo(redriven.limit());
        assertThat(redriven.describe().path("status").asText()).isEqualTo("RUNNING");
        redriven.jump(Duration.ofMinutes(10));
        assertThat(redriven.ended().path("status").asText()).isEqualTo("TIMED_OUT");
        redriven.settle();
        stopped.released().countDown();
        again.released().countDown();
        assertThat(redriven.called()).containsExactly("Validate", "Validate");
    }

    @Test
    void anExecutionIsStoppedAndRedrivenAgainAndAgain() throws Exception {
        DeployedMachine redriven = open("TenantProvisioning");
        Held held = redriven.holds("ProbeAmc");
        redriven.start(input("TenantProvisioning"));
        for (int i = 1; i <= 20; i++) {
            held.awaitBegun();
            redriven.stop("", "");
            held = redriven.holds("ProbeAmc");
            redriven.redrive();
            assertThat(redriven.describe().path("redriveCount").asInt()).isEqualTo(i);
        }
        held.awaitBegun();
        held.released().countDown();
        assertThat(redriven.ended().path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(redriven.called())
                .isEqualTo(
                        with(
                                with(List.of("Validate"), Collections.nCopies(21, "ProbeAmc")),
                                after(new Task("TenantProvisioning", "ProbeAmc"))));
    }

    @Test
    void aRunningExecutionIsNotRedrivenAndAStoppedOneOnlyForTwoWeeks() throws Exception {
        DeployedMachine tenant = open("TenantProvisioning");
        assertThatThrownBy(tenant::redrive)
                .isInstanceOf(Refused.class)
                .hasMessageStartingWith("ExecutionDoesNotExist");
        Held held = tenant.holds("Validate");
        tenant.start(input("TenantProvisioning"));
        held.awaitBegun();
        assertNotRedrivable(tenant, "Execution is RUNNING and cannot be redriven");

        tenant.stop("", "");
        tenant.jump(Duration.ofDays(14));
        assertThat(tenant.describe().path("redriveStatus").asText()).isEqualTo("REDRIVABLE");
        tenant.jump(SECOND);
        assertNotRedrivable(tenant, "Execution redrivable period exceeded");
    }

    @Test
    void anExecutionThatHasSucceededIsNotRedriven() throws Exception {
        DeployedMachine tenant = open("TenantProvisioning");
        tenant.run(input("TenantProvisioning"));
        assertNotRedrivable(tenant, "Execution is SUCCEEDED and cannot be redriven");
    }

    @Test
    void anExecutionWhoseHistoryIsFullIsNotRedriven() throws Exception {
        DeployedMachine tenant = open("TenantProvisioning");
        tenant.fails("Validate", 1, FAILED, CAUSE);
        tenant.run(input("TenantProvisioning"));
        tenant.lengthenHistory(24_998);
        assertThat(tenant.describe().path("redriveStatus").asText()).isEqualTo("REDRIVABLE");
        tenant.lengthenHistory(24_999);
        assertNotRedrivable(tenant, "Execution history event limit exceeded");
    }

    private static void assertNotRedrivable(DeployedMachine machine, String reason) {
        JsonNode execution = machine.describe();
        assertThat(execution.path("redriveStatus").asText()).isEqualTo("NOT_REDRIVABLE");
        assertThat(execution.path("redriveStatusReason").asText()).isEqualTo(reason);
        assertThatThrownBy(machine::redrive)
                .isInstanceOf(Refused.class)
                .hasMessage("ExecutionNotRedrivable: " + reason);
    }

    private static void assertFailed(JsonNode execution, String error, String cause) {
        assertThat(execution.path("status").asText()).isEqualTo("FAILED");
        assertThat(execution.path("error").asText()).isEqualTo(error);
        assertThat(execution.path("cause").asText()).isEqualTo(cause);
    }

    /** As if the step had done its work at once. */
    private static void assertEndedAsUsual(JsonNode execution, Task task) {
        if (path(task.script()).contains(task.state())) {
            assertThat(execution.path("status").asText()).isEqualTo("SUCCEEDED");
        } else {
            assertFailed(execution, FAILED, CAUSE);
        }
    }

    private static List<String> path(String name) {
        return Objects.requireNonNull(PATHS.get(name));
    }

    /** What is called until the task is called the first time. */
    private static List<String> until(Task task) {
        List<String> path = path(task.script());
        assertThat(path).as("the script leads to it").contains(task.state());
        return path.subList(0, path.indexOf(task.state()) + 1);
    }

    /** What is called after the task. */
    private static List<String> after(Task task) {
        List<String> path = path(task.script());
        return path.contains(task.state())
                ? path.subList(path.indexOf(task.state()) + 1, path.size())
                : List.of();
    }

    /** As {@link #until}; the step that records failures gets one to record. */
    private static List<String> leadTo(DeployedMachine machine, Task task)
            throws TemplateException {
        if (path(task.script()).contains(task.state())) {
            return until(task);
        }
        for (String state : path(task.script())) {
            Task failing = new Task(task.machine(), state);
            if (failing.catches()) {
                machine.fails(state, 1, FAILED, CAUSE);
                return with(until(failing), task.state());
            }
        }
        throw new AssertionError("Nothing leads to " + task);
    }

    private static List<String> with(List<String> path, String... states) {
        return with(path, List.of(states));
    }

    private static List<String> with(List<String> path, List<String> states) {
        return Stream.concat(path.stream(), states.stream()).toList();
    }

    private static void awaitEvent(DeployedMachine machine, String type) {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!machine.eventTypes().contains(type)) {
            assertThat(System.nanoTime()).as("waited for 10 s").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
