package io.amcinsights.amc;

import org.jspecify.annotations.Nullable;

import java.time.DayOfWeek;

/**
 * A schedule that AMC itself keeps. Its period is both how often the workflow runs and how long the
 * window is that it reads; the result arrives in the bucket hours later.
 *
 * @param startDay of a weekly one; null: the day on which it was made
 * @param hourUtc 0 to 23
 * @param sandbox the instance holds synthetic data, which AMC wants to be said
 */
public record AmcSchedule(
        String scheduleId,
        String workflowId,
        Period period,
        @Nullable DayOfWeek startDay,
        int hourUtc,
        boolean enabled,
        boolean sandbox) {

    public enum Period {
        DAILY,
        WEEKLY
    }
}
