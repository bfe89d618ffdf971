package io.amcinsights.desktop.common;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Goes nowhere, and keeps where it was asked to go: what was handed over, else the screen. */
public final class Visited implements Navigation {

    private final List<Object> places = new CopyOnWriteArrayList<>();

    @Override
    public void show(Screen screen) {
        places.add(screen);
    }

    @Override
    public void show(Screen screen, Object argument) {
        places.add(argument);
    }

    public List<Object> places() {
        return List.copyOf(places);
    }
}
