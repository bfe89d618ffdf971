package io.amcinsights.desktop.shell;

import io.amcinsights.desktop.common.FileOpener;

import javafx.stage.FileChooser;
import javafx.stage.Stage;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The platform's file chooser, for reading. */
public final class WindowFileOpener implements FileOpener {

    private final Stage owner;

    public WindowFileOpener(Stage owner) {
        this.owner = owner;
    }

    @Override
    public Optional<Path> choose(String kind, List<String> extensions) {
        FileChooser chooser = new FileChooser();
        chooser.getExtensionFilters()
                .add(
                        new FileChooser.ExtensionFilter(
                                kind, extensions.stream().map(e -> "*." + e).toList()));
        return Optional.ofNullable(chooser.showOpenDialog(owner)).map(File::toPath);
    }
}
