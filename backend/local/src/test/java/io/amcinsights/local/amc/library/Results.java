package io.amcinsights.local.amc.library;

import io.amcinsights.contract.Template;

import java.util.function.UnaryOperator;

/** Results of the library's templates, each run once on the same events. */
public interface Results {

    /** The result of another template, with its own window and its default parameters. */
    ResultTable of(String templateId);

    /** The result of a query without parameters, to compare with. */
    ResultTable query(String sql, Template.Window window);

    /** The only number of a query. */
    default double number(String sql, Template.Window window) {
        ResultTable result = query(sql, window);
        return result.rows().getFirst().number(result.columns().getFirst());
    }

    /** Runs a query with the window of a template, whose SQL it is a variant of. */
    ResultTable variant(String templateId, UnaryOperator<String> change);

    /** How many people there are at all. */
    int population();
}
