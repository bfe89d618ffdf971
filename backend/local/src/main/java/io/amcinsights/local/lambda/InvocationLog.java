package io.amcinsights.local.lambda;

import java.util.concurrent.Callable;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Collects what a function logs while it is invoked, for the tail that callers may ask for. */
final class InvocationLog {

    /** Lambda gives the last 4 KB: Lambda API reference, Invoke. */
    private static final int LONGEST_TAIL = 4096;

    private static final ScopedValue<InvocationLog> CURRENT = ScopedValue.newInstance();

    static {
        Logger.getLogger("").addHandler(new Collector());
    }

    private final StringBuilder text = new StringBuilder();

    <T> T during(Callable<T> work) throws Exception {
        return ScopedValue.where(CURRENT, this).call(work::call);
    }

    synchronized void add(String line) {
        text.append(line);
        if (!line.endsWith("\n")) {
            text.append('\n');
        }
        if (text.length() > 2 * LONGEST_TAIL) {
            text.delete(0, text.length() - LONGEST_TAIL);
        }
    }

    synchronized String tail() {
        return text.substring(Math.max(0, text.length() - LONGEST_TAIL));
    }

    private static final class Collector extends Handler {

        Collector() {
            setFormatter(new SimpleFormatter());
            setLevel(Level.INFO);
        }

        @Override
        public void publish(LogRecord record) {
            if (isLoggable(record) && CURRENT.isBound()) {
                CURRENT.get().add(getFormatter().format(record));
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
