package io.amcinsights.desktop.signin;

import io.amcinsights.desktop.aws.AwsAccount;
import io.amcinsights.desktop.aws.IdentityCenter;
import io.amcinsights.desktop.aws.PortalSession;
import io.amcinsights.desktop.aws.PortalSession.Assigned;
import io.amcinsights.desktop.common.Browser;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Preferences;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.signin.CurrentSignIn.SignedIn;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.transformation.FilteredList;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;

/** Signing in with IAM Identity Center, and choosing whom to become there. */
public final class IdentityCenterViewModel {

    private static final Messages MESSAGES = Messages.of(IdentityCenterViewModel.class);

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    // What is remembered are addresses and names; never a token.
    private static final String PREFERRED = "identity-center";
    private static final String START_URL = "identity-center.start-url";
    private static final String REGION = "identity-center.region";
    private static final String ROLE = "identity-center.role";
    private static final String INSTALLATION_REGION = "identity-center.installation-region";

    /** What is to be seen. */
    enum Stage {
        ENTERING,
        WAITING,
        CHOOSING
    }

    private final Preferences preferences;
    private final Tasks tasks;
    private final Browser browser;
    private final Clock clock;
    private final CurrentSignIn current;
    private final StringProperty startUrl;
    private final StringProperty region;
    private final StringProperty installationRegion;
    private final StringProperty search = new SimpleStringProperty("");
    private final ObservableList<Assigned> roles = FXCollections.observableArrayList();
    private final FilteredList<Assigned> found = new FilteredList<>(roles);
    private final ObjectProperty<@Nullable Assigned> role = new SimpleObjectProperty<>();
    private final ReadOnlyObjectWrapper<Stage> stage = new ReadOnlyObjectWrapper<>(Stage.ENTERING);
    private final ReadOnlyObjectWrapper<@Nullable Problem> problem = new ReadOnlyObjectWrapper<>();
    private @Nullable URI page;
    private boolean ended;
    private Runnable afterwards = () -> {};
    private Tasks.@Nullable Handle work;

    /**
     * @param current where the sign-in is kept
     */
    public IdentityCenterViewModel(
            Preferences preferences,
            Tasks tasks,
            Browser browser,
            Clock clock,
            CurrentSignIn current) {
        this.preferences = preferences;
        this.tasks = tasks;
        this.browser = browser;
        this.clock = clock;
        this.current = current;
        startUrl = new SimpleStringProperty(preferences.get(START_URL).orElse(""));
        region = new SimpleStringProperty(preferences.get(REGION).orElse(""));
        installationRegion =
                new SimpleStringProperty(preferences.get(INSTALLATION_REGION).orElse(""));
        search.subscribe(text -> found.setPredicate(assigned -> matches(assigned, text)));
        SignedIn before = current.get();
        if (before != null) {
            show(before);
        }
    }

    private static boolean matches(Assigned assigned, String search) {
        String all =
                "%s %s %s"
                        .formatted(
                                assigned.accountName(), assigned.accountId(), assigned.roleName())
                        .toLowerCase(Locale.ROOT);
        return Arrays.stream(search.strip().toLowerCase(Locale.ROOT).split("\\s+", -1))
                .allMatch(all::contains);
    }

    /** Whether we are signed in at an Identity Center, which is asked; not on the JavaFX thread. */
    boolean lasts(IdentityCenter center) throws InterruptedException {
        SignedIn now = current.get();
        return now != null && now.session().center().equals(center) && now.session().lasts();
    }

    /**
     * Becomes a role that is known from before.
     *
     * @param lasts whether we are signed in where the role is; where not, the browser is asked
     * @param region of the installation
     */
    void become(AwsAccount.Role known, boolean lasts, String region, Consumer<AwsAccount> then) {
        installationRegion.set(region);
        prefer(true);
        if (lasts) {
            choose(known, then);
            return;
        }
        startUrl.set(known.center().startUrl());
        this.region.set(known.center().region());
        signIn(() -> choose(known, then));
    }

    private void choose(AwsAccount.Role known, Consumer<AwsAccount> then) {
        problem.set(null);
        roles.stream()
                .filter(each -> each.accountId().equals(known.accountId()))
                .filter(each -> each.roleName().equals(known.roleName()))
                .findFirst()
                .ifPresentOrElse(
                        assigned -> {
                            role.set(assigned);
                            AwsAccount account = account();
                            if (account != null) {
                                then.accept(account);
                            }
                        },
                        () ->
                                problem.set(
                                        Problem.of(
                                                MESSAGES.text(
                                                        "center.lost.title", known.roleName()),
                                                MESSAGES.text(
                                                        "center.lost.message",
                                                        known.accountId(),
                                                        known.roleName()),
                                                MESSAGES.text("center.lost.next"))));
    }

