package io.amcinsights.desktop;

import javafx.application.Application;

/** Starts the application. Apart from it, because a main class on the class path cannot be one. */
public final class Launcher {

    private Launcher() {}

    public static void main(String[] args) {
        if (!hasDisplay()) {
            System.err.println(
                    "AMC Insights cannot open its window: this machine has no display (neither"
                            + " DISPLAY nor WAYLAND_DISPLAY is set). Start it from a desktop"
                            + " session.");
            System.exit(1);
        }
        Application.launch(DesktopApplication.class, args);
    }

    /** Linux says so in its environment; elsewhere, and for JavaFX's own platform, there is one. */
    private static boolean hasDisplay() {
        return !System.getProperty("os.name").startsWith("Linux")
                || System.getProperty("glass.platform") != null
                || System.getenv("DISPLAY") != null
                || System.getenv("WAYLAND_DISPLAY") != null;
    }
}
