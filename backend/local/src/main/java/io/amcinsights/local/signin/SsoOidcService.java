package io.amcinsights.local.signin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.http.AwsError;
import io.amcinsights.local.http.Call;
import io.amcinsights.local.http.Reply;
import io.amcinsights.local.http.UnsignedService;
import io.amcinsights.local.signin.Authorisations.DeviceCodes;
import io.amcinsights.local.signin.Clients.Client;
import io.amcinsights.local.signin.Clients.Registered;
import io.amcinsights.local.signin.PortalSessions.Issued;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** How programs get tokens for people: the API {@code sso-oidc} (REST-JSON, unsigned). */
final class SsoOidcService implements UnsignedService {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> GRANT_TYPES =
            Set.of(Clients.CODE, Clients.DEVICE, Clients.REFRESH);

    private final Clients clients;
    private final Authorisations authorisations;
    private final PortalSessions sessions;

    SsoOidcService(Clients clients, Authorisations authorisations, PortalSessions sessions) {
        this.clients = clients;
        this.authorisations = authorisations;
        this.sessions = sessions;
    }

    @Override
    public String signingName() {
        return "sso-oauth";
    }

    @Override
    public boolean serves(String method, String path) {
        return method.equals("POST")
                && Set.of("/client/register", "/device_authorization", "/token").contains(path);
    }

    @Override
    public Reply handle(Call call) throws AwsError, IOException {
        JsonNode input;
        try {
            input = JSON.readTree(call.text());
        } catch (JsonProcessingException e) {
            throw invalid("The body is not JSON: " + e.getOriginalMessage());
        }
        if (!(input instanceof ObjectNode)) {
            throw invalid("The body is not a JSON object.");
        }
        ObjectNode reply =
                switch (call.path()) {
                    case "/client/register" -> register(input, base(call));
                    case "/device_authorization" -> startDevice(input, base(call));
                    case "/token" -> createToken(input);
                    default ->
                            throw new AwsError(
                                    404,
                                    "UnknownOperationException",
                                    "sso-oidc has no " + call.path());
                };
        return Reply.of(200, "application/json", reply.toString())
                .with("Cache-Control", "no-store");
    }

    @Override
    public Reply error(AwsError error, String requestId) {
        ObjectNode body = JSON.createObjectNode();
        body.put("error", word(error.code()));
        body.put("error_description", error.getMessage());
        return Reply.of(error.status(), "application/json", body.toString())
                .with("x-amzn-ErrorType", error.code())
                .with("Cache-Control", "no-store");
    }

    /** OAuth's word for an error: {@code InvalidGrantException} is {@code invalid_grant}. */
    private static String word(String code) {
        return code.replaceFirst("Exception$", "")
                .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                .toLowerCase(Locale.ROOT);
    }

    private ObjectNode register(JsonNode input, String base) throws AwsError {
        String name = required(input, "clientName");
        if (!required(input, "clientType").equals("public")) {
            throw new AwsError(
                    400,
                    "InvalidClientMetadataException",
                    "The clientType must be public: nobody can keep a secret in a program.");
        }
        List<String> grantTypes = texts(input, "grantTypes");
        for (String grantType : grantTypes) {
            if (!GRANT_TYPES.contains(grantType)) {
                throw unsupported(grantType);
            }
        }
        List<String> scopes = texts(input, "scopes");
        for (String scope : scopes) {
            if (!scope.equals(Clients.ACCOUNT_ACCESS)) {
                throw new AwsError(
                        400,
                        "InvalidScopeException",
                        "There is no scope %s here, only %s."
                                .formatted(scope, Clients.ACCOUNT_ACCESS));
            }
        }
        List<URI> redirectUris = new ArrayList<>();
        for (String text : texts(input, "redirectUris")) {
            redirectUris.add(redirectUri(text));
        }
        if (grantTypes.contains(Clients.CODE) && redirectUris.isEmpty()) {
            throw invalid("Who asks for authorization_code must name redirectUris.");
        }
        if (input.hasNonNull("issuerUrl")) {
            checkStart(required(input, "issuerUrl"), base);
        }
        Registered registered = clients.register(name, grantTypes, redirectUris, scopes);
        return JSON.createObjectNode()
                .put("clientId", registered.client().id())
                .put("clientSecret", registered.secret())
                .put("clientIdIssuedAt", registered.client().issued().getEpochSecond())
                .put("clientSecretExpiresAt", registered.client().expires().getEpochSecond())
                .put("authorizationEndpoint", base + "/authorize")
                .put("tokenEndpoint", base + "/token");
    }

