package io.amcinsights.ports;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Optional;

/** What every implementation of {@link MessageQueue} promises to who sends and who receives. */
public abstract class MessageQueueContract {

    /**
     * A message on its receiver's side.
     *
     * @param delete takes it out of the queue
     */
    public record Received(String group, String body, String receipt, Runnable delete) {}

    /** The queue; empty at the beginning of each test. */
    protected abstract MessageQueue queue();

    /** The next message that may be received now. */
    protected abstract Optional<Received> receive();

    @Test
    void a_group_comes_in_order_and_waits_while_one_of_its_messages_is_out() {
        queue().send("amc1", "1", "first");
        queue().send("amc1", "2", "second");
        queue().send("amc2", "3", "other");

        Received first = next();
        assertThat(first.body()).isEqualTo("first");
        assertThat(first.group()).isEqualTo("amc1");
        Received other = next();
        assertThat(other.body()).isEqualTo("other");
        assertThat(other.group()).isEqualTo("amc2");
        assertThat(receive()).isEmpty();

        first.delete().run();
        assertThat(next().body()).isEqualTo("second");
    }

    @Test
    void the_same_message_again_is_one() {
        queue().send("amc1", "1", "same");
        queue().send("amc1", "1", "same");
        next().delete().run();
        assertThat(receive()).isEmpty();
    }

    @Test
    void a_postponed_message_holds_its_group_and_comes_again_before_the_others() {
        queue().send("amc1", "1", "first");
        queue().send("amc1", "2", "second");
        Received first = next();
        queue().postpone(first.receipt(), Duration.ofHours(1));
        assertThat(receive()).isEmpty();
        queue().postpone(first.receipt(), Duration.ZERO);
        assertThat(next().body()).isEqualTo("first");
    }

    private Received next() {
        return receive().orElseThrow(() -> new AssertionError("Nothing can be received"));
    }
}
