package io.amcinsights.desktop.workflows;

import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.Workflow;
import io.amcinsights.contract.WorkflowRequest.CompareWorkflows;
import io.amcinsights.contract.WorkflowRequest.Difference;
import io.amcinsights.contract.WorkflowRequest.SettleWorkflow;
import io.amcinsights.contract.WorkflowRequest.SettleWorkflow.Side;
import io.amcinsights.desktop.aws.Backend;
import io.amcinsights.desktop.common.Diff;
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

import java.util.List;

/** A tenant's workflows beside those that AMC has, and which of both counts. */
public final class CompareViewModel {

    private static final Messages MESSAGES = Messages.of(CompareViewModel.class);

    /**
     * A workflow that is not the same here and there.
     *
     * @param changes what makes AMC's of ours; none where one of both is missing
     * @param problem why it could not be settled; null while nothing is known
     */
    record Entry(
            Difference difference, Diff changes, ReadOnlyObjectWrapper<@Nullable Problem> problem) {

        private Entry(Difference difference) {
            this(difference, changes(difference), new ReadOnlyObjectWrapper<>());
        }

        private static Diff changes(Difference of) {
            Workflow ours = of.ours();
            Workflow theirs = of.theirs();
            return ours == null || theirs == null
                    ? new Diff(List.of())
                    : HistoryViewModel.changes(ours, theirs);
        }
    }

    private final Backend backend;
    private final Tasks tasks;
    private final Runnable changed;
    private final ObservableList<Tenant> tenants = FXCollections.observableArrayList();
    private final ObjectProperty<@Nullable Tenant> tenant = new SimpleObjectProperty<>();
    private final ReadOnlyBooleanWrapper open = new ReadOnlyBooleanWrapper();
    private final ReadOnlyObjectWrapper<ViewState> state =
            new ReadOnlyObjectWrapper<>(ViewState.LOADING);
    private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper();
    private final ObservableList<Entry> entries = FXCollections.observableArrayList();

    /**
     * @param changed called when the workflows here have changed
     */
    CompareViewModel(Backend backend, Tasks tasks, Runnable changed) {
        this.backend = backend;
        this.tasks = tasks;
        this.changed = changed;
        tenant.subscribe(this::read);
    }

    /**
     * @param known all tenants
     * @param first the tenant to begin with; null for any
     */
    void open(List<Tenant> known, @Nullable Tenant first) {
        tenants.setAll(known.stream().filter(t -> t.status() == Tenant.Status.ACTIVE).toList());
        open.set(true);
        tenant.set(null);
        tenant.set(
                first != null && tenants.contains(first)
                        ? first
                        : tenants.isEmpty() ? null : tenants.getFirst());
    }

    void close() {
        open.set(false);
        tenant.set(null);
    }

    private void read() {
        Tenant of = tenant.get();
        entries.clear();
        if (of == null) {
            state.set(
                    new ViewState.Empty(
                            "fth-users",
                            MESSAGES.text("compare.none.title"),
                            MESSAGES.text("compare.none.text"),
                            null));
            return;
        }
        state.set(ViewState.LOADING);
        tasks.run(() -> backend.call(new CompareWorkflows(of.tenantId())).differences())
                .onSuccess(
                        found -> {
                            if (of.equals(tenant.get())) {
                                entries.setAll(found.stream().map(Entry::new).toList());
                                showState();
                            }
                        })
                .onFailure(why -> state.set(new ViewState.Failed(why, this::read)))
                .start();
    }

    private void showState() {
        state.set(
                entries.isEmpty()
                        ? new ViewState.Empty(
                                "fth-check-circle",
                                MESSAGES.text("compare.same.title"),
                                MESSAGES.text("compare.same.text"),
                                null)
                        : ViewState.CONTENT);
    }

    void settle(Entry entry, Side keep) {
        Tenant of = tenant.get();
        if (of == null) {
            return;
        }
        entry.problem().set(null);
        busy.set(true);
        SettleWorkflow request =
                new SettleWorkflow(of.tenantId(), entry.difference().workflowId(), keep);
        tasks.run(() -> backend.call(request))
                .onSuccess(
                        workflow -> {
                            entries.remove(entry);
                            showState();
                            changed.run();
                        })
                .onFailure(entry.problem()::set)
                .andFinally(() -> busy.set(false))
                .start();
    }

    /** Whether the comparison is shown. */
    ReadOnlyBooleanProperty openProperty() {
        return open.getReadOnlyProperty();
    }

    /** Those that can be compared. */
    ObservableList<Tenant> tenants() {
        return tenants;
    }

    /** Whose workflows are compared. */
    ObjectProperty<@Nullable Tenant> tenantProperty() {
        return tenant;
    }

    ReadOnlyObjectProperty<ViewState> stateProperty() {
        return state.getReadOnlyProperty();
    }

    ReadOnlyBooleanProperty busyProperty() {
        return busy.getReadOnlyProperty();
    }

    ObservableList<Entry> entries() {
        return entries;
    }
}
