package io.amcinsights.desktop.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.contract.Failure;
import io.amcinsights.contract.ScheduleExpression.Rate;
import io.amcinsights.desktop.common.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Clock;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

class RuleViewModelTest {

    private final RuleViewModel model =
            new RuleViewModel(Clock.fixed(Instant.parse("2026-11-24T10:00:00Z"), ZoneOffset.UTC));

    @Test
    void the_expression_follows_the_simple_fields() {
        assertExpression("cron(0 6 * * ? *)");
        model.timeProperty().set("7:45");
        assertExpression("cron(45 7 * * ? *)");
        model.kindProperty().set(RuleViewModel.Kind.WEEKDAYS);
        assertExpression("cron(45 7 ? * MON-FRI *)");
        model.kindProperty().set(RuleViewModel.Kind.WEEKLY);
        model.dayProperty(DayOfWeek.THURSDAY).set(true);
        assertExpression("cron(45 7 ? * MON,THU *)");
        model.kindProperty().set(RuleViewModel.Kind.MONTHLY_ON_DAY);
        model.dayOfMonthProperty().set(15);
        assertExpression("cron(45 7 15 * ? *)");
        model.kindProperty().set(RuleViewModel.Kind.MONTHLY_ON_LAST_DAY);
        assertExpression("cron(45 7 L * ? *)");
        model.kindProperty().set(RuleViewModel.Kind.MONTHLY_ON_WEEKDAY);
        model.nthProperty().set(2);
        model.weekdayProperty().set(DayOfWeek.TUESDAY);
        assertExpression("cron(45 7 ? * TUE#2 *)");
        model.nthProperty().set(0);
        assertExpression("cron(45 7 ? * TUEL *)");
        model.kindProperty().set(RuleViewModel.Kind.INTERVAL);
        model.intervalProperty().set("6");
        model.unitProperty().set(Rate.Unit.HOUR);
        assertExpression("rate(6 hours)");
        model.kindProperty().set(RuleViewModel.Kind.ONCE);
        model.dateProperty().set("2027-01-31");
        assertExpression("at(2027-01-31T07:45:00)");
        assertThat(model.check()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "cron(30 6 * * ? *), DAILY, 06:30",
        "cron(0 18 ? * MON-FRI *), WEEKDAYS, 18:00",
        "cron(0 9 ? * WED *), WEEKLY, 09:00",
        "cron(0 9 31 * ? *), MONTHLY_ON_DAY, 09:00",
        "cron(0 9 L * ? *), MONTHLY_ON_LAST_DAY, 09:00",
        "cron(0 9 ? * FRI#3 *), MONTHLY_ON_WEEKDAY, 09:00",
        "at(2027-01-31T06:15:30), ONCE, 06:15:30"
    })
    void the_simple_fields_follow_the_expression(
            String expression, RuleViewModel.Kind kind, String time) {
        model.modeProperty().set(RuleViewModel.Mode.EXPRESSION);
        model.expressionProperty().set(expression);
        assertThat(model.kindProperty().get()).isEqualTo(kind);
        assertThat(model.timeProperty().get()).isEqualTo(time);
        model.modeProperty().set(RuleViewModel.Mode.SIMPLE);
        assertExpression(expression);
        assertThat(model.check()).isTrue();
    }

    @Test
    void an_expression_that_says_more_stays_until_a_simple_rule_is_chosen() {
        model.show("cron(0 6 1 1,7 ? *)", "UTC", true, null, null);
        assertThat(model.modeProperty().get()).isEqualTo(RuleViewModel.Mode.EXPRESSION);
        model.modeProperty().set(RuleViewModel.Mode.SIMPLE);
        assertThat(model.kindProperty().get()).isNull();
        model.timeProperty().set("09:00");
        assertExpression("cron(0 6 1 1,7 ? *)");
        assertThat(model.check()).isTrue();
        model.kindProperty().set(RuleViewModel.Kind.DAILY);
        assertExpression("cron(0 9 * * ? *)");
    }

    @Test
    void says_in_words_what_is_wrong_with_an_expression() {
        model.modeProperty().set(RuleViewModel.Mode.EXPRESSION);
        model.expressionProperty().set("cron(0 6 * * *)");
        assertThat(message(RuleViewModel.Field.EXPRESSION))
                .startsWith("A cron expression has six fields")
                .endsWith("and this has 5.");
        assertThat(model.wordsProperty().get()).isEmpty();
        assertThat(model.upcoming()).isEmpty();
        model.expressionProperty().set("cron(0 6 30 2 ? *)");
        assertThat(message(RuleViewModel.Field.EXPRESSION))
                .isEqualTo("This never fires in the next 5 years.");
        assertThat(model.check()).isFalse();
        model.expressionProperty().set("cron(0 6 28 2 ? *)");
        assertThat(message(RuleViewModel.Field.EXPRESSION)).isEmpty();
        assertThat(model.wordsProperty().get()).isEqualTo("On the 28th of February at 06:00");
        assertThat(model.check()).isTrue();
    }

    @Test
    void whoever_leaves_a_broken_expression_finds_the_simple_fields_as_before() {
        model.modeProperty().set(RuleViewModel.Mode.EXPRESSION);
        model.expressionProperty().set("cron(0 7");
        model.modeProperty().set(RuleViewModel.Mode.SIMPLE);
        assertExpression("cron(0 6 * * ? *)");
        assertThat(model.check()).isTrue();
    }

