package io.amcinsights.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Optional;

/** What every implementation of {@link Timers} promises. */
public abstract class TimersContract {

    /** A timer as it will fire. */
    public record Kept(String expression, String zone, boolean enabled, String payload) {}

    private static final String DAILY = "cron(0 6 * * ? *)";

    /** The timers; none is set at the beginning of each test. */
    protected abstract Timers timers();

    /** What is set by this name. */
    protected abstract Optional<Kept> kept(String name);

    @ParameterizedTest
    @ValueSource(strings = {DAILY, "cron(30 8 ? * MON-FRI *)", "rate(1 day)", "rate(12 hours)"})
    void aTimerIsKeptAsItWasSet(String expression) {
        String payload = "{\"ä\":\"<aws.scheduler.scheduled-time>\",\"quoted\":\"\\\"'\\n\"}";
        timers().set("daily", expression, "America/New_York", true, payload);
        assertThat(kept("daily")).contains(new Kept(expression, "America/New_York", true, payload));
    }

    @Test
    void aTimerMayFireOnce() {
        timers().set("once", "at(2099-03-01T09:00:00)", "Europe/Berlin", true, "{}");
        assertThat(kept("once"))
                .contains(new Kept("at(2099-03-01T09:00:00)", "Europe/Berlin", true, "{}"));
    }

    @Test
    void aTimerThatIsSetAgainIsAnother() {
        timers().set("daily", DAILY, "UTC", true, "{\"a\":1}");
        timers().set("daily", "rate(1 day)", "Asia/Tokyo", false, "{}");
        assertThat(kept("daily")).contains(new Kept("rate(1 day)", "Asia/Tokyo", false, "{}"));
        timers().set("daily", DAILY, "UTC", true, "{\"a\":2}");
        timers().set("daily", DAILY, "UTC", true, "{\"a\":2}");
        assertThat(kept("daily")).contains(new Kept(DAILY, "UTC", true, "{\"a\":2}"));
    }

    @Test
    void aTimerMayBeOffFromItsBeginning() {
        timers().set("off", DAILY, "UTC", false, "{}");
        assertThat(kept("off")).contains(new Kept(DAILY, "UTC", false, "{}"));
    }

    @Test
    void aRemovedTimerIsGoneAndMayComeAgain() {
        timers().remove("daily");
        timers().set("daily", DAILY, "UTC", true, "{}");
        timers().set("daily-2", DAILY, "UTC", true, "{\"other\":1}");
        timers().remove("daily");
        timers().remove("daily");
        assertThat(kept("daily")).isEmpty();
        assertThat(kept("daily-2")).contains(new Kept(DAILY, "UTC", true, "{\"other\":1}"));
        timers().set("daily", "rate(1 day)", "UTC", false, "{}");
        assertThat(kept("daily")).contains(new Kept("rate(1 day)", "UTC", false, "{}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "Az09_-",
                "0123456789012345678901234567890123456789012345678901234567890123"
            })
    void aNameHasUpTo64LettersDigitsHyphensAndUnderscores(String name) {
        timers().set(name, DAILY, "UTC", true, "{}");
        assertThat(kept(name)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a b",
                "a/b",
                "a.b",
                "ä",
                "a\n",
                "01234567890123456789012345678901234567890123456789012345678901234"
            })
    void anotherNameIsRefused(String name) {
        assertThatThrownBy(() -> timers().set(name, DAILY, "UTC", true, "{}"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cron(0 6 * * *)   | UTC           | true",
                "cron(0 6 * * *)   | UTC           | false",
                "every day         | UTC           | true",
                "rate(0 days)      | UTC           | false",
                "at(tomorrow)      | UTC           | true",
                "cron(0 6 * * ? *) | Europe/London2| true",
                "cron(0 6 * * ? *) | Europe/London2| false"
            })
    void whatIsNoExpressionOrZoneIsRefusedAndChangesNothing(
            String expression, String zone, boolean enabled) {
        assertThatThrownBy(() -> timers().set("new", expression, zone, enabled, "{}"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(kept("new")).isEmpty();

        timers().set("daily", DAILY, "UTC", true, "{}");
        assertThatThrownBy(() -> timers().set("daily", expression, zone, enabled, "{\"a\":1}"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(kept("daily")).contains(new Kept(DAILY, "UTC", true, "{}"));
    }
}
