package io.amcinsights.sql.amc;

import io.amcinsights.sql.Completion;
import io.amcinsights.sql.Completion.Kind;
import io.amcinsights.sql.amc.Lexer.Token;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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

    /** A column to offer. */
    private record Candidate(String name, String detail) {}

    private static final Set<String> BEFORE_TABLE = Set.of("FROM", "JOIN");

    private final AmcSchema schema;
    private final String prefix;
    private final int start;
    private final Map<String, Completion> found = new LinkedHashMap<>();

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
        return List.copyOf(completer.found.values());
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
        Map<String, List<Candidate>> sources = sources(Lexer.tokens(sql));
        if (before.size() > 1 && before.getLast().is(".")) {
            columns(sources.getOrDefault(key(before.get(before.size() - 2).text()), List.of()));
            return;
        }
        if (!before.isEmpty() && isBeforeTable(before.getLast())) {
            commonTables(before).keySet().forEach(t -> add(t, Kind.TABLE, "defined in this query"));
            schema.tables().forEach(t -> add(t.name(), Kind.TABLE, t.description()));
            return;
        }
        new LinkedHashSet<>(sources.values()).forEach(this::columns);
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

    /** Columns of the query's tables, by the table's alias and by its name. */
    private Map<String, List<Candidate>> sources(List<Token> tokens) {
        Map<String, List<Candidate>> common = commonTables(tokens);
        Map<String, List<Candidate>> sources = new LinkedHashMap<>();
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            String name =
                    token.kind() == Lexer.Kind.STRING
                            ? token.text().substring(1, token.text().length() - 1)
                            : token.text();
            List<Candidate> columns = common.get(name);
            if (columns != null && (i == 0 || !isBeforeTable(tokens.get(i - 1)))) {
                continue;
            }
            AmcSchema.Table table = schema.table(name);
            if (columns == null && table != null) {
                columns = table.columns().stream().map(Completer::candidate).toList();
            }
            if (columns == null) {
                continue;
            }
            sources.put(key(name), columns);
            int next = i + 1;
            if (next < tokens.size() && tokens.get(next).is("AS")) {
                next++;
            }
            if (next < tokens.size()
                    && tokens.get(next).kind() == Lexer.Kind.WORD
                    && !Parser.isReserved(tokens.get(next).text())) {
                sources.put(key(tokens.get(next).text()), columns);
            }
        }
        return sources;
    }

    private static boolean isBeforeTable(Token token) {
        return BEFORE_TABLE.contains(token.text().toUpperCase(Locale.ROOT));
    }

    private static Candidate candidate(AmcSchema.Column column) {
        return new Candidate(
                column.name(), column.dataType() + ", threshold " + column.threshold());
    }

    /** Tables that the query defines in WITH, and the columns that each selects. */
    private static Map<String, List<Candidate>> commonTables(List<Token> tokens) {
        Map<String, List<Candidate>> tables = new LinkedHashMap<>();
        for (int i = 1; i + 2 < tokens.size(); i++) {
            boolean opens =
                    tokens.get(i - 1).is("WITH")
                            || tokens.get(i - 1).is(",")
                            || tokens.get(i - 1).is("RECURSIVE");
            if (opens && tokens.get(i + 1).is("AS") && tokens.get(i + 2).is("(")) {
                String name = tokens.get(i).text();
                tables.put(name, selected(tokens, i + 3, "column of " + name));
            }
        }
        return tables;
    }

    /** The names in the select list that begins here: each item's alias, or its last word. */
    private static List<Candidate> selected(List<Token> tokens, int start, String detail) {
        List<Candidate> names = new ArrayList<>();
        int depth = 0;
        for (int i = start; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            depth += token.is("(") ? 1 : token.is(")") ? -1 : 0;
            boolean ends = depth < 0 || (depth == 0 && token.is("FROM"));
            Token last = tokens.get(i - 1);
            if ((ends || (depth == 0 && token.is(",")))
                    && last.kind() == Lexer.Kind.WORD
                    && !Parser.isReserved(last.text())) {
                names.add(new Candidate(last.text(), detail));
            }
            if (ends) {
                break;
            }
        }
        return names;
    }

    private void columns(List<Candidate> columns) {
        columns.forEach(c -> add(c.name(), Kind.COLUMN, c.detail()));
    }

    private void add(String text, Kind kind, String detail) {
        if (key(text).startsWith(prefix)) {
            found.putIfAbsent(kind + text, new Completion(text, start, kind, detail));
        }
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
