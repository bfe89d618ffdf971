package io.amcinsights.packaging;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Programs that do the work. */
final class Command {

    private Command() {}

    /** A tool of the JDK that runs this. */
    static String jdk(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    /**
     * @throws IOException it did not end well; what it said has been shown
     */
    static void run(List<String> command) throws IOException, InterruptedException {
        int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (exit != 0) {
            throw failed(command, exit);
        }
    }

    /**
     * The same, with what it says in a file.
     *
     * @throws IOException it did not end well; names the file
     */
    static void run(List<String> command, Path log) throws IOException, InterruptedException {
        int exit =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start()
                        .waitFor();
        if (exit != 0) {
            throw new IOException(failed(command, exit).getMessage() + ", see " + log);
        }
    }

    /**
     * @return what it wrote, without white space around it
     */
    static String output(List<String> command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.waitFor();
        if (exit != 0) {
            throw failed(command, exit);
        }
        return output.strip();
    }

    private static IOException failed(List<String> command, int exit) {
        return new IOException("exit %d of: %s".formatted(exit, String.join(" ", command)));
    }
}
