package io.amcinsights.local.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.local.clock.JumpingTimer;
import io.amcinsights.local.events.Queues.Message;
import io.amcinsights.local.events.Queues.Queue;
import io.amcinsights.local.store.Database;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

class QueuesTest {

    private static final Queue DEAD = queue("runs-dead.fifo", null, Integer.MAX_VALUE);
    private static final Queue RUNS = queue("runs.fifo", DEAD.arn(), 3);

    @TempDir Path folder;

    private final JumpingTimer timer = new JumpingTimer(Duration.ZERO);
    private Database database;
    private Queues queues;

    @BeforeEach
    void open() throws IOException {
        database = Database.open(folder.resolve("test.db"));
        queues = new Queues(database, timer);
        queues.define(DEAD);
        queues.define(RUNS);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void a_message_that_becomes_visible_while_somebody_looks_is_not_lost_from_sight() {
        queues.send(RUNS, "amc1", "1", "later");
        Message message = queues.receive(RUNS, 1).getFirst();
        queues.postpone(RUNS, message.receipt(), Duration.ofSeconds(5));

        Instant looked = timer.instant();
        assertThat(queues.receive(RUNS, 1)).isEmpty();
        timer.jump(Duration.ofSeconds(6));
        assertThat(queues.nextVisible(RUNS, looked)).contains(looked.plusSeconds(5));
        assertThat(queues.nextVisible(RUNS, timer.instant())).isEmpty();
    }

    @Test
    void the_same_message_again_within_five_minutes_is_one() {
        queues.send(RUNS, "amc1", "run-1", "a");
        timer.jump(Duration.ofMinutes(4));
        queues.send(RUNS, "amc1", "run-1", "a");
        assertThat(queues.receive(RUNS, 10)).hasSize(1).allSatisfy(queues::delete);
        timer.jump(Duration.ofMinutes(2));
        queues.send(RUNS, "amc1", "run-1", "a");
        assertThat(queues.receive(RUNS, 10)).hasSize(1);
    }

    @Test
    void a_message_that_is_not_deleted_comes_again_and_at_last_goes_to_the_dead_letters() {
        queues.send(RUNS, "amc1", "1", "poison");
        for (int receive = 1; receive <= 3; receive++) {
            Message message = queues.receive(RUNS, 1).getFirst();
            assertThat(message.receives()).isEqualTo(receive);
            assertThat(queues.receive(RUNS, 1)).isEmpty();
            timer.jump(RUNS.visibility());
        }
        assertThat(queues.receive(RUNS, 1)).isEmpty();
        assertThat(queues.receive(DEAD, 1)).extracting(Message::body).containsExactly("poison");
    }

    @Test
    void a_message_can_be_postponed() {
        queues.send(RUNS, "amc1", "1", "later");
        Message message = queues.receive(RUNS, 1).getFirst();
        queues.postpone(RUNS, message.receipt(), Duration.ofHours(1));
        assertThat(queues.nextVisible(RUNS, timer.instant()))
                .contains(JumpingTimer.START.plus(Duration.ofHours(1)));
        timer.jump(Duration.ofMinutes(59));
        assertThat(queues.receive(RUNS, 1)).isEmpty();
        timer.jump(Duration.ofMinutes(1));
        assertThat(queues.receive(RUNS, 1)).extracting(Message::body).containsExactly("later");
    }

    @Test
    void what_a_killed_process_had_received_is_there_at_once_for_the_next() {
        queues.send(RUNS, "amc1", "1", "kept");
        assertThat(queues.receive(RUNS, 1)).hasSize(1);

        Queues next = new Queues(database, timer);
        next.define(RUNS);
        assertThat(next.receive(RUNS, 1)).extracting(Message::body).containsExactly("kept");
    }

    private static Queue queue(String name, @Nullable String deadLetters, int mostReceives) {
        return new Queue(
                "arn:aws:sqs:us-east-1:000000000000:" + name,
                "https://sqs.us-east-1.amazonaws.com/000000000000/" + name,
                true,
                Duration.ofMinutes(6),
                deadLetters,
                mostReceives);
    }
}
