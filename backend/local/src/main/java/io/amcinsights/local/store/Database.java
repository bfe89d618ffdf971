package io.amcinsights.local.store;

import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One SQLite file, shared by all parts of the workspace, each with tables of its own. One writer at
 * a time; what {@link #write} returned from is on disk, also after a kill.
 */
public final class Database implements AutoCloseable {

    /** Work on the connection. */
    @FunctionalInterface
    public interface Work<T extends @Nullable Object> {
        T run(Connection connection) throws SQLException;
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Connection connection;

    /** Opens the file, or makes it; only its owner can read it, and what SQLite puts beside it. */
    public static Database open(Path file) throws IOException {
        PrivateFiles.file(file);
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
        config.setBusyTimeout(10_000);
        try {
            return new Database(config.createConnection("jdbc:sqlite:" + file.toAbsolutePath()));
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "The workspace's database cannot be opened: " + file, e);
        }
    }

    private Database(Connection connection) {
        this.connection = connection;
    }

    /** Creates what a part needs; each statement must bear being run again. */
    public void define(String... statements) {
        write(
                c -> {
                    try (Statement s = c.createStatement()) {
                        for (String statement : statements) {
                            s.execute(statement);
                        }
                    }
                    return true;
                });
    }

    /** Runs the work in one transaction: all of it is kept, or none. */
    public <T extends @Nullable Object> T write(Work<T> work) {
        lock.lock();
        try {
            Sql.update(connection, "BEGIN IMMEDIATE");
            boolean kept = false;
            try {
                T result = work.run(connection);
                Sql.update(connection, "COMMIT");
                kept = true;
                return result;
            } finally {
                if (!kept) {
                    Sql.update(connection, "ROLLBACK");
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "The workspace's database refused: " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    /** Runs work that only reads. */
    public <T extends @Nullable Object> T read(Work<T> work) {
        lock.lock();
        try {
            return work.run(connection);
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "The workspace's database refused: " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            Sql.forget(connection);
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException("The workspace's database did not close", e);
        } finally {
            lock.unlock();
        }
    }
}
