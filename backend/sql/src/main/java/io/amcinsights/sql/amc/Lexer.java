package io.amcinsights.sql.amc;

import java.util.ArrayList;
import java.util.List;

/** Cuts SQL into tokens without judging it; comments and white space are dropped. */
final class Lexer {

    enum Kind {
        WORD,
        STRING,
        QUOTED_NAME,
        NUMBER,
        SYMBOL,
        /** A string, quoted name or comment that the text ends in. */
        UNCLOSED
    }

    /**
     * @param start offset of the first character
     * @param end offset behind the last one
     */
    record Token(Kind kind, String text, int start, int end) {

        boolean is(String word) {
            return text.equalsIgnoreCase(word);
        }
    }

    private final String sql;
    private int at;

    private Lexer(String sql) {
        this.sql = sql;
    }

    static List<Token> tokens(String sql) {
        Lexer lexer = new Lexer(sql);
        List<Token> tokens = new ArrayList<>();
        while (lexer.skipBlank()) {
            tokens.add(lexer.next());
        }
        return tokens;
    }

    private boolean skipBlank() {
        while (at < sql.length()) {
            if (Character.isWhitespace(sql.charAt(at))) {
                at++;
            } else if (sql.startsWith("--", at)) {
                int end = sql.indexOf('\n', at);
                at = end < 0 ? sql.length() : end + 1;
            } else if (sql.startsWith("/*", at)) {
                int end = sql.indexOf("*/", at + 2);
                if (end < 0) {
                    return true;
                }
                at = end + 2;
            } else {
                return true;
            }
        }
        return false;
    }

    private Token next() {
        int start = at;
        char c = sql.charAt(at);
        if (c == '\'') {
            return quoted(start, c, Kind.STRING);
        }
        if (c == '"') {
            return quoted(start, c, Kind.QUOTED_NAME);
        }
        if (sql.startsWith("/*", at)) {
            return token(Kind.UNCLOSED, start, sql.length());
        }
        if (Character.isLetter(c) || c == '_') {
            int end = at;
            while (end < sql.length() && isWordPart(sql.charAt(end))) {
                end++;
            }
            return token(Kind.WORD, start, end);
        }
        if (Character.isDigit(c)) {
            int end = at;
            while (end < sql.length()
                    && (Character.isDigit(sql.charAt(end)) || sql.charAt(end) == '.')) {
                end++;
            }
            return token(Kind.NUMBER, start, end);
        }
        return token(Kind.SYMBOL, start, start + 1);
    }

    static boolean isWordPart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$';
    }

    private Token quoted(int start, char quote, Kind kind) {
        int end = start + 1;
        while (end < sql.length()) {
            if (sql.charAt(end) == quote) {
                if (end + 1 < sql.length() && sql.charAt(end + 1) == quote) {
                    end += 2;
                    continue;
                }
                return token(kind, start, end + 1);
            }
            end++;
        }
        return token(Kind.UNCLOSED, start, sql.length());
    }

    private Token token(Kind kind, int start, int end) {
        at = end;
        return new Token(kind, sql.substring(start, end), start, end);
    }
}
