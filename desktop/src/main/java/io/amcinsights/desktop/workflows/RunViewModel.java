package io.amcinsights.desktop.workflows;

import io.amcinsights.contract.Run;
import io.amcinsights.contract.TimeWindow;
import io.amcinsights.contract.Workflow;
import io.amcinsights.contract.WorkflowRequest;
import io.amcinsights.contract.WorkflowRequest.RunQuery;
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

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleBooleanProperty;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.util.List;
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
    private final ReadOnlyBooleanWrapper trying = new ReadOnlyBooleanWrapper();
    private final BooleanProperty dryRun = new SimpleBooleanProperty();
    private final TrialViewModel trial;
    private Tasks.@Nullable Handle waiting;

    public RunViewModel(Backend backend, Tasks tasks, Navigation navigation, Clock clock) {
        this.backend = backend;
        this.tasks = tasks;
        this.navigation = navigation;
        trial = new TrialViewModel(backend, tasks);
        window = new TimeWindowViewModel(clock);
        parameters = new ParametersViewModel(window.momentProperty());
    }

    /**
     * Begins a form for a run of a saved workflow.
     *
     * @param tenant what its tenant is called
     */
    void begin(Workflow saved, String tenant) {
        begin(saved, MESSAGES.text("run.text", tenant), false);
    }

    /** Begins a form for a run of a query as it stands in the editor, saved or not. */
    void beginTrial(Workflow draft, String tenant) {
        begin(draft, MESSAGES.text("try.text", tenant), true);
    }

    private void begin(Workflow saved, String text, boolean isTrial) {
        close();
        purpose.set(text);
        trying.set(isTrial);
        dryRun.set(false);
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
        WorkflowRequest<Run> request = trying.get() ? trial(of) : saved(of);
        busy.set(true);
        waiting =
                tasks.run(() -> backend.call(request))
                        .onSuccess(
                                run -> {
                                    close();
                                    if (run.adHoc() == null) {
                                        navigation.show(Screen.PIPELINE, new ShowRun(run.runId()));
                                    } else {
                                        trial.follow(run);
                                    }
                                })
                        .onFailure(this::refused)
                        .andFinally(() -> busy.set(false))
                        .start();
    }

    private RunWorkflow saved(Workflow of) {
        RunWorkflow form =
                new RunWorkflow(
                        of.tenantId(), of.workflowId(), window.window(), parameters.values(), "");
        return form.withKey(requests.keyOf(form));
    }

    private RunQuery trial(Workflow of) {
        Run.AdHoc query = new Run.AdHoc(of.sql(), of.parameters(), dryRun.get());
        List<Object> form = List.of(of.tenantId(), query, window.window(), parameters.values());
        return new RunQuery(
                of.tenantId(), query, window.window(), parameters.values(), requests.keyOf(form));
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

    /** Whether the query is tried and its result only looked at. */
    ReadOnlyBooleanProperty tryingProperty() {
        return trying.getReadOnlyProperty();
    }

    /** Whether AMC shall only check the query that is tried. */
    BooleanProperty dryRunProperty() {
        return dryRun;
    }

    /** What is tried, and what came of it. */
    TrialViewModel trial() {
        return trial;
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
