package io.amcinsights.sql;

/**
 * A candidate to insert at the caret.
 *
 * @param text replaces what stands between {@code start} and the caret
 * @param start offset in the SQL, 0-based
 * @param detail a few words beside the candidate: a column's type, a function's arguments
 */
public record Completion(String text, int start, Kind kind, String detail) {

    /** What the candidate is. */
    public enum Kind {
        KEYWORD,
        FUNCTION,
        TABLE,
        COLUMN,
        PARAMETER
    }
}
