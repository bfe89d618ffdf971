package io.amcinsights.packaging;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The application with all that it runs on, in one folder that works wherever it lies: desktop,
 * local workspace, Athena engine, and a Java for the three; and the release that it deploys to AWS.
 */
final class Image {

    static final String NAME = "amc-insights";

    /** What desktop, local workspace and Athena engine need of the JDK, and JavaFX. */
    private static final String MODULES =
            String.join(
                    ",",
                    "java.se",
                    "jdk.charsets",
                    "jdk.crypto.ec",
                    "jdk.httpserver",
                    "jdk.incubator.vector",
                    "jdk.jfr",
                    "jdk.localedata",
                    "jdk.management",
                    "jdk.naming.dns",
                    "jdk.net",
                    "jdk.security.auth",
                    "jdk.unsupported",
                    "jdk.zipfs",
                    "javafx.controls",
                    "javafx.fxml",
                    "javafx.swing");

    private static final String WORKSPACE = "amc-insights-local";

    private final Path folder;
    private final Path app;
    private final Path work;

    private Image(Path folder, Path work) {
        this.folder = folder;
        this.work = work;
        app = folder.resolve("lib/app");
    }

    /**
     * @param stage holds {@code jars} (desktop), {@code modules} (JavaFX of this system), {@code
     *     local} (the local workspace's jar with its lib folder) and {@code release} (what the
     *     desktop deploys)
     * @param engine the assembled Athena engine
     * @param icon PNG
     * @param target where the image is made, and what it is made of
     */
    static Path make(String version, Path stage, Path engine, Path icon, Path target)
            throws IOException, InterruptedException {
        Image image = new Image(target.resolve(NAME), target);
        Trees.delete(image.folder);
        image.link(version, stage, icon);
        image.addWorkspace(stage.resolve("local"), engine);
        Trees.copy(stage.resolve("release"), image.app.resolve("release"));
        image.trainWorkspace();
        image.trainDesktop();
        return image.folder;
    }

