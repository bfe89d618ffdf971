package io.amcinsights.contract;

import org.jspecify.annotations.Nullable;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;

/** Several runs of one workflow that were asked for at once. */
public record Batch(String batchId, String workflowId, Instant requestedAt, List<Part> parts) {

    /** So many runs at most. */
    public static final int LARGEST = 200;

    /**
     * @param run the newest attempt; null where it was refused
     * @param problem why it was refused
     */
    public record Part(
            String tenantId, TimeWindow window, @Nullable Run run, @Nullable Failure problem) {

        /** Whether it did not succeed and nothing goes on. */
        public boolean isOpen() {
            return run == null
                    || run.status() == Run.Status.FAILED
                    || run.status() == Run.Status.CANCELLED;
        }
    }

    /** Whether nothing goes on. */
    public boolean hasEnded() {
        return parts.stream().allMatch(p -> p.run() == null || p.run().status().ended());
    }

    /** How many parts stand so. */
    public long count(Run.Status status) {
        return parts.stream().filter(p -> p.run() != null && p.run().status() == status).count();
    }

    /** How a period is cut. */
    public enum Step {
        DAY,
        /** From Monday. */
        WEEK,
        MONTH
    }

    /**
     * A period cut into windows, in order; the first and the last are shorter where the period does
     * not begin or end with a step.
     *
     * @param from the first day
     * @param until the last day
     * @param zone IANA name of the zone that the days are of
     */
    public static List<TimeWindow> windows(
            LocalDate from, LocalDate until, Step step, String zone) {
        List<TimeWindow> windows = new ArrayList<>();
        LocalDate end = until.plusDays(1);
        LocalDate day = from;
        while (day.isBefore(end)) {
            LocalDate next =
                    switch (step) {
                        case DAY -> day.plusDays(1);
                        case WEEK -> day.with(TemporalAdjusters.next(DayOfWeek.MONDAY));
                        case MONTH -> day.with(TemporalAdjusters.firstDayOfNextMonth());
                    };
            LocalDate to = next.isBefore(end) ? next : end;
            windows.add(TimeWindow.explicit(day + "T00:00:00", to + "T00:00:00", zone));
            day = to;
        }
        return windows;
    }
}
