package io.amcinsights.sql.athena;

import io.amcinsights.sql.Problem;

/**
 * One statement of an editor's text.
 *
 * @param sql without the comments before it and the semicolon behind it
 * @param start offset in the text where {@code sql} begins
 * @param end offset in the text behind the semicolon, or behind the statement where there is none
 * @param line where {@code sql} begins, from 1
 * @param column where {@code sql} begins, from 1
 */
public record Statement(String sql, int start, int end, int line, int column) {

    /** A problem of the statement, at its place in the text. */
    public Problem inText(Problem problem) {
        return new Problem(
                line + problem.line() - 1,
                columnInText(problem.line(), problem.column()),
                line + problem.endLine() - 1,
                columnInText(problem.endLine(), problem.endColumn()),
                problem.severity(),
                problem.message());
    }

    private int columnInText(int ofLine, int inStatement) {
        return ofLine == 1 ? column + inStatement - 1 : inStatement;
    }
}
