package io.amcinsights.local.glue;

import io.amcinsights.local.http.AwsError;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The expressions of GetPartitions: comparisons, BETWEEN, IN, LIKE and IS NULL over partition keys,
 * with AND, OR, NOT and parentheses. Numbers compare as numbers where the key has a numeric type.
 */
final class PartitionFilter {

    private static final Pattern TOKEN =
            Pattern.compile(
                    "\\s*(?:('(?:[^']|'')*')|(-?\\d+(?:\\.\\d+)?)|([A-Za-z_][\\w]*|`[^`]+`|\"[^\"]+\")"
                        + "|(<=|>=|<>|!=|=|<|>|\\(|\\)|,))");
    private static final Set<String> NUMERIC =
            Set.of("tinyint", "smallint", "int", "integer", "bigint", "float", "double", "decimal");

    private record Token(String text, boolean literal) {
        boolean is(String word) {
            return !literal && text.equalsIgnoreCase(word);
        }
    }

    private final List<Token> tokens = new ArrayList<>();
    private final Map<String, String> types;
    private int next;

    private PartitionFilter(String expression, Map<String, String> types) throws AwsError {
        this.types = types;
        Matcher matcher = TOKEN.matcher(expression);
        int at = 0;
        String rest = expression.stripTrailing();
        while (at < rest.length()) {
            if (!matcher.find(at) || matcher.start() != at) {
                throw unsupported("near: " + rest.substring(at).strip());
            }
            String string = matcher.group(1);
            String number = matcher.group(2);
            if (string != null) {
                tokens.add(
                        new Token(
                                string.substring(1, string.length() - 1).replace("''", "'"), true));
            } else if (number != null) {
                tokens.add(new Token(number, true));
            } else {
                tokens.add(new Token(matcher.group().strip(), false));
            }
            at = matcher.end();
        }
    }

    /**
     * Reads an expression.
     *
     * @param types of the partition keys, by name in lower case
     * @return sees a partition's values by key
     */
    static Predicate<Map<String, String>> parse(String expression, Map<String, String> types)
            throws AwsError {
        if (expression.isBlank()) {
            return values -> true;
        }
        PartitionFilter parser = new PartitionFilter(expression, types);
        Predicate<Map<String, String>> filter = parser.or();
        if (parser.next < parser.tokens.size()) {
            throw unsupported("near: " + parser.tokens.get(parser.next).text());
        }
        return filter;
    }

    private Predicate<Map<String, String>> or() throws AwsError {
        Predicate<Map<String, String>> left = and();
        while (accept("or")) {
            left = left.or(and());
        }
        return left;
    }

    private Predicate<Map<String, String>> and() throws AwsError {
        Predicate<Map<String, String>> left = not();
        while (accept("and")) {
            left = left.and(not());
        }
        return left;
    }

    private Predicate<Map<String, String>> not() throws AwsError {
        if (accept("not")) {
            return not().negate();
        }
        if (accept("(")) {
            Predicate<Map<String, String>> inner = or();
            expect(")");
            return inner;
        }
        return comparison();
    }

    private Predicate<Map<String, String>> comparison() throws AwsError {
        Token name = take();
        String key = name.text().replaceAll("[`\"]", "").toLowerCase(Locale.ROOT);
        String type = types.get(key);
        if (name.literal() || type == null) {
            throw unsupported(name.text() + " is not a partition key");
        }
        if (accept("is")) {
            boolean negated = accept("not");
            expect("null");
            return values -> isNull(values.get(key)) != negated;
        }
        boolean negated = accept("not");
        Predicate<Map<String, String>> filter;
        if (accept("in")) {
            Set<Object> wanted = new HashSet<>();
            expect("(");
            do {
                wanted.add(value(literal(), type));
            } while (accept(","));
            expect(")");
            filter =
                    values -> {
                        String value = values.get(key);
                        return value != null && wanted.contains(value(value, type));
                    };
        } else if (accept("between")) {
            String low = literal();
            expect("and");
            String high = literal();
            filter =
                    values ->
                            compare(values.get(key), low, type) >= 0
                                    && compare(values.get(key), high, type) <= 0;
        } else if (accept("like")) {
            Pattern pattern = like(literal());
            filter =
                    values -> {
                        String value = values.get(key);
                        return value != null && pattern.matcher(value).matches();
                    };
        } else {
            filter = comparison(key, type, take().text());
        }
        return negated ? filter.negate() : filter;
    }

    private Predicate<Map<String, String>> comparison(String key, String type, String operator)
            throws AwsError {
        String literal = literal();
        return switch (operator) {
            case "=" -> values -> compare(values.get(key), literal, type) == 0;
            case "<>", "!=" -> values -> compare(values.get(key), literal, type) != 0;
            case "<" -> values -> compare(values.get(key), literal, type) < 0;
            case "<=" -> values -> compare(values.get(key), literal, type) <= 0;
            case ">" -> values -> compare(values.get(key), literal, type) > 0;
            case ">=" -> values -> compare(values.get(key), literal, type) >= 0;
            default -> throw unsupported("operator " + operator);
        };
    }

    private static boolean isNull(@Nullable String value) {
        return value == null || value.equals("__HIVE_DEFAULT_PARTITION__");
    }

    private static int compare(@Nullable String value, String literal, String type) {
        String present = value == null ? "" : value;
        return value(present, type) instanceof BigDecimal left
                        && value(literal, type) instanceof BigDecimal right
                ? left.compareTo(right)
                : present.compareTo(literal);
    }

    /** A value in a form whose equality is the type's. */
    private static Object value(String text, String type) {
        if (!NUMERIC.contains(type.replaceAll("\\(.*", ""))) {
            return text;
        }
        try {
            return new BigDecimal(text).stripTrailingZeros();
        } catch (NumberFormatException e) {
            return text; // A partition of a numeric key may still be named otherwise.
        }
    }

    private static Pattern like(String pattern) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            switch (c) {
                case '%' -> regex.append(".*");
                case '_' -> regex.append('.');
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    private Token take() throws AwsError {
        if (next == tokens.size()) {
            throw unsupported("it ends too early");
        }
        return tokens.get(next++);
    }

    private String literal() throws AwsError {
        Token token = take();
        // Typed literals: DATE '2026-01-31', TIMESTAMP '...'.
        if (token.is("date") || token.is("timestamp")) {
            token = take();
        }
        if (!token.literal()) {
            throw unsupported("a value is expected, not " + token.text());
        }
        return token.text();
    }

    private boolean accept(String word) {
        if (next < tokens.size() && tokens.get(next).is(word)) {
            next++;
            return true;
        }
        return false;
    }

    private void expect(String word) throws AwsError {
        if (!accept(word)) {
            throw unsupported(word + " is expected");
        }
    }

    private static AwsError unsupported(String why) {
        return new AwsError(
                400, "InvalidInputException", "Unsupported expression in GetPartitions: " + why);
    }
}
