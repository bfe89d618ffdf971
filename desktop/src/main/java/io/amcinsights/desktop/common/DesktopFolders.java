package io.amcinsights.desktop.common;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Where this application keeps its files.
 *
 * @param config settings, open editors
 * @param data the local workspace
 */
public record DesktopFolders(Path config, Path data) {

    /** Set to keep everything below one folder instead. */
    public static final String HOME_PROPERTY = "amc.insights.home";

    private static final String NAME = "amc-insights";

    /**
     * The folders of the platform: XDG base directories on Linux, Application Support on macOS,
     * AppData on Windows.
     */
    public static DesktopFolders ofThisUser() {
        String home = System.getProperty(HOME_PROPERTY);
        if (home != null) {
            Path folder = Path.of(home).toAbsolutePath();
            return new DesktopFolders(folder.resolve("config"), folder.resolve("data"));
        }
        Path user = Path.of(System.getProperty("user.home"));
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        if (system.contains("win")) {
            return new DesktopFolders(
                    base("APPDATA", user.resolve("AppData/Roaming")).resolve(NAME),
                    base("LOCALAPPDATA", user.resolve("AppData/Local")).resolve(NAME));
        }
        if (system.contains("mac")) {
            Path folder = user.resolve("Library/Application Support").resolve(NAME);
            return new DesktopFolders(folder.resolve("config"), folder.resolve("data"));
        }
        return new DesktopFolders(
                base("XDG_CONFIG_HOME", user.resolve(".config")).resolve(NAME),
                base("XDG_DATA_HOME", user.resolve(".local/share")).resolve(NAME));
    }

    /** The local workspace's folder. */
    public Path workspace() {
        return data.resolve("workspace");
    }

    /** Makes a folder with its parents where it is missing. */
    public static Path made(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make the folder " + folder, e);
        }
    }

    private static Path base(String variable, Path otherwise) {
        @Nullable String value = System.getenv(variable);
        return value == null || value.isBlank() || !Path.of(value).isAbsolute()
                ? otherwise
                : Path.of(value);
    }
}
