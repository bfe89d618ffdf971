package io.amcinsights.local.amc;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The calls that came, the last of them one by one. Neither queries nor bodies: they are secret.
 */
final class CallLog {

    private static final int KEPT = 5_000;

    /**
     * @param operation null where the path has none
     * @param status 0: the connection broke off
     * @param fault what was made to go wrong
     */
    record Seen(
            @Nullable Operation operation,
            String method,
            String path,
            int status,
            Instant at,
            Duration took,
            String requestId,
            Faults.@Nullable Kind fault) {

        String title() {
            return operation == null ? "" : operation.title();
        }
    }

    private final Deque<Seen> calls = new ArrayDeque<>();
    private final Map<String, Map<Integer, Long>> counts = new TreeMap<>();

    synchronized void add(Seen seen) {
        calls.add(seen);
        if (calls.size() > KEPT) {
            calls.remove();
        }
        counts.computeIfAbsent(seen.title(), _ -> new TreeMap<>())
                .merge(seen.status(), 1L, Long::sum);
    }

    /** The last calls, oldest first. */
    synchronized List<Seen> last() {
        return List.copyOf(calls);
    }

    /** How many calls of each operation ended with each status, also those no longer kept. */
    synchronized Map<String, Map<Integer, Long>> counts() {
        Map<String, Map<Integer, Long>> copy = new TreeMap<>();
        counts.forEach((operation, statuses) -> copy.put(operation, new TreeMap<>(statuses)));
        return copy;
    }

    synchronized void clear() {
        calls.clear();
        counts.clear();
    }
}
