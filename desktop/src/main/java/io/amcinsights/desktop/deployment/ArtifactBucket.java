package io.amcinsights.desktop.deployment;

import io.amcinsights.desktop.aws.AwsConnection;
import io.amcinsights.desktop.aws.AwsIdentity;
import io.amcinsights.desktop.aws.AwsProblem;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.ProblemException;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketLocationConstraint;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectOwnership;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionRule;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * The bucket of an account and region that releases are uploaded to. Its name can be guessed, so
 * every call says whose it must be: nothing is sent to a bucket of somebody else.
 */
final class ArtifactBucket implements AutoCloseable {

    private static final Messages MESSAGES = Messages.of(ArtifactBucket.class);
    private static final String HASH = "sha256";

    private final S3Client s3;
    private final String owner;
    private final String region;
    private final String partition;
    private final String name;

    ArtifactBucket(AwsConnection connection, AwsIdentity identity) {
        s3 = connection.toS3();
        owner = identity.accountId();
        region = connection.account().region();
        partition = identity.partition();
        name = "amc-insights-artifacts-%s-%s".formatted(owner, region);
    }

    String name() {
        return name;
    }

    /** Where CloudFormation finds the template of a release. */
    String templateUrl(Release release) {
        return s3.utilities()
                .getUrl(url -> url.bucket(name).key(release.prefix() + Release.TEMPLATE))
                .toString();
    }

    /**
     * Makes the bucket where it is missing, and closes it to everybody else.
     *
     * @throws ProblemException it belongs to another account
     */
    void ensure() {
        if (!exists()) {
            create();
        }
        if (!closed()) {
            close(owner);
        }
    }

    private boolean exists() {
        try {
            s3.headBucket(head -> head.bucket(name).expectedBucketOwner(owner));
            return true;
        } catch (S3Exception e) {
            if (e.statusCode() == 404) {
                return false;
            }
            if (e.statusCode() == 403) {
                throw new ProblemException(notOurs());
            }
            throw e;
        }
    }

    private void create() {
        CreateBucketRequest.Builder create =
                CreateBucketRequest.builder()
                        .bucket(name)
                        .objectOwnership(ObjectOwnership.BUCKET_OWNER_ENFORCED);
        // The first region of all is the only one that must not be named.
        if (!region.equals("us-east-1")) {
            create.createBucketConfiguration(
                    in -> in.locationConstraint(BucketLocationConstraint.fromValue(region)));
        }
        try {
            s3.createBucket(create.build());
        } catch (S3Exception e) {
            if (AwsProblem.code(e).equals("BucketAlreadyExists")) {
                throw new ProblemException(notOurs());
            }
            if (!AwsProblem.code(e).equals("BucketAlreadyOwnedByYou")) {
                throw e;
            }
        }
    }

    /** The policy is put last: where it is, everything else has been put before. */
    private boolean closed() {
        try {
            s3.getBucketPolicy(get -> get.bucket(name).expectedBucketOwner(owner));
            return true;
        } catch (S3Exception e) {
            if (AwsProblem.code(e).equals("NoSuchBucketPolicy")) {
                return false;
            }
            throw e;
        }
    }

    private void close(String account) {
        s3.putPublicAccessBlock(
                put ->
                        put.bucket(name)
                                .expectedBucketOwner(account)
                                .publicAccessBlockConfiguration(
                                        block ->
                                                block.blockPublicAcls(true)
                                                        .blockPublicPolicy(true)
                                                        .ignorePublicAcls(true)
                                                        .restrictPublicBuckets(true)));
        ServerSideEncryptionRule encrypted =
                ServerSideEncryptionRule.builder()
                        .applyServerSideEncryptionByDefault(
                                by -> by.sseAlgorithm(ServerSideEncryption.AES256))
                        .build();
        s3.putBucketEncryption(
                put ->
                        put.bucket(name)
                                .expectedBucketOwner(account)
                                .serverSideEncryptionConfiguration(
                                        config -> config.rules(encrypted)));
        s3.putBucketVersioning(
                put ->
                        put.bucket(name)
                                .expectedBucketOwner(account)
                                .versioningConfiguration(
                                        v -> v.status(BucketVersioningStatus.ENABLED)));
        s3.putBucketPolicy(put -> put.bucket(name).expectedBucketOwner(account).policy(tlsOnly()));
    }

    private String tlsOnly() {
        return """
        {"Version":"2012-10-17","Statement":[{"Sid":"TlsOnly","Effect":"Deny","Principal":"*",\
        "Action":"s3:*","Resource":["arn:%1$s:s3:::%2$s","arn:%1$s:s3:::%2$s/*"],\
        "Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}\
        """
                .formatted(partition, name);
    }

    /**
     * Sends what is not there yet.
     *
     * @param sent told how many bytes of the release are there, on this thread
     */
    void upload(Release release, LongConsumer sent) {
        long before = 0;
        for (Release.File file : release.files()) {
            String key = release.prefix() + file.path();
            if (!isThere(key, file)) {
                send(key, file, before, sent);
            }
            before += file.size();
            sent.accept(before);
        }
    }

    private boolean isThere(String key, Release.File file) {
        try {
            HeadObjectResponse there =
                    s3.headObject(head -> head.bucket(name).key(key).expectedBucketOwner(owner));
            return file.hash().equals(there.metadata().get(HASH))
                    && there.contentLength() == file.size();
        } catch (S3Exception e) {
            if (e.statusCode() == 404) {
                return false;
            }
            throw e;
        }
    }

    private void send(String key, Release.File file, long before, LongConsumer sent) {
        s3.putObject(
                put ->
                        put.bucket(name)
                                .key(key)
                                .expectedBucketOwner(owner)
                                .metadata(Map.of(HASH, file.hash())),
                RequestBody.fromContentProvider(
                        () -> new Counted(open(file), before, sent),
                        file.size(),
                        "application/octet-stream"));
    }

    private static InputStream open(Release.File file) {
        try {
            return Files.newInputStream(file.file());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file.file(), e);
        }
    }

    private Problem notOurs() {
        return Problem.of(
                MESSAGES.text("bucket.others.title"),
                MESSAGES.text("bucket.others.message", name, owner),
                MESSAGES.text("bucket.others.next"));
    }

    @Override
    public void close() {
        s3.close();
    }

    /** Counts what is read; a retry begins with a new one. */
    private static final class Counted extends FilterInputStream {

        private final LongConsumer sent;
        private long position;

        Counted(InputStream in, long before, LongConsumer sent) {
            super(in);
            position = before;
            this.sent = sent;
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            if (value >= 0) {
                count(1);
            }
            return value;
        }

        @Override
        public int read(byte @Nullable [] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            if (read > 0) {
                count(read);
            }
            return read;
        }

        private void count(int read) {
            position += read;
            sent.accept(position);
        }
    }
}
