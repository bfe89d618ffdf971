package io.amcinsights.local.amc.engine;

import org.duckdb.DuckDBColumnType;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBLogicalType;
import org.duckdb.DuckDBScalarFunctionBuilder;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What AMC's SQL has and DuckDB has not, or has otherwise: functions whose meaning depends on the
 * type of their argument, and Java's regular expressions, which DuckDB's lack parts of.
 */
final class EngineFunctions {

    private static final List<String> MACROS =
            List.of(
                    // Spark cuts fractions off where DuckDB rounds, and makes NULL of other text.
                    """
                    CREATE OR REPLACE MACRO amc_whole
                        (x VARCHAR) AS CASE WHEN regexp_full_match(trim(x), '[+-]?[0-9]+') THEN TRY_CAST(trim(x) AS BIGINT)
                            ELSE TRY_CAST(trunc(TRY_CAST(x AS DOUBLE)) AS BIGINT) END,
                        (x DOUBLE) AS TRY_CAST(trunc(x) AS BIGINT),
                        (x BIGINT) AS x,
                        (x BOOLEAN) AS CAST(x AS BIGINT)
                    """,
                    // A day stays a day.
                    """
                    CREATE OR REPLACE MACRO amc_local_time
                        (x DATE, zone) AS CAST(timezone(zone, timezone('UTC', CAST(x AS TIMESTAMP))) AS DATE),
                        (x TIMESTAMP, zone) AS timezone(zone, timezone('UTC', x))
                    """,
                    // In the order of first appearance, which DuckDB's list functions do not keep.
                    """
                    CREATE OR REPLACE MACRO amc_distinct(items) AS
                        list_filter(items, lambda item, place: list_position(items, item) = place)
                    """,
                    """
                    CREATE OR REPLACE MACRO amc_map(pairs, pair_delimiter, key_delimiter) AS
                        map_from_entries(list_transform(string_split(pairs, pair_delimiter), lambda pair: struct_pack(
                            k := split_part(pair, key_delimiter, 1),
                            v := CASE WHEN contains(pair, key_delimiter)
                                THEN substring(pair, strpos(pair, key_delimiter) + length(key_delimiter)) END)))
                    """);

    /** What of Java's regular expressions DuckDB's do not know, or read otherwise. */
    private static final Pattern ONLY_JAVA =
            Pattern.compile(
                    "\\(\\?(?:[=!>]|<[=!])|\\\\[1-9kGZRXhHvV]|[*+?}]\\+|&&|\\\\[pP]\\{[^}]{3,}");

    private static final Map<String, Pattern> PATTERNS = new ConcurrentHashMap<>();

    private EngineFunctions() {}

    /** Makes the functions known to a database. */
    static void install(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String macro : MACROS) {
                statement.execute(macro);
            }
        }
        register(connection, "amc_matches", Boolean.class, a -> matcher(a).find());
        register(
                connection,
                "amc_regexp_replace",
                String.class,
                a -> matcher(a).replaceAll(String.valueOf(a[2])));
        register(connection, "amc_regexp_substr", String.class, EngineFunctions::first);
    }

    private static @Nullable String first(Object[] arguments) {
        Matcher matcher = matcher(arguments);
        return matcher.find() ? matcher.group() : null;
    }

    private static Matcher matcher(Object[] arguments) {
        return PATTERNS.computeIfAbsent(String.valueOf(arguments[1]), Pattern::compile)
                .matcher(String.valueOf(arguments[0]));
    }

    private static void register(
            Connection connection,
            String name,
            Class<?> result,
            Function<Object[], ? extends @Nullable Object> function)
            throws SQLException {
        try (DuckDBScalarFunctionBuilder builder = DuckDBFunctions.scalarFunction();
                DuckDBLogicalType text = DuckDBLogicalType.of(DuckDBColumnType.VARCHAR)) {
            builder.withName(name)
                    .withVarArgs(text)
                    .withReturnType(result)
                    .withVarArgsFunction(function)
                    .withNullInNullOut()
                    .register(connection);
        }
    }

    /**
     * Whether DuckDB's own, much faster regular expressions mean the same.
     *
     * @throws QueryException it is not a regular expression
     */
    static boolean isCommonRegex(String regex) throws QueryException {
        try {
            Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new QueryException(
                    "\"%s\" is not a regular expression: %s near character %d."
                            .formatted(regex, e.getDescription(), e.getIndex() + 1),
                    e);
        }
        return !ONLY_JAVA.matcher(regex).find();
    }
}
