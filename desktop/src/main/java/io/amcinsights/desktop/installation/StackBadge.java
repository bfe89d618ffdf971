package io.amcinsights.desktop.installation;

import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.StatusBadge;
import io.amcinsights.desktop.common.Tone;
import io.amcinsights.desktop.deployment.StackState;

import javafx.scene.layout.Region;

/** The state of a stack as icon, word and colour. */
public final class StackBadge {

    private static final Messages MESSAGES = Messages.of(StackBadge.class);

    private StackBadge() {}

    public static StatusBadge of(StackState state) {
        StatusBadge badge =
                new StatusBadge(
                        switch (state) {
                            case READY, READY_AFTER_FAILURE -> Tone.SUCCEEDED;
                            case CREATING, UPDATING, ROLLING_BACK, REMOVING -> Tone.RUNNING;
                            case UNDER_REVIEW -> Tone.WAITING;
                            case REMOVED -> Tone.CANCELLED;
                            case FAILED_CREATION, HALF_UPDATED, STUCK, HALF_REMOVED -> Tone.FAILED;
                        },
                        MESSAGES.text("state." + state));
        badge.setMinWidth(Region.USE_PREF_SIZE);
        return badge;
    }
}
