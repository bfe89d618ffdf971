package io.amcinsights.aws;

import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.CreateBucketResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.GetBucketEncryptionRequest;
import software.amazon.awssdk.services.s3.model.GetBucketEncryptionResponse;
import software.amazon.awssdk.services.s3.model.GetBucketNotificationConfigurationRequest;
import software.amazon.awssdk.services.s3.model.GetBucketNotificationConfigurationResponse;
import software.amazon.awssdk.services.s3.model.GetBucketPolicyRequest;
import software.amazon.awssdk.services.s3.model.GetBucketPolicyResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.NotificationConfiguration;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.PutBucketNotificationConfigurationRequest;
import software.amazon.awssdk.services.s3.model.PutBucketNotificationConfigurationResponse;
import software.amazon.awssdk.services.s3.model.PutBucketPolicyRequest;
import software.amazon.awssdk.services.s3.model.PutBucketPolicyResponse;
import software.amazon.awssdk.services.s3.model.PutBucketVersioningRequest;
import software.amazon.awssdk.services.s3.model.PutBucketVersioningResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionRule;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

/** S3 in memory, as far as the functions call it. Every other call is refused by the interface. */
public final class MemoryS3 implements S3Client {

    public final Map<String, NotificationConfiguration> buckets = new HashMap<>();
    public final Map<String, byte[]> objects = new ConcurrentSkipListMap<>();
    public final Set<String> closed = new HashSet<>();
    public final Map<String, String> policies = new HashMap<>();
    public final Set<String> versioned = new HashSet<>();
    private final String region;

    /** When all objects were written, as far as a listing tells. */
    public Instant written = Instant.EPOCH;

    public MemoryS3() {
        this("us-east-1");
    }

    public MemoryS3(String region) {
        this.region = region;
    }

    /** A bucket that AMC may deliver to and that tells nobody. */
    public MemoryS3 bucket(String name) {
        buckets.put(name, NotificationConfiguration.builder().build());
        policies.put(
                name,
                """
                {"Statement":{"Effect":"Allow","Principal":{"AWS":"811639200769"},\
                "Action":"s3:Put*","Resource":"arn:aws:s3:::%s/*"}}\
                """
                        .formatted(name));
        return this;
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}

    @Override
    public HeadBucketResponse headBucket(HeadBucketRequest request) {
        bucketOf(request.bucket());
        return HeadBucketResponse.builder().bucketRegion(region).build();
    }

    @Override
    public GetBucketNotificationConfigurationResponse getBucketNotificationConfiguration(
            GetBucketNotificationConfigurationRequest request) {
        NotificationConfiguration set = bucketOf(request.bucket());
        return GetBucketNotificationConfigurationResponse.builder()
                .queueConfigurations(set.queueConfigurations())
                .topicConfigurations(set.topicConfigurations())
                .lambdaFunctionConfigurations(set.lambdaFunctionConfigurations())
                .eventBridgeConfiguration(set.eventBridgeConfiguration())
                .build();
    }

    @Override
    public PutBucketNotificationConfigurationResponse putBucketNotificationConfiguration(
            PutBucketNotificationConfigurationRequest request) {
        bucketOf(request.bucket());
        buckets.put(request.bucket(), request.notificationConfiguration());
        return PutBucketNotificationConfigurationResponse.builder().build();
    }

    @Override
    public CreateBucketResponse createBucket(CreateBucketRequest request) {
        buckets.put(request.bucket(), NotificationConfiguration.builder().build());
        return CreateBucketResponse.builder().build();
    }

    @Override
    public PutBucketVersioningResponse putBucketVersioning(PutBucketVersioningRequest request) {
        bucketOf(request.bucket());
        versioned.add(request.bucket());
        return PutBucketVersioningResponse.builder().build();
    }

    @Override
    public GetBucketPolicyResponse getBucketPolicy(GetBucketPolicyRequest request) {
        bucketOf(request.bucket());
        String policy = policies.get(request.bucket());
        if (policy == null) {
            throw S3Exception.builder().statusCode(404).message("no such policy").build();
        }
        return GetBucketPolicyResponse.builder().policy(policy).build();
    }

    @Override
    public PutBucketPolicyResponse putBucketPolicy(PutBucketPolicyRequest request) {
        bucketOf(request.bucket());
        policies.put(request.bucket(), request.policy());
        return PutBucketPolicyResponse.builder().build();
    }

    @Override
    public GetBucketEncryptionResponse getBucketEncryption(GetBucketEncryptionRequest request) {
        bucketOf(request.bucket());
        return GetBucketEncryptionResponse.builder()
                .serverSideEncryptionConfiguration(
                        c -> c.rules(ServerSideEncryptionRule.builder().build()))
                .build();
    }

