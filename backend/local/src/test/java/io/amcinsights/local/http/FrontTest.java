package io.amcinsights.local.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.http.AccessKeys.AccessKey;
import io.amcinsights.local.store.Database;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.LambdaException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.SfnException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/** The door, tried with the signers of the AWS SDK and with requests that should not pass. */
class FrontTest {

    private static final String REGION = "us-east-1";

    @TempDir Path folder;

    private Database database;
    private Front front;
    private AccessKey key;
    private volatile Duration skew = Duration.ZERO;
    private final Objects objects = new Objects();

    @BeforeEach
    void start() throws IOException {
        database = Database.open(folder.resolve("test.db"));
        AccessKeys keys = new AccessKeys(database);
        key = keys.of("user");
        front =
                Front.start(
                        0,
                        REGION,
                        keys,
                        () -> Instant.now().plus(skew),
                        List.of(objects, new Machines()));
    }

    @AfterEach
    void stop() {
        front.close();
        database.close();
    }

    @Test
    void takesWhatTheSdkSigns() {
        byte[] bytes = new byte[3_000_000];
        new Random(1).nextBytes(bytes);
        try (S3Client s3 = s3(key.secret())) {
            s3.putObject(
                    b -> b.bucket("b").key("a key/with +% ü.csv"), RequestBody.fromBytes(bytes));
            s3.putObject(
                    b -> b.bucket("b").key("sha").checksumAlgorithm(ChecksumAlgorithm.SHA256),
                    RequestBody.fromBytes(bytes));
            assertThat(s3.getObjectAsBytes(b -> b.bucket("b").key("sha")).asByteArray())
                    .isEqualTo(bytes);
            assertThat(s3.headObject(b -> b.bucket("b").key("sha")).contentLength())
                    .isEqualTo(bytes.length);
        }
        assertThat(objects.stored.get("/b/a key/with +% ü.csv")).isEqualTo(bytes);
    }

    @Test
    void verifiesTheSignatureOfEachChunk() {
        byte[] bytes = new byte[300_000];
        new Random(2).nextBytes(bytes);
        try (S3Client s3 =
                S3Client.builder()
                        .endpointOverride(front.uri())
                        .region(Region.of(REGION))
                        .credentialsProvider(credentials(key.id(), key.secret()))
                        .httpClient(UrlConnectionHttpClient.create())
                        .serviceConfiguration(c -> c.chunkedEncodingEnabled(true))
                        .requestChecksumCalculation(
                                software.amazon.awssdk.core.checksums.RequestChecksumCalculation
                                        .WHEN_REQUIRED)
                        .build()) {
            s3.putObject(
                    b -> b.bucket("b").key("signed"),
                    RequestBody.fromInputStream(new ByteArrayInputStream(bytes), bytes.length));
        }
        assertThat(objects.stored.get("/b/signed")).isEqualTo(bytes);
    }

    @Test
    void takesPresignedRequestsUntilTheyExpire() throws Exception {
        objects.stored.put("/b/k", new byte[] {1, 2, 3});
        URI url;
        try (S3Presigner presigner =
                S3Presigner.builder()
                        .endpointOverride(front.uri())
                        .region(Region.of(REGION))
                        .credentialsProvider(credentials(key.id(), key.secret()))
                        .build()) {
            url =
                    presigner
                            .presignGetObject(
                                    b ->
                                            b.signatureDuration(Duration.ofMinutes(5))
                                                    .getObjectRequest(g -> g.bucket("b").key("k")))
                            .url()
                            .toURI();
        }
        assertThat(get(url).body()).isEqualTo(new byte[] {1, 2, 3});
        assertThat(text(get(URI.create(url.toString().replace("/b/k", "/b/other")))))
                .contains("SignatureDoesNotMatch");
        skew = Duration.ofMinutes(6);
        assertThat(text(get(url))).contains("AccessDenied", "Request has expired");
    }

    @Test
    void refusesPresignedRequestsOfTheOldKind() throws Exception {
        URI url = front.uri().resolve("/b/k?AWSAccessKeyId=AKIA&Signature=x&Expires=1900000000");
        HttpResponse<byte[]> refused = get(url);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(new String(refused.body(), StandardCharsets.UTF_8))
                .contains("InvalidRequest", "Please use AWS4-HMAC-SHA256.");
    }

    @Test
    void signsThePathOfOtherServicesTwiceEncoded() {
        try (LambdaClient lambda =
                LambdaClient.builder()
                        .endpointOverride(front.uri())
                        .region(Region.of(REGION))
                        .credentialsProvider(credentials(key.id(), key.secret()))
                        .httpClient(UrlConnectionHttpClient.create())
                        .build()) {
            assertThatThrownBy(() -> lambda.getFunction(b -> b.functionName("arn:aws:lambda:x:y")))
                    .isInstanceOfSatisfying(
                            LambdaException.class,
                            e ->
                                    assertThat(e.awsErrorDetails().errorCode())
                                            .isEqualTo("UnknownOperationException"));
        }
    }

    @Test
    void refusesAWrongSecretInTheWordsOfTheService() {
        try (S3Client s3 = s3("wrong")) {
            assertThatThrownBy(() -> s3.getObjectAsBytes(b -> b.bucket("b").key("k")))
                    .isInstanceOfSatisfying(
                            S3Exception.class,
                            e -> {
                                assertThat(e.statusCode()).isEqualTo(403);
                                assertThat(e.awsErrorDetails().errorCode())
                                        .isEqualTo("SignatureDoesNotMatch");
                            });
        }
        assertThat(codeOfSfn(key.id(), "wrong")).isEqualTo("InvalidSignatureException");
        assertThat(codeOfSfn("AKIAUNKNOWN", key.secret())).isEqualTo("UnrecognizedClientException");
    }

