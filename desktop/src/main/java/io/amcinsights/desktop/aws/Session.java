package io.amcinsights.desktop.aws;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.athena.AthenaClient;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Output;
import software.amazon.awssdk.services.cloudformation.model.Stack;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sfn.SfnClient;

import java.net.URI;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Being signed in to an installation.
 *
 * @param identity who is signed in, as the status bar shows it
 */
public record Session(
        Installation installation,
        String identity,
        Backend backend,
        Executions executions,
        Athena athena,
        S3Objects objects,
        AutoCloseable clients)
        implements AutoCloseable {

    /**
     * Finds the installation and makes its gateways. Takes about a second in a fresh JVM: never on
     * the JavaFX thread.
     *
     * @param endpoint of a local workspace; null for AWS itself
     * @throws software.amazon.awssdk.core.exception.SdkException the stack cannot be read
     */
    public static Session open(
            String stackName,
            String region,
            String identity,
            AwsCredentialsProvider credentials,
            @Nullable URI endpoint) {
        SdkHttpClient http = UrlConnectionHttpClient.create();
        Connection connection = new Connection(Region.of(region), credentials, endpoint, http);
        try (CloudFormationClient stacks = connection.to(CloudFormationClient.builder()).build()) {
            Stack stack =
                    stacks.describeStacks(describe -> describe.stackName(stackName))
                            .stacks()
                            .getFirst();
            Map<String, String> outputs =
                    stack.outputs().stream()
                            .collect(Collectors.toMap(Output::outputKey, Output::outputValue));
            Installation installation =
                    Installation.of(stackName, region, endpoint != null, outputs);
            return new Session(
                    installation,
                    identity,
                    new LambdaBackend(connection.to(LambdaClient.builder()).build(), installation),
                    new StepFunctions(connection.to(SfnClient.builder()).build()),
                    new AthenaGateway(connection.to(AthenaClient.builder()).build(), installation),
                    new S3Gateway(
                            connection
                                    .to(S3Client.builder())
                                    .forcePathStyle(endpoint != null)
                                    .build()),
                    http);
        } catch (RuntimeException e) {
            http.close();
            throw e;
        }
    }

    /** Ends the session. Clients hold nothing but the HTTP client that they share. */
    @Override
    public void close() {
        try {
            clients.close();
        } catch (Exception e) {
            throw new IllegalStateException("Cannot close the connection", e);
        }
    }

    private record Connection(
            Region region,
            AwsCredentialsProvider credentials,
            @Nullable URI endpoint,
            SdkHttpClient http) {

        <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> B to(B builder) {
            B connected = builder.region(region).credentialsProvider(credentials).httpClient(http);
            return endpoint == null ? connected : connected.endpointOverride(endpoint);
        }
    }
}