    private static URI redirectUri(String text) throws AwsError {
        try {
            URI uri = new URI(text);
            if (Clients.loopback(uri)) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Told below, as any other that cannot be used.
        }
        throw new AwsError(
                400,
                "InvalidRedirectUriException",
                "A redirect URI must be http://127.0.0.1/PATH, without port: " + text);
    }

    private ObjectNode startDevice(JsonNode input, String base) throws AwsError {
        Client client = client(input);
        checkStart(required(input, "startUrl"), base);
        if (!client.may(Clients.DEVICE)) {
            throw unauthorized(client, Clients.DEVICE);
        }
        DeviceCodes codes = authorisations.begin(client);
        String page = base + SignInPages.DEVICE;
        return JSON.createObjectNode()
                .put("deviceCode", codes.deviceCode())
                .put("userCode", codes.userCode())
                .put("verificationUri", page)
                .put("verificationUriComplete", page + "?user_code=" + codes.userCode())
                .put("expiresIn", Authorisations.DEVICE_CODE.toSeconds())
                .put("interval", Authorisations.POLL.toSeconds());
    }

    private ObjectNode createToken(JsonNode input) throws AwsError {
        Client client = client(input);
        String grantType = required(input, "grantType");
        if (!GRANT_TYPES.contains(grantType)) {
            throw unsupported(grantType);
        }
        if (!client.may(grantType)) {
            throw unauthorized(client, grantType);
        }
        Issued issued =
                switch (grantType) {
                    case Clients.CODE -> {
                        authorisations.redeem(
                                client,
                                required(input, "code"),
                                required(input, "redirectUri"),
                                required(input, "codeVerifier"));
                        yield sessions.begin(client);
                    }
                    case Clients.DEVICE -> {
                        authorisations.poll(client, required(input, "deviceCode"));
                        yield sessions.begin(client);
                    }
                    default -> {
                        Issued refreshed =
                                sessions.refreshed(client, required(input, "refreshToken"));
                        if (refreshed == null) {
                            throw Authorisations.invalidGrant(
                                    "The refresh token is unknown, or its session has ended."
                                            + " Sign in again.");
                        }
                        yield refreshed;
                    }
                };
        ObjectNode reply =
                JSON.createObjectNode()
                        .put("accessToken", issued.accessToken())
                        .put("tokenType", "Bearer")
                        .put("expiresIn", issued.lifetime().toSeconds());
        if (issued.refreshToken() != null) {
            reply.put("refreshToken", issued.refreshToken());
        }
        return reply;
    }

    private Client client(JsonNode input) throws AwsError {
        return clients.authenticated(required(input, "clientId"), required(input, "clientSecret"));
    }

    /** Where the caller has reached us: the front has seen to it that it is an address of ours. */
    private static String base(Call call) {
        return "http://" + call.header("host");
    }

    private static void checkStart(String text, String base) throws AwsError {
        String expected = base + SingleSignOn.START;
        // People copy it from the browser, which may have added to it.
        String start = text.replaceFirst("/?(#/?)?$", "");
        if (!start.equals(expected)
                && !start.replaceFirst("//localhost:", "//127.0.0.1:").equals(expected)) {
            throw invalid("This workspace's start URL is " + expected + ", not " + text + ".");
        }
    }

    private static String required(JsonNode input, String field) throws AwsError {
        String text = input.path(field).asText("");
        if (text.isEmpty()) {
            throw invalid("The field " + field + " is missing.");
        }
        return text;
    }

    private static List<String> texts(JsonNode input, String field) {
        List<String> texts = new ArrayList<>();
        input.path(field).forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static AwsError invalid(String message) {
        return new AwsError(400, "InvalidRequestException", message);
    }

    private static AwsError unsupported(String grantType) {
        return new AwsError(
                400, "UnsupportedGrantTypeException", "There is no grant type " + grantType + ".");
    }

    private static AwsError unauthorized(Client client, String grantType) {
        return new AwsError(
                400,
                "UnauthorizedClientException",
                "%s has not registered the grant type %s.".formatted(client.name(), grantType));
    }
}
