package io.amcinsights.desktop.shell;

import io.amcinsights.desktop.aws.Installation;
import io.amcinsights.desktop.common.Appearance;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Navigation;
import io.amcinsights.desktop.common.Preferences;
import io.amcinsights.desktop.common.Screen;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.Toasts;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/** Which screen is shown, where we are signed in, what goes on behind. */
public final class ShellViewModel implements Navigation {

    private static final Messages MESSAGES = Messages.of(ShellViewModel.class);
    private static final String LAST_SCREEN = "screen";

    private final Installation installation;
    private final String identity;
    private final Tasks tasks;
    private final Toasts toasts;
    private final Appearance appearance;
    private final Preferences preferences;
    private final Runnable signOut;
    private final ReadOnlyObjectWrapper<Visit> visit;

    public ShellViewModel(
            Installation installation,
            String identity,
            Tasks tasks,
            Toasts toasts,
            Appearance appearance,
            Preferences preferences,
            Runnable signOut) {
        this.installation = installation;
        this.identity = identity;
        this.tasks = tasks;
        this.toasts = toasts;
        this.appearance = appearance;
        this.preferences = preferences;
        this.signOut = signOut;
        String last = preferences.get(LAST_SCREEN).orElse("");
        visit =
                new ReadOnlyObjectWrapper<>(
                        new Visit(
                                Arrays.stream(Screen.values())
                                        .filter(
                                                screen ->
                                                        screen.name().equals(last)
                                                                && screen.exists())
                                        .findFirst()
                                        .orElse(Screen.OVERVIEW),
                                null,
                                0));
    }

    /**
     * A screen being shown.
     *
     * @param argument what it was handed
     * @param number tells visits of the same place apart: whoever asks for it again is shown it
     *     again
     */
    record Visit(Screen screen, @Nullable Object argument, long number) {}

    ReadOnlyObjectProperty<Visit> visitProperty() {
        return visit.getReadOnlyProperty();
    }

    @Override
    public void show(Screen screen) {
        go(screen, null);
    }

    @Override
    public void show(Screen screen, Object argument) {
        go(screen, argument);
    }

    private void go(Screen screen, @Nullable Object argument) {
        visit.set(new Visit(screen, argument, visit.get().number() + 1));
        preferences.put(LAST_SCREEN, screen.name());
    }

    /** The installation and its region, in words. */
    String place() {
        return MESSAGES.text(
                installation.local() ? "place.local" : "place.aws",
                installation.name(),
                installation.region());
    }

    String identity() {
        return identity;
    }

    ObservableList<Tasks.Running> running() {
        return tasks.named();
    }

    ReadOnlyObjectProperty<Toasts.@Nullable Toast> toastProperty() {
        return toasts.newestProperty();
    }

    Appearance appearance() {
        return appearance;
    }

    void signOut() {
        signOut.run();
    }
}
