package io.amcinsights.desktop.common;

import javafx.animation.AnimationTimer;
import javafx.application.Platform;
import javafx.geometry.Bounds;
import javafx.scene.Node;

import org.jspecify.annotations.Nullable;
import org.testfx.api.FxRobot;
import org.testfx.util.WaitForAsyncUtils;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Clicks on what stands still: a person does not click on what is still moving into its place. */
public final class Clicks {

    private static final int STILL_PULSES = 5;

    private Clicks() {}

    /** Clicks on the one node that a query finds, once it is shown, enabled and stands still. */
    public static FxRobot clickOn(FxRobot robot, String query) {
        try {
            WaitForAsyncUtils.waitFor(
                    10, TimeUnit.SECONDS, () -> robot.lookup(query).tryQuery().isPresent());
        } catch (TimeoutException e) {
            throw new AssertionError("Nothing to click on: " + query, e);
        }
        return clickOn(robot, robot.lookup(query).<Node>query());
    }

    public static FxRobot clickOn(FxRobot robot, Node node) {
        CompletableFuture<Void> still = new CompletableFuture<>();
        Platform.runLater(() -> new Watch(node, still).start());
        still.orTimeout(10, TimeUnit.SECONDS).join();
        robot.clickOn(node);
        return robot;
    }

    private static final class Watch extends AnimationTimer {

        private final Node node;
        private final CompletableFuture<Void> still;
        private @Nullable Bounds last;
        private int pulses;

        Watch(Node node, CompletableFuture<Void> still) {
            this.node = node;
            this.still = still;
        }

        @Override
        public void handle(long now) {
            Bounds at = node.localToScreen(node.getBoundsInLocal());
            boolean ready = at != null && Objects.equals(at, last) && !node.isDisabled();
            pulses = ready ? pulses + 1 : 0;
            last = at;
            if (pulses == STILL_PULSES) {
                still.complete(null);
            }
            if (still.isDone()) {
                stop();
            }
        }
    }
}
