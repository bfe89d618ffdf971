package io.amcinsights.contract;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What the rows of a dataset are expected to be like. A delivery that breaks a rule is loaded all
 * the same, and people are told. Two rules that say the same are one rule.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "rule")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Rule.NotNull.class, name = "NotNull"),
    @JsonSubTypes.Type(value = Rule.Unique.class, name = "Unique"),
    @JsonSubTypes.Type(value = Rule.Range.class, name = "Range"),
    @JsonSubTypes.Type(value = Rule.Freshness.class, name = "Freshness")
})
public sealed interface Rule {

    /** In plain English, such as “spend is at least 0”. */
    default String describe() {
        return switch (this) {
            case NotNull(String column) -> column + " is not NULL";
            case Unique(List<String> columns) when columns.size() == 1 ->
                    columns.getFirst() + " is unique";
            case Unique(List<String> columns) ->
                    String.join(", ", columns) + " are unique together";
            case Range(String column, String min, String max) -> {
                if (max == null) {
                    yield "%s is at least %s".formatted(column, min);
                }
                yield min == null
                        ? "%s is at most %s".formatted(column, max)
                        : "%s is from %s to %s".formatted(column, min, max);
            }
            case Freshness(int hours) ->
                    "the data is no older than %s"
                            .formatted(
                                    hours % 24 == 0
                                            ? counted(hours / 24, "day")
                                            : counted(hours, "hour"));
        };
    }

    private static String counted(int count, String word) {
        return count == 1 ? "1 " + word : "%d %ss".formatted(count, word);
    }

    /** Every row has a value. A delivery without the column breaks it in all of its rows. */
    record NotNull(String column) implements Rule {}

    /**
     * No two rows of a delivery have the same values; all but one of them break it. Rows in which
     * one of the values is NULL are not compared, and neither are those of different deliveries:
     * {@code <dataset>_latest} shows one of them where they answer the same question.
     *
     * @param columns at least one
     */
    record Unique(List<String> columns) implements Rule {

        public Unique {
            columns = List.copyOf(columns);
        }
    }

    /**
     * Every value is so large at least, and at most. NULL breaks it not; a text that is no number,
     * or no date, does.
     *
     * @param min a decimal, or a date as {@code yyyy-MM-dd}, compared exactly; null where open
     * @param max likewise; a date holds to its end
     */
    record Range(String column, @Nullable String min, @Nullable String max) implements Rule {}

    /**
     * The data of each active tenant that has rows in the dataset is no older than this. Its age
     * counts from the end of the latest period that was read, or, where AMC tells of none, from its
     * latest delivery. Deliveries without rows do not count: they make no data newer.
     *
     * @param hours at least 1
     */
    record Freshness(int hours) implements Rule {

        /**
         * @param newest what the age counts from
         */
        public boolean isBroken(Instant newest, Instant now) {
            return newest.plus(Duration.ofHours(hours)).isBefore(now);
        }
    }
}
