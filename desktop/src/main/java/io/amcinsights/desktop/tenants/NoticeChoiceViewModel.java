package io.amcinsights.desktop.tenants;

import io.amcinsights.contract.NoticeSettings;
import io.amcinsights.contract.NoticeSettings.Choice;
import io.amcinsights.contract.Workflow;
import io.amcinsights.contract.WorkflowRequest.GetNoticeSettings;
import io.amcinsights.contract.WorkflowRequest.ListWorkflows;
import io.amcinsights.contract.WorkflowRequest.PutNoticeSettings;
import io.amcinsights.desktop.aws.Backend;
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

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What people are told of a tenant's runs and deliveries, and of single workflows. */
public final class NoticeChoiceViewModel {

    /**
     * A workflow of the tenant.
     *
     * @param choice null for what is told of the tenant
     */
    record Row(String workflowId, String title, ObjectProperty<@Nullable Choice> choice) {}

    private final Backend backend;
    private final Tasks tasks;
    private final ReadOnlyObjectWrapper<ViewState> state =
            new ReadOnlyObjectWrapper<>(ViewState.LOADING);
    private final ObjectProperty<Choice> choice = new SimpleObjectProperty<>(Choice.ALL);
    private final ObservableList<Row> rows = FXCollections.observableArrayList();
    private final ReadOnlyObjectWrapper<@Nullable Problem> refused = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper();
    private NoticeSettings seen = NoticeSettings.of("");

    public NoticeChoiceViewModel(Backend backend, Tasks tasks) {
        this.backend = backend;
        this.tasks = tasks;
    }

    private record Found(NoticeSettings settings, List<Workflow> workflows) {}

    void open(String tenantId) {
        seen = NoticeSettings.of(tenantId);
        refused.set(null);
        state.set(ViewState.LOADING);
        tasks.run(
                        () ->
                                new Found(
                                        backend.call(new GetNoticeSettings(tenantId)),
                                        backend.call(new ListWorkflows(tenantId)).workflows()))
                .onSuccess(this::show)
                .onFailure(
                        problem -> state.set(new ViewState.Failed(problem, () -> open(tenantId))))
                .start();
    }

    private void show(Found found) {
        if (!found.settings().tenantId().equals(seen.tenantId())) {
            return;
        }
        seen = found.settings();
        choice.set(seen.choice());
        rows.setAll(
                found.workflows().stream()
                        .sorted(Comparator.comparing(Workflow::title))
                        .map(
                                w ->
                                        new Row(
                                                w.workflowId(),
                                                w.title(),
                                                new SimpleObjectProperty<>(
                                                        seen.byWorkflow().get(w.workflowId()))))
                        .toList());
        state.set(ViewState.CONTENT);
    }

    void save(Runnable then) {
        Map<String, Choice> byWorkflow = new HashMap<>();
        rows.forEach(
                row -> {
                    Choice own = row.choice().get();
                    if (own != null) {
                        byWorkflow.put(row.workflowId(), own);
                    }
                });
        NoticeSettings chosen =
                new NoticeSettings(seen.tenantId(), choice.get(), byWorkflow, seen.version());
        busy.set(true);
        refused.set(null);
        tasks.run(() -> backend.call(new PutNoticeSettings(chosen)))
                .onSuccess(
                        kept -> {
                            seen = kept;
                            then.run();
                        })
                .onFailure(refused::set)
                .andFinally(() -> busy.set(false))
                .start();
    }

    ReadOnlyObjectProperty<ViewState> stateProperty() {
        return state.getReadOnlyProperty();
    }

    /** What is told of the tenant. */
    ObjectProperty<Choice> choiceProperty() {
        return choice;
    }

    ObservableList<Row> rows() {
        return rows;
    }

    /** Why it was not saved. */
    ReadOnlyObjectProperty<@Nullable Problem> refusedProperty() {
        return refused.getReadOnlyProperty();
    }

    ReadOnlyBooleanProperty busyProperty() {
        return busy.getReadOnlyProperty();
    }
}
