package io.amcinsights.desktop.queries;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Where fetched results lie while they are shown: a temporary folder of this person alone. */
public final class ResultFolder {

    private static final Logger LOG = Logger.getLogger(ResultFolder.class.getName());

    private @Nullable Path folder;

    /** A fresh, empty file. */
    synchronized Path newFile() throws IOException {
        if (folder == null) {
            folder = Files.createTempDirectory("amc-insights-results");
        }
        return Files.createTempFile(folder, "result", ".csv");
    }

    /** Deletes all that lies in it. What the platform still holds is its to clear away. */
    public synchronized void delete() {
        if (folder == null) {
            return;
        }
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
            Files.delete(folder);
            folder = null;
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Cannot delete " + folder, e);
        }
    }
}
