package io.amcinsights.local.launcher;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The places where Java is usually installed. Which version is there is read from its {@code
 * release} file; nothing is started to find out.
 */
final class JavaHomes {

    private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(?:1\\.)?(\\d+).*");

    private final Map<String, String> environment;
    private final Path user;
    private final String system;

    /**
     * @param user this user's folder
     * @param system the operating system, as {@code os.name} has it
     */
    JavaHomes(Map<String, String> environment, Path user, String system) {
        this.environment = environment;
        this.user = user;
        this.system = system.toLowerCase(Locale.ROOT);
    }

    /** The program of a Java of at least this version, in the order of {@link #places}. */
    Optional<Path> java(int version) {
        for (Path home : homes()) {
            Path java = home.resolve("bin").resolve(windows() ? "java.exe" : "java");
            if (Files.isExecutable(java) && version(home) >= version) {
                return Optional.of(java);
            }
        }
        return Optional.empty();
    }

    /** Where {@link #java} looks, for people. */
    List<String> places() {
        List<String> places = new ArrayList<>(List.of("JAVA_HOME", "JDK_HOME", "PATH"));
        folders().forEach(folder -> places.add(folder.toString()));
        return places;
    }

    /** 0: there is no Java here. */
    static int version(Path home) {
        try {
            for (String line : Files.readAllLines(home.resolve("release"))) {
                Matcher version = VERSION.matcher(line);
                if (version.matches()) {
                    return Integer.parseInt(version.group(1));
                }
            }
        } catch (IOException e) {
            // Not a folder of Java, or not one for us.
            return 0;
        }
        return 0;
    }

    private Set<Path> homes() {
        Set<Path> homes = new LinkedHashSet<>();
        for (String variable : List.of("JAVA_HOME", "JDK_HOME")) {
            path(environment.getOrDefault(variable, "")).ifPresent(homes::add);
        }
        for (String entry : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            path(entry).flatMap(this::homeOfProgram).ifPresent(homes::add);
        }
        for (Path folder : folders()) {
            for (Path home : children(folder)) {
                homes.add(home);
                homes.add(home.resolve("Contents/Home"));
                homes.add(home.resolve("libexec/openjdk.jdk/Contents/Home"));
            }
        }
        return homes;
    }

    /** What a folder of programs calls java is often a link to the real one. */
    private Optional<Path> homeOfProgram(Path folder) {
        try {
            Path java = folder.resolve(windows() ? "java.exe" : "java").toRealPath();
            return Optional.ofNullable(java.getParent()).map(Path::getParent);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private List<Path> folders() {
        List<Path> folders = new ArrayList<>();
        if (windows()) {
            path(environment.getOrDefault("ProgramFiles", ""))
                    .ifPresent(
                            programs ->
                                    List.of(
                                                    "Java",
                                                    "Eclipse Adoptium",
                                                    "Amazon Corretto",
                                                    "Microsoft",
                                                    "Zulu",
                                                    "BellSoft")
                                            .forEach(name -> folders.add(programs.resolve(name))));
        } else if (system.contains("mac")) {
            folders.add(Path.of("/Library/Java/JavaVirtualMachines"));
            folders.add(user.resolve("Library/Java/JavaVirtualMachines"));
            folders.add(Path.of("/opt/homebrew/opt"));
            folders.add(Path.of("/usr/local/opt"));
        } else {
            folders.add(Path.of("/usr/lib/jvm"));
            folders.add(Path.of("/usr/java"));
            folders.add(Path.of("/opt"));
        }
        folders.add(user.resolve(".sdkman/candidates/java"));
        folders.add(user.resolve(".jdks"));
        return folders;
    }

    private boolean windows() {
        return system.contains("windows");
    }

    private static List<Path> children(Path folder) {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            entries.forEach(children::add);
        } catch (IOException e) {
            // Most of these folders are not there.
            return List.of();
        }
        Collections.sort(children);
        return children;
    }

    private static Optional<Path> path(String text) {
        try {
            return text.isBlank() ? Optional.empty() : Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
