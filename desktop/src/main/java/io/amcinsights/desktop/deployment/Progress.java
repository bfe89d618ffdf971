package io.amcinsights.desktop.deployment;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How far an operation is, as its events tell.
 *
 * @param done resources that are finished
 * @param expected resources that will be
 * @param goingBack whether what was done is being undone
 * @param left how long it will take at this pace; null where that cannot be told yet
 * @param cause the failure that all others follow from; null where nothing has failed
 */
public record Progress(
        int done,
        int expected,
        boolean goingBack,
        @Nullable Duration left,
        @Nullable StackEvent cause) {

    /** Fewer finished resources tell nothing of the pace. */
    private static final int ENOUGH = 3;

    private static final int SECONDS_ENOUGH = 8;

    /**
     * Reads an operation.
     *
     * @param events newest first
     * @param expected how many resources it touches, as far as that is known before
     */
    static Progress of(List<StackEvent> events, int expected, Instant now) {
        Map<String, StackEvent> newest = new HashMap<>();
        Instant began = now;
        Instant turned = null;
        for (StackEvent event : events) {
            if (event.ofStack()) {
                if (event.status().contains("ROLLBACK_IN_PROGRESS")) {
                    turned = event.at();
                }
            } else {
                newest.putIfAbsent(event.resource(), event);
            }
            began = event.at();
        }
        boolean back = turned != null;
        Instant from = back ? turned : began;
        Set<String> finished = new HashSet<>();
        newest.forEach(
                (resource, event) -> {
                    if (event.ended() && !event.at().isBefore(from) && (!back || !event.failed())) {
                        finished.add(resource);
                    }
                });
        int whole = back ? newest.size() : Math.max(expected, newest.size());
        return new Progress(
                finished.size(),
                whole,
                back,
                left(Duration.between(from, now), finished.size(), whole),
                cause(events).orElse(null));
    }

    /** The earliest failure that is no consequence of another. */
    static Optional<StackEvent> cause(List<StackEvent> events) {
        return events.reversed().stream()
                .filter(event -> event.failed() && !event.collateral() && !event.ofStack())
                .findFirst()
                .or(
                        () ->
                                events.reversed().stream()
                                        .filter(event -> event.failed() && event.ofStack())
                                        .findFirst());
    }

    /** Between 0 and 1. */
    public double share() {
        return expected == 0 ? 0 : (double) done / expected;
    }

    private static @Nullable Duration left(Duration elapsed, int done, int whole) {
        if (done < ENOUGH || done >= whole || elapsed.toSeconds() < SECONDS_ENOUGH) {
            return null;
        }
        return elapsed.dividedBy(done).multipliedBy(whole - done);
    }
}
