package io.amcinsights.desktop.shell;

import io.amcinsights.desktop.common.Screen;
import io.amcinsights.desktop.common.ScreenController;

import javafx.fxml.FXMLLoader;
import javafx.scene.Parent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/** Loads each screen when it is first shown, and keeps it. */
public final class Screens {

    private final Map<Class<?>, Supplier<?>> controllers;
    private final Map<Screen, Loaded> loaded = new EnumMap<>(Screen.class);

    /**
     * @param controllers by the class that the FXML names
     */
    public Screens(Map<Class<?>, Supplier<?>> controllers) {
        this.controllers = controllers;
    }

    record Loaded(Parent view, ScreenController controller) {}

    Loaded get(Screen screen) {
        return loaded.computeIfAbsent(screen, this::load);
    }

    private Loaded load(Screen screen) {
        FXMLLoader loader = new FXMLLoader(screen.fxml(), screen.words());
        loader.setControllerFactory(
                type -> {
                    Supplier<?> supplier = controllers.get(type);
                    if (supplier == null) {
                        throw new IllegalStateException(
                                "The workbench does not build a " + type.getSimpleName());
                    }
                    return supplier.get();
                });
        try {
            Parent view = loader.load();
            return new Loaded(view, loader.getController());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot load the screen " + screen.title(), e);
        }
    }
}
