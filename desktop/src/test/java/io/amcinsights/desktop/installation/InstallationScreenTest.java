package io.amcinsights.desktop.installation;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.desktop.common.Appearance;
import io.amcinsights.desktop.common.Clicks;
import io.amcinsights.desktop.common.FakeDialogs;
import io.amcinsights.desktop.common.Preferences;
import io.amcinsights.desktop.common.Screen;
import io.amcinsights.desktop.common.ScreenFixture;
import io.amcinsights.desktop.common.Snapshot;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.deployment.DeployedInstallation;
import io.amcinsights.desktop.deployment.EmulatedAws;
import io.amcinsights.desktop.deployment.ReleaseFolder;
import io.amcinsights.desktop.shell.MainWindow;

import javafx.application.Platform;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.TitledPane;
import javafx.stage.Stage;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

@ExtendWith(ApplicationExtension.class)
class InstallationScreenTest {

    private static final String STACK = "amc-insights";

    @TempDir Path folder;

    private final FakeDialogs dialogs = new FakeDialogs();
    private final List<String> ways = new CopyOnWriteArrayList<>();
    private Stage window;
    private EmulatedAws aws;
    private @Nullable ScreenFixture fixture;
    private @Nullable Appearance appearance;
    private @Nullable InstallationViewModel model;
    private volatile @Nullable Path release;

    @Start
    void start(Stage stage) throws Exception {
        window = stage;
        aws = new EmulatedAws();
        aws.stacks().pace(Duration.ofSeconds(2));
        release = ReleaseFolder.made(folder.resolve("release"), "1");
    }

    @AfterEach
    void end(FxRobot robot) {
        robot.interact(() -> Objects.requireNonNull(model).close());
        aws.close();
    }

    private void open(FxRobot robot, @Nullable String stackName, boolean local) {
        Tasks tasks = Tasks.onVirtualThreads();
        InstallationViewModel made =
                new InstallationViewModel(
                        local ? null : aws.account(),
                        new InstallationViewModel.Setting(
                                () -> Optional.ofNullable(release),
                                Duration.ofMillis(20),
                                aws.clock()),
                        tasks,
                        dialogs,
                        new InstallationViewModel.Ways(
                                (account, name) -> ways.add("deployed " + name),
                                (account, name) -> ways.add("open " + name),
                                () -> ways.add("sign-in")));
        model = made;
        if (stackName == null && !local) {
            openAlone(robot, made);
            return;
        }
        robot.interact(
                () -> {
                    ScreenFixture shown =
                            new ScreenFixture(
                                    window,
                                    folder.resolve("config"),
                                    tasks,
                                    Map.of(
                                            InstallationController.class,
                                            () ->
                                                    new InstallationController(
                                                            made, stackName, false)));
                    shown.show(Screen.INSTALLATION);
                    fixture = shown;
                });
    }

    private void openInstalled(FxRobot robot) throws Exception {
        DeployedInstallation.deploy(aws, folder.resolve("before"), STACK);
        open(robot, STACK, false);
        await(robot, "#update");
    }

    /** As the sign-in screen shows it, with nobody signed in. */
    private void openAlone(FxRobot robot, InstallationViewModel made) {
        robot.interact(
                () -> {
                    Preferences preferences = new Preferences(folder.resolve("config"));
                    Appearance look = new Appearance(preferences);
                    new MainWindow(window, preferences, look)
                            .show(new InstallationController(made, null, true).view());
                    window.setX(0);
                    window.setY(0);
                    appearance = look;
                });
    }

    private void picture(String name) {
        if (fixture != null) {
            fixture.snapshots(name);
            return;
        }
        for (boolean dark : new boolean[] {true, false}) {
            Platform.runLater(() -> Objects.requireNonNull(appearance).setDark(dark));
            WaitForAsyncUtils.waitForFxEvents();
            Snapshot.of(
                    window.getScene(),
                    Path.of("target", "snapshots", name + (dark ? "-dark" : "-light") + ".png"));
        }
    }

