package io.amcinsights.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.amcinsights.Busy;
import io.amcinsights.Invocation;
import io.amcinsights.StepFailed;
import io.amcinsights.TestInstallation;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.Notice;
import io.amcinsights.ports.Documents.ConflictException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.scheduler.SchedulerClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sts.StsClient;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What AWS may answer besides what was asked for, over the wire in each service's protocol, and
 * what becomes of it in a step of a state machine: what may pass is tried again, by the client and
 * then by the machine; the rest ends the step at once, with AWS's reason.
 */
class AwsRefusalsTest {

    private static final String REASON = "because it is so";

    private static final BackoffStrategy AT_ONCE = BackoffStrategy.retryImmediately();

    private static final String CREDENTIALS =
            "<r><AssumeRoleResult><Credentials><AccessKeyId>a</AccessKeyId>"
                    + "<SecretAccessKey>b</SecretAccessKey><SessionToken>c</SessionToken>"
                    + "</Credentials></AssumeRoleResult></r>";

    /** Each adapter, doing one thing. */
    enum Port {
        DOCUMENTS,
        QUEUE,
        SECRETS,
        TIMERS,
        NOTICES,
        OWNERS_EVENTS,
        OWNERS_ROLES
    }

    private record Refusal(int status, String code) {}

    private final Deque<Refusal> refusals = new ArrayDeque<>();
    private final AtomicInteger asked = new AtomicInteger();
    private @Nullable Refusal always;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    /** The same refusal as each protocol puts it; where nothing is refused, what a client needs. */
    private synchronized void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            asked.incrementAndGet();
            Refusal refusal = refusals.isEmpty() ? always : refusals.poll();
            String type = exchange.getRequestHeaders().getFirst("Content-Type");
            boolean xml = type != null && type.startsWith("application/x-www-form-urlencoded");
            String body = xml ? CREDENTIALS : "{}";
            if (refusal != null) {
                exchange.getResponseHeaders().set("x-amzn-ErrorType", refusal.code());
                body =
                        (xml
                                        ? "<ErrorResponse><Error><Code>%s</Code>"
                                                + "<Message>%s</Message></Error></ErrorResponse>"
                                        : "{\"__type\":\"%s\",\"message\":\"%s\"}")
                                .formatted(refusal.code(), REASON);
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders()
                    .set("Content-Type", xml ? "text/xml" : "application/json");
            exchange.sendResponseHeaders(refusal == null ? 200 : refusal.status(), bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C client(B builder) {
        return builder.endpointOverride(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "key")))
                .httpClient(UrlConnectionHttpClient.create())
                // as often as ever, but at once
                .overrideConfiguration(
                        o ->
                                o.retryStrategy(
                                        r ->
                                                r.backoffStrategy(AT_ONCE)
                                                        .throttlingBackoffStrategy(AT_ONCE)))
                .build();
    }

    private void use(Port port) {
        switch (port) {
            case DOCUMENTS -> documents().get("p", "k");
            case QUEUE ->
                    new SqsQueue(client(SqsClient.builder()), "http://127.0.0.1/queue")
                            .postpone("receipt", Duration.ofMinutes(1));
            case SECRETS -> secrets().get("name");
            case TIMERS -> timers().remove("timer-1");
            case NOTICES ->
                    new SnsNotices(client(SnsClient.builder()), "arn:aws:sns:us-east-1:1:t")
                            .send(
                                    new Notice(
                                            "n-1",
                                            Instant.EPOCH,
                                            Notice.Kind.RUN,
                                            true,
                                            "subject",
                                            "text",
                                            null,
                                            "run-1"));
            case OWNERS_EVENTS -> owners().ignore("112233445566");
            case OWNERS_ROLES -> owners().enter("arn:aws:iam::112233445566:role/theirs", "id");
        }
    }

    private DynamoDocuments documents() {
        return new DynamoDocuments(client(DynamoDbClient.builder()), "t", Clock.systemUTC());
    }

    private ManagedSecrets secrets() {
        return new ManagedSecrets(client(SecretsManagerClient.builder()));
    }

    private SchedulerTimers timers() {
        return new SchedulerTimers(
                client(SchedulerClient.builder()), "group", "role", "function", "dead-letters");
    }

    private AwsBucketOwners owners() {
        return new AwsBucketOwners(
                client(StsClient.builder()), client(EventBridgeClient.builder()));
    }

    private @Nullable Throwable stepWith(Port port) {
        return catchThrowable(() -> call(port, "write", "{\"step\":\"any\"}"));
    }

