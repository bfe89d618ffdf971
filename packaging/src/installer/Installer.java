import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes the installer of the system that it runs on, with the JDK that runs it: {@code java
 * Installer.java VERSION STAGE ENGINE SOURCES TARGET}.
 *
 * <p>STAGE holds {@code jars} (desktop), {@code modules} (JavaFX of this system) and {@code local}
 * (the local workspace's jar with its lib folder); ENGINE is the assembled Athena engine.
 */
final class Installer {

    private static final String NAME = "amc-insights";

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

    private final String version;
    private final Path stage;
    private final Path engine;
    private final Path sources;
    private final Path target;

    private Installer(String version, Path stage, Path engine, Path sources, Path target) {
        this.version = version;
        this.stage = stage;
        this.engine = engine;
        this.sources = sources;
        this.target = target;
    }

    public static void main(String[] args) throws Exception {
        if (args.length != 5) {
            System.err.println("usage: java Installer.java VERSION STAGE ENGINE SOURCES TARGET");
            System.exit(2);
        }
        new Installer(
                        args[0],
                        Path.of(args[1]),
                        Path.of(args[2]),
                        Path.of(args[3]),
                        Path.of(args[4]))
                .make();
    }

    private void make() throws IOException, InterruptedException {
        Path image = target.resolve(NAME);
        delete(image);
        image();
        Path app = image.resolve("lib/app");
        copy(stage.resolve("local"), app.resolve("local"));
        copy(engine, app.resolve("local/engine"));
        train(image, app);
        deb(image);
    }

    private void image() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.addAll(List.of(tool("jpackage"), "--type", "app-image", "--name", NAME));
        command.addAll(List.of("--app-version", version, "--vendor", "AMC Insights"));
        command.addAll(List.of("--icon", sources.resolve("icons/amc-insights-512.png").toString()));
        command.addAll(List.of("--input", stage.resolve("jars").toString()));
        command.addAll(List.of("--main-jar", "desktop-" + version + ".jar"));
        command.addAll(List.of("--main-class", "io.amcinsights.desktop.Launcher"));
        command.addAll(List.of("--module-path", stage.resolve("modules").toString()));
        command.addAll(List.of("--add-modules", MODULES));
        command.addAll(
                List.of(
                        "--jlink-options",
                        "--strip-debug --no-header-files --no-man-pages --compress zip-0"));
        command.addAll(
                List.of("--java-options", "--enable-native-access=javafx.graphics,ALL-UNNAMED"));
        command.addAll(
                List.of(
                        "--java-options",
                        "-Damc.insights.local.jar=$APPDIR/local/amc-insights-local.jar"));
        command.addAll(List.of("--dest", target.toString()));
        run(command);
    }

    /**
     * Starts the application once without display, to record what later starts need not do again.
     */
    private void train(Path image, Path app) throws IOException, InterruptedException {
        Path settings = app.resolve(NAME + ".cfg");
        String plain = Files.readString(settings);
        Path home = target.resolve("training-home");
        delete(home);
        Files.createDirectories(home);
        Files.writeString(
                settings,
                plain
                        + """
                        java-options=-XX:AOTCacheOutput=$APPDIR/%1$s.aot
                        java-options=-Dglass.platform=Headless
                        java-options=-Dprism.order=sw
                        java-options=-Damc.insights.home=%2$s
                        java-options=-Damc.insights.quit=true
                        """
                                .formatted(NAME, home.toAbsolutePath()));
        run(List.of(image.resolve("bin/" + NAME).toString()));
        Files.writeString(
                settings, plain + "java-options=-XX:AOTCache=$APPDIR/%s.aot%n".formatted(NAME));
        delete(home);
    }

    private void deb(Path image) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.addAll(List.of(tool("jpackage"), "--type", "deb", "--app-image", image.toString()));
        command.addAll(List.of("--name", NAME, "--app-version", version));
        command.addAll(
                List.of(
                        "--description",
                        "Run, schedule and explore Amazon Marketing Cloud workflows"));
        command.addAll(List.of("--license-file", sources.resolve("../../LICENSE").toString()));
        command.addAll(List.of("--linux-deb-maintainer", "team@amcinsights.io"));
        command.addAll(List.of("--linux-package-deps", "libgtk-3-0, libxtst6"));
        command.addAll(List.of("--linux-menu-group", "Office", "--linux-shortcut"));
        command.addAll(List.of("--resource-dir", sources.resolve("deb").toString()));
        command.addAll(List.of("--dest", target.toString()));
        run(command);
    }

    private static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (exit != 0) {
            throw new IOException("exit %d of: %s".formatted(exit, String.join(" ", command)));
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
