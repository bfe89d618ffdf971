package io.amcinsights.desktop.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.desktop.common.Appearance;
import io.amcinsights.desktop.common.Clicks;
import io.amcinsights.desktop.common.DesktopFolders;
import io.amcinsights.desktop.common.Preferences;
import io.amcinsights.desktop.common.Screen;
import io.amcinsights.desktop.common.ScreenFixture;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.signin.LocalWorkspace;

import javafx.stage.Stage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

import java.nio.file.Path;
import java.util.Map;

@ExtendWith(ApplicationExtension.class)
class SettingsScreenTest {

    @TempDir Path folder;

    private ScreenFixture fixture;

    @Start
    void start(Stage stage) {
        Preferences preferences = new Preferences(folder);
        Appearance appearance = new Appearance(preferences);
        LocalWorkspace workspace = workspace(preferences);
        fixture =
                new ScreenFixture(
                        stage,
                        folder,
                        Tasks.onVirtualThreads(),
                        Map.of(
                                SettingsController.class,
                                () ->
                                        new SettingsController(
                                                appearance,
                                                new DesktopFolders(
                                                        folder, folder.resolve("workspace")),
                                                workspace)));
        fixture.show(Screen.SETTINGS);
    }

    private LocalWorkspace workspace(Preferences preferences) {
        return new LocalWorkspace(folder.resolve("workspace"), preferences);
    }

    @Test
    void memory_for_queries_is_chosen_and_remembered(FxRobot robot) {
        int before = workspace(new Preferences(folder)).engineMemoryMb();

        Clicks.clickOn(robot, "#engineMemory");
        Clicks.clickOn(robot, "4 GB");

        assertThat(before).isEqualTo(1024);
        assertThat(workspace(new Preferences(folder)).engineMemoryMb()).isEqualTo(4096);
        fixture.snapshots("settings");
    }
}
