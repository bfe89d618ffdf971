package io.amcinsights.amc;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.contract.AmcIds;
import io.amcinsights.contract.AmcRegion;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;

import org.jspecify.annotations.Nullable;

import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * How every resource of AMC is called: the headers, a token that lives, pages, and both of AMC's
 * envelopes. What a caller could only have mistaken is told before it is sent.
 */
final class AmcTransport {

    private static final String AMC = "AMC";
    private static final int PAGE = 100;

    private final AmcHosts hosts;
    private final AmcTokens tokens;
    private final Retrying retrying;

    AmcTransport(AmcHosts hosts, AmcTokens tokens, Retrying retrying) {
        this.hosts = hosts;
        this.tokens = tokens;
        this.retrying = retrying;
    }

    AmcHosts hosts() {
        return hosts;
    }

    Retrying retrying() {
        return retrying;
    }

    /**
     * @param repeatable the same request twice does what one does
     */
    JsonNode call(
            AmcAccount account,
            String method,
            String path,
            @Nullable JsonNode body,
            boolean repeatable) {
        require(account);
        return call(
                account.credentialsId(), account.region(), account, method, path, body, repeatable);
    }

    JsonNode get(AmcAccount account, String path) {
        return call(account, "GET", path, null, true);
    }

    /** Reads what needs no account: the accounts themselves. */
    JsonNode get(String credentialsId, AmcRegion region, String path) {
        return call(credentialsId, region, null, "GET", path, null, true);
    }

    /** All objects of a list, from all its pages. */
    List<JsonNode> pages(AmcAccount account, String path, String list, String single) {
        return pages(
                query -> get(account, path + (path.contains("?") ? "&" : "?") + query),
                list,
                single);
    }

    /** All objects of a list, from all its pages. */
    static List<JsonNode> pages(Function<String, JsonNode> page, String list, String single) {
        List<JsonNode> items = new ArrayList<>();
        String token = null;
        do {
            JsonNode answer =
                    page.apply(
                            "limit=" + PAGE + (token == null ? "" : "&nextToken=" + encode(token)));
            answer.path(list).forEach(item -> items.add(unwrap(item, single)));
            if (answer.path(single).isObject()) {
                items.add(answer.path(single));
            }
            String next = text(answer, "nextToken");
            if (next != null && next.equals(token)) {
                throw Failure.of(
                                ErrorCode.AMC_UNAVAILABLE,
                                "AMC gives the same page of a list again and again.")
                        .next("Try again in a few minutes.")
                        .exception();
            }
            token = next;
        } while (token != null);
        return items;
    }

    /** A path of the Reporting API. */
    static String reporting(AmcAddress address, String path) {
        AmcIds.instanceProblem(address.instanceId())
                .ifPresent(
                        problem -> {
                            throw Failure.invalid("instanceId", problem)
                                    .next("Choose the instance from the list of AMC instances.")
                                    .exception();
                        });
        return "/amc/reporting/" + encode(address.instanceId()) + path;
    }

    private static void require(AmcAccount account) {
        if (account.accountId().isBlank()) {
            throw Failure.invalid("accountId", "The AMC account id (ENTITY…) is missing.")
                    .next("Choose the instance from the list of AMC instances.")
                    .exception();
        }
        if (account.marketplaceId().isBlank()) {
            throw Failure.invalid("marketplaceId", "The marketplace of the AMC account is missing.")
                    .next("Choose the instance from the list of AMC instances.")
                    .exception();
        }
    }

    private JsonNode call(
            String credentialsId,
            AmcRegion region,
            @Nullable AmcAccount account,
            String method,
            String path,
            @Nullable JsonNode body,
            boolean repeatable) {
        Function<AmcTokens.Token, HttpResponse<String>> send =
                token ->
                        retrying.send(
                                () -> request(region, account, method, path, body, token),
                                repeatable);
        AmcTokens.Token token = tokens.get(credentialsId, region);
        HttpResponse<String> response = send.apply(token);
        if (response.statusCode() == 401) {
            tokens.forget(credentialsId, region, token);
            response = send.apply(tokens.get(credentialsId, region));
        }
        if (response.statusCode() / 100 != 2) {
            throw AmcErrors.of(response, AMC).failure().exception();
        }
        return AmcErrors.json(response, AMC);
    }

    private HttpRequest.Builder request(
            AmcRegion region,
            @Nullable AmcAccount account,
            String method,
            String path,
            @Nullable JsonNode body,
            AmcTokens.Token token) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(hosts.api(region, path))
                        .header("Authorization", "Bearer " + token.accessToken())
                        .header("Amazon-Advertising-API-ClientId", token.clientId())
                        .header("Accept", "application/json")
                        .method(
                                method,
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body.toString()));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (account != null) {
            request.header("Amazon-Advertising-API-AdvertiserId", account.accountId());
            request.header("Amazon-Advertising-API-MarketplaceId", account.marketplaceId());
        }
        return request;
    }

    /** AMC answers with the object, or with an object that holds it under its name. */
    static JsonNode unwrap(JsonNode answer, String name) {
        return answer.path(name).isObject() ? answer.path(name) : answer;
    }

    static @Nullable String text(JsonNode json, String name) {
        String text = json.path(name).asText("");
        return text.isEmpty() || json.path(name).isNull() ? null : text;
    }

    static @Nullable Instant instant(JsonNode json, String name) {
        String text = text(json, name);
        if (text == null) {
            return null;
        }
        try {
            return Instant.parse(text.endsWith("Z") ? text : text + "Z");
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Whether AMC says that it has nothing of this id. */
    static boolean saysAbsent(FailureException e) {
        return refusedWith(e, "does not exist")
                || "404".equals(e.failure().details().get("status"));
    }

    /** Whether AMC refused with such words; it gives one status to many reasons. */
    static boolean refusedWith(FailureException e, String text) {
        return e.failure().code() == ErrorCode.AMC_REFUSED
                && e.failure().message().toLowerCase(Locale.ROOT).contains(text);
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
