package io.amcinsights.workflows;

import io.amcinsights.ports.Documents;
import io.amcinsights.store.Records;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The places of each AMC instance: it works on ten executions of the API at a time. Source: AMC
 * Reporting API reference, "Quotas".
 */
public final class Leases {

    private record Place(String runId, Instant since) {}

    private record Places(List<Place> taken, long version) {}

    static final int PLACES = 10;
    private static final String LEASES = "lease";

    /** No execution of {@code workflow-run} lives so long. */
    static final Duration FORGOTTEN = Duration.ofHours(49);

    private final Records<Places> places;
    private final Clock clock;

    public Leases(Documents documents, Clock clock) {
        this.places = new Records<>(documents, Places.class);
        this.clock = clock;
    }

    /**
     * Takes a place for a run; the same run takes the same place again.
     *
     * @param most the run begins only while fewer places than these are taken
     * @param ended tells of a run that it has ended; its place is free
     * @return false where all places are taken
     */
    boolean take(String instanceId, String runId, int most, Predicate<String> ended) {
        Places after =
                places.change(
                        LEASES,
                        instanceId,
                        new Places(List.of(), 0),
                        p -> {
                            if (holds(p, runId)) {
                                return p;
                            }
                            List<Place> taken = new ArrayList<>(p.taken());
                            if (taken.size() >= most) {
                                taken.removeIf(t -> isFree(t, ended));
                            }
                            if (taken.size() < most) {
                                taken.add(new Place(runId, clock.instant()));
                            }
                            return new Places(taken, p.version());
                        });
        return holds(after, runId);
    }

    /** How many places are taken. */
    int taken(String instanceId) {
        return places.find(LEASES, instanceId).map(p -> p.taken().size()).orElse(0);
    }

    void release(String instanceId, String runId) {
        places.change(
                LEASES,
                instanceId,
                p ->
                        new Places(
                                p.taken().stream().filter(t -> !t.runId().equals(runId)).toList(),
                                p.version()));
    }

    private boolean isFree(Place place, Predicate<String> ended) {
        return place.since().plus(FORGOTTEN).isBefore(clock.instant()) || ended.test(place.runId());
    }

    private static boolean holds(Places places, String runId) {
        return places.taken().stream().anyMatch(t -> t.runId().equals(runId));
    }
}
