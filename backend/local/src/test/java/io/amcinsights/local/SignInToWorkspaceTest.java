package io.amcinsights.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.TenantRequest;
import io.amcinsights.local.signin.SignInBrowser;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.LambdaException;
import software.amazon.awssdk.services.sso.SsoClient;
import software.amazon.awssdk.services.sso.model.RoleCredentials;
import software.amazon.awssdk.services.ssooidc.SsoOidcClient;
import software.amazon.awssdk.services.ssooidc.model.CreateTokenResponse;
import software.amazon.awssdk.services.ssooidc.model.RegisterClientResponse;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The workspace, entered through the page with the keys that come of it, by SDK and AWS CLI. */
class SignInToWorkspaceTest {

    private static final String ACCOUNT = "000000000000";
    private static final String BACK = "http://127.0.0.1:54321/oauth/callback";
    private static final String VERIFIER = "0123456789abcdef".repeat(4);

    @TempDir static Path folder;

    private static Process process;
    private static URI workspace;

    @BeforeAll
    static void start() throws IOException {
        process =
                Workspaces.process(folder.resolve("data"))
                        .redirectError(folder.resolve("log.txt").toFile())
                        .start();
        String line = process.inputReader().readLine();
        assertThat(line).as(Files.readString(folder.resolve("log.txt"))).startsWith("ready ");
        workspace = URI.create(line.substring("ready ".length()));
    }

    @AfterAll
    static void stop() {
        process.destroyForcibly();
    }

    private record SignedIn(RegisterClientResponse client, CreateTokenResponse token) {}

    private static SignedIn signIn() throws Exception {
        try (SignInBrowser browser = new SignInBrowser();
                SsoOidcClient oidc =
                        SsoOidcClient.builder()
                                .endpointOverride(workspace)
                                .region(Region.US_EAST_1)
                                .credentialsProvider(AnonymousCredentialsProvider.create())
                                .httpClient(UrlConnectionHttpClient.create())
                                .build()) {
            RegisterClientResponse client =
                    oidc.registerClient(
                            r ->
                                    r.clientName("test")
                                            .clientType("public")
                                            .grantTypes("authorization_code", "refresh_token")
                                            .redirectUris("http://127.0.0.1/oauth/callback")
                                            .issuerUrl(workspace + "/start")
                                            .scopes("sso:account:access"));
            String code =
                    SignInBrowser.sentBack(
                                    browser.answer(
                                            SignInBrowser.authorize(
                                                    workspace,
                                                    client.clientId(),
                                                    BACK,
                                                    "state",
                                                    VERIFIER),
                                            "allow",
                                            Files.readString(folder.resolve("data/password"))))
                            .get("code");
            return new SignedIn(
                    client,
                    oidc.createToken(
                            t ->
                                    t.grantType("authorization_code")
                                            .clientId(client.clientId())
                                            .clientSecret(client.clientSecret())
                                            .code(code)
                                            .redirectUri(BACK)
                                            .codeVerifier(VERIFIER)));
        }
    }

    private static LambdaClient lambda(SignedIn signedIn, String role) {
        try (SsoClient sso =
                SsoClient.builder()
                        .endpointOverride(workspace)
                        .region(Region.US_EAST_1)
                        .credentialsProvider(AnonymousCredentialsProvider.create())
                        .httpClient(UrlConnectionHttpClient.create())
                        .build()) {
            RoleCredentials keys =
                    sso.getRoleCredentials(
                                    r ->
                                            r.accessToken(signedIn.token().accessToken())
                                                    .accountId(ACCOUNT)
                                                    .roleName(role))
                            .roleCredentials();
            AwsCredentialsProvider credentials =
                    StaticCredentialsProvider.create(
                            AwsSessionCredentials.create(
                                    keys.accessKeyId(),
                                    keys.secretAccessKey(),
                                    keys.sessionToken()));
            return LambdaClient.builder()
                    .endpointOverride(workspace)
                    .region(Region.US_EAST_1)
                    .credentialsProvider(credentials)
                    .httpClient(UrlConnectionHttpClient.create())
                    .build();
        }
    }

    @Test
    void each_role_may_what_it_may() throws Exception {
        SignedIn signedIn = signIn();
        TenantRequest.PauseTenant writes = new TenantRequest.PauseTenant("nobody");
        try (LambdaClient analyst = lambda(signedIn, "Analyst");
                LambdaClient administrator = lambda(signedIn, "Administrator")) {
            assertThat(Workspaces.call(analyst, new TenantRequest.ListTenants()).tenants())
                    .isEmpty();
            assertThatExceptionOfType(LambdaException.class)
                    .isThrownBy(() -> Workspaces.call(analyst, writes))
                    .withMessageContaining("role/Analyst is not authorized");
            // It is invoked, and finds that there is no such tenant.
            assertThatExceptionOfType(FailureException.class)
                    .isThrownBy(() -> Workspaces.call(administrator, writes));
        }
    }

    @Test
    void the_aws_cli_uses_the_profile_that_the_workspace_writes() throws Exception {
        assumeTrue(installed(), "skipped: the AWS CLI is not installed");
        SignedIn signedIn = signIn();
        Path home = Files.createDirectories(folder.resolve("home"));
        Path cache = Files.createDirectories(home.resolve(".aws/sso/cache"));
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        // As "aws sso login" leaves it; this one has run out, so that the CLI must refresh it.
        Files.writeString(
                cache.resolve(sha1("local") + ".json"),
                """
                {"startUrl": "%s/start", "region": "us-east-1", "accessToken": "%s",
                 "expiresAt": "%s", "clientId": "%s", "clientSecret": "%s",
                 "registrationExpiresAt": "%s", "refreshToken": "%s"}
                """
                        .formatted(
                                workspace,
                                signedIn.token().accessToken(),
                                now.plusSeconds(60),
                                signedIn.client().clientId(),
                                signedIn.client().clientSecret(),
                                now.plus(80, ChronoUnit.DAYS),
                                signedIn.token().refreshToken()));
        String user = System.getProperty("user.name");
        for (String[] profile :
                new String[][] {{"local-sso", "Administrator"}, {"local-sso-analyst", "Analyst"}}) {
            assertThat(aws(home, "sts", "get-caller-identity", "--profile", profile[0]))
                    .isEqualTo(
                            "arn:aws:sts::%s:assumed-role/%s/%s"
                                    .formatted(ACCOUNT, profile[1], user));
        }
        assertThat(Files.readString(cache.resolve(sha1("local") + ".json")))
                .as("the CLI has kept the token that it got for the refresh token")
                .doesNotContain(signedIn.token().accessToken());
    }

    private static String aws(Path home, String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of("aws"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--query", "Arn", "--output", "text"));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
        builder.environment().put("HOME", home.toString());
        builder.environment().put("AWS_CONFIG_FILE", folder.resolve("data/config").toString());
        builder.environment()
                .put("AWS_SHARED_CREDENTIALS_FILE", folder.resolve("data/credentials").toString());
        Path errors = folder.resolve("aws.txt");
        Process aws = builder.redirectError(errors.toFile()).start();
        String output =
                new String(aws.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(aws.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(aws.exitValue()).as(Files.readString(errors)).isZero();
        return output;
    }

    private static boolean installed() throws InterruptedException {
        try {
            return new ProcessBuilder("aws", "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static String sha1(String text) throws Exception {
        return HexFormat.of()
                .formatHex(
                        MessageDigest.getInstance("SHA-1")
                                .digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
