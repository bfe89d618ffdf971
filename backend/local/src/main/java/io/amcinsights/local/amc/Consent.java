package io.amcinsights.local.amc;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The page where a user lets a client in, and the codes that it hands out: single use, five
 * minutes. Source: Login with Amazon, authorization code grant; RFC 7636 (PKCE).
 */
final class Consent {

    private static final Duration CODE_LIVES = Duration.ofMinutes(5);
    private static final String SCOPE = "advertising::campaign_management";
    private static final List<String> SCOPES = List.of(SCOPE, "advertising::audiences");

    /** What a code was handed out for. */
    private record Granted(String redirectUri, String challenge, String method, Instant until) {}

    private final String clientId;
    private final InstantSource clock;
    private final Map<String, Granted> codes = new HashMap<>();

    Consent(String clientId, InstantSource clock) {
        this.clientId = clientId;
        this.clock = clock;
    }

    /** The page itself; a wrong address is told to the client, or to the user where it cannot. */
    Answer page(Map<String, String> asked) {
        String wrong = wrong(asked);
        if (wrong != null) {
            return html(400, "<h1>This address is not right</h1><p>" + escaped(wrong) + "</p>");
        }
        String error = error(asked);
        if (error != null) {
            return redirect(asked, Map.of("error", error));
        }
        StringBuilder form = new StringBuilder("<h1>Login with Amazon (simulated)</h1>");
        form.append("<p>AMC Insights asks to use the simulated Amazon Ads accounts.</p>");
        form.append("<form method=\"post\" action=\"/ap/oa\">");
        asked.forEach(
                (name, value) ->
                        form.append(
                                "<input type=\"hidden\" name=\"%s\" value=\"%s\">"
                                        .formatted(escaped(name), escaped(value))));
        form.append("<button name=\"decision\" value=\"allow\">Allow</button> ");
        form.append("<button name=\"decision\" value=\"deny\">Cancel</button></form>");
        return html(200, form.toString());
    }

    /** What the user decided, on its way back to the client. */
    Answer decided(Map<String, String> asked) {
        String wrong = wrong(asked);
        if (wrong != null) {
            return page(asked);
        }
        String error = error(asked);
        if (error == null && !asked.getOrDefault("decision", "").equals("allow")) {
            error = "access_denied";
        }
        if (error != null) {
            return redirect(asked, Map.of("error", error));
        }
        String code = Credentials.random(16);
        synchronized (codes) {
            codes.values().removeIf(g -> g.until().isBefore(clock.instant()));
            codes.put(
                    code,
                    new Granted(
                            asked.getOrDefault("redirect_uri", ""),
                            asked.getOrDefault("code_challenge", ""),
                            asked.getOrDefault("code_challenge_method", "plain"),
                            clock.instant().plus(CODE_LIVES)));
        }
        Map<String, String> given = new LinkedHashMap<>();
        given.put("code", code);
        given.put("scope", asked.getOrDefault("scope", ""));
        return redirect(asked, given);
    }

    /**
     * Takes a code in; it is worth nothing afterwards, whatever came of it.
     *
     * @throws AmcError {@code invalid_grant}
     */
    void redeem(Map<String, String> form) throws AmcError {
        for (String name : List.of("code", "redirect_uri")) {
            if (form.getOrDefault(name, "").isEmpty()) {
                throw AmcError.oauth(
                        400,
                        "invalid_request",
                        "The request is missing a required parameter : " + name);
            }
        }
        Granted granted;
        synchronized (codes) {
            granted = codes.remove(form.get("code"));
        }
        if (granted == null || !granted.until().isAfter(clock.instant())) {
            throw refused("code");
        }
        if (!granted.redirectUri().equals(form.get("redirect_uri"))) {
            throw refused("redirect_uri");
        }
        String verifier = form.getOrDefault("code_verifier", "");
        if (!granted.challenge().isEmpty()
                && !Credentials.same(granted.challenge(), challenge(granted.method(), verifier))) {
            throw refused("code_verifier");
        }
    }

    private static AmcError refused(String parameter) {
        return AmcError.oauth(
                400, "invalid_grant", "The request has an invalid grant parameter : " + parameter);
    }

    private static String challenge(String method, String verifier) {
        if (!method.equals("S256")) {
            return verifier;
        }
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no SHA-256", e);
        }
    }

    /** What makes it impossible to answer to the client, or null. */
    private @Nullable String wrong(Map<String, String> asked) {
        if (!clientId.equals(asked.get("client_id"))) {
            return "The client_id is unknown.";
        }
        try {
            URI uri = URI.create(asked.getOrDefault("redirect_uri", ""));
            boolean own =
                    "http".equals(uri.getScheme())
                            && uri.getHost() != null
                            && List.of("127.0.0.1", "localhost", "[::1]").contains(uri.getHost());
            return own || "https".equals(uri.getScheme())
                    ? null
                    : "The redirect_uri is none of the Allowed Return URLs: https, or http on this"
                            + " machine.";
        } catch (IllegalArgumentException e) {
            return "The redirect_uri is not an address.";
        }
    }

    /** What the client asked wrongly, in the words of OAuth, or null. */
    private static @Nullable String error(Map<String, String> asked) {
        if (!asked.getOrDefault("response_type", "").equals("code")) {
            return "unsupported_response_type";
        }
        List<String> scopes = List.of(asked.getOrDefault("scope", "").split(" ", -1));
        if (!scopes.contains(SCOPE) || !SCOPES.containsAll(scopes)) {
            return "invalid_scope";
        }
        boolean known =
                List.of("S256", "plain")
                        .contains(asked.getOrDefault("code_challenge_method", "plain"));
        return known ? null : "invalid_request";
    }

    private static Answer redirect(Map<String, String> asked, Map<String, String> values) {
        Map<String, String> all = new LinkedHashMap<>(values);
        if (asked.containsKey("state")) {
            all.put("state", asked.getOrDefault("state", ""));
        }
        String to = asked.getOrDefault("redirect_uri", "");
        StringBuilder query = new StringBuilder();
        all.forEach(
                (name, value) ->
                        query.append(query.isEmpty() && to.indexOf('?') < 0 ? '?' : '&')
                                .append(name)
                                .append('=')
                                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return Answer.nothing(302).with("Location", to + query);
    }

    private static Answer html(int status, String body) {
        return Answer.text(
                        status,
                        "text/html; charset=utf-8",
                        "<!DOCTYPE html><html lang=\"en\"><title>Login with Amazon"
                                + " (simulated)</title>"
                                + body
                                + "</html>")
                // The page asks for consent: nobody may show it inside a page of his own.
                .with("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
                .with("X-Frame-Options", "DENY");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
