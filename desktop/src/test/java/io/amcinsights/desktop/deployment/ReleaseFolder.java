package io.amcinsights.desktop.deployment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A release as the build makes it: the real template and state machines, and jars of some bytes.
 */
public final class ReleaseFolder {

    private static final Path REAL = Path.of("../cloudformation");
    private static final Pattern VERSION =
            Pattern.compile("(?m)^  (\\w+):\\R    Type: AWS::Lambda::Version$");

    private ReleaseFolder() {}

    /**
     * Makes one.
     *
     * @param version what is in the jars: another one makes another release
     * @param change what is different in the template
     */
    public static Path made(Path folder, String version, UnaryOperator<String> change) {
        try (Stream<Path> machines = Files.list(REAL.resolve("statemachines"))) {
            Files.createDirectories(folder.resolve("statemachines"));
            for (Path machine : machines.toList()) {
                Files.copy(machine, folder.resolve("statemachines").resolve(machine.getFileName()));
            }
            for (String jar : List.of("functions.jar", "transform.jar", "glue.jar")) {
                jar(folder.resolve(jar), (jar + version).repeat(4000));
            }
            String template = Files.readString(REAL.resolve("template.yaml"));
            Files.writeString(
                    folder.resolve("template.yaml"), named(change.apply(template), version));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The build names each version of a function by its code, so that new code publishes one. */
    private static String named(String template, String version) {
        String named = template;
        Matcher id = VERSION.matcher(template);
        while (id.find()) {
            named = named.replaceAll("\\b" + id.group(1) + "\\b", id.group(1) + "v" + version);
        }
        return named;
    }

    private static void jar(Path file, String content) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            ZipEntry entry = new ZipEntry("content");
            entry.setTimeLocal(LocalDateTime.of(2026, 1, 1, 0, 0));
            zip.putNextEntry(entry);
            zip.write(content.getBytes(StandardCharsets.UTF_8));
        }
    }

    public static Path made(Path folder, String version) {
        return made(folder, version, template -> template);
    }
}
