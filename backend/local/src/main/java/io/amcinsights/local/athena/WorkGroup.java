package io.amcinsights.local.athena;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * A work group, as the template or Athena itself sets it up.
 *
 * @param configuration {@code WorkGroupConfiguration} of the Athena API reference
 */
public record WorkGroup(String name, String description, JsonNode configuration, Instant created) {

    /** The one that every account has. */
    static final String PRIMARY = "primary";

    /** Where results go, with a slash at its end; null: each query must say. */
    @Nullable String resultLocation() {
        String location = configuration.at("/ResultConfiguration/OutputLocation").asText("");
        return location.isEmpty() ? null : folder(location);
    }

    /** Whether its settings win over a query's own. */
    boolean isEnforced() {
        return configuration.path("EnforceWorkGroupConfiguration").asBoolean();
    }

    /** After so many bytes read a query is cancelled. */
    long scanLimit() {
        return configuration.path("BytesScannedCutoffPerQuery").asLong(Long.MAX_VALUE);
    }

    static String folder(String location) {
        return location.endsWith("/") ? location : location + "/";
    }
}
