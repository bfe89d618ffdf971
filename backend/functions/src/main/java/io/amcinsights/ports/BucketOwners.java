package io.amcinsights.ports;

import software.amazon.awssdk.services.s3.S3Client;

import java.util.Optional;

/** The owners of buckets in other AWS accounts and regions than the installation's. */
public interface BucketOwners {

    /**
     * S3 in a region of theirs, as a role of theirs.
     *
     * @param role ARN
     * @param externalId that the role asks for
     * @return empty where there is no such role, or it does not let us in
     */
    Optional<S3Client> enter(String role, String externalId, String region);

    /** From now on an account's events are taken on our event bus. */
    void hear(String awsAccountId);

    /** From now on they are not. */
    void ignore(String awsAccountId);
}
