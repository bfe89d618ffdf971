package io.amcinsights.desktop.results;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * A whole result in a local file, with any of its rows at hand. Any thread may read it. Closing
 * deletes the file.
 */
public final class ResultFile implements AutoCloseable {

    private final Path path;
    private final List<Column> columns;

    /** Not a channel: an interrupt of one reader would close it for all. */
    private final RandomAccessFile file;

    private final RowIndex index;

    private ResultFile(Path path, List<Column> columns, RandomAccessFile file, RowIndex index) {
        this.path = path;
        this.columns = List.copyOf(columns);
        this.file = file;
        this.index = index;
    }

    /**
     * Opens a CSV file in the form of Athena's result objects: a header, then the rows. Reads it
     * once to find its rows.
     */
    public static ResultFile open(Path path, List<Column> columns) throws IOException {
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "r");
        try {
            return new ResultFile(path, columns, file, RowIndex.of(file.getChannel()));
        } catch (IOException | RuntimeException e) {
            file.close();
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

    /** All rows in their order, so many at once. */
    public Iterator<List<Row>> batches(int size) {
        return new Iterator<>() {
            private long next;

            @Override
            public boolean hasNext() {
                return next < rowCount();
            }

            @Override
            public List<Row> next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                List<Row> rows = rows(next, size);
                next += rows.size();
                return rows;
            }
        };
    }

    private byte[] read(long start, int length) {
        byte[] bytes = new byte[length];
        try {
            synchronized (file) {
                file.seek(start);
                file.readFully(bytes);
            }
        } catch (EOFException e) {
            throw new UncheckedIOException(
                    "The result’s local copy %s has become shorter.".formatted(path), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        file.close();
        Files.deleteIfExists(path);
    }
}
