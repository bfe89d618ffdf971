package io.amcinsights.amc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.contract.AmcRegion;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Json;
import io.amcinsights.ports.Secrets;

import org.jspecify.annotations.Nullable;

import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Access tokens of Login with Amazon, kept while they live. Source: Login with Amazon developer
 * guide, "Authorization code grant".
 */
final class AmcTokens {

    /**
     * @param clientId sent beside the token
     */
    record Token(String clientId, String accessToken, Instant expires) {}

    private record Client(String clientId, String clientSecret, String refreshToken) {}

    private record Holder(String credentialsId, AmcRegion region) {}

    private static final class Slot {
        private final ReentrantLock lock = new ReentrantLock();
        private @Nullable Token token;
    }

    private static final String LOGIN = "Login with Amazon";

    /** A token is renewed this long before it ends, so that it lives through the call. */
    private static final Duration EARLY = Duration.ofMinutes(5);

    private final Map<Holder, Slot> slots = new ConcurrentHashMap<>();
    private final Secrets secrets;
    private final String secretPrefix;
    private final AmcHosts hosts;
    private final Retrying retrying;
    private final Clock clock;
    private final CredentialsWatch watch;

    AmcTokens(
            Secrets secrets,
            String secretPrefix,
            AmcHosts hosts,
            Retrying retrying,
            Clock clock,
            CredentialsWatch watch) {
        this.secrets = secrets;
        this.secretPrefix = secretPrefix;
        this.hosts = hosts;
        this.retrying = retrying;
        this.clock = clock;
        this.watch = watch;
    }

    /** A token that lives for a while; asks for a new one if need be. */
    Token get(String credentialsId, AmcRegion region) {
        return oneAtATime(
                credentialsId,
                region,
                kept ->
                        kept != null && clock.instant().isBefore(kept.expires().minus(EARLY))
                                ? kept
                                : refresh(credentialsId, region));
    }

    /** Asks for a new token, also where one still lives. */
    void renew(String credentialsId, AmcRegion region) {
        oneAtATime(credentialsId, region, kept -> refresh(credentialsId, region));
    }

    /** Forgets a token that was refused, unless another has taken its place. */
    void forget(String credentialsId, AmcRegion region, Token refused) {
        oneAtATime(credentialsId, region, kept -> refused.equals(kept) ? null : kept);
    }

    /**
     * Puts another token in the place of the one that is kept.
     *
     * @return what is kept now
     */
    private <T extends @Nullable Token> T oneAtATime(
            String credentialsId, AmcRegion region, Function<@Nullable Token, T> change) {
        Slot slot = slots.computeIfAbsent(new Holder(credentialsId, region), h -> new Slot());
        slot.lock.lock();
        try {
            T token = change.apply(slot.token);
            slot.token = token;
            return token;
        } finally {
            slot.lock.unlock();
        }
    }

    /** Keeps the credentials that a grant gives, in place of any before them. */
    void exchange(String credentialsId, AmcGrant grant) {
        Map<String, String> form = new TreeMap<>();
        form.put("grant_type", "authorization_code");
        form.put("code", grant.code());
        form.put("redirect_uri", grant.redirectUri());
        form.put("client_id", grant.clientId());
        form.put("client_secret", grant.clientSecret());
        if (grant.verifier() != null) {
            form.put("code_verifier", grant.verifier());
        }
        // a code works once: asked again, Login with Amazon would refuse what it gave before
        JsonNode answer = ask(credentialsId, grant.region(), form, false);
        String refreshToken = answer.path("refresh_token").asText("");
        if (refreshToken.isEmpty()) {
            throw Failure.of(
                            ErrorCode.AMC_CREDENTIALS,
                            "Login with Amazon gave no lasting authorisation.")
                    .next("Open the consent page again and allow access to your ads.")
                    .exception();
        }
        secrets.put(
                secretPrefix + credentialsId,
                Json.write(new Client(grant.clientId(), grant.clientSecret(), refreshToken)));
        slots.keySet().removeIf(holder -> holder.credentialsId().equals(credentialsId));
        watch.accepted(credentialsId);
    }

    private Token refresh(String credentialsId, AmcRegion region) {
        try {
            Token token = askForToken(credentialsId, region);
            watch.accepted(credentialsId);
            return token;
        } catch (FailureException e) {
            if (e.failure().code() == ErrorCode.AMC_CREDENTIALS) {
                watch.refused(credentialsId, e.failure());
            }
            throw e;
        }
    }

    private Token askForToken(String credentialsId, AmcRegion region) {
        Client client = client(credentialsId);
        Map<String, String> form =
                new TreeMap<>(
                        Map.of(
                                "grant_type", "refresh_token",
                                "refresh_token", client.refreshToken(),
                                "client_id", client.clientId(),
                                "client_secret", client.clientSecret()));
        JsonNode token = ask(credentialsId, region, form, true);
        return new Token(
                client.clientId(),
                token.path("access_token").asText(),
                clock.instant().plusSeconds(token.path("expires_in").asLong(3600)));
    }

    private JsonNode ask(
            String credentialsId, AmcRegion region, Map<String, String> form, boolean repeatable) {
        String body =
                form.entrySet().stream()
                        .map(
                                e ->
                                        e.getKey()
                                                + "="
                                                + URLEncoder.encode(
                                                        e.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"));
        HttpResponse<String> response =
                retrying.send(
                        () ->
                                HttpRequest.newBuilder(hosts.token(region))
                                        .header("Content-Type", "application/x-www-form-urlencoded")
                                        .POST(BodyPublishers.ofString(body)),
                        repeatable);
        if (response.statusCode() != 200) {
            throw AmcErrors.of(response, LOGIN).credentials(credentialsId).exception();
        }
        return AmcErrors.json(response, LOGIN);
    }

    private Client client(String credentialsId) {
        String secret =
                secrets.get(secretPrefix + credentialsId)
                        .orElseThrow(() -> absent(credentialsId).exception());
        try {
            Client client = Json.mapper().readValue(secret, Client.class);
            if (isBlank(client.clientId())
                    || isBlank(client.clientSecret())
                    || isBlank(client.refreshToken())) {
                throw absent(credentialsId).exception();
            }
            return client;
        } catch (JsonProcessingException e) {
            // the exception would show a piece of the secret
            throw new FailureException(absent(credentialsId));
        }
    }

    private static boolean isBlank(@Nullable String text) {
        return text == null || text.isBlank();
    }

    private static Failure absent(String credentialsId) {
        return Failure.of(
                        ErrorCode.AMC_CREDENTIALS,
                        "The Amazon Ads credentials “%s” are not set up.".formatted(credentialsId))
                .next("Sign in to Amazon under Tenants › Amazon Ads credentials.");
    }
}
