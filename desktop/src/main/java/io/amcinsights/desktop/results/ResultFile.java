package io.amcinsights.desktop.results;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A whole result in a local file, with any of its rows at hand. Any thread may read it. Closing
 * deletes the file.
 */
public final class ResultFile implements AutoCloseable {

    private final Path path;
    private final List<Column> columns;
    private final FileChannel channel;
    private final RowIndex index;

    private ResultFile(Path path, List<Column> columns, FileChannel channel, RowIndex index) {
        this.path = path;
        this.columns = List.copyOf(columns);
        this.channel = channel;
        this.index = index;
    }

    /**
     * Opens a CSV file in the form of Athena's result objects: a header, then the rows. Reads it
     * once to find its rows.
     */
    public static ResultFile open(Path path, List<Column> columns) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        try {
            return new ResultFile(path, columns, channel, RowIndex.of(channel));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    public List<Column> columns() {
        return columns;
    }

    /** How many rows it holds, the header not counted. */
    public long rowCount() {
        return index.rows();
    }

    /** Size of the file in bytes. */
    public long bytes() {
        return index.end();
    }

    /** One row, counted from 0. */
    public Row row(long index) {
        return rows(index, 1).getFirst();
    }

    /** Rows in their order, counted from 0; fewer at the end. */
    public List<Row> rows(long from, int count) {
        if (from < 0 || from > rowCount() || count < 0) {
            throw new IndexOutOfBoundsException(
                    "Rows %d+%d of %d".formatted(from, count, rowCount()));
        }
        int available = (int) Math.min(count, rowCount() - from);
        if (available == 0) {
            return List.of();
        }
        long start = index.strideStart(from);
        long end = index.strideEnd(from + available - 1);
        List<Row> rows = Csv.rows(read(start, Math.toIntExact(end - start)));
        int skipped = (int) (from % RowIndex.STRIDE);
        return rows.subList(skipped, skipped + available);
    }

    private byte[] read(long start, int length) {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        try {
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, start + buffer.position()) < 0) {
                    throw new IOException(
                            "The result's local copy %s has become shorter.".formatted(path));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return buffer.array();
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(path);
    }
}
