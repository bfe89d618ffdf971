package io.amcinsights.local.clock;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;

/** A time that follows another one until it is held or moved; alarms keep to the moved time. */
public final class MovableTimer implements Timer {

    private static final Logger LOG = LoggerFactory.getLogger(MovableTimer.class);

    private static final class Waiting {
        private final Instant at;
        private final long number;
        private final Runnable action;
        private @Nullable Alarm alarm;

        Waiting(Instant at, long number, Runnable action) {
            this.at = at;
            this.number = number;
            this.action = action;
        }

        void disarm() {
            if (alarm != null) {
                alarm.cancel();
                alarm = null;
            }
        }
    }

    private final Timer real;
    private final Set<Waiting> waiting =
            new TreeSet<>(
                    Comparator.<Waiting, Instant>comparing(w -> w.at)
                            .thenComparingLong(w -> w.number));

    /** What is to be added to the real time. */
    private Duration offset = Duration.ZERO;

    private @Nullable Instant held;
    private boolean advancing;
    private long numbers;

    public MovableTimer(Timer real) {
        this.real = real;
    }

    @Override
    public synchronized Instant instant() {
        return held != null ? held : real.instant().plus(offset);
    }

    @Override
    public synchronized Alarm at(Instant instant, Runnable action) {
        Waiting alarm = new Waiting(instant, numbers++, action);
        waiting.add(alarm);
        arm(alarm);
        return () -> cancel(alarm);
    }

    public synchronized boolean isHeld() {
        return held != null;
    }

    /** Stops the time, or lets it go on from where it stands. */
    public synchronized void hold(boolean hold) {
        if (hold) {
            held = instant();
        } else if (held != null) {
            offset = Duration.between(real.instant(), held);
            held = null;
        }
        waiting.forEach(this::arm);
    }

    /** Sets the time, forward or back. Whatever is past then rings at once. */
    public synchronized void set(Instant instant) {
        if (held != null) {
            held = instant;
        } else {
            offset = Duration.between(real.instant(), instant);
        }
        waiting.forEach(this::arm);
    }

    /** The real time again, running. */
    public synchronized void reset() {
        held = null;
        offset = Duration.ZERO;
        waiting.forEach(this::arm);
    }

    /**
     * Goes forward through everything that falls due on the way, one thing after the other.
     *
     * @param settle waits until what has rung is done; the time stands still meanwhile
     */
    public void advance(Duration duration, Runnable settle) {
        boolean ran;
        Instant target;
        synchronized (this) {
            if (advancing) {
                throw new IllegalStateException("The time is being advanced already");
            }
            ran = held == null;
            target = instant().plus(duration);
            advancing = true;
            hold(true);
        }
        try {
            settle.run();
            for (Waiting next = due(target); next != null; next = due(target)) {
                run(next);
                settle.run();
            }
        } finally {
            synchronized (this) {
                advancing = false;
                held = target;
                hold(!ran);
            }
        }
    }

    private synchronized @Nullable Waiting due(Instant target) {
        for (Waiting first : waiting) {
            if (first.at.isAfter(target)) {
                return null;
            }
            waiting.remove(first);
            first.disarm();
            Instant now = instant();
            held = first.at.isAfter(now) ? first.at : now;
            return first;
        }
        return null;
    }

    private void arm(Waiting alarm) {
        alarm.disarm();
        if (advancing) {
            return;
        }
        if (!alarm.at.isAfter(instant())) {
            alarm.alarm = real.at(real.instant(), () -> ring(alarm));
        } else if (held == null) {
            alarm.alarm = real.at(alarm.at.minus(offset), () -> ring(alarm));
        }
    }

    private void ring(Waiting alarm) {
        synchronized (this) {
            if (!waiting.contains(alarm)) {
                return;
            }
            if (alarm.at.isAfter(instant())) {
                arm(alarm);
                return;
            }
            waiting.remove(alarm);
        }
        run(alarm);
    }

    private static void run(Waiting alarm) {
        try {
            alarm.action.run();
        } catch (RuntimeException e) {
            LOG.error("What was due at {} broke", alarm.at, e);
        }
    }

    private synchronized void cancel(Waiting alarm) {
        waiting.remove(alarm);
        alarm.disarm();
    }
}
