package io.amcinsights.sql.athena;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Athena SQL cut into pieces without parsing it. */
final class Tokens {

    enum Kind {
        COMMENT,
        STRING,
        QUOTED_NAME,
        WORD,
        SYMBOL
    }

    /**
     * @param start offset of the first character
     */
    record Token(Kind kind, String text, int start) {

        int end() {
            return start + text.length();
        }

        boolean is(String word) {
            return kind != Kind.QUOTED_NAME && text.equalsIgnoreCase(word);
        }

        /** The name that it stands for. */
        String name() {
            return kind == Kind.QUOTED_NAME
                    ? text.substring(1, Math.max(1, text.length() - 1)).replace("\"\"", "\"")
                    : text;
        }
    }

    private static final Pattern TOKEN =
            Pattern.compile(
                    """
                    (?<comment>--[^\\n]*|/\\*(?s:.*?)(?:\\*/|\\z))\
                    |(?<string>'(?:[^']|'')*+(?:'|\\z))\
                    |(?<quoted>"(?:[^"]|"")*+(?:"|\\z)|`[^`]*(?:`|\\z))\
                    |(?<word>[\\p{L}\\p{N}_$]+)\
                    |\\S\
                    """);

    private Tokens() {}

    /** All tokens; what is not closed reaches to the end. */
    static List<Token> of(String sql) {
        List<Token> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(sql);
        while (matcher.find()) {
            tokens.add(new Token(kind(matcher), matcher.group(), matcher.start()));
        }
        return tokens;
    }

    private static Kind kind(Matcher matcher) {
        if (matcher.group("comment") != null) {
            return Kind.COMMENT;
        }
        if (matcher.group("string") != null) {
            return Kind.STRING;
        }
        if (matcher.group("quoted") != null) {
            return Kind.QUOTED_NAME;
        }
        return matcher.group("word") != null ? Kind.WORD : Kind.SYMBOL;
    }
}
