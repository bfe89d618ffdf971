package io.amcinsights.local.athena;

import io.amcinsights.local.athena.Token.Kind;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A statement read from its beginning to its end. */
final class Tokens {

    /** A table or view, and its database: in lower case, as the catalogue keeps them. */
    record TableName(String database, String name) {}

    private final String sql;
    private final List<Token> tokens;
    private final @Nullable String database;
    private int at;

    /**
     * @param database of names that have none
     */
    Tokens(String sql, @Nullable String database) {
        this.sql = sql;
        this.tokens = Token.of(sql);
        this.database = database;
    }

    boolean isAtEnd() {
        return at == tokens.size();
    }

    int position() {
        return at;
    }

    void goTo(int position) {
        at = position;
    }

    /** The token that is {@code ahead} places further, or null behind the end. */
    @Nullable Token peek(int ahead) {
        return at + ahead < tokens.size() ? tokens.get(at + ahead) : null;
    }

    Token next() throws QueryFailure {
        if (isAtEnd()) {
            throw problem("the statement ends too early");
        }
        return tokens.get(at++);
    }

    /** Steps over the words if all of them come next. */
    boolean accept(String... words) {
        for (int i = 0; i < words.length; i++) {
            Token token = peek(i);
            if (token == null || !token.isWord(words[i])) {
                return false;
            }
        }
        at += words.length;
        return true;
    }

    boolean accept(char sign) {
        Token token = peek(0);
        if (token == null || !token.isSign(sign)) {
            return false;
        }
        at++;
        return true;
    }

    void expect(String... words) throws QueryFailure {
        if (!accept(words)) {
            throw problem("expected " + String.join(" ", words));
        }
    }

    void expect(char sign) throws QueryFailure {
        if (!accept(sign)) {
            throw problem("expected '" + sign + "'");
        }
    }

    void expectEnd() throws QueryFailure {
        if (!isAtEnd()) {
            throw problem("not understood from '%s' on".formatted(tokens.get(at).text()));
        }
    }

    /** A name, in lower case. */
    String name() throws QueryFailure {
        Token token = next();
        if (token.kind() != Kind.WORD && token.kind() != Kind.NAME) {
            at--;
            throw problem("expected a name");
        }
        return token.text().toLowerCase(Locale.ROOT);
    }

    String text() throws QueryFailure {
        Token token = next();
        if (token.kind() != Kind.TEXT) {
            at--;
            throw problem("expected a text in single quotes");
        }
        return token.text();
    }

    /** A database's name; a catalogue's before it is stepped over. */
    String databaseName() throws QueryFailure {
        String name = name();
        return accept('.') ? name() : name;
    }

    TableName tableName() throws QueryFailure {
        String first = name();
        if (!accept('.')) {
            // DESCRIBE `database.table` is Hive's way.
            int dot = first.indexOf('.');
            return dot < 0
                    ? new TableName(chosenDatabase(), first)
                    : new TableName(first.substring(0, dot), first.substring(dot + 1));
        }
        String second = name();
        return accept('.') ? new TableName(second, name()) : new TableName(first, second);
    }

    /** The database of names that have none. */
    String chosenDatabase() throws QueryFailure {
        if (database == null) {
            throw QueryFailure.user(
                    "No database is chosen: name it before the table, as in database.table");
        }
        return database.toLowerCase(Locale.ROOT);
    }

    /** {@code ('key' = 'value', ...)}. */
    Map<String, String> properties() throws QueryFailure {
        Map<String, String> properties = new LinkedHashMap<>();
        expect('(');
        do {
            String key = text();
            expect('=');
            properties.put(key, text());
        } while (accept(','));
        expect(')');
        return properties;
    }

    /** Steps over what stands in brackets, which begin here. */
    void skipBrackets() throws QueryFailure {
        int depth = 0;
        do {
            Token token = next();
            depth += token.isSign('(') ? 1 : token.isSign(')') ? -1 : 0;
        } while (depth > 0);
    }

    /** Character position of the next token; the statement's length at its end. */
    int offset() {
        return isAtEnd() ? sql.length() : tokens.get(at).start();
    }

    /** Character position behind the token before. */
    int offsetBefore() {
        return at == 0 ? 0 : tokens.get(at - 1).end();
    }

    /** What is wrong here. */
    QueryFailure problem(String text) {
        String before = sql.substring(0, offset());
        int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
        int column = before.length() - before.lastIndexOf('\n');
        return QueryFailure.user("line %d:%d: %s".formatted(line, column, text));
    }
}
