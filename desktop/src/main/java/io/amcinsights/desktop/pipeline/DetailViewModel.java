package io.amcinsights.desktop.pipeline;

import io.amcinsights.contract.Batch;
import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.LakeRequest.GetDelivery;
import io.amcinsights.contract.LakeRequest.Preview;
import io.amcinsights.contract.LakeRequest.PreviewDelivery;
import io.amcinsights.contract.LakeRequest.RedriveDelivery;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.WorkflowRequest;
import io.amcinsights.contract.WorkflowRequest.CancelBatch;
import io.amcinsights.contract.WorkflowRequest.CancelRun;
import io.amcinsights.contract.WorkflowRequest.Capacity;
import io.amcinsights.contract.WorkflowRequest.GetBatch;
import io.amcinsights.contract.WorkflowRequest.GetCapacity;
import io.amcinsights.contract.WorkflowRequest.GetRun;
import io.amcinsights.contract.WorkflowRequest.ResumeBatch;
import io.amcinsights.contract.WorkflowRequest.RunQuery;
import io.amcinsights.contract.WorkflowRequest.RunWorkflow;
import io.amcinsights.desktop.aws.Backend;
import io.amcinsights.desktop.common.Dialogs;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Navigation;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.Screen;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.Toasts;
import io.amcinsights.desktop.common.ViewState;
import io.amcinsights.desktop.places.OpenQuery;
import io.amcinsights.desktop.places.OpenTenants;
import io.amcinsights.desktop.places.OpenTrial;
import io.amcinsights.desktop.places.OpenWorkflow;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.UUID;

/** The page of one run, delivery or onboarding; it follows the lists as they are refreshed. */
public final class DetailViewModel {

    private static final Messages MESSAGES = Messages.of(DetailViewModel.class);

    private final Backend backend;
    private final Tasks tasks;
    private final Dialogs dialogs;
    private final Navigation navigation;
    private final Toasts toasts;
    private final PipelineViewModel pipeline;

    private final ReadOnlyObjectWrapper<@Nullable Detail> detail = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable Problem> refused = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper();
    private final ReadOnlyObjectWrapper<@Nullable Batch> batch = new ReadOnlyObjectWrapper<>();
    private boolean askingBatch;
    private final ReadOnlyObjectWrapper<@Nullable Capacity> capacity =
            new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable Preview> file = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<ViewState> fileState =
            new ReadOnlyObjectWrapper<>(ViewState.LOADING);
    private @Nullable String fileOf;
    private Subject subject = new Subject.None();

    public DetailViewModel(
            Backend backend,
            Tasks tasks,
            Dialogs dialogs,
            Navigation navigation,
            Toasts toasts,
            PipelineViewModel pipeline) {
        this.backend = backend;
        this.tasks = tasks;
        this.dialogs = dialogs;
        this.navigation = navigation;
        this.toasts = toasts;
        this.pipeline = pipeline;
        pipeline.refreshedAtProperty().subscribe(this::show);
    }

    /** What the page is about. */
    private sealed interface Subject {
        record None() implements Subject {}

        record OfRun(String runId) implements Subject {}

        record OfDelivery(String deliveryId) implements Subject {}

        record OfTenant(String tenantId) implements Subject {}
    }

    void openRun(String runId) {
        open(new Subject.OfRun(runId));
        if (detail.get() == null) {
            // It may be older than what the list holds, or newer than its last refresh.
            tasks.run(() -> backend.call(new GetRun(runId)))
                    .onSuccess(
                            run -> {
                                pipeline.changed(run);
                                show();
                            })
                    .onFailure(
                            problem -> {
                                close();
                                toasts.failed(problem);
                            })
                    .start();
        }
    }

    void openDelivery(String deliveryId) {
        open(new Subject.OfDelivery(deliveryId));
        if (detail.get() == null) {
            tasks.run(() -> backend.call(new GetDelivery(deliveryId)))
                    .onSuccess(
                            delivery -> {
                                pipeline.changed(delivery);
                                show();
                            })
                    .onFailure(
                            problem -> {
                                close();
                                toasts.failed(problem);
                            })
                    .start();
        }
    }

    void openOnboarding(String tenantId) {
        open(new Subject.OfTenant(tenantId));
    }

    private void open(Subject next) {
        subject = next;
        refused.set(null);
        detail.set(null);
        show();
    }

    void close() {
        open(new Subject.None());
    }

