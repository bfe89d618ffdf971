package io.amcinsights.lake;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.Transformation;
import io.amcinsights.lake.plan.TransformPlan.CustomSql;

import org.duckdb.DuckDBConnection;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether a customer's SQL is one that may run on every delivery: a single SELECT over tables that
 * we give it, which makes the same rows of the same file whenever it runs. It is DuckDB's parser
 * that is asked, by {@code json_serialize_sql}.
 */
final class CustomSqlCheck {

    /** Tables that functions make of their arguments alone. */
    private static final Set<String> TABLE_FUNCTIONS = Set.of("unnest", "generate_series", "range");

    /** Words without brackets that stand for the moment, unless there is such a column. */
    private static final Set<String> MOMENTS =
            Set.of(
                    "current_date",
                    "current_time",
                    "current_timestamp",
                    "current_localtime",
                    "current_localtimestamp",
                    "localtime",
                    "localtimestamp");

    private final DuckDBConnection duck;
    private final Set<String> ctes = new HashSet<>();
    private final Set<String> tables = new TreeSet<>();
    private final Set<String> functions = new TreeSet<>();

    private CustomSqlCheck(DuckDBConnection duck) {
        this.duck = duck;
    }

    /**
     * The datasets that the SQL reads besides {@code input}.
     *
     * @throws FailureException the SQL may not run; its field is {@code sql}
     */
    static List<String> reads(String sql, DuckDBConnection duck) throws SQLException {
        if (sql.isBlank()) {
            throw refused("There is no SQL yet.", "Begin with SELECT * FROM input.");
        }
        if (sql.length() > Transformation.LONGEST) {
            throw refused(
                    "The SQL has more than %d characters.".formatted(Transformation.LONGEST),
                    "Make it shorter.");
        }
        CustomSqlCheck check = new CustomSqlCheck(duck);
        check.look(check.parsed(sql));
        check.refuseFunctions();
        check.tables.removeAll(check.ctes);
        if (!check.tables.remove(CustomSql.INPUT)) {
            throw refused(
                    "The SQL does not read the table input, in which the delivered rows are.",
                    "Write FROM input.");
        }
        return List.copyOf(check.tables);
    }

    private JsonNode parsed(String sql) throws SQLException {
        JsonNode tree;
        try (PreparedStatement statement =
                duck.prepareStatement(
                        "SELECT json_serialize_sql(?, skip_null := true, skip_empty := true)")) {
            statement.setString(1, sql);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                tree = Json.read(rows.getString(1), JsonNode.class);
            }
        }
        if (tree.path("error_type").asText().equals("not implemented")) {
            throw refused("This is not a SELECT.", "Write one SELECT, and nothing else.");
        }
        if (tree.path("error").asBoolean()) {
            int position = Math.min(tree.path("position").asInt(), sql.length());
            long line = sql.substring(0, position).chars().filter(c -> c == '\n').count() + 1;
            throw refused(
                    "Line %d: %s".formatted(line, tree.path("error_message").asText()),
                    "Correct the SQL; it is DuckDB's dialect.");
        }
        if (tree.path("statements").size() != 1) {
            throw refused("These are several statements.", "Write one SELECT, and nothing else.");
        }
        return tree;
    }

    private void look(JsonNode node) {
        if (node.isObject()) {
            String type = node.path("type").asText();
            switch (type) {
                case "BASE_TABLE" -> table(node);
                case "TABLE_FUNCTION" -> {
                    String name = node.at("/function/function_name").asText();
                    if (!TABLE_FUNCTIONS.contains(name)) {
                        throw refused(
                                "The function %s may not be used as a table.".formatted(name),
                                "Read input and other datasets only.");
                    }
                }
                case "SHOW_REF" ->
                        throw refused(
                                "DESCRIBE, SHOW and SUMMARIZE make no rows of the delivery.",
                                "Write one SELECT, and nothing else.");
                case "COLUMN_REF" -> {
                    JsonNode names = node.path("column_names");
                    String name = names.path(0).asText().toLowerCase(Locale.ROOT);
                    if (names.size() == 1 && MOMENTS.contains(name)) {
                        functions.add(name);
                    }
                }
                default -> {}
            }
            if (node.has("function_name") && !type.equals("TABLE_FUNCTION")) {
                functions.add(node.path("function_name").asText().toLowerCase(Locale.ROOT));
            }
            node.path("cte_map").path("map").forEach(cte -> ctes.add(cte.path("key").asText()));
        }
        node.forEach(this::look);
    }

    private void table(JsonNode node) {
        if (node.has("schema_name") || node.has("catalog_name")) {
            throw refused(
                    "The table %s is named with its schema."
                            .formatted(node.path("table_name").asText()),
                    "Name tables alone: there is input, and each dataset under its own name.");
        }
        tables.add(node.path("table_name").asText());
    }

    /** What does not only depend on the rows would make others when a delivery is loaded again. */
    private void refuseFunctions() throws SQLException {
        List<String> refused = new ArrayList<>();
        functions.stream().filter(MOMENTS::contains).forEach(refused::add);
        try (Statement statement = duck.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                """
                                SELECT DISTINCT function_name FROM duckdb_functions()
                                WHERE stability IN ('VOLATILE', 'CONSISTENT_WITHIN_QUERY')
                                """)) {
            while (rows.next()) {
                if (functions.contains(rows.getString(1)) && !rows.getString(1).equals("error")) {
                    refused.add(rows.getString(1));
                }
            }
        }
        if (!refused.isEmpty()) {
            throw refused(
                    "The function %s gives something else each time.".formatted(refused.getFirst()),
                    "Use the columns of input, so that a delivery that is loaded again becomes the"
                            + " same rows.");
        }
    }

    private static FailureException refused(String message, String next) {
        return Failure.invalid("sql", message).next(next).exception();
    }
}
