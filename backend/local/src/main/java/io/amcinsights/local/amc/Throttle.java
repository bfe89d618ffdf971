package io.amcinsights.local.amc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** A token bucket for each client, as the Ads API limits its callers. It counts in real time. */
final class Throttle {

    /**
     * @param burst calls that may come at once
     * @param perSecond calls that may follow
     */
    record Rate(int burst, double perSecond) {

        static @Nullable Rate of(JsonNode wanted) throws AmcError {
            if (wanted.isNull()) {
                return null;
            }
            if (wanted instanceof ObjectNode object) {
                Fields fields = Fields.of(object, "burst", "perSecond");
                Integer burst = fields.integer("burst", 1, 1_000_000);
                Double perSecond = fields.number("perSecond", 0.001, 1_000_000);
                if (burst != null && perSecond != null) {
                    return new Rate(burst, perSecond);
                }
            }
            throw AmcError.badRequest("throttle needs burst and perSecond, or is null.");
        }
    }

    private static final class Bucket {
        private double tokens;
        private long filled;

        Bucket(double tokens, long filled) {
            this.tokens = tokens;
            this.filled = filled;
        }
    }

    private final LongSupplier nanos;
    private final Map<String, Bucket> buckets = new HashMap<>();

    Throttle(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Full buckets again. */
    synchronized void reset() {
        buckets.clear();
    }

    /**
     * @throws AmcError 429 with the seconds to wait
     */
    synchronized void admit(@Nullable String client, @Nullable Rate rate) throws AmcError {
        if (rate == null) {
            return;
        }
        long now = nanos.getAsLong();
        Bucket bucket =
                buckets.computeIfAbsent(
                        client == null ? "" : client, _ -> new Bucket(rate.burst(), now));
        double gained = (now - bucket.filled) / 1e9 * rate.perSecond();
        bucket.tokens = Math.min(rate.burst(), bucket.tokens + gained);
        bucket.filled = now;
        if (bucket.tokens >= 1) {
            bucket.tokens -= 1;
            return;
        }
        long wait = (long) Math.max(1, Math.ceil((1 - bucket.tokens) / rate.perSecond()));
        throw AmcError.of(429, "Too Many Requests").with("Retry-After", String.valueOf(wait));
    }
}
