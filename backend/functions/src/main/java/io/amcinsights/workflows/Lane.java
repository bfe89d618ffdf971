package io.amcinsights.workflows;

import io.amcinsights.contract.Run;

/**
 * Who waits for a run. Each lane of an instance is a group of the queue, and what can wait leaves
 * places free for those who should not.
 */
enum Lane {
    PEOPLE("", Leases.PLACES),
    SCHEDULES("/schedules", Leases.PLACES - 2),
    BATCHES("/batches", Leases.PLACES - 4);

    private final String suffix;
    private final int places;

    Lane(String suffix, int places) {
        this.suffix = suffix;
        this.places = places;
    }

    static Lane of(Run run) {
        if (run.batchId() != null) {
            return BATCHES;
        }
        return run.scheduleId() == null ? PEOPLE : SCHEDULES;
    }

    /** Its group in the queue. */
    String group(String instanceId) {
        return instanceId + suffix;
    }

    /** A run of this lane begins while fewer than these places of its instance are taken. */
    int places() {
        return places;
    }
}
