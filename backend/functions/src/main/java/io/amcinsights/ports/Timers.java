package io.amcinsights.ports;

import io.amcinsights.contract.ScheduleExpression;
import io.amcinsights.contract.Zones;

/** Calls a function at the times of an expression, at least once each. */
public interface Timers {

    /**
     * Sets a timer, new or not.
     *
     * @param name letters, digits, hyphens and underscores, at most 64
     * @param expression {@code cron(…)}, {@code rate(…)} or {@code at(…)}
     * @param zone IANA name of the zone that the expression is read in
     * @param payload JSON sent to the {@code workflows} function; {@code
     *     <aws.scheduler.scheduled-time>} in it becomes the time that was due, ISO in UTC
     * @throws IllegalArgumentException name, expression or zone is none; what was set before stays
     */
    void set(String name, String expression, String zone, boolean enabled, String payload);

    /** Removes a timer; nothing happens where there is none. */
    void remove(String name);

    /** Refuses what cannot be set, for all implementations alike. */
    static void check(String name, String expression, String zone) {
        if (!name.matches("[A-Za-z0-9_-]{1,64}")) {
            throw new IllegalArgumentException("A timer cannot be named " + name);
        }
        ScheduleExpression.parse(expression);
        Zones.problem(zone)
                .ifPresent(
                        problem -> {
                            throw new IllegalArgumentException(problem);
                        });
    }
}
