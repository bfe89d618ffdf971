package io.amcinsights.desktop.pipeline;

import io.amcinsights.desktop.aws.Executions;
import io.amcinsights.desktop.aws.Executions.Event;
import io.amcinsights.desktop.aws.Executions.Execution;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.ViewState;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** One execution of a state machine: its graph, its history, and redriving it. */
public final class ExecutionViewModel {

    private static final Messages MESSAGES = Messages.of(ExecutionViewModel.class);
    private static final Duration WHILE_RUNNING = Duration.ofSeconds(1);
    private static final Duration WHILE_ENDED = Duration.ofSeconds(20);

    private final Executions executions;
    private final Tasks tasks;
    private final ToDoubleFunction<String> textWidth;

    private final ReadOnlyObjectWrapper<@Nullable Shown> shown = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<ViewState> state =
            new ReadOnlyObjectWrapper<>(ViewState.LOADING);
    private final ObservableList<Event> events = FXCollections.observableArrayList();
    private final ObjectProperty<@Nullable String> selected = new SimpleObjectProperty<>();
    private final ReadOnlyObjectWrapper<@Nullable Problem> refused = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyBooleanWrapper redrivable = new ReadOnlyBooleanWrapper();

    private @Nullable String arn;
    private Tasks.@Nullable Handle work;
    private Tasks.@Nullable Handle timer;
    private boolean refreshing;
    private volatile boolean running;

    /**
     * @param textWidth how wide a state's name is drawn; called away from the JavaFX thread
     */
    public ExecutionViewModel(
            Executions executions, Tasks tasks, ToDoubleFunction<String> textWidth) {
        this.executions = executions;
        this.tasks = tasks;
        this.textWidth = textWidth;
    }

    /** An execution as it stands. */
    record Shown(Execution execution, StateGraph graph, GraphLayout layout, ExecutionTrace trace) {}

    private record Fetched(Shown shown, List<Event> events) {}

    /** Shows an execution and follows it while it runs. */
    void show(String execution) {
        if (execution.equals(arn)) {
            return;
        }
        stop();
        arn = execution;
        shown.set(null);
        selected.set(null);
        refused.set(null);
        redrivable.set(false);
        events.clear();
        state.set(ViewState.LOADING);
        follow();
    }

    /**
     * There is no execution to show.
     *
     * @param yet there will be one
     */
    void showNone(boolean yet) {
        stop();
        arn = null;
        shown.set(null);
        events.clear();
        redrivable.set(false);
        state.set(
                new ViewState.Empty(
                        "fth-share-2",
                        MESSAGES.text(yet ? "execution.yet.title" : "execution.none.title"),
                        MESSAGES.text(yet ? "execution.yet.sentence" : "execution.none.sentence"),
                        null));
    }

    /** Goes on to refresh what is shown. */
    void follow() {
        if (arn == null || timer != null) {
            return;
        }
        running = true;
        refresh();
        timer = tasks.every(() -> running ? WHILE_RUNNING : WHILE_ENDED, this::refresh);
    }

    /** Stops to refresh; what is shown stays. */
    void stop() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        if (work != null) {
            work.cancel();
            work = null;
            refreshing = false;
        }
    }

    private void refresh() {
        String execution = arn;
        if (execution == null || refreshing) {
            return;
        }
        refreshing = true;
        Shown known = shown.get();
        work =
                tasks.run(() -> fetch(execution, known))
                        .onSuccess(this::fetched)
                        .onFailure(this::failed)
                        .andFinally(() -> refreshing = false)
                        .start();
    }

    /** The definition as run never changes: it is read and laid out once. */
    private Fetched fetch(String execution, @Nullable Shown known) {
        Execution now = executions.describe(execution);
        List<Event> history = executions.history(execution);
        ExecutionTrace trace = ExecutionTrace.of(history);
        if (known != null) {
            return new Fetched(new Shown(now, known.graph(), known.layout(), trace), history);
        }
        StateGraph graph = StateGraph.of(executions.definition(execution));
        GraphLayout layout = GraphLayout.of(graph, textWidth);
        return new Fetched(new Shown(now, graph, layout, trace), history);
    }

    private void fetched(Fetched fetched) {
        Shown now = fetched.shown();
        running = !now.execution().status().ended();
        shown.set(now);
        events.setAll(fetched.events());
        redrivable.set(now.execution().redrivable() && worthRedriving(now));
        state.set(ViewState.CONTENT);
        if (selected.get() == null) {
            selected.set(worthLookingAt(now.trace()));
        }
    }

    private static @Nullable String worthLookingAt(ExecutionTrace trace) {
        if (trace.visits().isEmpty()) {
            return null;
        }
        return trace.firstFailure().orElse(trace.visits().getLast()).state();
    }

    /** A redrive goes on at the state that failed: at a Fail state it can only fail again. */
    private static boolean worthRedriving(Shown now) {
        return now.trace().visits().reversed().stream()
                .filter(v -> v.outcome() == ExecutionTrace.Outcome.FAILED)
                .findFirst()
                .map(
                        v ->
                                now.graph().nodes().stream()
                                        .noneMatch(
                                                n ->
                                                        n.id().equals(v.state())
                                                                && n.type().equals("Fail")))
                .orElse(true);
    }

    private void failed(Problem problem) {
        running = false;
        if (shown.get() == null) {
            state.set(ViewState.retried(problem, state, this::refresh));
        } else {
            refused.set(problem);
        }
    }

    /** Goes on from the state that failed. */
    void redrive() {
        String execution = arn;
        if (execution == null) {
            return;
        }
        redrivable.set(false);
        refused.set(null);
        tasks.run(
                        () -> {
                            executions.redrive(execution);
                            return execution;
                        })
                .onSuccess(
                        any -> {
                            running = true;
                            refresh();
                        })
                .onFailure(
                        problem -> {
                            refused.set(problem);
                            redrivable.set(true);
                        })
                .start();
    }

    ReadOnlyObjectProperty<ViewState> stateProperty() {
        return state.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable Shown> shownProperty() {
        return shown.getReadOnlyProperty();
    }

    ObservableList<Event> events() {
        return FXCollections.unmodifiableObservableList(events);
    }

    /** Name of the state that is looked into. */
    ObjectProperty<@Nullable String> selectedProperty() {
        return selected;
    }

    ReadOnlyObjectProperty<@Nullable Problem> refusedProperty() {
        return refused.getReadOnlyProperty();
    }

    ReadOnlyBooleanProperty redrivableProperty() {
        return redrivable.getReadOnlyProperty();
    }
}
