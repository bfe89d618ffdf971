package io.amcinsights.contract;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A moment given relative to the run, or a plain date. A token is a whole value, never looked for
 * inside SQL: {@code NOW()}, {@code TODAY(n)} (n days from today), {@code
 * FIRSTDAYOFOFFSETMONTH(n)}, {@code FIFTEENTHDAYOFOFFSETMONTH(n)}, {@code LASTDAYOFOFFSETMONTH(n)}
 * (n months from this one), {@code yyyy-MM-dd} or {@code yyyy-MM-dd'T'HH:mm:ss}. Days begin at
 * midnight of the zone.
 */
public final class DateToken {

    private static final Pattern CALL = Pattern.compile("([A-Z]+)\\(\\s*(-?\\d{1,4})?\\s*\\)");
    private static final DateTimeFormatter OUT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss");

    private DateToken() {}

    /** Why the text is neither a token nor a date, in words; empty when it is one. */
    public static Optional<String> problem(String text) {
        try {
            resolve(text, ZonedDateTime.parse("2026-01-15T12:00:00Z"));
            return Optional.empty();
        } catch (DateTimeException e) {
            return Optional.of(
                    "“%s” is no date; write 2026-01-31, 2026-01-31T18:00:00, or a token such as TODAY(-30)."
                            .formatted(text));
        }
    }

    /**
     * The moment meant, {@code yyyy-MM-dd'T'HH:mm:ss} in the zone of {@code now}, as AMC takes it.
     *
     * @throws DateTimeException the text is neither a token nor a date
     */
    public static String resolve(String text, ZonedDateTime now) {
        return moment(text.strip(), now).format(OUT);
    }

    private static LocalDateTime moment(String text, ZonedDateTime now) {
        Matcher call = CALL.matcher(text.toUpperCase(java.util.Locale.ROOT));
        if (!call.matches()) {
            return text.length() == 10
                    ? LocalDate.parse(text).atStartOfDay()
                    : LocalDateTime.parse(text);
        }
        int offset = call.group(2) == null ? 0 : Integer.parseInt(call.group(2));
        YearMonth month = YearMonth.from(now).plusMonths(offset);
        return switch (call.group(1)) {
            case "NOW" -> now.toLocalDateTime().withNano(0);
            case "TODAY" -> now.toLocalDate().plusDays(offset).atStartOfDay();
            case "FIRSTDAYOFOFFSETMONTH" -> month.atDay(1).atStartOfDay();
            case "FIFTEENTHDAYOFOFFSETMONTH" -> month.atDay(15).atStartOfDay();
            case "LASTDAYOFOFFSETMONTH" -> month.atEndOfMonth().atStartOfDay();
            default -> throw new DateTimeException("Unknown date token: " + text);
        };
    }
}
