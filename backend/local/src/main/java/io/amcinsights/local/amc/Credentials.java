package io.amcinsights.local.amc;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.store.Database;
import io.amcinsights.local.store.Sql;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Login with Amazon of the simulator: one client, one refresh token, access tokens of an hour. */
final class Credentials {

    static final String CLIENT_ID = "Amazon-Advertising-API-ClientId";

    private static final Duration ACCESS = Duration.ofHours(1);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Database database;
    private final InstantSource clock;
    private final String clientId;
    private final String clientSecret;
    private final String refreshToken;
    private final String linkKey;
    private final String controlKey;
    private final Consent consent;

    Credentials(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
        database.define(
                "CREATE TABLE IF NOT EXISTS amc_secret (name TEXT PRIMARY KEY, value TEXT NOT"
                        + " NULL)",
                "CREATE TABLE IF NOT EXISTS amc_access (hash TEXT PRIMARY KEY, expires INTEGER NOT"
                        + " NULL)");
        clientId = kept("clientId", "amzn1.application-oa2-client." + random(16));
        clientSecret = kept("clientSecret", "amzn1.oa2-cs.v1." + random(32));
        refreshToken = kept("refreshToken", "Atzr|" + random(48));
        linkKey = kept("linkKey", random(32));
        controlKey = kept("controlKey", random(32));
        consent = new Consent(clientId, clock);
    }

    String clientId() {
        return clientId;
    }

    String clientSecret() {
        return clientSecret;
    }

    String refreshToken() {
        return refreshToken;
    }

    /** What opens the control path. */
    String controlKey() {
        return controlKey;
    }

    /** Answers {@code POST /auth/o2/token}, whose body is a form or JSON. */
    ObjectNode exchange(AmcCall call) throws AmcError {
        Map<String, String> form = form(call);
        if (!clientId.equals(form.get("client_id"))
                || !same(clientSecret, form.get("client_secret"))) {
            throw AmcError.oauth(401, "invalid_client", "Client authentication failed");
        }
        String grant = form.getOrDefault("grant_type", "");
        switch (grant) {
            case "refresh_token" -> {
                if (!same(refreshToken, form.get("refresh_token"))) {
                    throw AmcError.oauth(
                            400,
                            "invalid_grant",
                            "The request has an invalid grant parameter : refresh_token");
                }
            }
            case "authorization_code" -> consent.redeem(form);
            case "" ->
                    throw AmcError.oauth(
                            400,
                            "invalid_request",
                            "The request is missing a required parameter : grant_type");
            default ->
                    throw AmcError.oauth(
                            400,
                            "unsupported_grant_type",
                            "The authorization grant type is not supported: " + grant);
        }
        String access = "Atza|" + random(64);
        long now = clock.millis();
        database.write(
                c -> {
                    Sql.update(c, "DELETE FROM amc_access WHERE expires <= ?", now);
                    return Sql.update(
                            c,
                            "INSERT INTO amc_access VALUES (?, ?)",
                            hash(access),
                            now + ACCESS.toMillis());
                });
        ObjectNode reply = AmcCall.JSON.createObjectNode();
        reply.put("access_token", access).put("refresh_token", refreshToken);
        return reply.put("token_type", "bearer").put("expires_in", ACCESS.toSeconds());
    }

    private static Map<String, String> form(AmcCall call) throws AmcError {
        try {
            return call.form();
        } catch (AmcError e) {
            throw AmcError.oauth(400, "invalid_request", String.valueOf(e.getMessage()));
        }
    }

    /** Where codes for {@code authorization_code} come from. */
    Consent consent() {
        return consent;
    }

    /** Lets a call pass only with a token of ours and the client's id. */
    void require(AmcCall call) throws AmcError {
        String authorization = call.header("Authorization");
        boolean known =
                authorization != null
                        && authorization.startsWith("Bearer ")
                        && isValid(authorization.substring("Bearer ".length()).strip());
        if (!known) {
            throw AmcError.of(401, "Access token is missing, invalid or expired");
        }
        if (!clientId.equals(call.header(CLIENT_ID))) {
            throw AmcError.of(401, "Amazon-Advertising-API-ClientId is missing or unknown");
        }
    }

    private boolean isValid(String access) {
        return database.read(
                        c ->
                                Sql.first(
                                        c,
                                        "SELECT expires FROM amc_access WHERE hash = ? AND expires"
                                                + " > ?",
                                        row -> row.getLong(1),
                                        hash(access),
                                        clock.millis()))
                != null;
    }

    /** What makes a download link of ours recognisable. */
    String signature(String link) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(linkKey.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(link.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no HmacSHA256", e);
        }
    }

    static boolean same(String a, @Nullable String b) {
        return b != null
                && MessageDigest.isEqual(
                        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    private String kept(String name, String fresh) {
        return database.write(
                c -> {
                    Sql.update(c, "INSERT OR IGNORE INTO amc_secret VALUES (?, ?)", name, fresh);
                    return Sql.query(
                                    c,
                                    "SELECT value FROM amc_secret WHERE name = ?",
                                    row -> row.getString(1),
                                    name)
                            .getFirst();
                });
    }

    static String random(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    private static String hash(String token) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(token.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no SHA-256", e);
        }
    }
}
