package io.amcinsights.desktop.common;

import javafx.scene.control.Label;

/** A label that shows all of its text, in as many lines as that takes. */
public final class WrappedLabel extends Label {

    public WrappedLabel(String text, String... styleClasses) {
        super(text);
        setWrapText(true);
        setMinHeight(USE_PREF_SIZE);
        getStyleClass().addAll(styleClasses);
    }
}
