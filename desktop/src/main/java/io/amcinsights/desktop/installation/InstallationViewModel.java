package io.amcinsights.desktop.installation;

import io.amcinsights.desktop.aws.AwsAccount;
import io.amcinsights.desktop.aws.AwsIdentity;
import io.amcinsights.desktop.aws.Installation;
import io.amcinsights.desktop.common.Dialogs;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.deployment.ChangePlan;
import io.amcinsights.desktop.deployment.DeployedStack;
import io.amcinsights.desktop.deployment.Deployment;
import io.amcinsights.desktop.deployment.IdleCost;
import io.amcinsights.desktop.deployment.Operation;
import io.amcinsights.desktop.deployment.Preflight;
import io.amcinsights.desktop.deployment.Release;
import io.amcinsights.desktop.deployment.Removal;
import io.amcinsights.desktop.deployment.StackState;
import io.amcinsights.desktop.deployment.Stacks;

import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.core.exception.SdkException;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Deploying, updating and removing one installation: a page for each step. */
public final class InstallationViewModel {

    private static final Messages MESSAGES = Messages.of(InstallationViewModel.class);

    private final @Nullable AwsAccount account;
    private final Setting setting;
    private final Tasks tasks;
    private final Dialogs dialogs;
    private final Ways ways;
    private final Tasks.Repeated polling;
    private final ReadOnlyObjectWrapper<Page> page = new ReadOnlyObjectWrapper<>(new Page.Local());
    private final ReadOnlyObjectWrapper<@Nullable AwsIdentity> identity =
            new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable Problem> problem = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyDoubleWrapper sent = new ReadOnlyDoubleWrapper();

    private @Nullable Deployment deployment;
    private @Nullable Release release;
    private @Nullable FormViewModel form;
    private @Nullable DeployedStack before;
    private @Nullable Operation operation;
    private Tasks.@Nullable Handle work;
    private boolean looking;
    private boolean removing;
    private @Nullable String stackName;
    private @Nullable Page settled;

    /**
     * What surrounds it.
     *
     * @param release the folder of the release that came with this application
     * @param pause between two looks at what CloudFormation is busy with
     */
    public record Setting(Supplier<Optional<Path>> release, Duration pause, Clock clock) {}

    /**
     * The ways on from here.
     *
     * @param deployed told of each installation that was deployed
     * @param open opens an installation
     * @param signIn shows the choice of an installation
     */
    public record Ways(
            BiConsumer<AwsAccount, String> deployed,
            BiConsumer<AwsAccount, String> open,
            Runnable signIn) {}

    /**
     * @param account null on the local workspace
     */
    public InstallationViewModel(
            @Nullable AwsAccount account,
            Setting setting,
            Tasks tasks,
            Dialogs dialogs,
            Ways ways) {
        this.account = account;
        this.setting = setting;
        this.tasks = tasks;
        this.dialogs = dialogs;
        this.ways = ways;
        polling = tasks.repeated(setting::pause, this::poll);
        page.subscribe(this::settle);
    }

    /**
     * Shows where a stack stands, or the form of a new one.
     *
     * @param name null for a new one
     */
    public void start(@Nullable String name) {
        stackName = name;
        if (account == null) {
            page.set(new Page.Local());
            return;
        }
        AwsAccount at = account;
        run(
                MESSAGES.text("busy.looking"),
                () -> {
                    Deployment opened =
                            deployment == null ? Deployment.open(at, setting.pause()) : deployment;
                    return new Found(
                            opened,
                            name == null
                                    ? Optional.empty()
                                    : opened.explained(() -> look(opened, name)));
                },
                found -> {
                    deployment = found.deployment();
                    identity.set(found.deployment().identity());
                    found.stack()
                            .ifPresentOrElse(
                                    this::route,
                                    () ->
                                            fill(
                                                    null,
                                                    name == null
                                                            ? Installation.DEFAULT_NAME
                                                            : name));
                },
                () -> start(name));
    }

    private record Found(Deployment deployment, Optional<Looked> stack) {}

    private record Looked(DeployedStack stack, @Nullable Operation operation) {}

    /** Looks at a stack, and for one that is not well also at what happened to it. */
    private Optional<Looked> look(Deployment at, String name) {
        return at.stacks()
                .find(name)
                .map(
                        stack ->
                                new Looked(
                                        stack,
                                        stack.state() == StackState.READY
                                                        || stack.state() == StackState.UNDER_REVIEW
                                                ? null
                                                : Operation.found(
                                                        at.stacks(), stack, setting.clock())));
    }

