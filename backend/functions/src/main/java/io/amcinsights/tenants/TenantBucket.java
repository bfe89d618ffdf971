package io.amcinsights.tenants;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.TenantDraft;

import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.EventBridgeConfiguration;
import software.amazon.awssdk.services.s3.model.GetBucketNotificationConfigurationResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionByDefault;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The settings of one tenant's bucket, as far as its owner lets us. Each call names the account
 * that the bucket is expected to belong to, so that nobody else's of that name is touched.
 */
record TenantBucket(S3Client s3, TenantDraft tenant) {

    private static final int MOVED = 301;
    private static final int FORBIDDEN = 403;
    private static final int ABSENT = 404;

    /** False where there is none; a failure where it is not the tenant's, or closed to us. */
    boolean exists() {
        try {
            String region =
                    s3.headBucket(r -> r.bucket(name()).expectedBucketOwner(owner()))
                            .bucketRegion();
            if (region != null && !region.equals(tenant.bucketRegion())) {
                throw elsewhere(region);
            }
            return true;
        } catch (S3Exception e) {
            return switch (e.statusCode()) {
                case ABSENT -> false;
                case MOVED ->
                        throw elsewhere(
                                e.awsErrorDetails()
                                        .sdkHttpResponse()
                                        .firstMatchingHeader("x-amz-bucket-region")
                                        .orElse("another region"));
                case FORBIDDEN ->
                        throw refused(
                                e,
                                "We may not look into the bucket “%s”, or it is not one of AWS account %s."
                                        .formatted(name(), owner()),
                                "Check the account. A bucket policy that denies what it does not"
                                        + " name must let us in.");
                default -> throw e;
            };
        }
    }

    private FailureException elsewhere(String region) {
        return refusal(
                        "The bucket “%s” is in %s, not in %s."
                                .formatted(name(), region, tenant.bucketRegion()),
                        "Enter %s as the bucket's region.".formatted(region))
                .exception();
    }

    /** JSON; empty where the bucket has none. */
    String policy() {
        try {
            return reading(
                    () ->
                            s3.getBucketPolicy(r -> r.bucket(name()).expectedBucketOwner(owner()))
                                    .policy());
        } catch (AwsServiceException e) {
            if (e.statusCode() == ABSENT) {
                return "";
            }
            throw e;
        }
    }

    void setPolicy(String policy) {
        writing(
                () ->
                        s3.putBucketPolicy(
                                r -> r.bucket(name()).expectedBucketOwner(owner()).policy(policy)));
    }

    boolean tellsEventBridge() {
        return notifications().eventBridgeConfiguration() != null;
    }

    private GetBucketNotificationConfigurationResponse notifications() {
        return reading(
                () ->
                        s3.getBucketNotificationConfiguration(
                                r -> r.bucket(name()).expectedBucketOwner(owner())));
    }

    /** Tells EventBridge of new files, beside whom it tells already. */
    void tellEventBridge() {
        GetBucketNotificationConfigurationResponse set = notifications();
        writing(
                () ->
                        s3.putBucketNotificationConfiguration(
                                r ->
                                        r.bucket(name())
                                                .expectedBucketOwner(owner())
                                                .notificationConfiguration(
                                                        n ->
                                                                n.topicConfigurations(
                                                                                set
                                                                                        .topicConfigurations())
                                                                        .queueConfigurations(
                                                                                set
                                                                                        .queueConfigurations())
                                                                        .lambdaFunctionConfigurations(
                                                                                set
                                                                                        .lambdaFunctionConfigurations())
                                                                        .eventBridgeConfiguration(
                                                                                EventBridgeConfiguration
                                                                                        .builder()
                                                                                        .build()))));
    }

    /** The KMS key that new files are encrypted with, where it is not one of S3's own. */
    Optional<String> key() {
        return reading(
                        () ->
                                s3.getBucketEncryption(
                                        r -> r.bucket(name()).expectedBucketOwner(owner())))
                .serverSideEncryptionConfiguration()
                .rules()
                .stream()
                .map(rule -> rule.applyServerSideEncryptionByDefault())
                .filter(Objects::nonNull)
                .map(ServerSideEncryptionByDefault::kmsMasterKeyID)
                .filter(Objects::nonNull)
                .findFirst();
    }

    /** New buckets are encrypted, closed to the public and without ACLs, since April 2023. */
    void create() {
        CreateBucketRequest.Builder request = CreateBucketRequest.builder().bucket(name());
        if (!tenant.bucketRegion().equals("us-east-1")) {
            request.createBucketConfiguration(c -> c.locationConstraint(tenant.bucketRegion()));
        }
        writing(() -> s3.createBucket(request.build()));
        writing(
                () ->
                        s3.putBucketVersioning(
                                r ->
                                        r.bucket(name())
                                                .versioningConfiguration(
                                                        v ->
                                                                v.status(
                                                                        BucketVersioningStatus
                                                                                .ENABLED))));
    }

    private <T> T reading(Supplier<T> call) {
        try {
            return call.get();
        } catch (S3Exception e) {
            throw e.statusCode() == FORBIDDEN
                    ? refused(
                            e,
                            "We may not see how the bucket “%s” is set up, so nothing was changed."
                                    .formatted(name()),
                            "Its owner, AWS account %s, must allow s3:GetBucketPolicy, s3:GetEncryptionConfiguration and s3:GetBucketNotification to this installation."
                                    .formatted(owner()))
                    : e;
        }
    }

    private void writing(Runnable call) {
        try {
            call.run();
        } catch (S3Exception e) {
            throw switch (e.statusCode()) {
                case FORBIDDEN ->
                        refused(
                                e,
                                "We may not change the bucket “%s”.".formatted(name()),
                                "Its owner, AWS account %s, must allow it to this installation, or make the changes that “Prepare bucket…” under Tenants shows."
                                        .formatted(owner()));
                case 409 ->
                        refused(
                                e,
                                "The name “%s” belongs to a bucket of somebody else."
                                        .formatted(name()),
                                "Choose another name.");
                default -> e;
            };
        }
    }

    private static FailureException refused(Throwable cause, String message, String next) {
        return new FailureException(refusal(message, next), cause);
    }

    private static Failure refusal(String message, String next) {
        return Failure.of(ErrorCode.BUCKET_ACCESS, message).next(next);
    }

    private String name() {
        return tenant.bucketName();
    }

    private String owner() {
        return tenant.awsAccountId();
    }
}
