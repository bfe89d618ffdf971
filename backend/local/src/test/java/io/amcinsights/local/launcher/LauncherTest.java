package io.amcinsights.local.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The jar, started by an older Java that is really installed on this machine. */
@Timeout(120)
class LauncherTest {

    @TempDir Path folder;

    private final List<Process> started = new ArrayList<>();
    private Path java = Path.of("");
    private Path jar = Path.of("");

    @BeforeEach
    void makeJar() throws IOException {
        java = olderJava();
        jar = folder.resolve("workspace.jar");
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.put(Attributes.Name.MAIN_CLASS, Launcher.class.getName());
        main.put(
                Attributes.Name.CLASS_PATH,
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                        .map(entry -> Path.of(entry).toUri().toString())
                        .collect(Collectors.joining(" ")));
        main.putValue("Enable-Native-Access", "ALL-UNNAMED");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out, manifest)) {
            for (Class<?> type : List.of(Launcher.class, JavaHomes.class)) {
                String name = type.getName().replace('.', '/') + ".class";
                entries.putNextEntry(new JarEntry(name));
                try (InputStream in = type.getResourceAsStream("/" + name)) {
                    assertThat(in).isNotNull();
                    in.transferTo(entries);
                }
            }
        }
    }

    @AfterEach
    void endAll() {
        for (Process process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    @Test
    void runsTheWorkspaceOnANewerJavaAndStopsItWhenStopped() throws Exception {
        Process launcher = start("--port", "0", "--data", folder.resolve("data").toString());
        ProcessHandle workspace = serving(launcher);

        launcher.destroy();

        assertThat(launcher.waitFor()).isNotZero();
        assertThat(workspace.isAlive()).isFalse();
    }

    @Test
    void leavesNothingRunningWhenItIsKilled() throws Exception {
        Process launcher = start("--port", "0", "--data", folder.resolve("data").toString());
        ProcessHandle workspace = serving(launcher);

        launcher.destroyForcibly();

        workspace.onExit().get(30, TimeUnit.SECONDS);
    }

    @Test
    void passesOnTheExitCodeAndWhatIsSaid() throws Exception {
        Process launcher = start("--port", "none", "--data", "d");

        assertThat(errors(launcher)).contains("--port is a number from 0 to 65535");
        assertThat(launcher.waitFor()).isEqualTo(2);
    }

    @Test
    void saysWhatIsNeededAndWhereItLooked() throws Exception {
        // In the folders of another system, there is no newer Java here.
        ProcessBuilder builder =
                new ProcessBuilder(
                        java.toString(),
                        "-Dos.name=Windows 11",
                        "-Duser.home=" + folder,
                        "-jar",
                        jar.toString());
        builder.environment().clear();
        Process launcher = started(builder.start());

        assertThat(errors(launcher))
                .contains("needs Java 25 or newer", "JAVA_HOME", folder.resolve(".jdks").toString())
                .hasLineCount(1);
        assertThat(launcher.waitFor()).isEqualTo(1);
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(java.toString(), "-jar", jar.toString()));
        command.addAll(List.of(arguments));
        return started(new ProcessBuilder(command).start());
    }

    private Process started(Process process) {
        started.add(process);
        return process;
    }

    private static ProcessHandle serving(Process launcher) throws IOException {
        BufferedReader output = launcher.inputReader(StandardCharsets.UTF_8);
        assertThat(output.readLine()).startsWith("ready http://127.0.0.1:");
        List<ProcessHandle> children = launcher.children().toList();
        assertThat(children).hasSize(1);
        return children.getFirst();
    }

    private static String errors(Process process) throws IOException {
        try (InputStream in = process.getErrorStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Path olderJava() throws IOException {
        Path folder = Path.of("/usr/lib/jvm");
        if (Files.isDirectory(folder)) {
            try (Stream<Path> homes = Files.list(folder)) {
                for (Path home : homes.sorted().toList()) {
                    int version = JavaHomes.version(home);
                    if (version >= 11 && version < 25) {
                        return home.resolve("bin/java");
                    }
                }
            }
        }
        return abort("skipped: no Java from 11 to 24 is installed in " + folder);
    }
}
