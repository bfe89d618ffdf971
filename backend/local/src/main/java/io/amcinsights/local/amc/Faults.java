package io.amcinsights.local.amc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** What is to go wrong, and with which calls. */
final class Faults {

    enum Kind {
        /** The call is refused with a status. */
        STATUS("status"),
        /** The call is answered late. */
        DELAY("delay"),
        /** The call is done, but its connection breaks off before the reply. */
        LOST_REPLY("lostReply"),
        /** The call is done twice, as by a proxy that tries again; the second reply counts. */
        DUPLICATE("duplicate");

        private final String title;

        Kind(String title) {
            this.title = title;
        }

        /** Its name as the control path spells it. */
        String title() {
            return title;
        }

        private static Kind named(String title) throws AmcError {
            for (Kind kind : values()) {
                if (kind.title.equals(title)) {
                    return kind;
                }
            }
            throw AmcError.badRequest("kind must be status, delay, lostReply or duplicate.");
        }
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

        static Fault of(ObjectNode wanted) throws AmcError {
            Fields fields =
                    Fields.of(
                            wanted,
                            "operation",
                            "kind",
                            "status",
                            "body",
                            "retryAfter",
                            "delayMillis",
                            "probability",
                            "times");
            Kind kind = Kind.named(fields.text("kind", ""));
            Integer status = fields.integer("status", 400, 599);
            if ((kind == Kind.STATUS) != (status != null)) {
                throw AmcError.badRequest("A status belongs to the kind status, and to no other.");
            }
            Integer delay = fields.integer("delayMillis", 1, 3_600_000);
            if ((kind == Kind.DELAY) != (delay != null)) {
                throw AmcError.badRequest(
                        "delayMillis belongs to the kind delay, and to no other.");
            }
            return new Fault(
                    operations(fields.node("operation")),
                    kind,
                    status == null ? 0 : status,
                    fields.has("body") ? fields.node("body") : null,
                    fields.integer("retryAfter", 0, 86_400),
                    Duration.ofMillis(delay == null ? 0 : delay),
                    fields.number("probability", 0, 1),
                    fields.integer("times", 1, Integer.MAX_VALUE));
        }

        private static Set<Operation> operations(JsonNode names) throws AmcError {
            Set<Operation> found = EnumSet.noneOf(Operation.class);
            if (names.isTextual()) {
                found.add(Operation.named(names.asText()));
            }
            for (JsonNode name : names) {
                found.add(Operation.named(name.asText()));
            }
            return found;
        }

        ObjectNode json() {
            ObjectNode json = AmcCall.JSON.createObjectNode();
            ArrayNode names = json.putArray("operation");
            operations.forEach(o -> names.add(o.title()));
            json.put("kind", kind.title());
            if (kind == Kind.STATUS) {
                json.put("status", status).put("retryAfter", retryAfter);
            }
            if (kind == Kind.DELAY) {
                json.put("delayMillis", delay.toMillis());
            }
            return json.put("probability", probability).put("times", times);
        }

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

    private static final class Entry {
        private final String id;
        private final Fault fault;
        private int happened;

        private Entry(String id, Fault fault) {
            this.id = id;
            this.fault = fault;
        }

        ObjectNode json() {
            return fault.json().put("id", id).put("happened", happened);
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private Random random = new Random(1);
    private int numbers;

    /** The fault as it waits for calls from now on. */
    synchronized ObjectNode add(Fault fault) {
        numbers++;
        Entry entry = new Entry("fault-" + numbers, fault);
        entries.add(entry);
        return entry.json();
    }

    synchronized ObjectNode json() {
        ObjectNode json = AmcCall.JSON.createObjectNode();
        ArrayNode list = json.putArray("faults");
        entries.forEach(entry -> list.add(entry.json()));
        return json;
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
