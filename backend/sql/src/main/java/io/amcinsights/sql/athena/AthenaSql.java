package io.amcinsights.sql.athena;

import io.amcinsights.sql.Completion;
import io.amcinsights.sql.Problem;
import io.amcinsights.sql.Problem.Severity;
import io.amcinsights.sql.athena.Tokens.Token;
import io.trino.sql.ReservedIdentifiers;
import io.trino.sql.parser.ParsingException;
import io.trino.sql.parser.SqlParser;
import io.trino.sql.tree.DefaultTraversalVisitor;
import io.trino.sql.tree.FunctionCall;
import io.trino.sql.tree.Query;
import io.trino.sql.tree.QuerySpecification;
import io.trino.sql.tree.SampledRelation;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an editor asks about Athena SQL, whose engine is Trino's. */
public final class AthenaSql {

    /** Statements of Athena itself, which Trino's grammar does not know. */
    private static final Set<String> ATHENA_ONLY = Set.of("UNLOAD", "MSCK", "ALTER", "DESCRIBE");

    private static final Pattern EXTERNAL_TABLE =
            Pattern.compile("(?is)CREATE\\s+EXTERNAL\\s+TABLE\\b.*");

    private static final Pattern MISMATCH =
            Pattern.compile("mismatched input '(.*?)'\\. Expecting: (.*)", Pattern.DOTALL);

    private static final Pattern PLAIN_NAME = Pattern.compile("[a-z_][a-z0-9_]*");

    private static final SqlParser PARSER = new SqlParser();

    private AthenaSql() {}

    /** The statements of a text, in their order; a semicolon ends each but the last. */
    public static List<Statement> statements(String text) {
        List<Statement> statements = new ArrayList<>();
        Token first = null;
        Token last = null;
        for (Token token : Tokens.of(text)) {
            if (token.kind() == Tokens.Kind.COMMENT) {
                continue;
            }
            if (!token.is(";")) {
                first = first == null ? token : first;
                last = token;
            } else if (first != null && last != null) {
                statements.add(statement(text, first.start(), last.end(), token.end()));
                first = null;
            }
        }
        if (first != null && last != null) {
            statements.add(statement(text, first.start(), last.end(), last.end()));
        }
        return statements;
    }

    /**
     * The statement at an offset: the one that reaches to it or begins behind it, else the last.
     * Empty where the text has none.
     */
    public static Optional<Statement> statementAt(String text, int offset) {
        List<Statement> statements = statements(text);
        return statements.stream()
                .filter(statement -> offset <= statement.end())
                .findFirst()
                .or(
                        () ->
                                statements.isEmpty()
                                        ? Optional.empty()
                                        : Optional.of(statements.getLast()));
    }

    private static Statement statement(String text, int start, int end, int behind) {
        int lineStart = text.lastIndexOf('\n', start - 1) + 1;
        int line = 1 + (int) text.substring(0, lineStart).chars().filter(c -> c == '\n').count();
        return new Statement(
                text.substring(start, end), start, behind, line, start - lineStart + 1);
    }

    /** The candidates at an offset of a text, from what its statement names. */
    public static List<Completion> complete(String text, int offset, AthenaSchema schema) {
        Statement statement =
                statementAt(text, offset)
                        .filter(s -> s.start() <= offset)
                        .orElseGet(() -> new Statement("", offset, offset, 1, 1));
        return Completer.complete(text, statement, offset, schema);
    }

    /** A name as SQL has to write it: in quotes where it is not a plain word. */
    public static String name(String name) {
        return PLAIN_NAME.matcher(name).matches() && !ReservedIdentifiers.reserved(name)
                ? name
                : '"' + name.replace("\"", "\"\"") + '"';
    }

    /** Syntax errors of a text; of each statement the first, where Trino stops. */
    public static List<Problem> check(String text) {
        return statements(text).stream()
                .flatMap(
                        statement ->
                                checkStatement(statement.sql()).stream().map(statement::inText))
                .toList();
    }

    /**
     * Whether a query gives the same rows again while its tables stay as they are: it asks for
     * nothing random, and limits no rows that are in no order. False for what cannot be read.
     */
    public static boolean isDeterministic(String sql) {
        try {
            Chance chance = new Chance();
            chance.process(PARSER.createStatement(blankComments(sql)));
            return !chance.found;
        } catch (ParsingException e) {
            return false;
        }
    }

