package io.amcinsights.desktop.workflows;

import io.amcinsights.contract.Run;
import io.amcinsights.contract.WorkflowRequest.CancelRun;
import io.amcinsights.contract.WorkflowRequest.GetRun;
import io.amcinsights.contract.WorkflowRequest.ReadResult;
import io.amcinsights.contract.WorkflowRequest.Result;
import io.amcinsights.desktop.aws.Backend;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.Tasks;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/** A query that is tried: followed until it has ended, and its first rows. */
public final class TrialViewModel {

    private static final Messages MESSAGES = Messages.of(TrialViewModel.class);
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** How the trial stands. */
    sealed interface State {
        /** Nothing is tried. */
        record None() implements State {}

        record UnderWay(Run run) implements State {}

        /** AMC accepts the query; a dry run has no rows. */
        record Accepted() implements State {}

        record Rows(Result result) implements State {}

        record Failed(Problem problem) implements State {}
    }

    private record Look(Run run, @Nullable Result result) {}

    private final Backend backend;
    private final Tasks tasks;
    private final ReadOnlyObjectWrapper<State> state =
            new ReadOnlyObjectWrapper<>(new State.None());
    private final Tasks.Repeated looks;
    private boolean looking;

    TrialViewModel(Backend backend, Tasks tasks) {
        this.backend = backend;
        this.tasks = tasks;
        looks = tasks.repeated(() -> LOOK, this::look);
    }

    void follow(Run run) {
        state.set(new State.UnderWay(run));
        looks.start();
    }

    private void look() {
        if (looking || !(state.get() instanceof State.UnderWay(Run followed))) {
            return;
        }
        looking = true;
        tasks.run(() -> look(followed.runId()))
                .onSuccess(seen -> show(followed, seen))
                .onFailure(why -> end(followed, new State.Failed(why)))
                .andFinally(() -> looking = false)
                .start();
    }

    private Look look(String runId) {
        Run run = backend.call(new GetRun(runId));
        Run.AdHoc query = run.adHoc();
        boolean hasRows = run.status() == Run.Status.SUCCEEDED && query != null && !query.dryRun();
        return new Look(run, hasRows ? backend.call(new ReadResult(runId)) : null);
    }

    private void show(Run followed, Look seen) {
        Run run = seen.run();
        if (!run.status().ended()) {
            end(followed, new State.UnderWay(run));
        } else if (run.problem() != null) {
            end(followed, new State.Failed(Problem.of(run.problem())));
        } else if (run.status() == Run.Status.CANCELLED) {
            end(followed, new State.None());
        } else {
            Result result = seen.result();
            end(followed, result == null ? new State.Accepted() : new State.Rows(result));
        }
    }

    /** Unless another one is followed by now. */
    private void end(Run followed, State now) {
        if (state.get() instanceof State.UnderWay(Run run)
                && run.runId().equals(followed.runId())) {
            state.set(now);
            if (!(now instanceof State.UnderWay)) {
                looks.stop();
            }
        }
    }

    /** Cancels the run at AMC. */
    void cancel() {
        if (state.get() instanceof State.UnderWay(Run run)) {
            tasks.run(() -> backend.call(new CancelRun(run.runId())))
                    .onSuccess(cancelled -> end(run, new State.None()))
                    .onFailure(why -> end(run, new State.Failed(why)))
                    .start();
        }
    }

    /** Shows it no longer; a run goes on and is found under Pipeline. */
    void close() {
        looks.stop();
        state.set(new State.None());
    }

    /** How many rows there are, in words. */
    static String count(Result result) {
        int rows = result.rows().size();
        return result.more()
                ? MESSAGES.text("try.rows.first", rows)
                : MESSAGES.text("try.rows", rows);
    }

    ReadOnlyObjectProperty<State> stateProperty() {
        return state.getReadOnlyProperty();
    }
}
