package io.amcinsights.desktop;

import javafx.application.Application;

/** Starts the application. Apart from it, because a main class on the class path cannot be one. */
public final class Launcher {

    private Launcher() {}

    public static void main(String[] args) {
        try {
            Application.launch(DesktopApplication.class, args);
        } catch (RuntimeException e) {
            System.err.println(Display.lacking(e).orElseThrow(() -> e));
            System.exit(1);
        }
    }
}
