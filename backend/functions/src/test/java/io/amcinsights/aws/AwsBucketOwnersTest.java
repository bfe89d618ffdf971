package io.amcinsights.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.contract.Json;
import io.amcinsights.ports.BucketOwners;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.StsClient;

/** The owners of other accounts, as AWS lets us reach them. */
class AwsBucketOwnersTest {

    private static final String THEIRS = "777788889999";

    @RegisterExtension static final Moto moto = new Moto();

    private final EventBridgeClient events = moto.client(EventBridgeClient.builder());
    private final AwsBucketOwners owners =
            new AwsBucketOwners(moto.client(StsClient.builder()), events);

    @Test
    void theBucketIsReachedAsTheRoleOfItsAccount() {
        BucketOwners.Pass pass =
                owners.enter("arn:aws:iam::%s:role/amc-insights-bucket-t1".formatted(THEIRS), "t1")
                        .orElseThrow();
        S3Client theirs =
                S3Client.builder()
                        .endpointOverride(moto.endpoint())
                        .forcePathStyle(true)
                        .httpClient(UrlConnectionHttpClient.create())
                        .region(Region.EU_WEST_1)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsSessionCredentials.create(
                                                pass.keyId(), pass.secret(), pass.token())))
                        .build();
        theirs.createBucket(
                r ->
                        r.bucket("amc-theirs")
                                .createBucketConfiguration(c -> c.locationConstraint("eu-west-1")));

        assertThat(theirs.listBuckets().buckets())
                .extracting(b -> b.name())
                .containsExactly("amc-theirs");
        S3Client ours = moto.client(S3Client.builder().forcePathStyle(true));
        assertThat(ours.listBuckets().buckets()).isEmpty();
        assertThat(pass.toString()).doesNotContain(pass.secret(), pass.token());
    }

    @Test
    void theirEventsAreTakenOnceAsLongAsTheyAreHeard() throws Exception {
        owners.hear(THEIRS);
        owners.hear(THEIRS);
        assertThat(Json.mapper().readTree(policy()).path("Statement"))
                .singleElement()
                .satisfies(
                        s -> {
                            assertThat(s.path("Action").asText()).isEqualTo("events:PutEvents");
                            assertThat(s.path("Principal").toString()).contains(THEIRS);
                        });

        owners.ignore(THEIRS);
        owners.ignore(THEIRS);
        assertThat(policy()).doesNotContain(THEIRS);
    }

    private String policy() {
        return String.valueOf(events.describeEventBus(r -> r.name("default")).policy());
    }
}
