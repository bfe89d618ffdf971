package io.amcinsights.desktop.results;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/**
 * Where the rows of a CSV file begin: the byte offset of each {@value #STRIDE}th one, so that a
 * hundred million rows need no more than a few megabytes.
 */
final class RowIndex {

    static final int STRIDE = 250;

    private static final int BUFFER = 1 << 20;

    private final long[] offsets;
    private final long rows;
    private final long end;

    private RowIndex(long[] offsets, long rows, long end) {
        this.offsets = offsets;
        this.rows = rows;
        this.end = end;
    }

    /** Reads the file once; its first row is the header and not counted. */
    static RowIndex of(FileChannel file) throws IOException {
        long[] offsets = new long[1024];
        long begun = 0;
        long position = 0;
        boolean quoted = false;
        boolean rowBegins = true;
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        byte[] bytes = buffer.array();
        for (int n = file.read(buffer, 0); n > 0; n = file.read(buffer, position)) {
            for (int i = 0; i < n; i++) {
                if (rowBegins) {
                    // Row 0 is the header: entry k is where data row k * STRIDE begins.
                    if ((begun - 1) % STRIDE == 0) {
                        int entry = (int) ((begun - 1) / STRIDE);
                        if (entry == offsets.length) {
                            offsets = Arrays.copyOf(offsets, offsets.length * 2);
                        }
                        offsets[entry] = position + i;
                    }
                    begun++;
                    rowBegins = false;
                }
                byte b = bytes[i];
                if (b == '"') {
                    quoted = !quoted;
                } else if (b == '\n' && !quoted) {
                    rowBegins = true;
                }
            }
            position += n;
            buffer.clear();
        }
        long rows = Math.max(0, begun - 1);
        int entries = (int) ((rows + STRIDE - 1) / STRIDE);
        return new RowIndex(Arrays.copyOf(offsets, entries), rows, position);
    }

    long rows() {
        return rows;
    }

    /** Size of the file in bytes. */
    long end() {
        return end;
    }

    /** Where the stride begins that holds the row. */
    long strideStart(long row) {
        return offsets[(int) (row / STRIDE)];
    }

    /** Where the stride ends that holds the row. */
    long strideEnd(long row) {
        int next = (int) (row / STRIDE) + 1;
        return next < offsets.length ? offsets[next] : end;
    }
}
