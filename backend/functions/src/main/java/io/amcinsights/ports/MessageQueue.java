package io.amcinsights.ports;

/** The FIFO queue of requested runs: in order within a group, groups side by side. */
public interface MessageQueue {

    /**
     * Puts a message at the end of its group.
     *
     * @param deduplicationId the same id again within five minutes is the same message
     */
    void send(String group, String deduplicationId, String body);
}
