package io.amcinsights.local.clock;

import java.time.Duration;
import java.time.Instant;

/** The machine's time, but faster. */
public final class FastTimer implements Timer {

    private final SystemTimer machine = new SystemTimer();
    private final Instant start = Instant.now();
    private final long since = System.nanoTime();
    private final int speed;

    /**
     * @param speed seconds that pass in one of the machine's
     */
    public FastTimer(int speed) {
        this.speed = speed;
    }

    @Override
    public Instant instant() {
        return start.plusNanos((System.nanoTime() - since) * speed);
    }

    @Override
    public Alarm at(Instant instant, Runnable action) {
        Duration wait = Duration.between(instant(), instant).dividedBy(speed);
        return machine.at(Instant.now().plus(wait), action);
    }
}
