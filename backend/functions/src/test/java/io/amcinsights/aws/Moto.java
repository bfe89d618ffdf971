package io.amcinsights.aws;

import static org.junit.jupiter.api.Assumptions.abort;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * AWS as the Python package moto plays it, over the wire. Tests are skipped where it is not
 * installed ({@code pip install 'moto[server]'}).
 */
public final class Moto implements BeforeAllCallback, AfterAllCallback {

    private static final Pattern READY =
            Pattern.compile("Running on (http://127\\.0\\.0\\.1:\\d+)");

    private @Nullable Process process;
    private @Nullable URI endpoint;

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        Process started;
        try {
            started =
                    new ProcessBuilder("moto_server", "-H", "127.0.0.1", "-p", "0")
                            .redirectErrorStream(true)
                            .start();
        } catch (IOException e) {
            abort("moto_server is not installed, so AWS cannot be played: " + e.getMessage());
            return;
        }
        process = started;
        BufferedReader output = started.inputReader();
        StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher ready = READY.matcher(line);
            if (ready.find()) {
                endpoint = URI.create(ready.group(1));
                Thread.ofVirtual().start(() -> output.lines().forEach(ignored -> {}));
                return;
            }
            said.append(line).append('\n');
        }
        abort("moto_server did not start:\n" + said);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (process != null) {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
    }

    URI endpoint() {
        return Objects.requireNonNull(endpoint);
    }

    /** A client that talks to moto. */
    public <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C client(B builder) {
        return builder.endpointOverride(endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "key")))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }
}
