package io.amcinsights.local.amc.engine;

import com.fasterxml.jackson.databind.JsonNode;

import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCharStringLiteral;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlSelectKeyword;
import org.apache.calcite.sql.SqlSetOperator;
import org.apache.calcite.sql.SqlUnknownLiteral;
import org.apache.calcite.sql.SqlWindow;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.fun.SqlTrimFunction;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/**
 * AMC's expressions in DuckDB's words. Meanings are those of Amazon's "AMC SQL functions"; what has
 * no sure counterpart is refused.
 */
final class Expressions {

    /** Translates a query that stands inside an expression, its visible columns only. */
    @FunctionalInterface
    interface Subqueries {
        String translate(SqlNode query) throws QueryException;
    }

    /** Counts the different values of a column that names users; null where that is not so sure. */
    @FunctionalInterface
    interface UserCounts {
        @Nullable String distinct(SqlIdentifier column);
    }

    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT);

    private final Query query;
    private final Instant now;

    Expressions(Query query, Instant now) {
        this.query = query;
        this.now = now;
    }

    String translate(SqlNode node, Subqueries subqueries, UserCounts counts)
            throws QueryException {
        return new Walk(subqueries, counts).of(node);
    }

    static String name(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    static String text(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    static String timestamp(Instant instant) {
        return "TIMESTAMP '" + TIMESTAMP.format(instant.atOffset(ZoneOffset.UTC)) + "'";
    }

    private static QueryException refused(String what) {
        return new QueryException(
                what + " is not supported by the AMC simulator of the local workspace.");
    }

    private final class Walk {

        private final Subqueries subqueries;
        private final UserCounts counts;

        Walk(Subqueries subqueries, UserCounts counts) {
            this.subqueries = subqueries;
            this.counts = counts;
        }

        /** An aggregate that something is still to be added to. */
        private String bare(SqlNode aggregate) throws QueryException {
            return new Walk(subqueries, _ -> null).of(aggregate);
        }

        String of(@Nullable SqlNode node) throws QueryException {
            return switch (node) {
                case null -> "NULL";
                case SqlIdentifier id -> identifier(id);
                case SqlUnknownLiteral literal ->
                        literal.tag + " " + text(String.valueOf(literal.getValue()));
                case SqlCharStringLiteral literal -> text(String.valueOf(literal.toValue()));
                case SqlLiteral literal -> literal(literal);
                case SqlCase choice -> choice(choice);
                case SqlSelect _, SqlWith _, SqlOrderBy _ -> {
                    throw refused("A sub-query as a value");
                }
                case SqlNodeList list -> list(list);
                case SqlCall call -> call(call);
                default -> throw refused(node.getKind().toString());
            };
        }

        private String identifier(SqlIdentifier id) throws QueryException {
            if (id.isSimple()) {
                switch (id.getSimple().toUpperCase(Locale.ROOT)) {
                    case "CURRENT_DATE" -> {
                        return today();
                    }
                    case "CURRENT_TIMESTAMP" -> {
                        return timestamp(now);
                    }
                    case "CURRENT_TIME", "LOCALTIMESTAMP" -> throw refused(id.getSimple());
                    default -> {}
                }
            }
            StringJoiner path = new StringJoiner(".");
            id.names.forEach(part -> path.add(name(part)));
            return path.toString();
        }

        private String today() {
            return "DATE '" + LocalDateTime.ofInstant(now, ZoneOffset.UTC).toLocalDate() + "'";
        }

        private String literal(SqlLiteral literal) throws QueryException {
            return switch (literal.getTypeName()) {
                case NULL -> "NULL";
                case BOOLEAN, DECIMAL, DOUBLE, BIGINT, INTEGER -> String.valueOf(literal.toValue());
                default -> throw refused("The literal " + literal);
            };
        }

        private String choice(SqlCase choice) throws QueryException {
            StringBuilder sql = new StringBuilder("CASE");
            for (int i = 0; i < choice.getWhenOperands().size(); i++) {
                sql.append(" WHEN ").append(of(choice.getWhenOperands().get(i)));
                sql.append(" THEN ").append(of(choice.getThenOperands().get(i)));
            }
            return sql.append(" ELSE ")
                    .append(of(choice.getElseOperand()))
                    .append(" END")
                    .toString();
        }

        private String list(SqlNodeList list) throws QueryException {
            StringJoiner sql = new StringJoiner(", ", "(", ")");
            for (SqlNode item : list) {
                JsonNode values = arrayParameter(item);
                if (values == null) {
                    sql.add(of(item));
                } else {
                    String parameter = parameterName((SqlCall) item);
                    for (JsonNode value : values) {
                        sql.add(value(parameter, value));
                    }
                }
            }
            return list.isEmpty() || sql.length() == 2 ? "(NULL)" : sql.toString();
        }

        /** The values, if the node is a parameter that holds an array. */
        private @Nullable JsonNode arrayParameter(@Nullable SqlNode node) throws QueryException {
            if (node instanceof SqlCall call
                    && call.getOperator().getName().equalsIgnoreCase("CUSTOM_PARAMETER")) {
                JsonNode value = parameterValue(call);
                return value.isArray() ? value : null;
            }
            return null;
        }

        private static String parameterName(SqlCall call) {
            return String.valueOf(((SqlLiteral) call.operand(0)).toValue());
        }

        private JsonNode parameterValue(SqlCall call) throws QueryException {
            String name = parameterName(call);
            JsonNode value = query.parameters().get(name);
            if (value == null) {
                throw new QueryException(
                        "The parameter %s has no value and no default.".formatted(name));
            }
            return value;
        }

        private String value(String parameter, JsonNode value) throws QueryException {
            String type = query.parameterTypes().get(parameter);
            if (value.isNull()) {
                return "NULL";
            }
            if (!value.isArray()) {
                return scalar(parameter, type, value);
            }
            if (value.isEmpty()) {
                return "[]::" + (type == null ? "VARCHAR" : duckType(type)) + "[]";
            }
            StringJoiner items = new StringJoiner(", ", "[", "]");
            for (JsonNode item : value) {
                items.add(value(parameter, item));
            }
            return items.toString();
        }

        private String scalar(String parameter, @Nullable String type, JsonNode value)
                throws QueryException {
            if (value.isBoolean() || (value.isNumber() && type == null)) {
                return value.asText();
            }
            if (value.isNumber()) {
                return "CAST(%s AS %s)"
                        .formatted(
                                value.decimalValue().toPlainString(),
                                duckType(String.valueOf(type)));
            }
            String given = value.asText();
            try {
                return switch (type) {
                    case "DATE" -> "DATE '" + LocalDate.parse(given) + "'";
                    case "TIMESTAMP" -> timestamp(instant(given));
                    case "BINARY" -> "encode(" + text(given) + ")";
                    case null, default -> text(given);
                };
            } catch (DateTimeParseException e) {
                throw new QueryException(
                        "The value of parameter %s is not a %s: \"%s\". Write %s."
                                .formatted(
                                        parameter,
                                        type,
                                        given,
                                        "DATE".equals(type) ? "2026-01-31" : "2026-01-31T13:45:00"),
                        e);
            }
        }

        private static Instant instant(String text) {
            String bare = text.endsWith("Z") ? text.substring(0, text.length() - 1) : text;
            return LocalDateTime.parse(bare.replace(' ', 'T')).toInstant(ZoneOffset.UTC);
        }

        private String call(SqlCall call) throws QueryException {
            return switch (call.getKind()) {
                case AND, OR -> infix(call, " " + call.getKind() + " ");
                case NOT -> "(NOT " + of(call.operand(0)) + ")";
                case EQUALS,
                        NOT_EQUALS,
                        LESS_THAN,
                        LESS_THAN_OR_EQUAL,
                        GREATER_THAN,
                        GREATER_THAN_OR_EQUAL,
                        PLUS,
                        MINUS,
                        TIMES ->
                        infix(call, " " + call.getOperator().getName() + " ");
                // Spark's division by zero is NULL, DuckDB's is infinite.
                case DIVIDE ->
                        "(" + of(call.operand(0)) + " / nullif(" + of(call.operand(1)) + ", 0))";
                case MOD ->
                        "(" + of(call.operand(0)) + " % nullif(" + of(call.operand(1)) + ", 0))";
                case MINUS_PREFIX -> "(-" + of(call.operand(0)) + ")";
                case PLUS_PREFIX -> of(call.operand(0));
                case IS_NULL -> "(" + of(call.operand(0)) + " IS NULL)";
                case IS_NOT_NULL -> "(" + of(call.operand(0)) + " IS NOT NULL)";
                case IS_TRUE -> "(" + of(call.operand(0)) + " IS TRUE)";
                case IS_FALSE -> "(" + of(call.operand(0)) + " IS FALSE)";
                case IS_NOT_TRUE -> "(" + of(call.operand(0)) + " IS NOT TRUE)";
                case IS_NOT_FALSE -> "(" + of(call.operand(0)) + " IS NOT FALSE)";
                case IS_DISTINCT_FROM, IS_NOT_DISTINCT_FROM ->
                        infix(call, " " + call.getOperator().getName() + " ");
                case IN -> "(" + of(call.operand(0)) + " IN " + members(call.operand(1)) + ")";
                case NOT_IN ->
                        "(" + of(call.operand(0)) + " NOT IN " + members(call.operand(1)) + ")";
                case EXISTS -> "EXISTS (" + subqueries.translate(call.operand(0)) + ")";
                case BETWEEN ->
                        "(%s %s %s AND %s)"
                                .formatted(
                                        of(call.operand(0)),
                                        call.getOperator().getName().startsWith("NOT")
                                                ? "NOT BETWEEN"
                                                : "BETWEEN",
                                        of(call.operand(1)),
                                        of(call.operand(2)));
                case LIKE -> like(call);
                case SIMILAR -> similar(call);
                case CAST -> cast(call);
                case OVER -> over(call);
                case FILTER -> bare(call.operand(0)) + " FILTER (WHERE " + of(call.operand(1)) + ")";
                case ROW -> "(" + arguments(call) + ")";
                case ARRAY_VALUE_CONSTRUCTOR -> "[" + arguments(call) + "]";
                case ITEM -> of(call.operand(0)) + "[" + of(call.operand(1)) + "]";
                case DESCENDING -> of(call.operand(0)) + " DESC";
                case NULLS_FIRST -> of(call.operand(0)) + " NULLS FIRST";
                case NULLS_LAST -> of(call.operand(0)) + " NULLS LAST";
                case TRIM -> trim(call);
                case EXTRACT -> extract(call);
                default -> function(call);
            };
        }

        private String infix(SqlCall call, String operator) throws QueryException {
            return "(" + of(call.operand(0)) + operator + of(call.operand(1)) + ")";
        }

        private String members(SqlNode node) throws QueryException {
            return node instanceof SqlNodeList list
                    ? list(list)
                    : "(" + subqueries.translate(node) + ")";
        }

        private String like(SqlCall call) throws QueryException {
            String not = call.getOperator().getName().startsWith("NOT") ? "NOT " : "";
            String escape = call.operandCount() > 2 ? " ESCAPE " + of(call.operand(2)) : "";
            return "("
                    + of(call.operand(0))
                    + " "
                    + not
                    + "LIKE "
                    + of(call.operand(1))
                    + escape
                    + ")";
        }

        /** AMC's SIMILAR TO looks for a regular expression anywhere in the text. */
        private String similar(SqlCall call) throws QueryException {
            String not = call.getOperator().getName().startsWith("NOT") ? "NOT " : "";
            String function = isCommonRegex(call.operand(1)) ? "regexp_matches" : "amc_matches";
            return "(%s%s(%s, %s))"
                    .formatted(not, function, of(call.operand(0)), of(call.operand(1)));
        }

        /** Whether DuckDB's regular expressions can take the place of Java's. */
        private boolean isCommonRegex(SqlNode regex) throws QueryException {
            if (regex instanceof SqlCharStringLiteral literal) {
                return EngineFunctions.isCommonRegex(String.valueOf(literal.toValue()));
            }
            return regex instanceof SqlCall call
                    && call.getOperator().getName().equalsIgnoreCase("CUSTOM_PARAMETER")
                    && parameterValue(call).isTextual()
                    && EngineFunctions.isCommonRegex(parameterValue(call).asText());
        }

        private String cast(SqlCall call) throws QueryException {
            SqlNode value = call.operand(0);
            String type = type(call.operand(1));
            if (value instanceof SqlCharStringLiteral literal) {
                String word = String.valueOf(literal.toValue()).toLowerCase(Locale.ROOT);
                if (word.equals("today") && type.equals("DATE")) {
                    return today();
                }
                if (word.equals("now") && type.equals("TIMESTAMP")) {
                    return timestamp(now);
                }
            }
            // As in Spark, what cannot be read is NULL, and a fraction is cut off.
            return isWhole(type)
                    ? "TRY_CAST(amc_whole(" + of(value) + ") AS " + type + ")"
                    : "TRY_CAST(" + of(value) + " AS " + type + ")";
        }

        private static boolean isWhole(String type) {
            return switch (type) {
                case "BIGINT", "INTEGER", "SMALLINT", "TINYINT" -> true;
                default -> false;
            };
        }

        private String type(SqlDataTypeSpec spec) throws QueryException {
            String text = spec.toString().replace("`", "").toUpperCase(Locale.ROOT);
            String array = "";
            if (text.endsWith(" ARRAY")) {
                text = text.substring(0, text.length() - " ARRAY".length());
                array = "[]";
            }
            if (text.startsWith("DECIMAL") || text.startsWith("NUMERIC")) {
                return (text.contains("(") ? text : "DECIMAL(38, 4)") + array;
            }
            int precision = text.indexOf('(');
            String bare = precision < 0 ? text : text.substring(0, precision);
            return duckType(bare) + array;
        }

        private static String duckType(String type) throws QueryException {
            return switch (type) {
                case "VARCHAR", "CHAR", "STRING" -> "VARCHAR";
                case "INTEGER", "INT" -> "INTEGER";
                case "BIGINT", "LONG" -> "BIGINT";
                case "SMALLINT", "SHORT" -> "SMALLINT";
                case "TINYINT", "BYTE" -> "TINYINT";
                case "BOOLEAN", "DOUBLE", "DATE", "TIMESTAMP" -> type;
                case "DECIMAL" -> "DECIMAL(38, 4)";
                case "FLOAT", "REAL" -> "FLOAT";
                case "BINARY", "VARBINARY" -> "BLOB";
                default -> throw refused("The type " + type);
            };
        }

        private String over(SqlCall call) throws QueryException {
            if (!(call.operand(1) instanceof SqlWindow window)) {
                throw refused("A named window");
            }
            StringBuilder sql = new StringBuilder(bare(call.operand(0))).append(" OVER (");
            if (!window.getPartitionList().isEmpty()) {
                sql.append("PARTITION BY ").append(joined(window.getPartitionList()));
            }
            if (!window.getOrderList().isEmpty()) {
                StringJoiner order = new StringJoiner(", ");
                for (SqlNode key : window.getOrderList()) {
                    order.add(ordered(key));
                }
                sql.append(" ORDER BY ").append(order);
            }
            if (window.getLowerBound() != null) {
                sql.append(window.isRows() ? " ROWS" : " RANGE");
                String lower = window.getLowerBound().toString();
                if (window.getUpperBound() == null) {
                    sql.append(" ").append(lower);
                } else {
                    sql.append(" BETWEEN ").append(lower);
                    sql.append(" AND ").append(window.getUpperBound());
                }
            }
            return sql.append(")").toString();
        }

        /** NULL is the least of all values, as in Spark. */
        private String ordered(SqlNode key) throws QueryException {
            return switch (key.getKind()) {
                case NULLS_FIRST, NULLS_LAST -> of(key);
                case DESCENDING -> of(key) + " NULLS LAST";
                default -> of(key) + " NULLS FIRST";
            };
        }

        private String joined(SqlNodeList list) throws QueryException {
            StringJoiner sql = new StringJoiner(", ");
            for (SqlNode item : list) {
                sql.add(of(item));
            }
            return sql.toString();
        }

        private String trim(SqlCall call) throws QueryException {
            SqlTrimFunction.Flag flag =
                    ((SqlLiteral) call.operand(0)).getValueAs(SqlTrimFunction.Flag.class);
            String function =
                    switch (flag) {
                        case BOTH -> "trim";
                        case LEADING -> "ltrim";
                        case TRAILING -> "rtrim";
                    };
            return function + "(" + of(call.operand(2)) + ", " + of(call.operand(1)) + ")";
        }

        private String extract(SqlCall call) throws QueryException {
            if (!(call.operand(0) instanceof SqlIntervalQualifier unit)) {
                throw refused("This EXTRACT");
            }
            String value = of(call.operand(1));
            String part = unit.toString().toUpperCase(Locale.ROOT);
            return part.equals("DOW")
                    ? "(dayofweek(" + value + ") + 1)"
                    : "extract(" + part + " FROM " + value + ")";
        }

        private String arguments(SqlCall call) throws QueryException {
            StringJoiner sql = new StringJoiner(", ");
            for (SqlNode operand : call.getOperandList()) {
                sql.add(of(operand));
            }
            return sql.toString();
        }

        private String function(SqlCall call) throws QueryException {
            String name = call.getOperator().getName().toUpperCase(Locale.ROOT);
            switch (name) {
                case "CUSTOM_PARAMETER" -> {
                    return value(parameterName(call), parameterValue(call));
                }
                case "BUILT_IN_PARAMETER" -> {
                    String which = String.valueOf(((SqlLiteral) call.operand(0)).toValue());
                    return timestamp(
                            which.equals("TIME_WINDOW_START") ? query.start() : query.end());
                }
                case "COUNT", "COLLECT" -> {
                    return aggregate(name.equals("COUNT") ? "count" : "list", call);
                }
                case "NAMED_ROW" -> {
                    return namedRow(call);
                }
                case "CONTAINED_IN" -> {
                    return containedIn(call);
                }
                case "REGEXP_REPLACE" -> {
                    boolean plain =
                            call.operandCount() == 3
                                    && isCommonRegex(call.operand(1))
                                    && call.operand(2) instanceof SqlCharStringLiteral with
                                    && !String.valueOf(with.toValue()).matches(".*[$\\\\].*");
                    return plain
                            ? "regexp_replace(" + arguments(call) + ", 'g')"
                            : "amc_regexp_replace(" + arguments(call) + ")";
                }
                case "REGEXP_SUBSTR" -> {
                    return isCommonRegex(call.operand(1))
                            ? "nullif(regexp_extract(" + arguments(call) + "), '')"
                            : "amc_regexp_substr(" + arguments(call) + ")";
                }
                case "REGEXP_SPLIT" -> {
                    if (!isCommonRegex(call.operand(1))) {
                        throw refused("REGEXP_SPLIT with this pattern");
                    }
                }
                case "FLOOR", "CEIL" -> {
                    if (call.operandCount() > 1) {
                        throw refused(name + "(… TO unit)");
                    }
                }
                default -> {}
            }
            List<String> arguments = new ArrayList<>();
            for (SqlNode operand : call.getOperandList()) {
                arguments.add(of(operand));
            }
            if (isDistinct(call)) {
                return aggregate(name.toLowerCase(Locale.ROOT), call);
            }
            String sql = Functions.translate(name, arguments);
            if (sql == null) {
                throw refused("The function " + name);
            }
            return sql;
        }

        private String aggregate(String function, SqlCall call) throws QueryException {
            String distinct = isDistinct(call) ? "DISTINCT " : "";
            if (call.operandCount() == 1
                    && call.operand(0) instanceof SqlIdentifier id
                    && id.isStar()) {
                return function + "(*)";
            }
            String users =
                    function.equals("count")
                                    && isDistinct(call)
                                    && call.operand(0) instanceof SqlIdentifier id
                            ? counts.distinct(id)
                            : null;
            if (users != null) {
                return users;
            }
            String value =
                    call.operandCount() == 1 ? of(call.operand(0)) : "(" + arguments(call) + ")";
            return function + "(" + distinct + value + ")";
        }

        private boolean isDistinct(SqlCall call) {
            SqlLiteral quantifier =
                    call instanceof SqlBasicCall basic ? basic.getFunctionQuantifier() : null;
            return quantifier != null && quantifier.getValue() == SqlSelectKeyword.DISTINCT;
        }

        /** Either one array, or the values one by one. */
        private String containedIn(SqlCall call) throws QueryException {
            SqlNode second = call.operand(1);
            boolean isArray =
                    call.operandCount() == 2
                            && !(second instanceof SqlLiteral)
                            && (arrayParameter(second) != null
                                    || !(second instanceof SqlCall c
                                            && c.getOperator()
                                                    .getName()
                                                    .equalsIgnoreCase("CUSTOM_PARAMETER")));
            if (isArray) {
                return "list_contains(" + of(second) + ", " + of(call.operand(0)) + ")";
            }
            StringJoiner values = new StringJoiner(", ", "(", ")");
            for (int i = 1; i < call.operandCount(); i++) {
                values.add(of(call.operand(i)));
            }
            return "(" + of(call.operand(0)) + " IN " + values + ")";
        }

        private String namedRow(SqlCall call) throws QueryException {
            StringJoiner fields = new StringJoiner(", ", "{", "}");
            for (int i = 0; i + 1 < call.operandCount(); i += 2) {
                if (!(call.operand(i) instanceof SqlCharStringLiteral label)) {
                    throw new QueryException(
                            "NAMED_ROW needs a text as the name of each value:"
                                    + " NAMED_ROW('order', n, 'campaign', campaign).");
                }
                fields.add(text(String.valueOf(label.toValue())) + ": " + of(call.operand(i + 1)));
            }
            return fields.toString();
        }
    }

    /** Whether a query hides in the expression list; set operations included. */
    static boolean isQuery(SqlNode node) {
        return node instanceof SqlSelect
                || node instanceof SqlWith
                || node instanceof SqlOrderBy
                || node.getKind() == SqlKind.VALUES
                || (node instanceof SqlCall call && call.getOperator() instanceof SqlSetOperator);
    }

    /** Functions whose translation needs their arguments only. */
    private static final class Functions {

        private static final Map<String, String> TEMPLATES =
                Map.<String, String>ofEntries(
                        Map.entry("ABS/1", "abs($1)"),
                        Map.entry("APPROX_PERCENTILE/2", "quantile_disc($1, $2)"),
                        Map.entry("ARRAY_CAT/2", "list_concat($1, $2)"),
                        Map.entry(
                                "ARRAY_COMPLEMENT/2",
                                "[x FOR x IN $1 IF NOT list_contains($2, x)]"),
                        Map.entry("ARRAY_CONTAINS/2", "list_contains($1, $2)"),
                        Map.entry("ARRAY_DISTINCT/1", "amc_distinct($1)"),
                        Map.entry(
                                "ARRAY_INTERSECT/2",
                                "[x FOR x IN amc_distinct($1) IF list_contains($2, x)]"),
                        Map.entry("ARRAY_REMOVE/2", "[x FOR x IN $1 IF x IS DISTINCT FROM $2]"),
                        Map.entry("ARRAY_SORT/1", "list_sort($1)"),
                        Map.entry("ARRAY_TO_STRING/2", "array_to_string($1, $2)"),
                        Map.entry("ARRAY_UNION/2", "amc_distinct(list_concat($1, $2))"),
                        Map.entry("AVG/1", "avg($1)"),
                        Map.entry("CARDINALITY/1", "len($1)"),
                        Map.entry("CEIL/1", "CAST(ceil($1) AS BIGINT)"),
                        Map.entry("CHARINDEX/2", "strpos($2, $1)"),
                        Map.entry(
                                "CHARINDEX/3",
                                "coalesce(nullif(strpos(substring($2, $3), $1), 0) + $3 - 1, 0)"),
                        Map.entry("CHAR_LENGTH/1", "length($1)"),
                        Map.entry("CONVERT_TIME_ZONE_FROM_UTC/2", "amc_local_time($1, $2)"),
                        Map.entry("DATE_TRUNC/2", "date_trunc($1, $2)"),
                        Map.entry("DAYOFMONTH/1", "day($1)"),
                        Map.entry("DAYOFWEEK/1", "(dayofweek($1) + 1)"),
                        Map.entry("DENSE_RANK/0", "dense_rank()"),
                        Map.entry("E/0", "exp(1)"),
                        Map.entry(
                                "EPOCH_TO_UTC_TIMESTAMP/1",
                                "make_timestamp(CAST($1 AS BIGINT) * CASE WHEN $1 > 100000000000"
                                        + " THEN 1000 ELSE 1000000 END)"),
                        Map.entry("EXP/1", "exp($1)"),
                        Map.entry("EXPLODE/1", "unnest($1)"),
                        Map.entry("FLATTEN/1", "flatten($1)"),
                        Map.entry("FLOOR/1", "CAST(floor($1) AS BIGINT)"),
                        Map.entry("HASH64/1", "CAST(hash($1) >> 1 AS BIGINT)"),
                        Map.entry("HOUR/1", "hour($1)"),
                        Map.entry("IF/3", "CASE WHEN $1 THEN $2 ELSE $3 END"),
                        Map.entry("IFNULL/2", "coalesce($1, $2)"),
                        Map.entry("INSTR/2", "strpos($1, $2)"),
                        Map.entry("JSON_EXTRACT/2", "json_extract_string($1, $2)"),
                        Map.entry("JSON_SERIALIZE/1", "CAST(to_json($1) AS VARCHAR)"),
                        Map.entry("LEFT/2", "left($1, $2)"),
                        Map.entry("LENGTH/1", "length($1)"),
                        Map.entry("LN/1", "ln(CASE WHEN $1 > 0 THEN $1 END)"),
                        Map.entry("LOCATE/2", "strpos($2, $1)"),
                        Map.entry(
                                "LOCATE/3",
                                "coalesce(nullif(strpos(substring($2, $3), $1), 0) + $3 - 1, 0)"),
                        Map.entry(
                                "LOG/2",
                                "(ln(CASE WHEN $2 > 0 THEN $2 END) / ln(CASE WHEN $1 > 0 THEN $1"
                                        + " END))"),
                        Map.entry("LOG10/1", "log10(CASE WHEN $1 > 0 THEN $1 END)"),
                        Map.entry("LOWER/1", "lower($1)"),
                        Map.entry("LTRIM/1", "ltrim($1)"),
                        Map.entry("MAX/1", "max($1)"),
                        Map.entry("MD5/1", "md5($1)"),
                        Map.entry("MEDIAN/1", "median($1)"),
                        Map.entry("MIN/1", "min($1)"),
                        Map.entry("MINUTE/1", "minute($1)"),
                        Map.entry("MOD/2", "($1 % nullif($2, 0))"),
                        Map.entry("MONTH/1", "month($1)"),
                        Map.entry("NULLIF/2", "nullif($1, $2)"),
                        Map.entry("NVL/2", "coalesce($1, $2)"),
                        Map.entry("NVL2/3", "CASE WHEN $1 IS NOT NULL THEN $2 ELSE $3 END"),
                        Map.entry("PERCENTILE/2", "quantile_cont($1, $2)"),
                        Map.entry("POSITION/2", "strpos($2, $1)"),
                        Map.entry("POWER/2", "pow($1, $2)"),
                        Map.entry("RAND/0", "random()"),
                        Map.entry("RANDOM/0", "random()"),
                        Map.entry("RANK/0", "rank()"),
                        Map.entry("REGEXP_SPLIT/2", "string_split_regex($1, $2)"),
                        Map.entry("REPLACE/3", "replace($1, $2, $3)"),
                        Map.entry("RIGHT/2", "right($1, $2)"),
                        Map.entry("ROUND/1", "round($1)"),
                        Map.entry("ROUND/2", "round($1, $2)"),
                        Map.entry("ROW_NUMBER/0", "row_number()"),
                        Map.entry("RTRIM/1", "rtrim($1)"),
                        Map.entry("SECOND/1", "second($1)"),
                        Map.entry(
                                "SECONDS_BETWEEN/2",
                                "((epoch_ms(CAST($2 AS TIMESTAMP)) -"
                                        + " epoch_ms(CAST($1 AS TIMESTAMP))) // 1000)"),
                        Map.entry("SHA1/1", "sha1($1)"),
                        Map.entry(
                                "SKEWNESS/1",
                                "(skewness($1) * (count($1) - 2) / sqrt(count($1) * (count($1) -"
                                        + " 1.0)))"),
                        Map.entry("SQRT/1", "sqrt(CASE WHEN $1 >= 0 THEN $1 END)"),
                        Map.entry("STDDEV/1", "stddev_samp($1)"),
                        Map.entry("STDDEV_POP/1", "stddev_pop($1)"),
                        Map.entry("STDDEV_SAMP/1", "stddev_samp($1)"),
                        Map.entry("STRPOS/2", "strpos($1, $2)"),
                        Map.entry("STR_TO_MAP/3", "amc_map($1, $2, $3)"),
                        Map.entry(
                                "SUBSTRING/2",
                                "substring($1, CASE WHEN $2 = 0 THEN 1 ELSE $2 END)"),
                        Map.entry(
                                "SUBSTRING/3",
                                "substring($1, CASE WHEN $2 = 0 THEN 1 ELSE $2 END, $3)"),
                        Map.entry("SUM/1", "sum($1)"),
                        Map.entry("TRUNC/1", "trunc($1)"),
                        Map.entry("TRUNC/2", "(trunc($1 * pow(10, $2)) / pow(10, $2))"),
                        Map.entry("UPPER/1", "upper($1)"),
                        Map.entry("UUID/0", "CAST(uuid() AS VARCHAR)"),
                        Map.entry("VARIANCE/1", "var_samp($1)"),
                        Map.entry("VAR_POP/1", "var_pop($1)"),
                        Map.entry("VAR_SAMP/1", "var_samp($1)"),
                        Map.entry("WEEK/1", "week($1)"),
                        Map.entry("YEAR/1", "year($1)"),
                        Map.entry("||/2", "($1 || $2)"));

        private Functions() {}

        static @Nullable String translate(String name, List<String> arguments) {
            switch (name) {
                case "COALESCE" -> {
                    return "coalesce(" + String.join(", ", arguments) + ")";
                }
                case "CONCAT" -> {
                    StringJoiner parts = new StringJoiner(" || ", "(", ")");
                    arguments.forEach(a -> parts.add("CAST(" + a + " AS VARCHAR)"));
                    return parts.toString();
                }
                // AMC's are NULL when any value is; DuckDB's skip it.
                case "GREATEST", "LEAST" -> {
                    StringJoiner known = new StringJoiner(" AND ");
                    arguments.forEach(a -> known.add(a + " IS NOT NULL"));
                    return "CASE WHEN %s THEN %s(%s) END"
                            .formatted(
                                    known,
                                    name.toLowerCase(Locale.ROOT),
                                    String.join(", ", arguments));
                }
                case "TO_VARBINARY", "FROM_VARBINARY" -> {
                    return binary(name.startsWith("TO"), arguments);
                }
                default -> {}
            }
            String template = TEMPLATES.get(name + "/" + arguments.size());
            if (template == null) {
                return null;
            }
            StringBuilder sql = new StringBuilder();
            for (int i = 0; i < template.length(); i++) {
                char c = template.charAt(i);
                if (c == '$') {
                    sql.append(arguments.get(template.charAt(++i) - '1'));
                } else {
                    sql.append(c);
                }
            }
            return sql.toString();
        }

        private static @Nullable String binary(boolean to, List<String> arguments) {
            if (arguments.size() != 2) {
                return null;
            }
            String function =
                    switch (arguments.get(1).toLowerCase(Locale.ROOT)) {
                        case "'hex'" -> to ? "unhex" : "hex";
                        case "'base64'" -> to ? "from_base64" : "to_base64";
                        case "'utf-8'" -> to ? "encode" : "decode";
                        default -> null;
                    };
            return function == null ? null : function + "(" + arguments.getFirst() + ")";
        }
    }
}
