package io.amcinsights.desktop.shell;

import io.amcinsights.desktop.common.FileSaver;

import javafx.stage.FileChooser;
import javafx.stage.Stage;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.nio.file.Path;
import java.util.Optional;

/** The platform's file chooser; it begins where the last file was saved. */
public final class WindowFileSaver implements FileSaver {

    private final Stage owner;
    private @Nullable File folder;

    public WindowFileSaver(Stage owner) {
        this.owner = owner;
    }

    @Override
    public Optional<Path> choose(String suggestedName, String kind) {
        FileChooser chooser = new FileChooser();
        chooser.setInitialFileName(suggestedName);
        if (folder != null && folder.isDirectory()) {
            chooser.setInitialDirectory(folder);
        }
        String extension = suggestedName.substring(suggestedName.lastIndexOf('.') + 1);
        chooser.getExtensionFilters().add(new FileChooser.ExtensionFilter(kind, "*." + extension));
        File file = chooser.showSaveDialog(owner);
        if (file == null) {
            return Optional.empty();
        }
        folder = file.getParentFile();
        return Optional.of(file.toPath());
    }
}
