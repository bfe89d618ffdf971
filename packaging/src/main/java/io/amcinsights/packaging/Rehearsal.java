package io.amcinsights.packaging;

import io.amcinsights.desktop.Launcher;

import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.Toggle;
import javafx.stage.Window;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Goes once through the screens of an image on a new local workspace, then quits. The JVM records
 * meanwhile what later starts need; and an image that does not get through is not shipped.
 */
public final class Rehearsal {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration POLL = Duration.ofMillis(50);

    private Rehearsal() {}

    public static void main(String[] arguments) {
        Thread.ofPlatform().daemon().name("rehearsal").start(Rehearsal::rehearse);
        Launcher.main(arguments);
    }

    private static void rehearse() {
        try {
            press(await("the sign-in", () -> all("#openLocal").findAny()));
            List<ButtonBase> screens =
                    await(
                            "the shell",
                            () ->
                                    // The bell beside the screens opens none.
                                    Optional.of(
                                                    all(".navigation-button")
                                                            .filter(Toggle.class::isInstance)
                                                            .toList())
                                            .filter(buttons -> !buttons.isEmpty()));
            for (ButtonBase screen : screens) {
                press(screen);
                await("the screen " + screen.getText(), () -> shown(screen));
            }
            Platform.exit();
        } catch (Exception e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    private static void press(ButtonBase button) {
        Platform.runLater(button::fire);
    }

    private static Optional<ButtonBase> shown(ButtonBase screen) {
        if (nodes(".problem-view").findAny().isPresent()) {
            throw new IllegalStateException(screen.getText() + " shows a problem");
        }
        return selected(screen) && nodes(".skeleton").findAny().isEmpty()
                ? Optional.of(screen)
                : Optional.empty();
    }

    private static boolean selected(ButtonBase screen) {
        return screen instanceof Toggle toggle && toggle.isSelected();
    }

    private static Stream<ButtonBase> all(String selector) {
        return nodes(selector).filter(ButtonBase.class::isInstance).map(ButtonBase.class::cast);
    }

    private static Stream<Node> nodes(String selector) {
        return Window.getWindows().stream()
                .flatMap(window -> window.getScene().getRoot().lookupAll(selector).stream())
                .filter(Rehearsal::visible);
    }

    private static boolean visible(Node node) {
        return node.isVisible() && (node.getParent() == null || visible(node.getParent()));
    }

    /**
     * @param look runs on JavaFX's thread
     */
    private static <T> T await(String what, Supplier<Optional<T>> look) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            CompletableFuture<Optional<T>> seen = new CompletableFuture<>();
            if (later(() -> look(look, seen))) {
                Optional<T> found = seen.get();
                if (found.isPresent()) {
                    return found.get();
                }
            }
            Thread.sleep(POLL);
        }
        throw new IllegalStateException("%s did not appear in %s".formatted(what, PATIENCE));
    }

    private static <T> void look(Supplier<Optional<T>> look, CompletableFuture<Optional<T>> seen) {
        try {
            seen.complete(look.get());
        } catch (RuntimeException e) {
            seen.completeExceptionally(e);
        }
    }

    private static boolean later(Runnable action) {
        try {
            Platform.runLater(action);
            return true;
        } catch (IllegalStateException e) {
            // JavaFX has not started yet.
            return false;
        }
    }
}
