package io.amcinsights.aws;

import io.amcinsights.ports.BucketOwners;

import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.ResourceNotFoundException;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;
import software.amazon.awssdk.services.sts.model.StsException;

import java.util.Optional;

/** Their roles by STS, their events on the default bus of EventBridge. */
final class AwsBucketOwners implements BucketOwners {

    private static final int FORBIDDEN = 403;

    private final StsClient sts;
    private final EventBridgeClient events;

    AwsBucketOwners(StsClient sts, EventBridgeClient events) {
        this.sts = sts;
        this.events = events;
    }

    @Override
    public Optional<Pass> enter(String role, String externalId) {
        try {
            Credentials theirs =
                    sts.assumeRole(
                                    r ->
                                            r.roleArn(role)
                                                    .roleSessionName("amc-insights")
                                                    .externalId(externalId))
                            .credentials();
            return Optional.of(
                    new Pass(
                            theirs.accessKeyId(), theirs.secretAccessKey(), theirs.sessionToken()));
        } catch (StsException e) {
            if (e.statusCode() == FORBIDDEN) {
                return Optional.empty();
            }
            throw e;
        }
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
