package io.amcinsights.desktop.signin;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.desktop.aws.AwsAccount;
import io.amcinsights.desktop.aws.AwsProfiles;
import io.amcinsights.desktop.aws.IdentityCenter;
import io.amcinsights.desktop.aws.Session;
import io.amcinsights.desktop.common.Appearance;
import io.amcinsights.desktop.common.Clicks;
import io.amcinsights.desktop.common.Preferences;
import io.amcinsights.desktop.common.Snapshot;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.deployment.DeployedInstallation;
import io.amcinsights.desktop.deployment.EmulatedAws;
import io.amcinsights.desktop.shell.MainWindow;

import javafx.scene.control.ListView;
import javafx.scene.control.TextInputControl;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** From the start URL to an installation, in the window; the browser follows the page by HTTP. */
@ExtendWith(ApplicationExtension.class)
class IdentityCenterScreenTest {

    @TempDir Path folder;

    private final List<Session> sessions = new CopyOnWriteArrayList<>();
    private final FollowingBrowser browser = new FollowingBrowser();
    private final CurrentSignIn current = new CurrentSignIn();
    private Stage window;
    private MainWindow main;
    private Appearance appearance;
    private Preferences preferences;
    private EmulatedAws aws;
    private EmulatedSignIn emulated;

    @Start
    void start(Stage stage) throws Exception {
        window = stage;
        aws = new EmulatedAws();
        emulated = new EmulatedSignIn(aws);
        preferences = new Preferences(folder);
        appearance = new Appearance(preferences);
        main = new MainWindow(stage, preferences, appearance);
        show();
        stage.setX(0);
        stage.setY(0);
    }

    /** The screen as it is after a start of the application. */
    private void show() {
        Tasks tasks = Tasks.onVirtualThreads();
        AwsSignInViewModel awsModel =
                new AwsSignInViewModel(
                        new AwsProfiles(
                                folder.resolve("config"),
                                folder.resolve("credentials"),
                                aws.endpoint()),
                        new KnownInstallations(preferences),
                        new IdentityCenterViewModel(
                                preferences, tasks, browser, Clock.systemUTC(), current),
                        tasks,
                        sessions::add,
                        (account, name) -> {});
        main.show(
                new SignInController(
                                new SignInViewModel(
                                        new LocalWorkspace(
                                                folder.resolve("workspace"), preferences),
                                        tasks,
                                        sessions::add),
                                awsModel)
                        .view());
    }

    @AfterEach
    void end() {
        sessions.forEach(Session::close);
        current.end().run();
        aws.close();
    }

    private void pictures(String name, FxRobot robot) {
        for (boolean dark : new boolean[] {true, false}) {
            robot.interact(() -> appearance.setDark(dark));
            Snapshot.of(
                    window.getScene(),
                    Path.of("target", "snapshots", name + (dark ? "-dark" : "-light") + ".png"));
        }
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        WaitForAsyncUtils.waitFor(20, TimeUnit.SECONDS, condition);
        WaitForAsyncUtils.waitForFxEvents();
    }

    private static void await(FxRobot robot, String query) throws Exception {
        await(() -> robot.lookup(query).queryAll().stream().anyMatch(n -> n.isVisible()));
    }

    private void enter(FxRobot robot) {
        Clicks.clickOn(robot, "#wayCenter");
        robot.interact(
                () -> {
                    robot.lookup("#startUrl")
                            .queryAs(TextInputControl.class)
                            .setText(emulated.startUrl());
                    robot.lookup("#centerRegion")
                            .<javafx.scene.control.ComboBox<String>>query()
                            .getEditor()
                            .setText("eu-west-1");
                });
    }

    @Test
    void leads_from_the_browser_to_an_installation_and_is_remembered(FxRobot robot)
            throws Exception {
        DeployedInstallation.deploy(aws, folder.resolve("release"), "amc-insights");
        Clicks.clickOn(robot, "#wayCenter");
        pictures("sign-in-center", robot);
        enter(robot);
        Clicks.clickOn(robot, "#signIn");
        await(robot, "#roles");
        pictures("sign-in-center-roles", robot);
        Clicks.clickOn(robot, "#continue");
        await(robot, "#who");
        assertThat(robot.lookup("#who").queryLabeled().getText()).isEqualTo("jane (Administrator)");
        assertThat(
                        robot.lookup("AWS account 112233445566 · eu-west-1 · IAM Identity Center")
                                .tryQuery())
                .isPresent();
        Clicks.clickOn(robot, "#open");
        await(() -> !sessions.isEmpty());
        assertThat(sessions.getFirst().account().profile()).isNull();
        await(robot, "#open-amc-insights");
        pictures("sign-in-center-recent", robot);

        // The next time only the browser is asked, and the same role is offered first.
        current.end().run();
        assertThat(emulated.signedIn()).isFalse();
        robot.interact(this::show);
        Clicks.clickOn(robot, "#signIn");
        await(robot, "#roles");
        assertThat(
                        robot.lookup("#roles")
                                .queryAs(ListView.class)
                                .getSelectionModel()
                                .getSelectedIndex())
                .isZero();
        String written;
        try (var files = Files.list(folder)) {
            written =
                    files.filter(Files::isRegularFile)
                            .map(
                                    file -> {
                                        try {
                                            return Files.readString(file);
                                        } catch (java.io.IOException e) {
                                            throw new java.io.UncheckedIOException(e);
                                        }
                                    })
                            .collect(Collectors.joining());
        }
        assertThat(written).contains("112233445566/Administrator").doesNotContain("ASIA", "oken");
    }

