package io.amcinsights.local.events;

import io.amcinsights.local.clock.Timer;
import io.amcinsights.local.store.Database;
import io.amcinsights.local.store.Sql;
import io.amcinsights.ports.MessageQueue;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * SQS queues, kept in the database. In a FIFO queue the messages of a group come in order, and the
 * group waits while one of them is received.
 */
public final class Queues {

    /** SQS: the same deduplication id again within this time is the same message. */
    private static final Duration DEDUPLICATION = Duration.ofMinutes(5);

    /**
     * One queue.
     *
     * @param deadLetters ARN of the queue for messages that were received too often; null: none
     * @param mostReceives after so many receives a message goes there
     */
    public record Queue(
            String arn,
            String url,
            boolean fifo,
            Duration visibility,
            @Nullable String deadLetters,
            int mostReceives) {}

    /** A message as it was received. */
    record Message(
            long sequence,
            String id,
            String group,
            String deduplicationId,
            String body,
            Instant sent,
            int receives,
            Instant firstReceived,
            String receipt) {}

    private final Database database;
    private final Timer timer;
    private final Map<String, Queue> queues = new HashMap<>();
    private final Map<String, Runnable> listeners = new ConcurrentHashMap<>();

    /** Opens the queues; nobody holds a message any more that an earlier process had received. */
    public Queues(Database database, Timer timer) {
        this.database = database;
        this.timer = timer;
        database.define(
                """
                CREATE TABLE IF NOT EXISTS queue_messages (
                    sequence INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL,
                    id TEXT NOT NULL, grp TEXT NOT NULL, deduplication TEXT NOT NULL,
                    body TEXT NOT NULL, sent INTEGER NOT NULL, visible INTEGER NOT NULL,
                    receives INTEGER NOT NULL DEFAULT 0, first_received INTEGER, receipt TEXT)
                """,
                "CREATE INDEX IF NOT EXISTS queue_order ON queue_messages (queue, grp, sequence)",
                "CREATE INDEX IF NOT EXISTS queue_hidden ON queue_messages (queue, grp, visible)",
                "CREATE INDEX IF NOT EXISTS queue_next ON queue_messages (queue, visible)",
                "CREATE INDEX IF NOT EXISTS queue_receipt ON queue_messages (receipt)",
                """
                CREATE TABLE IF NOT EXISTS queue_deduplication (
                    queue TEXT NOT NULL, grp TEXT NOT NULL, id TEXT NOT NULL,
                    until INTEGER NOT NULL, PRIMARY KEY (queue, grp, id)) WITHOUT ROWID
                """,
                "UPDATE queue_messages SET visible = 0");
    }

    /** Adds a queue; its messages of earlier times are still there. */
    public void define(Queue queue) {
        queues.put(queue.arn(), queue);
    }

    /** The queue of an ARN or URL. */
    public Optional<Queue> find(String arnOrUrl) {
        return queues.values().stream()
                .filter(q -> q.arn().equals(arnOrUrl) || q.url().equals(arnOrUrl))
                .findFirst();
    }

    /**
     * A queue, as the functions see it.
     *
     * @param url its URL or ARN, as the functions' environment names it
     */
    public MessageQueue of(String url) {
        Queue queue =
                find(url)
                        .orElseThrow(
                                () ->
                                        new IllegalStateException(
                                                "The template has no queue " + url));
        return new MessageQueue() {
            @Override
            public void send(String group, String deduplicationId, String body) {
                Queues.this.send(queue, group, deduplicationId, body);
            }

            @Override
            public void postpone(String receipt, Duration delay) {
                Queues.this.postpone(queue, receipt, delay);
            }
        };
    }

    /** Puts a message at the end of its group. */
    public void send(Queue queue, String group, String deduplicationId, String body) {
        long now = timer.millis();
        boolean fresh =
                database.write(
                        c -> {
                            Sql.update(c, "DELETE FROM queue_deduplication WHERE until <= ?", now);
                            int known =
                                    Sql.update(
                                            c,
                                            "INSERT OR IGNORE INTO queue_deduplication"
                                                    + " VALUES (?, ?, ?, ?)",
                                            queue.arn(),
                                            group,
                                            deduplicationId,
                                            now + DEDUPLICATION.toMillis());
                            if (queue.fifo() && known == 0) {
                                return false;
                            }
                            Sql.update(
                                    c,
                                    """
                                    INSERT INTO queue_messages
                                        (queue, id, grp, deduplication, body, sent, visible)
                                    VALUES (?, ?, ?, ?, ?, ?, 0)
                                    """,
                                    queue.arn(),
                                    UUID.randomUUID().toString(),
                                    group,
                                    deduplicationId,
                                    body,
                                    now);
                            return true;
                        });
        if (fresh) {
            changed(queue);
        }
    }