    @Test
    void says_at_the_simple_field_what_is_wrong() {
        model.timeProperty().set("25:00");
        assertThat(message(RuleViewModel.Field.TIME)).isEmpty();
        model.left(RuleViewModel.Field.TIME);
        assertThat(message(RuleViewModel.Field.TIME))
                .isEqualTo("Write the time as 06:00 or 18:30.");
        assertThat(model.check()).isFalse();
        assertThat(model.upcoming()).isEmpty();
        assertThat(model.wordsProperty().get()).isEmpty();
        model.timeProperty().set("5:00");
        assertThat(message(RuleViewModel.Field.TIME)).isEmpty();

        model.kindProperty().set(RuleViewModel.Kind.WEEKLY);
        model.dayProperty(DayOfWeek.MONDAY).set(false);
        assertThat(message(RuleViewModel.Field.DAYS)).isEqualTo("Choose at least one day.");

        model.kindProperty().set(RuleViewModel.Kind.ONCE);
        model.dateProperty().set("2026-11-23");
        assertThat(message(RuleViewModel.Field.DATE)).isEqualTo("This time is in the past.");
        model.dateProperty().set("31.1.2027");
        assertThat(message(RuleViewModel.Field.DATE)).isEqualTo("Write the date as 2027-01-31.");

        model.kindProperty().set(RuleViewModel.Kind.INTERVAL);
        model.intervalProperty().set("0");
        assertThat(model.check()).isFalse();
        assertThat(message(RuleViewModel.Field.INTERVAL))
                .isEqualTo("Write a whole number from 1 on.");
    }

    @Test
    void the_next_ten_runs_are_in_the_zone_of_the_schedule() {
        model.show("cron(0 6 ? * MON *)", "America/New_York", true, null, null);
        assertThat(model.upcoming()).hasSize(10);
        assertThat(model.upcoming().getFirst().wall())
                .isEqualTo(LocalDateTime.parse("2026-11-30T06:00"));
        assertThat(model.upcoming().getFirst().time())
                .isEqualTo("2026-11-30T06:00:00-05:00[America/New_York]");
        model.zoneProperty().set("Europe/Berlin");
        assertThat(model.upcoming().getFirst().time())
                .isEqualTo("2026-11-30T06:00:00+01:00[Europe/Berlin]");
        model.zoneProperty().set("Europe/Nowhere");
        assertThat(model.upcoming()).isEmpty();
        assertThat(model.check()).isFalse();
        assertThat(message(RuleViewModel.Field.ZONE)).startsWith("There is no time zone");
    }

    @Test
    void the_runs_begin_and_end_with_the_days_that_are_given() {
        Instant end = Instant.parse("2026-12-15T23:00:00Z");
        model.show("cron(0 6 ? * MON *)", "Europe/Berlin", true, null, end);
        assertThat(model.lastDayProperty().get()).isEqualTo("2026-12-15");
        assertThat(model.endAt()).isEqualTo(end);
        model.firstDayProperty().set("2026-12-07");
        assertThat(model.startAt()).isEqualTo("2026-12-06T23:00:00Z");
        assertThat(model.upcoming())
                .extracting(Upcoming::wall)
                .containsExactly(
                        LocalDateTime.parse("2026-12-07T06:00"),
                        LocalDateTime.parse("2026-12-14T06:00"));

        model.firstDayProperty().set("2026-12-15");
        assertThat(model.check()).isFalse();
        assertThat(message(RuleViewModel.Field.EXPRESSION))
                .isEqualTo("It ends before it runs once.");
        model.firstDayProperty().set("soon");
        assertThat(model.check()).isFalse();
        assertThat(message(RuleViewModel.Field.FIRST_DAY))
                .isEqualTo("Write the date as 2027-01-31.");
    }

    @Test
    void a_paused_schedule_may_have_fired_for_the_last_time() {
        model.show("at(2026-11-01T06:00:00)", "UTC", false, null, null);
        assertThat(model.check()).isTrue();
        assertThat(model.remarkProperty().get()).isEqualTo("This time is in the past.");
        model.setEnabled(true);
        assertThat(model.check()).isFalse();
    }

    @Test
    void what_the_backend_refuses_lands_where_the_person_looks() {
        assertThat(model.refused(Problem.of(Failure.invalid("expression", "No.")))).isTrue();
        assertThat(message(RuleViewModel.Field.EXPRESSION)).isEqualTo("No.");
        model.kindProperty().set(RuleViewModel.Kind.ONCE);
        assertThat(model.refused(Problem.of(Failure.invalid("expression", "No.")))).isTrue();
        assertThat(message(RuleViewModel.Field.DATE)).isEqualTo("No.");
        assertThat(model.refused(Problem.of(Failure.invalid("zone", "No.")))).isTrue();
        assertThat(model.refused(Problem.of(Failure.invalid("name", "No.")))).isFalse();
    }

    private void assertExpression(String text) {
        assertThat(model.expressionProperty().get()).isEqualTo(text);
    }

    private String message(RuleViewModel.Field field) {
        return model.message(field).get();
    }
}
