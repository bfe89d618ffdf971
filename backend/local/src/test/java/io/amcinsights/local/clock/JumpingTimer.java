package io.amcinsights.local.clock;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A time in which nobody waits: it jumps to each alarm as it is set, up to a horizon. Alarms beyond
 * the horizon ring when {@link #jump} reaches them.
 */
public final class JumpingTimer implements Timer {

    public static final Instant START = Instant.parse("2026-03-01T09:00:00Z");

    private record Pending(Instant at, Runnable action) {}

    private final List<Pending> pending = new ArrayList<>();
    private Instant now = START;
    private final Instant horizon;

    public JumpingTimer(Duration horizon) {
        this.horizon = START.plus(horizon);
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public synchronized Alarm at(Instant instant, Runnable action) {
        if (instant.isAfter(horizon) && instant.isAfter(now)) {
            Pending alarm = new Pending(instant, action);
            pending.add(alarm);
            return () -> cancel(alarm);
        }
        now = instant.isAfter(now) ? instant : now;
        Thread.ofVirtual().start(action);
        return () -> {};
    }

    /** Goes forward; alarms on the way ring. */
    public synchronized void jump(Duration duration) {
        now = now.plus(duration);
        for (Pending alarm : List.copyOf(pending)) {
            if (!alarm.at().isAfter(now)) {
                pending.remove(alarm);
                Thread.ofVirtual().start(alarm.action());
            }
        }
    }

    private synchronized void cancel(Pending alarm) {
        pending.remove(alarm);
    }
}
