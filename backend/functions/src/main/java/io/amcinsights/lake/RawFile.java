package io.amcinsights.lake;

import io.amcinsights.lake.plan.SourceFormat;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the key of a file says that somebody has dropped: {@code
 * raw/<dataset>/tenant=<tenantId>/<anything>.(csv|json|jsonl|ndjson|parquet)[.gz]} in the lake's
 * bucket.
 *
 * @param format null where the name does not end with one that is known
 */
record RawFile(String dataset, String tenantId, @Nullable SourceFormat format) {

    static final String PREFIX = "raw/";

    private static final Pattern KEY = Pattern.compile("raw/([^/]+)/tenant=([^/]+)/(.*)");

    /** The folder of a tenant's files. */
    static String folder(String dataset, String tenantId) {
        return "%s%s/tenant=%s/".formatted(PREFIX, dataset, tenantId);
    }

    /** Empty where the key is not laid out so. */
    static Optional<RawFile> of(String key) {
        Matcher matcher = KEY.matcher(key);
        return matcher.matches()
                ? Optional.of(
                        new RawFile(matcher.group(1), matcher.group(2), format(matcher.group(3))))
                : Optional.empty();
    }

    private static @Nullable SourceFormat format(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        String plain = lower.endsWith(".gz") ? lower.substring(0, lower.length() - 3) : lower;
        return switch (plain.substring(plain.lastIndexOf('.') + 1)) {
            case "csv" -> SourceFormat.CSV;
            case "json", "jsonl", "ndjson" -> SourceFormat.JSON;
            case "parquet" -> plain.equals(lower) ? SourceFormat.PARQUET : null;
            default -> null;
        };
    }
}
