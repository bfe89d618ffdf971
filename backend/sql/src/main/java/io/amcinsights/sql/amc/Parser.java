package io.amcinsights.sql.amc;

import io.amcinsights.sql.Problem;
import io.amcinsights.sql.Problem.Severity;
import io.amcinsights.sql.amc.Lexer.Token;

import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.avatica.util.Quoting;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlUnresolvedFunction;
import org.apache.calcite.sql.parser.SqlAbstractParserImpl;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.validate.SqlConformanceEnum;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** AMC SQL is Calcite's; this is Calcite's parser, with errors in a person's words. */
final class Parser {

    private static final SqlParser.Config CONFIG =
            SqlParser.config()
                    .withUnquotedCasing(Casing.UNCHANGED)
                    .withQuotedCasing(Casing.UNCHANGED)
                    .withQuoting(Quoting.DOUBLE_QUOTE)
                    .withIdentifierMaxLength(1000)
                    .withConformance(SqlConformanceEnum.LENIENT);

    private static final SqlAbstractParserImpl.Metadata WORDS =
            SqlParser.create("", CONFIG).getMetadata();

    /** Words that structure a query: where one is unexpected, what is missing stands before it. */
    private static final Set<String> CLAUSES =
            Set.of(
                    "SELECT", "FROM", "WHERE", "GROUP", "HAVING", "ORDER", "UNION", "JOIN", "ON",
                    "AND", "OR", "WHEN", "THEN", "ELSE", "END", "BY", "AS", "LIMIT", "WITH");

    /** Calcite reserves UUID for a type; AMC has it as a function. Same length: columns stay. */
    private static final String UUID_STAND_IN = "UUI_";

    private static final Pattern ENCOUNTERED = Pattern.compile("Encountered \"(.*?)\" at line");
    private static final Pattern KEYWORD = Pattern.compile("near the keyword '(.*?)' at line");

    private Parser() {}

    static boolean isReserved(String word) {
        return WORDS.isReservedWord(word.toUpperCase(Locale.ROOT));
    }

    static SqlNode parse(String sql) throws AmcSyntaxException {
        String text = prepare(sql);
        try {
            SqlNode tree = SqlParser.create(text, CONFIG).parseQuery();
            tree.accept(new UuidCalls());
            return tree;
        } catch (SqlParseException e) {
            throw new AmcSyntaxException(problem(e, sql));
        }
    }

    static Problem at(SqlParserPos pos, Severity severity, String message) {
        return new Problem(
                pos.getLineNum(),
                pos.getColumnNum(),
                pos.getEndLineNum(),
                pos.getEndColumnNum() + 1,
                severity,
                message);
    }

    /** A semicolon at the end, which AMC does not take; null where there is none. */
    static @Nullable Problem semicolon(String sql) {
        List<Token> tokens = Lexer.tokens(sql);
        if (tokens.isEmpty() || !tokens.getLast().is(";")) {
            return null;
        }
        int start = tokens.getLast().start();
        return at(
                sql,
                start,
                start + 1,
                Severity.WARNING,
                "AMC takes no semicolon at the end: it is left out when the query is sent.");
    }

