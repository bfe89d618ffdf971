package io.amcinsights.desktop.common;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import org.jspecify.annotations.Nullable;

/** Short notes that appear over the window's lower right corner and go by themselves. */
public final class Toasts {

    private final ReadOnlyObjectWrapper<@Nullable Toast> newest = new ReadOnlyObjectWrapper<>();

    /**
     * @param action a way on from here; null where there is none
     */
    public record Toast(Tone tone, String text, ViewState.@Nullable Action action) {}

    /** Says that something was done. */
    public void done(String text) {
        newest.set(new Toast(Tone.SUCCEEDED, text, null));
    }

    /** Says that something was done, and where to go from here. */
    public void done(String text, String label, Runnable command) {
        newest.set(new Toast(Tone.SUCCEEDED, text, new ViewState.Action(label, command)));
    }

    /** Says that something failed, where there is no better place to say it. */
    public void failed(Problem problem) {
        newest.set(new Toast(Tone.FAILED, problem.title() + ". " + problem.message(), null));
    }

    public ReadOnlyObjectProperty<@Nullable Toast> newestProperty() {
        return newest.getReadOnlyProperty();
    }
}
