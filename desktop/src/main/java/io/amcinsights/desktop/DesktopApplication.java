package io.amcinsights.desktop;

import io.amcinsights.desktop.common.DesktopFolders;
import io.amcinsights.desktop.shell.WindowFileOpener;
import io.amcinsights.desktop.shell.WindowFileSaver;

import javafx.application.Application;
import javafx.stage.Stage;

import org.jspecify.annotations.Nullable;

/** The application as JavaFX sees it. */
public final class DesktopApplication extends Application {

    private @Nullable Workbench workbench;

    @Override
    public void start(Stage stage) {
        workbench =
                new Workbench(
                        stage,
                        DesktopFolders.ofThisUser(),
                        new WindowFileSaver(stage),
                        new WindowFileOpener(stage),
                        page -> getHostServices().showDocument(page.toString()));
        workbench.open();
    }

    @Override
    public void stop() {
        if (workbench != null) {
            workbench.close();
        }
    }
}
