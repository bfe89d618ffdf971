package io.amcinsights.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.amcinsights.local.athena.TrinoProcess;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The workspace as the AWS SDK for JavaScript meets it, which signs and sums in its own ways. */
class JavaScriptClientTest {

    private static final Path SESSION = Path.of("src/test/javascript");

    @TempDir Path folder;

    @Test
    void leadsAWholeSession() throws Exception {
        assumeTrue(
                Files.isDirectory(SESSION.resolve("node_modules")),
                "skipped: the SDK is not installed; run npm install --prefix backend/local/"
                        + SESSION);
        assumeTrue(
                TrinoProcess.isIn(TrinoProcess.place()),
                "skipped: the engine is not built; run mvn -pl backend/engine package");
        Path data = folder.resolve("data");
        Path output = folder.resolve("session.txt");
        try (StartedWorkspace workspace = new StartedWorkspace(data)) {
            ProcessBuilder node =
                    new ProcessBuilder(
                                    "node",
                                    SESSION.resolve("session.mjs").toString(),
                                    workspace.endpoint().toString(),
                                    data.toString())
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile());
            node.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
            node.environment().put("HOME", folder.resolve("home").toString());
            Process process = node.start();
            boolean ended = process.waitFor(5, TimeUnit.MINUTES);
            process.destroyForcibly();
            assertThat(ended).as(Files.readString(output)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(output)).isZero();
        }
        assertThat(Files.readString(output)).contains("done: query");
    }
}