    private static String prepare(String sql) throws AmcSyntaxException {
        StringBuilder text = new StringBuilder(sql);
        List<Token> tokens = Lexer.tokens(sql);
        if (tokens.isEmpty()) {
            throw new AmcSyntaxException(
                    new Problem(1, 1, 1, 1, Severity.ERROR, "There is no query yet."));
        }
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            boolean last = i == tokens.size() - 1;
            if (token.kind() == Lexer.Kind.UNCLOSED) {
                String what =
                        switch (token.text().charAt(0)) {
                            case '\'' -> "This text is not closed: add a single quote (').";
                            case '"' -> "This name is not closed: add a double quote (\").";
                            default -> "This comment is not closed: add */.";
                        };
                throw new AmcSyntaxException(
                        at(sql, token.start(), token.start() + 1, Severity.ERROR, what));
            }
            if (last && token.is(";")) {
                text.setCharAt(token.start(), ' ');
            }
            if (!last && token.is("UUID") && tokens.get(i + 1).is("(")) {
                text.replace(token.start(), token.end(), UUID_STAND_IN);
            }
        }
        return text.toString();
    }

    private static Problem at(String sql, int start, int end, Severity severity, String message) {
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < start; i++) {
            if (sql.charAt(i) == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        int column = start - lineStart + 1;
        return new Problem(line, column, line, column + (end - start), severity, message);
    }

    private static Problem problem(SqlParseException e, String sql) {
        SqlParserPos pos = e.getPos();
        String message = String.valueOf(e.getMessage());
        if (pos == null) {
            return new Problem(1, 1, 1, 2, Severity.ERROR, firstLine(message));
        }
        String met = found(KEYWORD, message);
        if (met == null) {
            met = found(ENCOUNTERED, message);
        }
        if (met == null) {
            return at(pos, Severity.ERROR, firstLine(message));
        }
        if (met.equals("<EOF>")) {
            return at(
                    pos,
                    Severity.ERROR,
                    "The query ends too early: something is missing at its end, such as a closing"
                            + " parenthesis or an expression.");
        }
        // Calcite quotes all tokens it had to look at; only the first or the last is at fault.
        String[] words = met.split(" ", -1);
        String word = words[0];
        SqlParserPos place = pos;
        if (words.length == 2 && !isReservedName(word) && isReservedName(words[1])) {
            word = words[1];
            place = find(sql, pos, word);
        }
        if (isReservedName(word)) {
            return at(
                    place,
                    Severity.ERROR,
                    "\"%s\" is a reserved word. To use it as a name, put it in double quotes: \"%s\"."
                            .formatted(word, word));
        }
        if (CLAUSES.contains(word.toUpperCase(Locale.ROOT))) {
            return at(
                    place,
                    Severity.ERROR,
                    "Unexpected %s: something is missing before it, or a comma is too many."
                            .formatted(word.toUpperCase(Locale.ROOT)));
        }
        return at(place, Severity.ERROR, "Unexpected \"%s\".%s".formatted(word, expected(e)));
    }

    private static boolean isReservedName(String word) {
        return !word.isEmpty()
                && Character.isLetter(word.charAt(0))
                && isReserved(word)
                && !CLAUSES.contains(word.toUpperCase(Locale.ROOT));
    }

    private static SqlParserPos find(String sql, SqlParserPos from, String word) {
        String[] lines = sql.split("\n", -1);
        String line = lines[from.getLineNum() - 1];
        int column = line.indexOf(word, from.getColumnNum() - 1);
        return column < 0
                ? from
                : new SqlParserPos(
                        from.getLineNum(), column + 1, from.getLineNum(), column + word.length());
    }

    private static String expected(SqlParseException e) {
        var names = e.getExpectedTokenNames();
        if (names == null || names.isEmpty() || names.size() > 6) {
            return " It does not fit here.";
        }
        return " Expected here: "
                + String.join(", ", names.stream().map(n -> n.replace("\"", "")).toList())
                + ".";
    }

    private static @Nullable String found(Pattern pattern, String message) {
        Matcher matcher = pattern.matcher(message);
        return matcher.find() ? matcher.group(1) : null;
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse(message);
    }

    /** Gives UUID() its name back. */
    private static final class UuidCalls extends SqlBasicVisitor<Void> {

        @Override
        public Void visit(SqlCall call) {
            if (call instanceof SqlBasicCall basic
                    && basic.getOperator().getName().equals(UUID_STAND_IN)) {
                SqlIdentifier name = new SqlIdentifier("UUID", call.getParserPosition());
                basic.setOperator(
                        new SqlUnresolvedFunction(
                                name,
                                null,
                                null,
                                null,
                                null,
                                SqlFunctionCategory.USER_DEFINED_FUNCTION));
            }
            return super.visit(call);
        }
    }
}
