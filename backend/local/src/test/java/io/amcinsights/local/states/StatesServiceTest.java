package io.amcinsights.local.states;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import io.amcinsights.local.clock.JumpingTimer;
import io.amcinsights.local.http.AccessKeys;
import io.amcinsights.local.http.Front;
import io.amcinsights.local.store.Database;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import software.amazon.awssdk.services.sfn.model.HistoryEvent;
import software.amazon.awssdk.services.sfn.model.HistoryEventType;
import software.amazon.awssdk.services.sfn.model.InvalidOutputException;
import software.amazon.awssdk.services.sfn.model.InvalidTokenException;
import software.amazon.awssdk.services.sfn.model.TaskTimedOutException;
import software.amazon.awssdk.services.sfn.model.ValidateStateMachineDefinitionResponse;
import software.amazon.awssdk.services.sfn.model.ValidateStateMachineDefinitionResultCode;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Callbacks and checks as the AWS SDK asks for them. */
class StatesServiceTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ARN = "arn:aws:states:us-east-1:000000000000:stateMachine:test";

    @TempDir Path folder;

    private final BlockingQueue<String> tokens = new LinkedBlockingQueue<>();
    private Database database;
    private JumpingTimer timer;
    private StateMachines machines;
    private Front front;
    private SfnClient sfn;

    @BeforeEach
    void open() throws Exception {
        database = Database.open(folder.resolve("test.db"));
        timer = new JumpingTimer(Duration.ZERO);
        machines =
                new StateMachines(
                        database,
                        timer,
                        "us-east-1",
                        Map.of(
                                "arn:aws:states:::lambda:invoke.waitForTaskToken",
                                (arguments, _) -> {
                                    tokens.add(arguments.path("Payload").asText());
                                    return JSON.createObjectNode();
                                }));
        machines.define(
                ARN,
                "arn:aws:iam::000000000000:role/r",
                new YAMLMapper()
                        .readTree(
                                """
                                QueryLanguage: JSONata
                                StartAt: T
                                States:
                                  T:
                                    Type: Task
                                    Resource: arn:aws:states:::lambda:invoke.waitForTaskToken
                                    Arguments: {FunctionName: f, Payload: '{% $states.context.Task.Token %}'}
                                    HeartbeatSeconds: 60
                                    End: true
                                """));
        AccessKeys keys = new AccessKeys(database);
        AccessKeys.AccessKey key = keys.of("user");
        front =
                Front.start(
                        0, "us-east-1", keys, Instant::now, List.of(new StatesService(machines)));
        sfn =
                SfnClient.builder()
                        .endpointOverride(front.uri())
                        .region(Region.US_EAST_1)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create(key.id(), key.secret())))
                        .httpClient(UrlConnectionHttpClient.create())
                        .overrideConfiguration(c -> c.retryStrategy(r -> r.maxAttempts(1)))
                        .build();
    }

    @AfterEach
    void close() {
        sfn.close();
        front.close();
        machines.close();
        database.close();
    }

    private String start() {
        return sfn.startExecution(r -> r.stateMachineArn(ARN).input("{}")).executionArn();
    }

    private String token() throws InterruptedException {
        String token = tokens.poll(10, TimeUnit.SECONDS);
        assertThat(token).isNotBlank();
        return token;
    }

    private ExecutionStatus ended(String execution) {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        ExecutionStatus status = ExecutionStatus.RUNNING;
        while (status == ExecutionStatus.RUNNING) {
            assertThat(System.nanoTime()).as("waited for 10 s").isLessThan(deadline);
            status = sfn.describeExecution(r -> r.executionArn(execution)).status();
        }
        return status;
    }

    @Test
    void aTaskIsAnsweredOnce() throws Exception {
        String execution = start();
        String token = token();
        assertThatThrownBy(() -> sfn.sendTaskSuccess(r -> r.taskToken(token).output("{")))
                .isInstanceOf(InvalidOutputException.class);
        sfn.sendTaskSuccess(r -> r.taskToken(token).output("{\"answer\":42}"));
        assertThat(ended(execution)).isEqualTo(ExecutionStatus.SUCCEEDED);
        assertThat(sfn.describeExecution(r -> r.executionArn(execution)).output())
                .isEqualTo("{\"answer\":42}");
        assertThatThrownBy(() -> sfn.sendTaskSuccess(r -> r.taskToken(token).output("1")))
                .isInstanceOf(TaskTimedOutException.class)
                .hasMessageContaining("Provided task does not exist anymore");
        assertThatThrownBy(() -> sfn.sendTaskHeartbeat(r -> r.taskToken(token)))
                .isInstanceOf(TaskTimedOutException.class);
    }

    @Test
    void aTaskIsFailed() throws Exception {
        String execution = start();
        String token = token();
        sfn.sendTaskFailure(r -> r.taskToken(token).error("Refused").cause("by a person"));
        assertThat(ended(execution)).isEqualTo(ExecutionStatus.FAILED);
        List<HistoryEvent> events =
                sfn.getExecutionHistory(r -> r.executionArn(execution)).events();
        HistoryEvent failed = events.get(events.size() - 2);
        assertThat(failed.type()).isEqualTo(HistoryEventType.TASK_FAILED);
        assertThat(failed.taskFailedEventDetails().error()).isEqualTo("Refused");
        assertThat(failed.taskFailedEventDetails().cause()).isEqualTo("by a person");
        assertThat(failed.taskFailedEventDetails().resource()).isEqualTo("invoke.waitForTaskToken");
        assertThat(failed.previousEventId()).isEqualTo(failed.id() - 1);
    }

    @Test
    void heartbeatsKeepATaskAlive() throws Exception {
        String execution = start();
        String token = token();
        timer.jump(Duration.ofSeconds(50));
        sfn.sendTaskHeartbeat(r -> r.taskToken(token));
        timer.jump(Duration.ofSeconds(50));
        assertThat(sfn.describeExecution(r -> r.executionArn(execution)).status())
                .isEqualTo(ExecutionStatus.RUNNING);
        timer.jump(Duration.ofSeconds(10));
        assertThat(ended(execution)).isEqualTo(ExecutionStatus.FAILED);
        assertThat(sfn.describeExecution(r -> r.executionArn(execution)).error())
                .isEqualTo("States.Timeout");
    }

    @Test
    void aTokenThatNobodyGaveIsInvalid() {
        assertThatThrownBy(() -> sfn.sendTaskSuccess(r -> r.taskToken("made up").output("{}")))
                .isInstanceOf(InvalidTokenException.class)
                .hasMessageContaining("Invalid Token: 'Invalid token'");
        assertThatThrownBy(() -> sfn.sendTaskFailure(r -> r.taskToken("made up")))
                .isInstanceOf(InvalidTokenException.class);
    }

    private ValidateStateMachineDefinitionResponse validate(String definition) {
        return sfn.validateStateMachineDefinition(r -> r.definition(definition));
    }

    @Test
    void tellsWhatIsWrongWithADefinition() {
        ObjectNode definition = JSON.createObjectNode().put("QueryLanguage", "JSONata");
        definition.put("StartAt", "A");
        ObjectNode state = definition.putObject("States").putObject("A").put("Type", "Pass");
        state.put("Next", "B");
        var leading = validate(definition.toString());
        assertThat(leading.result()).isEqualTo(ValidateStateMachineDefinitionResultCode.FAIL);
        assertThat(leading.diagnostics())
                .singleElement()
                .satisfies(
                        d -> {
                            assertThat(d.severityAsString()).isEqualTo("ERROR");
                            assertThat(d.code()).isEqualTo("SCHEMA_VALIDATION_FAILED");
                            assertThat(d.location()).isEqualTo("/States/A");
                            assertThat(d.message()).isEqualTo("leads to B, which is not there");
                        });
        state.remove("Next");
        state.put("End", true);
        assertThat(validate(definition.toString()).result())
                .isEqualTo(ValidateStateMachineDefinitionResultCode.OK);
        assertThat(validate("{").diagnostics().getFirst().code())
                .isEqualTo("INVALID_JSON_DESCRIPTION");
    }
}
