package io.amcinsights.local.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;

import io.amcinsights.local.clock.JumpingTimer;
import io.amcinsights.local.lambda.AsyncInvocations;
import io.amcinsights.local.lambda.LambdaFunction;
import io.amcinsights.local.lambda.LambdaFunctions;
import io.amcinsights.local.store.Database;
import io.amcinsights.ports.Timers;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Timers invoke real functions, in a time that starts on a Sunday at 09:00 UTC. */
class StoredTimersTest {

    private static final String ARN = "arn:aws:lambda:us-east-1:000000000000:function:workflows";
    private static final String PAYLOAD = "{\"time\":\"<aws.scheduler.scheduled-time>\"}";
    private static final BlockingQueue<String> FIRED = new LinkedBlockingQueue<>();

    /** Tells what it was invoked with. */
    public static final class Handler implements RequestStreamHandler {
        @Override
        public void handleRequest(InputStream in, OutputStream out, Context context)
                throws IOException {
            FIRED.add(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @TempDir Path folder;

    private final JumpingTimer timer = new JumpingTimer(Duration.ZERO);
    private Database database;
    private LambdaFunctions functions;

    @BeforeEach
    void open() throws Exception {
        FIRED.clear();
        database = Database.open(folder.resolve("test.db"));
        functions = new LambdaFunctions((handler, environment) -> new Handler());
        functions.define(
                new LambdaFunction(
                        "workflows",
                        ARN,
                        "",
                        "java25",
                        "arn:aws:iam::000000000000:role/r",
                        Handler.class.getName() + "::handleRequest",
                        Duration.ofSeconds(10),
                        512,
                        Map.of()));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void a_timer_fires_at_its_times_in_its_zone() throws Exception {
        try (StoredTimers timers = started()) {
            Timers ours = timers.of(ARN);
            ours.set("daily", "cron(0 6 * * ? *)", "America/New_York", true, PAYLOAD);
            timer.jump(Duration.ofHours(1));
            assertThat(FIRED).isEmpty();
            timer.jump(Duration.ofHours(1));
            assertThat(fired()).isEqualTo("{\"time\":\"2026-03-01T11:00:00Z\"}");
        }
    }

    @Test
    void what_was_missed_while_stopped_fires_once_for_the_last_missed_time() throws Exception {
        try (StoredTimers timers = started()) {
            timers.of(ARN).set("hourly", "cron(0 * * * ? *)", "UTC", true, PAYLOAD);
        }
        timer.jump(Duration.ofMinutes(200));
        try (StoredTimers timers = started()) {
            assertThat(fired()).isEqualTo("{\"time\":\"2026-03-01T12:00:00Z\"}");
            assertThat(FIRED).isEmpty();
            timers.of(ARN).remove("hourly");
        }
    }

    @Test
    void a_timer_that_is_off_or_removed_does_not_fire() throws Exception {
        try (StoredTimers timers = started()) {
            Timers ours = timers.of(ARN);
            ours.set("off", "rate(1 hour)", "UTC", false, "{\"off\":1}");
            ours.set("gone", "rate(1 hour)", "UTC", true, "{\"gone\":1}");
            ours.set("on", "rate(2 hours)", "UTC", true, "{\"on\":1}");
            ours.remove("gone");
            timer.jump(Duration.ofHours(2));
            assertThat(fired()).isEqualTo("{\"on\":1}");
            assertThat(FIRED).isEmpty();
        }
    }

    private StoredTimers started() {
        StoredTimers timers =
                new StoredTimers(database, new AsyncInvocations(database, functions, timer), timer);
        timers.start();
        return timers;
    }

    private static String fired() throws InterruptedException {
        String payload = FIRED.poll(10, TimeUnit.SECONDS);
        assertThat(payload).as("a timer fired").isNotNull();
        return String.valueOf(payload);
    }
}
