package io.amcinsights.desktop.common;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Asks which file to read. */
public interface FileOpener {

    /**
     * @param kind what the file is, such as “List of tenants”
     * @param extensions of such files, without the dot
     * @return the file; empty when the person thought better of it
     */
    Optional<Path> choose(String kind, List<String> extensions);
}
