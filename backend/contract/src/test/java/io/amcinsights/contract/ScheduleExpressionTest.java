package io.amcinsights.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.cronutils.model.definition.CronConstraintsFactory;
import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

class ScheduleExpressionTest {

    private static final ZoneId LONDON = ZoneId.of("Europe/London");
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    cron(0 10 * * ? *)            | Every day at 10:00
                    cron(0 6 ? * MON *)           | Every Monday at 06:00
                    cron(0 6 ? * 2 *)             | Every Monday at 06:00
                    cron(0 18 ? * MON-FRI *)      | Every weekday (Monday to Friday) at 18:00
                    cron(0 18 ? * SAT,SUN *)      | Every Saturday and Sunday at 18:00
                    cron(0 5 ? * L *)             | Every Saturday at 05:00
                    cron(0 8 1 * ? *)             | On the 1st of every month at 08:00
                    cron(0 2 L * ? *)             | On the last day of every month at 02:00
                    cron(0 2 LW * ? *)            | On the last weekday (Monday to Friday) of every month at 02:00
                    cron(0 2 15W * ? *)           | On the weekday (Monday to Friday) nearest the 15th of every month at 02:00
                    cron(0 2 ? * 6L *)            | On the last Friday of every month at 02:00
                    cron(0 2 ? * 2#1 *)           | On the first Monday of every month at 02:00
                    cron(30 5 1,15 JAN-MAR ? *)   | On the 1st and 15th of January to March at 05:30
                    cron(30 6 1,15 JAN-MAR/2 ? *) | On the 1st and 15th of January and March at 06:30
                    cron(0 0 1 1/3 ? *)           | On the 1st of January, April, July and October at 00:00
                    cron(0 7 1/2 * ? *)           | Every 2 days from the 1st of every month at 07:00
                    cron(0 7 5-9 * ? *)           | On the 5th to 9th of every month at 07:00
                    cron(0 9 ? * TUE,THU 2027)    | Every Tuesday and Thursday in 2027 at 09:00
                    cron(0 0 ? * 1 2026-2030)     | Every Sunday in 2026 to 2030 at 00:00
                    cron(0 12 * JUN ? *)          | Every day in June at 12:00
                    cron(0 0/6 * * ? *)           | Every day at 00:00, 06:00, 12:00 and 18:00
                    cron(0/15 * * * ? *)          | Every 15 minutes
                    cron(*/15 * * * ? *)          | Every 15 minutes
                    cron(* * * * ? *)             | Every minute
                    cron(0 * * * ? *)             | Every hour
                    cron(20 * * * ? *)            | Every hour at 20 past
                    cron(0 0/2 * * ? *)           | Every 2 hours from 00:00 to 22:00
                    cron(0/5 8-17 ? * MON-FRI *)  | Every 5 minutes from 08:00 to 17:55 on weekdays
                    cron(0 8-17 ? * MON,FRI *)    | Every hour from 08:00 to 17:00 on Mondays and Fridays
                    cron(0/20 * L * ? *)          | Every 20 minutes on the last day of every month
                    cron(5,17 8-17 * * ? *)       | At 5 and 17 past every hour from 8 to 17
                    cron(5,17 * * * ? *)          | At 5 and 17 past every hour
                    cron(0/40 0,3,9,10 * * ? *)   | At 0 and 40 past the hours 0, 3, 9 and 10
                    rate(1 day)                   | Every day
                    rate(5 minutes)               | Every 5 minutes
                    at(2027-01-31T06:00:00)       | Once on 31 January 2027 at 06:00
                    """)
    void saysInPlainEnglishWhenItFires(String text, String words) {
        assertThat(ScheduleExpression.parse(text).describe()).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    cron(0 10 * * ?)           | six fields
                    cron()                     | this has 0
                    cron(0 10 * * ? * *)       | this has 7
                    cron(0 6 * * * *)          | ? for the other
                    cron(0 6 ? * ? *)          | ? for the other
                    cron(0 6 1 * MON *)        | ? for the other
                    cron(0 6 ? * 0 *)          | 0 is out of range: days of the week go from 1 to 7
                    cron(0 6 ? * 8 *)          | 8 is out of range
                    cron(60 6 * * ? *)         | 60 is out of range: minutes go from 0 to 59
                    cron(0 24 * * ? *)         | 24 is out of range: hours
                    cron(0 0 32 * ? *)         | 32 is out of range: days of the month
                    cron(0 0 1 13 ? *)         | 13 is out of range: months
                    cron(0 0 W * ? *)          | stand alone
                    cron(0 0 1W,15W * ? *)     | stand alone
                    cron(0 0 L-3 * ? *)        | stand alone
                    cron(0 0 ? * FRI-MON *)    | runs backwards
                    cron(0 0 ? * MON#6 *)      | 1 to 5
                    cron(0 0 ? * 2#1,3#1 *)    | stands alone
                    cron(0 0 ? * 6L,2 *)       | stands alone
                    cron(0 0 ? * FUNDAY *)     | “FUNDAY” is not understood
                    cron(0/0 0 * * ? *)        | step in 0/0 is 0
                    cron(0, 0 * * ? *)         | “” is not understood
                    rate(0 minutes)            | 1 or more
                    rate(5 weeks)              | minutes, hours or days
                    rate(1.5 hours)            | whole number
                    at(tomorrow)               | at(2027-01-31T06:00:00)
                    at(2027-02-29T06:00:00)    | at(2027-01-31T06:00:00)
                    0 10 * * ? *               | Write cron(…)
                    cron(0 10 * * ? *          | Write cron(…)
                    """)
    void refusesInWords(String text, String words) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScheduleExpression.parse(text))
                .withMessageContaining(words);
        assertThat(ScheduleExpression.problem(text, LONDON, NOW))
                .hasValueSatisfying(problem -> assertThat(problem).contains(words));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    cron(0 2 31 2 ? *)      | never fires
                    cron(0 2 ? * MON 2020)  | never fires
                    cron(0 2 ? * MON 2040)  | never fires
                    cron(30 1 28 3 ? 2027)  | never fires
                    at(2026-11-23T09:59:59) | in the past
                    at(2027-03-28T01:30:00) | clocks go forward
                    at(2040-01-01T00:00:00) | more than 5 years away
                    """)
    void refusesWhatNeverFires(String text, String words) {
        assertThat(ScheduleExpression.problem(text, LONDON, NOW))
                .hasValueSatisfying(problem -> assertThat(problem).contains(words));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cron(0 2 29 2 ? *)",
                "cron(30 1 28 3 ? *)",
                "at(2026-11-23T10:00:01)",
                "rate(30 days)",
                " CRON( 0  6 ? * mon *) "
            })
    void acceptsWhatFires(String text) {
        assertThat(ScheduleExpression.problem(text, LONDON, NOW)).isEmpty();
    }

    @Test
    void writesOneNotation() {
        assertThat(ScheduleExpression.parse(" CRON( 0  6 ? * mon *) ").text())
                .isEqualTo("cron(0 6 ? * MON *)");
        assertThat(ScheduleExpression.parse("rate(1 hours)").text()).isEqualTo("rate(1 hour)");
        assertThat(ScheduleExpression.parse("at(2027-01-31t06:00)").text())
                .isEqualTo("at(2027-01-31T06:00:00)");
    }

    @Test
    void leavesOutATimeThatTheClocksSkip() {
        assertThat(next("cron(30 1 * * ? *)", "2027-03-27T00:00:00Z", LONDON, 3))
                .containsExactly(
                        "2027-03-27T01:30Z[Europe/London]",
                        "2027-03-29T01:30+01:00[Europe/London]",
                        "2027-03-30T01:30+01:00[Europe/London]");
        assertThat(next("cron(30 2 * * ? *)", "2027-03-13T12:00:00Z", NEW_YORK, 2))
                .containsExactly(
                        "2027-03-15T02:30-04:00[America/New_York]",
                        "2027-03-16T02:30-04:00[America/New_York]");
    }

    @Test
    void firesOnceAtATimeThatComesTwice() {
        assertThat(next("cron(30 1 * * ? *)", "2027-10-30T12:00:00Z", LONDON, 2))
                .containsExactly(
                        "2027-10-31T01:30+01:00[Europe/London]",
                        "2027-11-01T01:30Z[Europe/London]");
        // Asked between the two, the second is still not a time of its own.
        assertThat(next("cron(30 1 * * ? *)", "2027-11-07T06:00:00Z", NEW_YORK, 1))
                .containsExactly("2027-11-08T01:30-05:00[America/New_York]");
    }

    @Test
    void countsARateInHoursOfTheClockThatNeverChanges() {
        assertThat(next("rate(1 day)", "2027-03-27T12:00:00Z", LONDON, 2))
                .containsExactly(
                        "2027-03-28T13:00+01:00[Europe/London]",
                        "2027-03-29T13:00+01:00[Europe/London]");
    }

    @Test
    void findsLeapDaysAndEndsOfMonths() {
        assertThat(next("cron(0 0 29 2 ? *)", "2026-01-01T00:00:00Z", ZoneOffset.UTC, 2))
                .containsExactly("2028-02-29T00:00Z", "2032-02-29T00:00Z");
        assertThat(next("cron(0 0 L * ? *)", "2028-01-31T00:00:00Z", ZoneOffset.UTC, 2))
                .containsExactly("2028-02-29T00:00Z", "2028-03-31T00:00Z");
        // 31 October 2027 is a Sunday.
        assertThat(next("cron(0 0 LW * ? *)", "2027-10-10T00:00:00Z", ZoneOffset.UTC, 1))
                .containsExactly("2027-10-29T00:00Z");
        // 1 May 2027 is a Saturday: the nearest weekday of the month comes after.
        assertThat(next("cron(0 0 1W 5 ? *)", "2027-04-01T00:00:00Z", ZoneOffset.UTC, 1))
                .containsExactly("2027-05-03T00:00Z");
        assertThat(next("cron(0 0 ? * MON#5 *)", "2026-12-01T00:00:00Z", ZoneOffset.UTC, 2))
                .containsExactly("2027-03-29T00:00Z", "2027-05-31T00:00Z");
    }

    @Test
    void firesOnceAndStops() {
        assertThat(next("at(2027-01-31T06:00:00)", "2026-11-23T10:00:00Z", NEW_YORK, 5))
                .containsExactly("2027-01-31T06:00-05:00[America/New_York]");
        assertThat(next("at(2027-01-31T06:00:00)", "2027-01-31T11:00:00Z", NEW_YORK, 5)).isEmpty();
        assertThat(next("cron(0 0 1 1 ? 2027)", "2026-11-23T10:00:00Z", NEW_YORK, 5)).hasSize(1);
    }

    /** Another reader of cron expressions must find the same times, wherever both know the form. */
    @Test
    void agreesWithCronUtils() {
        CronParser parser = new CronParser(eventBridge());
        Random random = new Random(7);
        for (int i = 0; i < 600; i++) {
            String fields = randomFields(random);
            Instant from = NOW.plusSeconds(random.nextLong(400L * 86400));
            ZoneId zone = random.nextBoolean() ? LONDON : NEW_YORK;
            List<ZonedDateTime> expected =
                    Stream.iterate(
                                    ExecutionTime.forCron(parser.parse(fields))
                                            .nextExecution(from.atZone(zone)),
                                    time -> time.isPresent(),
                                    time ->
                                            ExecutionTime.forCron(parser.parse(fields))
                                                    .nextExecution(time.orElseThrow()))
                            .limit(5)
                            .map(time -> time.orElseThrow())
                            .toList();
            assertThat(ScheduleExpression.parse("cron(" + fields + ")").next(from, zone, 5))
                    .as("cron(%s) from %s in %s", fields, from, zone)
                    .isEqualTo(expected);
        }
    }

    private static String randomFields(Random random) {
        String minute = pick(random, "0", "30", "15,45", "0/20", "10-12");
        String hour = pick(random, "5", "12", "4/6", "8-17", "6,18,23");
        String month = pick(random, "*", "*", "1/3", "JUN-AUG", "2,12");
        String days =
                random.nextBoolean()
                        ? pick(random, "*", "1", "L", "LW", "15W", "31", "1/5", "10-12", "29")
                                + "%s ?"
                        : "?%s "
                                + pick(
                                        random, "MON", "MON-FRI", "2#1", "FRIL", "1,7", "TUE#3",
                                        "L");
        return "%s %s %s *".formatted(minute, hour, days.formatted(" " + month));
    }

    private static String pick(Random random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static CronDefinition eventBridge() {
        return CronDefinitionBuilder.defineCron()
                .withMinutes()
                .withStrictRange()
                .and()
                .withHours()
                .withStrictRange()
                .and()
                .withDayOfMonth()
                .withValidRange(1, 31)
                .supportsL()
                .supportsW()
                .supportsLW()
                .supportsQuestionMark()
                .and()
                .withMonth()
                .withValidRange(1, 12)
                .and()
                .withDayOfWeek()
                .withValidRange(1, 7)
                .withMondayDoWValue(2)
                .supportsHash()
                .supportsL()
                .supportsQuestionMark()
                .and()
                .withYear()
                .withValidRange(1970, 2199)
                .and()
                .withCronValidation(CronConstraintsFactory.ensureEitherDayOfWeekOrDayOfMonth())
                .instance();
    }

    private static List<String> next(String text, String from, ZoneId zone, int count) {
        return ScheduleExpression.parse(text).next(Instant.parse(from), zone, count).stream()
                .map(ZonedDateTime::toString)
                .toList();
    }
}
