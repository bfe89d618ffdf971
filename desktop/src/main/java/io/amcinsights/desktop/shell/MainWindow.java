package io.amcinsights.desktop.shell;

import io.amcinsights.desktop.common.Appearance;
import io.amcinsights.desktop.common.Preferences;

import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.layout.StackPane;
import javafx.stage.Screen;
import javafx.stage.Stage;

/** The one window: sign-in or the shell; its size and place are remembered. */
public final class MainWindow {

    private static final double MIN_WIDTH = 1100;
    private static final double MIN_HEIGHT = 700;

    private final Stage stage;
    private final Preferences preferences;
    private final StackPane root = new StackPane();

    public MainWindow(Stage stage, Preferences preferences, Appearance appearance) {
        this.stage = stage;
        this.preferences = preferences;
        Scene scene = new Scene(root);
        appearance.style(scene);
        stage.setScene(scene);
        stage.setTitle("AMC Insights");
        stage.setMinWidth(MIN_WIDTH);
        stage.setMinHeight(MIN_HEIGHT);
        stage.setWidth(Math.max(MIN_WIDTH, preferences.number("window.width", 1280)));
        stage.setHeight(Math.max(MIN_HEIGHT, preferences.number("window.height", 800)));
        place();
    }

    /** Shows this and nothing else. */
    public void show(Parent view) {
        root.getChildren().setAll(view);
        stage.show();
    }

    /** Remembers size and place for the next start. */
    public void remember() {
        if (!stage.isMaximized() && !stage.isIconified()) {
            preferences.put("window.width", String.valueOf(stage.getWidth()));
            preferences.put("window.height", String.valueOf(stage.getHeight()));
            preferences.put("window.x", String.valueOf(stage.getX()));
            preferences.put("window.y", String.valueOf(stage.getY()));
        }
        preferences.put("window.maximized", String.valueOf(stage.isMaximized()));
    }

    private void place() {
        double x = preferences.number("window.x", Double.NaN);
        double y = preferences.number("window.y", Double.NaN);
        // The screen where the window was may be gone.
        if (!Double.isNaN(x)
                && !Double.isNaN(y)
                && !Screen.getScreensForRectangle(x, y, 200, 100).isEmpty()) {
            stage.setX(x);
            stage.setY(y);
        }
        stage.setMaximized(preferences.get("window.maximized").orElse("false").equals("true"));
    }
}
