package io.amcinsights.local.signin;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/** Things that are forgotten after a while, each known by a name that cannot be guessed. */
final class Expiring<T> {

    private static final int MOST = 1_000;

    private record Kept<T>(T thing, Instant until) {}

    private final InstantSource clock;
    private final Duration lifetime;
    private final Map<String, Kept<T>> all = new LinkedHashMap<>();

    Expiring(InstantSource clock, Duration lifetime) {
        this.clock = clock;
        this.lifetime = lifetime;
    }

    /** Keeps a thing; returns its name. */
    synchronized String keep(T thing) {
        forget();
        if (all.size() >= MOST) {
            all.remove(all.keySet().iterator().next());
        }
        String name = Tokens.random();
        all.put(name, new Kept<>(thing, clock.instant().plus(lifetime)));
        return name;
    }

    synchronized @Nullable T find(String name) {
        forget();
        Kept<T> kept = all.get(name);
        return kept == null ? null : kept.thing();
    }

    synchronized @Nullable T find(Predicate<T> wanted) {
        forget();
        return all.values().stream().map(Kept::thing).filter(wanted).findFirst().orElse(null);
    }

    /** Finds a thing that nobody will find again. */
    synchronized @Nullable T take(String name) {
        T thing = find(name);
        all.remove(name);
        return thing;
    }

    private void forget() {
        Instant now = clock.instant();
        all.values().removeIf(kept -> !kept.until().isAfter(now));
    }
}
