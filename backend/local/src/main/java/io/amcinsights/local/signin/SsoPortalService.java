package io.amcinsights.local.signin;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.http.AccessKeys;
import io.amcinsights.local.http.AccessKeys.AccessKey;
import io.amcinsights.local.http.AwsError;
import io.amcinsights.local.http.Call;
import io.amcinsights.local.http.Reply;
import io.amcinsights.local.http.UnsignedService;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** What a signed-in person may become, and the keys for it: the API {@code sso} (REST-JSON). */
final class SsoPortalService implements UnsignedService {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration KEYS = Duration.ofHours(1);
    private static final int LARGEST_PAGE = 100;

    private final PortalSessions sessions;
    private final AccessKeys keys;
    private final InstantSource clock;
    private final String accountId;
    private final SortedMap<String, String> roles;
    private final String user;

    SsoPortalService(
            PortalSessions sessions,
            AccessKeys keys,
            InstantSource clock,
            String accountId,
            SortedMap<String, String> roles,
            String user) {
        this.sessions = sessions;
        this.keys = keys;
        this.clock = clock;
        this.accountId = accountId;
        this.roles = roles;
        this.user = user;
    }

    @Override
    public String signingName() {
        return "awsssoportal";
    }

    @Override
    public boolean serves(String method, String path) {
        return switch (path) {
            case "/assignment/accounts", "/assignment/roles", "/federation/credentials" ->
                    method.equals("GET");
            case "/logout" -> method.equals("POST");
            default -> false;
        };
    }

    @Override
    public Reply handle(Call call) throws AwsError {
        String token = call.header("x-amz-sso_bearer_token");
        if (token == null || !sessions.knows(token)) {
            throw new AwsError(401, "UnauthorizedException", "Session token not found or invalid");
        }
        return switch (call.path()) {
            case "/assignment/accounts" -> {
                ObjectNode account =
                        JSON.createObjectNode()
                                .put("accountId", accountId)
                                .put("accountName", "Local workspace")
                                .put("emailAddress", user + "@localhost");
                yield page(call, "accountList", List.of(account));
            }
            case "/assignment/roles" -> roles(call);
            case "/federation/credentials" -> credentials(call);
            default -> {
                sessions.end(token);
                yield Reply.empty(200);
            }
        };
    }

    @Override
    public Reply error(AwsError error, String requestId) {
        ObjectNode body = JSON.createObjectNode();
        body.put("message", error.getMessage());
        return Reply.of(error.status(), "application/json", body.toString())
                .with("x-amzn-ErrorType", error.code());
    }

    private Reply roles(Call call) throws AwsError {
        if (!required(call, "account_id").equals(accountId)) {
            throw new AwsError(404, "ResourceNotFoundException", "There is no such account here.");
        }
        List<ObjectNode> all = new ArrayList<>();
        for (String role : roles.keySet()) {
            all.add(JSON.createObjectNode().put("roleName", role).put("accountId", accountId));
        }
        return page(call, "roleList", all);
    }

    private Reply credentials(Call call) throws AwsError {
        String role = required(call, "role_name");
        String arn = roles.get(role);
        if (!required(call, "account_id").equals(accountId) || arn == null) {
            throw new AwsError(403, "ForbiddenException", "No access");
        }
        Instant now = clock.instant();
        Instant expires = now.plus(KEYS);
        AccessKey key = keys.temporary(arn, now, expires);
        ObjectNode reply = JSON.createObjectNode();
        reply.putObject("roleCredentials")
                .put("accessKeyId", key.id())
                .put("secretAccessKey", key.secret())
                .put("sessionToken", key.sessionToken())
                .put("expiration", expires.toEpochMilli());
        return json(reply);
    }

    private static Reply page(Call call, String field, List<ObjectNode> all) throws AwsError {
        int from = number(call, "next_token", 0, 0, all.size());
        int most = number(call, "max_result", LARGEST_PAGE, 1, LARGEST_PAGE);
        int to = Math.min(from + most, all.size());
        ObjectNode reply = JSON.createObjectNode();
        ArrayNode list = reply.putArray(field);
        all.subList(from, to).forEach(list::add);
        if (to < all.size()) {
            reply.put("nextToken", String.valueOf(to));
        }
        return json(reply);
    }

    private static int number(Call call, String name, int otherwise, int least, int most)
            throws AwsError {
        String text = call.parameter(name);
        if (text == null || text.isEmpty()) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, as any other that is out of bounds.
        }
        throw new AwsError(400, "InvalidRequestException", "Not a " + name + ": " + text);
    }

    private static String required(Call call, String name) throws AwsError {
        String text = call.parameter(name);
        if (text == null || text.isEmpty()) {
            throw new AwsError(400, "InvalidRequestException", name + " is missing");
        }
        return text;
    }

    private static Reply json(ObjectNode body) {
        return Reply.of(200, "application/json", body.toString()).with("Cache-Control", "no-store");
    }
}
