package io.amcinsights.desktop.settings;

import io.amcinsights.desktop.common.Appearance;
import io.amcinsights.desktop.common.DesktopFolders;
import io.amcinsights.desktop.common.ScreenController;
import io.amcinsights.desktop.signin.LocalWorkspace;

import javafx.fxml.FXML;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.util.StringConverter;

import java.util.List;

/** Appearance, local workspace, folders, about. */
public final class SettingsController implements ScreenController {

    private static final List<Integer> ENGINE_MEMORY_MB = List.of(1024, 2048, 4096, 8192);

    private final Appearance appearance;
    private final DesktopFolders folders;
    private final LocalWorkspace localWorkspace;

    @FXML private ToggleGroup theme;
    @FXML private ToggleButton light;
    @FXML private ToggleButton dark;
    @FXML private ComboBox<Integer> engineMemory;
    @FXML private Label config;
    @FXML private Label workspace;
    @FXML private Label java;

    public SettingsController(
            Appearance appearance, DesktopFolders folders, LocalWorkspace localWorkspace) {
        this.appearance = appearance;
        this.folders = folders;
        this.localWorkspace = localWorkspace;
    }

    @FXML
    void initialize() {
        appearance.darkProperty().subscribe(now -> theme.selectToggle(now ? dark : light));
        light.setOnAction(event -> choose(false));
        dark.setOnAction(event -> choose(true));
        engineMemory.setConverter(new MegabytesAsGigabytes());
        engineMemory.getItems().setAll(ENGINE_MEMORY_MB);
        engineMemory.setValue(localWorkspace.engineMemoryMb());
        engineMemory
                .valueProperty()
                .subscribe((before, now) -> localWorkspace.setEngineMemoryMb(now));
        config.setText(folders.config().toString());
        workspace.setText(folders.workspace().toString());
        java.setText(
                "Java %s, JavaFX %s"
                        .formatted(
                                Runtime.version().feature(),
                                System.getProperty("javafx.version", "")));
    }

    /** A second click on the chosen one must not leave none chosen. */
    private void choose(boolean value) {
        theme.selectToggle(value ? dark : light);
        appearance.setDark(value);
    }

    private static final class MegabytesAsGigabytes extends StringConverter<Integer> {
        @Override
        public String toString(Integer megabytes) {
            return megabytes / 1024 + " GB";
        }

        @Override
        public Integer fromString(String text) {
            throw new UnsupportedOperationException("It is chosen, not typed");
        }
    }
}
