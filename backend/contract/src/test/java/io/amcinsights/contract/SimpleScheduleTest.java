package io.amcinsights.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

class SimpleScheduleTest {

    private static final LocalTime SIX = LocalTime.of(6, 0);

    static Stream<Map.Entry<SimpleSchedule, String>> schedules() {
        return Stream.of(
                Map.entry(new SimpleSchedule.Daily(SIX), "cron(0 6 * * ? *)"),
                Map.entry(new SimpleSchedule.Weekdays(SIX), "cron(0 6 ? * MON-FRI *)"),
                Map.entry(
                        new SimpleSchedule.Weekly(
                                Set.of(DayOfWeek.SUNDAY, DayOfWeek.MONDAY), LocalTime.of(23, 5)),
                        "cron(5 23 ? * MON,SUN *)"),
                Map.entry(new SimpleSchedule.MonthlyOnDay(31, SIX), "cron(0 6 31 * ? *)"),
                Map.entry(new SimpleSchedule.MonthlyOnLastDay(SIX), "cron(0 6 L * ? *)"),
                Map.entry(
                        new SimpleSchedule.MonthlyOnWeekday(2, DayOfWeek.TUESDAY, SIX),
                        "cron(0 6 ? * TUE#2 *)"),
                Map.entry(
                        new SimpleSchedule.MonthlyOnWeekday(
                                SimpleSchedule.MonthlyOnWeekday.LAST, DayOfWeek.FRIDAY, SIX),
                        "cron(0 6 ? * FRIL *)"),
                Map.entry(
                        new SimpleSchedule.Interval(6, ScheduleExpression.Rate.Unit.HOUR),
                        "rate(6 hours)"),
                Map.entry(
                        new SimpleSchedule.Once(LocalDateTime.of(2027, 1, 31, 6, 0)),
                        "at(2027-01-31T06:00:00)"));
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void saysTheSameAsItsExpression(Map.Entry<SimpleSchedule, String> pair) {
        assertThat(pair.getKey().expression().text()).isEqualTo(pair.getValue());
        assertThat(SimpleSchedule.of(ScheduleExpression.parse(pair.getValue())))
                .contains(pair.getKey());
    }

    @Test
    void recognisesOtherSpellings() {
        assertThat(SimpleSchedule.of(ScheduleExpression.parse("cron(0 6 ? 1-12 2-6 *)")))
                .contains(new SimpleSchedule.Weekdays(SIX));
        assertThat(SimpleSchedule.of(ScheduleExpression.parse("cron(0 6 1-31 * ? *)")))
                .contains(new SimpleSchedule.Daily(SIX));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cron(0/15 * * * ? *)",
                "cron(0 6 1,15 * ? *)",
                "cron(0 6 * JUN ? *)",
                "cron(0 6 * * ? 2027)",
                "cron(0 6 15W * ? *)"
            })
    void leavesTheRestToTheExpression(String text) {
        assertThat(SimpleSchedule.of(ScheduleExpression.parse(text))).isEmpty();
    }

    @Test
    void wantsADayOfTheWeek() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SimpleSchedule.Weekly(Set.of(), SIX))
                .withMessageContaining("at least one day");
    }
}
