package io.amcinsights.sql.amc;

import io.amcinsights.sql.Problem;

import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;

/**
 * What is known about a query without running it.
 *
 * @param tree null where the text could not be parsed
 * @param outputs the columns of the result, as far as they could be resolved
 * @param parameters names of the custom parameters that the query uses, in order of appearance
 */
public record AmcQuery(
        @Nullable SqlNode tree,
        List<Problem> problems,
        List<Output> outputs,
        Set<String> parameters) {

    /**
     * A column of a result.
     *
     * @param threshold the strictest of the columns that it is made of
     * @param metric made of at least one METRIC column
     */
    public record Output(String name, Threshold threshold, boolean metric) {}

    /** The first error, if there is one. */
    public @Nullable Problem error() {
        for (Problem problem : problems) {
            if (problem.severity() == Problem.Severity.ERROR) {
                return problem;
            }
        }
        return null;
    }
}
