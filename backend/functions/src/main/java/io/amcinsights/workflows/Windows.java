package io.amcinsights.workflows;

import io.amcinsights.contract.DateToken;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.TimeWindow;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Map;

/** The time windows of runs, checked and made plain. */
final class Windows {

    private Windows() {}

    /** The moment as the window's zone reads it, which date tokens are relative to. */
    static ZonedDateTime local(TimeWindow window, Instant now) {
        check(window);
        return now.atZone(ZoneId.of(window.zone()));
    }

    /**
     * The window with plain times in place of date tokens.
     *
     * @throws FailureException the field {@code window.…} at fault
     */
    static TimeWindow resolve(TimeWindow window, Instant now) {
        ZonedDateTime local = local(window, now);
        String from = window.start();
        String to = window.end();
        if (window.type() != TimeWindow.Type.EXPLICIT || from == null || to == null) {
            return TimeWindow.of(window.type(), window.zone());
        }
        String start = DateToken.resolve(from, local);
        String end = DateToken.resolve(to, local);
        if (start.compareTo(end) >= 0) {
            throw Failure.invalid(
                            "window.end",
                            "The window ends (%s) before it begins (%s)."
                                    .formatted(spaced(end), spaced(start)))
                    .exception();
        }
        return TimeWindow.explicit(start, end, window.zone());
    }

    private static void check(TimeWindow window) {
        for (Map.Entry<String, String> problem : window.problems().entrySet()) {
            throw Failure.invalid("window." + problem.getKey(), problem.getValue()).exception();
        }
    }

    private static String spaced(String time) {
        return time.replace('T', ' ');
    }
}
