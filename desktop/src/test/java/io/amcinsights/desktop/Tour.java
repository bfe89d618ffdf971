package io.amcinsights.desktop;

import io.amcinsights.desktop.common.DesktopFolders;
import io.amcinsights.desktop.common.Snapshot;

import javafx.application.Platform;
import javafx.scene.Node;
import javafx.stage.Stage;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * The product's main job in the real windows, on a fresh local workspace: {@code mvn package
 * -Ptour}. Leaves a picture of each station and the exported CSV in {@code target/tour}.
 */
@ExtendWith(ApplicationExtension.class)
final class Tour {

    private static final Path FOLDER = Path.of("target", "tour").toAbsolutePath();

    private final FxRobot robot = new FxRobot();
    private Stage window;
    private Workbench workbench;
    private int pictures;

    @Start
    void start(Stage stage) throws IOException {
        delete(FOLDER);
        window = stage;
        workbench =
                new Workbench(
                        stage,
                        new DesktopFolders(FOLDER.resolve("config"), FOLDER.resolve("data")),
                        (name, kind) -> Optional.of(FOLDER.resolve("export.csv")));
        workbench.open();
        stage.setX(0);
        stage.setY(0);
    }

    @AfterEach
    void close() throws IOException {
        Platform.runLater(workbench::close);
        WaitForAsyncUtils.waitForFxEvents();
        delete(FOLDER.resolve("data"));
        delete(FOLDER.resolve("config"));
    }

    @Test
    void the_main_job() throws Exception {
        picture("sign-in");
        click("#openLocal");
        picture("starting");
        await("#nextTitle", 60);
        picture("overview-empty");
        onboard();
    }

    private void onboard() throws Exception {
        click("#goTenants");
        click("#onboard");
        click("kestreloutdoor");
        picture("onboard-choose");
        click("#next");
        await("#submit", 10);
        picture("onboard-check");
        click("#submit");
        await("Kestrel Outdoor is ready", 30);
        picture("onboard-done");
        click("#finish");
        await("#table", 10);
        picture("tenants");
    }

    private void click(String what) throws Exception {
        await(what, 20);
        robot.clickOn(what);
        WaitForAsyncUtils.waitForFxEvents();
    }

    /** Waits until something can be seen: {@code #id}, {@code .style} or a text. */
    private Node await(String what, int seconds) throws Exception {
        try {
            WaitForAsyncUtils.waitFor(seconds, TimeUnit.SECONDS, () -> seen(what).isPresent());
        } catch (TimeoutException e) {
            picture("failed");
            throw new AssertionError("“" + what + "” did not appear in " + seconds + " s", e);
        }
        return seen(what).orElseThrow();
    }

    private Optional<Node> seen(String what) {
        return robot.lookup(what).queryAll().stream().filter(Tour::visible).findFirst();
    }

    private static boolean visible(Node node) {
        for (Node n = node; n != null; n = n.getParent()) {
            if (!n.isVisible()) {
                return false;
            }
        }
        return node.getScene() != null && !node.isDisabled();
    }

    private void picture(String name) {
        pictures++;
        Snapshot.of(window.getScene(), FOLDER.resolve("%02d-%s.png".formatted(pictures, name)));
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
