package io.amcinsights.desktop.inputs;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds time zones by what people type of them. */
final class ZoneSearch {

    /** Zones of places; the other names (EST5EDT, SystemV/…) are old ways to say the same. */
    private static final Pattern PLACE =
            Pattern.compile(
                    "(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)/.+");

    private static final List<String> ALL =
            Stream.concat(
                            Stream.of(TimeWindowViewModel.localZone(), "UTC"),
                            ZoneId.getAvailableZoneIds().stream()
                                    .filter(id -> PLACE.matcher(id).matches())
                                    .sorted())
                    .distinct()
                    .toList();

    private ZoneSearch() {}

    /**
     * Zones whose names have every word of the text, those first whose city begins with it; all for
     * none. This computer's zone and UTC lead.
     */
    static List<String> matching(String text) {
        String wanted = plain(text).strip();
        List<String> words = List.of(wanted.split("\\s+"));
        return ALL.stream()
                .filter(id -> words.stream().allMatch(plain(id)::contains))
                .sorted(Comparator.comparing(id -> !city(id).startsWith(wanted)))
                .toList();
    }

    private static String city(String id) {
        return plain(id.substring(id.lastIndexOf('/') + 1));
    }

    private static String plain(String text) {
        return text.toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** How far a zone is from UTC at a time, such as {@code UTC+02:00}. */
    static String offset(String id, Instant at) {
        ZoneOffset offset = ZoneId.of(id).getRules().getOffset(at);
        return offset.equals(ZoneOffset.UTC) ? "UTC" : "UTC" + offset.getId();
    }
}
