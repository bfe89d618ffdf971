package io.amcinsights.desktop.common;

/** Goes from screen to screen. */
public interface Navigation {

    void show(Screen screen);

    /**
     * Shows a screen and hands it something to begin with.
     *
     * @param argument a record of package {@code places}
     */
    void show(Screen screen, Object argument);
}
