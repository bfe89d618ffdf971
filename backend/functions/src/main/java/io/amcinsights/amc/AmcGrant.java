package io.amcinsights.amc;

import io.amcinsights.contract.AmcRegion;

import org.jspecify.annotations.Nullable;

/**
 * What an Amazon user granted on the consent page.
 *
 * @param region whose sign-in page it was
 * @param code from the page's redirect
 * @param redirectUri the address that the page sent the user back to, as it was asked for
 * @param verifier of the challenge that the page was opened with (PKCE); null without one
 */
public record AmcGrant(
        AmcRegion region,
        String clientId,
        String clientSecret,
        String code,
        String redirectUri,
        @Nullable String verifier) {

    /** Shows no secret. */
    @Override
    public String toString() {
        return "AmcGrant[%s, %s, %s]".formatted(region, clientId, redirectUri);
    }
}