    /** A function that uses the port, whatever it is asked. */
    private String call(Port port, String alias, String json) {
        return TestInstallation.call(
                (in, out, context) ->
                        Invocation.serve(
                                in,
                                out,
                                context,
                                request -> {
                                    use(port);
                                    return Map.of();
                                },
                                (step, input) -> {
                                    use(port);
                                    return Map.of();
                                }),
                alias,
                json);
    }

    @ParameterizedTest
    @EnumSource(Port.class)
    void whatIsThrottledIsTriedAgainAndThenLeftToTheStateMachine(Port port) {
        always = new Refusal(400, "ThrottlingException");
        assertThat(stepWith(port)).isInstanceOf(Busy.class).hasMessageContaining(REASON);
        assertThat(asked.get()).isGreaterThanOrEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(Port.class)
    void whatAwsCannotDoNowSucceedsOnceItCan(Port port) {
        refusals.add(new Refusal(500, "InternalFailure"));
        refusals.add(new Refusal(503, "ServiceUnavailable"));
        assertThat(stepWith(port)).isNull();
        assertThat(asked.get()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(Port.class)
    void credentialsThatHaveExpiredAreNewInTheNextCall(Port port) {
        boolean xml = port == Port.NOTICES || port == Port.OWNERS_ROLES;
        always = new Refusal(400, xml ? "ExpiredToken" : "ExpiredTokenException");
        assertThat(stepWith(port)).isInstanceOf(Busy.class).hasMessageContaining(REASON);
        assertThat(asked.get()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(value = Port.class, names = "OWNERS_ROLES", mode = EnumSource.Mode.EXCLUDE)
    void whatIsDeniedEndsTheStepAtOnceWithTheReason(Port port) {
        always = new Refusal(403, "AccessDeniedException");
        assertThat(stepWith(port)).isInstanceOf(StepFailed.class).hasMessageContaining(REASON);
        assertThat(asked.get()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "403, AccessDeniedException, AWS does not let this installation do that",
        "400, AccessDeniedException, AWS does not let this installation do that",
        "400, ThrottlingException, AWS is busy or does not answer",
        "503, ServiceUnavailable, AWS is busy or does not answer",
        "400, ValidationException, Something went wrong inside",
    })
    void aPersonReadsWhatAwsDid(int status, String code, String words) throws Exception {
        always = new Refusal(status, code);
        JsonNode reply =
                Json.mapper()
                        .readTree(call(Port.DOCUMENTS, "read", "{\"operation\":\"ListTenants\"}"));
        assertThat(reply.at("/error/message").asText()).startsWith(words).contains(REASON);
        assertThat(reply.at("/error/code").asText()).isEqualTo("INTERNAL");
    }

    /** That a role does not let us in is an answer: it is what the tenant is told. */
    @Test
    void aRoleThatDeniesUsIsNoFailure() {
        always = new Refusal(403, "AccessDenied");
        assertThat(owners().enter("arn:aws:iam::112233445566:role/theirs", "id")).isEmpty();
    }

    @Test
    void aDocumentThatSomebodyElseWroteIsAConflictAndNotTriedAgain() {
        always = new Refusal(400, "ConditionalCheckFailedException");
        assertThatThrownBy(() -> documents().put("p", "k", "{}", 1, null))
                .isInstanceOf(ConflictException.class);
        assertThat(asked.get()).isEqualTo(1);
    }

    @Test
    void aTimerThatIsThereIsChangedInstead() {
        refusals.add(new Refusal(409, "ConflictException"));
        timers().set("timer-1", "rate(1 day)", "UTC", true, "{}");
        assertThat(asked.get()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(
            value = Port.class,
            names = {"SECRETS", "TIMERS", "OWNERS_EVENTS"})
    void whatIsNotThereIsNoFailure(Port port) {
        always = new Refusal(port == Port.TIMERS ? 404 : 400, "ResourceNotFoundException");
        assertThat(stepWith(port)).isNull();
        assertThat(asked.get()).isEqualTo(1);
    }

    @Test
    void aSecretThatSomebodyElseMadeMeanwhileIsWritten() {
        refusals.add(new Refusal(400, "ResourceNotFoundException"));
        refusals.add(new Refusal(400, "ResourceExistsException"));
        secrets().put("name", "value");
        assertThat(asked.get()).isEqualTo(3);
    }

    @Test
    void aTableThatIsMissingSaysSo() {
        always = new Refusal(400, "ResourceNotFoundException");
        assertThat(stepWith(Port.DOCUMENTS))
                .isInstanceOf(StepFailed.class)
                .hasMessageContaining(REASON);
    }
}
