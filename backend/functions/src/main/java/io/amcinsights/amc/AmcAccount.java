package io.amcinsights.amc;

import io.amcinsights.contract.AmcRegion;

/**
 * Whose behalf a call is made on.
 *
 * @param credentialsId the Login with Amazon authorisation
 * @param accountId AMC account, {@code ENTITY…}
 */
public record AmcAccount(
        String credentialsId, AmcRegion region, String accountId, String marketplaceId) {}
