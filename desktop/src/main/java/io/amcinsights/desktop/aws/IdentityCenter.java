package io.amcinsights.desktop.aws;

import com.fasterxml.jackson.core.JsonProcessingException;

import io.amcinsights.contract.Json;
import io.amcinsights.desktop.common.BrowserAnswer;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.ProblemException;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sso.SsoClient;
import software.amazon.awssdk.services.ssooidc.SsoOidcClient;
import software.amazon.awssdk.services.ssooidc.model.CreateTokenResponse;
import software.amazon.awssdk.services.ssooidc.model.RegisterClientResponse;
import software.amazon.awssdk.services.ssooidc.model.SsoOidcException;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;

/**
 * An organisation's IAM Identity Center, where people sign in with the browser: with an
 * authorisation code that only this process can redeem (PKCE), for it alone knows the verifier.
 *
 * @param startUrl what the organisation tells its people
 * @param region AWS region of the Identity Center, not of what is used there
 */
public record IdentityCenter(String startUrl, String region) {

    private static final Messages MESSAGES = Messages.of(IdentityCenter.class);

    private static final String PATH = "/oauth/callback";
    private static final String SCOPE = "sso:account:access";
    private static final List<String> LOOPBACK = List.of("127.0.0.1", "localhost");

    private static final SecureRandom RANDOM = new SecureRandom();

    /** Whether the start URL can be one. */
    public boolean plausible() {
        try {
            URI uri = new URI(startUrl);
            return uri.getHost() != null && ("https".equals(uri.getScheme()) || local() != null);
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** The workspace on this machine that a start URL is of; null for AWS itself. */
    @Nullable URI local() {
        try {
            URI uri = new URI(startUrl);
            return "http".equals(uri.getScheme()) && LOOPBACK.contains(uri.getHost())
                    ? new URI("http://" + uri.getRawAuthority())
                    : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    /**
     * Signs in.
     *
     * @param open shows a page in the person's browser
     * @param patience how long the person may take
     * @throws ProblemException it came to nothing, and why
     */
    public PortalSession signIn(Consumer<URI> open, Duration patience, Clock clock)
            throws InterruptedException {
        SdkHttpClient http = UrlConnectionHttpClient.create();
        boolean signedIn = false;
        try (BrowserAnswer answer = new BrowserAnswer(0, PATH, MESSAGES)) {
            SsoOidcClient oidc = to(SsoOidcClient.builder(), http);
            RegisterClientResponse client = register(oidc);
            String state = random();
            String verifier = random() + random();
            String redirectUri = "http://127.0.0.1:%d%s".formatted(answer.port(), PATH);
            answer.expect(state);
            open.accept(page(client.clientId(), redirectUri, state, verifier));
            String code = answer.code(patience);
            CreateTokenResponse token =
                    oidc.createToken(
                            t ->
                                    t.grantType("authorization_code")
                                            .clientId(client.clientId())
                                            .clientSecret(client.clientSecret())
                                            .code(code)
                                            .codeVerifier(verifier)
                                            .redirectUri(redirectUri));
            PortalSession session =
                    new PortalSession(
                            this, client, token, oidc, to(SsoClient.builder(), http), http, clock);
            signedIn = true;
            return session;
        } catch (SsoOidcException e) {
            throw new ProblemException(
                    Problem.of(
                            MESSAGES.text("center.refused.title"),
                            said(e),
                            MESSAGES.text("center.refused.next")));
        } catch (SdkClientException e) {
            throw new ProblemException(
                    Problem.of(
                            MESSAGES.text("center.silent.title"),
                            MESSAGES.text("center.silent.message", region),
                            MESSAGES.text("center.silent.next")));
        } finally {
            if (!signedIn) {
                http.close();
            }
        }
    }

    private RegisterClientResponse register(SsoOidcClient oidc) {
        return oidc.registerClient(
                r ->
                        r.clientName("AMC Insights")
                                .clientType("public")
                                .grantTypes("authorization_code", "refresh_token")
                                // The port is chosen anew each time, and never registered.
                                .redirectUris("http://127.0.0.1" + PATH)
                                .issuerUrl(startUrl)
                                .scopes(SCOPE));
    }

    private URI page(String clientId, String redirectUri, String state, String verifier) {
        URI local = local();
        String base =
                local == null
                        ? "https://"
                                + SsoOidcClient.serviceMetadata().endpointFor(Region.of(region))
                        : local.toString();
        return URI.create(
                base
                        + "/authorize?response_type=code&client_id="
                        + encoded(clientId)
                        + "&redirect_uri="
                        + encoded(redirectUri)
                        + "&state="
                        + encoded(state)
                        + "&code_challenge_method=S256&scopes="
                        + encoded(SCOPE)
                        + "&code_challenge="
                        + challenge(verifier));
    }

    /** A code is good once, so nothing is tried again by itself. */
    private <
                    B extends
                            AwsClientBuilder<B, C>
                                    & software.amazon.awssdk.awscore.client.builder
                                                    .AwsSyncClientBuilder<
                                            B, C>,
                    C>
            C to(B builder, SdkHttpClient http) {
        B connected =
                builder.region(Region.of(region))
                        .credentialsProvider(AnonymousCredentialsProvider.create())
                        .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()))
                        .httpClient(http);
        URI local = local();
        return local == null ? connected.build() : connected.endpointOverride(local).build();
    }

    /** What the service said: this API has its words in another place than all others. */
    private static String said(SsoOidcException failure) {
        AwsErrorDetails details = failure.awsErrorDetails();
        String said = "";
        if (details != null && details.rawResponse() != null) {
            try {
                said =
                        Json.mapper()
                                .readTree(details.rawResponse().asUtf8String())
                                .path("error_description")
                                .asText("");
            } catch (JsonProcessingException e) {
                // It was a proxy that answered; its status is told below.
            }
        }
        return said.isBlank() ? AwsProblem.message(failure) : said;
    }

    private static String random() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String challenge(String verifier) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