    private void show() {
        Optional<Detail> next =
                switch (subject) {
                    case Subject.None none -> Optional.empty();
                    case Subject.OfRun of -> pipeline.run(of.runId()).map(Detail::of);
                    case Subject.OfDelivery of ->
                            pipeline.delivery(of.deliveryId()).map(Detail::of);
                    case Subject.OfTenant of -> pipeline.onboarding(of.tenantId()).map(Detail::of);
                };
        detail.set(next.orElse(null));
        showBatch();
        showCapacity();
    }

    /** While a run waits, why. */
    private void showCapacity() {
        Run waiting =
                run().map(PipelineViewModel.RunRow::run)
                        .filter(r -> r.status() == Run.Status.QUEUED)
                        .orElse(null);
        if (waiting == null) {
            capacity.set(null);
            return;
        }
        tasks.run(() -> backend.call(new GetCapacity(waiting.tenantId())))
                .onSuccess(
                        now ->
                                capacity.set(
                                        run().map(row -> row.run().status())
                                                        .equals(Optional.of(Run.Status.QUEUED))
                                                ? now
                                                : null))
                .onFailure(refused::set)
                .start();
    }

    /** The batch of the run that is shown, while there may be news of it. */
    private void showBatch() {
        String batchId = run().map(row -> row.run().batchId()).orElse(null);
        Batch known = batch.get();
        if (batchId == null) {
            batch.set(null);
        } else if (known == null || !known.batchId().equals(batchId) || !known.hasEnded()) {
            ask(new GetBatch(batchId));
        }
    }

    private void ask(WorkflowRequest<Batch> request) {
        if (askingBatch) {
            return;
        }
        askingBatch = true;
        tasks.run(() -> backend.call(request))
                .onSuccess(
                        now -> {
                            boolean shown =
                                    run().map(row -> now.batchId().equals(row.run().batchId()))
                                            .orElse(false);
                            batch.set(shown ? now : null);
                        })
                .onFailure(refused::set)
                .andFinally(() -> askingBatch = false)
                .start();
    }

    /** Cancels what of the batch has not ended, when the person confirms it. */
    void cancelBatch() {
        Batch now = batch.get();
        if (now != null
                && dialogs.confirm(
                        MESSAGES.text("batch.cancel.title"),
                        MESSAGES.text("batch.cancel.message"),
                        MESSAGES.text("batch.cancel"))) {
            change(new CancelBatch(now.batchId()));
        }
    }

    /** Runs those of the batch again that did not succeed. */
    void resumeBatch() {
        Batch now = batch.get();
        if (now != null) {
            change(new ResumeBatch(now.batchId()));
        }
    }

    private void change(WorkflowRequest<Batch> request) {
        busy.set(true);
        tasks.run(() -> backend.call(request))
                .onSuccess(
                        now -> {
                            batch.set(now);
                            pipeline.refresh();
                        })
                .onFailure(refused::set)
                .andFinally(() -> busy.set(false))
                .start();
    }

    boolean canCancel() {
        return run().map(row -> !row.run().status().ended()).orElse(false);
    }

    boolean canRunAgain() {
        return run().map(row -> row.run().status().ended() && !row.run().elsewhere()).orElse(false);
    }

    boolean canLoadAgain() {
        return delivery().map(d -> d.status() == Delivery.Status.FAILED).orElse(false);
    }

    boolean isAdHoc() {
        return run().map(row -> row.run().adHoc() != null).orElse(false);
    }

    boolean canOpenWorkflow() {
        return run().map(row -> !row.run().elsewhere()).orElse(false);
    }

    boolean canGoToTenant() {
        return subject instanceof Subject.OfTenant;
    }

    void cancel() {
        run().map(PipelineViewModel.RunRow::run)
                .ifPresent(
                        run -> {
                            if (dialogs.confirm(
                                    MESSAGES.text("cancel.title"),
                                    MESSAGES.text("cancel.message"),
                                    MESSAGES.text("cancel"))) {
                                change(new CancelRun(run.runId()));
                            }
                        });
    }

    private void change(CancelRun request) {
        busy.set(true);
        tasks.run(() -> backend.call(request))
                .onSuccess(
                        run -> {
                            pipeline.changed(run);
                            show();
                        })
                .onFailure(refused::set)
                .andFinally(() -> busy.set(false))
                .start();
    }

    /** Asks for the same run once more; opens it. */
    void runAgain() {
        run().map(PipelineViewModel.RunRow::run)
                .ifPresent(
                        run -> {
                            busy.set(true);
                            WorkflowRequest<Run> request = again(run);
                            tasks.run(() -> backend.call(request))
                                    .onSuccess(this::started)
                                    .onFailure(refused::set)
                                    .andFinally(() -> busy.set(false))
                                    .start();
                        });
    }

