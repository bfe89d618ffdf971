package io.amcinsights.local.s3;

import io.amcinsights.local.http.AwsError;
import io.amcinsights.local.http.AwsService;
import io.amcinsights.local.http.Call;
import io.amcinsights.local.http.ChecksumAlgorithm;
import io.amcinsights.local.http.Reply;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * S3's REST protocol, with the bucket in the path. Sub-resources and parameters that are not there
 * answer {@code NotImplemented}, as S3 itself says of what it lacks. Bucket policies are kept and
 * given back, not enforced: whoever holds keys of the workspace owns all of it but what Lake
 * Formation guards.
 */
public final class S3Service implements AwsService {

    private static final Set<String> PARAMETERS =
            Set.of(
                    "x-id",
                    "list-type",
                    "prefix",
                    "delimiter",
                    "continuation-token",
                    "start-after",
                    "marker",
                    "key-marker",
                    "version-id-marker",
                    "max-keys",
                    "encoding-type",
                    "fetch-owner",
                    "versionId",
                    "uploadId",
                    "partNumber",
                    "max-parts",
                    "part-number-marker",
                    "max-uploads",
                    "upload-id-marker",
                    "response-content-type",
                    "response-content-language",
                    "response-expires",
                    "response-cache-control",
                    "response-content-disposition",
                    "response-content-encoding");

    private final String account;
    private final Predicate<String> mayRead;
    private final ObjectStore store;
    private final BucketCalls buckets;
    private final ObjectCalls objects;
    private final MultipartCalls multipart;

    /**
     * @param mayRead whether the one who asks may reach into a bucket
     */
    public S3Service(ObjectStore store, String account, String region, Predicate<String> mayRead) {
        this.account = account;
        this.mayRead = mayRead;
        this.store = store;
        this.buckets = new BucketCalls(store, region);
        this.objects = new ObjectCalls(store);
        this.multipart = new MultipartCalls(store);
    }

    @Override
    public String signingName() {
        return "s3";
    }

    @Override
    public Reply handle(Call call) throws AwsError, IOException {
        return answer(withSignedHeaders(call)).with("x-amz-request-id", call.requestId());
    }

    /**
     * The headers that a presigned URL has among its parameters count as such. S3 passes over
     * checksums there, which programs take of the empty body that they have when they sign.
     */
    private static Call withSignedHeaders(Call call) {
        if (!call.query().containsKey("X-Amz-Signature")) {
            return call;
        }
        Map<String, List<String>> headers = new HashMap<>(call.headers());
        call.query()
                .forEach(
                        (name, values) -> {
                            String header = name.toLowerCase(Locale.ROOT);
                            if (header.startsWith("x-amz-")
                                    && ChecksumAlgorithm.ofHeader(header) == null) {
                                headers.putIfAbsent(header, values);
                            }
                        });
        return new Call(
                call.method(), call.path(), call.query(), headers, call.body(), call.requestId());
    }

    @Override
    public Reply error(AwsError error, String requestId) {
        Xml document =
                Xml.error()
                        .put("Code", error.code())
                        .put("Message", error.getMessage())
                        .put("RequestId", requestId);
        return Reply.of(error.status(), "application/xml", document.finish())
                .with("x-amz-request-id", requestId);
    }

    private Reply answer(Call call) throws AwsError, IOException {
        String path = call.path().substring(1);
        int slash = path.indexOf('/');
        String name = slash < 0 ? path : path.substring(0, slash);
        String key = slash < 0 ? "" : path.substring(slash + 1);
        String operation = call.method() + subresource(call);
        if (name.isEmpty()) {
            return switch (operation) {
                case "GET" -> buckets.listBuckets();
                default -> throw notImplemented(operation);
            };
        }
        if (key.isEmpty() && operation.equals("PUT")) {
            return buckets.createBucket(name, call);
        }
        Bucket bucket = store.bucket(name);
        if (bucket == null) {
            throw new AwsError(404, "NoSuchBucket", "The specified bucket does not exist");
        }
        String owner = call.header("x-amz-expected-bucket-owner");
        if (owner != null && !owner.equals(account)) {
            throw new AwsError(403, "AccessDenied", "Access Denied");
        }
        String source = call.header("x-amz-copy-source");
        if (!mayRead.test(name) || (source != null && !mayRead.test(bucketOf(source)))) {
            throw new AwsError(403, "AccessDenied", "Access Denied");
        }
        return key.isEmpty()
                ? answerBucket(operation, bucket, call)
                : answerObject(operation, bucket, key, call);
    }

