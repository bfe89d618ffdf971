package io.amcinsights.desktop.signin;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.desktop.aws.AwsProfiles;
import io.amcinsights.desktop.aws.Session;
import io.amcinsights.desktop.common.Appearance;
import io.amcinsights.desktop.common.Clicks;
import io.amcinsights.desktop.common.Preferences;
import io.amcinsights.desktop.common.Snapshot;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.deployment.DeployedInstallation;
import io.amcinsights.desktop.deployment.EmulatedAws;
import io.amcinsights.desktop.shell.MainWindow;

import javafx.scene.control.ComboBox;
import javafx.stage.Stage;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

@ExtendWith(ApplicationExtension.class)
class SignInScreenTest {

    private static final String CONFIG =
            """
            [profile acme]
            region = eu-west-1
            aws_access_key_id = id
            aws_secret_access_key = key
            [profile expired]
            region = eu-west-1
            sso_session = acme
            sso_account_id = 112233445566
            sso_role_name = Administrator
            [sso-session acme]
            sso_region = eu-west-1
            sso_start_url = https://acme.invalid/start
            """;

    @TempDir Path folder;

    private final List<Session> sessions = new CopyOnWriteArrayList<>();
    private final List<String> managed = new CopyOnWriteArrayList<>();
    private Stage window;
    private EmulatedAws aws;
    private Preferences preferences;

    @Start
    void start(Stage stage) throws Exception {
        window = stage;
        aws = new EmulatedAws();
        System.setProperty(LocalWorkspace.JAR_PROPERTY, folder.resolve("absent.jar").toString());
        preferences = new Preferences(folder);
        Path config = Files.writeString(folder.resolve("config"), CONFIG);
        SignInViewModel model =
                new SignInViewModel(
                        new LocalWorkspace(folder.resolve("workspace"), preferences),
                        Tasks.onVirtualThreads(),
                        sessions::add);
        IdentityCenterViewModel center =
                new IdentityCenterViewModel(
                        preferences,
                        Tasks.onVirtualThreads(),
                        page -> {},
                        Clock.systemUTC(),
                        new CurrentSignIn());
        AwsSignInViewModel awsModel =
                new AwsSignInViewModel(
                        new AwsProfiles(config, folder.resolve("credentials"), aws.endpoint()),
                        new KnownInstallations(preferences),
                        center,
                        Tasks.onVirtualThreads(),
                        sessions::add,
                        (account, name) -> managed.add(String.valueOf(name)));
        new MainWindow(stage, preferences, new Appearance(preferences))
                .show(new SignInController(model, awsModel).view());
        stage.setX(0);
        stage.setY(0);
    }

    @AfterEach
    void forget() {
        System.clearProperty(LocalWorkspace.JAR_PROPERTY);
        sessions.forEach(Session::close);
        aws.close();
    }

    private void picture(String name) {
        Snapshot.of(window.getScene(), Path.of("target", "snapshots", name + ".png"));
    }

    private static void await(FxRobot robot, String query) throws Exception {
        WaitForAsyncUtils.waitFor(
                20,
                TimeUnit.SECONDS,
                () -> robot.lookup(query).queryAll().stream().anyMatch(n -> n.isVisible()));
        WaitForAsyncUtils.waitForFxEvents();
    }

    @Test
    void says_what_is_missing_when_the_workspace_is_not_installed(FxRobot robot) throws Exception {
        picture("sign-in");
        Clicks.clickOn(robot, "#openLocal");
        await(robot, "The local workspace is not installed");
        picture("sign-in-missing");
        assertThat(robot.lookup("#openLocal").query().isVisible()).isTrue();
        assertThat(sessions).isEmpty();
    }

    @Test
    void opens_an_installation_that_it_finds_and_remembers_it(FxRobot robot) throws Exception {
        DeployedInstallation.deploy(aws, folder.resolve("release"), "amc-insights");
        Clicks.clickOn(robot, "#connect");
        await(robot, "#who");
        assertThat(robot.lookup("#who").queryLabeled().getText()).isEqualTo("jane (Administrator)");
        picture("sign-in-aws");
        Clicks.clickOn(robot, "#open");
        WaitForAsyncUtils.waitFor(20, TimeUnit.SECONDS, () -> !sessions.isEmpty());

        assertThat(sessions.getFirst().installation().local()).isFalse();
        assertThat(sessions.getFirst().installation().awsAccountId())
                .isEqualTo(EmulatedAws.ACCOUNT);
        await(robot, "#open-amc-insights");
        picture("sign-in-recent");
        assertThat(new KnownInstallations(new Preferences(folder)).all())
                .singleElement()
                .satisfies(
                        known -> {
                            assertThat(known.stackName()).isEqualTo("amc-insights");
                            assertThat(known.profile()).isEqualTo("acme");
                        });
        Clicks.clickOn(robot, "#open-amc-insights");
        WaitForAsyncUtils.waitFor(20, TimeUnit.SECONDS, () -> sessions.size() == 2);
    }

    @Test
    void leads_to_the_deployment_where_there_is_nothing(FxRobot robot) throws Exception {
        Clicks.clickOn(robot, "#connect");
        await(robot, "#deployNew");
        picture("sign-in-nothing");
        Clicks.clickOn(robot, "#deployNew");
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(managed).containsExactly("null");
    }

    @Test
    void an_analyst_who_may_not_list_names_the_installation(FxRobot robot) throws Exception {
        DeployedInstallation.deploy(aws, folder.resolve("release"), "amc-insights");
        aws.refuse("DescribeStacks *", "403 AccessDenied You may not list stacks");
        Clicks.clickOn(robot, "#connect");
        await(robot, "#openNamed");
        picture("sign-in-named");
        Clicks.clickOn(robot, "#openNamed");
        WaitForAsyncUtils.waitFor(20, TimeUnit.SECONDS, () -> !sessions.isEmpty());
    }

    @Test
    void an_expired_sign_in_says_what_to_type(FxRobot robot) throws Exception {
        robot.interact(
                () ->
                        robot.lookup("#profile")
                                .queryAs(ComboBox.class)
                                .getSelectionModel()
                                .select(1));
        Clicks.clickOn(robot, "#connect");
        await(robot, "The sign-in to AWS has expired");
        picture("sign-in-expired");
        assertThat(
                        robot.lookup(
                                        "Run “aws sso login --profile expired” in a terminal, then"
                                                + " try again.")
                                .tryQuery())
                .isPresent();
    }
}
