package io.amcinsights.desktop.common;

import java.nio.file.Path;
import java.util.Optional;

/** A person who saves under the suggested name in one folder. */
public record ChosenFile(Path folder) implements FileSaver {

    @Override
    public Optional<Path> choose(String suggestedName, String kind) {
        return Optional.of(folder.resolve(suggestedName));
    }
}
