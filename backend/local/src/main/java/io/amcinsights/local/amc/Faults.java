package io.amcinsights.local.amc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** What is to go wrong, and with which calls. */
final class Faults {

    enum Kind {
        /** The call is refused with a status. */
        STATUS,
        /** The call is answered late. */
        DELAY,
        /** The call is done, but its connection breaks off before the reply. */
        LOST_REPLY,
        /** The call is done twice, as by a proxy that tries again; the second reply counts. */
        DUPLICATE
    }

    /**
     * @param operations empty: all
     * @param body of a status; null: the one that is usual for it
     * @param retryAfter seconds; null: the header is missing
     * @param probability of each call; null: every call
     * @param times how often it happens; null: until it is taken back
     */
    record Fault(
            Set<Operation> operations,
            Kind kind,
            int status,
            @Nullable JsonNode body,
            @Nullable Integer retryAfter,
            Duration delay,
            @Nullable Double probability,
            @Nullable Integer times) {

        Answer answer() {
            Answer answer = Answer.of(status, body == null ? usual() : body);
            return retryAfter == null ? answer : answer.with("Retry-After", retryAfter.toString());
        }

        private ObjectNode usual() {
            ObjectNode usual = AmcCall.JSON.createObjectNode();
            return switch (status) {
                case 429 -> usual.put("code", "429").put("details", "Too Many Requests");
                // Said by the gateway in front of the service, in its own shape.
                case 502 -> usual.put("message", "Internal server error");
                case 504 -> usual.put("message", "Endpoint request timed out");
                default ->
                        usual.put("code", String.valueOf(status))
                                .put("details", "Fault of the AMC simulator");
            };
        }
    }

    /** A fault that waits for calls. */
    static final class Entry {
        private final String id;
        private final Fault fault;
        private int happened;

        private Entry(String id, Fault fault) {
            this.id = id;
            this.fault = fault;
        }

        String id() {
            return id;
        }

        Fault fault() {
            return fault;
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private Random random = new Random(1);
    private int numbers;

    synchronized Entry add(Fault fault) {
        numbers++;
        Entry entry = new Entry("fault-" + numbers, fault);
        entries.add(entry);
        return entry;
    }

    /** How often a fault has happened. */
    synchronized int happened(Entry entry) {
        return entry.happened;
    }

    synchronized List<Entry> all() {
        return List.copyOf(entries);
    }

    synchronized boolean remove(String id) {
        return entries.removeIf(e -> e.id.equals(id));
    }

    synchronized void clear() {
        entries.clear();
    }

    synchronized void seed(long seed) {
        random = new Random(seed);
    }

    /** What happens to a call: the first fault that is due, if any. */
    synchronized @Nullable Fault next(Operation operation) {
        for (Entry entry : entries) {
            Fault fault = entry.fault;
            boolean fits = fault.operations().isEmpty() || fault.operations().contains(operation);
            boolean left = fault.times() == null || entry.happened < fault.times();
            if (fits
                    && left
                    && (fault.probability() == null || random.nextDouble() < fault.probability())) {
                entry.happened++;
                return fault;
            }
        }
        return null;
    }
}
