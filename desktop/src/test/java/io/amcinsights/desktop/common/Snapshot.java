package io.amcinsights.desktop.common;

import javafx.application.Platform;
import javafx.embed.swing.SwingFXUtils;
import javafx.scene.Scene;
import javafx.scene.image.WritableImage;

import org.testfx.util.WaitForAsyncUtils;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

import javax.imageio.ImageIO;

/** Pictures of windows. */
public final class Snapshot {

    private Snapshot() {}

    /** Writes what a scene shows to a PNG file, once it is laid out. */
    public static void of(Scene scene, Path file) {
        WaitForAsyncUtils.waitForFxEvents();
        CompletableFuture<WritableImage> picture = new CompletableFuture<>();
        Platform.runLater(() -> picture.complete(scene.snapshot(null)));
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            ImageIO.write(SwingFXUtils.fromFXImage(picture.join(), null), "png", file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file, e);
        }
    }
}
