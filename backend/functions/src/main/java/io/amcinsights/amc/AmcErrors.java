package io.amcinsights.amc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Json;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an answer that is no success says, turned into words; the raw answer is kept beside.
 *
 * @param who answered, for the user
 * @param reason in the answerer's words
 */
record AmcErrors(int status, String who, String reason, String requestId, String body) {

    private static final List<String> REASONS =
            List.of("details", "message", "statusReason", "error_description", "error");
    private static final Pattern XML_REASON = Pattern.compile("<Message>([^<]+)</Message>");
    private static final int KEPT = 2000;

    static AmcErrors of(HttpResponse<String> response, String who) {
        return of(response, response.body(), who);
    }

    static AmcErrors of(HttpResponse<?> response, String body, String who) {
        String requestId =
                response.headers()
                        .firstValue("x-amz-request-id")
                        .or(() -> response.headers().firstValue("x-amz-rid"))
                        .orElse("");
        return new AmcErrors(response.statusCode(), who, reason(body), requestId, body);
    }

    static JsonNode json(HttpResponse<String> response, String who) {
        try {
            String body = response.body();
            return Json.mapper().readTree(body.isBlank() ? "{}" : body);
        } catch (JsonProcessingException e) {
            throw new FailureException(
                    of(response, who)
                            .facts(
                                    Failure.of(
                                            ErrorCode.AMC_UNAVAILABLE,
                                            who + " sent no readable answer.")),
                    e);
        }
    }

    /** The failure, by the kind of the answer's status. */
    Failure failure() {
        if (status == 429) {
            return facts(
                    Failure.of(ErrorCode.AMC_UNAVAILABLE, who + " asks to slow down.")
                            .next("Try again in a few minutes."));
        }
        if (status == 502 || status == 504) {
            return facts(
                    Failure.of(
                                    ErrorCode.AMC_UNAVAILABLE,
                                    ("%s took too long to answer (%s). What was asked for may be"
                                                    + " done nevertheless.")
                                            .formatted(who, reason))
                            .next("Look in a few minutes whether it is done, else try again."));
        }
        if (status >= 500) {
            return facts(
                    Failure.of(
                                    ErrorCode.AMC_UNAVAILABLE,
                                    "%s has trouble at the moment: %s".formatted(who, reason))
                            .next("Try again in a few minutes."));
        }
        if (status == 401) {
            return facts(
                    Failure.of(
                                    ErrorCode.AMC_CREDENTIALS,
                                    "%s does not accept the credentials: %s".formatted(who, reason))
                            .next("Authorise AMC Insights at Amazon Ads again."));
        }
        if (status == 410) {
            return facts(
                    Failure.of(
                                    ErrorCode.AMC_REFUSED,
                                    "This address of AMC is out of service: " + reason)
                            .next("Update AMC Insights."));
        }
        Failure explained = AmcReasons.failure(reason);
        if (status == 403 && explained.nextStep() == null) {
            explained =
                    Failure.of(
                                    ErrorCode.AMC_REFUSED,
                                    "The credentials may not use this AMC instance: " + reason)
                            .next(
                                    "Check the AMC account id and the marketplace, and that the"
                                            + " Amazon user has a role in the instance.");
        }
        return facts(explained);
    }

    /** The failure of asking for a token. */
    Failure credentials(String credentialsId) {
        if (status == 429 || status >= 500) {
            return failure();
        }
        return facts(
                Failure.of(
                                ErrorCode.AMC_CREDENTIALS,
                                "Login with Amazon refuses the credentials “%s”: %s"
                                        .formatted(credentialsId, reason))
                        .next("Authorise AMC Insights at Amazon Ads again."));
    }

    private Failure facts(Failure failure) {
        Failure known =
                failure.with("status", Integer.toString(status))
                        .with("answer", body.substring(0, Math.min(body.length(), KEPT)));
        return requestId.isEmpty() ? known : known.with("requestId", requestId);
    }

    private static String reason(String body) {
        try {
            JsonNode json = Json.mapper().readTree(body);
            for (String name : REASONS) {
                String text = json.path(name).asText("");
                if (!text.isBlank()) {
                    return text;
                }
            }
        } catch (JsonProcessingException e) {
            Matcher xml = XML_REASON.matcher(body);
            if (xml.find()) {
                return xml.group(1);
            }
            // neither JSON nor XML: the text itself is the reason
        }
        return body.isBlank() ? "no reason given" : body.strip();
    }
}
