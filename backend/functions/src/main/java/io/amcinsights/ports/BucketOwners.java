package io.amcinsights.ports;

import java.util.Optional;

/** The owners of buckets in other AWS accounts and regions than the installation's. */
public interface BucketOwners {

    /** Temporary credentials of a role of theirs. */
    record Pass(String keyId, String secret, String token) {

        /** Without what is secret. */
        @Override
        public String toString() {
            return "Pass[" + keyId + "]";
        }
    }

    /**
     * Asks to be let in as a role of theirs.
     *
     * @param role ARN
     * @param externalId that the role asks for
     * @return empty where there is no such role, or it does not let us in
     */
    Optional<Pass> enter(String role, String externalId);

    /** From now on an account's events are taken on our event bus. */
    void hear(String awsAccountId);

    /** From now on they are not. */
    void ignore(String awsAccountId);
}
