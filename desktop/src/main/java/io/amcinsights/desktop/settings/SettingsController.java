package io.amcinsights.desktop.settings;

import io.amcinsights.desktop.common.Appearance;
import io.amcinsights.desktop.common.DesktopFolders;
import io.amcinsights.desktop.common.ScreenController;

import javafx.fxml.FXML;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;

/** Appearance, folders, about. */
public final class SettingsController implements ScreenController {

    private final Appearance appearance;
    private final DesktopFolders folders;

    @FXML private ToggleGroup theme;
    @FXML private ToggleButton light;
    @FXML private ToggleButton dark;
    @FXML private Label config;
    @FXML private Label workspace;
    @FXML private Label java;

    public SettingsController(Appearance appearance, DesktopFolders folders) {
        this.appearance = appearance;
        this.folders = folders;
    }

    @FXML
    void initialize() {
        appearance.darkProperty().subscribe(now -> theme.selectToggle(now ? dark : light));
        light.setOnAction(event -> choose(false));
        dark.setOnAction(event -> choose(true));
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
}
