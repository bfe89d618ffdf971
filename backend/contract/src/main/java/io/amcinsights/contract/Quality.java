package io.amcinsights.contract;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the rows of a delivery are like, counted over all of them.
 *
 * @param rows in the delivered file
 * @param filtered null where no column tells
 * @param duplicates rows that are exact copies of an earlier one; null where the file is too large
 *     to compare them
 * @param nulls how many rows are NULL, by column, for all columns of the file
 * @param dataUntil end of the period that the run read; null where AMC does not tell
 * @param deliveredAt when AMC delivered it; null where it was measured before that was kept
 * @param checks what became of the dataset's rules, counted over the rows that are loaded into it
 */
public record Quality(
        long rows,
        @Nullable Filtered filtered,
        @Nullable Long duplicates,
        Map<String, Long> nulls,
        @Nullable Instant dataUntil,
        @Nullable Instant deliveredAt,
        List<Check> checks) {

    /** What was measured before there were rules has none. */
    public Quality {
        checks = checks == null ? List.of() : List.copyOf(checks);
    }

    /**
     * How the rows keep to a rule.
     *
     * @param rows that break it
     * @param examples of them, those that come first in the file
     */
    public record Check(Rule rule, long rows, List<Example> examples) {

        public boolean isBroken() {
            return rows > 0;
        }
    }

    /**
     * A row that breaks a rule.
     *
     * @param row its number in the file, the first below the header being 1
     * @param value that breaks it, as text; {@code NULL} where there is none
     */
    public record Example(long row, String value) {}

    /** The rules that its rows break. */
    public List<Check> breaches() {
        return checks.stream().filter(Check::isBroken).toList();
    }

    /**
     * All measured deliveries of a dataset together. Copies are looked for within each delivery.
     *
     * @param rows as they were delivered
     * @param filteredRows whose values AMC has hidden; null where no column tells
     * @param duplicates null where those of one delivery were not counted
     * @param nulls how many rows are NULL, by column; a column that a file lacks is NULL in its
     *     rows
     * @param dataUntil end of the latest period that was read; null where AMC does not tell
     * @param deliveredAt when AMC delivered the latest; null where that was not kept
     * @param rules how the deliveries keep to each rule that any of them was checked for
     */
    public record Total(
            long rows,
            @Nullable Long filteredRows,
            @Nullable Long duplicates,
            Map<String, Long> nulls,
            @Nullable Instant dataUntil,
            @Nullable Instant deliveredAt,
            List<RuleTotal> rules) {

        /** What was measured before there were rules has none. */
        public Total {
            rules = rules == null ? List.of() : List.copyOf(rules);
        }

        /** Of none. */
        public static final Total NONE = new Total(0, null, 0L, Map.of(), null, null, List.of());

        /** How the deliveries keep to a rule; empty where none was checked for it. */
        public Optional<RuleTotal> of(Rule rule) {
            return rules.stream().filter(r -> r.rule().equals(rule)).findFirst();
        }

        public Total plus(Quality quality) {
            return plus(
                    new Total(
                            quality.rows,
                            quality.filtered == null ? null : quality.filtered.rows(),
                            quality.duplicates,
                            quality.nulls,
                            quality.dataUntil,
                            quality.deliveredAt,
                            quality.checks.stream()
                                    .map(check -> RuleTotal.of(check, quality.deliveredAt))
                                    .toList()));
        }

        public Total plus(Total other) {
            Map<String, Long> sum = new LinkedHashMap<>();
            nulls.forEach(
                    (column, count) ->
                            sum.put(column, count + other.nulls.getOrDefault(column, other.rows)));
            other.nulls.forEach((column, count) -> sum.putIfAbsent(column, rows + count));
            return new Total(
                    rows + other.rows,
                    other.filteredRows == null
                            ? filteredRows
                            : Long.valueOf(
                                    (filteredRows == null ? 0 : filteredRows) + other.filteredRows),
                    duplicates == null || other.duplicates == null
                            ? null
                            : Long.valueOf(duplicates + other.duplicates),
                    Collections.unmodifiableMap(sum),
                    later(dataUntil, other.dataUntil),
                    later(deliveredAt, other.deliveredAt),
                    RuleTotal.sum(rules, other.rules));
        }

        private static @Nullable Instant later(@Nullable Instant a, @Nullable Instant b) {
            return a == null || (b != null && b.isAfter(a)) ? b : a;
        }
    }

    /**
     * How the deliveries of a dataset keep to a rule, all of them together.
     *
     * @param deliveries that were checked for it
     * @param broken how many of them break it
     * @param rows that break it
     * @param since when the first of them was delivered that breaks it; null where none does
     */
    public record RuleTotal(
            Rule rule, int deliveries, int broken, long rows, @Nullable Instant since) {

        private static RuleTotal of(Check check, @Nullable Instant deliveredAt) {
            return check.isBroken()
                    ? new RuleTotal(check.rule(), 1, 1, check.rows(), deliveredAt)
                    : new RuleTotal(check.rule(), 1, 0, 0, null);
        }

        private static List<RuleTotal> sum(List<RuleTotal> a, List<RuleTotal> b) {
            Map<Rule, RuleTotal> sum = new LinkedHashMap<>();
            a.forEach(total -> sum.put(total.rule, total));
            b.forEach(total -> sum.merge(total.rule, total, RuleTotal::plus));
            return List.copyOf(sum.values());
        }

        private RuleTotal plus(RuleTotal other) {
            Instant first =
                    since == null || (other.since != null && other.since.isBefore(since))
                            ? other.since
                            : since;
            return new RuleTotal(
                    rule,
                    deliveries + other.deliveries,
                    broken + other.broken,
                    rows + other.rows,
                    first);
        }
    }

    /**
     * Rows whose values AMC has hidden.
     *
     * @param handling what became of them
     * @param dataset where they are; null where they were left out, or are none
     */
    public record Filtered(
            long rows, DatasetSettings.FilteredRows handling, @Nullable String dataset) {}

    /** The share of rows whose values AMC has hidden, 0 to 1; null where no column tells. */
    public @Nullable Double filteredShare() {
        return filtered == null || rows == 0 ? null : (double) filtered.rows() / rows;
    }
}