    /** Finds what chance decides in a query. */
    private static final class Chance extends DefaultTraversalVisitor<@Nullable Void> {

        private static final Set<String> FUNCTIONS = Set.of("rand", "random", "shuffle", "uuid");

        private boolean found;

        @Override
        protected @Nullable Void visitQuery(Query node, @Nullable Void context) {
            found |= node.getLimit().isPresent() && node.getOrderBy().isEmpty();
            return super.visitQuery(node, null);
        }

        @Override
        protected @Nullable Void visitQuerySpecification(
                QuerySpecification node, @Nullable Void context) {
            found |= node.getLimit().isPresent() && node.getOrderBy().isEmpty();
            return super.visitQuerySpecification(node, null);
        }

        @Override
        protected @Nullable Void visitSampledRelation(
                SampledRelation node, @Nullable Void context) {
            found = true;
            return null;
        }

        @Override
        protected @Nullable Void visitFunctionCall(FunctionCall node, @Nullable Void context) {
            found |= FUNCTIONS.contains(node.getName().getSuffix().toLowerCase(Locale.ROOT));
            return super.visitFunctionCall(node, null);
        }
    }

    private static List<Problem> checkStatement(String sql) {
        String text = blankComments(sql);
        String statement = text.strip();
        if (statement.isEmpty()
                || ATHENA_ONLY.contains(firstWord(statement))
                || EXTERNAL_TABLE.matcher(statement).matches()) {
            return List.of();
        }
        try {
            PARSER.createStatement(text);
            return List.of();
        } catch (ParsingException e) {
            int line = e.getLineNumber();
            int column = e.getColumnNumber();
            return List.of(
                    new Problem(
                            line,
                            column,
                            line,
                            column + lengthAt(sql, line, column),
                            Severity.ERROR,
                            inWords(e.getErrorMessage())));
        }
    }

    private static String inWords(String message) {
        Matcher matcher = MISMATCH.matcher(message);
        if (!matcher.matches()) {
            return message;
        }
        String met =
                matcher.group(1).equals("<EOF>")
                        ? "The statement ends too early."
                        : "Unexpected \"%s\".".formatted(matcher.group(1));
        String[] expected = matcher.group(2).replace("'", "").split(", ", -1);
        StringBuilder text = new StringBuilder(met).append(" Expected here: ");
        int shown = Math.min(expected.length, 8);
        for (int i = 0; i < shown; i++) {
            text.append(i == 0 ? "" : i == shown - 1 && shown == expected.length ? " or " : ", ");
            text.append(word(expected[i].strip()));
        }
        return text.append(shown < expected.length ? "…" : ".").toString();
    }

    private static String word(String expected) {
        return switch (expected) {
            case "<EOF>" -> "the end of the statement";
            case "<expression>" -> "an expression";
            case "<identifier>" -> "a name";
            case "<integer>" -> "a whole number";
            case "<query>" -> "a query";
            case "<string>" -> "a text";
            default -> expected.replaceAll("[<>]", "");
        };
    }

    private static String firstWord(String statement) {
        int end = 0;
        while (end < statement.length() && Character.isLetter(statement.charAt(end))) {
            end++;
        }
        return statement.substring(0, end).toUpperCase(Locale.ROOT);
    }

    /** Places stay where they are: what is removed becomes blank. */
    private static String blankComments(String sql) {
        StringBuilder text = new StringBuilder(sql);
        char quote = 0;
        for (int i = 0; i < sql.length(); i++) {
            char c = sql.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (sql.startsWith("--", i) || sql.startsWith("/*", i)) {
                boolean line = c == '-';
                int end = sql.indexOf(line ? "\n" : "*/", i);
                int behind = end < 0 ? sql.length() : end + (line ? 0 : 2);
                for (int j = i; j < behind; j++) {
                    if (sql.charAt(j) != '\n') {
                        text.setCharAt(j, ' ');
                    }
                }
                i = behind - 1;
            }
        }
        return text.toString();
    }

    private static int lengthAt(String sql, int line, int column) {
        String[] lines = sql.split("\n", -1);
        if (line > lines.length) {
            return 1;
        }
        String text = lines[line - 1];
        int end = column - 1;
        while (end < text.length() && Character.isLetterOrDigit(text.charAt(end))) {
            end++;
        }
        return Math.max(1, end - column + 1);
    }
}