    private void route(Looked found) {
        stackName = found.stack().name();
        if (found.operation() == null) {
            rest(found.stack(), null, "");
        } else {
            removing = found.stack().state() == StackState.REMOVING;
            follow(found.operation());
        }
    }

    private void rest(DeployedStack stack, Operation.@Nullable Standing last, String note) {
        page.set(new Page.Resting(stack, last, note));
    }

    /** Looks again. */
    void refresh() {
        start(stackName);
    }

    // The form.

    /** Shows the form for a stack as it is. */
    void update(DeployedStack stack) {
        fill(stack.state() == StackState.UNDER_REVIEW ? null : stack, stack.name());
    }

    /** Shows the form once more, as it was left. */
    void backToForm() {
        if (form != null) {
            page.set(new Page.Form(form, before));
        }
    }

    void deployAgain(DeployedStack removed) {
        fill(null, removed.name());
    }

    private void fill(@Nullable DeployedStack stack, String name) {
        Optional<Path> folder = setting.release().get();
        if (folder.isEmpty()) {
            page.set(new Page.NoRelease());
            return;
        }
        run(
                MESSAGES.text("busy.release"),
                () -> Release.read(folder.get()),
                read -> {
                    release = read;
                    before = stack;
                    form = new FormViewModel(read.template(), stack, name);
                    page.set(new Page.Form(form, stack));
                },
                () -> fill(stack, name));
    }

    // From the form to the plan.

    /** Checks what is entered and what is there; then uploads, and works out what would change. */
    void plan() {
        FormViewModel fields = Objects.requireNonNull(form);
        if (!fields.check()) {
            return;
        }
        Release what = Objects.requireNonNull(release);
        Deployment at = Objects.requireNonNull(deployment);
        DeployedStack stack = before;
        Map<String, String> values = fields.values();
        String name = fields.name();
        run(
                MESSAGES.text("busy.checks"),
                () -> at.explained(() -> checked(at, what, name, stack, values)),
                checks -> {
                    if (checks.stream().anyMatch(c -> c.outcome() == Preflight.Outcome.BLOCKED)) {
                        page.set(new Page.Blocked(checks));
                    } else {
                        upload(at, what, name, stack, values, checks);
                    }
                },
                this::plan);
    }

    private static List<Preflight.Check> checked(
            Deployment at,
            Release what,
            String name,
            @Nullable DeployedStack stack,
            Map<String, String> values) {
        if (stack == null) {
            Optional<DeployedStack> there =
                    at.stacks()
                            .find(name)
                            .filter(found -> found.state() != StackState.UNDER_REVIEW);
            if (there.isPresent()) {
                return List.of(Preflight.stackIsThere(name));
            }
        }
        return at.preflight(what, name, stack, values);
    }

    private void upload(
            Deployment at,
            Release what,
            String name,
            @Nullable DeployedStack stack,
            Map<String, String> values,
            List<Preflight.Check> checks) {
        sent.set(0);
        page.set(new Page.Uploading(checks));
        background(
                () ->
                        at.explained(
                                () -> {
                                    at.upload(
                                            what,
                                            bytes ->
                                                    tasks.inForeground(
                                                            () ->
                                                                    sent.set(
                                                                            (double) bytes
                                                                                    / what
                                                                                            .size())));
                                    return at.plan(what, name, stack, values);
                                }),
                plan -> {
                    if (plan.nothing() && stack != null) {
                        rest(stack, null, MESSAGES.text("nothing"));
                    } else {
                        page.set(
                                new Page.Planned(
                                        plan,
                                        checks,
                                        IdleCost.of(plan.changes(), what.template())));
                    }
                },
                this::plan);
    }

    /** Gives a plan up; nothing is left of it. */
    void discard(ChangePlan plan) {
        Deployment at = Objects.requireNonNull(deployment);
        run(
                MESSAGES.text("busy.discard"),
                () ->
                        at.explained(
                                () -> {
                                    at.stacks().discard(plan);
                                    return true;
                                }),
                done -> backToForm(),
                () -> discard(plan));
    }

    /** Carries a plan out. */
    void execute(ChangePlan plan) {
        Deployment at = Objects.requireNonNull(deployment);
        stackName = plan.stackName();
        begin(
                plan.stackId(),
                plan.changes().size(),
                token -> at.stacks().execute(plan, token),
                () -> execute(plan));
    }

    // Operations.

    private void begin(String stackId, int expected, Consumer<String> what, Runnable retry) {
        begin(MESSAGES.text("busy.begin"), stackId, expected, what, retry);
    }

