package io.amcinsights.local.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.amcinsights.local.http.AccessKeys;
import io.amcinsights.local.http.AccessKeys.AccessKey;
import io.amcinsights.local.http.Front;
import io.amcinsights.local.store.Database;
import io.amcinsights.local.store.Sql;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.Delete;
import software.amazon.awssdk.services.s3.model.EventBridgeConfiguration;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** S3 as the AWS SDK meets it, over the real door. */
class S3ServiceTest {

    private static final String REGION = "us-east-1";
    private static final String BUCKET = "amc-kestrel-1a2b3c4d";

    @TempDir Path folder;

    private final AtomicInteger wakeUps = new AtomicInteger();
    private Database database;
    private ObjectStore store;
    private Front front;
    private S3Client s3;
    private StaticCredentialsProvider credentials;

    @BeforeEach
    void start() throws IOException {
        database = Database.open(folder.resolve("test.db"));
        AccessKeys keys = new AccessKeys(database);
        AccessKey key = keys.of("test");
        store =
                new ObjectStore(
                        database,
                        folder.resolve("objects"),
                        "111122223333",
                        REGION,
                        Clock.systemUTC(),
                        wakeUps::incrementAndGet);
        front =
                Front.start(
                        0,
                        REGION,
                        keys,
                        Clock.systemUTC(),
                        List.of(new S3Service(store, "111122223333", REGION, bucket -> true)));
        credentials =
                StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(key.id(), key.secret()));
        s3 =
                S3Client.builder()
                        .endpointOverride(front.uri())
                        .forcePathStyle(true)
                        .region(Region.of(REGION))
                        .credentialsProvider(credentials)
                        .httpClient(UrlConnectionHttpClient.create())
                        .build();
        s3.createBucket(b -> b.bucket(BUCKET));
    }

    @AfterEach
    void stop() {
        s3.close();
        front.close();
        database.close();
    }

    @Test
    void givesBackWhatWasPut() {
        String key = "workflow=a b/ü+%2F/käse & <xml>.csv";
        s3.putObject(
                b ->
                        b.bucket(BUCKET)
                                .key(key)
                                .contentType("text/csv")
                                .cacheControl("no-store")
                                .metadata(Map.of("run", "42"))
                                .checksumAlgorithm(ChecksumAlgorithm.SHA256),
                RequestBody.fromString("a,b\n1,2\n"));

        ResponseBytes<GetObjectResponse> got = s3.getObjectAsBytes(b -> b.bucket(BUCKET).key(key));

        assertThat(got.asUtf8String()).isEqualTo("a,b\n1,2\n");
        assertThat(got.response().contentType()).isEqualTo("text/csv");
        assertThat(got.response().cacheControl()).isEqualTo("no-store");
        assertThat(got.response().metadata()).containsExactly(Map.entry("run", "42"));
        assertThat(got.response().eTag()).isEqualTo("\"e5ebd4c02cefbe7955977c67ada242b7\"");
        assertThat(s3.headObject(b -> b.bucket(BUCKET).key(key)).contentLength()).isEqualTo(8);
        assertThat(s3.listObjectsV2(b -> b.bucket(BUCKET)).contents())
                .extracting(S3Object::key, S3Object::size)
                .containsExactly(tuple(key, 8L));
    }

    @Test
    void refusesABodyThatIsNotWhatItsChecksumSays() {
        assertThatThrownBy(
                        () ->
                                s3.putObject(
                                        b ->
                                                b.bucket(BUCKET)
                                                        .key("k")
                                                        .contentMD5("CY9rzUYh03PK3k6DJie09g=="),
                                        RequestBody.fromString("other")))
                .isInstanceOf(S3Exception.class)
                .hasMessageContaining("Content-MD5");
        assertThatThrownBy(() -> s3.headObject(b -> b.bucket(BUCKET).key("k")))
                .isInstanceOf(NoSuchKeyException.class);
        assertThat(files()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"CRC32", "CRC32_C", "SHA1", "SHA256"})
    void keepsTheChecksumThatAnObjectWasSentWith(ChecksumAlgorithm algorithm) {
        PutObjectResponse put =
                s3.putObject(
                        b -> b.bucket(BUCKET).key("k").checksumAlgorithm(algorithm),
                        RequestBody.fromString("123456789"));
        HeadObjectResponse head =
                s3.headObject(b -> b.bucket(BUCKET).key("k").checksumMode(ChecksumMode.ENABLED));

        String sum =
                switch (algorithm) {
                    case CRC32 -> head.checksumCRC32();
                    case CRC32_C -> head.checksumCRC32C();
                    case SHA1 -> head.checksumSHA1();
                    default -> head.checksumSHA256();
                };
        assertThat(sum)
                .isEqualTo(
                        switch (algorithm) {
                            case CRC32 -> "y/Q5Jg==";
                            case CRC32_C -> "4waSgw==";
                            case SHA1 -> "98O8HYCOBHMq32eZZczDTKeuNEE=";
                            default -> "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=";
                        });
        assertThat(head.checksumTypeAsString()).isEqualTo("FULL_OBJECT");
        assertThat(s3.headObject(b -> b.bucket(BUCKET).key("k")).checksumTypeAsString()).isNull();
        String copied =
                s3.copyObject(
                                b ->
                                        b.sourceBucket(BUCKET)
                                                .sourceKey("k")
                                                .destinationBucket(BUCKET)
                                                .destinationKey("copy"))
                        .copyObjectResult()
                        .toString();
        assertThat(copied).contains(sum);
        assertThat(put.toString()).contains(sum);
    }

    @Test
    void sumsByCrc64AsTheSpecificationOfNvmExpressDoes() {
        var sum = io.amcinsights.local.http.ChecksumAlgorithm.CRC64NVME.begin();
        sum.update("x123456789".getBytes(StandardCharsets.UTF_8), 1, 9);

        assertThat(sum.value())
                .isEqualTo(
                        Base64.getEncoder()
                                .encodeToString(HexFormat.of().parseHex("ae8b14860a799888")));
    }

    /** As the SDK for JavaScript signs, which has no body yet. */
    @Test
    void takesTheHeadersThatAPresignedAddressHas() throws Exception {
        URI put;
        URI get;
        try (S3Presigner presigner =
                        S3Presigner.builder()
                                .endpointOverride(front.uri())
                                .region(Region.of(REGION))
                                .serviceConfiguration(
                                        S3Configuration.builder()
                                                .pathStyleAccessEnabled(true)
                                                .build())
                                .credentialsProvider(credentials)
                                .build();
                HttpClient http = HttpClient.newHttpClient()) {
            put =
                    presigner
                            .presignPutObject(
                                    b ->
                                            b.signatureDuration(Duration.ofMinutes(5))
                                                    .putObjectRequest(
                                                            o ->
                                                                    o.bucket(BUCKET)
                                                                            .key("k")
                                                                            .overrideConfiguration(
                                                                                    S3ServiceTest
                                                                                            ::asJavaScript)))
                            .url()
                            .toURI();
            get =
                    presigner
                            .presignGetObject(
                                    b ->
                                            b.signatureDuration(Duration.ofMinutes(5))
                                                    .getObjectRequest(
                                                            o ->
                                                                    o.bucket(BUCKET)
                                                                            .key("k")
                                                                            .overrideConfiguration(
                                                                                    c ->
                                                                                            c
                                                                                                    .putRawQueryParameter(
                                                                                                            "x-amz-checksum-mode",
                                                                                                            "ENABLED"))))
                            .url()
                            .toURI();
            assertThat(
                            http.send(
                                            HttpRequest.newBuilder(put)
                                                    .PUT(BodyPublishers.ofString("123456789"))
                                                    .build(),
                                            BodyHandlers.ofString())
                                    .statusCode())
                    .isEqualTo(200);
            HttpResponse<String> got =
                    http.send(HttpRequest.newBuilder(get).build(), BodyHandlers.ofString());
            assertThat(got.body()).isEqualTo("123456789");
            assertThat(got.headers().firstValue("x-amz-checksum-crc32")).contains("y/Q5Jg==");
            assertThat(got.headers().firstValue("x-amz-meta-who")).contains("me");
        }
    }

    private static void asJavaScript(AwsRequestOverrideConfiguration.Builder request) {
        request.putRawQueryParameter("x-amz-checksum-crc32", "AAAAAA==")
                .putRawQueryParameter("x-amz-sdk-checksum-algorithm", "CRC32")
                .putRawQueryParameter("x-amz-meta-who", "me");
    }

    @Test
    void sendsRanges() {
        put("digits", "0123456789");
        put("empty", "");

        assertThat(range("digits", "bytes=2-4")).isEqualTo("234");
        assertThat(range("digits", "bytes=7-")).isEqualTo("789");
        assertThat(range("digits", "bytes=-2")).isEqualTo("89");
        assertThat(range("digits", "bytes=8-99")).isEqualTo("89");
        assertThat(
                        s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("digits").range("bytes=2-4"))
                                .response()
                                .contentRange())
                .isEqualTo("bytes 2-4/10");
        assertThatThrownBy(() -> range("digits", "bytes=10-11"))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        e -> {
                            assertThat(e.statusCode()).isEqualTo(416);
                            assertThat(e.awsErrorDetails().errorCode()).isEqualTo("InvalidRange");
                        });
        assertThatThrownBy(() -> range("empty", "bytes=0-0"))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(416));
        assertThat(s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("empty")).asByteArray()).isEmpty();
    }

    @Test
    void obeysConditions() {
        put("k", "one");
        String etag = s3.headObject(b -> b.bucket(BUCKET).key("k")).eTag();

        assertThatThrownBy(
                        () -> s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("k").ifNoneMatch(etag)))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(304));
        assertThatThrownBy(
                        () ->
                                s3.getObjectAsBytes(
                                        b ->
                                                b.bucket(BUCKET)
                                                        .key("k")
                                                        .ifUnmodifiedSince(
                                                                Instant.now().minusSeconds(60))))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(412));
        assertThatThrownBy(
                        () ->
                                s3.putObject(
                                        b -> b.bucket(BUCKET).key("k").ifNoneMatch("*"),
                                        RequestBody.fromString("two")))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(412));
        assertThat(s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("k").ifMatch(etag)).asUtf8String())
                .isEqualTo("one");
    }

    @Test
    void listsInPagesAndFolders() {
        for (int day = 1; day <= 5; day++) {
            for (int file = 0; file < 3; file++) {
                put("raw/day=%d/%d.csv".formatted(day, file), "x");
            }
        }
        put("raw/top.csv", "x");
        put("other", "x");

        List<String> keys =
                s3
                        .listObjectsV2Paginator(
                                b -> b.bucket(BUCKET).prefix("raw/").maxKeys(4).delimiter("/"))
                        .stream()
                        .flatMap(
                                page ->
                                        Stream.concat(
                                                page.commonPrefixes().stream()
                                                        .map(CommonPrefix::prefix),
                                                page.contents().stream().map(S3Object::key)))
                        .toList();
        assertThat(keys)
                .containsExactly(
                        "raw/day=1/",
                        "raw/day=2/",
                        "raw/day=3/",
                        "raw/day=4/",
                        "raw/day=5/",
                        "raw/top.csv");

        assertThat(
                        s3
                                .listObjectsV2Paginator(b -> b.bucket(BUCKET).maxKeys(7))
                                .contents()
                                .stream()
                                .map(S3Object::key))
                .hasSize(17)
                .isSorted();
        ListObjectsV2Response after =
                s3.listObjectsV2(b -> b.bucket(BUCKET).startAfter("raw/day=5/1.csv"));
        assertThat(after.contents())
                .extracting(S3Object::key)
                .containsExactly("raw/day=5/2.csv", "raw/top.csv");
        assertThat(after.isTruncated()).isFalse();
    }

    @Test
    void uploadsInParts() {
        byte[] bytes = new byte[6 << 20];
        new Random(3).nextBytes(bytes);
        String id = s3.createMultipartUpload(b -> b.bucket(BUCKET).key("big")).uploadId();
        List<CompletedPart> parts = new ArrayList<>();
        int[] cuts = {0, 5 << 20, bytes.length};
        for (int n = 1; n < cuts.length; n++) {
            int part = n;
            byte[] slice = Arrays.copyOfRange(bytes, cuts[n - 1], cuts[n]);
            String etag =
                    s3.uploadPart(
                                    b -> b.bucket(BUCKET).key("big").uploadId(id).partNumber(part),
                                    RequestBody.fromBytes(slice))
                            .eTag();
            parts.add(CompletedPart.builder().partNumber(part).eTag(etag).build());
        }
        assertThat(s3.listParts(b -> b.bucket(BUCKET).key("big").uploadId(id)).parts()).hasSize(2);

        String etag =
                s3.completeMultipartUpload(
                                b ->
                                        b.bucket(BUCKET)
                                                .key("big")
                                                .uploadId(id)
                                                .multipartUpload(m -> m.parts(parts)))
                        .eTag();

        assertThat(etag).endsWith("-2\"");
        assertThat(s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("big")).asByteArray())
                .isEqualTo(bytes);
        assertThat(files()).as("the parts are gone").hasSize(1);
        assertThatThrownBy(() -> s3.listParts(b -> b.bucket(BUCKET).key("big").uploadId(id)))
                .isInstanceOf(S3Exception.class)
                .hasMessageContaining("upload");
    }

    @Test
    void copiesParts() {
        put("source", "0123456789");
        String id = s3.createMultipartUpload(b -> b.bucket(BUCKET).key("copy")).uploadId();
        String etag =
                s3.uploadPartCopy(
                                b ->
                                        b.sourceBucket(BUCKET)
                                                .sourceKey("source")
                                                .copySourceRange("bytes=2-4")
                                                .destinationBucket(BUCKET)
                                                .destinationKey("copy")
                                                .uploadId(id)
                                                .partNumber(1))
                        .copyPartResult()
                        .eTag();
        assertThatThrownBy(
                        () ->
                                s3.uploadPartCopy(
                                        b ->
                                                b.sourceBucket(BUCKET)
                                                        .sourceKey("source")
                                                        .copySourceRange("bytes=2-10")
                                                        .destinationBucket(BUCKET)
                                                        .destinationKey("copy")
                                                        .uploadId(id)
                                                        .partNumber(2)))
                .isInstanceOf(S3Exception.class)
                .hasMessageContaining("x-amz-copy-source-range");
        s3.completeMultipartUpload(
                b ->
                        b.bucket(BUCKET)
                                .key("copy")
                                .uploadId(id)
                                .multipartUpload(
                                        m ->
                                                m.parts(
                                                        List.of(
                                                                CompletedPart.builder()
                                                                        .partNumber(1)
                                                                        .eTag(etag)
                                                                        .build()))));

        assertThat(s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("copy")).asUtf8String())
                .isEqualTo("234");
    }

    @Test
    void listsUploadsThatHaveNotEnded() {
        List<String> ids = new ArrayList<>();
        for (String key : List.of("a/1", "a/2", "a/2", "b")) {
            ids.add(s3.createMultipartUpload(b -> b.bucket(BUCKET).key(key)).uploadId());
        }
        List<MultipartUpload> all =
                s3
                        .listMultipartUploadsPaginator(
                                b -> b.bucket(BUCKET).prefix("a/").maxUploads(2))
                        .uploads()
                        .stream()
                        .toList();
        assertThat(all).extracting(MultipartUpload::key).containsExactly("a/1", "a/2", "a/2");
        assertThat(all)
                .extracting(MultipartUpload::uploadId)
                .containsExactlyInAnyOrderElementsOf(ids.subList(0, 3));
        assertThat(all)
                .allSatisfy(
                        upload ->
                                assertThat(upload.initiated())
                                        .isBetween(Instant.now().minusSeconds(60), Instant.now()));
        for (MultipartUpload upload : all) {
            s3.abortMultipartUpload(
                    b -> b.bucket(BUCKET).key(upload.key()).uploadId(upload.uploadId()));
        }
        assertThat(s3.listMultipartUploads(b -> b.bucket(BUCKET)).uploads())
                .extracting(MultipartUpload::key)
                .containsExactly("b");
    }

    @Test
    void copiesAndDeletes() {
        put("from/ä b.csv", "1");
        s3.copyObject(
                b ->
                        b.sourceBucket(BUCKET)
                                .sourceKey("from/ä b.csv")
                                .destinationBucket(BUCKET)
                                .destinationKey("to.csv")
                                .metadataDirective(MetadataDirective.REPLACE)
                                .contentType("text/plain"));
        assertThat(s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("to.csv")).asUtf8String())
                .isEqualTo("1");

        assertThatThrownBy(() -> s3.deleteBucket(b -> b.bucket(BUCKET)))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        e ->
                                assertThat(e.awsErrorDetails().errorCode())
                                        .isEqualTo("BucketNotEmpty"));
        s3.deleteObjects(
                b ->
                        b.bucket(BUCKET)
                                .delete(
                                        Delete.builder()
                                                .objects(
                                                        id("from/ä b.csv"),
                                                        id("to.csv"),
                                                        id("never there"))
                                                .build()));
        s3.deleteBucket(b -> b.bucket(BUCKET));
        assertThatThrownBy(() -> s3.listObjectsV2(b -> b.bucket(BUCKET)))
                .isInstanceOf(NoSuchBucketException.class);
        assertThat(files()).isEmpty();
    }

    @Test
    void keepsVersionsWhereToldTo() {
        s3.putBucketVersioning(
                b ->
                        b.bucket(BUCKET)
                                .versioningConfiguration(
                                        v -> v.status(BucketVersioningStatus.ENABLED)));
        String first = put("k", "one");
        String second = put("k", "two");
        s3.deleteObject(b -> b.bucket(BUCKET).key("k"));

        assertThatThrownBy(() -> s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("k")))
                .isInstanceOf(NoSuchKeyException.class);
        assertThat(
                        s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("k").versionId(first))
                                .asUtf8String())
                .isEqualTo("one");
        var versions = s3.listObjectVersions(b -> b.bucket(BUCKET));
        assertThat(versions.versions())
                .extracting(ObjectVersion::versionId)
                .containsExactly(second, first);
        assertThat(versions.deleteMarkers()).hasSize(1);

        String marker = versions.deleteMarkers().getFirst().versionId();
        s3.deleteObject(b -> b.bucket(BUCKET).key("k").versionId(marker));
        assertThat(s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("k")).asUtf8String())
                .isEqualTo("two");
    }

    @Test
    void tellsOfNewObjectsOnlyWhereToldTo() throws IOException {
        put("before", "x");
        s3.putBucketNotificationConfiguration(
                b ->
                        b.bucket(BUCKET)
                                .notificationConfiguration(
                                        n ->
                                                n.eventBridgeConfiguration(
                                                        EventBridgeConfiguration.builder()
                                                                .build())));
        wakeUps.set(0);
        put("after", "x");
        Path file = Files.writeString(folder.resolve("local.csv"), "a\n1\n");
        store.put(BUCKET, "from the simulator.csv", file, "text/csv");

        List<JsonNode> events = events();
        assertThat(wakeUps).hasValue(2);
        assertThat(events)
                .extracting(e -> e.at("/detail/object/key").asText())
                .containsExactly("after", "from the simulator.csv");
        JsonNode event = events.get(1);
        assertThat(event.path("source").asText()).isEqualTo("aws.s3");
        assertThat(event.path("detail-type").asText()).isEqualTo("Object Created");
        assertThat(event.path("account").asText()).isEqualTo("111122223333");
        assertThat(event.at("/detail/bucket/name").asText()).isEqualTo(BUCKET);
        assertThat(event.at("/detail/object/size").asLong()).isEqualTo(4);
        assertThat(event.at("/detail/object/etag").asText())
                .isEqualTo("34ff2335cbe2045ddc3b78993d1e971d");
        assertThat(events.get(0).at("/detail/object/sequencer").asText())
                .isLessThan(event.at("/detail/object/sequencer").asText());
        assertThat(
                        s3.getBucketNotificationConfiguration(b -> b.bucket(BUCKET))
                                .eventBridgeConfiguration())
                .isNotNull();
    }

    @Test
    void keepsThePolicyAsPut() {
        assertThatThrownBy(() -> s3.getBucketPolicy(b -> b.bucket(BUCKET)))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        e ->
                                assertThat(e.awsErrorDetails().errorCode())
                                        .isEqualTo("NoSuchBucketPolicy"));
        String policy = "{\"Version\":\"2012-10-17\",\"Statement\":[]}";
        s3.putBucketPolicy(b -> b.bucket(BUCKET).policy(policy));
        assertThat(s3.getBucketPolicy(b -> b.bucket(BUCKET)).policy()).isEqualTo(policy);
    }

    @Test
    void saysWhatItDoesNotDo() {
        put("k", "x");
        assertThat(s3.getObjectTagging(b -> b.bucket(BUCKET).key("k")).tagSet()).isEmpty();
        assertThatThrownBy(() -> s3.getObjectAcl(b -> b.bucket(BUCKET).key("k")))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        e -> {
                            assertThat(e.statusCode()).isEqualTo(501);
                            assertThat(e.awsErrorDetails().errorCode()).isEqualTo("NotImplemented");
                        });
    }

    @Test
    void forgetsFilesThatNothingNames() throws IOException {
        put("k", "x");
        Path kept = files().getFirst();
        Path stray = kept.resolveSibling(kept.getFileName() + "5742a1b0");
        Files.writeString(stray, "a write that was killed");

        new ObjectStore(
                database,
                folder.resolve("objects"),
                "111122223333",
                REGION,
                Clock.systemUTC(),
                () -> {});

        assertThat(stray).doesNotExist();
        assertThat(s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("k")).asUtf8String())
                .isEqualTo("x");
    }

    @Test
    void readersSeeOneVersionWhileWritersReplaceIt() throws Exception {
        put("k", "0".repeat(200_000));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var writer =
                    threads.submit(
                            () ->
                                    IntStream.range(0, 40)
                                            .forEach(n -> put("k", ("" + n % 10).repeat(200_000))));
            do {
                byte[] got = s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("k")).asByteArray();
                assertThat(got).hasSize(200_000).containsOnly(got[0]);
            } while (!writer.isDone());
            writer.get();
        }
    }

    private String put(String key, String text) {
        String version =
                s3.putObject(b -> b.bucket(BUCKET).key(key), RequestBody.fromString(text))
                        .versionId();
        return version == null ? "" : version;
    }

    private String range(String key, String range) {
        return s3.getObjectAsBytes(b -> b.bucket(BUCKET).key(key).range(range)).asUtf8String();
    }

    private static ObjectIdentifier id(String key) {
        return ObjectIdentifier.builder().key(key).build();
    }

    private List<Path> files() {
        try (Stream<Path> tree = Files.walk(folder.resolve("objects"))) {
            return tree.filter(Files::isRegularFile).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<JsonNode> events() throws IOException {
        List<JsonNode> events = new ArrayList<>();
        for (String body :
                database.read(
                        c ->
                                Sql.query(
                                        c,
                                        "select body from s3_events order by id",
                                        row -> row.getString(1)))) {
            events.add(new ObjectMapper().readTree(body));
        }
        return events;
    }
}
