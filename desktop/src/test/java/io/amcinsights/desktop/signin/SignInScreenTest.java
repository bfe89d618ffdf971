package io.amcinsights.desktop.signin;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.desktop.aws.Session;
import io.amcinsights.desktop.common.Appearance;
import io.amcinsights.desktop.common.Clicks;
import io.amcinsights.desktop.common.Preferences;
import io.amcinsights.desktop.common.Snapshot;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.shell.MainWindow;

import javafx.stage.Stage;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

@ExtendWith(ApplicationExtension.class)
class SignInScreenTest {

    @TempDir static Path folder;

    private final List<Session> sessions = new ArrayList<>();
    private Stage window;

    @Start
    void start(Stage stage) {
        window = stage;
        System.setProperty(LocalWorkspace.JAR_PROPERTY, folder.resolve("absent.jar").toString());
        Preferences preferences = new Preferences(folder);
        SignInViewModel model =
                new SignInViewModel(
                        new LocalWorkspace(folder.resolve("workspace")),
                        Tasks.onVirtualThreads(),
                        sessions::add);
        new MainWindow(stage, preferences, new Appearance(preferences))
                .show(new SignInController(model).view());
        stage.setX(0);
        stage.setY(0);
    }

    @AfterEach
    void forget() {
        System.clearProperty(LocalWorkspace.JAR_PROPERTY);
    }

    @Test
    void says_what_is_missing_when_the_workspace_is_not_installed(FxRobot robot) throws Exception {
        Snapshot.of(window.getScene(), Path.of("target", "snapshots", "sign-in.png"));
        Clicks.clickOn(robot, "#openLocal");
        WaitForAsyncUtils.waitFor(
                10,
                TimeUnit.SECONDS,
                () -> !robot.lookup("The local workspace is not installed").queryAll().isEmpty());
        Snapshot.of(window.getScene(), Path.of("target", "snapshots", "sign-in-missing.png"));
        assertThat(robot.lookup("#openLocal").query().isVisible()).isTrue();
        assertThat(sessions).isEmpty();
    }
}
