package io.amcinsights.desktop;

import io.amcinsights.desktop.common.Messages;

import javafx.application.Platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** Whether this machine can show a window; only Linux machines sometimes cannot. */
public final class Display {

    private static final Messages MESSAGES = Messages.of(Display.class);

    private Display() {}

    /**
     * Tells the build which of the two to leave out, the window or the tour: {@code Display FILE}
     * writes the properties {@code window.skip} and {@code tour.skip}.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        boolean window = true;
        try {
            CountDownLatch started = new CountDownLatch(1);
            Platform.startup(started::countDown);
            started.await();
        } catch (RuntimeException e) {
            System.err.println(lacking(e).orElseThrow(() -> e));
            System.err.println(MESSAGES.text("display.tour"));
            window = false;
        }
        Files.writeString(
                Path.of(arguments[0]), "window.skip=%b%ntour.skip=%b%n".formatted(!window, window));
        // JavaFX on GTK does not survive a Platform.exit so soon after its start.
        System.exit(0);
    }

    /**
     * What the machine lacks to show a window, in words.
     *
     * @param failure what JavaFX ended with; empty: it had another reason
     */
    static Optional<String> lacking(RuntimeException failure) {
        if (failure instanceof UnsupportedOperationException
                && String.valueOf(failure.getMessage()).contains("DISPLAY")) {
            return Optional.of(MESSAGES.text("display.none"));
        }
        if (failure instanceof UnsupportedOperationException
                || failure.getCause() instanceof UnsatisfiedLinkError) {
            return Optional.of(MESSAGES.text("display.libraries"));
        }
        return Optional.empty();
    }
}
