package io.amcinsights.local.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.amcinsights.local.http.AccessKeys;
import io.amcinsights.local.http.Front;
import io.amcinsights.local.store.Database;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sso.SsoClient;
import software.amazon.awssdk.services.sso.model.AccountInfo;
import software.amazon.awssdk.services.sso.model.ResourceNotFoundException;
import software.amazon.awssdk.services.sso.model.RoleCredentials;
import software.amazon.awssdk.services.sso.model.RoleInfo;
import software.amazon.awssdk.services.sso.model.SsoException;
import software.amazon.awssdk.services.sso.model.UnauthorizedException;
import software.amazon.awssdk.services.ssooidc.SsoOidcClient;
import software.amazon.awssdk.services.ssooidc.model.AccessDeniedException;
import software.amazon.awssdk.services.ssooidc.model.AuthorizationPendingException;
import software.amazon.awssdk.services.ssooidc.model.CreateTokenResponse;
import software.amazon.awssdk.services.ssooidc.model.ExpiredTokenException;
import software.amazon.awssdk.services.ssooidc.model.InvalidClientException;
import software.amazon.awssdk.services.ssooidc.model.InvalidClientMetadataException;
import software.amazon.awssdk.services.ssooidc.model.InvalidGrantException;
import software.amazon.awssdk.services.ssooidc.model.InvalidRedirectUriException;
import software.amazon.awssdk.services.ssooidc.model.InvalidRequestException;
import software.amazon.awssdk.services.ssooidc.model.InvalidScopeException;
import software.amazon.awssdk.services.ssooidc.model.RegisterClientResponse;
import software.amazon.awssdk.services.ssooidc.model.SlowDownException;
import software.amazon.awssdk.services.ssooidc.model.StartDeviceAuthorizationResponse;
import software.amazon.awssdk.services.ssooidc.model.UnauthorizedClientException;
import software.amazon.awssdk.services.ssooidc.model.UnsupportedGrantTypeException;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;
import software.amazon.awssdk.services.sts.model.StsException;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Signing in, over the wire with the AWS SDK's clients and a browser made of HTTP. */
class SingleSignOnTest {

    private static final String ACCOUNT = "000000000000";
    private static final String ADMINISTRATOR = "arn:aws:iam::000000000000:role/Administrator";
    private static final String ANALYST = "arn:aws:iam::000000000000:role/Analyst";
    private static final String BACK = "http://127.0.0.1:54321/oauth/callback";
    private static final String VERIFIER = "v".repeat(64);
    private static final String STATE = "a state/with+ & signs";

    @TempDir Path folder;

    private final SignInBrowser browser = new SignInBrowser();
    private volatile Duration later = Duration.ZERO;
    private Database database;
    private AccessKeys keys;
    private SignInPassword password;
    private Front front;
    private SsoOidcClient oidc;
    private SsoClient sso;

    @BeforeEach
    void start() throws IOException {
        database = Database.open(folder.resolve("test.db"));
        keys = new AccessKeys(database);
        password = SignInPassword.in(folder.resolve("password"));
        serve();
    }

    private void serve() throws IOException {
        front =
                Front.start(
                        0,
                        "us-east-1",
                        keys,
                        Instant::now,
                        SingleSignOn.services(
                                database,
                                keys,
                                () -> Instant.now().plus(later),
                                password,
                                ACCOUNT,
                                new TreeMap<>(
                                        Map.of("Administrator", ADMINISTRATOR, "Analyst", ANALYST)),
                                "jane"));
        oidc =
                SsoOidcClient.builder()
                        .endpointOverride(front.uri())
                        .region(Region.US_EAST_1)
                        .credentialsProvider(AnonymousCredentialsProvider.create())
                        .overrideConfiguration(c -> c.retryStrategy(r -> r.maxAttempts(1)))
                        .httpClient(UrlConnectionHttpClient.create())
                        .build();
        sso =
                SsoClient.builder()
                        .endpointOverride(front.uri())
                        .region(Region.US_EAST_1)
                        .credentialsProvider(AnonymousCredentialsProvider.create())
                        .overrideConfiguration(c -> c.retryStrategy(r -> r.maxAttempts(1)))
                        .httpClient(UrlConnectionHttpClient.create())
                        .build();
    }

    @AfterEach
    void stop() {
        oidc.close();
        sso.close();
        front.close();
        database.close();
        browser.close();
    }

    private RegisterClientResponse register() {
        return oidc.registerClient(
                r ->
                        r.clientName("a <program>")
                                .clientType("public")
                                .grantTypes(Clients.CODE, Clients.REFRESH, Clients.DEVICE)
                                .redirectUris("http://127.0.0.1/oauth/callback")
                                .issuerUrl(startUrl())
                                .scopes("sso:account:access"));
    }

