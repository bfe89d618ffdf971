package io.amcinsights.desktop.signin;

import io.amcinsights.desktop.aws.AwsAccount;
import io.amcinsights.desktop.aws.Installation;
import io.amcinsights.desktop.aws.Session;
import io.amcinsights.desktop.common.DesktopFolders;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Preferences;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.ProblemException;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileProperty;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** The local workspace: a program of its own, started for the time that somebody is signed in. */
public final class LocalWorkspace {

    /** Names the workspace's jar where it is not beside this application's. */
    static final String JAR_PROPERTY = "amc.insights.local.jar";

    private static final Messages MESSAGES = Messages.of(LocalWorkspace.class);
    private static final String OPTIONS = "amc-insights-local.options";
    private static final String START_UP_CACHE = "amc-insights-local.aot";
    private static final String PROFILE = "local";
    private static final String READY = "ready ";
    private static final int READY_SECONDS = 90;
    private static final int STOP_SECONDS = 5;
    private static final int KEPT_LINES = 60;
    private static final String ENGINE_MEMORY = "local.engine-memory-mb";
    private static final int USUAL_ENGINE_MEMORY_MB = 1024;

    private final Path data;
    private final Preferences preferences;
    private @Nullable Process process;

    /**
     * @param data the workspace's folder
     */
    public LocalWorkspace(Path data, Preferences preferences) {
        this.data = data;
        this.preferences = preferences;
    }

    /** What its Athena engine may take, in MB. */
    public int engineMemoryMb() {
        return (int) preferences.number(ENGINE_MEMORY, USUAL_ENGINE_MEMORY_MB);
    }

    /** Holds from the next start. */
    public void setEngineMemoryMb(int memory) {
        preferences.put(ENGINE_MEMORY, String.valueOf(memory));
    }

    Path data() {
        return data;
    }

    /**
     * Starts the workspace and signs in to it. Blocks until it serves.
     *
     * @param progress told what the workspace is doing, line by line, on any thread
     * @throws ProblemException it does not start, in words
     */
    Session start(Consumer<String> progress) throws InterruptedException {
        Path jar = jar();
        DesktopFolders.made(data);
        Deque<String> lines = new ArrayDeque<>();
        Process started = launch(jar);
        synchronized (this) {
            process = started;
        }
        try {
            CompletableFuture<String> ready = new CompletableFuture<>();
            Thread.startVirtualThread(
                    () -> {
                        read(
                                started.inputReader(StandardCharsets.UTF_8),
                                line -> {
                                    if (line.startsWith(READY)) {
                                        ready.complete(line.substring(READY.length()).strip());
                                    }
                                });
                        ready.complete("");
                    });
            PrintWriter log = new PrintWriter(Files.newBufferedWriter(log()), true);
            Thread errors =
                    Thread.startVirtualThread(
                            () -> {
                                try (log) {
                                    read(
                                            started.errorReader(StandardCharsets.UTF_8),
                                            line -> {
                                                log.println(line);
                                                keep(line, lines);
                                                if (!ready.isDone()) {
                                                    progress.accept(line);
                                                }
                                            });
                                }
                            });
            String address = ready.get(READY_SECONDS, TimeUnit.SECONDS);
            if (address.isEmpty()) {
                started.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
                errors.join(1000);
                throw new ProblemException(ended(lines));
            }
            return session(new URI(address));
        } catch (TimeoutException | ExecutionException | URISyntaxException e) {
            stop();
            throw new ProblemException(silent(lines));
        } catch (IOException e) {
            stop();
            throw new UncheckedIOException("Cannot write " + log(), e);
        } catch (InterruptedException | RuntimeException e) {
            stop();
            throw e;
        }
    }

