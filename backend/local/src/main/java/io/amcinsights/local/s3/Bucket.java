package io.amcinsights.local.s3;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * A bucket and its settings.
 *
 * @param versioning {@code Enabled}, {@code Suspended}, or null where it never was enabled
 * @param events whether a new object is told to EventBridge
 * @param policy JSON as it was put
 */
record Bucket(
        String name,
        Instant created,
        @Nullable String versioning,
        boolean events,
        @Nullable String policy) {

    boolean keepsVersions() {
        return "Enabled".equals(versioning);
    }
}
