package io.amcinsights.local.amc.library;

import io.amcinsights.contract.Template;

/** Results of the library's templates, each run once on the same events. */
public interface Results {

    /** The result of another template, with its own window and its default parameters. */
    ResultTable of(String templateId);

    /** The result of a query without parameters, to compare with. */
    ResultTable query(String sql, Template.Window window);

    /** How many people there are at all. */
    int population();
}