    /** Stops the workspace, if it runs; what it has acknowledged is kept. */
    public void stop() {
        Process running;
        synchronized (this) {
            running = process;
            process = null;
        }
        if (running == null) {
            return;
        }
        running.destroy();
        try {
            if (!running.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                running.destroyForcibly();
            }
        } catch (InterruptedException e) {
            running.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private Process launch(Path jar) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> command = new ArrayList<>(List.of(java.toString()));
        Path options = jar.resolveSibling(OPTIONS);
        if (Files.exists(options)) {
            command.add("@" + options);
        }
        Path cache = jar.resolveSibling(START_UP_CACHE);
        if (Files.exists(cache)) {
            command.add("-XX:AOTCache=" + cache);
        }
        command.addAll(List.of("-jar", jar.toString(), "--port", "0", "--data", data.toString()));
        command.addAll(List.of("--engine-memory", String.valueOf(engineMemoryMb())));
        command.addAll(List.of("--with-parent", String.valueOf(ProcessHandle.current().pid())));
        try {
            return new ProcessBuilder(command).start();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start " + java, e);
        }
    }

    private Session session(URI address) {
        ProfileFile credentials = profiles("credentials", ProfileFile.Type.CREDENTIALS);
        String region =
                profiles("config", ProfileFile.Type.CONFIGURATION)
                        .profile(PROFILE)
                        .flatMap(profile -> profile.property(ProfileProperty.REGION))
                        .orElse("us-east-1");
        return Session.open(
                new AwsAccount(
                        null,
                        null,
                        "",
                        region,
                        ProfileCredentialsProvider.builder()
                                .profileFile(credentials)
                                .profileName(PROFILE)
                                .build(),
                        address),
                Installation.DEFAULT_NAME,
                System.getProperty("user.name"),
                true);
    }

    private ProfileFile profiles(String name, ProfileFile.Type type) {
        return ProfileFile.builder().content(data.resolve(name)).type(type).build();
    }

    private static Path jar() {
        String named = System.getProperty(JAR_PROPERTY);
        Path jar = named == null ? beside() : Path.of(named);
        if (!Files.isRegularFile(jar)) {
            throw new ProblemException(
                    Problem.of(
                            MESSAGES.text("local.missing.title"),
                            MESSAGES.text("local.missing.message", jar),
                            MESSAGES.text("local.missing.next")));
        }
        return jar;
    }

    private static Path beside() {
        try {
            return Path.of(
                            LocalWorkspace.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI())
                    .resolveSibling("local")
                    .resolve("amc-insights-local.jar");
        } catch (URISyntaxException e) {
            throw new IllegalStateException("Cannot tell where this application is", e);
        }
    }

    private Problem ended(Deque<String> lines) {
        List<String> said = said(lines);
        return new Problem(
                MESSAGES.text("local.ended.title"),
                said.isEmpty() ? MESSAGES.text("local.ended.silent") : said.getLast(),
                MESSAGES.text("local.ended.next", log()),
                String.join("\n", said),
                null,
                null);
    }

    private Problem silent(Deque<String> lines) {
        return new Problem(
                MESSAGES.text("local.ended.title"),
                MESSAGES.text("local.late", READY_SECONDS),
                MESSAGES.text("local.ended.next", log()),
                String.join("\n", said(lines)),
                null,
                null);
    }

    private Path log() {
        return data.resolve("workspace.log");
    }

    private static void keep(String line, Deque<String> lines) {
        synchronized (lines) {
            lines.addLast(line);
            if (lines.size() > KEPT_LINES) {
                lines.removeFirst();
            }
        }
    }

    private static List<String> said(Deque<String> lines) {
        synchronized (lines) {
            return lines.stream().filter(line -> !line.isBlank()).toList();
        }
    }

    private static void read(BufferedReader reader, Consumer<String> each) {
        try (reader) {
            String line = reader.readLine();
            while (line != null) {
                each.accept(line);
                line = reader.readLine();
            }
        } catch (IOException e) {
            // The process has ended while we read; how it ended is told elsewhere.
            return;
        }
    }
}
