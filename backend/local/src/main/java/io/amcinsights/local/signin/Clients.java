package io.amcinsights.local.signin;

import io.amcinsights.local.http.AwsError;
import io.amcinsights.local.store.Database;
import io.amcinsights.local.store.Sql;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * The programs that have registered to sign people in. They keep their registration for long, so
 * that it outlives the workspace's process.
 */
final class Clients {

    static final String CODE = "authorization_code";
    static final String DEVICE = "urn:ietf:params:oauth:grant-type:device_code";
    static final String REFRESH = "refresh_token";

    /** To use accounts: all that there is to be had here. */
    static final String ACCOUNT_ACCESS = "sso:account:access";

    private static final Duration LIFETIME = Duration.ofDays(90);

    /**
     * One program.
     *
     * @param grantTypes how it may get tokens
     * @param redirectUris where people may be sent back to, at any port
     * @param scopes what it has asked for; may be empty
     */
    record Client(
            String id,
            String name,
            List<String> grantTypes,
            List<URI> redirectUris,
            List<String> scopes,
            Instant issued,
            Instant expires) {

        /** Programs that do not say how they sign in are of the time before there was a choice. */
        boolean may(String grantType) {
            return grantTypes.isEmpty() ? !grantType.equals(CODE) : grantTypes.contains(grantType);
        }

        /** As at AWS, a session can be prolonged only for who has named its scopes. */
        boolean mayRefresh() {
            return !scopes.isEmpty() && may(REFRESH);
        }

        /** Whether it has registered this way back; the port is not registered. */
        boolean sendsBackTo(URI uri) {
            return loopback(uri)
                    && redirectUris.stream()
                            .anyMatch(
                                    registered ->
                                            uri.getHost().equals(registered.getHost())
                                                    && path(uri).equals(path(registered))
                                                    && uri.getRawQuery() == null);
        }
    }

    private final Database database;
    private final InstantSource clock;

    Clients(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
        database.define(
                """
                CREATE TABLE IF NOT EXISTS sso_clients (
                    id TEXT PRIMARY KEY, secret TEXT NOT NULL, name TEXT NOT NULL,
                    grant_types TEXT NOT NULL, redirect_uris TEXT NOT NULL, scopes TEXT NOT NULL,
                    issued INTEGER NOT NULL, expires INTEGER NOT NULL)
                """);
    }

    /** A new program with its secret, of which only a hash is kept. */
    record Registered(Client client, String secret) {}

    Registered register(
            String name, List<String> grantTypes, List<URI> redirectUris, List<String> scopes) {
        Instant now = clock.instant();
        Client client =
                new Client(
                        Tokens.random(),
                        name,
                        grantTypes,
                        redirectUris,
                        scopes,
                        now,
                        now.plus(LIFETIME));
        String secret = Tokens.random() + Tokens.random();
        database.write(
                c -> {
                    Sql.update(c, "DELETE FROM sso_clients WHERE expires < ?", now.toEpochMilli());
                    return Sql.update(
                            c,
                            "INSERT INTO sso_clients VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                            client.id(),
                            Tokens.hash(secret),
                            name,
                            String.join(" ", grantTypes),
                            String.join(" ", redirectUris.stream().map(URI::toString).toList()),
                            String.join(" ", scopes),
                            now.toEpochMilli(),
                            client.expires().toEpochMilli());
                });
        return new Registered(client, secret);
    }

    /** The program of an id, as long as its registration lasts. */
    @Nullable Client find(String id) {
        return database.read(
                c ->
                        Sql.first(
                                c,
                                "SELECT * FROM sso_clients WHERE id = ? AND expires > ?",
                                Clients::client,
                                id,
                                clock.instant().toEpochMilli()));
    }

    /** The program that proves itself by its secret. */
    Client authenticated(String id, String secret) throws AwsError {
        Client client = find(id);
        String hash =
                database.read(
                        c ->
                                Sql.first(
                                        c,
                                        "SELECT secret FROM sso_clients WHERE id = ?",
                                        row -> row.getString("secret"),
                                        id));
        if (client == null || hash == null || !Tokens.same(hash, Tokens.hash(secret))) {
            throw new AwsError(
                    401,
                    "InvalidClientException",
                    "The client is not registered here, its registration has expired, or its"
                            + " secret is wrong. Register it anew.");
        }
        return client;
    }

    /** Whether an address is one of this machine's own, where a program may wait for an answer. */
    static boolean loopback(URI uri) {
        return "http".equals(uri.getScheme())
                && uri.getUserInfo() == null
                && uri.getRawFragment() == null
                && uri.getHost() != null
                && List.of("127.0.0.1", "localhost", "[::1]").contains(uri.getHost());
    }

    private static String path(URI uri) {
        return uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    }

    private static Client client(ResultSet row) throws SQLException {
        return new Client(
                row.getString("id"),
                row.getString("name"),
                words(row.getString("grant_types")),
                words(row.getString("redirect_uris")).stream().map(URI::create).toList(),
                words(row.getString("scopes")),
                Instant.ofEpochMilli(row.getLong("issued")),
                Instant.ofEpochMilli(row.getLong("expires")));
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" ", -1));
    }
}
