package io.amcinsights.desktop.places;

/** What to begin with on the tenants screen. */
public sealed interface OpenTenants {

    /** Begin an onboarding. */
    record Onboarding() implements OpenTenants {}

    /** Show one tenant's details. */
    record Details(String tenantId) implements OpenTenants {}
}
