package io.amcinsights.desktop.common;

import io.amcinsights.contract.WorkflowRequest;
import io.amcinsights.desktop.Samples;
import io.amcinsights.desktop.aws.Backend;
import io.amcinsights.desktop.aws.FakeBackend;
import io.amcinsights.desktop.shell.MainWindow;
import io.amcinsights.desktop.shell.NoticesViewModel;
import io.amcinsights.desktop.shell.Screens;
import io.amcinsights.desktop.shell.ShellController;
import io.amcinsights.desktop.shell.ShellViewModel;

import javafx.application.Platform;
import javafx.stage.Stage;

import org.testfx.util.WaitForAsyncUtils;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A screen in the real window around it, over whatever gateways a test has. */
public final class ScreenFixture {

    private static final Path PICTURES = Path.of("target", "snapshots");

    private final Stage stage;
    private final Appearance appearance;
    private final ShellViewModel shell;
    private final ShellController controller;
    private final MainWindow window;

    /**
     * @param folder for preferences; fresh
     */
    public ScreenFixture(
            Stage stage, Path folder, Tasks tasks, Map<Class<?>, Supplier<?>> controllers) {
        this(
                stage,
                folder,
                tasks,
                controllers,
                new FakeBackend()
                        .on(
                                WorkflowRequest.ListNotices.class,
                                request -> new WorkflowRequest.Notices(List.of(), null)));
    }

    /**
     * @param notices what tells of notices
     */
    public ScreenFixture(
            Stage stage,
            Path folder,
            Tasks tasks,
            Map<Class<?>, Supplier<?>> controllers,
            Backend notices) {
        this.stage = stage;
        Preferences preferences = new Preferences(folder);
        appearance = new Appearance(preferences);
        shell =
                new ShellViewModel(
                        Samples.installation(),
                        "analyst",
                        tasks,
                        new Toasts(),
                        appearance,
                        preferences,
                        () -> {});
        controller =
                new ShellController(
                        shell,
                        new NoticesViewModel(notices, tasks, shell, preferences, "test"),
                        new Screens(controllers));
        window = new MainWindow(stage, preferences, appearance);
    }

    /** Opens the window on a screen; on the JavaFX thread. */
    public void show(Screen screen) {
        shell.show(screen);
        window.show(controller.view());
        stage.setX(0);
        stage.setY(0);
    }

    public Navigation navigation() {
        return shell;
    }

    /** Writes two pictures, light and dark, to {@code target/snapshots}. */
    public void snapshots(String name) {
        for (boolean dark : new boolean[] {true, false}) {
            Platform.runLater(() -> appearance.setDark(dark));
            WaitForAsyncUtils.waitForFxEvents();
            Snapshot.of(
                    stage.getScene(),
                    PICTURES.resolve(name + (dark ? "-dark" : "-light") + ".png"));
        }
    }
}
