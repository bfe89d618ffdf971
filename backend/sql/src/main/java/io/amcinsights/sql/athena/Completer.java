package io.amcinsights.sql.athena;

import io.amcinsights.sql.Completion;
import io.amcinsights.sql.Completion.Kind;
import io.amcinsights.sql.athena.Tokens.Token;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Candidates at a caret, from the tokens of its statement: the statement need not parse. */
final class Completer {

    private static final List<String> KEYWORDS =
            List.of(
                    "SELECT",
                    "DISTINCT",
                    "FROM",
                    "WHERE",
                    "GROUP BY",
                    "HAVING",
                    "ORDER BY",
                    "LIMIT",
                    "WITH",
                    "AS",
                    "JOIN",
                    "LEFT JOIN",
                    "INNER JOIN",
                    "FULL OUTER JOIN",
                    "CROSS JOIN",
                    "UNNEST",
                    "ON",
                    "USING",
                    "UNION ALL",
                    "EXCEPT",
                    "INTERSECT",
                    "CASE",
                    "WHEN",
                    "THEN",
                    "ELSE",
                    "END",
                    "AND",
                    "OR",
                    "NOT",
                    "IN",
                    "LIKE",
                    "BETWEEN",
                    "IS NULL",
                    "IS NOT NULL",
                    "EXISTS",
                    "CAST",
                    "INTERVAL",
                    "CURRENT_DATE",
                    "DATE",
                    "TIMESTAMP",
                    "OVER",
                    "PARTITION BY",
                    "DESC",
                    "NULLS LAST",
                    "GROUPING SETS",
                    "ROLLUP");

    /** Words that end a list of tables, so that none of them is an alias. */
    private static final Set<String> NOT_AN_ALIAS =
            Set.of(
                    "ON",
                    "USING",
                    "WHERE",
                    "GROUP",
                    "ORDER",
                    "HAVING",
                    "LIMIT",
                    "JOIN",
                    "LEFT",
                    "RIGHT",
                    "INNER",
                    "FULL",
                    "CROSS",
                    "NATURAL",
                    "UNION",
                    "EXCEPT",
                    "INTERSECT",
                    "WINDOW",
                    "OFFSET",
                    "FETCH",
                    "TABLESAMPLE",
                    "SELECT");

    private final AthenaSchema schema;
    private final String prefix;
    private final int start;
    private final Set<String> offered = new LinkedHashSet<>();
    private final List<Completion> found = new ArrayList<>();

    private Completer(AthenaSchema schema, String prefix, int start) {
        this.schema = schema;
        this.prefix = prefix;
        this.start = start;
    }

    /**
     * @param statement the caret's statement
     * @param offset of the caret in {@code sql}
     */
    static List<Completion> complete(
            String sql, Statement statement, int offset, AthenaSchema schema) {
        int start = offset;
        while (start > 0 && isWordPart(sql.charAt(start - 1))) {
            start--;
        }
        String prefix = sql.substring(start, offset).toLowerCase(Locale.ROOT);
        List<Token> before = Tokens.of(sql.substring(Math.min(statement.start(), start), start));
        if (!before.isEmpty() && insideText(before.getLast())) {
            if (before.getLast().kind() != Tokens.Kind.QUOTED_NAME) {
                return List.of();
            }
            // The quote has been typed: a name replaces it as well.
            start = statement.start() + before.getLast().start();
            before = before.subList(0, before.size() - 1);
        }
        Completer completer = new Completer(schema, prefix, start);
        List<Token> all = new ArrayList<>(before);
        all.addAll(Tokens.of(sql.substring(offset, Math.max(offset, statement.end()))));
        completer.fill(before, all);
        return completer.found;
    }

