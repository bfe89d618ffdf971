package io.amcinsights.sql;

/**
 * Something an editor underlines. Positions are 1-based; the end is exclusive.
 *
 * @param message for the person who wrote the SQL: what is wrong and what to do
 */
public record Problem(
        int line, int column, int endLine, int endColumn, Severity severity, String message) {

    /** How bad it is. */
    public enum Severity {
        /** The service would refuse the query. */
        ERROR,
        /** The query runs, but probably not as meant. */
        WARNING
    }
}
