package io.amcinsights.release;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Makes the folder of a release: the template, and beside it all that the template names below
 * {@code ArtifactPrefix}, under the same names. Also makes a zip of it, for those who deploy
 * without the desktop.
 *
 * <p>An archive of functions has their classes, and the libraries in {@code lib/}, where Lambda
 * puts them on the class path: it unpacks a few jars faster than thousands of classes, and each
 * library stays as it was made, with its licence.
 */
public final class Release {

    /** What only {@code transform} calls. */
    private static final String DUCKDB = "duckdb_jdbc";

    /** The template's functions run on it; DuckDB's word for it. */
    private static final String PLATFORM = "linux_arm64";

    /** Glue's workers are of this kind. */
    private static final String GLUES_PLATFORM = "linux_amd64";

    /** How the native libraries in DuckDB's jar begin. */
    private static final String DUCKDB_NATIVE = "libduckdb_java.so_";

    /** Services that {@code transform} does not call; the file stays small for its cold starts. */
    private static final Set<String> OF_OTHERS =
            Set.of(
                    "dynamodb",
                    "eventbridge",
                    "glue",
                    "lakeformation",
                    "lambda",
                    "scheduler",
                    "secretsmanager",
                    "sfn",
                    "sns",
                    "sqs",
                    "sts");

    private final Path backend;
    private final List<Path> libraries;

    /**
     * @param backend the folder of the modules, each compiled
     * @param libraries all jars that the functions run on
     */
    Release(Path backend, List<Path> libraries) {
        this.backend = backend;
        this.libraries = List.copyOf(libraries);
    }

    /**
     * {@code Release VERSION BACKEND CLOUDFORMATION LIBRARIES TARGET}; the libraries are a file
     * with a class path. Does nothing where all that it would read is as it was.
     */
    public static void main(String[] arguments) throws IOException {
        Path cloudformation = Path.of(arguments[2]);
        Path target = Path.of(arguments[4]);
        Release release = new Release(Path.of(arguments[1]), classPath(Path.of(arguments[3])));
        Path folder = target.resolve("release");
        Path zip = target.resolve("amc-insights-release-%s.zip".formatted(arguments[0]));
        Path made = target.resolve("made-of.txt");
        String sources = release.sources(cloudformation);
        if (Files.exists(zip) && Files.exists(made) && Files.readString(made).equals(sources)) {
            return;
        }
        Files.deleteIfExists(made);
        release.make(cloudformation, folder);
        new Archive().folder(folder).writeTo(zip);
        Files.writeString(made, sources);
    }

    /** The files of a class path. */
    static List<Path> classPath(Path file) throws IOException {
        return Stream.of(Files.readString(file).strip().split(File.pathSeparator, -1))
                .map(Path::of)
                .toList();
    }

