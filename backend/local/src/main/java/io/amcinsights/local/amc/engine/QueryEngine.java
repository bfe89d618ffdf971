package io.amcinsights.local.amc.engine;

import static io.amcinsights.local.amc.engine.Expressions.name;

import io.amcinsights.local.amc.engine.Translator.Translation;
import io.amcinsights.local.amc.world.EventStore;
import io.amcinsights.local.amc.world.World.Instance;
import io.amcinsights.sql.Problem;
import io.amcinsights.sql.amc.AmcQuery;
import io.amcinsights.sql.amc.AmcSchema;
import io.amcinsights.sql.amc.AmcSql;
import io.amcinsights.sql.amc.Threshold;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;

/** Checks AMC SQL and runs it on an instance's events. */
public final class QueryEngine {

    private final AmcSchema schema;
    private final EventStore events;
    private final InstantSource clock;

    public QueryEngine(AmcSchema schema, EventStore events, InstantSource clock) {
        this.schema = schema;
        this.events = events;
        this.clock = clock;
    }

    /**
     * Compiles as AMC does when a workflow is made.
     *
     * @throws QueryException the query would be refused; its message has the place
     */
    public void compile(String sql, Set<String> declaredParameters) throws QueryException {
        analyze(sql, declaredParameters);
    }

    private AmcQuery analyze(String sql, Set<String> declaredParameters) throws QueryException {
        AmcQuery query = AmcSql.analyze(sql, schema, declaredParameters);
        Problem error = query.error();
        if (error != null) {
            throw new QueryException(
                    "SQL query was invalid: From line %d, column %d to line %d, column %d: %s"
                            .formatted(
                                    error.line(),
                                    error.column(),
                                    error.endLine(),
                                    Math.max(1, error.endColumn() - 1),
                                    error.message()));
        }
        return query;
    }

    /** Makes an instance's events, if there are none yet, and continues them to the present. */
    public void prepare(Instance instance) throws QueryException {
        try {
            events.connect(instance).close();
        } catch (SQLException e) {
            throw new QueryException(inWords(e), e);
        }
    }

    /**
     * Runs a query and writes its result as CSV.
     *
     * @throws QueryException AMC would refuse the query, or this engine cannot run it
     */
    public Result run(Instance instance, Query query, Path csv, Cancellation cancellation)
            throws QueryException {
        AmcQuery analysis = analyze(query.sql(), query.parameters().keySet());
        if (analysis.tree() == null) {
            throw new QueryException("SQL query was invalid");
        }
        Translation translation =
                Translator.translate(analysis.tree(), schema, query, clock.instant());
        try (Connection connection = events.connect(instance);
                Statement statement = connection.createStatement()) {
            cancellation.begin(statement);
            try (ResultSet rows = statement.executeQuery(filtered(translation, analysis, query));
                    Writer out = Files.newBufferedWriter(csv)) {
                AmcCsv file = new AmcCsv(out);
                file.header(translation.columns());
                long count = 0;
                while (rows.next()) {
                    file.row(rows, translation.columns().size());
                    count++;
                }
                return new Result(columns(rows.getMetaData(), analysis), count);
            } finally {
                cancellation.end();
            }
        } catch (SQLException e) {
            throw new QueryException(inWords(e), e);
        } catch (IOException e) {
            throw new QueryException("The result cannot be written: " + e.getMessage(), e);
        }
    }

    /** The rows that AMC lets out: each data source behind a row has users enough, or none. */
    private static String filtered(Translation translation, AmcQuery analysis, Query query) {
        int required = 1;
        for (AmcQuery.Output output : analysis.outputs()) {
            required = Math.max(required, output.threshold().users());
        }
        StringJoiner columns = new StringJoiner(", ");
        translation.columns().forEach(column -> columns.add(name(column)));
        String sql = "SELECT " + columns + " FROM (" + translation.sql() + ")";
        if (!query.aggregationControls()
                || required < Threshold.LOW.users()
                || translation.paths().isEmpty()) {
            return sql;
        }
        StringJoiner known = new StringJoiner(" + ");
        StringJoiner enough = new StringJoiner(" AND ");
        for (int i = 0; i < translation.paths().size(); i++) {
            String count = Translation.count(i);
            known.add(count);
            enough.add("(%s = 0 OR %s >= %d)".formatted(count, count, required));
        }
        return sql + " WHERE " + known + " > 0 AND " + enough;
    }

    private static List<Result.Column> columns(ResultSetMetaData data, AmcQuery analysis)
            throws SQLException {
        List<Result.Column> columns = new ArrayList<>();
        for (int i = 0; i < analysis.outputs().size(); i++) {
            AmcQuery.Output output = analysis.outputs().get(i);
            String type = amcType(data.getColumnTypeName(i + 1));
            boolean decimal = type.equals("DECIMAL");
            columns.add(
                    new Result.Column(
                            output.name(),
                            type,
                            output.metric(),
                            decimal ? data.getPrecision(i + 1) : 0,
                            decimal ? data.getScale(i + 1) : 0));
        }
        return columns;
    }

    private static String amcType(String type) {
        if (type.endsWith("]")) {
            return "ARRAY";
        }
        if (type.startsWith("DECIMAL")) {
            return "DECIMAL";
        }
        return switch (type) {
            case "VARCHAR" -> "STRING";
            case "BIGINT", "HUGEINT" -> "LONG";
            case "INTEGER" -> "INTEGER";
            case "SMALLINT" -> "SHORT";
            case "TINYINT" -> "BYTE";
            case "BLOB" -> "BINARY";
            default -> type;
        };
    }

    private static String inWords(SQLException e) {
        String message = String.valueOf(e.getMessage());
        return message.lines()
                .takeWhile(line -> !line.isBlank() && !line.startsWith("LINE "))
                .reduce((a, b) -> a + " " + b)
                .orElse(message);
    }
}
