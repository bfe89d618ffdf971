package io.amcinsights.aws;

import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * Makes the clients of AWS's services, which share their connections and their credentials: a
 * function then asks for credentials once, not for each service.
 */
public record AwsClients(SdkHttpClient http, AwsCredentialsProvider credentials) {

    /** The client of a service. */
    public <C, B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>> C make(B builder) {
        return builder.httpClient(http).credentialsProvider(credentials).build();
    }
}
