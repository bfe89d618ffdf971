package io.amcinsights.local.launcher;

import io.amcinsights.local.LocalWorkspace;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Starts the workspace: in this process if its Java is new enough, else in a process of a newer
 * Java that is found on this machine. That one shares our streams, ends with us, and its exit code
 * is ours.
 */
public final class Launcher {

    /** What the workspace is compiled for. */
    private static final int NEEDED = 25;

    private Launcher() {}

    public static void main(String[] arguments)
            throws IOException, InterruptedException, URISyntaxException {
        if (Runtime.version().feature() >= NEEDED) {
            LocalWorkspace.main(arguments);
            return;
        }
        JavaHomes homes =
                new JavaHomes(
                        System.getenv(),
                        Path.of(System.getProperty("user.home")),
                        System.getProperty("os.name"));
        Optional<Path> java = homes.java(NEEDED);
        if (java.isEmpty()) {
            System.err.printf(
                    "The local workspace needs Java %d or newer, this is Java %s, and no newer one"
                            + " was found in %s: install one (for example Eclipse Temurin %d), or"
                            + " let JAVA_HOME name its folder.%n",
                    NEEDED,
                    System.getProperty("java.version"),
                    String.join(", ", homes.places()),
                    NEEDED);
            System.exit(1);
        }
        System.exit(run(command(java.get(), arguments)));
    }

    private static List<String> command(Path java, String[] arguments) throws URISyntaxException {
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.add("-jar");
        command.add(
                Path.of(Launcher.class.getProtectionDomain().getCodeSource().getLocation().toURI())
                        .toString());
        command.addAll(List.of(arguments));
        command.add("--with-parent");
        command.add(String.valueOf(ProcessHandle.current().pid()));
        return command;
    }

    private static int run(List<String> command) throws IOException, InterruptedException {
        Process workspace = new ProcessBuilder(command).inheritIO().start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(workspace), "stop"));
        return workspace.waitFor();
    }

    /** A stopped launcher has left nothing running. */
    private static void stop(Process workspace) {
        workspace.destroy();
        try {
            workspace.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
