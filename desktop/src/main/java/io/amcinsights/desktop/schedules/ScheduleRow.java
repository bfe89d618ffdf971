package io.amcinsights.desktop.schedules;

import io.amcinsights.contract.Run;
import io.amcinsights.contract.Schedule;

import org.jspecify.annotations.Nullable;

import java.time.ZonedDateTime;

/**
 * One schedule in the list.
 *
 * @param tenant what people call the tenant
 * @param workflow what people call the workflow
 * @param rule when it runs, in plain English
 * @param next when it runs next; null where it is paused or done
 * @param lastRun the newest run that it asked for; null where there is none, or none is kept
 */
record ScheduleRow(
        Schedule schedule,
        String tenant,
        String workflow,
        String rule,
        @Nullable ZonedDateTime next,
        @Nullable Run lastRun) {}