    private String startUrl() {
        return front.uri() + "/start";
    }

    private URI page(RegisterClientResponse client) {
        return SignInBrowser.authorize(front.uri(), client.clientId(), BACK, STATE, VERIFIER);
    }

    private String code(RegisterClientResponse client) throws Exception {
        Map<String, String> answer =
                SignInBrowser.sentBack(browser.answer(page(client), "allow", password.text()));
        assertThat(answer).containsOnlyKeys("code", "state").containsEntry("state", STATE);
        return answer.getOrDefault("code", "");
    }

    private CreateTokenResponse redeem(
            RegisterClientResponse client, String code, String redirectUri, String verifier) {
        return oidc.createToken(
                t ->
                        t.grantType(Clients.CODE)
                                .clientId(client.clientId())
                                .clientSecret(client.clientSecret())
                                .code(code)
                                .redirectUri(redirectUri)
                                .codeVerifier(verifier));
    }

    private CreateTokenResponse refresh(RegisterClientResponse client, String refreshToken) {
        return oidc.createToken(
                t ->
                        t.grantType(Clients.REFRESH)
                                .clientId(client.clientId())
                                .clientSecret(client.clientSecret())
                                .refreshToken(refreshToken));
    }

    private CreateTokenResponse poll(RegisterClientResponse client, String deviceCode) {
        return oidc.createToken(
                t ->
                        t.grantType(Clients.DEVICE)
                                .clientId(client.clientId())
                                .clientSecret(client.clientSecret())
                                .deviceCode(deviceCode));
    }

    private CreateTokenResponse signIn(RegisterClientResponse client) throws Exception {
        return redeem(client, code(client), BACK, VERIFIER);
    }

    private GetCallerIdentityResponse identity(AwsCredentials credentials) {
        try (StsClient sts =
                StsClient.builder()
                        .endpointOverride(front.uri())
                        .region(Region.US_EAST_1)
                        .credentialsProvider(StaticCredentialsProvider.create(credentials))
                        .httpClient(UrlConnectionHttpClient.create())
                        .build()) {
            return sts.getCallerIdentity();
        }
    }

    @Test
    void leads_from_the_page_to_keys_of_a_role() throws Exception {
        RegisterClientResponse client = register();
        assertThat(client.authorizationEndpoint()).isEqualTo(front.uri() + "/authorize");
        assertThat(client.tokenEndpoint()).isEqualTo(front.uri() + "/token");
        assertThat(Instant.ofEpochSecond(client.clientSecretExpiresAt()))
                .isAfter(Instant.now().plus(Duration.ofDays(89)));

        CreateTokenResponse token = signIn(client);
        assertThat(token.tokenType()).isEqualTo("Bearer");
        assertThat(token.expiresIn()).isEqualTo(3600);
        assertThat(token.refreshToken()).isNotBlank();

        assertThat(sso.listAccounts(a -> a.accessToken(token.accessToken())).accountList())
                .extracting(AccountInfo::accountId)
                .containsExactly(ACCOUNT);
        assertThat(
                        sso.listAccountRolesPaginator(
                                        r ->
                                                r.accessToken(token.accessToken())
                                                        .accountId(ACCOUNT)
                                                        .maxResults(1))
                                .roleList())
                .extracting(RoleInfo::roleName)
                .containsExactly("Administrator", "Analyst");

        RoleCredentials analyst = keysOf(token, "Analyst");
        assertThat(Instant.ofEpochMilli(analyst.expiration()))
                .isBetween(
                        Instant.now().plus(Duration.ofMinutes(58)),
                        Instant.now().plus(Duration.ofMinutes(60)));
        GetCallerIdentityResponse who =
                identity(
                        AwsSessionCredentials.create(
                                analyst.accessKeyId(),
                                analyst.secretAccessKey(),
                                analyst.sessionToken()));
        assertThat(who.account()).isEqualTo(ACCOUNT);
        assertThat(who.arn()).isEqualTo("arn:aws:sts::000000000000:assumed-role/Analyst/jane");
    }

    private RoleCredentials keysOf(CreateTokenResponse token, String role) {
        return sso.getRoleCredentials(
                        r -> r.accessToken(token.accessToken()).accountId(ACCOUNT).roleName(role))
                .roleCredentials();
    }

