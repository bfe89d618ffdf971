package io.amcinsights.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.clock.JumpingTimer;
import io.amcinsights.local.http.AccessKeys;
import io.amcinsights.local.http.Front;
import io.amcinsights.local.states.StateError;
import io.amcinsights.local.store.Database;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LogType;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

class LambdaServiceTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ARN = "arn:aws:lambda:us-east-1:000000000000:function:amc-test";
    private static final BlockingQueue<String> PUBLISHED = new LinkedBlockingQueue<>();

    /** Says what it was asked and how; does what the payload wants. */
    public static final class Handler implements RequestStreamHandler {

        private final Map<String, String> environment;

        Handler(Map<String, String> environment) {
            this.environment = environment;
        }

        @Override
        public void handleRequest(InputStream in, OutputStream out, Context context)
                throws IOException {
            JsonNode payload = JSON.readTree(in);
            context.getLogger().log("asked " + payload);
            LoggerFactory.getLogger(Handler.class).info("through slf4j");
            switch (payload.path("do").asText()) {
                case "fail" ->
                        throw new IllegalStateException("boo", new IOException("the reason"));
                case "hang" -> {
                    try {
                        Thread.sleep(Duration.ofMinutes(1));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
                case "publish" -> PUBLISHED.add(context.getInvokedFunctionArn());
                default -> {
                    ObjectNode reply = JSON.createObjectNode();
                    reply.put("arn", context.getInvokedFunctionArn());
                    reply.put("setting", environment.get("SETTING"));
                    reply.put("left", context.getRemainingTimeInMillis());
                    reply.set("payload", payload);
                    JSON.writeValue(out, reply);
                }
            }
        }
    }

    @TempDir Path folder;

    private Database database;
    private LambdaFunctions functions;
    private AsyncInvocations later;
    private Front front;
    private LambdaClient lambda;

    @BeforeEach
    void start() throws Exception {
        database = Database.open(folder.resolve("test.db"));
        functions = new LambdaFunctions((handler, environment) -> new Handler(environment));
        functions.define(
                new LambdaFunction(
                        "amc-test",
                        ARN,
                        "A test",
                        "java25",
                        "arn:aws:iam::000000000000:role/r",
                        Handler.class.getName() + "::handleRequest",
                        Duration.ofMillis(700),
                        512,
                        Map.of("SETTING", "on")));
        functions.alias(ARN, "read");
        later = new AsyncInvocations(database, functions, new JumpingTimer(Duration.ofHours(1)));
        AccessKeys keys = new AccessKeys(database);
        front =
                Front.start(
                        0,
                        "us-east-1",
                        keys,
                        Instant::now,
                        List.of(
                                new LambdaService(
                                        functions, later, arn -> true, "2026-01-01T00:00:00Z")));
        lambda =
                LambdaClient.builder()
                        .endpointOverride(front.uri())
                        .region(Region.US_EAST_1)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create(
                                                keys.of("user").id(), keys.of("user").secret())))
                        .httpClient(UrlConnectionHttpClient.create())
                        .build();
    }

    @AfterEach
    void stop() {
        lambda.close();
        front.close();
        later.close();
        database.close();
    }

    private InvokeResponse invoke(String function, String payload) {
        return lambda.invoke(
                b ->
                        b.functionName(function)
                                .payload(SdkBytes.fromUtf8String(payload))
                                .logType(LogType.TAIL));
    }

    @Test
    void invokesWithTheAliasThatWasAsked() throws Exception {
        for (String name : List.of("amc-test:read", ARN + ":read")) {
            InvokeResponse response = invoke(name, "{\"x\":1}");
            JsonNode reply = JSON.readTree(response.payload().asUtf8String());
            assertThat(response.functionError()).isNull();
            assertThat(response.executedVersion()).isEqualTo("1");
            assertThat(reply.path("arn").asText()).isEqualTo(ARN + ":read");
            assertThat(reply.path("setting").asText()).isEqualTo("on");
            assertThat(reply.path("payload")).hasToString("{\"x\":1}");
            assertThat(reply.path("left").asInt()).isBetween(1, 700);
            String log =
                    new String(
                            Base64.getDecoder().decode(response.logResult()),
                            StandardCharsets.UTF_8);
            assertThat(log).contains("START", "asked {\"x\":1}", "through slf4j", "REPORT");
        }
    }

    @Test
    void reportsAFailureAsTheJavaRuntimeDoes() throws Exception {
        InvokeResponse response = invoke("amc-test", "{\"do\":\"fail\"}");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.functionError()).isEqualTo("Unhandled");
        JsonNode error = JSON.readTree(response.payload().asUtf8String());
        assertThat(error.path("errorMessage").asText()).isEqualTo("boo");
        assertThat(error.path("errorType").asText()).isEqualTo("java.lang.IllegalStateException");
        assertThat(error.path("stackTrace").get(0).asText()).contains("Handler.handleRequest");
        assertThat(error.path("cause").path("errorMessage").asText()).isEqualTo("the reason");
    }

    @Test
    void endsAFunctionThatTakesTooLong() throws Exception {
        InvokeResponse response = invoke("amc-test", "{\"do\":\"hang\"}");
        JsonNode error = JSON.readTree(response.payload().asUtf8String());
        assertThat(error.path("errorType").asText()).isEqualTo("Sandbox.Timedout");
        assertThat(error.path("errorMessage").asText()).endsWith("timed out after 0.70 seconds");
    }

    @Test
    void doesNotWaitForAnEvent() throws Exception {
        InvokeResponse response =
                lambda.invoke(
                        b ->
                                b.functionName("amc-test")
                                        .qualifier("read")
                                        .invocationType(InvocationType.EVENT)
                                        .payload(SdkBytes.fromUtf8String("{\"do\":\"publish\"}")));
        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(PUBLISHED.poll(5, TimeUnit.SECONDS)).isEqualTo(ARN + ":read");
    }

    @Test
    void checksADryRun() {
        assertThat(
                        lambda.invoke(
                                        b ->
                                                b.functionName("amc-test")
                                                        .invocationType(InvocationType.DRY_RUN))
                                .statusCode())
                .isEqualTo(204);
        assertThatThrownBy(() -> invoke("amc-other", "{}"))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> invoke("amc-test:write", "{}"))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void listsFunctions() {
        FunctionConfiguration listed = lambda.listFunctions().functions().getFirst();
        assertThat(listed.functionName()).isEqualTo("amc-test");
        assertThat(listed.environment().variables()).containsEntry("SETTING", "on");
        assertThat(lambda.getFunction(b -> b.functionName(ARN)).configuration().functionArn())
                .isEqualTo(ARN);
        assertThat(lambda.listAliases(b -> b.functionName("amc-test")).aliases())
                .singleElement()
                .satisfies(a -> assertThat(a.name()).isEqualTo("read"));
    }

    @Test
    void aTaskOfAStateMachineSeesResultAndErrorType() throws Exception {
        LambdaTask task = new LambdaTask(functions);
        JsonNode result =
                task.run(
                        JSON.readTree("{\"FunctionName\":\"amc-test:read\",\"Payload\":{\"a\":1}}"),
                        reply -> {});
        assertThat(result.path("StatusCode").asInt()).isEqualTo(200);
        assertThat(result.path("Payload").path("payload")).hasToString("{\"a\":1}");
        assertThatThrownBy(
                        () ->
                                task.run(
                                        JSON.readTree(
                                                "{\"FunctionName\":\"amc-test\",\"Payload\":{\"do\":\"fail\"}}"),
                                        reply -> {}))
                .isInstanceOfSatisfying(
                        StateError.class,
                        e -> {
                            assertThat(e.error()).isEqualTo("java.lang.IllegalStateException");
                            assertThat(e.cause()).contains("\"errorMessage\":\"boo\"");
                        });
        assertThatThrownBy(
                        () -> task.run(JSON.readTree("{\"FunctionName\":\"nobody\"}"), reply -> {}))
                .isInstanceOfSatisfying(
                        StateError.class,
                        e -> assertThat(e.error()).isEqualTo("Lambda.ResourceNotFoundException"));
    }
}