    private void link(String version, Path stage, Path icon)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.addAll(List.of(Command.jdk("jpackage"), "--type", "app-image", "--name", NAME));
        command.addAll(List.of("--app-version", version, "--vendor", "AMC Insights"));
        command.addAll(List.of("--icon", icon.toString()));
        command.addAll(List.of("--input", stage.resolve("jars").toString()));
        command.addAll(List.of("--main-jar", "desktop-" + version + ".jar"));
        command.addAll(List.of("--main-class", "io.amcinsights.desktop.Launcher"));
        command.addAll(List.of("--module-path", modules(stage.resolve("modules")).toString()));
        command.addAll(List.of("--add-modules", MODULES));
        command.addAll(
                List.of(
                        "--jlink-options",
                        "--strip-java-debug-attributes --no-header-files --no-man-pages --compress"
                                + " zip-0 --generate-cds-archive"));
        command.addAll(
                List.of("--java-options", "--enable-native-access=javafx.graphics,ALL-UNNAMED"));
        command.addAll(
                List.of(
                        "--java-options",
                        "-Damc.insights.local.jar=$APPDIR/local/%s.jar".formatted(WORKSPACE)));
        command.addAll(List.of("--java-options", "-Damcinsights.release=$APPDIR/release"));
        command.addAll(List.of("--dest", work.toString()));
        Command.run(command);
        // For heaps above 32 GB.
        Files.delete(folder.resolve("lib/runtime/lib/server/classes_nocoops.jsa"));
    }

    /**
     * JavaFX as modules whose native libraries lie in the runtime; those of its jars would be
     * unpacked into a hidden folder of each user.
     */
    private Path modules(Path jars) throws IOException, InterruptedException {
        Path modules = work.resolve("modules");
        Trees.delete(modules);
        Files.createDirectories(modules);
        for (Path jar : Trees.list(jars, ".jar")) {
            String name = jar.getFileName().toString().replaceFirst("-[0-9].*", "");
            Path classes = modules.resolve(name + "/classes");
            Path natives = Files.createDirectories(modules.resolve(name + "/natives"));
            try (FileSystem zip = FileSystems.newFileSystem(jar)) {
                copy(zip.getPath("/"), classes);
            }
            for (Path library : Trees.list(classes, ".so")) {
                Files.move(library, natives.resolve(library.getFileName()));
            }
            Command.run(
                    List.of(
                            Command.jdk("jmod"),
                            "create",
                            "--class-path",
                            classes.toString(),
                            "--libs",
                            natives.toString(),
                            modules.resolve(name + ".jmod").toString()));
            Trees.delete(modules.resolve(name));
        }
        return modules;
    }

    private static void copy(Path root, Path to) throws IOException {
        for (Path file : Trees.walk(root)) {
            Path copy = to.resolve(root.relativize(file).toString());
            if (Files.isDirectory(file)) {
                Files.createDirectories(copy);
            } else {
                Files.copy(file, copy);
            }
        }
    }

    private void addWorkspace(Path workspace, Path engine) throws IOException {
        Path local = app.resolve("local");
        Trees.copy(workspace, local);
        Trees.copy(engine, local.resolve("engine"));
        Path libraries = local.resolve("lib");
        Path engineLibraries = local.resolve("engine/lib");
        Libraries.share(local, WORKSPACE + ".jar", libraries, List.of(app));
        Libraries.share(
                engineLibraries,
                "amc-insights-engine.jar",
                engineLibraries,
                List.of(app, libraries));
        for (Path jars : List.of(app, libraries, engineLibraries)) {
            Libraries.unpack(jars, Platform.current());
        }
    }

    /**
     * Starts the workspace once until its engine is ready, to record what later starts need not do.
     * The desktop starts it with the cache beside its jar; the engine makes its own, engine.jsa.
     */
    private void trainWorkspace() throws IOException, InterruptedException {
        Path data = work.resolve("training-data");
        Trees.delete(data);
        Path local = app.resolve("local");
        Process workspace =
                new ProcessBuilder(
                                folder.resolve("lib/runtime/bin/java").toString(),
                                "@" + local.resolve(WORKSPACE + ".options"),
                                "-XX:AOTCacheOutput=" + local.resolve(WORKSPACE + ".aot"),
                                "-jar",
                                local.resolve(WORKSPACE + ".jar").toString(),
                                "--port",
                                "0",
                                "--data",
                                data.toString())
                        .redirectErrorStream(true)
                        .start();
        try (BufferedReader output = workspace.inputReader(StandardCharsets.UTF_8)) {
            String line = output.readLine();
            while (line != null && !line.contains("The Athena engine")) {
                line = output.readLine();
            }
            // Process.destroy would close the stream that the JVM still writes its progress to.
            workspace.toHandle().destroy();
            output.transferTo(Writer.nullWriter());
            workspace.waitFor();
            awaitEngine();
            if (line == null || !line.contains("is ready")) {
                throw new IOException("The local workspace of the image does not start: " + line);
            }
        }
        Trees.delete(data);
    }

    /** It outlives the workspace by the time that its cache takes. */
    private void awaitEngine() throws IOException {
        Path java = folder.resolve("lib/runtime/bin/java").toRealPath();
        ProcessHandle.allProcesses()
                .filter(
                        process ->
                                process.info()
                                        .command()
                                        .map(Path::of)
                                        .filter(java::equals)
                                        .isPresent())
                .forEach(process -> process.onExit().join());
    }

    /** Likewise the application, without display, through all its screens. */
    private void trainDesktop() throws IOException, InterruptedException {
        Path settings = app.resolve(NAME + ".cfg");
        String plain = Files.readString(settings);
        Path home = work.resolve("training-home");
        Trees.delete(home);
        Files.createDirectories(home);
        Files.writeString(
                settings,
                plain.replace("io.amcinsights.desktop.Launcher", Rehearsal.class.getName())
                        + """
                        java-options=-XX:AOTCacheOutput=$APPDIR/%1$s.aot
                        java-options=-Dglass.platform=Headless
                        java-options=-Dprism.order=sw
                        java-options=-Damc.insights.home=%2$s
                        """
                                .formatted(NAME, home.toAbsolutePath()));
        Command.run(
                List.of(folder.resolve("bin/" + NAME).toString()), work.resolve("rehearsal.log"));
        awaitEngine();
        Files.writeString(
                settings, plain + "java-options=-XX:AOTCache=$APPDIR/%s.aot%n".formatted(NAME));
        Trees.delete(home);
    }
}
