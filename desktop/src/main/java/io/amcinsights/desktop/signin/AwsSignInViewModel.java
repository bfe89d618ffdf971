package io.amcinsights.desktop.signin;

import io.amcinsights.desktop.aws.AwsAccount;
import io.amcinsights.desktop.aws.AwsIdentity;
import io.amcinsights.desktop.aws.AwsProblem;
import io.amcinsights.desktop.aws.AwsProfiles;
import io.amcinsights.desktop.aws.AwsProfiles.AwsProfile;
import io.amcinsights.desktop.aws.Installation;
import io.amcinsights.desktop.aws.Session;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.ProblemException;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.deployment.DeployedStack;
import io.amcinsights.desktop.deployment.Deployment;
import io.amcinsights.desktop.signin.KnownInstallations.Known;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.awscore.exception.AwsServiceException;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Signing in to AWS with a profile, and choosing what to open there. */
public final class AwsSignInViewModel {

    private static final Messages MESSAGES = Messages.of(AwsSignInViewModel.class);

    private final AwsProfiles files;
    private final KnownInstallations known;
    private final IdentityCenterViewModel center;
    private final Tasks tasks;
    private final Consumer<Session> onSignedIn;
    private final BiConsumer<AwsAccount, @Nullable String> onManage;
    private final ObservableList<AwsProfile> profiles = FXCollections.observableArrayList();
    private final ObservableList<Known> recent = FXCollections.observableArrayList();
    private final ObjectProperty<@Nullable AwsProfile> profile = new SimpleObjectProperty<>();
    private final StringProperty region = new SimpleStringProperty("");
    private final StringProperty stackName = new SimpleStringProperty("");
    private final ReadOnlyStringWrapper busy = new ReadOnlyStringWrapper("");
    private final ReadOnlyObjectWrapper<@Nullable Connected> connected =
            new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable Problem> problem = new ReadOnlyObjectWrapper<>();
    private Tasks.@Nullable Handle work;
    private Runnable again = () -> {};

    /**
     * @param onManage shows the deployment of a stack; of a new one where there is no name
     */
    public AwsSignInViewModel(
            AwsProfiles files,
            KnownInstallations known,
            IdentityCenterViewModel center,
            Tasks tasks,
            Consumer<Session> onSignedIn,
            BiConsumer<AwsAccount, @Nullable String> onManage) {
        this.files = files;
        this.known = known;
        this.center = center;
        this.tasks = tasks;
        this.onSignedIn = onSignedIn;
        this.onManage = onManage;
        profile.subscribe(
                now -> {
                    if (now != null && !now.region().isEmpty()) {
                        region.set(now.region());
                    }
                });
        recent.setAll(known.all());
        readProfiles();
    }

    /**
     * Being known to AWS.
     *
     * @param installations those of this account and region
     * @param listed whether AWS let us look for installations
     */
    record Connected(
            AwsAccount account,
            AwsIdentity identity,
            List<DeployedStack> installations,
            boolean listed) {}

    /** Reads the files again. */
    void readProfiles() {
        AwsProfile before = profile.get();
        profiles.setAll(files.all());
        profile.set(
                profiles.stream()
                        .filter(each -> before != null && each.name().equals(before.name()))
                        .findFirst()
                        .orElse(profiles.isEmpty() ? null : profiles.getFirst()));
    }

    /** Whether it is said which profile and region. */
    boolean mayConnect() {
        return profile.get() != null && !region.get().isBlank();
    }

    void connect() {
        AwsProfile chosen = profile.get();
        if (chosen == null || !mayConnect()) {
            return;
        }
        connect(files.account(chosen.name(), region.get().strip()));
    }

    /** Looks who we are in an account, and what there is. */
    public void connect(AwsAccount account) {
        profiles.stream()
                .filter(each -> each.name().equals(account.profile()))
                .findFirst()
                .ifPresent(profile::set);
        region.set(account.region());
        run(
                () -> connect(account),
                MESSAGES.text("aws.connecting"),
                () -> look(account),
                found -> {
                    connected.set(found);
                    stackName.set(found.listed() ? "" : Installation.DEFAULT_NAME);
                });
    }

    private static Connected look(AwsAccount account) throws Exception {
        try (Deployment deployment = Deployment.open(account, Duration.ofSeconds(1))) {
            try {
                return new Connected(
                        account,
                        deployment.identity(),
                        deployment.explained(() -> listed(deployment)),
                        true);
            } catch (Denied e) {
                return new Connected(account, deployment.identity(), List.of(), false);
            }
        }
    }

