package io.amcinsights.contract;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an administrator enters to let an Amazon user sign in.
 *
 * @param clientId of the Login with Amazon application
 * @param clientSecret of the application; empty to go on with the one that is kept
 * @param redirectUri where the sign-in page sends the user back to; one of the application's
 *     Allowed Return URLs
 */
public record CredentialsDraft(
        String credentialsId,
        String label,
        AmcRegion region,
        String clientId,
        String clientSecret,
        String redirectUri) {

    /** What is wrong, by field, in words; empty when the draft may be sent. */
    public Map<String, String> problems() {
        Map<String, String> problems = new LinkedHashMap<>();
        if (label.isBlank() || label.length() > 80) {
            problems.put("label", "Give the credentials a name of at most 80 characters.");
        }
        if (!credentialsId.matches("[a-z0-9-]{1,40}")) {
            problems.putIfAbsent("label", "The name needs a letter or digit.");
        }
        if (!clientId.startsWith("amzn1.application-oa2-client.")) {
            problems.put(
                    "clientId",
                    "A client id begins with amzn1.application-oa2-client. — Login with Amazon"
                            + " shows it beside the application's name.");
        }
        if (!redirectUri.matches("http://localhost(:\\d{1,5})?/.*")) {
            problems.put("redirectUri", "The way back must lead to this machine.");
        }
        return problems;
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return "CredentialsDraft[%s, %s, %s]".formatted(credentialsId, region, clientId);
    }
}
