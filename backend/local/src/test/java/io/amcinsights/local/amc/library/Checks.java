package io.amcinsights.local.amc.library;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;

/** What is asserted of many results. */
final class Checks {

    private Checks() {}

    /** In each row the part is not more than the whole, and not negative. */
    static void within(ResultTable result, String part, String whole) {
        assertThat(result.rows())
                .allSatisfy(
                        row ->
                                assertThat(row.number(part))
                                        .as(part)
                                        .isBetween(0.0, row.number(whole)));
    }

    /** In each row the rate is the share of the part in the whole, in percent. */
    static void percentage(ResultTable result, String rate, String part, String whole) {
        within(result, part, whole);
        quotient(result, rate, part, whole, 100);
    }

    /**
     * In each row a quotient is what its two numbers make it; NULL where nothing divides. Each of
     * the three may be rounded to hundredths.
     */
    static void quotient(
            ResultTable result, String quotient, String dividend, String divisor, double factor) {
        assertThat(result.rows())
                .allSatisfy(
                        row -> {
                            double by = row.number(divisor);
                            if (by == 0) {
                                assertThat(row.nullable(quotient)).as(quotient).isNull();
                                return;
                            }
                            double expected = factor * row.number(dividend) / by;
                            assertThat(row.number(quotient))
                                    .as(quotient)
                                    .isCloseTo(
                                            expected,
                                            Offset.offset(
                                                    0.0051 + 0.0051 * (factor + expected) / by));
                        });
    }

    /** What each row holds is its share of the total of all rows, in percent. */
    static void shares(ResultTable result, String share, String part, double all) {
        assertThat(result.rows())
                .allSatisfy(
                        row ->
                                assertThat(row.number(share))
                                        .as(share)
                                        .isCloseTo(
                                                100 * row.number(part) / all,
                                                Offset.offset(0.006)));
    }

    /** The shares of all rows are the whole, in percent. */
    static void wholeOf(ResultTable result, String share) {
        assertThat(result.sum(share))
                .as("sum of " + share)
                .isCloseTo(100, Offset.offset(0.006 * Math.max(1, result.rows().size())));
    }

    /** No row has less: AMC does not show it, or the template leaves it out. */
    static void atLeast(ResultTable result, String column, double least) {
        assertThat(result.rows())
                .allSatisfy(
                        row ->
                                assertThat(row.number(column))
                                        .as(column)
                                        .isGreaterThanOrEqualTo(least));
    }

    /** A number grows or stays from row to row, which are in order. */
    static void growing(ResultTable result, String column) {
        assertThat(result.rows().stream().map(row -> row.number(column)).toList())
                .as(column)
                .isSorted();
    }

    /** Nobody is counted twice over the rows, so that their sum is at most all people. */
    static void people(ResultTable result, String column, Results results) {
        assertThat(result.rows())
                .allSatisfy(row -> assertThat(row.count(column)).as(column).isPositive());
        assertThat(result.sum(column)).as(column).isLessThanOrEqualTo(results.population());
    }

    /** Each row counts some people, and not more than there are; rows may count the same. */
    static void reached(ResultTable result, String column, Results results) {
        assertThat(result.rows())
                .allSatisfy(
                        row ->
                                assertThat(row.count(column))
                                        .as(column)
                                        .isBetween(1L, (long) results.population()));
    }

    /** A sum over the rows that AMC shows is the total, or less by what it hides. */
    static void nearly(double shown, double all, double hidden) {
        assertThat(shown).isBetween(all * (1 - hidden) - 0.01, all * (1 + 1e-6) + 0.01);
    }
}
