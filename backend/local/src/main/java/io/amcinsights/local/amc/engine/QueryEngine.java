package io.amcinsights.local.amc.engine;

import io.amcinsights.local.amc.engine.Translator.Translation;
import io.amcinsights.local.amc.world.EventStore;
import io.amcinsights.local.amc.world.World.Instance;
import io.amcinsights.sql.Problem;
import io.amcinsights.sql.amc.AmcQuery;
import io.amcinsights.sql.amc.AmcSchema;
import io.amcinsights.sql.amc.AmcSql;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Checks AMC SQL and runs it on an instance's events. */
public final class QueryEngine {

    private final AmcSchema schema;
    private final EventStore events;
    private final InstantSource clock;

    public QueryEngine(AmcSchema schema, EventStore events, InstantSource clock) {
        this.schema = schema;
        this.events = events;
        this.clock = clock;
        events.onOpen(EngineFunctions::install);
    }

    /**
     * Compiles as AMC does when a workflow is made.
     *
     * @param aggregationControls false allows what only a sandbox may ask: rows that are no
     *     aggregates, of columns that otherwise never leave AMC
     * @throws QueryException the query would be refused; its message has the place
     */
    public void compile(
            Instance instance,
            String sql,
            Set<String> declaredParameters,
            boolean aggregationControls)
            throws QueryException {
        analyze(instance, sql, declaredParameters, aggregationControls);
    }

    private AmcQuery analyze(
            Instance instance,
            String sql,
            Set<String> declaredParameters,
            boolean aggregationControls)
            throws QueryException {
        AmcQuery query =
                AmcSql.analyze(
                        sql, instance.schema(schema), declaredParameters, aggregationControls);
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
        AmcQuery analysis =
                analyze(
                        instance,
                        query.sql(),
                        query.parameters().keySet(),
                        query.aggregationControls());
        if (analysis.tree() == null) {
            throw new QueryException("SQL query was invalid");
        }
        Translation translation =
                Translator.translate(analysis.tree(), schema, query, clock.instant());
        PrivacyFilter filter = new PrivacyFilter(translation, analysis.outputs(), query);
        List<String> names = filter.columns();
        try (Connection connection = events.connect(instance);
                Statement statement = connection.createStatement()) {
            cancellation.begin(statement);
            String sql = filter.sql(types(connection, translation));
            try (ResultSet rows = statement.executeQuery(sql);
                    Writer out = Files.newBufferedWriter(csv)) {
                AmcCsv file = new AmcCsv(out);
                file.header(names);
                long count = 0;
                while (rows.next()) {
                    file.row(rows, names.size());
                    count++;
                }
                return new Result(columns(rows.getMetaData(), names, analysis), count);
            } finally {
                cancellation.end();
            }
        } catch (SQLException e) {
            throw new QueryException(inWords(e), e);
        } catch (IOException e) {
            throw new QueryException("The result cannot be written: " + e.getMessage(), e);
        }
    }

    private static List<String> types(Connection connection, Translation translation)
            throws SQLException {
        try (PreparedStatement planned = connection.prepareStatement(translation.sql())) {
            ResultSetMetaData data = planned.getMetaData();
            List<String> types = new ArrayList<>();
            for (int i = 1; i <= translation.columns().size(); i++) {
                types.add(data.getColumnTypeName(i));
            }
            return types;
        }
    }

    private static List<Result.Column> columns(
            ResultSetMetaData data, List<String> names, AmcQuery analysis) throws SQLException {
        List<Result.Column> columns = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String type = amcType(data.getColumnTypeName(i + 1));
            boolean decimal = type.equals("DECIMAL");
            columns.add(
                    new Result.Column(
                            names.get(i),
                            type,
                            i < analysis.outputs().size() && analysis.outputs().get(i).metric(),
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
        if (type.startsWith("STRUCT")) {
            return "ROW";
        }
        if (type.startsWith("MAP")) {
            return "MAP";
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
                .filter(line -> !line.startsWith("\tat "))
                .reduce((a, b) -> a + " " + b)
                .orElse(message);
    }
}
