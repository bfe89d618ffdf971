package io.amcinsights.desktop.common;

import org.jspecify.annotations.Nullable;

/** A screen's controller: told when its screen comes and goes. Screens are kept while signed in. */
public interface ScreenController {

    /**
     * The screen is visible now.
     *
     * @param argument what {@link Navigation#show(Screen, Object)} handed over
     */
    default void shown(@Nullable Object argument) {}

    /** The screen is not visible any more: stop what only refreshes it. */
    default void hidden() {}
}
