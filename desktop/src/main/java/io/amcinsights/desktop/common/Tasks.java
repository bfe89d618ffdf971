package io.amcinsights.desktop.common;

import javafx.application.Platform;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Work away from the JavaFX thread. Callbacks arrive on the JavaFX thread; none arrives after a
 * cancel.
 */
public final class Tasks {

    private static final Logger LOG = Logger.getLogger(Tasks.class.getName());

    private final Executor background;
    private final Executor foreground;
    private final Executor clocks;
    private final ObservableList<Running> named = FXCollections.observableArrayList();
    // One view for all: a view that only a listener knows is soon collected, listener and all.
    private final ObservableList<Running> namedView =
            FXCollections.unmodifiableObservableList(named);

    /**
     * @param background where work runs; a test may pass {@code Runnable::run}
     * @param foreground where callbacks run
     * @param clocks where periodic work waits for its next turn; a test may run none of it
     */
    public Tasks(Executor background, Executor foreground, Executor clocks) {
        this.background = background;
        this.foreground = foreground;
        this.clocks = clocks;
    }

    /** Work on virtual threads, callbacks on the JavaFX thread. */
    public static Tasks onVirtualThreads() {
        return new Tasks(
                work -> Thread.ofVirtual().name("task").start(work),
                callback -> {
                    if (Platform.isFxApplicationThread()) {
                        callback.run();
                    } else {
                        Platform.runLater(callback);
                    }
                },
                clock -> Thread.ofVirtual().name("clock").start(clock));
    }

    /** Prepares work; nothing happens before {@link Task#start()}. */
    public <T> Task<T> run(Callable<T> work) {
        return new Task<>(work);
    }

    /** Runs something on the JavaFX thread, at once where this is it. */
    public void inForeground(Runnable callback) {
        foreground.execute(callback);
    }

    /** Work in progress that has a name, for people to see and to cancel. */
    public ObservableList<Running> named() {
        return namedView;
    }

    /** Calls {@code tick} on the JavaFX thread after each pause, until it is stopped. */
    public Handle every(Duration pause, Runnable tick) {
        return every(() -> pause, tick);
    }

    /**
     * Calls {@code tick} on the JavaFX thread after each pause, until it is stopped.
     *
     * @param pause asked anew each time, on a background thread
     */
    public Handle every(Supplier<Duration> pause, Runnable tick) {
        Handle handle = new Handle();
        clocks.execute(
                () -> {
                    handle.thread = Thread.currentThread();
                    try {
                        while (!handle.isCancelled()) {
                            Thread.sleep(pause.get());
                            foreground.execute(
                                    () -> {
                                        if (!handle.isCancelled()) {
                                            tick.run();
                                        }
                                    });
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
        return handle;
    }

    /**
     * Prepares work that is done at a start, and again after each pause until a stop.
     *
     * @param pause asked anew each time, on a background thread
     * @param tick called on the JavaFX thread
     */
    public Repeated repeated(Supplier<Duration> pause, Runnable tick) {
        return new Repeated(pause, tick);
    }

    /** Work between a start and a stop; of the JavaFX thread. */
    public final class Repeated {

        private final Supplier<Duration> pause;
        private final Runnable tick;
        private @Nullable Handle handle;

        private Repeated(Supplier<Duration> pause, Runnable tick) {
            this.pause = pause;
            this.tick = tick;
        }

        /** Does it now; also where it is repeated already. */
        public void start() {
            tick.run();
            if (handle == null) {
                handle = every(pause, tick);
            }
        }

        public void stop() {
            if (handle != null) {
                handle.cancel();
                handle = null;
            }
        }
    }

    /** Something under way. */
    public static class Handle {

        private volatile boolean cancelled;
        private volatile @Nullable Thread thread;

        /** Stops it; its callbacks will not be called any more. */
        public void cancel() {
            cancelled = true;
            Thread worker = thread;
            if (worker != null && worker != Thread.currentThread()) {
                worker.interrupt();
            }
        }

        public boolean isCancelled() {
            return cancelled;
        }
    }

    /** Named work under way. */
    public record Running(String name, Handle handle) {}

    /** Work to be started. */
    public final class Task<T> {

        private final Callable<T> work;
        private Consumer<T> onSuccess = result -> {};
        private Consumer<Problem> onFailure = problem -> {};
        private Runnable andFinally = () -> {};
        private @Nullable String name;

        private Task(Callable<T> work) {
            this.work = work;
        }

        public Task<T> onSuccess(Consumer<T> callback) {
            onSuccess = callback;
            return this;
        }

        public Task<T> onFailure(Consumer<Problem> callback) {
            onFailure = callback;
            return this;
        }

        /** Called after success and after failure; not after a cancel. */
        public Task<T> andFinally(Runnable callback) {
            andFinally = callback;
            return this;
        }

        /** Lets the status bar show the work by this name, with a way to cancel it. */
        public Task<T> named(String text) {
            name = text;
            return this;
        }

        /** Starts the work. */
        public Handle start() {
            Handle handle = new Handle();
            @Nullable Running running = name == null ? null : new Running(name, handle);
            if (running != null) {
                foreground.execute(() -> named.add(running));
            }
            background.execute(() -> work(handle, running));
            return handle;
        }

        private void work(Handle handle, @Nullable Running running) {
            handle.thread = Thread.currentThread();
            Runnable callback;
            try {
                T result = work.call();
                callback = () -> onSuccess.accept(result);
            } catch (Exception e) {
                if (!handle.isCancelled()) {
                    LOG.log(Level.FINE, "Background work failed", e);
                }
                Problem problem = Problem.of(e);
                callback = () -> onFailure.accept(problem);
            }
            handle.thread = null;
            Runnable outcome = callback;
            foreground.execute(
                    () -> {
                        if (running != null) {
                            named.remove(running);
                        }
                        if (!handle.isCancelled()) {
                            try {
                                outcome.run();
                            } finally {
                                andFinally.run();
                            }
                        }
                    });
        }
    }
}