    private static void await(FxRobot robot, String query) {
        try {
            WaitForAsyncUtils.waitFor(
                    20,
                    TimeUnit.SECONDS,
                    // nodes come and go while another thread looks
                    () ->
                            WaitForAsyncUtils.asyncFx(
                                            () -> robot.lookup(query).tryQuery().isPresent())
                                    .get());
        } catch (Exception e) {
            throw new AssertionError("There is no " + query, e);
        }
        WaitForAsyncUtils.waitForFxEvents();
    }

    private static String text(FxRobot robot, String query) {
        await(robot, query);
        return robot.lookup(query).queryAs(Label.class).getText();
    }

    private static List<String> texts(FxRobot robot) {
        return robot.lookup(node -> node instanceof Label).<Label>queryAll().stream()
                .map(Label::getText)
                .toList();
    }

    private static void enter(FxRobot robot, String query, String text) {
        await(robot, query);
        robot.interact(() -> robot.lookup(query).queryAs(TextField.class).setText(text));
    }

    @Test
    void deploys_a_new_installation(FxRobot robot) {
        open(robot, null, false);
        await(robot, "#plan");
        assertThat(robot.lookup("#parameterArtifactBucket").tryQuery()).isEmpty();
        assertThat(robot.lookup("#advanced").queryAs(TitledPane.class).isExpanded()).isFalse();
        enter(robot, "#parameterAlarmEmail", "nobody");
        Clicks.clickOn(robot, "#plan");
        await(robot, "It must be an e-mail address");
        enter(robot, "#parameterAlarmEmail", "ops@example.org");
        picture("installation-form");

        Clicks.clickOn(robot, "#plan");
        await(robot, "#execute");
        picture("installation-plan-new");
        assertThat(texts(robot))
                .anyMatch(t -> t.startsWith("About $6") || t.startsWith("About $7"));

        aws.stacks().holdAt("WorkflowRun");
        Clicks.clickOn(robot, "#execute");
        await(robot, "#share");
        WaitForAsyncUtils.waitForFxEvents();
        awaitText(robot, "#left", "about ");
        picture("installation-follow");
        assertThat(text(robot, "#share")).matches("[1-9]\\d %");

        aws.stacks().go();
        await(robot, "#open");
        picture("installation-done");
        assertThat(ways).containsExactly("deployed amc-insights");
        Clicks.clickOn(robot, "#open");
        assertThat(ways).contains("open amc-insights");
    }

    private static void awaitText(FxRobot robot, String query, String beginning) {
        try {
            WaitForAsyncUtils.waitFor(
                    20,
                    TimeUnit.SECONDS,
                    () ->
                            robot.lookup(query).tryQuery().isPresent()
                                    && robot.lookup(query)
                                            .queryAs(Label.class)
                                            .getText()
                                            .startsWith(beginning));
        } catch (Exception e) {
            throw new AssertionError(query + " does not begin with " + beginning, e);
        }
        WaitForAsyncUtils.waitForFxEvents();
    }

    @Test
    void names_the_root_cause_and_its_repair_and_clears_up(FxRobot robot) {
        aws.stacks()
                .fail(
                        "CREATE RunQueue",
                        "User: arn:aws:sts::112233445566:assumed-role/Deployer/jane is not"
                                + " authorized to perform: sqs:createqueue on resource:"
                                + " arn:aws:sqs:eu-west-1:112233445566:amc-insights-runs.fifo");
        open(robot, null, false);
        Clicks.clickOn(robot, "#plan");
        Clicks.clickOn(robot, "#execute");
        await(robot, "#clear");
        assertThat(text(robot, "#causeTitle")).isEqualTo("Why it could not be created");
        assertThat(text(robot, "#causeReason"))
                .contains("not authorized to perform: sqs:createqueue");
        assertThat(text(robot, "#causeRepair")).contains("lack a right");
        picture("installation-failed");
        robot.interact(
                () -> robot.lookup("#onlyFailures").queryAs(CheckBox.class).setSelected(true));

        dialogs.answer(true);
        Clicks.clickOn(robot, "#clear");
        await(robot, "#removed");
        assertThat(aws.stacks().names()).isEmpty();
        Clicks.clickOn(robot, "#deployAgain");
        await(robot, "#plan");
        assertThat(ways).isEmpty();
    }

