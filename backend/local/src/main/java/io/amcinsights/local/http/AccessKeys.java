package io.amcinsights.local.http;

import io.amcinsights.local.store.Database;
import io.amcinsights.local.store.Sql;

import org.jspecify.annotations.Nullable;

import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/** The access keys that this workspace issued: the only ones that it accepts. */
public final class AccessKeys {

    /**
     * One access key.
     *
     * @param owner the ARN of a role, or the name of a part of the workspace
     * @param sessionToken must come with each request, if there is one
     * @param expires after it the key is refused; null: never
     */
    public record AccessKey(
            String id,
            String owner,
            String secret,
            @Nullable String sessionToken,
            @Nullable Instant expires) {

        @Override
        public String toString() {
            return "AccessKey[" + id + "]";
        }
    }

    private static final String ID_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private static final Duration REMEMBERED = Duration.ofDays(7);

    private final Database database;
    private final SecureRandom random = new SecureRandom();

    public AccessKeys(Database database) {
        this.database = database;
        database.define(
                """
                CREATE TABLE IF NOT EXISTS access_keys (
                    id TEXT PRIMARY KEY, owner TEXT NOT NULL, secret TEXT NOT NULL,
                    session_token TEXT, expires INTEGER)
                """);
    }

    /** The lasting key of an owner, made at random when first asked for. */
    public AccessKey of(String owner) {
        return database.write(
                c -> {
                    AccessKey known =
                            Sql.first(
                                    c,
                                    "SELECT * FROM access_keys WHERE owner = ?"
                                            + " AND expires IS NULL",
                                    AccessKeys::key,
                                    owner);
                    if (known != null) {
                        return known;
                    }
                    AccessKey key = new AccessKey(newId("AKIA"), owner, newSecret(), null, null);
                    Sql.update(
                            c,
                            "INSERT INTO access_keys (id, owner, secret) VALUES (?, ?, ?)",
                            key.id(),
                            owner,
                            key.secret());
                    return key;
                });
    }

    /** A new key of an owner, that comes with a session token and is refused from a moment on. */
    public AccessKey temporary(String owner, Instant now, Instant expires) {
        AccessKey key =
                new AccessKey(
                        newId("ASIA"), owner, newSecret(), newSecret() + newSecret(), expires);
        return database.write(
                c -> {
                    // One that has just expired must still be told from one that never was.
                    Sql.update(
                            c,
                            "DELETE FROM access_keys WHERE expires < ?",
                            now.minus(REMEMBERED).toEpochMilli());
                    Sql.update(
                            c,
                            "INSERT INTO access_keys (id, owner, secret, session_token, expires)"
                                    + " VALUES (?, ?, ?, ?, ?)",
                            key.id(),
                            owner,
                            key.secret(),
                            key.sessionToken(),
                            expires.toEpochMilli());
                    return key;
                });
    }

    @Nullable AccessKey find(String id) {
        return database.read(
                c -> Sql.first(c, "SELECT * FROM access_keys WHERE id = ?", AccessKeys::key, id));
    }

    private static AccessKey key(ResultSet row) throws SQLException {
        long expires = row.getLong("expires");
        return new AccessKey(
                row.getString("id"),
                row.getString("owner"),
                row.getString("secret"),
                row.getString("session_token"),
                expires == 0 ? null : Instant.ofEpochMilli(expires));
    }

    private String newId(String prefix) {
        StringBuilder id = new StringBuilder(prefix);
        for (int i = 0; i < 16; i++) {
            id.append(ID_ALPHABET.charAt(random.nextInt(ID_ALPHABET.length())));
        }
        return id.toString();
    }

    private String newSecret() {
        byte[] bytes = new byte[30];
        random.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }
}
