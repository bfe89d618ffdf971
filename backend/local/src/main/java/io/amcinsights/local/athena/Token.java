package io.amcinsights.local.athena;

import java.util.ArrayList;
import java.util.List;

/**
 * One word, name, text or sign of a statement.
 *
 * @param text without its quotes
 * @param start position of its first character, {@code end} that behind its last
 */
record Token(Kind kind, String text, int start, int end) {

    enum Kind {
        /** A keyword, a number, or a name without quotes. */
        WORD,
        /** In double quotes or back-quotes. */
        NAME,
        /** In single quotes. */
        TEXT,
        SIGN
    }

    boolean isWord(String word) {
        return kind == Kind.WORD && text.equalsIgnoreCase(word);
    }

    boolean isSign(char sign) {
        return kind == Kind.SIGN && text.charAt(0) == sign;
    }

    /** All of a statement but its comments. */
    static List<Token> of(String sql) {
        List<Token> tokens = new ArrayList<>();
        int at = 0;
        while (at < sql.length()) {
            char c = sql.charAt(at);
            if (Character.isWhitespace(c)) {
                at++;
            } else if (sql.startsWith("--", at)) {
                int end = sql.indexOf('\n', at);
                at = end < 0 ? sql.length() : end;
            } else if (sql.startsWith("/*", at)) {
                int end = sql.indexOf("*/", at + 2);
                at = end < 0 ? sql.length() : end + 2;
            } else {
                Token token = token(sql, at);
                tokens.add(token);
                at = token.end();
            }
        }
        return tokens;
    }

    private static Token token(String sql, int start) {
        char c = sql.charAt(start);
        if (c == '\'' || c == '"' || c == '`') {
            StringBuilder text = new StringBuilder();
            int at = start + 1;
            while (at < sql.length()) {
                if (sql.charAt(at) != c) {
                    text.append(sql.charAt(at++));
                } else if (at + 1 < sql.length() && sql.charAt(at + 1) == c) {
                    text.append(c);
                    at += 2;
                } else {
                    break;
                }
            }
            return new Token(
                    c == '\'' ? Kind.TEXT : Kind.NAME,
                    text.toString(),
                    start,
                    Math.min(at + 1, sql.length()));
        }
        int end = start;
        while (end < sql.length() && isWordPart(sql.charAt(end))) {
            end++;
        }
        return end == start
                ? new Token(Kind.SIGN, String.valueOf(c), start, start + 1)
                : new Token(Kind.WORD, sql.substring(start, end), start, end);
    }

    private static boolean isWordPart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$' || c == '@';
    }
}
