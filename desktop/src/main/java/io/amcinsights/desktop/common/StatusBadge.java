package io.amcinsights.desktop.common;

import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.Tenant;

import javafx.scene.control.Label;

import org.kordamp.ikonli.javafx.FontIcon;

/** A state as icon, word and colour. */
public final class StatusBadge extends Label {

    private static final Messages MESSAGES = Messages.of(StatusBadge.class);

    public StatusBadge(Tone tone, String word) {
        super(word, new FontIcon(tone.icon()));
        getStyleClass().addAll("status-badge", tone.styleClass());
    }

    public static StatusBadge of(Tenant.Status status) {
        return new StatusBadge(
                switch (status) {
                    case PROVISIONING -> Tone.RUNNING;
                    case ACTIVE -> Tone.SUCCEEDED;
                    case FAILED -> Tone.FAILED;
                    case PAUSED -> Tone.CANCELLED;
                },
                MESSAGES.text("tenant." + status));
    }

    public static StatusBadge of(Run.Status status) {
        return new StatusBadge(
                switch (status) {
                    case QUEUED -> Tone.WAITING;
                    case RUNNING -> Tone.RUNNING;
                    case SUCCEEDED -> Tone.SUCCEEDED;
                    case FAILED -> Tone.FAILED;
                    case CANCELLED -> Tone.CANCELLED;
                },
                MESSAGES.text("run." + status));
    }

    public static StatusBadge of(Delivery.Status status) {
        return new StatusBadge(
                switch (status) {
                    case LOADING -> Tone.RUNNING;
                    case LOADED -> Tone.SUCCEEDED;
                    case EMPTY -> Tone.PRIVACY;
                    case IGNORED -> Tone.CANCELLED;
                    case FAILED -> Tone.FAILED;
                },
                MESSAGES.text("delivery." + status));
    }
}
