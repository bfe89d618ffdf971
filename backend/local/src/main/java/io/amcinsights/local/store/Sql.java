package io.amcinsights.local.store;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Statements with positional parameters, inside the work of {@link Database}. */
public final class Sql {

    /** Makes one value of the current row. */
    @FunctionalInterface
    public interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private static final int MOST_PREPARED = 300;
    private static final Map<Connection, Map<String, PreparedStatement>> PREPARED =
            new ConcurrentHashMap<>();

    private Sql() {}

    /** Runs a statement that changes rows; returns how many. */
    public static int update(Connection connection, String sql, @Nullable Object... values)
            throws SQLException {
        return prepared(
                connection,
                sql,
                statement -> {
                    bind(statement, values);
                    return statement.executeUpdate();
                });
    }

    /** All rows of a query. */
    public static <T> List<T> query(
            Connection connection, String sql, Row<T> row, @Nullable Object... values)
            throws SQLException {
        return prepared(
                connection,
                sql,
                statement -> {
                    bind(statement, values);
                    try (ResultSet result = statement.executeQuery()) {
                        List<T> rows = new ArrayList<>();
                        while (result.next()) {
                            rows.add(row.read(result));
                        }
                        return rows;
                    }
                });
    }

    /** The first row of a query, or null. */
    public static <T> @Nullable T first(
            Connection connection, String sql, Row<T> row, @Nullable Object... values)
            throws SQLException {
        List<T> rows = query(connection, sql, row, values);
        return rows.isEmpty() ? null : rows.getFirst();
    }

    private interface Use<T> {
        T of(PreparedStatement statement) throws SQLException;
    }

    /** Preparing takes longer than running, and there are few different statements. */
    private static <T> T prepared(Connection connection, String sql, Use<T> use)
            throws SQLException {
        Map<String, PreparedStatement> idle =
                PREPARED.computeIfAbsent(connection, _ -> new ConcurrentHashMap<>());
        PreparedStatement statement = idle.remove(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
        }
        boolean fine = false;
        try {
            T result = use.of(statement);
            fine = true;
            return result;
        } finally {
            if (!fine || idle.size() >= MOST_PREPARED || idle.putIfAbsent(sql, statement) != null) {
                statement.close();
            }
        }
    }

    /** Forgets what was prepared on a connection that is about to be closed. */
    static void forget(Connection connection) {
        PREPARED.remove(connection);
    }

    private static void bind(PreparedStatement statement, @Nullable Object... values)
            throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }
}
