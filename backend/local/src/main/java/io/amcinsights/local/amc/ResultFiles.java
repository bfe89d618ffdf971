package io.amcinsights.local.amc;

import com.fasterxml.jackson.databind.JsonNode;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The results that can be downloaded: for each execution a folder with its CSV, the parts of a
 * large one, and what describes it.
 */
final class ResultFiles {

    private static final String WHOLE = "result.csv";
    private static final String METADATA = "metadata.json";

    private final Path folder;

    ResultFiles(Path folder) {
        this.folder = folder;
    }

    /** Where a result is written before it counts. */
    Path draft(String executionId) throws IOException {
        Path own = folder.resolve(executionId);
        Files.createDirectories(own);
        return own.resolve(WHOLE + ".part");
    }

    /**
     * Makes the draft the result.
     *
     * @param rows of the whole result, without the header
     * @param partRows the most rows of a part
     */
    void keep(String executionId, long rows, int partRows) throws IOException {
        Path own = folder.resolve(executionId);
        Path draft = draft(executionId);
        if (rows > partRows) {
            split(draft, own, partRows);
        }
        Files.move(draft, own.resolve(WHOLE), StandardCopyOption.ATOMIC_MOVE);
    }

    void describe(String executionId, JsonNode metadata) throws IOException {
        Files.writeString(
                folder.resolve(executionId).resolve(METADATA), metadata.toPrettyString() + "\n");
    }

    Path whole(String executionId) {
        return folder.resolve(executionId).resolve(WHOLE);
    }

    Path metadata(String executionId) {
        return folder.resolve(executionId).resolve(METADATA);
    }

    /** What is to be downloaded, in order: the whole, or its parts. */
    List<Path> parts(String executionId) {
        try (Stream<Path> files = Files.list(folder.resolve(executionId))) {
            List<Path> parts =
                    files.filter(f -> f.getFileName().toString().matches("part-\\d+\\.csv"))
                            .sorted(Comparator.naturalOrder())
                            .toList();
            return parts.isEmpty() ? List.of(whole(executionId)) : parts;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file of an execution, by a name that was given out. */
    Path file(String executionId, String name) {
        return folder.resolve(executionId).resolve(name);
    }

    /** Each part is a CSV of its own, with the header. */
    private static void split(Path from, Path to, int partRows) throws IOException {
        try (BufferedReader in = Files.newBufferedReader(from)) {
            String header = record(in);
            String row = record(in);
            for (int part = 0; !row.isEmpty(); part++) {
                Path file = to.resolve("part-%05d.csv".formatted(part));
                try (BufferedWriter out = Files.newBufferedWriter(file)) {
                    out.write(header);
                    for (int i = 0; i < partRows && !row.isEmpty(); i++) {
                        out.write(row);
                        row = record(in);
                    }
                }
            }
        }
    }

    /** One record with its line end; empty at the end of the file. */
    private static String record(BufferedReader in) throws IOException {
        StringBuilder record = new StringBuilder();
        boolean quoted = false;
        for (int c = in.read(); c >= 0; c = in.read()) {
            record.append((char) c);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == '\\' && quoted) {
                record.append((char) in.read());
            } else if (c == '\n' && !quoted) {
                break;
            }
        }
        return record.toString();
    }
}
