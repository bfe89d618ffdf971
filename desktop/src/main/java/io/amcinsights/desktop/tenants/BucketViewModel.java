package io.amcinsights.desktop.tenants;

import io.amcinsights.contract.BucketPlan;
import io.amcinsights.contract.TenantDraft;
import io.amcinsights.contract.TenantRequest.PlanBucket;
import io.amcinsights.contract.TenantRequest.PrepareBucket;
import io.amcinsights.desktop.aws.Backend;
import io.amcinsights.desktop.common.FileSaver;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.Toasts;
import io.amcinsights.desktop.common.ViewState;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.util.Objects;
import java.util.function.Consumer;

/** What is to be changed on a tenant's bucket: seen first, then done. */
public final class BucketViewModel {

    private static final Messages MESSAGES = Messages.of(BucketViewModel.class);

    private final Backend backend;
    private final Tasks tasks;
    private final Toasts toasts;
    private final FileSaver saver;
    private final ReadOnlyObjectWrapper<ViewState> state =
            new ReadOnlyObjectWrapper<>(ViewState.LOADING);
    private final ReadOnlyObjectWrapper<@Nullable BucketPlan> plan = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable Problem> refused = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper();
    private @Nullable TenantDraft draft;

    public BucketViewModel(Backend backend, Tasks tasks, Toasts toasts, FileSaver saver) {
        this.backend = backend;
        this.tasks = tasks;
        this.toasts = toasts;
        this.saver = saver;
    }

    /**
     * Looks at a bucket.
     *
     * @param then called with what was found
     * @param otherwise called with what stands in the way, which is shown too
     */
    void look(TenantDraft of, Consumer<BucketPlan> then, Consumer<Problem> otherwise) {
        draft = of;
        plan.set(null);
        refused.set(null);
        state.set(ViewState.LOADING);
        tasks.run(() -> backend.call(new PlanBucket(of)))
                .onSuccess(
                        found -> {
                            if (of.equals(draft)) {
                                plan.set(found);
                                state.set(ViewState.CONTENT);
                                then.accept(found);
                            }
                        })
                .onFailure(
                        problem -> {
                            if (of.equals(draft)) {
                                state.set(
                                        new ViewState.Failed(
                                                problem, () -> look(of, then, otherwise)));
                                otherwise.accept(problem);
                            }
                        })
                .start();
    }

    void lookAgain() {
        look(draft(), found -> {}, problem -> {});
    }

    /** Makes the changes that are shown. */
    void prepare(Runnable then) {
        TenantDraft of = draft();
        String planId = Objects.requireNonNull(plan.get(), "nothing is shown").planId();
        busy.set(true);
        refused.set(null);
        tasks.run(() -> backend.call(new PrepareBucket(of, planId)))
                .onSuccess(
                        left -> {
                            plan.set(left);
                            then.run();
                        })
                .onFailure(refused::set)
                .andFinally(() -> busy.set(false))
                .start();
    }

    void save(BucketPlan.Door door) {
        saver.choose(door.stackName() + ".yaml", MESSAGES.text("door.kind"))
                .ifPresent(
                        file ->
                                tasks.run(() -> Files.writeString(file, door.template()))
                                        .onSuccess(
                                                written ->
                                                        toasts.done(
                                                                MESSAGES.text(
                                                                        "door.saved",
                                                                        written.getFileName())))
                                        .onFailure(toasts::failed)
                                        .start());
    }

    private TenantDraft draft() {
        return Objects.requireNonNull(draft, "no bucket was looked at");
    }

    ReadOnlyObjectProperty<ViewState> stateProperty() {
        return state.getReadOnlyProperty();
    }

    /** Null until it is known. */
    ReadOnlyObjectProperty<@Nullable BucketPlan> planProperty() {
        return plan.getReadOnlyProperty();
    }

    /** Why the changes were not made. */
    ReadOnlyObjectProperty<@Nullable Problem> refusedProperty() {
        return refused.getReadOnlyProperty();
    }

    ReadOnlyBooleanProperty busyProperty() {
        return busy.getReadOnlyProperty();
    }
}
