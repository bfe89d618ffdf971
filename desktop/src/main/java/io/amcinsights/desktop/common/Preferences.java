package io.amcinsights.desktop.common;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What the application remembers of its person: small values in one file. A file that cannot be
 * read or written costs the memory, never the work.
 */
public final class Preferences {

    private static final Logger LOG = Logger.getLogger(Preferences.class.getName());

    private static final String FILE = "preferences.properties";

    private final Path folder;
    private final Path file;
    private final Properties values = new Properties();

    /** Reads what is in the folder, if there is anything. */
    public Preferences(Path folder) {
        this.folder = folder;
        file = folder.resolve(FILE);
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                values.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                LOG.log(Level.WARNING, "Cannot read " + file + "; starting with defaults", e);
            }
        }
    }

    public synchronized Optional<String> get(String name) {
        return Optional.ofNullable(values.getProperty(name));
    }

    /** The number remembered, or another where none is. */
    public double number(String name, double otherwise) {
        try {
            return get(name).map(Double::parseDouble).orElse(otherwise);
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    /** Remembers a value, on disk at once. */
    public synchronized void put(String name, String value) {
        if (value.equals(values.setProperty(name, value))) {
            return;
        }
        try {
            DesktopFolders.made(folder);
            Path next = folder.resolve(FILE + ".new");
            try (Writer writer = Files.newBufferedWriter(next, StandardCharsets.UTF_8)) {
                values.store(writer, null);
            }
            Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Cannot write " + file, e);
        }
    }
}