    @Test
    void the_keys_are_nothing_without_their_token_and_after_their_time() throws Exception {
        RoleCredentials given = keysOf(signIn(register()), "Administrator");
        assertRefused(
                "InvalidClientTokenId",
                AwsBasicCredentials.create(given.accessKeyId(), given.secretAccessKey()));
        AccessKeys.AccessKey past =
                keys.temporary(ANALYST, Instant.now(), Instant.now().minusSeconds(1));
        assertRefused(
                "ExpiredToken",
                AwsSessionCredentials.create(
                        past.id(), past.secret(), String.valueOf(past.sessionToken())));
    }

    private void assertRefused(String code, AwsCredentials credentials) {
        StsException refused =
                catchThrowableOfType(StsException.class, () -> identity(credentials));
        assertThat(refused.awsErrorDetails().errorCode()).isEqualTo(code);
    }

    @Test
    void a_code_is_good_once_for_who_asked_and_not_for_long() throws Exception {
        RegisterClientResponse client = register();
        String used = code(client);
        redeem(client, used, BACK, VERIFIER);
        assertInvalidGrant(() -> redeem(client, used, BACK, VERIFIER));

        String stolen = code(client);
        assertInvalidGrant(() -> redeem(client, stolen, BACK, "w".repeat(64)));
        // Whoever has tried it has spoilt it.
        assertInvalidGrant(() -> redeem(client, stolen, BACK, VERIFIER));

        String elsewhere = code(client);
        assertInvalidGrant(
                () -> redeem(client, elsewhere, "http://127.0.0.1:1/oauth/callback", VERIFIER));
        String others = code(client);
        assertInvalidGrant(() -> redeem(register(), others, BACK, VERIFIER));

        String late = code(client);
        later = Duration.ofSeconds(61);
        assertInvalidGrant(() -> redeem(client, late, BACK, VERIFIER));
    }

    private static void assertInvalidGrant(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable c) {
        InvalidGrantException e = catchThrowableOfType(InvalidGrantException.class, c);
        assertThat(e).as("it was accepted").isNotNull();
        assertThat(e.statusCode()).isEqualTo(400);
        assertThat(e.error()).isEqualTo("invalid_grant");
        assertThat(e.errorDescription()).isNotBlank();
    }

    @Test
    void a_denied_sign_in_says_so_to_the_program() throws Exception {
        Map<String, String> answer =
                SignInBrowser.sentBack(browser.answer(page(register()), "deny", ""));
        assertThat(answer)
                .containsEntry("error", "access_denied")
                .containsEntry("state", STATE)
                .doesNotContainKey("code");
    }

    @Test
    void the_page_takes_the_password_once_and_from_itself() throws Exception {
        URI page = page(register());
        HttpResponse<String> shown = browser.get(page);
        assertThat(shown.body())
                .contains("Sign in to the local workspace as jane", "a &lt;program&gt;")
                .doesNotContain(password.text());
        assertThat(shown.headers().firstValue("content-security-policy").orElseThrow())
                .contains("frame-ancestors 'none'");
        HttpResponse<String> wrong =
                browser.answer(shown, Map.of("answer", "allow", "password", "guess"));
        assertThat(wrong.statusCode()).isEqualTo(200);
        assertThat(wrong.body()).contains("This is not the password.");
        // The first page was answered: only the second can be.
        HttpResponse<String> again =
                browser.answer(shown, Map.of("answer", "allow", "password", password.text()));
        assertThat(again.statusCode()).isEqualTo(400);
        assertThat(again.body()).contains("was answered before");
        assertThat(
                        SignInBrowser.sentBack(
                                browser.answer(
                                        wrong,
                                        Map.of(
                                                "answer",
                                                "allow",
                                                "password",
                                                " "
                                                        + password.text().toLowerCase(Locale.ROOT)
                                                        + "\n"))))
                .containsKey("code");
        assertThat(SignInPassword.in(folder.resolve("password"))).isEqualTo(password);
    }

    @Test
    void nothing_is_sent_to_an_address_that_is_not_registered() throws Exception {
        String client = register().clientId();
        for (String elsewhere :
                new String[] {
                    "https://evil.example/oauth/callback",
                    "http://127.0.0.1.evil.example/oauth/callback",
                    "http://127.0.0.1@evil.example/oauth/callback",
                    "http://127.0.0.1:5/other",
                    "http://localhost:5/oauth/callback"
                }) {
            HttpResponse<String> reply =
                    browser.get(
                            SignInBrowser.authorize(
                                    front.uri(), client, elsewhere, STATE, VERIFIER));
            assertThat(reply.statusCode()).as(elsewhere).isEqualTo(400);
            assertThat(reply.headers().firstValue("location")).isEmpty();
        }
        HttpResponse<String> unknown =
                browser.get(SignInBrowser.authorize(front.uri(), "unknown", BACK, STATE, VERIFIER));
        assertThat(unknown.statusCode()).isEqualTo(400);
    }