    private static WorkflowRequest<Run> again(Run run) {
        String key = UUID.randomUUID().toString();
        return run.adHoc() == null
                ? new RunWorkflow(
                        run.tenantId(), run.workflowId(), run.window(), run.parameters(), key)
                : new RunQuery(run.tenantId(), run.adHoc(), run.window(), run.parameters(), key);
    }

    private void started(Run run) {
        pipeline.changed(run);
        openRun(run.runId());
        toasts.done(MESSAGES.text("runAgain.done"));
    }

    void loadAgain() {
        delivery()
                .ifPresent(
                        failed -> {
                            busy.set(true);
                            tasks.run(() -> backend.call(new RedriveDelivery(failed.deliveryId())))
                                    .onSuccess(
                                            delivery -> {
                                                pipeline.changed(delivery);
                                                show();
                                            })
                                    .onFailure(refused::set)
                                    .andFinally(() -> busy.set(false))
                                    .start();
                        });
    }

    /** Whether there is a file to look into. */
    boolean hasFile() {
        return delivery().isPresent();
    }

    /** Reads the beginning of the file, unless that is what was read last. */
    void readFile() {
        String deliveryId = delivery().map(Delivery::deliveryId).orElse(null);
        if (deliveryId == null || deliveryId.equals(fileOf)) {
            return;
        }
        fileOf = deliveryId;
        file.set(null);
        fileState.set(ViewState.LOADING);
        tasks.run(() -> backend.call(new PreviewDelivery(deliveryId)))
                .onSuccess(
                        read -> {
                            if (deliveryId.equals(fileOf)) {
                                file.set(read);
                                fileState.set(ViewState.CONTENT);
                            }
                        })
                .onFailure(
                        problem -> {
                            if (deliveryId.equals(fileOf)) {
                                fileOf = null;
                                fileState.set(new ViewState.Failed(problem, this::readFile));
                            }
                        })
                .start();
    }

    /** The beginning of the file; null until it is read. */
    ReadOnlyObjectProperty<@Nullable Preview> fileProperty() {
        return file.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<ViewState> fileStateProperty() {
        return fileState.getReadOnlyProperty();
    }

    void queryDataset() {
        Detail shown = detail.get();
        if (shown != null && shown.dataset() != null) {
            navigation.show(Screen.QUERIES, OpenQuery.ofDataset(shown.dataset(), shown.tenantId()));
        }
    }

    void goToTenant() {
        if (subject instanceof Subject.OfTenant of) {
            navigation.show(Screen.TENANTS, new OpenTenants.Details(of.tenantId()));
        }
    }

    void openWorkflow() {
        run().map(PipelineViewModel.RunRow::run)
                .ifPresent(
                        run ->
                                navigation.show(
                                        Screen.WORKFLOWS,
                                        run.adHoc() == null
                                                ? new OpenWorkflow(run.tenantId(), run.workflowId())
                                                : new OpenTrial(run)));
    }

    private Optional<PipelineViewModel.RunRow> run() {
        return subject instanceof Subject.OfRun of ? pipeline.run(of.runId()) : Optional.empty();
    }

    private Optional<Delivery> delivery() {
        return switch (subject) {
            case Subject.OfRun of ->
                    pipeline.run(of.runId()).map(PipelineViewModel.RunRow::delivery);
            case Subject.OfDelivery of ->
                    pipeline.delivery(of.deliveryId()).map(PipelineViewModel.DeliveryRow::delivery);
            case Subject.None none -> Optional.empty();
            case Subject.OfTenant of -> Optional.empty();
        };
    }

    /** Null while the list is shown, or what was asked for is not here yet. */
    ReadOnlyObjectProperty<@Nullable Detail> detailProperty() {
        return detail.getReadOnlyProperty();
    }

    /** Why the newest command was refused. */
    ReadOnlyObjectProperty<@Nullable Problem> refusedProperty() {
        return refused.getReadOnlyProperty();
    }

    /** How busy the AMC instance is that the run waits for; null where it does not wait. */
    ReadOnlyObjectProperty<@Nullable Capacity> capacityProperty() {
        return capacity.getReadOnlyProperty();
    }

    /** The batch that the run is part of; null where it is none. */
    ReadOnlyObjectProperty<@Nullable Batch> batchProperty() {
        return batch.getReadOnlyProperty();
    }

    ReadOnlyBooleanProperty busyProperty() {
        return busy.getReadOnlyProperty();
    }
}