    /** Opens the sign-in page in the browser, and waits for its answer. */
    void signIn() {
        signIn(() -> {});
    }

    /** Begins the sign-in anew, with what it was for. */
    void signInAgain() {
        signIn(afterwards);
    }

    private void signIn(Runnable then) {
        afterwards = then;
        IdentityCenter center = new IdentityCenter(startUrl.get().strip(), region.get().strip());
        if (!center.plausible() || center.region().isEmpty()) {
            problem.set(
                    Problem.of(
                            MESSAGES.text("center.start.title"),
                            MESSAGES.text("center.start.message"),
                            MESSAGES.text("center.start.next")));
            return;
        }
        preferences.put(START_URL, center.startUrl());
        preferences.put(REGION, center.region());
        problem.set(null);
        ended = false;
        page = null;
        stage.set(Stage.WAITING);
        work =
                tasks.run(() -> signedIn(center))
                        .onSuccess(
                                now -> {
                                    show(now);
                                    then.run();
                                })
                        .onFailure(
                                why -> {
                                    stage.set(Stage.ENTERING);
                                    problem.set(why);
                                })
                        .start();
    }

    private SignedIn signedIn(IdentityCenter center) throws InterruptedException {
        PortalSession session =
                center.signIn(uri -> tasks.inForeground(() -> open(uri)), PATIENCE, clock);
        boolean kept = false;
        try {
            SignedIn now = new SignedIn(session, session.roles());
            current.begin(now);
            kept = true;
            return now;
        } finally {
            if (!kept) {
                session.close();
            }
        }
    }

    private void open(URI uri) {
        if (stage.get() == Stage.WAITING) {
            page = uri;
            browser.open(uri);
        }
    }

    /** Shows the page again, whose window may be lost. */
    void openAgain() {
        if (page != null) {
            browser.open(page);
        }
    }

    void cancel() {
        if (work != null) {
            work.cancel();
            work = null;
        }
        stage.set(Stage.ENTERING);
    }

    private void show(SignedIn now) {
        now.session().setOnEnded(() -> tasks.inForeground(() -> ended(now)));
        roles.setAll(now.roles());
        search.set("");
        String last = preferences.get(ROLE).orElse("");
        role.set(
                roles.stream()
                        .filter(each -> name(each).equals(last))
                        .findFirst()
                        .orElse(roles.isEmpty() ? null : roles.getFirst()));
        if (installationRegion.get().isEmpty()) {
            installationRegion.set(region.get());
        }
        stage.set(Stage.CHOOSING);
    }

    /** AWS has ended the sign-in: the way goes on where it began. */
    private void ended(SignedIn before) {
        if (before.equals(current.get())) {
            signOut();
            ended = true;
        }
    }

    /** Whether AWS has ended the last sign-in, and none was begun since. */
    boolean ended() {
        return ended;
    }

    /** Signs out, and goes back to the beginning. */
    void signOut() {
        roles.clear();
        role.set(null);
        problem.set(null);
        stage.set(Stage.ENTERING);
        Runnable atAws = current.end();
        tasks.run(
                        () -> {
                            atAws.run();
                            return true;
                        })
                .start();
    }

    /** What was chosen, as the beginning of all work at AWS; null where nothing is. */
    @Nullable AwsAccount account() {
        SignedIn now = current.get();
        Assigned chosen = role.get();
        String where = installationRegion.get().strip();
        if (now == null || chosen == null || where.isEmpty()) {
            return null;
        }
        preferences.put(ROLE, name(chosen));
        preferences.put(INSTALLATION_REGION, where);
        return now.session().account(chosen, where);
    }

    private static String name(Assigned assigned) {
        return assigned.accountId() + "/" + assigned.roleName();
    }

    /**
     * Whether the person signs in this way, rather than with a profile.
     *
     * @param otherwise where they have not said
     */
    boolean preferred(boolean otherwise) {
        return preferences.get(PREFERRED).map(Boolean::parseBoolean).orElse(otherwise);
    }

    void prefer(boolean preference) {
        preferences.put(PREFERRED, String.valueOf(preference));
    }

    StringProperty startUrlProperty() {
        return startUrl;
    }

    StringProperty regionProperty() {
        return region;
    }

    StringProperty installationRegionProperty() {
        return installationRegion;
    }

    StringProperty searchProperty() {
        return search;
    }

    /** All roles, whatever is searched for. */
    ObservableList<Assigned> roles() {
        return roles;
    }

    /** The roles that the search finds. */
    FilteredList<Assigned> found() {
        return found;
    }

    ObjectProperty<@Nullable Assigned> roleProperty() {
        return role;
    }

    ReadOnlyObjectProperty<Stage> stageProperty() {
        return stage.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable Problem> problemProperty() {
        return problem.getReadOnlyProperty();
    }
}
