package io.amcinsights.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;

class DateTokenTest {

    @ParameterizedTest
    @CsvSource({
        "NOW(), 2028-03-31T23:30:05",
        "now(), 2028-03-31T23:30:05",
        "TODAY(), 2028-03-31T00:00:00",
        "TODAY(-30), 2028-03-01T00:00:00",
        "TODAY( 1 ), 2028-04-01T00:00:00",
        "FIRSTDAYOFOFFSETMONTH(-2), 2028-01-01T00:00:00",
        "FIFTEENTHDAYOFOFFSETMONTH(0), 2028-03-15T00:00:00",
        "LASTDAYOFOFFSETMONTH(-1), 2028-02-29T00:00:00",
        "LASTDAYOFOFFSETMONTH(-13), 2027-02-28T00:00:00",
        "2028-02-29, 2028-02-29T00:00:00",
        "2028-02-29T18:05, 2028-02-29T18:05:00",
        "' 2028-02-29T18:05:06 ', 2028-02-29T18:05:06"
    })
    void resolvesInTheZoneOfNow(String token, String moment) {
        ZonedDateTime now = ZonedDateTime.parse("2028-03-31T23:30:05.75+01:00[Europe/London]");

        assertThat(DateToken.problem(token)).isEmpty();
        assertThat(DateToken.resolve(token, now)).isEqualTo(moment);
    }

    @Test
    void takesTheDayOfTheZoneNotOfUtc() {
        Instant now = Instant.parse("2028-03-01T02:00:00Z");

        assertThat(DateToken.resolve("TODAY()", now.atZone(ZoneId.of("America/New_York"))))
                .isEqualTo("2028-02-29T00:00:00");
        assertThat(
                        DateToken.resolve(
                                "FIRSTDAYOFOFFSETMONTH(0)",
                                now.atZone(ZoneId.of("America/New_York"))))
                .isEqualTo("2028-02-01T00:00:00");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "TODAY(-x)",
                "TODAY",
                "TOMORROW(1)",
                "2027-02-29",
                "31.01.2027"
            })
    void refusesInWords(String text) {
        assertThat(DateToken.problem(text))
                .hasValueSatisfying(
                        problem -> assertThat(problem).contains("“" + text + "”", "TODAY(-30)"));
    }
}
