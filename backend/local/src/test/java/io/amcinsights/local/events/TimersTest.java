package io.amcinsights.local.events;

import io.amcinsights.local.clock.JumpingTimer;
import io.amcinsights.local.lambda.AsyncInvocations;
import io.amcinsights.local.lambda.LambdaFunctions;
import io.amcinsights.local.store.Database;
import io.amcinsights.local.store.Sql;
import io.amcinsights.ports.Timers;
import io.amcinsights.ports.TimersContract;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

class TimersTest extends TimersContract {

    @TempDir Path folder;

    private final JumpingTimer timer = new JumpingTimer(Duration.ZERO);
    private Database database;
    private Timers timers;

    @BeforeEach
    void open() throws IOException {
        database = Database.open(folder.resolve("test.db"));
        LambdaFunctions functions =
                new LambdaFunctions(
                        (handler, environment) -> {
                            throw new IllegalStateException("nothing fires in a time that stands");
                        });
        timers =
                new StoredTimers(database, new AsyncInvocations(database, functions, timer), timer)
                        .of("arn:aws:lambda:us-east-1:000000000000:function:workflows:write");
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Override
    protected Timers timers() {
        return timers;
    }

    @Override
    protected Optional<Kept> kept(String name) {
        return Optional.ofNullable(
                database.read(
                        c ->
                                Sql.first(
                                        c,
                                        "SELECT expression, zone, next IS NOT NULL AS enabled,"
                                                + " payload FROM timers WHERE name = ?",
                                        row ->
                                                new Kept(
                                                        row.getString("expression"),
                                                        row.getString("zone"),
                                                        row.getBoolean("enabled"),
                                                        row.getString("payload")),
                                        name)));
    }
}
