package io.amcinsights.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.amcinsights.local.amc.world.World;
import io.amcinsights.local.athena.TrinoProcess;

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

/** What the manual says can be done in a shell: its commands are run as they stand there. */
class ManualTest {

    private static final Path MANUAL = Path.of("../../docs/manual.md");
    private static final String SIMULATOR = "## The AMC simulator alone";
    private static final String SESSION = "### A session with the AWS CLI";

    @TempDir Path folder;

    @Test
    void leadsFromATokenToACsvAndThroughABadDay() throws Exception {
        assumeTrue(runs("bash", "--version"), "bash is not installed");
        assumeTrue(runs("curl", "--version"), "curl is not installed");
        List<String> commands = commands(SIMULATOR);
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
    void leadsFromAnInstanceToRowsWithTheAwsCli() throws Exception {
        assumeTrue(runs("bash", "--version"), "skipped: bash is not installed");
        assumeTrue(runs("curl", "--version"), "skipped: curl is not installed");
        assumeTrue(runs("aws", "--version"), "skipped: the AWS CLI is not installed");
        assumeTrue(runs("python3", "-c", "import boto3"), "skipped: boto3 is not installed");
        assumeTrue(
                TrinoProcess.isIn(TrinoProcess.place()),
                "skipped: the engine is not built; run mvn -pl backend/engine package");
        List<String> commands = new ArrayList<>();
        commands.add("cd ../..");
        commands.add(
                "export AWS_SHARED_CREDENTIALS_FILE=DIR/credentials AWS_CONFIG_FILE=DIR/config"
                        + " AWS_PROFILE=local AWS_PAGER=");
        commands.addAll(commands(SESSION));
        String output;
        try (StartedWorkspace _ = new StartedWorkspace(folder.resolve("data"))) {
            output = bash(commands);
        }
        assertThat(output.replaceAll("\\s+", " "))
                .contains("Claim PreStage Transform Publish")
                .contains("campaign Stoves Boots Tents")
                .endsWith(
                        "\"campaign\",\"cost\" \"Stoves\",\"0.7500\" \"Boots\",\"1.5000\""
                                + " \"Tents\",\"2.2500\" ");
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
    private static List<String> commands(String heading) throws IOException {
        List<String> code = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(MANUAL)) {
            if (line.startsWith("## ") || (line.startsWith("### ") && !inside)) {
                inside = line.equals(heading);
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
