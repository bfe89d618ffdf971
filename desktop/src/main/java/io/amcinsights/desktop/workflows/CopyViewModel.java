package io.amcinsights.desktop.workflows;

import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.Workflow;
import io.amcinsights.contract.WorkflowRequest.Copies;
import io.amcinsights.contract.WorkflowRequest.CopyWorkflow;
import io.amcinsights.desktop.aws.Backend;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.Tasks;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;

/** Gives a workflow to other tenants. */
public final class CopyViewModel {

    /**
     * A tenant that may have it.
     *
     * @param chosen it shall have it
     * @param problem why it could not; null while nothing is known
     * @param done it has it
     */
    record Target(
            Tenant tenant,
            BooleanProperty chosen,
            ReadOnlyObjectWrapper<@Nullable Problem> problem,
            ReadOnlyBooleanWrapper done) {

        private Target(Tenant tenant) {
            this(
                    tenant,
                    new SimpleBooleanProperty(),
                    new ReadOnlyObjectWrapper<>(),
                    new ReadOnlyBooleanWrapper());
        }
    }

    private final Backend backend;
    private final Tasks tasks;
    private final ReadOnlyObjectWrapper<@Nullable Workflow> workflow =
            new ReadOnlyObjectWrapper<>();
    private final ObservableList<Target> targets = FXCollections.observableArrayList();
    private final BooleanProperty replace = new SimpleBooleanProperty();
    private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper();
    private final ReadOnlyObjectWrapper<@Nullable Problem> problem = new ReadOnlyObjectWrapper<>();

    public CopyViewModel(Backend backend, Tasks tasks) {
        this.backend = backend;
        this.tasks = tasks;
    }

    /**
     * @param tenants all that are known
     */
    void open(Workflow opened, List<Tenant> tenants) {
        targets.setAll(
                tenants.stream()
                        .filter(t -> t.status() == Tenant.Status.ACTIVE)
                        .filter(t -> !t.tenantId().equals(opened.tenantId()))
                        .map(Target::new)
                        .toList());
        replace.set(false);
        problem.set(null);
        workflow.set(opened);
    }

    void close() {
        workflow.set(null);
    }

    /** Sends it to those that are chosen and do not have it yet. */
    void copy() {
        Workflow from = Objects.requireNonNull(workflow.get(), "no workflow is open");
        List<Target> to =
                targets.stream().filter(t -> t.chosen().get() && !t.done().get()).toList();
        if (to.isEmpty()) {
            return;
        }
        to.forEach(t -> t.problem().set(null));
        problem.set(null);
        busy.set(true);
        CopyWorkflow request =
                new CopyWorkflow(
                        from.tenantId(),
                        from.workflowId(),
                        to.stream().map(t -> t.tenant().tenantId()).toList(),
                        replace.get());
        tasks.run(() -> backend.call(request))
                .onSuccess(copies -> show(to, copies))
                .onFailure(problem::set)
                .andFinally(() -> busy.set(false))
                .start();
    }

    private static void show(List<Target> to, Copies copies) {
        for (int i = 0; i < to.size(); i++) {
            var why = copies.copies().get(i).problem();
            to.get(i).problem().set(why == null ? null : Problem.of(why));
            to.get(i).done().set(why == null);
        }
    }

    /** What is copied; null while nothing is. */
    ReadOnlyObjectProperty<@Nullable Workflow> workflowProperty() {
        return workflow.getReadOnlyProperty();
    }

    ObservableList<Target> targets() {
        return targets;
    }

    /** Whether a tenant's own workflow of the same id is overwritten. */
    BooleanProperty replaceProperty() {
        return replace;
    }

    ReadOnlyBooleanProperty busyProperty() {
        return busy.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable Problem> problemProperty() {
        return problem.getReadOnlyProperty();
    }
}
