package io.amcinsights.tenants;

import com.fasterxml.jackson.core.JsonProcessingException;

import io.amcinsights.amc.AmcClient;
import io.amcinsights.amc.AmcGrant;
import io.amcinsights.contract.AmcRegion;
import io.amcinsights.contract.Credentials;
import io.amcinsights.contract.CredentialsDraft;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TenantRequest.ConsentPage;
import io.amcinsights.ports.Documents.ConflictException;
import io.amcinsights.ports.Secrets;
import io.amcinsights.store.Sha256;
import io.amcinsights.tenants.CredentialsStore.Known;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Credentials, as people ask for them, and how an Amazon user lets us in. What is secret of it
 * never leaves the secrets. Source: Login with Amazon developer guide, "Authorization code grant";
 * RFC 7636 (PKCE).
 */
public final class Authorizations {

    /** A sign-in that was begun; kept where secrets are. */
    private record Pending(
            String label,
            AmcRegion region,
            String clientId,
            String clientSecret,
            String redirectUri,
            String state,
            String verifier,
            Instant until) {

        @Override
        public String toString() {
            return "Pending[%s]".formatted(label);
        }
    }

    /** What we read of a secret. */
    private record Client(String clientId, String clientSecret) {

        @Override
        public String toString() {
            return "Client[%s]".formatted(clientId);
        }
    }

    /** The credentials that an installation begins with. */
    private static final String DEFAULT = "default";

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final CredentialsStore store;
    private final TenantStore tenants;
    private final Secrets secrets;
    private final String secretPrefix;
    private final AmcClient amc;
    private final Clock clock;

    /**
     * @param secretPrefix the credentials' secrets are named so, followed by their id
     */
    public Authorizations(
            CredentialsStore store,
            TenantStore tenants,
            Secrets secrets,
            String secretPrefix,
            AmcClient amc,
            Clock clock) {
        this.store = store;
        this.tenants = tenants;
        this.secrets = secrets;
        this.secretPrefix = secretPrefix;
        this.amc = amc;
        this.clock = clock;
    }

    List<Credentials> list() {
        List<Tenant> all = tenants.all();
        Map<String, Known> known = new HashMap<>();
        store.all().forEach(k -> known.put(k.credentialsId(), k));
        Set<String> ids = new TreeSet<>(Set.of(DEFAULT));
        ids.addAll(known.keySet());
        all.forEach(t -> ids.add(t.credentialsId()));
        return ids.stream()
                .map(id -> credentials(id, Optional.ofNullable(known.get(id)), using(id, all)))
                .sorted(Comparator.comparing(Credentials::label, String.CASE_INSENSITIVE_ORDER))
                .toList();
    }

    private static List<Tenant> using(String credentialsId, List<Tenant> all) {
        return all.stream()
                .filter(t -> t.credentialsId().equals(credentialsId))
                .sorted(Comparator.comparing(Tenant::name))
                .toList();
    }

    private Credentials credentials(
            String credentialsId, Optional<Known> known, List<Tenant> using) {
        return new Credentials(
                credentialsId,
                known.map(Known::label).orElse(credentialsId),
                known.map(Known::region)
                        .orElseGet(
                                () -> using.isEmpty() ? AmcRegion.NA : using.getFirst().region()),
                client(credentialsId).map(Client::clientId).orElse(""),
                known.map(Known::authorizedAt).orElse(null),
                known.map(Known::problem).orElse(null),
                using.stream().map(Tenant::name).toList());
    }

    ConsentPage begin(CredentialsDraft draft) {
        Failure.refuse(draft.problems());
        String clientSecret =
                draft.clientSecret().isBlank()
                        ? client(draft.credentialsId())
                                .filter(c -> c.clientId().equals(draft.clientId()))
                                .map(Client::clientSecret)
                                .orElseThrow(Authorizations::secretMissing)
                        : draft.clientSecret().strip();
        Pending pending =
                new Pending(
                        draft.label().strip(),
                        draft.region(),
                        draft.clientId(),
                        clientSecret,
                        draft.redirectUri(),
                        random(),
                        random(),
                        clock.instant().plus(PATIENCE));
        secrets.put(pendingName(draft.credentialsId()), Json.write(pending));
        return new ConsentPage(
                amc.consentPage(
                                pending.region(),
                                pending.clientId(),
                                pending.redirectUri(),
                                pending.state(),
                                challenge(pending.verifier()))
                        .toString(),
                pending.state());
    }

    Credentials complete(String credentialsId, String state, String code) {
        Pending pending =
                secrets.get(pendingName(credentialsId))
                        .map(text -> read(text, Pending.class))
                        .filter(p -> p.until().isAfter(clock.instant()))
                        .filter(p -> same(p.state(), state))
                        .orElseThrow(Authorizations::notBegun);
        secrets.remove(pendingName(credentialsId)); // a code works once, and so does this
        amc.authorize(
                credentialsId,
                new AmcGrant(
                        pending.region(),
                        pending.clientId(),
                        pending.clientSecret(),
                        code,
                        pending.redirectUri(),
                        pending.verifier()));
        store.authorized(credentialsId, pending.label(), pending.region(), clock.instant());
        return credentials(
                credentialsId, store.find(credentialsId), using(credentialsId, tenants.all()));
    }

    void delete(String credentialsId) {
        List<String> using =
                using(credentialsId, tenants.all()).stream().map(Tenant::name).toList();
        if (!using.isEmpty()) {
            throw Failure.of(
                            ErrorCode.CONFLICT,
                            "Tenants use these credentials: %s."
                                    .formatted(String.join(", ", using)))
                    .next("Give them other credentials or offboard them first.")
                    .exception();
        }
        secrets.remove(secretPrefix + credentialsId);
        secrets.remove(pendingName(credentialsId));
        try {
            store.remove(credentialsId);
        } catch (ConflictException e) {
            throw Failure.of(ErrorCode.CONFLICT, "Somebody signs in with these credentials.")
                    .next("Look at the list again.")
                    .exception();
        }
    }

    private Optional<Client> client(String credentialsId) {
        return secrets.get(secretPrefix + credentialsId)
                .map(text -> read(text, Client.class))
                .filter(c -> c.clientId() != null && !c.clientId().isBlank());
    }

    private String pendingName(String credentialsId) {
        return secretPrefix + "pending/" + credentialsId;
    }

    private static <T> T read(String secret, Class<T> type) {
        try {
            return Json.mapper().readValue(secret, type);
        } catch (JsonProcessingException e) {
            // the exception would show a piece of the secret
            throw new IllegalStateException("A secret of Amazon Ads credentials cannot be read");
        }
    }

    private static FailureException secretMissing() {
        return Failure.invalid(
                        "clientSecret",
                        "Enter the client secret; Login with Amazon shows it beside the client id.")
                .exception();
    }

    private static FailureException notBegun() {
        return Failure.of(
                        ErrorCode.AMC_CREDENTIALS,
                        "This sign-in was not begun here, or more than ten minutes ago.")
                .next("Sign in again.")
                .exception();
    }

    private static boolean same(String a, String b) {
        return MessageDigest.isEqual(
                a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    private static String random() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String challenge(String verifier) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Sha256.of(verifier));
    }
}
