package io.amcinsights.desktop.inputs;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.contract.Failure;
import io.amcinsights.contract.TimeWindow;
import io.amcinsights.desktop.common.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

class TimeWindowViewModelTest {

    private final TimeWindowViewModel model =
            new TimeWindowViewModel(
                    Clock.fixed(Instant.parse("2026-11-04T23:30:00Z"), ZoneOffset.UTC));

    @Test
    void the_period_follows_every_edit() {
        model.show(
                TimeWindow.explicit(
                        "FIRSTDAYOFOFFSETMONTH(-1)", "FIRSTDAYOFOFFSETMONTH(0)", "Europe/Berlin"));
        assertThat(model.previewProperty().get())
                .isEqualTo("2026-10-01 00:00 to 2026-11-01 00:00 Europe/Berlin");
        assertThat(model.remarkProperty().get()).isEqualTo("31 days");
        assertThat(model.warningProperty().get()).isEmpty();

        model.value(TimeWindowViewModel.Field.START).set("TODAY(-7)");
        model.value(TimeWindowViewModel.Field.END).set("2026-11-01T18:00:00");
        assertThat(model.previewProperty().get())
                .isEqualTo("2026-10-29 00:00 to 2026-11-01 18:00 Europe/Berlin");
        assertThat(model.remarkProperty().get()).isEqualTo("3 days 18 hours");

        // Half past eleven in UTC is the day before in Berlin.
        model.value(TimeWindowViewModel.Field.ZONE).set("UTC");
        assertThat(model.previewProperty().get())
                .isEqualTo("2026-10-28 00:00 to 2026-11-01 18:00 UTC");
    }

    @Test
    void a_schedule_shows_the_period_of_its_next_run() {
        model.show(TimeWindow.explicit("TODAY(-9)", "TODAY(-2)", "UTC"));
        model.asOfProperty().set(Instant.parse("2026-12-01T06:00:00Z"));
        assertThat(model.previewProperty().get())
                .isEqualTo("2026-11-22 00:00 to 2026-11-29 00:00 UTC");
    }

    @ParameterizedTest
    @CsvSource({
        "MOST_RECENT_DAY, 2026-11-01 00:00 to 2026-11-02 00:00 UTC",
        "MOST_RECENT_WEEK, 2026-10-26 00:00 to 2026-11-02 00:00 UTC",
        "CURRENT_MONTH, 2026-11-01 00:00 to 2026-11-02 23:00 UTC",
        "PREVIOUS_MONTH, 2026-10-01 00:00 to 2026-11-01 00:00 UTC"
    })
    void what_amc_chooses_is_estimated(TimeWindow.Type type, String period) {
        model.show(TimeWindow.of(type, "UTC"));
        assertThat(model.previewProperty().get()).isEqualTo(period);
        assertThat(model.window()).isEqualTo(TimeWindow.of(type, "UTC"));
    }

    @Test
    void says_what_is_wrong_at_the_field() {
        model.show(TimeWindow.explicit("yesterday", "TODAY(-2)", "Mars/Base"));
        assertThat(model.previewProperty().get()).isEmpty();
        assertThat(message(TimeWindowViewModel.Field.START)).isEmpty();
        assertThat(model.check()).isFalse();
        assertThat(message(TimeWindowViewModel.Field.START)).startsWith("“yesterday” is no date");
        assertThat(message(TimeWindowViewModel.Field.ZONE))
                .startsWith("There is no time zone “Mars/Base”");
        assertThat(message(TimeWindowViewModel.Field.END)).isEmpty();

        model.value(TimeWindowViewModel.Field.START).set("2026-11-02");
        model.value(TimeWindowViewModel.Field.ZONE).set("UTC");
        assertThat(model.check()).isFalse();
        assertThat(message(TimeWindowViewModel.Field.START)).isEmpty();
        assertThat(message(TimeWindowViewModel.Field.END))
                .isEqualTo(
                        "The window ends (2026-11-02 00:00) before it begins (2026-11-02 00:00).");
    }

    @Test
    void warns_of_events_that_are_not_complete_or_not_kept() {
        model.show(TimeWindow.explicit("TODAY(-9)", "TODAY(-1)", "UTC"));
        assertThat(model.warningProperty().get())
                .isEqualTo(
                        "Events after 2026-11-02 23:30 are not complete yet: AMC needs 48 hours."
                                + " End at TODAY(-2) to be sure.");
        model.show(TimeWindow.explicit("2025-01-01", "2025-12-01", "UTC"));
        assertThat(model.warningProperty().get())
                .isEqualTo(
                        "AMC keeps events for about 13 months: before 4 Oct 2025 there are few or"
                                + " none.");
        model.show(TimeWindow.explicit("2026-12-01", "2026-12-08", "UTC"));
        assertThat(model.warningProperty().get()).startsWith("This window lies in the future");
        assertThat(model.check()).isTrue();
    }

    @Test
    void what_the_backend_refuses_lands_at_its_field() {
        assertThat(model.refused(Problem.of(Failure.invalid("window.end", "Too early.")))).isTrue();
        assertThat(message(TimeWindowViewModel.Field.END)).isEqualTo("Too early.");
        assertThat(model.refused(Problem.of(Failure.invalid("name", "Too long.")))).isFalse();
    }

    @Test
    void choosing_dates_begins_with_thirty_complete_days() {
        model.show(TimeWindow.of(TimeWindow.Type.MOST_RECENT_WEEK, "UTC"));
        model.typeProperty().set(TimeWindow.Type.EXPLICIT);
        assertThat(model.window()).isEqualTo(TimeWindow.explicit("TODAY(-32)", "TODAY(-2)", "UTC"));
        assertThat(model.remarkProperty().get()).isEqualTo("30 days");
        assertThat(model.warningProperty().get()).isEmpty();
    }

    private String message(TimeWindowViewModel.Field field) {
        return model.message(field).get();
    }
}
