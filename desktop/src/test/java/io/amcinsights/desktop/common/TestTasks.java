package io.amcinsights.desktop.common;

/** Tasks for tests. */
public final class TestTasks {

    private TestTasks() {}

    /** Work and callbacks run at once on the caller's thread; clocks stand still. */
    public static Tasks inline() {
        return new Tasks(Runnable::run, Runnable::run, clock -> {});
    }
}
