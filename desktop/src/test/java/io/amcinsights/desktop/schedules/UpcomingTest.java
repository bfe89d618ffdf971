package io.amcinsights.desktop.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.contract.Schedule;
import io.amcinsights.contract.ScheduleExpression;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Objects;

class UpcomingTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @Test
    void a_time_that_the_clocks_leave_out_is_shown_as_skipped() {
        List<Upcoming> next = upcoming("cron(30 2 * * ? *)", "2027-03-26T12:00:00Z", 3);
        assertThat(next)
                .extracting(Upcoming::wall)
                .containsExactly(
                        LocalDateTime.parse("2027-03-27T02:30"),
                        LocalDateTime.parse("2027-03-28T02:30"),
                        LocalDateTime.parse("2027-03-29T02:30"),
                        LocalDateTime.parse("2027-03-30T02:30"));
        assertThat(next.get(1).time()).isNull();
        assertThat(next.get(1).note())
                .isEqualTo("Does not run: the clocks go forward from 02:00 to 03:00.");
        assertThat(next.get(2).note()).isEqualTo("From here on the clocks are changed.");
        assertThat(next.get(3).note()).isEmpty();
    }

    @Test
    void a_time_that_comes_twice_runs_once() {
        List<Upcoming> next = upcoming("cron(30 2 * * ? *)", "2026-10-24T12:00:00Z", 2);
        assertThat(next.getFirst().time()).isEqualTo(at("2026-10-25T02:30:00+02:00"));
        assertThat(next.getFirst().note())
                .isEqualTo("The clocks go back and show this time twice; it runs the first time.");
        assertThat(next.get(1).note()).isEqualTo("From here on the clocks are changed.");
    }

    @Test
    void an_hour_that_is_left_out_concerns_only_rules_that_name_it() {
        assertThat(upcoming("cron(0 6 * * ? *)", "2027-03-26T12:00:00Z", 4))
                .hasSize(4)
                .allSatisfy(run -> assertThat(run.time()).isNotNull());
        assertThat(upcoming("rate(1 day)", "2027-03-27T12:00:00Z", 2))
                .extracting(Upcoming::note)
                .containsExactly(
                        "The clocks have changed, so that it runs at another time of day.", "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cron(0/15 * * * ? *)",
                "cron(30 2 ? * SUN *)",
                "cron(0 6 L * ? *)",
                "cron(0 2,3 29 2 ? *)",
                "rate(5 hours)",
                "at(2027-05-01T02:30:00)"
            })
    void the_runs_are_those_of_the_expression(String text) {
        Instant from = Instant.parse("2027-03-27T20:00:00Z");
        assertThat(
                        Upcoming.of(ScheduleExpression.parse(text), BERLIN, from, null, null, 10)
                                .stream()
                                .map(Upcoming::time)
                                .filter(Objects::nonNull)
                                .toList())
                .isEqualTo(ScheduleExpression.parse(text).next(from, BERLIN, 10));
    }

    @Test
    void a_rate_is_counted_from_its_last_firing() {
        Schedule schedule =
                Samples.schedule("s1", "Each", "rate(6 hours)")
                        .fired("run1", Instant.parse("2026-11-24T01:00:00Z"))
                        .build();
        assertThat(Upcoming.next(schedule, Instant.parse("2026-11-24T02:00:00Z")))
                .hasValueSatisfying(next -> assertThat(next).isEqualTo("2026-11-24T07:00:00Z"));
        assertThat(Upcoming.next(schedule, Instant.parse("2026-11-24T20:00:00Z")))
                .hasValueSatisfying(next -> assertThat(next).isEqualTo("2026-11-25T01:00:00Z"));
        assertThat(
                        Upcoming.next(
                                schedule.withEnabled(false), Instant.parse("2026-11-24T02:00:00Z")))
                .isEmpty();
    }

    private static List<Upcoming> upcoming(String expression, String from, int count) {
        return Upcoming.of(
                ScheduleExpression.parse(expression),
                BERLIN,
                Instant.parse(from),
                null,
                null,
                count);
    }

    private static ZonedDateTime at(String text) {
        return ZonedDateTime.parse(text).withZoneSameInstant(BERLIN);
    }
}