    private Reply answerBucket(String operation, Bucket bucket, Call call)
            throws AwsError, IOException {
        return switch (operation) {
            case "GET" ->
                    "2".equals(call.parameter("list-type"))
                            ? buckets.listObjectsV2(bucket, call)
                            : buckets.listObjects(bucket, call);
            case "HEAD" -> buckets.headBucket();
            case "DELETE" -> buckets.deleteBucket(bucket);
            case "GET?versions" -> buckets.listObjectVersions(bucket, call);
            case "GET?encryption" -> buckets.getEncryption();
            case "GET?location" -> buckets.getBucketLocation();
            case "GET?policy" -> buckets.getBucketPolicy(bucket);
            case "PUT?policy" -> buckets.putBucketPolicy(bucket, call);
            case "DELETE?policy" -> buckets.deleteBucketPolicy(bucket);
            case "GET?notification" -> buckets.getNotifications(bucket);
            case "PUT?notification" -> buckets.putNotifications(bucket, call);
            case "GET?versioning" -> buckets.getVersioning(bucket);
            case "PUT?versioning" -> buckets.putVersioning(bucket, call);
            case "GET?uploads" -> multipart.listUploads(bucket, call);
            case "POST?delete" -> objects.deleteObjects(bucket, call);
            default -> throw notImplemented(operation);
        };
    }

    private Reply answerObject(String operation, Bucket bucket, String key, Call call)
            throws AwsError, IOException {
        @Nullable String upload = call.parameter("uploadId");
        return switch (operation) {
            case "GET" ->
                    upload == null
                            ? objects.getObject(bucket, key, call)
                            : multipart.listParts(bucket, key, upload, call);
            case "GET?tagging" -> objects.getTagging(bucket, key, call);
            case "HEAD" -> objects.headObject(bucket, key, call);
            case "PUT" -> {
                if (upload != null) {
                    yield multipart.uploadPart(bucket, key, upload, call);
                }
                yield call.header("x-amz-copy-source") == null
                        ? objects.putObject(bucket, key, call)
                        : objects.copyObject(bucket, key, call);
            }
            case "DELETE" ->
                    upload == null
                            ? objects.deleteObject(bucket, key, call)
                            : multipart.abort(bucket, key, upload);
            case "POST?uploads" -> multipart.create(bucket, key, call);
            case "POST" -> {
                if (upload == null) {
                    throw notImplemented("POST of a form");
                }
                yield multipart.complete(bucket, key, upload, call);
            }
            default -> throw notImplemented(operation);
        };
    }

    private static String bucketOf(String source) {
        String path =
                URLDecoder.decode(
                        source.startsWith("/") ? source.substring(1) : source,
                        StandardCharsets.UTF_8);
        int slash = path.indexOf('/');
        return slash < 0 ? path : path.substring(0, slash);
    }

    /** What stands behind the question mark besides parameters, such as {@code ?policy}. */
    private static String subresource(Call call) {
        return call.query().keySet().stream()
                .filter(name -> !PARAMETERS.contains(name))
                .filter(name -> !name.toLowerCase(Locale.ROOT).startsWith("x-amz-"))
                .sorted()
                .map(name -> "?" + name)
                .collect(Collectors.joining());
    }

    private static AwsError notImplemented(String operation) {
        return new AwsError(
                501,
                "NotImplemented",
                "A header or query you provided implies functionality that is not implemented: "
                        + operation);
    }
}
