package io.amcinsights.desktop.common;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;

import javafx.application.Application;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.css.PseudoClass;
import javafx.scene.Scene;

import java.util.Objects;

/** Light or dark, for all windows, remembered. */
public final class Appearance {

    private static final PseudoClass DARK = PseudoClass.getPseudoClass("dark");
    private static final String PREFERENCE = "appearance";

    private final Preferences preferences;
    private final ReadOnlyBooleanWrapper dark = new ReadOnlyBooleanWrapper();

    public Appearance(Preferences preferences) {
        this.preferences = preferences;
        dark.set(preferences.get(PREFERENCE).orElse("light").equals("dark"));
        apply();
    }

    /** Gives a scene our style; it follows later changes. */
    public void style(Scene scene) {
        scene.getStylesheets()
                .add(
                        Objects.requireNonNull(Appearance.class.getResource("base.css"))
                                .toExternalForm());
        scene.getRoot().pseudoClassStateChanged(DARK, dark.get());
        dark.addListener(
                (property, old, now) -> scene.getRoot().pseudoClassStateChanged(DARK, now));
    }

    public ReadOnlyBooleanProperty darkProperty() {
        return dark.getReadOnlyProperty();
    }

    public void setDark(boolean value) {
        dark.set(value);
        preferences.put(PREFERENCE, value ? "dark" : "light");
        apply();
    }

    private void apply() {
        Application.setUserAgentStylesheet(
                (dark.get() ? new PrimerDark() : new PrimerLight()).getUserAgentStylesheet());
    }
}
