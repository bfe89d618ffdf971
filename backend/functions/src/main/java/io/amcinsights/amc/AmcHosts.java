package io.amcinsights.amc;

import io.amcinsights.contract.AmcRegion;

import java.net.URI;
import java.util.List;

/**
 * Where the Amazon Ads API and its sign-in answer.
 *
 * @param apiUrl in place of the regional ones; empty for those
 * @param tokenUrl in place of the regional ones; empty for those
 */
public record AmcHosts(String apiUrl, String tokenUrl) {

    /** The regions to look for instances in: one server of our own stands for all of them. */
    List<AmcRegion> regions() {
        return apiUrl.isEmpty() ? List.of(AmcRegion.values()) : List.of(AmcRegion.NA);
    }

    /** Source: Amazon Ads API reference, "API endpoints". */
    URI api(AmcRegion region, String path) {
        String base =
                apiUrl.isEmpty()
                        ? switch (region) {
                            case NA -> "https://advertising-api.amazon.com";
                            case EU -> "https://advertising-api-eu.amazon.com";
                            case FE -> "https://advertising-api-fe.amazon.com";
                        }
                        : apiUrl;
        return URI.create(base + path);
    }

    /**
     * The page where an Amazon user lets a Login with Amazon application act for them.
     *
     * @param state comes back with the code
     * @param challenge the SHA-256 hash, in base64url, of {@link AmcGrant#verifier}
     */
    public URI consent(
            AmcRegion region, String clientId, String redirectUri, String state, String challenge) {
        String page =
                tokenUrl.isEmpty()
                        ? switch (region) {
                            case NA -> "https://www.amazon.com/ap/oa";
                            case EU -> "https://eu.account.amazon.com/ap/oa";
                            case FE -> "https://apac.account.amazon.com/ap/oa";
                        }
                        : URI.create(tokenUrl).resolve("/ap/oa").toString();
        return URI.create(
                page
                        + "?response_type=code&scope=advertising%3A%3Acampaign_management"
                        + "&client_id="
                        + AmcTransport.encode(clientId)
                        + "&redirect_uri="
                        + AmcTransport.encode(redirectUri)
                        + "&state="
                        + AmcTransport.encode(state)
                        + "&code_challenge_method=S256&code_challenge="
                        + AmcTransport.encode(challenge));
    }

    /** Source: Amazon Ads API reference, "Access tokens". */
    URI token(AmcRegion region) {
        return URI.create(
                tokenUrl.isEmpty()
                        ? switch (region) {
                            case NA -> "https://api.amazon.com/auth/o2/token";
                            case EU -> "https://api.amazon.co.uk/auth/o2/token";
                            case FE -> "https://api.amazon.co.jp/auth/o2/token";
                        }
                        : tokenUrl);
    }
}
