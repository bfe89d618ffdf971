package io.amcinsights.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Map;

class QualityTest {

    private static final Instant OCTOBER = Instant.parse("2026-10-01T00:00:00Z");
    private static final Instant NOVEMBER = Instant.parse("2026-11-01T00:00:00Z");

    @Test
    void aColumnThatAFileLacksIsNullInItsRows() {
        Quality first =
                new Quality(
                        10, null, 1L, Map.of("users", 2L, "old", 0L), NOVEMBER, null, List.of());
        Quality second =
                new Quality(
                        5,
                        new Quality.Filtered(3, DatasetSettings.FilteredRows.DROP, null),
                        2L,
                        Map.of("users", 1L, "new", 4L),
                        OCTOBER,
                        NOVEMBER,
                        List.of());
        assertThat(Quality.Total.NONE.plus(first).plus(second))
                .isEqualTo(
                        new Quality.Total(
                                15,
                                3L,
                                3L,
                                Map.of("users", 3L, "old", 5L, "new", 14L),
                                NOVEMBER,
                                NOVEMBER,
                                List.of()));
        assertThat(second.filteredShare()).isEqualTo(0.6);
        assertThat(first.filteredShare()).isNull();
    }

    @Test
    void breachesAreSummedByTheRuleThatWasBroken() {
        Rule positive = new Rule.Range("users", "0", null);
        Rule unique = new Rule.Unique(List.of("day", "campaign"));
        Quality.Total total =
                Quality.Total.NONE
                        .plus(checked(NOVEMBER, new Quality.Check(positive, 4, List.of())))
                        .plus(
                                checked(
                                        OCTOBER,
                                        new Quality.Check(positive, 3, List.of()),
                                        new Quality.Check(unique, 0, List.of())))
                        .plus(checked(OCTOBER, new Quality.Check(positive, 0, List.of())))
                        .plus(checked(OCTOBER));
        assertThat(total.of(positive)).contains(new Quality.RuleTotal(positive, 3, 2, 7, OCTOBER));
        assertThat(total.of(unique)).contains(new Quality.RuleTotal(unique, 1, 0, 0, null));
        assertThat(total.of(new Rule.Range("users", "1", null))).isEmpty();
    }

    private static Quality checked(Instant deliveredAt, Quality.Check... checks) {
        return new Quality(10, null, 0L, Map.of(), null, deliveredAt, List.of(checks));
    }

    @Test
    void whatWasMeasuredBeforeThereWereRulesIsReadAsWithoutThem() {
        Quality quality = Json.read("{\"rows\":1,\"duplicates\":0,\"nulls\":{}}", Quality.class);
        assertThat(quality.breaches()).isEmpty();
        Quality.Total total =
                Json.read("{\"rows\":1,\"duplicates\":0,\"nulls\":{}}", Quality.Total.class);
        assertThat(total.plus(quality).rules()).isEmpty();
    }

    @Test
    void aRuleTravelsAndSaysWhatItExpects() {
        assertThat(
                        Map.of(
                                new Rule.NotNull("campaign"),
                                "campaign is not NULL",
                                new Rule.Unique(List.of("day")),
                                "day is unique",
                                new Rule.Unique(List.of("day", "campaign")),
                                "day, campaign are unique together",
                                new Rule.Range("spend", "0.10", null),
                                "spend is at least 0.10",
                                new Rule.Range("spend", null, "9"),
                                "spend is at most 9",
                                new Rule.Range("day", "2026-01-01", "2026-12-31"),
                                "day is from 2026-01-01 to 2026-12-31",
                                new Rule.Freshness(36),
                                "the data is no older than 36 hours",
                                new Rule.Freshness(24),
                                "the data is no older than 1 day"))
                .allSatisfy(
                        (rule, words) -> {
                            assertThat(rule.describe()).isEqualTo(words);
                            assertThat(Json.read(Json.write(rule), Rule.class)).isEqualTo(rule);
                        });
    }
}
