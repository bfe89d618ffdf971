package io.amcinsights.sql.amc;

import io.amcinsights.sql.Problem;

import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What is known about a query without running it.
 *
 * @param tree null where the text could not be parsed
 * @param outputs the columns of the result, as far as they could be resolved
 * @param parameters the custom parameters that the query uses, in order of appearance
 * @param tables names of the data sources that the query reads, in order of appearance
 */
public record AmcQuery(
        @Nullable SqlNode tree,
        List<Problem> problems,
        List<Output> outputs,
        List<Parameter> parameters,
        Set<String> tables) {

    /**
     * A column of a result.
     *
     * @param threshold the strictest of the columns that it is made of
     * @param metric made of at least one METRIC column
     * @param because the columns that give it this threshold
     */
    public record Output(
            String name, AmcType type, Threshold threshold, boolean metric, List<Origin> because) {}

    /** A column of a data source. */
    public record Origin(String table, String column, Threshold threshold) {}

    /**
     * A custom parameter, as the query uses it.
     *
     * @param type {@link AmcType#UNKNOWN} where the query does not say
     * @param all the value that means "no restriction": the query asks whether the parameter, a
     *     list, contains this text; null where it does not
     */
    public record Parameter(String name, AmcType type, @Nullable String all) {}

    /** With one problem more, which stands behind all others; null: as it is. */
    AmcQuery with(@Nullable Problem last) {
        if (last == null) {
            return this;
        }
        List<Problem> all = new ArrayList<>(problems);
        all.add(last);
        return new AmcQuery(tree, List.copyOf(all), outputs, parameters, tables);
    }

    /** The first error, if there is one. */
    public @Nullable Problem error() {
        for (Problem problem : problems) {
            if (problem.severity() == Problem.Severity.ERROR) {
                return problem;
            }
        }
        return null;
    }

    /** Why rows of the result may be missing. */
    public Privacy privacy() {
        return Privacy.of(this);
    }
}
