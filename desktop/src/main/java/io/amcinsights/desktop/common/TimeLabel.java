package io.amcinsights.desktop.common;

import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/** A time relative to now; absolute, with its zone, on hover. */
public final class TimeLabel extends Label {

    public TimeLabel() {
        getStyleClass().add("time");
    }

    public TimeLabel(@Nullable Instant time) {
        this();
        show(time);
    }

    public void show(@Nullable Instant time) {
        if (time == null) {
            setText("–");
            setTooltip(null);
        } else {
            setText(Format.relative(time, Instant.now()));
            setTooltip(new Tooltip(Format.absolute(time)));
        }
    }
}