    @Test
    void a_wrong_question_goes_back_to_the_program() throws Exception {
        String client = register().clientId();
        Map<String, String> plain =
                Map.of("response_type", "code", "client_id", client, "redirect_uri", BACK);
        assertThat(SignInBrowser.sentBack(browser.get(authorize(plain))))
                .containsEntry("error", "invalid_request")
                .doesNotContainKey("state");
        Map<String, String> scoped =
                Map.of(
                        "response_type",
                        "code",
                        "client_id",
                        client,
                        "redirect_uri",
                        BACK,
                        "code_challenge_method",
                        "S256",
                        "code_challenge",
                        Tokens.hash(VERIFIER),
                        "scopes",
                        "everything");
        assertThat(SignInBrowser.sentBack(browser.get(authorize(scoped))))
                .containsEntry("error", "invalid_scope");
    }

    private URI authorize(Map<String, String> parameters) {
        return SignInBrowser.with(front.uri().resolve("/authorize"), parameters);
    }

    @Test
    void a_device_waits_is_slowed_down_and_gets_its_token_once() throws Exception {
        RegisterClientResponse client = register();
        StartDeviceAuthorizationResponse device =
                oidc.startDeviceAuthorization(
                        d ->
                                d.clientId(client.clientId())
                                        .clientSecret(client.clientSecret())
                                        .startUrl(startUrl()));
        assertThat(device.userCode()).matches("[A-Z]{4}-[A-Z]{4}");
        assertThat(device.interval()).isEqualTo(1);
        assertThat(device.expiresIn()).isEqualTo(600);

        assertThatExceptionOfType(AuthorizationPendingException.class)
                .isThrownBy(() -> poll(client, device.deviceCode()));
        later = Duration.ofMillis(100);
        assertThatExceptionOfType(SlowDownException.class)
                .isThrownBy(() -> poll(client, device.deviceCode()));
        later = Duration.ofSeconds(30);
        assertThatExceptionOfType(AuthorizationPendingException.class)
                .isThrownBy(() -> poll(client, device.deviceCode()));

        HttpResponse<String> shown = browser.get(URI.create(device.verificationUri()));
        HttpResponse<String> wrong =
                browser.answer(
                        shown,
                        Map.of(
                                "answer", "allow",
                                "password", password.text(),
                                "user_code", "ABCD-EFGH"));
        assertThat(wrong.body()).contains("No program waits with this code");
        HttpResponse<String> complete = browser.get(URI.create(device.verificationUriComplete()));
        assertThat(complete.body()).contains(device.userCode(), "a &lt;program&gt;");
        HttpResponse<String> done =
                browser.answer(
                        complete,
                        Map.of(
                                "answer", "allow",
                                "password", password.text(),
                                "user_code", device.userCode().toLowerCase(Locale.ROOT)));
        assertThat(done.body()).contains("You are signed in");

        later = Duration.ofSeconds(40);
        assertThat(keysOf(poll(client, device.deviceCode()), "Analyst").accessKeyId())
                .startsWith("ASIA");
        assertInvalidGrant(() -> poll(client, device.deviceCode()));
    }

    @Test
    void a_device_is_denied_or_comes_too_late() throws Exception {
        RegisterClientResponse client = register();
        StartDeviceAuthorizationResponse denied = device(client);
        browser.answer(
                browser.get(URI.create(denied.verificationUriComplete())),
                Map.of("answer", "deny", "user_code", denied.userCode()));
        assertThatExceptionOfType(AccessDeniedException.class)
                .isThrownBy(() -> poll(client, denied.deviceCode()));

        StartDeviceAuthorizationResponse late = device(client);
        later = Duration.ofSeconds(601);
        ExpiredTokenException e =
                catchThrowableOfType(
                        ExpiredTokenException.class, () -> poll(client, late.deviceCode()));
        assertThat(e.error()).isEqualTo("expired_token");
    }

    private StartDeviceAuthorizationResponse device(RegisterClientResponse client) {
        return oidc.startDeviceAuthorization(
                d ->
                        d.clientId(client.clientId())
                                .clientSecret(client.clientSecret())
                                .startUrl(startUrl()));
    }

