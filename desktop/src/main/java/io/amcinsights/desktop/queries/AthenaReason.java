package io.amcinsights.desktop.queries;

import io.amcinsights.desktop.common.Messages;
import io.amcinsights.sql.Problem;
import io.amcinsights.sql.athena.Statement;

import org.jspecify.annotations.Nullable;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Why a query failed, as Athena says it: {@code COLUMN_NOT_FOUND: line 1:8: Column …}. */
final class AthenaReason {

    private static final Messages MESSAGES = Messages.of(AthenaReason.class);

    private static final Pattern PLACE =
            Pattern.compile("(?s)(?:.*?\\b)?line (\\d{1,6}):(\\d{1,6}):\\s*(.+)");

    /** The query's id, which Athena appends for its support. */
    private static final Pattern SUPPORT =
            Pattern.compile(
                    "(?is)\\s*\\[?(?:Amazon )?Athena query ID:.*|\\s*This query ran against.*");

    private AthenaReason() {}

    /** The problem at its place in the SQL that was sent; null where the reason names no place. */
    static @Nullable Problem problem(String reason, String sql) {
        Matcher matcher = PLACE.matcher(text(reason));
        if (!matcher.matches()) {
            return null;
        }
        int line = Integer.parseInt(matcher.group(1));
        int column = Integer.parseInt(matcher.group(2));
        return new Problem(
                line,
                column,
                line,
                column + lengthAt(sql, line, column),
                Problem.Severity.ERROR,
                matcher.group(3).strip());
    }

    /** The reason in words, with the place in the text that the statement was taken from. */
    static String text(String reason, @Nullable Statement statement) {
        Problem problem = statement == null ? null : problem(reason, statement.sql());
        if (problem == null || statement == null) {
            return text(reason);
        }
        Problem inText = statement.inText(problem);
        return MESSAGES.text(
                "reason.place",
                String.valueOf(inText.line()),
                String.valueOf(inText.column()),
                problem.message());
    }

    /** The reason without what only Athena's support needs. */
    private static String text(String reason) {
        String text = SUPPORT.matcher(reason).replaceFirst("").strip();
        return text.isEmpty() ? reason : text;
    }

    private static int lengthAt(String sql, int line, int column) {
        String[] lines = sql.split("\n", -1);
        if (line < 1 || line > lines.length) {
            return 1;
        }
        String text = lines[line - 1];
        int start = Math.min(text.length(), Math.max(0, column - 1));
        int end = start;
        if (end < text.length() && text.charAt(end) == '"') {
            int close = text.indexOf('"', end + 1);
            return close < 0 ? 1 : close - start + 1;
        }
        while (end < text.length()
                && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
            end++;
        }
        return Math.max(1, end - start);
    }
}