    private void begin(
            String doing, String stackId, int expected, Consumer<String> what, Runnable retry) {
        Deployment at = Objects.requireNonNull(deployment);
        String token = "amc-insights-" + UUID.randomUUID();
        // What is told to AWS cannot be taken back by not listening to the answer.
        page.set(new Page.Busy(doing, false));
        background(
                () ->
                        at.explained(
                                () -> {
                                    what.accept(token);
                                    return Operation.begun(
                                            at.stacks(), stackId, token, expected, setting.clock());
                                }),
                this::follow,
                retry);
    }

    private void follow(Operation what) {
        operation = what;
        looking = false;
        polling.start();
    }

    private void poll() {
        Operation what = operation;
        Deployment at = deployment;
        if (what == null || at == null || looking) {
            return;
        }
        looking = true;
        tasks.run(() -> at.explained(() -> looked(at, what.look())))
                .onSuccess(
                        found -> {
                            if (what == operation) {
                                problem.set(null);
                                show(at, found);
                            }
                        })
                .onFailure(
                        why -> {
                            if (what == operation) {
                                problem.set(why);
                            }
                        })
                .andFinally(() -> looking = false)
                .start();
    }

    private record Seen(Operation.Standing standing, List<Stacks.Existing> left) {}

    private static Seen looked(Deployment at, Operation.Standing standing) {
        return new Seen(
                standing,
                standing.stack().state() == StackState.REMOVED
                        ? at.stacks().left(standing.stack().id())
                        : List.of());
    }

    private void show(Deployment at, Seen seen) {
        Operation.Standing standing = seen.standing();
        if (!standing.over()) {
            page.set(new Page.Following(standing));
            return;
        }
        pause();
        operation = null;
        DeployedStack stack = standing.stack();
        if (stack.state() == StackState.REMOVED) {
            page.set(new Page.Removed(stack, seen.left()));
        } else {
            rest(stack, standing, "");
            if (stack.state() == StackState.READY && stack.opens()) {
                ways.deployed().accept(at.account(), stack.name());
                protect(at, stack);
            }
        }
        removing = false;
    }

    /** Nobody is to remove it from the console by mistake; without the right it goes without. */
    private void protect(Deployment at, DeployedStack stack) {
        if (!stack.isProtected()) {
            tasks.run(
                            () -> {
                                try {
                                    at.stacks().protect(stack.id());
                                } catch (SdkException e) {
                                    return false;
                                }
                                return true;
                            })
                    .start();
        }
    }

    /** Stops an update that is under way. */
    void cancelUpdate(DeployedStack stack) {
        if (!dialogs.confirm(
                MESSAGES.text("cancel.title"),
                MESSAGES.text("cancel.message", stack.name()),
                MESSAGES.text("cancel.action"))) {
            return;
        }
        Deployment at = Objects.requireNonNull(deployment);
        tasks.run(
                        () ->
                                at.explained(
                                        () -> {
                                            at.stacks().cancelUpdate(stack.id());
                                            return true;
                                        }))
                .onFailure(problem::set)
                .start();
    }

    /** Goes on with the way back from a failed update. */
    void continueRollback(DeployedStack stack, List<String> skipped) {
        Deployment at = Objects.requireNonNull(deployment);
        begin(
                stack.id(),
                0,
                token -> at.stacks().continueRollback(stack.id(), skipped, token),
                () -> continueRollback(stack, skipped));
    }

    /** Takes back an update that was left half done. */
    void rollBack(DeployedStack stack) {
        Deployment at = Objects.requireNonNull(deployment);
        begin(
                stack.id(),
                0,
                token -> at.stacks().rollBack(stack.id(), token),
                () -> rollBack(stack));
    }

    // Drift and removal.

    /** Looks for what was changed by hand. */
    void drift(DeployedStack stack) {
        Deployment at = Objects.requireNonNull(deployment);
        run(
                MESSAGES.text("busy.drift"),
                () -> at.explained(() -> at.stacks().drift(stack.id())),
                found -> page.set(new Page.Drift(stack, found)),
                () -> drift(stack));
    }

    /** Lists what would go and what would stay. */
    void prepareRemoval(DeployedStack stack) {
        Deployment at = Objects.requireNonNull(deployment);
        run(
                MESSAGES.text("busy.removal"),
                () -> at.explained(() -> Removal.of(at.stacks(), stack)),
                removal -> page.set(new Page.Removing(stack, removal)),
                () -> prepareRemoval(stack));
    }

