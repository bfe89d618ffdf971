package io.amcinsights.desktop.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.amcinsights.desktop.aws.AwsAccount;
import io.amcinsights.desktop.aws.AwsConnection;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.s3.S3Client;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The deployment against a CloudFormation that somebody else wrote: the Python package moto, over
 * the wire. Skipped where it is not installed ({@code pip install 'moto[all,server]'}).
 */
class DeploymentOnMotoTest {

    private static final Pattern READY =
            Pattern.compile("Running on http://127\\.0\\.0\\.1:(\\d+)");

    @TempDir static Path folder;

    private static @Nullable Process moto;
    private static @Nullable URI endpoint;

    @BeforeAll
    static void start() throws IOException {
        Process started;
        try {
            started =
                    new ProcessBuilder("moto_server", "-H", "127.0.0.1", "-p", "0")
                            .redirectErrorStream(true)
                            .start();
        } catch (IOException e) {
            abort("moto_server is not installed, so nobody else plays AWS: " + e.getMessage());
            return;
        }
        moto = started;
        BufferedReader output = started.inputReader();
        StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher ready = READY.matcher(line);
            if (ready.find()) {
                // moto reads bucket and key from the path of a URL of this host only
                endpoint = URI.create("http://localhost:" + ready.group(1));
                Thread.ofVirtual().start(() -> output.lines().forEach(ignored -> {}));
                return;
            }
            said.append(line).append('\n');
        }
        abort("moto_server did not start:\n" + said);
    }

    @AfterAll
    static void stop() {
        if (moto != null) {
            moto.descendants().forEach(ProcessHandle::destroy);
            moto.destroy();
        }
    }

    /** moto knows neither aliases of functions nor the ARN of an alarm. */
    private static String understood(String template) {
        return template.replaceAll("!Ref (\\w+?)(Read|Write)\\b", "!GetAtt $1Function.Arn")
                .replaceAll("\\$\\{(\\w+Alarm)\\.Arn}", "\\${$1}");
    }

    /**
     * moto obeys a policy that denies without TLS on every request, also where the condition fails.
     */
    private static void makeBucket(AwsAccount account) {
        String name = "amc-insights-artifacts-123456789012-eu-west-1";
        try (AwsConnection connection = new AwsConnection(account);
                S3Client s3 = connection.toS3()) {
            s3.createBucket(
                    create ->
                            create.bucket(name)
                                    .createBucketConfiguration(
                                            in -> in.locationConstraint("eu-west-1")));
            s3.putBucketPolicy(
                    put ->
                            put.bucket(name)
                                    .policy("{\"Version\":\"2012-10-17\",\"Statement\":[]}"));
        }
    }

    @Test
    void theRealTemplateIsDeployedFoundAndRemoved() throws Exception {
        AwsAccount account =
                new AwsAccount(
                        null,
                        null,
                        "",
                        "eu-west-1",
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "key")),
                        Objects.requireNonNull(endpoint));
        Release release =
                Release.read(ReleaseFolder.made(folder, "1", DeploymentOnMotoTest::understood));
        makeBucket(account);
        try (Deployment deployment = Deployment.open(account, Duration.ofMillis(10))) {
            assertThat(deployment.preflight(release, "amc-insights", null, Map.of()))
                    .extracting(Preflight.Check::found)
                    .contains(
                            "Roles of the account: 0 of 1,000 are there, at least 10 come on top",
                            "Managed policies of the account: 0 of 1,500 are there, at least 2"
                                    + " come on top");
            deployment.upload(release, bytes -> {});
            ChangePlan plan =
                    deployment.plan(
                            release, "amc-insights", null, Map.of("AlarmEmail", "ops@example.org"));
            assertThat(plan.changes())
                    .hasSizeGreaterThan(80)
                    .allSatisfy(c -> assertThat(c.kind()).isEqualTo(PlannedChange.Kind.ADDED));
            deployment.stacks().execute(plan, "token");

            DeployedStack stack = deployment.stacks().find("amc-insights").orElseThrow();
            assertThat(stack.state()).isEqualTo(StackState.READY);
            // of a change set that makes a stack, moto 5.2 reads no outputs: the tag has to do
            assertThat(stack.isInstallation()).isTrue();
            assertThat(deployment.stacks().resources(stack.id()))
                    .extracting(Stacks.Existing::resource)
                    .contains(
                            "WorkflowsFunction", "WorkflowsVersionv1", "RunQueue", "LakeDelivery");
            assertThat(stack.parameters())
                    .containsEntry("ArtifactPrefix", release.prefix())
                    .containsEntry("AlarmEmail", "ops@example.org");
            assertThat(deployment.stacks().installations())
                    .extracting(DeployedStack::name)
                    .containsExactly("amc-insights");
            assertThat(Operation.found(deployment.stacks(), stack, Clock.systemUTC()).look().over())
                    .isTrue();

            Removal removal = Removal.of(deployment.stacks(), stack);
            assertThat(removal.stays())
                    .extracting(Stacks.Existing::resource)
                    .contains("Documents", "Lake");
            deployment.empty(removal.goes());
            deployment.stacks().remove(stack.id(), List.of(), "token");
            assertThat(deployment.stacks().find("amc-insights")).isEmpty();
        }
    }
}
