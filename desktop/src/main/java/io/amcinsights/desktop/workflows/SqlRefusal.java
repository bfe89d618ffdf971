package io.amcinsights.desktop.workflows;

import io.amcinsights.contract.Failure;
import io.amcinsights.sql.Problem;

import java.util.Map;

/** What AMC refused, at its place in the SQL. */
final class SqlRefusal {

    private static final String PLACE =
            "(?s)^.*?[Ll]ine \\d+, column \\d+ to line \\d+, column \\d+: ";

    private SqlRefusal() {}

    /** At the place that AMC names; at the first line where it names none. */
    static Problem of(Failure failure) {
        Map<String, String> facts = failure.details();
        int line = number(facts, "line", 1);
        boolean placed = facts.containsKey("column");
        int column = number(facts, "column", 1);
        // AMC's last column belongs to the place; ours is the one behind it.
        return new Problem(
                line,
                column,
                number(facts, "endLine", line),
                placed ? number(facts, "endColumn", column) + 1 : Integer.MAX_VALUE,
                Problem.Severity.ERROR,
                // The place is underlined already.
                failure.message().replaceFirst(PLACE, ""));
    }

    /** Of the SQL as a whole. */
    static Problem of(String message) {
        return new Problem(1, 1, 1, Integer.MAX_VALUE, Problem.Severity.ERROR, message);
    }

    private static int number(Map<String, String> facts, String name, int otherwise) {
        String text = facts.get(name);
        return text != null && text.matches("\\d{1,6}") ? Integer.parseInt(text) : otherwise;
    }
}
