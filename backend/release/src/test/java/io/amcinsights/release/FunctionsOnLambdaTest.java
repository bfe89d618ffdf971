package io.amcinsights.release;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.contract.Json;
import io.amcinsights.release.Lambda.Reply;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The functions of the release do on Lambda what they do here: each is started out of its archive,
 * with the environment of the template, by the runtime that Lambda itself starts Java with.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "Lambda's runtime for Java is for Linux")
class FunctionsOnLambdaTest {

    /** What answers it where AWS has nothing yet; run-steps fails then. */
    private static final Map<String, String> ANSWERS =
            Map.of(
                    "tenants", "{\"tenants\":[]}",
                    "workflows", "{\"runs\":[]}",
                    "dispatcher", "{\"batchItemFailures\":[]}",
                    "lake", "{\"datasets\":[]}");

    @TempDir static Path folder;

    private static Path functions;

    @BeforeAll
    static void unpack() throws Exception {
        functions =
                Unpacked.of(Deployed.RELEASE.resolve("functions.jar"), folder.resolve("functions"));
    }

    static Stream<Deployed> functions() throws Exception {
        return Deployed.all().stream().filter(f -> f.artifact().equals("functions.jar"));
    }

    @ParameterizedTest
    @MethodSource("functions")
    void aFunctionStartsAndAnswersAndItsSnapshotHasNothingOfAws(Deployed function)
            throws Exception {
        Path classes = folder.resolve(function.name() + "-classes.log");
        try (Lambda lambda =
                Lambda.toSnapshot(
                        functions,
                        function.handler(),
                        function.environment(),
                        "-Xlog:class+load:file=" + classes)) {
            assertThat(Files.readString(classes))
                    .contains("dynamodb.transform.", "http.auth.aws.internal.signer.")
                    .contains("sun.security.ssl.SSLContextImpl ");
            assertThat(lambda.asked()).as("asked of AWS").isEmpty();
            assertThat(lambda.log()).as("calls that could not be rehearsed").isEmpty();

            lambda.restore();
            Reply reply = lambda.call(FirstCalls.of(function));

            assertThat(lambda.asked())
                    .isNotEmpty()
                    .allSatisfy(
                            a -> {
                                assertThat(a.operation()).startsWith("DynamoDB_20120810.");
                                assertThat(a.authorization()).contains("Credential=ID/");
                            });
            if (function.name().equals("run-steps")) {
                failsAndSaysSo(reply, lambda.log());
            } else {
                assertThat(reply.body()).isEqualTo(ANSWERS.get(function.name()));
                assertThat(lambda.log()).isEmpty();
            }
        }
    }

    /** What a function logs is one line of JSON, with its level and its request. */
    private static void failsAndSaysSo(Reply reply, String log) {
        JsonNode problem = Json.read(reply.body(), JsonNode.class);
        assertThat(reply.failed()).isTrue();
        assertThat(problem.path("errorType").asText()).isEqualTo("io.amcinsights.StepFailed");
        assertThat(problem.path("errorMessage").asText()).contains("NOT_FOUND");

        JsonNode line = Json.read(log.lines().findFirst().orElseThrow(), JsonNode.class);
        assertThat(line.path("level").asText()).isEqualTo("WARN");
        assertThat(line.path("AWSRequestId").asText()).isEqualTo("request-1");
        assertThat(line.path("message").asText())
                .startsWith("io.amcinsights.Invocation: The step")
                .contains("NOT_FOUND");
        assertThat(log).doesNotContain(Lambda.SECRET);
    }

    @Test
    void transformMakesParquetWithTheLibraryBesideIts() throws Exception {
        Deployed transform = Deployed.transform();
        Path code = Deployed.transformOfThisMachine(folder);
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        try (Lambda lambda =
                Lambda.start(
                        code,
                        transform.handler(),
                        transform.environment(),
                        "-Djava.io.tmpdir=" + temporary)) {
            String bucket = "/" + transform.environment().get("LAKE_BUCKET") + "/";
            FirstCalls.deliver(lambda, bucket);

            Reply reply = lambda.call(FirstCalls.of(transform));

            assertThat(reply.body()).contains("\"rows\":2");
            byte[] parquet = lambda.objects().getOrDefault(bucket + "rows.parquet", new byte[0]);
            assertThat(new String(parquet, ISO_8859_1)).contains("PAR1");
            try (Stream<Path> left = Files.list(temporary)) {
                assertThat(left.map(file -> file.getFileName().toString()))
                        .as("copies of the library")
                        .noneMatch(name -> name.contains("duckdb"));
            }
        }
    }
}
