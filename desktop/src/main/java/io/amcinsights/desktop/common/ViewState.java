package io.amcinsights.desktop.common;

import javafx.beans.value.WritableValue;

import org.jspecify.annotations.Nullable;

/** What a list or chart shows: its content, or one of the four faces that stand in for it. */
public sealed interface ViewState {

    ViewState CONTENT = new Content();
    ViewState LOADING = new Loading();

    record Content() implements ViewState {}

    /** The first answer is under way. */
    record Loading() implements ViewState {}

    /**
     * There is nothing.
     *
     * @param icon a feather icon, such as {@code fth-users}
     * @param title what there is none of
     * @param sentence what it would be good for
     * @param action how to get the first one; null where it comes by itself
     */
    record Empty(String icon, String title, String sentence, @Nullable Action action)
            implements ViewState {}

    /**
     * It could not be read.
     *
     * @param retry asks again; null where that cannot help
     */
    record Failed(Problem problem, @Nullable Runnable retry) implements ViewState {}

    /**
     * It could not be read; asked again, it is loading.
     *
     * @param state is told so
     */
    static Failed retried(Problem problem, WritableValue<ViewState> state, Runnable retry) {
        return new Failed(
                problem,
                () -> {
                    state.setValue(LOADING);
                    retry.run();
                });
    }

    /** Privacy rules of AMC hide all of it. */
    record Hidden(String sentence) implements ViewState {}

    record Action(String label, Runnable command) {}
}
