package io.amcinsights.desktop.editor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** SQL cut into coloured pieces: every character belongs to exactly one, whatever is typed. */
final class SqlTokens {

    enum Kind {
        SPACE,
        KEYWORD,
        FUNCTION,
        NAME,
        STRING,
        QUOTED_NAME,
        NUMBER,
        COMMENT,
        SYMBOL
    }

    /**
     * @param start offset of the first character
     * @param end offset behind the last one
     */
    record Token(Kind kind, int start, int end) {}

    /** The two brackets of a pair. */
    record Pair(int open, int close) {}

    private static final Set<String> KEYWORDS =
            Set.of(
                    "ALL",
                    "AND",
                    "ANY",
                    "ARRAY",
                    "AS",
                    "ASC",
                    "BETWEEN",
                    "BY",
                    "CASE",
                    "CAST",
                    "CREATE",
                    "CROSS",
                    "CURRENT_DATE",
                    "CURRENT_TIMESTAMP",
                    "DATE",
                    "DEFAULT",
                    "DELETE",
                    "DESC",
                    "DESCRIBE",
                    "DISTINCT",
                    "DROP",
                    "ELSE",
                    "END",
                    "ESCAPE",
                    "EXCEPT",
                    "EXISTS",
                    "EXPLAIN",
                    "EXTERNAL",
                    "FALSE",
                    "FETCH",
                    "FILTER",
                    "FIRST",
                    "FOLLOWING",
                    "FROM",
                    "FULL",
                    "GROUP",
                    "GROUPING",
                    "HAVING",
                    "IF",
                    "IN",
                    "INNER",
                    "INSERT",
                    "INTERSECT",
                    "INTERVAL",
                    "INTO",
                    "IS",
                    "JOIN",
                    "LAST",
                    "LATERAL",
                    "LEFT",
                    "LIKE",
                    "LIMIT",
                    "NATURAL",
                    "NOT",
                    "NULL",
                    "NULLS",
                    "OFFSET",
                    "ON",
                    "OR",
                    "ORDER",
                    "OUTER",
                    "OVER",
                    "PARTITION",
                    "PRECEDING",
                    "RANGE",
                    "RIGHT",
                    "ROW",
                    "ROWS",
                    "SELECT",
                    "SETS",
                    "SHOW",
                    "SIMILAR",
                    "TABLE",
                    "THEN",
                    "TIMESTAMP",
                    "TO",
                    "TRUE",
                    "UNBOUNDED",
                    "UNION",
                    "UNLOAD",
                    "UNNEST",
                    "USING",
                    "VALUES",
                    "VIEW",
                    "WHEN",
                    "WHERE",
                    "WINDOW",
                    "WITH",
                    "WITHIN");

    private final String sql;
    private final List<Token> tokens = new ArrayList<>();

    private SqlTokens(String sql) {
        this.sql = sql;
    }

    static List<Token> of(String sql) {
        SqlTokens tokens = new SqlTokens(sql);
        int at = 0;
        while (at < sql.length()) {
            at = tokens.cut(at);
        }
        return tokens.tokens;
    }

    private int cut(int start) {
        char c = sql.charAt(start);
        if (Character.isWhitespace(c)) {
            int end = start;
            while (end < sql.length() && Character.isWhitespace(sql.charAt(end))) {
                end++;
            }
            return add(Kind.SPACE, start, end);
        }
        if (sql.startsWith("--", start)) {
            int end = sql.indexOf('\n', start);
            return add(Kind.COMMENT, start, end < 0 ? sql.length() : end);
        }
        if (sql.startsWith("/*", start)) {
            int end = sql.indexOf("*/", start + 2);
            return add(Kind.COMMENT, start, end < 0 ? sql.length() : end + 2);
        }
        if (c == '\'' || c == '"' || c == '`') {
            return add(c == '\'' ? Kind.STRING : Kind.QUOTED_NAME, start, quoted(start, c));
        }
        if (Character.isDigit(c)) {
            int end = start;
            while (end < sql.length() && (isWord(sql.charAt(end)) || sql.charAt(end) == '.')) {
                end++;
            }
            return add(Kind.NUMBER, start, end);
        }
        if (isWord(c)) {
            int end = start;
            while (end < sql.length() && isWord(sql.charAt(end))) {
                end++;
            }
            return add(wordKind(start, end), start, end);
        }
        return add(Kind.SYMBOL, start, start + 1);
    }

    private int quoted(int start, char quote) {
        int end = start + 1;
        while (end < sql.length()) {
            if (sql.charAt(end) == quote) {
                if (end + 1 == sql.length() || sql.charAt(end + 1) != quote) {
                    return end + 1;
                }
                end++;
            }
            end++;
        }
        return sql.length();
    }

    private Kind wordKind(int start, int end) {
        if (KEYWORDS.contains(sql.substring(start, end).toUpperCase(Locale.ROOT))) {
            return Kind.KEYWORD;
        }
        int next = end;
        while (next < sql.length() && sql.charAt(next) == ' ') {
            next++;
        }
        return next < sql.length() && sql.charAt(next) == '(' ? Kind.FUNCTION : Kind.NAME;
    }

    private int add(Kind kind, int start, int end) {
        tokens.add(new Token(kind, start, end));
        return end;
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$';
    }

    /**
     * The pair whose bracket stands before or behind the caret; brackets in strings do not count.
     */
    static Optional<Pair> pairAt(String sql, List<Token> tokens, int caret) {
        List<Integer> open = new ArrayList<>();
        for (Token token : tokens) {
            if (token.kind() != Kind.SYMBOL) {
                continue;
            }
            char c = sql.charAt(token.start());
            if (c == '(' || c == '[') {
                open.add(token.start());
            } else if ((c == ')' || c == ']') && !open.isEmpty()) {
                Pair pair = new Pair(open.removeLast(), token.start());
                boolean same = (sql.charAt(pair.open()) == '(') == (c == ')');
                boolean touched = touches(pair.open(), caret) || touches(pair.close(), caret);
                if (same && touched) {
                    return Optional.of(pair);
                }
            }
        }
        return Optional.empty();
    }

    private static boolean touches(int bracket, int caret) {
        return bracket == caret || bracket + 1 == caret;
    }

    /** Whether two texts differ in white space and nothing else. */
    static boolean same(String one, String other) {
        return words(one).equals(words(other));
    }

    private static List<String> words(String sql) {
        return of(sql).stream()
                .filter(token -> token.kind() != Kind.SPACE)
                .map(token -> sql.substring(token.start(), token.end()).stripTrailing())
                .toList();
    }
}
