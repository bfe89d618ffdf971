package io.amcinsights.local.clock;

import java.time.Instant;
import java.time.InstantSource;

/** Tells the time and wakes up at one. */
public interface Timer extends InstantSource {

    /** Something that will be done later. */
    @FunctionalInterface
    interface Alarm {
        /** Takes it back; without effect when it has rung. */
        void cancel();
    }

    /** Runs the action at the instant, or at once if that is past; never in the caller's thread. */
    Alarm at(Instant instant, Runnable action);
}
