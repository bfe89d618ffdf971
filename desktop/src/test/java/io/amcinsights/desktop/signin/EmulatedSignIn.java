package io.amcinsights.desktop.signin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;

import io.amcinsights.desktop.deployment.EmulatedAws;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * IAM Identity Center over HTTP, as strict as AWS in what it takes: PKCE is verified, codes are
 * good once, tokens end. Its page answers at once, as the test wants.
 */
final class EmulatedSignIn {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final EmulatedAws aws;
    private final Map<String, String> secrets = new HashMap<>();
    private final Map<String, Map<String, String>> codes = new HashMap<>();
    private final Set<String> access = new HashSet<>();
    private final Set<String> refresh = new HashSet<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final AtomicInteger keys = new AtomicInteger();
    private volatile int accounts = 2;
    private volatile String answer = "allow";

    EmulatedSignIn(EmulatedAws aws) {
        this.aws = aws;
        for (String path :
                List.of(
                        "/client/register",
                        "/authorize",
                        "/token",
                        "/assignment/accounts",
                        "/assignment/roles",
                        "/federation/credentials",
                        "/logout")) {
            aws.serve(path, this::answer);
        }
    }

    String startUrl() {
        return aws.endpoint() + "/start";
    }

    void accounts(int count) {
        accounts = count;
    }

    /**
     * @param word {@code allow}; {@code deny}; {@code forge}, which sends a code with a foreign
     *     state; anything else: silence
     */
    void answers(String word) {
        answer = word;
    }

    /** Ends what lasts an hour, so that it has to be asked for anew. */
    synchronized void endAccess() {
        access.clear();
    }

    /** Ends the whole session, as an administrator may. */
    synchronized void endSession() {
        access.clear();
        refresh.clear();
    }

    synchronized boolean signedIn() {
        return !refresh.isEmpty();
    }

    /** The paths that were called. */
    List<String> calls() {
        return List.copyOf(calls);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            calls.add(path);
            Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
            byte[] body = exchange.getRequestBody().readAllBytes();
            switch (path) {
                case "/authorize" -> authorize(exchange, query);
                case "/client/register" -> register(exchange, JSON.readTree(body));
                case "/token" -> token(exchange, JSON.readTree(body));
                default -> portal(exchange, path, query);
            }
        }
    }

    private synchronized void register(HttpExchange exchange, JsonNode input) throws IOException {
        if (!input.path("issuerUrl").asText().equals(startUrl())) {
            error(exchange, 400, "InvalidRequestException", "There is no such start URL");
            return;
        }
        String id = UUID.randomUUID().toString();
        String secret = UUID.randomUUID().toString();
        secrets.put(id, secret);
        json(
                exchange,
                200,
                JSON.createObjectNode()
                        .put("clientId", id)
                        .put("clientSecret", secret)
                        .put("clientIdIssuedAt", 1)
                        .put("clientSecretExpiresAt", 4_000_000_000L));
    }

    private synchronized void authorize(HttpExchange exchange, Map<String, String> query)
            throws IOException {
        boolean fits =
                secrets.containsKey(query.get("client_id"))
                        && "S256".equals(query.get("code_challenge_method"))
                        && "sso:account:access".equals(query.get("scopes"))
                        && "code".equals(query.get("response_type"))
                        && query.getOrDefault("redirect_uri", "").startsWith("http://127.0.0.1:");
        if (!fits) {
            exchange.sendResponseHeaders(400, -1);
            return;
        }
        String state = answer.equals("forge") ? "forged" : query.getOrDefault("state", "");
        String code = UUID.randomUUID().toString();
        codes.put(code, query);
        String back =
                query.get("redirect_uri")
                        + (answer.equals("deny") ? "?error=access_denied" : "?code=" + code)
                        + "&state="
                        + URLEncoder.encode(state, StandardCharsets.UTF_8);
        if (List.of("allow", "deny", "forge").contains(answer)) {
            exchange.getResponseHeaders().set("Location", back);
            exchange.sendResponseHeaders(302, -1);
        } else {
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private synchronized void token(HttpExchange exchange, JsonNode input) throws IOException {
        if (!input.path("clientSecret")
                .asText()
                .equals(secrets.get(input.path("clientId").asText()))) {
            error(exchange, 401, "InvalidClientException", "No such client");
            return;
        }
        boolean good;
        if (input.path("grantType").asText().equals("refresh_token")) {
            good = refresh.contains(input.path("refreshToken").asText());
        } else {
            Map<String, String> asked = codes.remove(input.path("code").asText());
            good =
                    asked != null
                            && input.path("redirectUri").asText().equals(asked.get("redirect_uri"))
                            && challenge(input.path("codeVerifier").asText())
                                    .equals(asked.get("code_challenge"));
        }
        if (!good) {
            error(exchange, 400, "InvalidGrantException", "The grant is not good");
            return;
        }
        ObjectNode reply =
                JSON.createObjectNode()
                        .put("accessToken", UUID.randomUUID().toString())
                        .put("tokenType", "Bearer")
                        .put("expiresIn", 3600)
                        .put("refreshToken", UUID.randomUUID().toString());
        access.add(reply.path("accessToken").asText());
        refresh.add(reply.path("refreshToken").asText());
        json(exchange, 200, reply);
    }

    private synchronized void portal(HttpExchange exchange, String path, Map<String, String> query)
            throws IOException {
        if (!access.contains(
                String.valueOf(exchange.getRequestHeaders().getFirst("x-amz-sso_bearer_token")))) {
            error(exchange, 401, "UnauthorizedException", "Session token not found or invalid");
            return;
        }
        ObjectNode reply = JSON.createObjectNode();
        switch (path) {
            case "/assignment/accounts" -> {
                ArrayNode list = reply.putArray("accountList");
                for (int i = 0; i < accounts; i++) {
                    list.addObject()
                            .put("accountId", String.valueOf(112233445566L + i))
                            .put(
                                    "accountName",
                                    i == 0
                                            ? "Kestrel marketing"
                                            : "Kestrel team %02d".formatted(i));
                }
            }
            case "/assignment/roles" -> {
                ArrayNode list = reply.putArray("roleList");
                for (String role : new TreeSet<>(Set.of("Administrator", "AmcAnalyst"))) {
                    list.addObject()
                            .put("roleName", role)
                            .put("accountId", query.get("account_id"));
                }
            }
            case "/federation/credentials" ->
                    reply.putObject("roleCredentials")
                            .put("accessKeyId", "ASIA" + keys.incrementAndGet())
                            .put("secretAccessKey", "secret")
                            .put("sessionToken", "token")
                            .put(
                                    "expiration",
                                    java.time.Instant.now().plusSeconds(3600).toEpochMilli());
            default -> {
                access.clear();
                refresh.clear();
            }
        }
        json(exchange, 200, reply);
    }

    private static void error(HttpExchange exchange, int status, String code, String message)
            throws IOException {
        exchange.getResponseHeaders().set("x-amzn-ErrorType", code);
        json(
                exchange,
                status,
                JSON.createObjectNode()
                        .put("error", "error")
                        .put("error_description", message)
                        .put("message", message));
    }

    private static void json(HttpExchange exchange, int status, ObjectNode body)
            throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static Map<String, String> query(String raw) {
        Map<String, String> query = new HashMap<>();
        for (String pair : (raw == null ? "" : raw).split("&", -1)) {
            String[] parts = pair.split("=", 2);
            if (parts.length == 2) {
                query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
            }
        }
        return query;
    }

    private static String challenge(String verifier) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
