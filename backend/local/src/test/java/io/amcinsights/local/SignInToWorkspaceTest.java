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
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The workspace, entered through the page with the keys that come of it, by SDK and AWS CLI. */
class SignInToWorkspaceTest {

    private static final String ACCOUNT = "000000000000";

    /** Minor versions of the AWS CLI 2. */
    private static final int KNOWS_ENDPOINT_URL = 13;

    private static final int ASKS_BY_PAGE = 22;
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
        assumeTrue(!version("aws").isEmpty(), "skipped: the AWS CLI is not installed");
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
            assertThat(aws("aws", home, "sts", "get-caller-identity", "--profile", profile[0]))
                    .isEqualTo(
                            "arn:aws:sts::%s:assumed-role/%s/%s"
                                    .formatted(ACCOUNT, profile[1], user));
        }
        assertThat(Files.readString(cache.resolve(sha1("local") + ".json")))
                .as("the CLI has kept the token that it got for the refresh token")
                .doesNotContain(signedIn.token().accessToken());
    }

    /** The whole of it: only the address, which old versions cannot be told, is put right. */
    @Test
    void aws_sso_login_opens_the_page_and_takes_the_answer() throws Exception {
        String program =
                Stream.of("aws", "/usr/bin/aws")
                        .filter(candidate -> version(candidate).startsWith("2."))
                        .findFirst()
                        .orElse(null);
        assumeTrue(program != null, "skipped: version 2 of the AWS CLI is not installed");
        int minor = Integer.parseInt(version(program).split("\\.", -1)[1]);
        Path home = Files.createDirectories(folder.resolve("home-of-login"));
        if (minor < KNOWS_ENDPOINT_URL) {
            writeEndpoints(home);
        }
        List<String> login =
                new ArrayList<>(
                        List.of(program, "sso", "login", "--no-browser", "--profile", "local-sso"));
        if (minor >= ASKS_BY_PAGE) {
            login.add("--use-device-code");
        }
        Path said = folder.resolve("login.txt");
        Process waits =
                builder(home, login)
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        try (SignInBrowser browser = new SignInBrowser()) {
            String named =
                    Workspaces.await(
                            Duration.ofMinutes(1),
                            () -> text(said),
                            text -> text.contains("user_code=") || !waits.isAlive());
            assertThat(named).contains("user_code=");
            URI page =
                    named.lines()
                            .filter(line -> line.contains("user_code="))
                            .map(line -> URI.create(line.strip()))
                            .findFirst()
                            .orElseThrow();
            String code = page.getQuery().substring("user_code=".length());
            String password = Files.readString(folder.resolve("data/password"));
            HttpResponse<String> answered =
                    browser.answer(
                            browser.get(page),
                            Map.of("answer", "allow", "user_code", code, "password", password));
            assertThat(answered.body()).contains("You are signed in");
        }
        assertThat(waits.waitFor(1, TimeUnit.MINUTES)).as(Files.readString(said)).isTrue();
        assertThat(Files.readString(said)).contains("Successfully logged into");
        assertThat(waits.exitValue()).isZero();

        String[] identity = {
            "sts", "get-caller-identity", "--profile", "local-sso", "--endpoint-url", "" + workspace
        };
        assertThat(aws(program, home, identity)).contains("assumed-role/Administrator/");
        Process logout = builder(home, List.of(program, "sso", "logout")).start();
        assertThat(logout.waitFor()).isZero();
        List<String> asked = new ArrayList<>(List.of(program));
        asked.addAll(List.of(identity));
        assertThat(builder(home, asked).start().waitFor()).as("it is signed out").isNotZero();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of the AWS CLI; empty where there is none. */
    private static String version(String program) {
        try {
            Process asked =
                    new ProcessBuilder(program, "--version").redirectErrorStream(true).start();
            return new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .replaceFirst("(?s)^aws-cli/(\\S+).*", "$1");
        } catch (IOException e) {
            return "";
        }
    }

    /** Where a version that knows no endpoint_url looks for the addresses of services. */
    private static void writeEndpoints(Path home) throws IOException {
        for (String model : List.of("sso-oidc/2019-06-10", "sso/2019-06-10")) {
            Path rules = Files.createDirectories(home.resolve(".aws/models").resolve(model));
            Files.writeString(
                    rules.resolve("endpoint-rule-set-1.json"),
                    """
                    {"version": "1.0",
                     "parameters": {"Region": {"builtIn": "AWS::Region", "type": "String"}},
                     "rules": [{"type": "endpoint", "conditions": [], "endpoint": {"url": "%s"}}]}
                    """
                            .formatted(workspace));
        }
    }

    private static String aws(String program, Path home, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--query", "Arn", "--output", "text"));
        Process aws = builder(home, command).start();
        String output =
                new String(aws.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(aws.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(aws.exitValue()).as(Files.readString(folder.resolve("aws.txt"))).isZero();
        return output;
    }

    private static ProcessBuilder builder(Path home, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
        builder.environment().put("HOME", home.toString());
        builder.environment().put("AWS_CONFIG_FILE", folder.resolve("data/config").toString());
        builder.environment()
                .put("AWS_SHARED_CREDENTIALS_FILE", folder.resolve("data/credentials").toString());
        return builder.redirectError(folder.resolve("aws.txt").toFile());
    }

    private static String sha1(String text) throws Exception {
        return HexFormat.of()
                .formatHex(
                        MessageDigest.getInstance("SHA-1")
                                .digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
