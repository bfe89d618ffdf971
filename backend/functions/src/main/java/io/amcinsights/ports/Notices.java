package io.amcinsights.ports;

/** Tells people of what happened. */
public interface Notices {

    /**
     * @param subject one line, at most 100 characters
     * @param text plain text
     */
    void send(String subject, String text);
}