    @Override
    public PutObjectResponse putObject(PutObjectRequest request, RequestBody body) {
        bucketOf(request.bucket());
        try (var content = body.contentStreamProvider().newStream()) {
            objects.put(request.bucket() + "/" + request.key(), content.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return PutObjectResponse.builder().build();
    }

    @Override
    public <T> T getObject(
            GetObjectRequest request, ResponseTransformer<GetObjectResponse, T> transformer) {
        byte[] bytes = object(request.bucket(), request.key());
        try {
            return transformer.transform(
                    GetObjectResponse.builder().contentLength((long) bytes.length).build(),
                    AbortableInputStream.create(new ByteArrayInputStream(bytes)));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public ResponseInputStream<GetObjectResponse> getObject(GetObjectRequest request) {
        return getObject(request, ResponseTransformer.toInputStream());
    }

    @Override
    public HeadObjectResponse headObject(HeadObjectRequest request) {
        return HeadObjectResponse.builder()
                .contentLength((long) object(request.bucket(), request.key()).length)
                .build();
    }

    @Override
    public CopyObjectResponse copyObject(CopyObjectRequest request) {
        bucketOf(request.destinationBucket());
        byte[] source = object(request.sourceBucket(), request.sourceKey());
        if (request.copySourceIfMatch() != null
                && !request.copySourceIfMatch().equals(etag(source))) {
            throw S3Exception.builder().statusCode(412).message("changed since").build();
        }
        objects.put(request.destinationBucket() + "/" + request.destinationKey(), source);
        return CopyObjectResponse.builder().build();
    }

    @Override
    public ListObjectsV2Response listObjectsV2(ListObjectsV2Request request) {
        if (request.delimiter() == null) {
            return ListObjectsV2Response.builder()
                    .isTruncated(false)
                    .contents(
                            keys(request.bucket(), request.prefix())
                                    .map(
                                            key ->
                                                    S3Object.builder()
                                                            .key(key)
                                                            .lastModified(written)
                                                            .build())
                                    .toList())
                    .build();
        }
        List<CommonPrefix> folders =
                keys(request.bucket(), request.prefix())
                        .map(
                                key ->
                                        key.substring(
                                                0, key.indexOf('/', request.prefix().length()) + 1))
                        .distinct()
                        .map(prefix -> CommonPrefix.builder().prefix(prefix).build())
                        .toList();
        return ListObjectsV2Response.builder().isTruncated(false).commonPrefixes(folders).build();
    }

    @Override
    public ListObjectVersionsResponse listObjectVersions(ListObjectVersionsRequest request) {
        List<ObjectVersion> versions =
                keys(request.bucket(), request.prefix())
                        .filter(key -> key.compareTo(request.keyMarker()) > 0)
                        .map(
                                key ->
                                        ObjectVersion.builder()
                                                .key(key)
                                                .versionId("null")
                                                .isLatest(true)
                                                .eTag(
                                                        "\"%s\""
                                                                .formatted(
                                                                        etag(
                                                                                object(
                                                                                        request
                                                                                                .bucket(),
                                                                                        key))))
                                                .size((long) object(request.bucket(), key).length)
                                                .lastModified(written)
                                                .build())
                        .toList();
        return ListObjectVersionsResponse.builder().isTruncated(false).versions(versions).build();
    }

    private Stream<String> keys(String bucket, String prefix) {
        bucketOf(bucket);
        return objects.keySet().stream()
                .filter(key -> key.startsWith(bucket + "/" + prefix))
                .map(key -> key.substring(bucket.length() + 1));
    }

    @Override
    public DeleteObjectResponse deleteObject(DeleteObjectRequest request) {
        objects.remove(request.bucket() + "/" + request.key());
        return DeleteObjectResponse.builder().build();
    }

    /** The ETag of an object with this content. */
    public static String etag(byte[] content) {
        return Integer.toHexString(Arrays.hashCode(content));
    }

    private byte[] object(String bucket, String key) {
        bucketOf(bucket);
        byte[] bytes = objects.get(bucket + "/" + key);
        if (bytes == null) {
            throw NoSuchKeyException.builder().statusCode(404).message("no such key").build();
        }
        return bytes;
    }

    private NotificationConfiguration bucketOf(String name) {
        if (closed.contains(name)) {
            throw S3Exception.builder().statusCode(403).message("Access Denied").build();
        }
        NotificationConfiguration bucket = buckets.get(name);
        if (bucket == null) {
            throw S3Exception.builder().statusCode(404).message("no such bucket").build();
        }
        return bucket;
    }
}
