package io.amcinsights.local.signin;

import io.amcinsights.local.signin.Clients.Client;
import io.amcinsights.local.store.Database;
import io.amcinsights.local.store.Sql;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Who is signed in, through which program and until when. Kept on disk, as programs keep their
 * tokens; of a token, only a hash.
 */
final class PortalSessions {

    /** As long as at AWS where nobody has chosen otherwise. */
    static final Duration SESSION = Duration.ofHours(8);

    static final Duration ACCESS = Duration.ofHours(1);

    private final Database database;
    private final InstantSource clock;

    PortalSessions(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
        database.define(
                """
                CREATE TABLE IF NOT EXISTS sso_sessions (
                    id TEXT PRIMARY KEY, client TEXT NOT NULL, refresh TEXT, ends INTEGER NOT NULL)
                """,
                """
                CREATE TABLE IF NOT EXISTS sso_tokens (
                    hash TEXT PRIMARY KEY, session TEXT NOT NULL, expires INTEGER NOT NULL)
                """);
    }

    /** What a program gets for a person who has signed in. */
    record Issued(String accessToken, Duration lifetime, @Nullable String refreshToken) {}

    private record Session(String id, Instant ends) {}

    /** Begins a session. */
    Issued begin(Client client) {
        Instant now = clock.instant();
        Session session = new Session(Tokens.random(), now.plus(SESSION));
        String refresh = client.mayRefresh() ? Tokens.random() : null;
        database.write(
                c -> {
                    long past = now.toEpochMilli();
                    Sql.update(c, "DELETE FROM sso_tokens WHERE expires < ?", past);
                    Sql.update(c, "DELETE FROM sso_sessions WHERE ends < ?", past);
                    return Sql.update(
                            c,
                            "INSERT INTO sso_sessions VALUES (?, ?, ?, ?)",
                            session.id(),
                            client.id(),
                            refresh == null ? null : Tokens.hash(refresh),
                            session.ends().toEpochMilli());
                });
        return issue(session, refresh);
    }

    /** Another access token for a session that goes on; null where it does not. */
    @Nullable Issued refreshed(Client client, String refreshToken) {
        Session session =
                database.read(
                        c ->
                                Sql.first(
                                        c,
                                        "SELECT * FROM sso_sessions WHERE refresh = ?"
                                                + " AND client = ? AND ends > ?",
                                        row ->
                                                new Session(
                                                        row.getString("id"),
                                                        Instant.ofEpochMilli(row.getLong("ends"))),
                                        Tokens.hash(refreshToken),
                                        client.id(),
                                        clock.instant().toEpochMilli()));
        return session == null ? null : issue(session, refreshToken);
    }

    private Issued issue(Session session, @Nullable String refreshToken) {
        Instant now = clock.instant();
        Duration left = Duration.between(now, session.ends());
        Duration lifetime = left.compareTo(ACCESS) < 0 ? left : ACCESS;
        String token = Tokens.random();
        database.write(
                c ->
                        Sql.update(
                                c,
                                "INSERT INTO sso_tokens VALUES (?, ?, ?)",
                                Tokens.hash(token),
                                session.id(),
                                now.plus(lifetime).toEpochMilli()));
        return new Issued(token, lifetime, refreshToken);
    }

    /** Whether an access token is one of a session that goes on. */
    boolean knows(String accessToken) {
        return session(accessToken) != null;
    }

    /** Ends the session of an access token, with all its tokens. */
    void end(String accessToken) {
        String session = session(accessToken);
        if (session != null) {
            database.write(
                    c -> {
                        Sql.update(c, "DELETE FROM sso_tokens WHERE session = ?", session);
                        return Sql.update(c, "DELETE FROM sso_sessions WHERE id = ?", session);
                    });
        }
    }

    private @Nullable String session(String accessToken) {
        return database.read(
                c ->
                        Sql.first(
                                c,
                                "SELECT session FROM sso_tokens WHERE hash = ? AND expires > ?",
                                row -> row.getString("session"),
                                Tokens.hash(accessToken),
                                clock.instant().toEpochMilli()));
    }
}
