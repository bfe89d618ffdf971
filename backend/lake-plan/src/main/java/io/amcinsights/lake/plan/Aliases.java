package io.amcinsights.lake.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an SQL calls by which name, as far as its text tells without being understood. */
final class Aliases {

    private static final Pattern UNREAD = Pattern.compile("(?s)--[^\\n]*|/\\*.*?\\*/|'[^']*'");
    private static final Pattern ALIAS = Pattern.compile("(?i)\\bAS\\s+([\"`]?)([A-Za-z_]\\w*)\\1");

    /** A name behind a whole expression, at the end of what a SELECT lists. */
    private static final Pattern WITHOUT_AS =
            Pattern.compile(
                    "(?i)(?:\\)|([\\w.]+)|[\"`])\\s*(?<=[\\s)\"`])([\"`]?)([A-Za-z_]\\w*)\\2"
                            + "(?=\\s*(?:,|\\)|;|$|FROM\\b|UNION\\b))");

    /** What may stand before a name and is no expression. */
    private static final Set<String> OPERATORS =
            Set.of(
                    "all",
                    "and",
                    "as",
                    "between",
                    "by",
                    "case",
                    "distinct",
                    "else",
                    "except",
                    "from",
                    "having",
                    "in",
                    "is",
                    "join",
                    "like",
                    "not",
                    "on",
                    "or",
                    "over",
                    "select",
                    "then",
                    "to",
                    "union",
                    "when",
                    "where");

    private static final Set<String> NO_NAMES =
            Set.of("all", "asc", "desc", "distinct", "end", "false", "last", "null", "true");
    private static final Pattern CLAUSE =
            Pattern.compile("(?i)\\b(?:FROM|JOIN|WHERE|ON|BY|HAVING|WITH|VALUES)\\b");
    private static final Pattern BRACKETS = Pattern.compile("\\([^()]*\\)");

    private static final Pattern WORD = Pattern.compile("[A-Za-z_]\\w*");
    private static final Pattern SELECT =
            Pattern.compile("(?i).*\\bSELECT(\\s+DISTINCT)?\\b", Pattern.DOTALL);
    private static final Pattern COUNT = Pattern.compile("\\(\\s*\\*\\s*\\)");

    private final Map<String, List<String>> expressions = new HashMap<>();

    private Aliases(String sql) {
        Matcher alias = ALIAS.matcher(sql);
        while (alias.find()) {
            name(alias.group(2), expressionBefore(sql, alias.start()));
        }
        Matcher bare = WITHOUT_AS.matcher(sql);
        for (int from = 0; bare.find(from); from = bare.start(3)) {
            String before = bare.group(1) == null ? "" : lower(bare.group(1));
            String expression = expressionBefore(sql, bare.start(3) - bare.group(2).length());
            if (!OPERATORS.contains(before)
                    && !NO_NAMES.contains(lower(bare.group(3)))
                    && !CLAUSE.matcher(outsideOfBrackets(expression)).find()) {
                name(bare.group(3), expression);
            }
        }
    }

    private void name(String alias, String expression) {
        expressions.computeIfAbsent(lower(alias), name -> new ArrayList<>()).add(expression);
    }

    private static String outsideOfBrackets(String expression) {
        String before = expression;
        String after = BRACKETS.matcher(before).replaceAll(" ");
        while (!after.equals(before)) {
            before = after;
            after = BRACKETS.matcher(before).replaceAll(" ");
        }
        return after;
    }

    static Aliases of(String sql) {
        return new Aliases(UNREAD.matcher(sql).replaceAll(" "));
    }

    /** Whether a value of this name is divided or multiplied on its way anywhere in the SQL. */
    boolean isCalculated(String name) {
        return isCalculated(lower(name), new HashSet<>());
    }

    private boolean isCalculated(String name, Set<String> seen) {
        if (!seen.add(name)) {
            return false;
        }
        for (String expression : expressions.getOrDefault(name, List.of())) {
            String counted = COUNT.matcher(expression).replaceAll("()");
            if (counted.contains("/") || counted.contains("*")) {
                return true;
            }
            Matcher word = WORD.matcher(expression);
            while (word.find()) {
                if (isCalculated(lower(word.group()), seen)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Back to the comma or bracket that it begins behind. */
    private static String expressionBefore(String sql, int end) {
        int depth = 0;
        int start = end;
        while (start > 0) {
            char c = sql.charAt(start - 1);
            if (c == ')') {
                depth++;
            } else if (c == '(' && depth-- == 0) {
                break;
            } else if (c == ',' && depth == 0) {
                break;
            }
            start--;
        }
        String expression = sql.substring(start, end);
        return depth > 0 ? expression : SELECT.matcher(expression).replaceFirst("");
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