    /**
     * Removes a stack, if the person types its name.
     *
     * @param retained what is left in the account although the template would not keep it
     */
    void remove(DeployedStack stack, int expected, List<String> retained) {
        boolean neverWorked =
                stack.state() == StackState.FAILED_CREATION
                        || stack.state() == StackState.UNDER_REVIEW;
        boolean wanted =
                neverWorked
                        ? dialogs.confirm(
                                MESSAGES.text("clear.title", stack.name()),
                                MESSAGES.text("clear.message"),
                                MESSAGES.text("clear.action"))
                        : dialogs.confirmTyped(
                                MESSAGES.text("remove.title", stack.name()),
                                MESSAGES.text("remove.message", expected),
                                stack.name(),
                                MESSAGES.text("remove.action"));
        if (wanted) {
            removal(stack, expected, retained);
        }
    }

    private void removal(DeployedStack stack, int expected, List<String> retained) {
        Deployment at = Objects.requireNonNull(deployment);
        removing = true;
        begin(
                MESSAGES.text("busy.empty"),
                stack.id(),
                expected,
                token -> {
                    if (stack.isProtected()) {
                        at.stacks().unprotect(stack.id());
                    }
                    at.empty(
                            Removal.of(at.stacks(), stack).goes().stream()
                                    .filter(each -> !retained.contains(each.resource()))
                                    .toList());
                    at.stacks().remove(stack.id(), retained, token);
                },
                () -> removal(stack, expected, retained));
    }

    // The way on.

    /** Opens what was deployed. */
    void open(DeployedStack stack) {
        ways.open().accept(Objects.requireNonNull(account), stack.name());
    }

    void signIn() {
        ways.signIn().run();
    }

    /** Shows where the stack stands, without looking again. */
    void backTo(DeployedStack stack) {
        rest(stack, null, "");
    }

    /** Stops what only refreshes the screen; what CloudFormation does goes on. */
    void pause() {
        polling.stop();
    }

    /** The screen is visible again. */
    void resume() {
        if (operation != null) {
            looking = false;
            polling.start();
        }
    }

    /** Ends the work that can be ended, and the connection. */
    public void close() {
        pause();
        operation = null;
        if (work != null) {
            work.cancel();
        }
        Deployment opened = deployment;
        deployment = null;
        ChangePlan unwanted = page.get() instanceof Page.Planned planned ? planned.plan() : null;
        if (opened != null) {
            tasks.run(
                            () -> {
                                try (opened) {
                                    if (unwanted != null) {
                                        opened.stacks().discard(unwanted);
                                    }
                                }
                                return true;
                            })
                    .start();
        }
    }

    private <T> void run(String doing, Callable<T> what, Consumer<T> then, Runnable retry) {
        page.set(new Page.Busy(doing, true));
        background(what, then, retry);
    }

    private <T> void background(Callable<T> what, Consumer<T> then, Runnable retry) {
        problem.set(null);
        work =
                tasks.run(what)
                        .onSuccess(then)
                        .onFailure(why -> page.set(new Page.Failed(why, retry)))
                        .start();
    }

    /** Gives up what is being looked up or sent, and shows what was there before. */
    void stop() {
        if (work != null) {
            work.cancel();
        }
        page.set(
                settled != null
                        ? settled
                        : new Page.Failed(
                                Problem.of(
                                        MESSAGES.text("stopped.title"),
                                        MESSAGES.text("stopped.message"),
                                        null),
                                this::refresh));
    }

    /** Remembers the pages that one can come back to. */
    private void settle(Page now) {
        switch (now) {
            case Page.Form form -> settled = form;
            case Page.Resting resting -> settled = resting;
            case Page.Local local -> settled = null;
            case Page.NoRelease none -> settled = null;
            case Page.Removed removed -> settled = removed;
            case Page.Busy busy -> {}
            case Page.Failed failed -> {}
            case Page.Blocked blocked -> {}
            case Page.Uploading uploading -> {}
            case Page.Planned planned -> {}
            case Page.Following following -> {}
            case Page.Drift drift -> {}
            case Page.Removing removal -> {}
        }
    }

    boolean isRemoval() {
        return removing;
    }

    ReadOnlyObjectProperty<Page> pageProperty() {
        return page.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable AwsIdentity> identityProperty() {
        return identity.getReadOnlyProperty();
    }

    /** Why the newest look at an operation failed; null while it succeeds. */
    ReadOnlyObjectProperty<@Nullable Problem> problemProperty() {
        return problem.getReadOnlyProperty();
    }

    /** How much of the release is there, between 0 and 1. */
    ReadOnlyDoubleProperty sentProperty() {
        return sent.getReadOnlyProperty();
    }

    @Nullable AwsAccount account() {
        return account;
    }

    @Nullable Release release() {
        return release;
    }
}