    @Test
    void what_was_opened_is_opened_again_with_one_click(FxRobot robot) throws Exception {
        DeployedInstallation.deploy(aws, folder.resolve("release"), "amc-insights");
        enter(robot);
        Clicks.clickOn(robot, "#signIn");
        await(robot, "#roles");
        Clicks.clickOn(robot, "#continue");
        await(robot, "#open");
        Clicks.clickOn(robot, "#open");
        await(robot, "#open-amc-insights");
        assertThat(robot.lookup("eu-west-1 · Administrator in 112233445566").tryQuery())
                .isPresent();

        // While the sign-in lasts, the browser is left alone.
        robot.interact(this::show);
        Clicks.clickOn(robot, "#open-amc-insights");
        await(() -> sessions.size() == 2);
        assertThat(browser.opened()).hasSize(1);

        // AWS has ended it, which the application has not noticed; the other way is shown.
        emulated.endSession();
        robot.interact(this::show);
        Clicks.clickOn(robot, "#wayProfile");
        Clicks.clickOn(robot, "#open-amc-insights");
        await(() -> sessions.size() == 3);
        assertThat(browser.opened()).hasSize(2);
        assertThat(sessions.getLast().account().role())
                .isEqualTo(
                        new AwsAccount.Role(
                                new IdentityCenter(emulated.startUrl(), "eu-west-1"),
                                "112233445566",
                                "Administrator"));

        // The application was started anew: what it remembers leads to the page and on.
        current.end().run();
        robot.interact(this::show);
        emulated.answers("deny");
        Clicks.clickOn(robot, "#open-amc-insights");
        await(robot, "You are not signed in");
        emulated.answers("allow");
        Clicks.clickOn(robot, "Try again");
        await(() -> sessions.size() == 4);
    }

    @Test
    void a_role_that_is_not_assigned_any_more_is_named(FxRobot robot) throws Exception {
        new KnownInstallations(preferences)
                .remember(
                        new AwsAccount(
                                null,
                                new AwsAccount.Role(
                                        new IdentityCenter(emulated.startUrl(), "eu-west-1"),
                                        "112233445566",
                                        "Gone"),
                                "",
                                "eu-west-1",
                                AnonymousCredentialsProvider.create(),
                                aws.endpoint()),
                        "amc-insights");
        robot.interact(this::show);
        Clicks.clickOn(robot, "#open-amc-insights");
        await(robot, "The role Gone is not yours here");
        await(robot, "#roles");
        pictures("sign-in-center-lost", robot);
        assertThat(sessions).isEmpty();
    }

    @Test
    void finds_one_role_among_many_and_signs_out(FxRobot robot) throws Exception {
        emulated.accounts(40);
        enter(robot);
        Clicks.clickOn(robot, "#signIn");
        await(robot, "#searchRoles");
        Clicks.clickOn(robot, "#searchRoles").write("team 27 analyst");
        WaitForAsyncUtils.waitForFxEvents();
        ListView<?> roles = robot.lookup("#roles").queryAs(ListView.class);
        assertThat(roles.getItems()).hasSize(1);
        assertThat(roles.getSelectionModel().getSelectedItem()).asString().contains("AmcAnalyst");
        pictures("sign-in-center-search", robot);
        Clicks.clickOn(robot, "#centerSignOut");
        await(robot, "#signIn");
        await(() -> !emulated.signedIn());
    }

    @Test
    void waits_for_the_page_which_can_be_opened_again_and_left(FxRobot robot) throws Exception {
        emulated.answers("nothing");
        enter(robot);
        Clicks.clickOn(robot, "#signIn");
        await(() -> browser.opened().size() == 1);
        pictures("sign-in-center-waiting", robot);
        Clicks.clickOn(robot, "#openAgain");
        await(() -> browser.opened().size() == 2);
        assertThat(browser.opened().get(1)).isEqualTo(browser.opened().get(0));
        Clicks.clickOn(robot, "#cancelSignIn");
        await(robot, "#signIn");
        assertThat(current.get()).isNull();
    }

    @Test
    void a_denied_sign_in_says_so(FxRobot robot) throws Exception {
        emulated.answers("deny");
        enter(robot);
        Clicks.clickOn(robot, "#signIn");
        await(robot, "You are not signed in");
        pictures("sign-in-center-denied", robot);
        assertThat(robot.lookup("#signIn").query().isVisible()).isTrue();
    }

    @Test
    void a_sign_in_that_has_ended_leads_back_to_its_beginning(FxRobot robot) throws Exception {
        enter(robot);
        Clicks.clickOn(robot, "#signIn");
        await(robot, "#continue");
        emulated.endSession();
        Clicks.clickOn(robot, "#continue");
        await(robot, "Your sign-in has ended");
        await(robot, "#signIn");
        pictures("sign-in-center-ended", robot);
        Clicks.clickOn(robot, "Try again");
        await(robot, "#roles");
        assertThat(robot.lookup("Your sign-in has ended").tryQuery()).isEmpty();
        // Enter goes on with what is chosen; the window's default button is another way.
        Clicks.clickOn(robot, "#roles").type(KeyCode.ENTER);
        await(robot, "#who");
    }
}
