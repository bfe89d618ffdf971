package io.amcinsights.lake.plan;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** How a delivered file is written. Those of text may be compressed with gzip. */
public enum SourceFormat {
    /** As AMC writes its results: see {@link AmcCsv}. */
    AMC_CSV,
    /** As RFC 4180 describes it: a backslash is a character as any other. */
    CSV,
    /** One object for each line, or one array of objects. */
    JSON,
    PARQUET;

    private static final int MAGIC = 0x1f;
    private static final int MORE_MAGIC = 0x8b;

    /**
     * Reads the rows of a file of text.
     *
     * @param in compressed or not; the caller closes it
     * @throws IllegalArgumentException for {@link #PARQUET}
     */
    public SourceRows rows(InputStream in) throws IOException {
        InputStream plain = unzipped(in);
        return switch (this) {
            case AMC_CSV -> new AmcCsv(plain);
            case CSV -> AmcCsv.rfc4180(plain);
            case JSON -> new JsonRows(plain);
            case PARQUET -> throw new IllegalArgumentException("Parquet is no text.");
        };
    }

    /** What is inside, where the content is compressed with gzip; the name does not matter. */
    public static InputStream unzipped(InputStream in) throws IOException {
        InputStream marked = in.markSupported() ? in : new BufferedInputStream(in, 1 << 16);
        return isZipped(marked)
                ? new BufferedInputStream(new GZIPInputStream(marked, 1 << 16))
                : marked;
    }

    /** Whether a content is compressed with gzip; its stream is where it was. */
    public static boolean isZipped(InputStream marked) throws IOException {
        marked.mark(2);
        boolean zipped = marked.read() == MAGIC && marked.read() == MORE_MAGIC;
        marked.reset();
        return zipped;
    }
}
