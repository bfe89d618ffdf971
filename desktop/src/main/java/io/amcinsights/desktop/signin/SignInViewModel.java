package io.amcinsights.desktop.signin;

import io.amcinsights.desktop.aws.Session;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.Tasks;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.function.Consumer;

/** Choosing an installation: the local workspace, or one on AWS. */
public final class SignInViewModel {

    private final LocalWorkspace localWorkspace;
    private final Tasks tasks;
    private final Consumer<Session> onSignedIn;
    private final ReadOnlyBooleanWrapper starting = new ReadOnlyBooleanWrapper();
    private final ReadOnlyStringWrapper progress = new ReadOnlyStringWrapper("");
    private final ReadOnlyObjectWrapper<@Nullable Problem> problem = new ReadOnlyObjectWrapper<>();
    private Tasks.@Nullable Handle start;

    public SignInViewModel(
            LocalWorkspace localWorkspace, Tasks tasks, Consumer<Session> onSignedIn) {
        this.localWorkspace = localWorkspace;
        this.tasks = tasks;
        this.onSignedIn = onSignedIn;
    }

    void openLocalWorkspace() {
        problem.set(null);
        progress.set("");
        starting.set(true);
        start =
                tasks.run(
                                () ->
                                        localWorkspace.start(
                                                line ->
                                                        tasks.inForeground(
                                                                () -> progress.set(line))))
                        .onSuccess(onSignedIn)
                        .onFailure(problem::set)
                        .andFinally(() -> starting.set(false))
                        .start();
    }

    void cancel() {
        if (start != null) {
            start.cancel();
            starting.set(false);
        }
    }

    ReadOnlyBooleanProperty startingProperty() {
        return starting.getReadOnlyProperty();
    }

    ReadOnlyStringProperty progressProperty() {
        return progress.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable Problem> problemProperty() {
        return problem.getReadOnlyProperty();
    }

    Path data() {
        return localWorkspace.data();
    }
}
