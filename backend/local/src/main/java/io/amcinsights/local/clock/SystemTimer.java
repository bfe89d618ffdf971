package io.amcinsights.local.clock;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

/** The machine's time. Each alarm sleeps and rings in a virtual thread of its own. */
public final class SystemTimer implements Timer {

    /**
     * A long wait is cut into pieces: a machine that was suspended then wakes at the right time.
     */
    private static final Duration LONGEST_SLEEP = Duration.ofSeconds(30);

    @Override
    public Instant instant() {
        return Instant.now();
    }

    @Override
    public Alarm at(Instant instant, Runnable action) {
        AtomicBoolean settled = new AtomicBoolean();
        Thread thread =
                Thread.ofVirtual()
                        .name("alarm-" + instant)
                        .start(
                                () -> {
                                    if (sleepUntil(instant) && settled.compareAndSet(false, true)) {
                                        action.run();
                                    }
                                });
        return () -> {
            if (settled.compareAndSet(false, true)) {
                thread.interrupt();
            }
        };
    }

    private boolean sleepUntil(Instant instant) {
        try {
            for (Duration left = Duration.between(instant(), instant);
                    left.isPositive();
                    left = Duration.between(instant(), instant)) {
                Thread.sleep(left.compareTo(LONGEST_SLEEP) < 0 ? left : LONGEST_SLEEP);
            }
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }
}
