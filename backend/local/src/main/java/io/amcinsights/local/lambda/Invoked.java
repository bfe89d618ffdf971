package io.amcinsights.local.lambda;

import org.jspecify.annotations.Nullable;

/**
 * What an invocation gave.
 *
 * @param payload JSON
 * @param functionError {@code Unhandled} if the function failed; then the payload tells the error
 * @param executedVersion {@code $LATEST}, or the version behind the alias
 * @param log its last lines
 */
public record Invoked(
        String payload, @Nullable String functionError, String executedVersion, String log) {}