    @Test
    void a_session_is_prolonged_outlives_a_restart_and_ends() throws Exception {
        RegisterClientResponse client = register();
        CreateTokenResponse first = signIn(client);
        later = Duration.ofMinutes(61);
        assertUnauthorized(first.accessToken());
        CreateTokenResponse second = refresh(client, first.refreshToken());
        assertThat(keysOf(second, "Analyst").sessionToken()).isNotBlank();

        oidc.close();
        sso.close();
        front.close();
        serve();
        later = Duration.ofMinutes(479);
        CreateTokenResponse last = refresh(client, second.refreshToken());
        assertThat(last.expiresIn()).isBetween(30, 60);
        later = Duration.ofMinutes(481);
        assertInvalidGrant(() -> refresh(client, last.refreshToken()));
        assertUnauthorized(last.accessToken());
    }

    @Test
    void signing_out_ends_all_tokens_of_the_session() throws Exception {
        RegisterClientResponse client = register();
        CreateTokenResponse token = signIn(client);
        CreateTokenResponse other = signIn(client);
        sso.logout(l -> l.accessToken(token.accessToken()));
        assertUnauthorized(token.accessToken());
        assertInvalidGrant(() -> refresh(client, token.refreshToken()));
        assertThat(sso.listAccounts(a -> a.accessToken(other.accessToken())).accountList())
                .hasSize(1);
    }

    private void assertUnauthorized(String accessToken) {
        UnauthorizedException e =
                catchThrowableOfType(
                        UnauthorizedException.class,
                        () -> sso.listAccounts(a -> a.accessToken(accessToken)));
        assertThat(e.statusCode()).isEqualTo(401);
        assertThat(e.awsErrorDetails().errorMessage())
                .isEqualTo("Session token not found or invalid");
    }

    @Test
    void who_has_no_such_role_or_account_is_told() throws Exception {
        CreateTokenResponse token = signIn(register());
        SsoException role = catchThrowableOfType(SsoException.class, () -> keysOf(token, "Nobody"));
        assertThat(role.statusCode()).isEqualTo(403);
        assertThat(role.awsErrorDetails().errorCode()).isEqualTo("ForbiddenException");
        assertThatExceptionOfType(ResourceNotFoundException.class)
                .isThrownBy(
                        () ->
                                sso.listAccountRoles(
                                        r ->
                                                r.accessToken(token.accessToken())
                                                        .accountId("111111111111")));
    }

    @Test
    void what_a_program_does_wrong_has_the_names_of_aws() {
        RegisterClientResponse client = register();
        thrown(
                InvalidClientException.class,
                401,
                () ->
                        oidc.createToken(
                                t ->
                                        t.clientId(client.clientId())
                                                .clientSecret("wrong")
                                                .grantType(Clients.REFRESH)
                                                .refreshToken("x")));
        thrown(
                UnsupportedGrantTypeException.class,
                400,
                () ->
                        oidc.createToken(
                                t ->
                                        t.clientId(client.clientId())
                                                .clientSecret(client.clientSecret())
                                                .grantType("password")));
        thrown(
                InvalidRequestException.class,
                400,
                () ->
                        oidc.createToken(
                                t ->
                                        t.clientId(client.clientId())
                                                .clientSecret(client.clientSecret())
                                                .grantType(Clients.CODE)
                                                .code("x")));
        RegisterClientResponse old =
                oidc.registerClient(r -> r.clientName("old").clientType("public"));
        thrown(UnauthorizedClientException.class, 400, () -> redeem(old, "code", BACK, VERIFIER));
        thrown(
                InvalidRequestException.class,
                400,
                () ->
                        oidc.startDeviceAuthorization(
                                d ->
                                        d.clientId(client.clientId())
                                                .clientSecret(client.clientSecret())
                                                .startUrl("https://acme.awsapps.com/start")));
        thrown(
                InvalidRedirectUriException.class,
                400,
                () ->
                        oidc.registerClient(
                                r ->
                                        r.clientName("n")
                                                .clientType("public")
                                                .redirectUris("https://evil.example/callback")));
        thrown(
                InvalidScopeException.class,
                400,
                () ->
                        oidc.registerClient(
                                r -> r.clientName("n").clientType("public").scopes("all")));
        thrown(
                InvalidClientMetadataException.class,
                400,
                () -> oidc.registerClient(r -> r.clientName("n").clientType("confidential")));
        later = Duration.ofDays(91);
        thrown(InvalidClientException.class, 401, () -> refresh(client, "x"));
    }

    private static <E extends AwsServiceException> void thrown(
            Class<E> type, int status, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        E e = catchThrowableOfType(type, call);
        assertThat(e).as(type.getSimpleName()).isNotNull();
        assertThat(e.statusCode()).isEqualTo(status);
    }
}
