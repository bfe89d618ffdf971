package io.amcinsights.contract;

import java.time.ZoneId;
import java.util.Optional;

/** Time zones by their IANA names. */
public final class Zones {

    private Zones() {}

    /** Why the text names no time zone, in words; empty when it does. */
    public static Optional<String> problem(String text) {
        return ZoneId.getAvailableZoneIds().contains(text)
                ? Optional.empty()
                : Optional.of(
                        "There is no time zone “%s”; choose one such as Europe/London."
                                .formatted(text));
    }
}
