package io.amcinsights.desktop.queries;

import java.time.Duration;

/** Whether Athena may answer a query with the result of the same query before it. */
enum Reuse {
    NEVER(Duration.ZERO),
    HOUR(Duration.ofHours(1)),
    DAY(Duration.ofDays(1)),
    WEEK(Duration.ofDays(7));

    private final Duration within;

    Reuse(Duration within) {
        this.within = within;
    }

    /** How old the result may be; zero for never. */
    Duration within() {
        return within;
    }
}
