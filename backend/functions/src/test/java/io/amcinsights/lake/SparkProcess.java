package io.amcinsights.lake;

import static org.assertj.core.api.Assertions.assertThat;

import org.w3c.dom.NodeList;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;

/** The job for large files as on AWS Glue: in Spark, on Java 17, in a process of its own. */
final class SparkProcess {

    /** What Maven has found on this machine, for the JDK that it compiles with. */
    private static final Path DISCOVERED =
            Path.of(System.getProperty("user.home"), ".m2", "discovered-jdk-toolchains-cache.xml");

    /** What Spark opens when its own scripts start it: its class JavaModuleOptions. */
    private static final List<String> OPENED =
            Stream.of(
                            "java.lang",
                            "java.lang.invoke",
                            "java.lang.reflect",
                            "java.io",
                            "java.net",
                            "java.nio",
                            "java.util",
                            "java.util.concurrent",
                            "java.util.concurrent.atomic",
                            "sun.nio.ch",
                            "sun.nio.cs",
                            "sun.security.action",
                            "sun.util.calendar")
                    .map("--add-opens=java.base/%s=ALL-UNNAMED"::formatted)
                    .toList();

    private static final Path GLUE = Path.of("../glue/target");

    private SparkProcess() {}

    /** A Java 17 of this machine: Maven's own, or one that it has found. */
    static Optional<Path> java() throws Exception {
        List<Path> homes = new ArrayList<>();
        homes.add(Path.of(System.getProperty("maven.java.home", "none")));
        if (Files.exists(DISCOVERED)) {
            NodeList found =
                    DocumentBuilderFactory.newInstance()
                            .newDocumentBuilder()
                            .parse(DISCOVERED.toFile())
                            .getElementsByTagName("jdkHome");
            for (int i = 0; i < found.getLength(); i++) {
                homes.add(Path.of(found.item(i).getTextContent().strip()));
            }
        }
        for (Path home : homes) {
            Path release = home.resolve("release");
            if (Files.exists(release) && Files.readString(release).contains("JAVA_VERSION=\"17.")) {
                return Optional.of(home.resolve("bin").resolve("java"));
            }
        }
        return Optional.empty();
    }

    /**
     * Runs the job for each lake, all in one Spark.
     *
     * @param plans keys of the plans by the folders of the lakes
     * @return of each lake what went wrong, empty where nothing did
     */
    static List<String> run(Path java, Map<Path, String> plans, Path work)
            throws IOException, InterruptedException {
        Path problems = work.resolve("problems");
        Path log = Path.of("target", "spark.log");
        List<String> command = new ArrayList<>(List.of(java.toString()));
        command.addAll(OPENED);
        command.addAll(
                List.of(
                        "-Xmx512m",
                        "-XX:TieredStopAtLevel=1",
                        "-Dspark.master=local[1]",
                        "-Dspark.ui.enabled=false",
                        "-Dspark.driver.host=localhost",
                        "-Dspark.driver.bindAddress=127.0.0.1",
                        "-Dspark.local.dir=" + work,
                        "-Dspark.sql.shuffle.partitions=1",
                        "-cp",
                        String.join(
                                File.pathSeparator,
                                GLUE.resolve("test-classes").toString(),
                                GLUE.resolve("classes").toString(),
                                Files.readString(GLUE.resolve("classpath")).strip()),
                        "io.amcinsights.glue.Jobs",
                        problems.toString()));
        plans.forEach(
                (lake, plan) -> {
                    command.add(lake.toUri().toString());
                    command.add(plan);
                });
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        boolean ended = process.waitFor(5, TimeUnit.MINUTES);
        process.destroyForcibly();
        assertThat(ended && Files.exists(problems)).as(() -> tail(log)).isTrue();
        return Files.readAllLines(problems);
    }

    private static String tail(Path log) {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