    private static boolean isWordPart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$';
    }

    /** Whether the caret behind this token is still in it: in a text, comment or quoted name. */
    private static boolean insideText(Token last) {
        String text = last.text();
        return switch (last.kind()) {
            case STRING -> !closed(text, '\'');
            case QUOTED_NAME -> !closed(text, '"');
            case COMMENT -> text.startsWith("--") || !text.endsWith("*/");
            case WORD, SYMBOL -> false;
        };
    }

    private static boolean closed(String text, char quote) {
        return text.chars().filter(c -> c == quote).count() % 2 == 0;
    }

    private void fill(List<Token> before, List<Token> all) {
        Map<String, List<AthenaSchema.Column>> sources = sources(all);
        Token last = before.isEmpty() ? null : before.getLast();
        if (last != null && last.is(".") && before.size() > 1) {
            String owner = before.get(before.size() - 2).name().toLowerCase(Locale.ROOT);
            columns(sources.getOrDefault(owner, List.of()));
            return;
        }
        if (last != null && (last.is("FROM") || last.is("JOIN"))) {
            commonTables(all).forEach(name -> add(name, Kind.TABLE, "defined in this query"));
            for (AthenaSchema.Table table : schema.tables()) {
                add(
                        AthenaSql.name(table.name()),
                        table.name(),
                        Kind.TABLE,
                        table.columns().size() + " columns");
            }
            return;
        }
        sources.values().forEach(this::columns);
        sources.keySet().forEach(name -> add(name, Kind.TABLE, ""));
        for (AthenaFunctions.Function function : AthenaFunctions.all()) {
            add(function.name(), Kind.FUNCTION, function.arguments());
        }
        KEYWORDS.forEach(word -> add(word, Kind.KEYWORD, ""));
    }

    /** Columns of the tables in FROM and JOIN, by the table's name and by its alias. */
    private Map<String, List<AthenaSchema.Column>> sources(List<Token> tokens) {
        Map<String, List<AthenaSchema.Column>> sources = new LinkedHashMap<>();
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            AthenaSchema.Table table = table(token);
            if (table == null) {
                continue;
            }
            int next = i + 1;
            if (next < tokens.size() && tokens.get(next).is("AS")) {
                next++;
            }
            String alias = table.name();
            if (next < tokens.size() && isAlias(tokens.get(next))) {
                alias = tokens.get(next).name();
            }
            sources.put(alias.toLowerCase(Locale.ROOT), table.columns());
        }
        return sources;
    }

    private AthenaSchema.@Nullable Table table(Token token) {
        if (token.kind() != Tokens.Kind.WORD && token.kind() != Tokens.Kind.QUOTED_NAME) {
            return null;
        }
        return schema.tables().stream()
                .filter(table -> table.name().equalsIgnoreCase(token.name()))
                .findFirst()
                .orElse(null);
    }

    private static boolean isAlias(Token token) {
        return token.kind() == Tokens.Kind.QUOTED_NAME
                || (token.kind() == Tokens.Kind.WORD
                        && !NOT_AN_ALIAS.contains(token.text().toUpperCase(Locale.ROOT)));
    }

    /** The names that WITH defines. */
    private static List<String> commonTables(List<Token> tokens) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i + 2 < tokens.size(); i++) {
            boolean defined =
                    tokens.get(i).kind() == Tokens.Kind.WORD
                            && tokens.get(i + 1).is("AS")
                            && tokens.get(i + 2).is("(");
            if (defined && tokens.getFirst().is("WITH")) {
                names.add(tokens.get(i).text());
            }
        }
        return names;
    }

    private void columns(List<AthenaSchema.Column> columns) {
        for (AthenaSchema.Column column : columns) {
            add(AthenaSql.name(column.name()), column.name(), Kind.COLUMN, column.type());
        }
    }

    private void add(String text, Kind kind, String detail) {
        add(text, text, kind, detail);
    }

    private void add(String text, String name, Kind kind, String detail) {
        if (name.toLowerCase(Locale.ROOT).startsWith(prefix) && offered.add(kind + text)) {
            found.add(new Completion(text, start, kind, detail));
        }
    }
}
