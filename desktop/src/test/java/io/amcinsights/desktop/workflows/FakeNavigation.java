package io.amcinsights.desktop.workflows;

import io.amcinsights.desktop.common.Navigation;
import io.amcinsights.desktop.common.Screen;

import java.util.ArrayList;
import java.util.List;

/** Keeps what screens were handed. */
final class FakeNavigation implements Navigation {

    private final List<Object> arguments = new ArrayList<>();

    @Override
    public void show(Screen screen) {
        throw new AssertionError("Nobody expects " + screen + " without an argument");
    }

    @Override
    public void show(Screen screen, Object argument) {
        arguments.add(argument);
    }

    List<Object> arguments() {
        return List.copyOf(arguments);
    }
}
