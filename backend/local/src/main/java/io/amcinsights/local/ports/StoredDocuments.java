package io.amcinsights.local.ports;

import io.amcinsights.local.store.Database;
import io.amcinsights.local.store.Sql;
import io.amcinsights.ports.Documents;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Documents in the workspace's database. */
final class StoredDocuments implements Documents {

    private static final long FORGET_EVERY_SECONDS = 60;

    private final Database database;
    private final InstantSource clock;

    /** Second of the epoch; changed inside the database's work only. */
    private long forgetAt;

    StoredDocuments(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
        database.define(
                """
                CREATE TABLE IF NOT EXISTS documents (
                    partition TEXT NOT NULL, key TEXT NOT NULL, json TEXT NOT NULL,
                    version INTEGER NOT NULL, expires INTEGER,
                    PRIMARY KEY (partition, key)) WITHOUT ROWID
                """,
                "CREATE INDEX IF NOT EXISTS documents_expiry ON documents (expires)"
                        + " WHERE expires IS NOT NULL");
    }

    @Override
    public Optional<Document> get(String partition, String key) {
        return Optional.ofNullable(database.read(c -> living(c, partition, key)));
    }

    @Override
    public long put(
            String partition,
            String key,
            String json,
            long expectedVersion,
            @Nullable Instant expires)
            throws ConflictException {
        boolean written =
                database.write(
                        c -> {
                            forgetExpired(c);
                            Document seen = living(c, partition, key);
                            if ((seen == null ? 0 : seen.version()) != expectedVersion) {
                                return false;
                            }
                            Sql.update(
                                    c,
                                    "INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?)",
                                    partition,
                                    key,
                                    json,
                                    expectedVersion + 1,
                                    expires == null ? null : expires.getEpochSecond());
                            return true;
                        });
        if (!written) {
            throw new ConflictException(partition, key);
        }
        return expectedVersion + 1;
    }

    @Override
    public void delete(String partition, String key, long expectedVersion)
            throws ConflictException {
        boolean gone =
                database.write(
                        c -> {
                            forgetExpired(c);
                            Document seen = living(c, partition, key);
                            if (seen != null && seen.version() != expectedVersion) {
                                return false;
                            }
                            Sql.update(
                                    c,
                                    "DELETE FROM documents WHERE partition = ? AND key = ?",
                                    partition,
                                    key);
                            return true;
                        });
        if (!gone) {
            throw new ConflictException(partition, key);
        }
    }

    @Override
    public Page list(
            String partition,
            String keyPrefix,
            boolean descending,
            @Nullable String fromKey,
            int limit) {
        List<Document> found =
                database.read(
                        c ->
                                Sql.query(
                                        c,
                                        """
                                        SELECT * FROM documents
                                        WHERE partition = ?1 AND substr(key, 1, length(?2)) = ?2
                                            AND (?3 IS NULL OR key %s ?3)
                                            AND (expires IS NULL OR expires > ?4)
                                        ORDER BY key %s LIMIT ?5
                                        """
                                                .formatted(
                                                        descending ? "<=" : ">=",
                                                        descending ? "DESC" : "ASC"),
                                        StoredDocuments::document,
                                        partition,
                                        keyPrefix,
                                        fromKey,
                                        now(),
                                        limit + 1));
        return found.size() <= limit
                ? new Page(found, null)
                : new Page(List.copyOf(found.subList(0, limit)), found.get(limit).key());
    }

    private @Nullable Document living(Connection c, String partition, String key)
            throws SQLException {
        return Sql.first(
                c,
                "SELECT * FROM documents WHERE partition = ? AND key = ?"
                        + " AND (expires IS NULL OR expires > ?)",
                StoredDocuments::document,
                partition,
                key,
                now());
    }

    /** What has expired is not seen anyway; it only takes room. */
    private void forgetExpired(Connection c) throws SQLException {
        long now = now();
        if (now >= forgetAt) {
            Sql.update(c, "DELETE FROM documents WHERE expires <= ?", now);
            forgetAt = now + FORGET_EVERY_SECONDS;
        }
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    private static Document document(ResultSet row) throws SQLException {
        long expires = row.getLong("expires");
        return new Document(
                row.getString("partition"),
                row.getString("key"),
                row.getString("json"),
                row.getLong("version"),
                expires == 0 ? null : Instant.ofEpochSecond(expires));
    }
}
