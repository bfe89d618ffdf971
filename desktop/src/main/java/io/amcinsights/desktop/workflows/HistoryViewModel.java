package io.amcinsights.desktop.workflows;

import io.amcinsights.contract.Parameter;
import io.amcinsights.contract.Workflow;
import io.amcinsights.contract.WorkflowRequest.ListVersions;
import io.amcinsights.desktop.aws.Backend;
import io.amcinsights.desktop.common.Diff;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.ViewState;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What a workflow was before, and what each saving changed. */
public final class HistoryViewModel {

    /**
     * A version that was saved.
     *
     * @param changes to the version before it; none for the first
     */
    record Version(Workflow workflow, boolean current, Diff changes) {}

    private static final Messages MESSAGES = Messages.of(HistoryViewModel.class);

    private final Backend backend;
    private final Tasks tasks;
    private final ReadOnlyObjectWrapper<@Nullable Workflow> workflow =
            new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<ViewState> state =
            new ReadOnlyObjectWrapper<>(ViewState.LOADING);
    private final ObservableList<Version> versions = FXCollections.observableArrayList();

    public HistoryViewModel(Backend backend, Tasks tasks) {
        this.backend = backend;
        this.tasks = tasks;
    }

    void open(Workflow opened) {
        workflow.set(opened);
        state.set(ViewState.LOADING);
        versions.clear();
        read(opened);
    }

    private void read(Workflow opened) {
        ListVersions request = new ListVersions(opened.tenantId(), opened.workflowId());
        tasks.run(() -> backend.call(request).workflows())
                .onSuccess(
                        all -> {
                            if (opened.equals(workflow.get())) {
                                versions.setAll(versions(all));
                                state.set(ViewState.CONTENT);
                            }
                        })
                .onFailure(why -> state.set(new ViewState.Failed(why, () -> read(opened))))
                .start();
    }

    void close() {
        workflow.set(null);
    }

    private static List<Version> versions(List<Workflow> newestFirst) {
        List<Version> versions = new ArrayList<>();
        for (int i = 0; i < newestFirst.size(); i++) {
            Workflow before = i + 1 < newestFirst.size() ? newestFirst.get(i + 1) : null;
            versions.add(
                    new Version(
                            newestFirst.get(i),
                            i == 0,
                            before == null
                                    ? new Diff(List.of())
                                    : changes(before, newestFirst.get(i))));
        }
        return versions;
    }

    /** What makes the one of the other. */
    static Diff changes(Workflow before, Workflow after) {
        return Diff.of(lines(before), lines(after));
    }

    /** A workflow as a text, so that everything that can change is compared alike. */
    private static List<String> lines(Workflow of) {
        List<String> lines = new ArrayList<>();
        lines.add(MESSAGES.text("history.title", of.title()));
        of.description().lines().forEach(line -> lines.add(MESSAGES.text("history.about", line)));
        for (Parameter p : of.parameters()) {
            lines.add(
                    MESSAGES.text(
                            "history.parameter",
                            p.name(),
                            p.array() ? p.type() + "[]" : p.type().toString(),
                            p.defaultValue() == null
                                    ? ""
                                    : " = " + Objects.toString(p.defaultValue())));
        }
        of.sql().lines().forEach(lines::add);
        return lines;
    }

    /** Whose history it is; null while none is shown. */
    ReadOnlyObjectProperty<@Nullable Workflow> workflowProperty() {
        return workflow.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<ViewState> stateProperty() {
        return state.getReadOnlyProperty();
    }

    ObservableList<Version> versions() {
        return versions;
    }
}
