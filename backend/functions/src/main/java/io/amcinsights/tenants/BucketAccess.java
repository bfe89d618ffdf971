package io.amcinsights.tenants;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.TenantDraft;

import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.EventBridgeConfiguration;
import software.amazon.awssdk.services.s3.model.GetBucketNotificationConfigurationResponse;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Sees to it that a tenant's bucket tells EventBridge of new objects. What is set on the bucket is
 * read first and kept; where it cannot be read, nothing is written.
 */
public final class BucketAccess {

    private final S3Client s3;
    private final String region;

    /**
     * @param region the installation's
     */
    public BucketAccess(S3Client s3, String region) {
        this.s3 = s3;
        this.region = region;
    }

    void ensure(TenantDraft tenant) {
        GetBucketNotificationConfigurationResponse set = look(tenant);
        if (set.eventBridgeConfiguration() == null) {
            announce(tenant, set);
        }
    }

    /** What the bucket tells whom; a failure where it cannot be a tenant's. Changes nothing. */
    GetBucketNotificationConfigurationResponse look(TenantDraft tenant) {
        String bucket = tenant.bucketName();
        HeadBucketResponse head = head(tenant);
        String home = head.bucketRegion() == null ? tenant.bucketRegion() : head.bucketRegion();
        if (!home.equals(region)) {
            throw refused(
                    "The bucket “%s” is in %s, but this installation is in %s, and S3 tells of new files only in the bucket's own region."
                            .formatted(bucket, home, region),
                    "Use an installation in %s for this tenant.".formatted(home));
        }
        return notifications(tenant);
    }

    private HeadBucketResponse head(TenantDraft tenant) {
        String bucket = tenant.bucketName();
        try {
            return s3.headBucket(r -> r.bucket(bucket));
        } catch (S3Exception e) {
            throw switch (e.statusCode()) {
                case 404 ->
                        refused(
                                "There is no bucket “%s”.".formatted(bucket),
                                "Check the name: AMC's settings of the instance show it.");
                case 403 ->
                        refused(
                                "We may not look into the bucket “%s” of AWS account %s."
                                        .formatted(bucket, tenant.awsAccountId()),
                                "Its owner must allow s3:ListBucket and s3:GetObject to the role of"
                                        + " this installation's functions in the bucket policy.");
                case 301 ->
                        refused(
                                "The bucket “%s” is in another region than %s."
                                        .formatted(bucket, region),
                                "Use an installation in the bucket's region for this tenant.");
                default -> e;
            };
        }
    }

    private GetBucketNotificationConfigurationResponse notifications(TenantDraft tenant) {
        try {
            return s3.getBucketNotificationConfiguration(r -> r.bucket(tenant.bucketName()));
        } catch (S3Exception e) {
            throw e.statusCode() == 403 ? cannotAnnounce(tenant, e) : e;
        }
    }

    private void announce(TenantDraft tenant, GetBucketNotificationConfigurationResponse set) {
        try {
            s3.putBucketNotificationConfiguration(
                    r ->
                            r.bucket(tenant.bucketName())
                                    .notificationConfiguration(
                                            n ->
                                                    n.topicConfigurations(set.topicConfigurations())
                                                            .queueConfigurations(
                                                                    set.queueConfigurations())
                                                            .lambdaFunctionConfigurations(
                                                                    set
                                                                            .lambdaFunctionConfigurations())
                                                            .eventBridgeConfiguration(
                                                                    EventBridgeConfiguration
                                                                            .builder()
                                                                            .build())));
        } catch (S3Exception e) {
            throw e.statusCode() == 403 ? cannotAnnounce(tenant, e) : e;
        }
    }

    private static FailureException cannotAnnounce(TenantDraft tenant, S3Exception e) {
        return new FailureException(
                Failure.of(
                                ErrorCode.BUCKET_ACCESS,
                                "We may not see or change what the bucket “%s” tells EventBridge; nothing was changed."
                                        .formatted(tenant.bucketName()))
                        .next(
                                "The owner of AWS account %s can switch on Properties › Amazon EventBridge of the bucket, and allow s3:GetBucketNotification to this installation."
                                        .formatted(tenant.awsAccountId())),
                e);
    }

    private static FailureException refused(String message, String next) {
        return Failure.of(ErrorCode.BUCKET_ACCESS, message).next(next).exception();
    }
}