    @Test
    void refusesASignatureOfAnotherTime() {
        skew = Duration.ofMinutes(20);
        // The SDK corrects its clock by the reply's Date, which is right: so it still fails.
        assertThat(codeOfSfn(key.id(), key.secret())).isEqualTo("InvalidSignatureException");
    }

    @Test
    void refusesUnsignedRequests() throws Exception {
        assertThat(text(get(front.uri().resolve("/b/k")))).contains("<Code>AccessDenied</Code>");
    }

    @Test
    void refusesOtherHostsAndWebPages() throws Exception {
        String reply = raw("GET / HTTP/1.1\r\nHost: evil.example:" + front.port() + "\r\n\r\n");
        assertThat(reply).startsWith("HTTP/1.1 403").contains("answers only to 127.0.0.1");
        reply =
                raw(
                        "POST / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nOrigin: https://evil.example\r\nContent-Length: 0\r\n\r\n"
                                .formatted(front.port()));
        assertThat(reply).startsWith("HTTP/1.1 403").contains("other origins");
    }

    @Test
    void refusesABodyThatWasChangedOnTheWay() throws Exception {
        // A stored object must never come from bytes other than the signed ones.
        String hash = Signatures.hash("good".getBytes(StandardCharsets.UTF_8));
        HashedBody body =
                new HashedBody(
                        new ByteArrayInputStream("evil".getBytes(StandardCharsets.UTF_8)), hash);
        assertThatThrownBy(body::readAllBytes).isInstanceOf(RefusedBody.class);
    }

    @Test
    void refusesATrailingChecksumThatDoesNotFit() {
        String framed = "4\r\ndata\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n";
        ChunkedBody body =
                new ChunkedBody(
                        new ByteArrayInputStream(framed.getBytes(StandardCharsets.UTF_8)),
                        null,
                        4,
                        "x-amz-checksum-crc32");
        assertThatThrownBy(body::readAllBytes)
                .isInstanceOf(RefusedBody.class)
                .hasMessageContaining("CRC32");
    }

    @Test
    void namesTheOperationThatIsNotThere() {
        try (SfnClient sfn = sfn(key.id(), key.secret())) {
            assertThat(sfn.listStateMachines().stateMachines()).isEmpty();
            assertThatThrownBy(sfn::listActivities)
                    .isInstanceOfSatisfying(
                            SfnException.class,
                            e -> {
                                assertThat(e.awsErrorDetails().errorCode())
                                        .isEqualTo("UnknownOperationException");
                                assertThat(e.requestId()).isNotBlank();
                            });
        }
    }

    private String codeOfSfn(String id, String secret) {
        try (SfnClient sfn = sfn(id, secret)) {
            sfn.listStateMachines();
            return "";
        } catch (SfnException e) {
            return e.awsErrorDetails().errorCode();
        }
    }

    private SfnClient sfn(String id, String secret) {
        return SfnClient.builder()
                .endpointOverride(front.uri())
                .region(Region.of(REGION))
                .credentialsProvider(credentials(id, secret))
                .httpClient(UrlConnectionHttpClient.create())
                .overrideConfiguration(c -> c.retryStrategy(r -> r.maxAttempts(1)))
                .build();
    }

    private S3Client s3(String secret) {
        return S3Client.builder()
                .endpointOverride(front.uri())
                .region(Region.of(REGION))
                .credentialsProvider(credentials(key.id(), secret))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    private static StaticCredentialsProvider credentials(String id, String secret) {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(id, secret));
    }

    private static HttpResponse<byte[]> get(URI uri) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray());
        }
    }

    private static String text(HttpResponse<byte[]> response) {
        assertThat(response.statusCode()).isEqualTo(403);
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), front.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.setSoTimeout(5_000);
            byte[] reply = new byte[4096];
            int count = 0;
            InputStream in = socket.getInputStream();
            String text = "";
            while (!text.contains("\r\n\r\n") || !text.endsWith("\n")) {
                count += in.read(reply, count, reply.length - count);
                text = new String(reply, 0, count, StandardCharsets.UTF_8);
            }
            return text;
        }
    }

    /** As much of S3 as the signatures need. */
    private static final class Objects implements AwsService {

        private final Map<String, byte[]> stored = new ConcurrentHashMap<>();

        @Override
        public String signingName() {
            return "s3";
        }

        @Override
        public Reply handle(Call call) throws IOException {
            if (call.method().equals("PUT")) {
                stored.put(call.path(), call.body().readAllBytes());
                return Reply.empty(200).with("ETag", "\"x\"");
            }
            return Reply.of(200, "text/plain", stored.getOrDefault(call.path(), new byte[0]));
        }

        @Override
        public Reply error(AwsError error, String requestId) {
            return Reply.of(
                    error.status(),
                    "application/xml",
                    "<Error><Code>%s</Code><Message>%s</Message></Error>"
                            .formatted(error.code(), error.getMessage()));
        }
    }

    private static final class Machines extends JsonService {

        Machines() {
            super("states", "1.0");
        }

        @Override
        protected Map<String, Operation> operations() {
            return Map.of("ListStateMachines", input -> none());
        }

        private static ObjectNode none() {
            ObjectNode reply = JSON.createObjectNode();
            reply.putArray("stateMachines");
            return reply;
        }
    }
}