    /** Keeps a received message hidden for so long from now. */
    public void postpone(Queue queue, String receipt, Duration delay) {
        database.write(
                c ->
                        Sql.update(
                                c,
                                "UPDATE queue_messages SET visible = ? WHERE receipt = ?",
                                timer.millis() + delay.toMillis(),
                                receipt));
        changed(queue);
    }

    /** Called after each change of a queue; must return at once. */
    void listen(Queue queue, Runnable listener) {
        listeners.put(queue.arn(), listener);
    }

    /** Receives the next messages of one group; they are hidden for the queue's time. */
    List<Message> receive(Queue queue, int most) {
        long now = timer.millis();
        return database.write(
                c -> {
                    buryDead(c, queue, now);
                    String group = Sql.first(c, NEXT_GROUP, r -> r.getString(1), queue.arn(), now);
                    if (group == null) {
                        return List.of();
                    }
                    return Sql.query(
                            c,
                            """
                            UPDATE queue_messages
                            SET visible = ?1, receives = receives + 1,
                                first_received = coalesce(first_received, ?2),
                                receipt = lower(hex(randomblob(16)))
                            WHERE sequence IN (
                                SELECT sequence FROM queue_messages
                                WHERE queue = ?3 AND grp = ?4 ORDER BY sequence LIMIT ?5)
                            RETURNING *
                            """,
                            Queues::message,
                            now + queue.visibility().toMillis(),
                            now,
                            queue.arn(),
                            group,
                            most);
                });
    }

    void delete(Message message) {
        database.write(
                c ->
                        Sql.update(
                                c,
                                "DELETE FROM queue_messages WHERE sequence = ?",
                                message.sequence()));
    }

    /**
     * When the next message that was hidden then will be visible, or has become so meanwhile.
     *
     * @param then before the queue was looked at last
     */
    Optional<Instant> nextVisible(Queue queue, Instant then) {
        return Optional.ofNullable(
                database.read(
                        c ->
                                Sql.first(
                                        c,
                                        """
                                        SELECT visible FROM queue_messages
                                        WHERE queue = ? AND visible > ? ORDER BY visible LIMIT 1
                                        """,
                                        row -> Instant.ofEpochMilli(row.getLong(1)),
                                        queue.arn(),
                                        then.toEpochMilli())));
    }

    /** A group none of whose messages is hidden, the one that waits longest. */
    private static final String NEXT_GROUP =
            """
            WITH RECURSIVE groups(grp) AS (
                SELECT min(grp) FROM queue_messages WHERE queue = ?1
                UNION ALL
                SELECT (SELECT min(m.grp) FROM queue_messages m
                        WHERE m.queue = ?1 AND m.grp > groups.grp)
                FROM groups WHERE groups.grp IS NOT NULL)
            SELECT grp FROM groups
            WHERE grp IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM queue_messages m
                    WHERE m.queue = ?1 AND m.grp = groups.grp AND m.visible > ?2)
            ORDER BY (SELECT min(m.sequence) FROM queue_messages m
                WHERE m.queue = ?1 AND m.grp = groups.grp) LIMIT 1
            """;

    private void buryDead(Connection c, Queue queue, long now) throws SQLException {
        if (queue.deadLetters() == null) {
            return;
        }
        Sql.update(
                c,
                """
                UPDATE queue_messages SET queue = ?, visible = 0, receipt = NULL
                WHERE queue = ? AND receives >= ? AND visible <= ?
                """,
                queue.deadLetters(),
                queue.arn(),
                queue.mostReceives(),
                now);
    }

    private void changed(Queue queue) {
        Runnable listener = listeners.get(queue.arn());
        if (listener != null) {
            listener.run();
        }
    }

    private static Message message(ResultSet row) throws SQLException {
        return new Message(
                row.getLong("sequence"),
                row.getString("id"),
                row.getString("grp"),
                row.getString("deduplication"),
                row.getString("body"),
                Instant.ofEpochMilli(row.getLong("sent")),
                row.getInt("receives"),
                Instant.ofEpochMilli(row.getLong("first_received")),
                row.getString("receipt"));
    }
}