    @Test
    void shows_what_an_update_replaces_in_red(FxRobot robot) throws Exception {
        release =
                ReleaseFolder.made(
                        folder.resolve("next"),
                        "2",
                        template ->
                                template.replace(
                                        "'${AWS::StackName}-runs.fifo'",
                                        "'${AWS::StackName}-queue.fifo'"));
        openInstalled(robot);
        picture("installation-ready");
        Clicks.clickOn(robot, "#update");
        await(robot, "#plan");
        assertThat(robot.lookup("#newName").tryQuery()).isEmpty();
        Clicks.clickOn(robot, "#plan");
        await(robot, "#execute");
        picture("installation-plan-update");
        assertThat(
                        robot.lookup(
                                        node ->
                                                node instanceof Label label
                                                        && label.getText()
                                                                .equals(
                                                                        "Lost with it: messages"
                                                                            + " that wait in it"))
                                .<Label>queryAll())
                .singleElement()
                .satisfies(line -> assertThat(line.getStyleClass()).contains("plan-loses"));
        assertThat(robot.lookup("#execute").query().getStyleClass()).contains("danger");
        Clicks.clickOn(robot, "#execute");
        await(robot, "#open");
        assertThat(aws.stacks().names()).containsExactly("amc-insights UPDATE_COMPLETE");
    }

    @Test
    void an_update_that_fails_goes_back_and_says_why(FxRobot robot) throws Exception {
        release = ReleaseFolder.made(folder.resolve("next"), "2");
        aws.stacks().fail("UPDATE LakeFunction", "Resource limit exceeded for functions");
        openInstalled(robot);
        Clicks.clickOn(robot, "#update");
        Clicks.clickOn(robot, "#plan");
        Clicks.clickOn(robot, "#execute");
        await(robot, "#causeTitle");
        await(robot, "#open");
        assertThat(text(robot, "#causeTitle")).isEqualTo("Why the update failed");
        assertThat(text(robot, "#causeRepair")).contains("quota");
        picture("installation-gone-back");
    }

    @Test
    void says_that_there_is_nothing_to_change(FxRobot robot) throws Exception {
        openInstalled(robot);
        Clicks.clickOn(robot, "#update");
        Clicks.clickOn(robot, "#plan");
        assertThat(text(robot, "#note")).startsWith("Nothing to change");
        picture("installation-no-change");
        assertThat(aws.stacks().names()).containsExactly("amc-insights CREATE_COMPLETE");
    }

    @Test
    void a_plan_that_is_given_up_leaves_nothing(FxRobot robot) {
        open(robot, null, false);
        Clicks.clickOn(robot, "#plan");
        Clicks.clickOn(robot, "#discard");
        await(robot, "#plan");
        assertThat(aws.stacks().names()).isEmpty();
    }

    @Test
    void leaving_a_plan_leaves_nothing(FxRobot robot) throws Exception {
        open(robot, null, false);
        Clicks.clickOn(robot, "#plan");
        await(robot, "#execute");
        assertThat(aws.stacks().names()).containsExactly("amc-insights REVIEW_IN_PROGRESS");
        robot.interact(() -> Objects.requireNonNull(model).close());
        WaitForAsyncUtils.waitFor(20, TimeUnit.SECONDS, () -> aws.stacks().names().isEmpty());
    }

    @Test
    void stops_before_anything_is_made_where_a_name_is_taken(FxRobot robot) {
        aws.secret("amc-insights/credentials/default");
        aws.concurrency(10);
        open(robot, null, false);
        Clicks.clickOn(robot, "#plan");
        await(robot, "#backToForm");
        picture("installation-blocked");
        assertThat(aws.sent()).isEmpty();
        Clicks.clickOn(robot, "#backToForm");
        enter(robot, "#newName", "amc-other");
        Clicks.clickOn(robot, "#plan");
        await(robot, "#execute");
    }

    @Test
    void finds_and_follows_what_is_under_way(FxRobot robot) throws Exception {
        DeployedInstallation.deploy(aws, folder.resolve("before"), STACK);
        aws.stacks().stepsPerLook(0);
        aws.stacks().updateByOthers(STACK);
        open(robot, STACK, false);
        await(robot, "amc-insights is being updated");
        aws.stacks().stepsPerLook(6);
        await(robot, "#open");
    }

