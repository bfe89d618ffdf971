package io.amcinsights.desktop.aws;

import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Clients of one account, over one HTTP client; they hold nothing else that must be closed. */
public final class AwsConnection implements AutoCloseable {

    private final AwsAccount account;
    private final SdkHttpClient http = UrlConnectionHttpClient.create();

    public AwsConnection(AwsAccount account) {
        this.account = account;
    }

    public AwsAccount account() {
        return account;
    }

    /** A client of a service. Takes about a second for the first in a fresh JVM. */
    public <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C to(B builder) {
        B connected =
                builder.region(Region.of(account.region()))
                        .credentialsProvider(account.credentials())
                        .httpClient(http);
        return account.endpoint() == null
                ? connected.build()
                : connected.endpointOverride(account.endpoint()).build();
    }

    /** A client of S3; an emulator has no host name for each bucket. */
    public S3Client toS3() {
        return to(S3Client.builder().forcePathStyle(account.endpoint() != null));
    }

    @Override
    public void close() {
        http.close();
    }
}
