package io.amcinsights.ports;

import java.time.Duration;

/** The FIFO queue of requested runs: in order within a group, groups side by side. */
public interface MessageQueue {

    /**
     * Puts a message at the end of its group.
     *
     * @param deduplicationId the same id again within five minutes is the same message
     */
    void send(String group, String deduplicationId, String body);

    /**
     * Leaves a received message in the queue for later; until then its group waits.
     *
     * @param receipt the receipt handle that came with the message
     */
    void postpone(String receipt, Duration delay);
}
