package io.amcinsights.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.amcinsights.local.amc.world.World;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The AMC simulator alone does what the manual says: its commands are run as they stand there. */
class ManualTest {

    private static final Path MANUAL = Path.of("../../docs/manual.md");
    private static final String HEADING = "## The AMC simulator alone";

    @TempDir Path folder;

    @Test
    void leadsFromATokenToACsvAndThroughABadDay() throws Exception {
        assumeTrue(runs("bash", "--version"), "bash is not installed");
        assumeTrue(runs("curl", "--version"), "curl is not installed");
        List<String> commands = commands();
        assertThat(commands.getFirst()).startsWith("java -jar").contains(" amc --port 4567 ");
        Options options = Options.parse("--port", "0", "--data", folder.resolve("data").toString());
        String output;
        try (StandaloneAmc amc = StandaloneAmc.start(options, small())) {
            assertThat(amc.uri().getHost()).isEqualTo("127.0.0.1");
            output = bash(commands.subList(1, commands.size()));
        }
        assertThat(output).contains("\"accountId\":\"ENTITY2KQ7M4XZ9TRBH\"");
        assertThat(output).contains("\"instanceId\":\"amckst4q7z\"");
        assertThat(output).containsPattern("(?m)^campaign,reach$");
        assertThat(output).containsPattern("(?m)^Kestrel [^,]*,\\d+$");
        assertThat(output)
                .contains("HTTP/1.1 429", "HTTP/1.1 401")
                .containsIgnoringCase("Retry-After: 2");
        assertThat(output).contains("\"counts\":");

        Path data = folder.resolve("data");
        try (var files = Files.walk(data.resolve("buckets"))) {
            assertThat(files.map(f -> data.relativize(f).toString()))
                    .anyMatch(
                            f ->
                                    f.contains("workflow=reach")
                                            && f.contains("adhoc")
                                            && f.endsWith("Z-reach.csv"))
                    .anyMatch(f -> f.contains("metadata") && f.endsWith("Z-reach.json"));
        }
        if (Files.getFileStore(data).supportsFileAttributeView("posix")) {
            assertThat(Files.getPosixFilePermissions(data.resolve("amc.json")))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
    }

    @Test
    void saysWhyItCannotStart() throws Exception {
        Options options =
                Options.parse("--port", "0", "--data", folder.resolve("shared").toString());
        try (StandaloneAmc first = StandaloneAmc.start(options, small())) {
            assertThat(refusal(options)).startsWith("Another local workspace uses ");
            int port = first.uri().getPort();
            assertThat(
                            refusal(
                                    Options.parse(
                                            "--port",
                                            String.valueOf(port),
                                            "--data",
                                            folder.resolve("other").toString())))
                    .isEqualTo(
                            "Port %d of 127.0.0.1 is in use. Choose another, or 0 for any free one."
                                    .formatted(port));
        }
    }

    private static String refusal(Options options) throws IOException {
        try (StandaloneAmc amc = StandaloneAmc.start(options, small())) {
            return "It started at " + amc.uri();
        } catch (LocalWorkspace.CannotStart e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** The first account and instance of the world, with few people in it. */
    private static World small() {
        World.Account account = World.load().accounts().getFirst();
        World.Instance full = account.instances().getFirst();
        World.Instance instance =
                new World.Instance(
                        full.id(),
                        full.name(),
                        full.type(),
                        5_000,
                        full.bucketHash(),
                        full.advertisers());
        return new World(
                List.of(
                        new World.Account(
                                account.entityId(),
                                account.name(),
                                account.marketplaceId(),
                                List.of(instance))));
    }

    /** The lines of code of the manual's section. */
    private static List<String> commands() throws IOException {
        List<String> code = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(MANUAL)) {
            if (line.startsWith("## ")) {
                inside = line.equals(HEADING);
            } else if (inside && line.startsWith("    ")) {
                code.add(line.substring(4));
            }
        }
        return code;
    }

    private String bash(List<String> commands) throws Exception {
        Path script = folder.resolve("session.sh");
        String text = String.join("\n", commands).replace("DIR/", folder.resolve("data") + "/");
        Files.writeString(script, "set -euo pipefail\n" + text + "\n");
        Path output = folder.resolve("session.txt");
        Process process =
                new ProcessBuilder("bash", script.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        boolean ended = process.waitFor(5, TimeUnit.MINUTES);
        if (!ended) {
            process.destroyForcibly();
        }
        String printed = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(ended).as(printed).isTrue();
        assertThat(process.exitValue()).as(printed).isZero();
        return printed;
    }

    private static boolean runs(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
