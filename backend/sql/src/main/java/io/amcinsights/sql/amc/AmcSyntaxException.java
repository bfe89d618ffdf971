package io.amcinsights.sql.amc;

import io.amcinsights.sql.Problem;

/** The text is not SQL that AMC reads. */
public final class AmcSyntaxException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    AmcSyntaxException(Problem problem) {
        super(problem.message());
        this.problem = problem;
    }

    /** Where and why. */
    public Problem problem() {
        return problem;
    }
}
