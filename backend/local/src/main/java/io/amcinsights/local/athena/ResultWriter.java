package io.amcinsights.local.athena;

import org.jspecify.annotations.Nullable;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes a result in the form of Athena's objects: as CSV with every value in double quotes and
 * NULL as nothing at all, or as lines of text. Lines end with a line feed.
 */
final class ResultWriter implements AutoCloseable {

    private final BufferedWriter out;
    private boolean lineBegun;

    ResultWriter(Path file) throws IOException {
        out = Files.newBufferedWriter(file);
    }

    void value(@Nullable String value) throws IOException {
        if (lineBegun) {
            out.write(',');
        }
        lineBegun = true;
        if (value == null) {
            return;
        }
        out.write('"');
        out.write(value.indexOf('"') < 0 ? value : value.replace("\"", "\"\""));
        out.write('"');
    }

    void endLine() throws IOException {
        out.write('\n');
        lineBegun = false;
    }

    /** A line of plain text. */
    void line(String text) throws IOException {
        out.write(text);
        out.write('\n');
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
