package io.amcinsights.contract;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * One Login with Amazon authorisation, without what is secret of it.
 *
 * @param label how people call it
 * @param region whose sign-in page the Amazon user was on
 * @param clientId of the Login with Amazon application; empty where it is not set up
 * @param authorizedAt when the Amazon user let us in; null where that was not done here
 * @param problem why Amazon did not accept it the last time
 * @param tenants names of the tenants that use it
 */
public record Credentials(
        String credentialsId,
        String label,
        AmcRegion region,
        String clientId,
        @Nullable Instant authorizedAt,
        @Nullable Failure problem,
        List<String> tenants) {}
