package io.amcinsights.desktop.deployment;

import io.amcinsights.desktop.aws.AwsAccount;
import io.amcinsights.desktop.aws.AwsConnection;
import io.amcinsights.desktop.aws.AwsIdentity;
import io.amcinsights.desktop.aws.AwsProblem;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.ProblemException;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/** Everything that is done at AWS for installations of one account and region. Blocks. */
public final class Deployment implements AutoCloseable {

    private static final Messages MESSAGES = Messages.of(Deployment.class);

    private final AwsConnection connection;
    private final AwsIdentity identity;
    private final Stacks stacks;

    private Deployment(AwsConnection connection, AwsIdentity identity, Duration pause) {
        this.connection = connection;
        this.identity = identity;
        stacks = new Stacks(connection, pause);
    }

    /**
     * Signs in.
     *
     * @param pause between two looks at what CloudFormation is busy with
     * @throws io.amcinsights.desktop.common.ProblemException AWS does not let us in, in words
     */
    public static Deployment open(AwsAccount account, Duration pause) throws Exception {
        AwsConnection connection = new AwsConnection(account);
        try {
            return AwsProblem.explained(
                    account, () -> new Deployment(connection, AwsIdentity.of(connection), pause));
        } catch (Exception e) {
            connection.close();
            throw e;
        }
    }

    public AwsAccount account() {
        return connection.account();
    }

    public AwsIdentity identity() {
        return identity;
    }

    public Stacks stacks() {
        return stacks;
    }

    /** Does something at AWS; what AWS refuses is said in words. */
    public <T> T explained(Callable<T> work) throws Exception {
        return AwsProblem.explained(account(), work);
    }

    /** Looks for what would make a deployment fail. */
    public List<Preflight.Check> preflight(
            Release release,
            String stackName,
            @Nullable DeployedStack before,
            Map<String, String> parameters) {
        return Preflight.look(connection, identity, release, stackName, before, parameters);
    }

    /**
     * Makes the artifact bucket where it is missing, and uploads what is not there yet.
     *
     * @param sent told how many bytes of the release are there, on this thread
     */
    public void upload(Release release, LongConsumer sent) {
        try (ArtifactBucket bucket = new ArtifactBucket(connection, identity)) {
            bucket.ensure();
            bucket.upload(release, sent);
        }
    }

    /**
     * Works out what would change; the release must be uploaded.
     *
     * @param before the stack that is to be changed; null to make one
     * @param parameters as entered; where the release lies is added
     */
    public ChangePlan plan(
            Release release,
            String stackName,
            @Nullable DeployedStack before,
            Map<String, String> parameters)
            throws InterruptedException {
        try (ArtifactBucket bucket = new ArtifactBucket(connection, identity)) {
            Map<String, String> all = new HashMap<>(parameters);
            all.put(Release.BUCKET_PARAMETER, bucket.name());
            all.put(Release.PREFIX_PARAMETER, release.prefix());
            return stacks.plan(stackName, before, bucket.templateUrl(release), all);
        }
    }

    /**
     * Deletes everything in the buckets among some resources: CloudFormation removes no bucket that
     * holds something.
     */
    public void empty(List<Stacks.Existing> resources) {
        try (S3Client s3 = connection.toS3()) {
            resources.stream()
                    .filter(each -> each.type().equals("AWS::S3::Bucket"))
                    .forEach(bucket -> empty(s3, bucket.physicalId()));
        }
    }

    private void empty(S3Client s3, String bucket) {
        String owner = identity.accountId();
        try {
            ListObjectVersionsResponse page;
            do {
                // What was listed is deleted before the next look, so each looks at the beginning.
                page =
                        s3.listObjectVersions(
                                list -> list.bucket(bucket).expectedBucketOwner(owner));
                List<ObjectIdentifier> found =
                        Stream.concat(
                                        page.versions().stream()
                                                .map(each -> version(each.key(), each.versionId())),
                                        page.deleteMarkers().stream()
                                                .map(each -> version(each.key(), each.versionId())))
                                .toList();
                if (found.isEmpty()) {
                    return;
                }
                List<S3Error> errors =
                        s3.deleteObjects(
                                        delete ->
                                                delete.bucket(bucket)
                                                        .expectedBucketOwner(owner)
                                                        .delete(
                                                                which ->
                                                                        which.objects(found)
                                                                                .quiet(true)))
                                .errors();
                if (!errors.isEmpty()) {
                    throw new ProblemException(
                            Problem.of(
                                    MESSAGES.text("empty.title", bucket),
                                    "%s: %s"
                                            .formatted(
                                                    errors.getFirst().key(),
                                                    errors.getFirst().message()),
                                    MESSAGES.text("empty.next")));
                }
            } while (Boolean.TRUE.equals(page.isTruncated()));
        } catch (NoSuchBucketException e) {
            // Somebody has removed it already, which is what we want.
            return;
        }
    }

    private static ObjectIdentifier version(String key, String id) {
        return ObjectIdentifier.builder().key(key).versionId(id).build();
    }

    @Override
    public void close() {
        stacks.close();
        connection.close();
    }
}