    /** All files that a release is made of, and by, with their sizes and times. */
    private String sources(Path cloudformation) throws IOException {
        List<Path> roots = new ArrayList<>(libraries);
        roots.add(cloudformation);
        roots.add(lambdaFiles());
        for (String module : List.of("contract", "functions", "glue", "lake-plan", "release")) {
            roots.add(classes(module));
        }
        StringBuilder sources = new StringBuilder();
        for (Path root : roots) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    sources.append(
                            "%s %d %s%n"
                                    .formatted(
                                            file,
                                            Files.size(file),
                                            Files.getLastModifiedTime(file)));
                }
            }
        }
        return sources.toString();
    }

    void make(Path cloudformation, Path folder) throws IOException {
        empty(folder);
        Files.createDirectories(folder.resolve("glue"));
        Files.createDirectories(folder.resolve("statemachines"));
        for (String kind : List.of("glue", "statemachines")) {
            try (Stream<Path> files = Files.list(cloudformation.resolve(kind))) {
                for (Path file : files.toList()) {
                    Files.copy(file, folder.resolve(kind).resolve(file.getFileName()));
                }
            }
        }
        Path functions = folder.resolve("functions.jar");
        Path transform = folder.resolve("transform.jar");
        write(Map.of(functions, functions(), transform, transform(PLATFORM)));
        new Archive().folder(classes("glue")).writeTo(folder.resolve("glue.jar"));
        new Archive().folder(classes("lake-plan")).writeTo(folder.resolve("lake-plan.jar"));
        duckDbOfGlue().writeTo(folder.resolve("duckdb_jdbc.jar"));
        Files.writeString(
                folder.resolve("template.yaml"),
                Versions.rename(
                        Files.readString(cloudformation.resolve("template.yaml")),
                        Map.of(
                                "functions.jar", Files.readAllBytes(functions),
                                "transform.jar", Files.readAllBytes(transform))));
    }

    /** Of all functions but {@code transform}. */
    Archive functions() throws IOException {
        return archive(library -> !library.equals(DUCKDB));
    }

    /**
     * Of the function {@code transform}.
     *
     * @param platform of the machine that it runs on, in DuckDB's words
     */
    Archive transform(String platform) throws IOException {
        Archive archive =
                archive(library -> !library.equals(DUCKDB) && !OF_OTHERS.contains(library));
        for (Path library : libraries) {
            if (name(library).equals(DUCKDB)) {
                archive.library(library, entry -> !entry.startsWith(DUCKDB_NATIVE));
                // DuckDB takes it from beside its jar; out of the jar, it would copy it first.
                archive.contents(library, "lib/", (DUCKDB_NATIVE + platform)::equals);
            }
        }
        return archive;
    }

    /** DuckDB as it was made, but for the native libraries of other platforms. */
    private Archive duckDbOfGlue() throws IOException {
        Archive archive = new Archive();
        for (Path library : libraries) {
            if (name(library).equals(DUCKDB)) {
                archive.contents(
                        library,
                        "",
                        entry ->
                                !entry.startsWith(DUCKDB_NATIVE)
                                        || entry.equals(DUCKDB_NATIVE + GLUES_PLATFORM));
            }
        }
        return archive;
    }

    private Archive archive(Predicate<String> wanted) throws IOException {
        Archive archive = new Archive();
        for (String module : List.of("contract", "lake-plan", "functions")) {
            archive.folder(classes(module));
        }
        archive.folder(lambdaFiles());
        for (Path library : libraries) {
            if (wanted.test(name(library))) {
                archive.library(library, entry -> true);
            }
        }
        return archive;
    }

    /** Without version. */
    private static String name(Path library) {
        return library.getFileName().toString().replaceFirst("-[0-9].*", "");
    }

    /** What the functions have on Lambda only. */
    private Path lambdaFiles() {
        return backend.resolve("release/src/lambda");
    }

    private Path classes(String module) throws IOException {
        Path classes = backend.resolve(module).resolve("target/classes");
        if (!Files.isDirectory(classes)) {
            throw new IOException(
                    "The module %s is not compiled; build it before, for example with mvn -pl backend/release -am package."
                            .formatted(module));
        }
        return classes;
    }

    /** At the same time, because compressing takes as long as the rest of this build. */
    private static void write(Map<Path, Archive> archives) throws IOException {
        try (ExecutorService workers = Executors.newFixedThreadPool(archives.size())) {
            List<Future<?>> written = new ArrayList<>();
            archives.forEach(
                    (file, archive) ->
                            written.add(
                                    workers.submit(
                                            () -> {
                                                archive.writeTo(file);
                                                return file;
                                            })));
            for (Future<?> each : written) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("An archive cannot be written", e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptedIOException("The release was interrupted");
        }
    }

    private static void empty(Path folder) throws IOException {
        if (Files.exists(folder)) {
            List<Path> files = new ArrayList<>();
            try (Stream<Path> all = Files.walk(folder)) {
                all.forEach(files::add);
            }
            for (Path file : files.reversed()) {
                Files.delete(file);
            }
        }
    }
}
