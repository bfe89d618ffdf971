package io.amcinsights.local.amc;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Statuses that executions are made to have, whatever their queries would come to. */
final class Statuses {

    private static final Set<String> ENDS = Set.of("FAILED", "REJECTED", "CANCELLED");

    /**
     * @param status {@code FAILED}, {@code REJECTED} and {@code CANCELLED} end an execution; any
     *     other, also one that AMC does not know, holds it until it is let go
     */
    record Forced(String status, @Nullable String reason) {

        boolean ends() {
            return ENDS.contains(status);
        }

        /** What is told to who asks why. */
        String why() {
            return reason == null ? "Made " + status + " by the control path" : reason;
        }
    }

    /**
     * @param workflowId null: of any workflow
     */
    record Next(Forced forced, @Nullable String workflowId, int times) {}

    private final List<Next> queue = new ArrayList<>();
    private final Map<String, Forced> assigned = new HashMap<>();

    /** The next executions get the status. */
    synchronized void add(Next next) {
        queue.add(next);
    }

    synchronized List<Next> queued() {
        return List.copyOf(queue);
    }

    /** Gives a new execution what is laid up for it. */
    synchronized void assign(String executionId, String workflowId) {
        for (int i = 0; i < queue.size(); i++) {
            Next next = queue.get(i);
            if (next.workflowId() == null || next.workflowId().equals(workflowId)) {
                if (next.times() > 1) {
                    queue.set(i, new Next(next.forced(), next.workflowId(), next.times() - 1));
                } else {
                    queue.remove(i);
                }
                assigned.put(executionId, next.forced());
                return;
            }
        }
    }

    synchronized void set(String executionId, Forced forced) {
        assigned.put(executionId, forced);
    }

    synchronized @Nullable Forced of(String executionId) {
        return assigned.get(executionId);
    }

    /** The status that an execution is held in. */
    @Nullable String held(String executionId) {
        Forced forced = of(executionId);
        return forced == null || forced.ends() ? null : forced.status();
    }

    synchronized int assigned() {
        return assigned.size();
    }

    synchronized void forget(String executionId) {
        assigned.remove(executionId);
    }

    synchronized void clear() {
        queue.clear();
        assigned.clear();
    }
}
