package io.amcinsights.desktop.aws;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

import java.net.URI;

/**
 * Where to work at AWS, and with whose rights: all that is done there begins with this, however the
 * person signed in.
 *
 * @param profile the profile of the AWS CLI's files that the credentials are of; null where they
 *     come another way
 * @param role the role at an Identity Center that the credentials are of; null where they come
 *     another way
 * @param signIn the command that signs in anew; empty where there is none
 * @param region AWS region
 * @param credentials asked anew for each call, so that they may change under way
 * @param endpoint of an emulator or a local workspace; null for AWS itself
 */
public record AwsAccount(
        @Nullable String profile,
        @Nullable Role role,
        String signIn,
        String region,
        AwsCredentialsProvider credentials,
        @Nullable URI endpoint) {

    /** What leads to an account through an Identity Center: addresses and names, no secret. */
    public record Role(IdentityCenter center, String accountId, String roleName) {}

    /** The same in another region. */
    public AwsAccount in(String other) {
        return new AwsAccount(profile, role, signIn, other, credentials, endpoint);
    }
}
