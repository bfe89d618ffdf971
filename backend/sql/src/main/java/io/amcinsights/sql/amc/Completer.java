package io.amcinsights.sql.amc;

import io.amcinsights.sql.Completion;
import io.amcinsights.sql.Completion.Kind;
import io.amcinsights.sql.amc.Lexer.Token;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Candidates at a caret, from the tokens around it: the query need not parse. */
final class Completer {

    private static final List<String> KEYWORDS =
            List.of(
                    "SELECT",
                    "DISTINCT",
                    "FROM",
                    "WHERE",
                    "GROUP BY",
                    "HAVING",
                    "WITH",
                    "AS",
                    "LEFT JOIN",
                    "INNER JOIN",
                    "FULL OUTER JOIN",
                    "CROSS JOIN",
                    "ON",
                    "UNION ALL",
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
                    "SIMILAR TO",
                    "BETWEEN",
                    "IS NULL",
                    "IS NOT NULL",
                    "OVER",
                    "PARTITION BY",
                    "VALUES",
                    "TABLE(EXTEND_TIME_WINDOW(");

    private static final Set<String> BEFORE_TABLE = Set.of("FROM", "JOIN");

    private final AmcSchema schema;
    private final String prefix;
    private final int start;
    private final List<Completion> found = new ArrayList<>();

    private Completer(AmcSchema schema, String prefix, int start) {
        this.schema = schema;
        this.prefix = prefix;
        this.start = start;
    }

    static List<Completion> complete(String sql, int offset, AmcSchema schema) {
        int start = offset;
        while (start > 0 && Lexer.isWordPart(sql.charAt(start - 1))) {
            start--;
        }
        String prefix = sql.substring(start, offset).toLowerCase(Locale.ROOT);
        Completer completer = new Completer(schema, prefix, start);
        completer.fill(sql, Lexer.tokens(sql.substring(0, start)));
        return completer.found;
    }

    private void fill(String sql, List<Token> before) {
        if (!before.isEmpty() && before.getLast().kind() == Lexer.Kind.UNCLOSED) {
            if (opensParameterName(before)) {
                AmcSql.parameters(sql).forEach(p -> add(p, Kind.PARAMETER, "parameter"));
            } else if (opensTableName(before)) {
                schema.tables().forEach(t -> add(t.name(), Kind.TABLE, t.description()));
            }
            return;
        }
        Map<String, AmcSchema.Table> sources = sources(Lexer.tokens(sql));
        if (before.size() > 1 && before.getLast().is(".")) {
            AmcSchema.Table table =
                    sources.get(before.get(before.size() - 2).text().toLowerCase(Locale.ROOT));
            if (table != null) {
                columns(table);
            }
            return;
        }
        boolean table =
                !before.isEmpty()
                        && BEFORE_TABLE.contains(before.getLast().text().toUpperCase(Locale.ROOT));
        if (table) {
            commonTables(before).forEach(t -> add(t, Kind.TABLE, "defined in this query"));
            schema.tables().forEach(t -> add(t.name(), Kind.TABLE, t.description()));
            return;
        }
        Set.copyOf(sources.values()).forEach(this::columns);
        for (AmcFunctions.Function function : AmcFunctions.all()) {
            add(function.name(), Kind.FUNCTION, "(" + function.arguments() + ")");
        }
        KEYWORDS.forEach(k -> add(k, Kind.KEYWORD, ""));
    }

    private static boolean opensParameterName(List<Token> before) {
        return opens(before, "CUSTOM_PARAMETER");
    }

    private static boolean opensTableName(List<Token> before) {
        return opens(before, "EXTEND_TIME_WINDOW");
    }

    private static boolean opens(List<Token> before, String function) {
        int n = before.size();
        return n > 2 && before.get(n - 2).is("(") && before.get(n - 3).is(function);
    }

    /** Tables of the query by alias and by name. */
    private Map<String, AmcSchema.Table> sources(List<Token> tokens) {
        Map<String, AmcSchema.Table> sources = new LinkedHashMap<>();
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            String name =
                    token.kind() == Lexer.Kind.STRING
                            ? token.text().substring(1, token.text().length() - 1)
                            : token.text();
            AmcSchema.Table table = schema.table(name);
            if (table == null) {
                continue;
            }
            sources.put(name.toLowerCase(Locale.ROOT), table);
            int next = i + 1;
            if (next < tokens.size() && tokens.get(next).is("AS")) {
                next++;
            }
            if (next < tokens.size()
                    && tokens.get(next).kind() == Lexer.Kind.WORD
                    && !Parser.isReserved(tokens.get(next).text())) {
                sources.put(tokens.get(next).text().toLowerCase(Locale.ROOT), table);
            }
        }
        return sources;
    }

    private static List<String> commonTables(List<Token> before) {
        List<String> names = new ArrayList<>();
        for (int i = 1; i + 2 < before.size(); i++) {
            boolean opens = before.get(i - 1).is("WITH") || before.get(i - 1).is(",");
            if (opens && before.get(i + 1).is("AS") && before.get(i + 2).is("(")) {
                names.add(before.get(i).text());
            }
        }
        return names;
    }

    private void columns(AmcSchema.Table table) {
        for (AmcSchema.Column column : table.columns()) {
            add(
                    column.name(),
                    Kind.COLUMN,
                    column.dataType() + ", threshold " + column.threshold());
        }
    }

    private void add(String text, Kind kind, String detail) {
        boolean fits = text.toLowerCase(Locale.ROOT).startsWith(prefix);
        boolean known = found.stream().anyMatch(c -> c.kind() == kind && c.text().equals(text));
        if (fits && !known) {
            found.add(new Completion(text, start, kind, detail));
        }
    }
}
