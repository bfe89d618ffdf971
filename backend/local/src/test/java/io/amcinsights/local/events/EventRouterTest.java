package io.amcinsights.local.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.amcinsights.local.clock.JumpingTimer;
import io.amcinsights.local.events.EventRouter.Rule;
import io.amcinsights.local.events.EventRouter.Target;
import io.amcinsights.local.s3.ObjectStore;
import io.amcinsights.local.store.Database;
import io.amcinsights.local.store.Sql;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Events of real objects, to targets that take them or not. */
class EventRouterTest {

    @TempDir Path folder;

    private final JumpingTimer timer = new JumpingTimer(Duration.ofDays(3));
    private final BlockingQueue<String> taken = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> dead = new LinkedBlockingQueue<>();
    private Database database;
    private EventRouter router;
    private ObjectStore objects;

    @BeforeEach
    void open() throws Exception {
        database = Database.open(folder.resolve("test.db"));
        router = new EventRouter(database, timer);
        objects =
                new ObjectStore(
                        database,
                        folder.resolve("objects"),
                        "000000000000",
                        "us-east-1",
                        Clock.fixed(JumpingTimer.START, ZoneOffset.UTC),
                        router::wake);
        objects.provide("amc-bucket", true, true);
    }

    @AfterEach
    void close() {
        router.close();
        database.close();
    }

    @Test
    void an_event_that_came_before_the_start_reaches_the_rules_that_it_matches() throws Exception {
        put("workflow=w/schedule=adhoc/a.csv");
        put("elsewhere/b.csv");
        rule((id, event) -> taken.add(event));
        router.start();
        assertThat(taken.poll(10, TimeUnit.SECONDS)).contains("workflow=w/schedule=adhoc/a.csv");
        waitUntilRouted();
        assertThat(taken).isEmpty();
    }

    @Test
    void a_target_that_fails_is_asked_again_until_it_takes_the_event() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        rule(
                (id, event) -> {
                    if (asked.incrementAndGet() < 5) {
                        throw new IllegalStateException("not now");
                    }
                    taken.add(event);
                });
        router.start();
        put("workflow=w/schedule=adhoc/a.csv");
        assertThat(taken.poll(10, TimeUnit.SECONDS)).contains("a.csv");
        waitUntilRouted();
        assertThat(asked).hasValue(5);
        assertThat(dead).isEmpty();
    }

    @Test
    void what_a_target_refuses_for_a_day_ends_in_the_dead_letters() throws Exception {
        rule(
                (id, event) -> {
                    throw new IllegalStateException("never");
                });
        router.start();
        put("workflow=w/schedule=adhoc/a.csv");
        assertThat(dead.poll(30, TimeUnit.SECONDS)).contains("a.csv");
        assertThat(timer.instant()).isAfterOrEqualTo(JumpingTimer.START.plus(Duration.ofDays(1)));
        waitUntilRouted();
        assertThat(dead).isEmpty();
    }

    private void rule(EventRouter.Taker taker) throws Exception {
        router.define(
                new Rule(
                        "deliveries",
                        EventPattern.of(
                                new ObjectMapper()
                                        .readTree(
                                                """
                                                {"source": ["aws.s3"], "detail": {"object": {"key":
                                                    [{"wildcard": "workflow=*/schedule=*/*"}]}}}
                                                """)),
                        List.of(new Target(taker, dead::add))));
    }

    private void put(String key) throws Exception {
        Path file = folder.resolve("file");
        Files.writeString(file, "x");
        objects.put("amc-bucket", key, file, "text/csv");
    }

    private void waitUntilRouted() throws InterruptedException {
        while (left() > 0) {
            Thread.sleep(5);
        }
    }

    private int left() {
        Integer count =
                database.read(
                        c -> Sql.first(c, "SELECT count(*) FROM s3_events", r -> r.getInt(1)));
        return count == null ? 0 : count;
    }
}
