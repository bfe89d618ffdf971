package io.amcinsights.local.events;

import io.amcinsights.local.clock.JumpingTimer;
import io.amcinsights.local.events.Queues.Message;
import io.amcinsights.local.events.Queues.Queue;
import io.amcinsights.local.store.Database;
import io.amcinsights.ports.MessageQueue;
import io.amcinsights.ports.MessageQueueContract;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

class MessageQueueTest extends MessageQueueContract {

    private static final Queue RUNS =
            new Queue(
                    "arn:aws:sqs:us-east-1:000000000000:runs.fifo",
                    "https://sqs.us-east-1.amazonaws.com/000000000000/runs.fifo",
                    true,
                    Duration.ofMinutes(6),
                    null,
                    3);

    @TempDir Path folder;

    private Database database;
    private Queues queues;

    @BeforeEach
    void open() throws IOException {
        database = Database.open(folder.resolve("test.db"));
        queues = new Queues(database, new JumpingTimer(Duration.ZERO));
        queues.define(RUNS);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Override
    protected MessageQueue queue() {
        return queues.of(RUNS.url());
    }

    @Override
    protected Optional<Received> receive() {
        return queues.receive(RUNS, 1).stream().map(this::received).findFirst();
    }

    private Received received(Message message) {
        return new Received(
                message.group(), message.body(), message.receipt(), () -> queues.delete(message));
    }
}
