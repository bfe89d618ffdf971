package io.amcinsights.desktop.overview;

import io.amcinsights.desktop.aws.Backend;
import io.amcinsights.desktop.common.Navigation;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.Screen;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.ViewState;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/** Where the installation stands, kept fresh while it is shown. */
public final class OverviewViewModel {

    private static final Duration CALM = Duration.ofSeconds(30);
    private static final Duration BUSY = Duration.ofSeconds(2);

    private final Backend backend;
    private final Tasks tasks;
    private final Navigation navigation;
    private final ReadOnlyObjectWrapper<@Nullable Summary> summary = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<ViewState> state =
            new ReadOnlyObjectWrapper<>(ViewState.LOADING);
    private volatile boolean busy;
    private final Tasks.Repeated refreshing;

    public OverviewViewModel(Backend backend, Tasks tasks, Navigation navigation) {
        this.backend = backend;
        this.tasks = tasks;
        refreshing = tasks.repeated(() -> busy ? BUSY : CALM, this::refresh);
        this.navigation = navigation;
    }

    /** Reads now, and again from time to time until {@link #stop()}. */
    void start() {
        refreshing.start();
    }

    void stop() {
        refreshing.stop();
    }

    void refresh() {
        tasks.run(() -> Summary.read(backend))
                .onSuccess(this::show)
                .onFailure(this::failed)
                .start();
    }

    private void show(Summary now) {
        busy = now.busy();
        summary.set(now);
        state.set(ViewState.CONTENT);
    }

    private void failed(Problem problem) {
        if (summary.get() == null) {
            state.set(ViewState.retried(problem, state, this::refresh));
        }
    }

    ReadOnlyObjectProperty<@Nullable Summary> summaryProperty() {
        return summary.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<ViewState> stateProperty() {
        return state.getReadOnlyProperty();
    }

    void go(Screen screen, @Nullable Object argument) {
        if (argument == null) {
            navigation.show(screen);
        } else {
            navigation.show(screen, argument);
        }
    }
}