    private static List<DeployedStack> listed(Deployment deployment) {
        try {
            return deployment.stacks().installations();
        } catch (AwsServiceException e) {
            if (e.statusCode() == 403 || AwsProblem.code(e).contains("AccessDenied")) {
                throw new Denied();
            }
            throw e;
        }
    }

    /** Analysts may not list stacks, and need not: they name the one that they use. */
    private static final class Denied extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** Goes back to the choice of an account. */
    void disconnect() {
        connected.set(null);
        problem.set(null);
    }

    /** Opens a stack of the account that we are connected to. */
    void open(String name) {
        Connected now = connected.get();
        if (now != null && !name.isBlank()) {
            open(now.account(), name.strip());
        }
    }

    void open(Known installation) {
        String name = installation.stackName();
        AwsAccount.Role role = installation.role();
        if (role == null) {
            open(
                    files.account(
                            Objects.requireNonNull(installation.profile()), installation.region()),
                    name);
            return;
        }
        run(
                () -> open(installation),
                MESSAGES.text("aws.opening", name),
                () -> center.lasts(role.center()),
                lasts ->
                        center.become(
                                role,
                                lasts,
                                installation.region(),
                                account -> open(account, name)));
    }

    /** Opens a stack, and remembers it. */
    public void open(AwsAccount account, String name) {
        run(
                () -> open(account, name),
                MESSAGES.text("aws.opening", name),
                () -> session(account, name),
                session -> {
                    known.remember(account, name);
                    recent.setAll(known.all());
                    onSignedIn.accept(session);
                });
    }

    private static Session session(AwsAccount account, String name) throws Exception {
        try (Deployment deployment = Deployment.open(account, Duration.ofSeconds(1))) {
            DeployedStack stack =
                    deployment
                            .explained(() -> deployment.stacks().find(name))
                            .orElseThrow(
                                    () ->
                                            new ProblemException(
                                                    Problem.of(
                                                            MESSAGES.text("aws.none.title", name),
                                                            MESSAGES.text(
                                                                    "aws.none.message",
                                                                    deployment
                                                                            .identity()
                                                                            .accountId(),
                                                                    account.region()),
                                                            MESSAGES.text("aws.none.next"))));
            if (!stack.opens()) {
                throw new ProblemException(
                        Problem.of(
                                MESSAGES.text("aws.stranger.title", name),
                                MESSAGES.text("aws.stranger.message", stack.status()),
                                MESSAGES.text("aws.stranger.next")));
            }
            return deployment.explained(
                    () -> Session.open(account, name, deployment.identity().who(), false));
        }
    }

    void forget(Known installation) {
        known.forget(installation);
        recent.setAll(known.all());
    }

    /**
     * Shows the deployment of a stack.
     *
     * @param name null for a new one
     */
    void manage(@Nullable String name) {
        Connected now = connected.get();
        if (now != null) {
            onManage.accept(now.account(), name);
        }
    }

    private <T> void run(Runnable retry, String doing, Callable<T> what, Consumer<T> then) {
        cancel();
        again = retry;
        problem.set(null);
        busy.set(doing);
        work =
                tasks.run(what)
                        .onSuccess(
                                result -> {
                                    busy.set("");
                                    then.accept(result);
                                })
                        .onFailure(
                                why -> {
                                    busy.set("");
                                    problem.set(why);
                                })
                        .start();
    }

    /** Does once more what has failed. */
    void tryAgain() {
        again.run();
    }

    void cancel() {
        if (work != null) {
            work.cancel();
            work = null;
        }
        busy.set("");
    }

    /** Signing in with the browser. */
    IdentityCenterViewModel center() {
        return center;
    }

    ObservableList<AwsProfile> profiles() {
        return profiles;
    }

    ObservableList<Known> recent() {
        return recent;
    }

    ObjectProperty<@Nullable AwsProfile> profileProperty() {
        return profile;
    }

    StringProperty regionProperty() {
        return region;
    }

    StringProperty stackNameProperty() {
        return stackName;
    }

    /** What is under way, in words; empty while nothing is. */
    ReadOnlyStringProperty busyProperty() {
        return busy.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable Connected> connectedProperty() {
        return connected.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable Problem> problemProperty() {
        return problem.getReadOnlyProperty();
    }

    /** The file that profiles are described in. */
    String configFile() {
        return files.config().toString();
    }
}
