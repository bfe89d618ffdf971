package io.amcinsights.desktop.results;

/** Hears how far work has come; called on the thread that works, and often. */
@FunctionalInterface
public interface Progress {

    Progress NONE = (done, total) -> {};

    /** So much of the total is done, in bytes or rows as the work says. */
    void at(long done, long total);
}
