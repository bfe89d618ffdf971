package io.amcinsights.local.amc.engine;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.sql.Statement;

/** Lets a query be stopped from another thread, also before it has begun. */
public final class Cancellation {

    private boolean cancelled;
    private @Nullable Statement statement;

    /** Stops the query, now or as soon as it begins. */
    public synchronized void cancel() {
        cancelled = true;
        if (statement != null) {
            try {
                statement.cancel();
            } catch (SQLException e) {
                throw new IllegalStateException("The query cannot be stopped", e);
            }
        }
    }

    public synchronized boolean isCancelled() {
        return cancelled;
    }

    synchronized void begin(Statement running) throws QueryException {
        if (cancelled) {
            throw new QueryException("The query was cancelled.");
        }
        statement = running;
    }

    synchronized void end() {
        statement = null;
    }
}
