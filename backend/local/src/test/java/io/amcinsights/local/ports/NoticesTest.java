package io.amcinsights.local.ports;

import io.amcinsights.local.clock.JumpingTimer;
import io.amcinsights.local.events.Queues;
import io.amcinsights.local.events.StoredTimers;
import io.amcinsights.local.lambda.AsyncInvocations;
import io.amcinsights.local.lambda.LambdaFunctions;
import io.amcinsights.local.store.Database;
import io.amcinsights.ports.Notices;
import io.amcinsights.ports.NoticesContract;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

class NoticesTest extends NoticesContract {

    @TempDir Path folder;

    private final JumpingTimer timer = new JumpingTimer(Duration.ZERO);
    private Database database;

    @BeforeEach
    void open() throws IOException {
        database = Database.open(folder.resolve("test.db"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Override
    protected Notices notices() {
        LambdaFunctions functions =
                new LambdaFunctions(
                        (handler, environment) -> {
                            throw new IllegalStateException("notices call no function");
                        });
        AsyncInvocations later = new AsyncInvocations(database, functions, timer);
        return new LocalPorts(
                        database,
                        timer,
                        new Queues(database, timer),
                        new StoredTimers(database, later, timer),
                        new SecretFile(folder.resolve("secrets.json")))
                .of(Map.of())
                .notices();
    }
}
