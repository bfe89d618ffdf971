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
    private static final Pattern WORD = Pattern.compile("[A-Za-z_]\\w*");
    private static final Pattern SELECT =
            Pattern.compile("(?i).*\\bSELECT(\\s+DISTINCT)?\\b", Pattern.DOTALL);
    private static final Pattern COUNT = Pattern.compile("\\(\\s*\\*\\s*\\)");

    private final Map<String, List<String>> expressions = new HashMap<>();

    private Aliases(String sql) {
        Matcher alias = ALIAS.matcher(sql);
        while (alias.find()) {
            expressions
                    .computeIfAbsent(lower(alias.group(2)), name -> new ArrayList<>())
                    .add(expressionBefore(sql, alias.start()));
        }
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
