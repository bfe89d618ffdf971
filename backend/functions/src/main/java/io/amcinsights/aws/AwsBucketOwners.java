package io.amcinsights.aws;

import io.amcinsights.ports.BucketOwners;

import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.ResourceNotFoundException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;
import software.amazon.awssdk.services.sts.model.StsException;

import java.util.Optional;
import java.util.function.Supplier;

/** Their roles by STS, their events on the default bus of EventBridge. */
final class AwsBucketOwners implements BucketOwners {

    private static final int FORBIDDEN = 403;

    private final StsClient sts;
    private final EventBridgeClient events;
    private final Supplier<S3ClientBuilder> s3;

    /**
     * @param s3 begins a client, without region and credentials
     */
    AwsBucketOwners(StsClient sts, EventBridgeClient events, Supplier<S3ClientBuilder> s3) {
        this.sts = sts;
        this.events = events;
        this.s3 = s3;
    }

    @Override
    public Optional<S3Client> enter(String role, String externalId, String region) {
        Credentials theirs;
        try {
            theirs =
                    sts.assumeRole(
                                    r ->
                                            r.roleArn(role)
                                                    .roleSessionName("amc-insights")
                                                    .externalId(externalId))
                            .credentials();
        } catch (StsException e) {
            if (e.statusCode() == FORBIDDEN) {
                return Optional.empty();
            }
            throw e;
        }
        return Optional.of(
                s3.get()
                        .region(Region.of(region))
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsSessionCredentials.create(
                                                theirs.accessKeyId(),
                                                theirs.secretAccessKey(),
                                                theirs.sessionToken())))
                        .build());
    }

    @Override
    public void hear(String awsAccountId) {
        events.putPermission(
                r ->
                        r.statementId(statement(awsAccountId))
                                .action("events:PutEvents")
                                .principal(awsAccountId));
    }

    @Override
    public void ignore(String awsAccountId) {
        try {
            events.removePermission(r -> r.statementId(statement(awsAccountId)));
        } catch (ResourceNotFoundException e) {
            // it was not heard
        }
    }

    private static String statement(String awsAccountId) {
        return "amc-insights-" + awsAccountId;
    }
}