    @Test
    void goes_on_with_a_way_back_that_is_stuck(FxRobot robot) throws Exception {
        release = ReleaseFolder.made(folder.resolve("next"), "2");
        aws.stacks().fail("UPDATE LakeFunction", "Rate exceeded");
        aws.stacks().fail("ROLLBACK TenantsFunction", "The code of the function is gone");
        openInstalled(robot);
        Clicks.clickOn(robot, "#update");
        Clicks.clickOn(robot, "#plan");
        Clicks.clickOn(robot, "#execute");
        await(robot, "#continueRollback");
        picture("installation-stuck");
        assertThat(robot.lookup("#chooseLakeFunction").tryQuery()).isEmpty();
        Clicks.clickOn(robot, "#chooseTenantsFunction");
        Clicks.clickOn(robot, "#continueRollback");
        await(robot, "#open");
        assertThat(aws.stacks().names()).containsExactly("amc-insights UPDATE_ROLLBACK_COMPLETE");
    }

    @Test
    void removes_it_and_names_what_is_left(FxRobot robot) throws Exception {
        openInstalled(robot);
        Clicks.clickOn(robot, "#prepareRemoval");
        await(robot, "#remove");
        assertThat(robot.lookup("#stays").queryAs(TitledPane.class).getText())
                .isEqualTo("Stays in the account (4)");
        picture("installation-removal");
        dialogs.answer(false);
        Clicks.clickOn(robot, "#remove");
        assertThat(aws.stacks().names()).containsExactly("amc-insights CREATE_COMPLETE");
        dialogs.answer(true);
        // CloudFormation removes no bucket that holds something, and this one always does.
        for (String key : List.of("queries/1.csv", "queries/2.csv", "queries/3.csv")) {
            aws.put(aws.stacks().physicalId(STACK, "Results"), key);
        }
        Clicks.clickOn(robot, "#remove");
        await(robot, "#removed");
        picture("installation-removed");
        assertThat(texts(robot)).anyMatch(t -> t.startsWith("aws dynamodb update-table"));
        assertThat(dialogs.asked()).contains("Remove amc-insights from AWS?");
        assertThat(aws.stacks().names()).isEmpty();
    }

    @Test
    void leaves_in_the_account_what_cannot_be_removed(FxRobot robot) throws Exception {
        aws.stacks().fail("DELETE Results", "The bucket you tried to delete is not empty");
        openInstalled(robot);
        dialogs.answer(true);
        Clicks.clickOn(robot, "#prepareRemoval");
        Clicks.clickOn(robot, "#remove");
        await(robot, "#removeAgain");
        assertThat(text(robot, "#causeRepair")).startsWith("Empty the bucket");
        picture("installation-half-removed");
        Clicks.clickOn(robot, "#chooseResults");
        Clicks.clickOn(robot, "#removeAgain");
        await(robot, "#removed");
    }

    @Test
    void finds_what_was_changed_by_hand(FxRobot robot) throws Exception {
        openInstalled(robot);
        aws.stacks().drift(STACK, "RunQueue", "/VisibilityTimeout");
        Clicks.clickOn(robot, "#drift");
        await(robot, "Differs in /VisibilityTimeout");
        picture("installation-drift");
        Clicks.clickOn(robot, "#backToStack");
        await(robot, "#update");
    }

    @Test
    void an_expired_sign_in_says_what_to_type(FxRobot robot) {
        aws.refuse("GetCallerIdentity", "403 ExpiredToken The security token has expired");
        open(robot, STACK, false);
        await(robot, "The sign-in to AWS has expired");
        assertThat(
                        robot.lookup(
                                        "Run “aws sso login --profile acme” in a terminal, then try"
                                                + " again.")
                                .tryQuery())
                .isPresent();
        picture("installation-expired");
    }

    @Test
    void the_local_workspace_has_nothing_to_deploy(FxRobot robot) {
        open(robot, null, true);
        await(robot, "Nothing to deploy here");
        picture("installation-local");
        Clicks.clickOn(robot, "#emptyAction");
        assertThat(ways).containsExactly("sign-in");
    }

    @Test
    void a_build_without_a_release_says_so(FxRobot robot) {
        release = null;
        open(robot, null, false);
        await(robot, "This build has no release in it");
    }
}
