package io.amcinsights.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

class RehearsalTest {

    private static final Path WORKSPACE = Path.of("../backend/local/target/amc-insights-local.jar");

    @TempDir Path folder;

    /** As an image is rehearsed, but for its Java and its start-up cache. */
    @Test
    void theApplicationGetsThroughAllItsScreens() throws IOException, InterruptedException {
        assumeTrue(
                Files.exists(WORKSPACE), "skipped: the workspace's jar is not built; mvn package");
        Path said = folder.resolve("said");

        Process process =
                new ProcessBuilder(
                                Command.jdk("java"),
                                "-Dglass.platform=Headless",
                                "-Dprism.order=sw",
                                "-Damc.insights.home=" + folder.resolve("home"),
                                "-Damc.insights.local.jar=" + WORKSPACE.toAbsolutePath(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Rehearsal.class.getName())
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        boolean ended = process.waitFor(10, TimeUnit.MINUTES);
        process.destroyForcibly();

        assertThat(ended).isTrue();
        assertThat(process.exitValue()).as(Files.readString(said)).isZero();
    }
}
