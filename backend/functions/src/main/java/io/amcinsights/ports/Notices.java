package io.amcinsights.ports;

import io.amcinsights.contract.Notice;

/** Tells people of what happened, outside of the application. */
public interface Notices {

    void send(Notice notice);
}
