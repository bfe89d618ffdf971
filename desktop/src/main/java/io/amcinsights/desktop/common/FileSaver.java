package io.amcinsights.desktop.common;

import java.nio.file.Path;
import java.util.Optional;

/** Asks where to save a file. */
public interface FileSaver {

    /**
     * @param suggestedName with its extension
     * @param kind what the file is, such as “CSV file”
     * @return where to save; empty when the person thought better of it
     */
    Optional<Path> choose(String suggestedName, String kind);
}
