package io.amcinsights.desktop.aws;

import software.amazon.awssdk.services.athena.AthenaClient;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Output;
import software.amazon.awssdk.services.cloudformation.model.Stack;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.sfn.SfnClient;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * Being signed in to an installation.
 *
 * @param identity who is signed in, as the status bar shows it
 */
public record Session(
        Installation installation,
        AwsAccount account,
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
     * @param identity who is signed in, as the status bar shows it
     * @param local whether it is a local workspace
     * @throws software.amazon.awssdk.core.exception.SdkException the stack cannot be read
     */
    public static Session open(
            AwsAccount account, String stackName, String identity, boolean local) {
        AwsConnection connection = new AwsConnection(account);
        try (CloudFormationClient stacks = connection.to(CloudFormationClient.builder())) {
            Stack stack =
                    stacks.describeStacks(describe -> describe.stackName(stackName))
                            .stacks()
                            .getFirst();
            Map<String, String> outputs =
                    stack.outputs().stream()
                            .collect(Collectors.toMap(Output::outputKey, Output::outputValue));
            Installation installation =
                    Installation.of(stackName, account.region(), local, outputs);
            return new Session(
                    installation,
                    account,
                    identity,
                    new LambdaBackend(connection.to(LambdaClient.builder()), installation),
                    new StepFunctions(connection.to(SfnClient.builder())),
                    new AthenaGateway(connection.to(AthenaClient.builder()), installation),
                    new S3Gateway(connection.toS3()),
                    connection);
        } catch (RuntimeException e) {
            connection.close();
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
}
