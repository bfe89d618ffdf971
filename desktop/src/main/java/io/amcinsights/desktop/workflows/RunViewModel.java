package io.amcinsights.desktop.workflows;

import io.amcinsights.contract.TimeWindow;
import io.amcinsights.contract.Workflow;
import io.amcinsights.contract.WorkflowRequest.RunWorkflow;
import io.amcinsights.desktop.aws.Backend;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Navigation;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.Screen;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.inputs.ParametersViewModel;
import io.amcinsights.desktop.inputs.RunRequests;
import io.amcinsights.desktop.inputs.TimeWindowViewModel;
import io.amcinsights.desktop.places.ShowRun;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.util.Map;

/** Asking for a run of a workflow: what it shall read. */
public final class RunViewModel {

    private static final Messages MESSAGES = Messages.of(RunViewModel.class);

    private final Backend backend;
    private final Tasks tasks;
    private final Navigation navigation;
    private final TimeWindowViewModel window;
    private final ParametersViewModel parameters;
    private final ReadOnlyObjectWrapper<@Nullable Workflow> workflow =
            new ReadOnlyObjectWrapper<>();
    private final ReadOnlyStringWrapper purpose = new ReadOnlyStringWrapper("");
    private final ReadOnlyObjectWrapper<@Nullable Problem> problem = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper();
    private final RunRequests requests = new RunRequests();
    private Tasks.@Nullable Handle waiting;

    public RunViewModel(Backend backend, Tasks tasks, Navigation navigation, Clock clock) {
        this.backend = backend;
        this.tasks = tasks;
        this.navigation = navigation;
        window = new TimeWindowViewModel(clock);
        parameters = new ParametersViewModel(window.momentProperty());
    }

    /**
     * Begins a form for a run of a saved workflow.
     *
     * @param tenant what its tenant is called
     */
    void begin(Workflow saved, String tenant) {
        close();
        purpose.set(MESSAGES.text("run.text", tenant));
        window.show(
                TimeWindow.of(TimeWindow.Type.MOST_RECENT_WEEK, TimeWindowViewModel.localZone()));
        parameters.show(saved.parameters(), Map.of());
        workflow.set(saved);
    }

    /** Asks for the run, unless something is wrong with the form. */
    void run() {
        Workflow of = workflow.get();
        problem.set(null);
        boolean rightWindow = window.check();
        boolean rightValues = parameters.check();
        if (of == null || !rightWindow || !rightValues) {
            return;
        }
        RunWorkflow request =
                requests.of(of.tenantId(), of.workflowId(), window.window(), parameters.values());
        busy.set(true);
        waiting =
                tasks.run(() -> backend.call(request))
                        .onSuccess(
                                run -> {
                                    close();
                                    navigation.show(Screen.PIPELINE, new ShowRun(run.runId()));
                                })
                        .onFailure(this::refused)
                        .andFinally(() -> busy.set(false))
                        .start();
    }

    private void refused(Problem why) {
        if (!window.refused(why) && !parameters.refused(why)) {
            problem.set(why);
        }
    }

    /** Does not wait for the answer any longer. */
    void cancel() {
        if (busy.get()) {
            stopWaiting();
            problem.set(
                    Problem.of(
                            MESSAGES.text("cancelled.title"),
                            MESSAGES.text("cancelled.message"),
                            MESSAGES.text("run.cancelled.next")));
        }
    }

    /** Forgets the form. */
    void close() {
        stopWaiting();
        requests.forget();
        problem.set(null);
        workflow.set(null);
    }

    private void stopWaiting() {
        if (waiting != null) {
            waiting.cancel();
            waiting = null;
        }
        busy.set(false);
    }

    /** The workflow to run; null while none is asked for. */
    ReadOnlyObjectProperty<@Nullable Workflow> workflowProperty() {
        return workflow.getReadOnlyProperty();
    }

    /** For whom it runs and what comes of it, in words. */
    ReadOnlyStringProperty purposeProperty() {
        return purpose.getReadOnlyProperty();
    }

    TimeWindowViewModel window() {
        return window;
    }

    ParametersViewModel parameters() {
        return parameters;
    }

    /** What is wrong, where no field is at fault. */
    ReadOnlyObjectProperty<@Nullable Problem> problemProperty() {
        return problem.getReadOnlyProperty();
    }

    /** Whether the answer is awaited. */
    ReadOnlyBooleanProperty busyProperty() {
        return busy.getReadOnlyProperty();
    }
}
