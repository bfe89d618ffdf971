package io.amcinsights.local.athena;

import org.jspecify.annotations.Nullable;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads a result's object row by row, and knows how far it has come. */
final class ResultReader implements AutoCloseable {

    private final InputStream in;
    private final boolean csv;
    private long position;

    /**
     * @param position of the stream's first byte in the object
     * @param csv false: lines of text, one value each
     */
    ResultReader(InputStream in, long position, boolean csv) {
        this.in = new BufferedInputStream(in, 1 << 16);
        this.position = position;
        this.csv = csv;
    }

    /** Bytes of the object before the next row. */
    long position() {
        return position;
    }

    /** The next row; null at the end. NULL, which has no quotes, is null. */
    @Nullable List<@Nullable String> next() throws IOException {
        int c = read();
        if (c < 0) {
            return null;
        }
        List<@Nullable String> row = new ArrayList<>();
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        boolean quoted = false;
        boolean inQuotes = false;
        while (true) {
            if (inQuotes && c >= 0) {
                if (c != '"') {
                    value.write(c);
                } else if ((c = read()) == '"') {
                    value.write(c);
                } else {
                    inQuotes = false;
                    continue;
                }
            } else if (csv && c == '"') {
                quoted = true;
                inQuotes = true;
            } else if (c < 0 || c == '\n' || (csv && c == ',')) {
                row.add(
                        csv && !quoted && value.size() == 0
                                ? null
                                : value.toString(StandardCharsets.UTF_8));
                if (c < 0 || c == '\n') {
                    return row;
                }
                value.reset();
                quoted = false;
            } else {
                value.write(c);
            }
            c = read();
        }
    }

    private int read() throws IOException {
        int c = in.read();
        if (c >= 0) {
            position++;
        }
        return c;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
