package io.amcinsights.lake.plan;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Reads a result file of AMC, row by row: UTF-8, comma, quote {@code "} with escape {@code \}, NULL
 * as a field with nothing in it, the empty text as {@code ""}. Source: AMC Reporting API reference,
 * {@code outputFormat}.
 */
public final class AmcCsv {

    /** The file is not what AMC writes, or not what it was before. */
    public static final class MalformedException extends IOException {

        private static final long serialVersionUID = 1;

        public MalformedException(String message) {
            super(message);
        }
    }

    private static final int END = -1;

    /** Of one character, in UTF-8. */
    private static final int MOST_BYTES = 3;

    private final Reader reader;
    private final char[] buffer = new char[1 << 16];
    private final StringBuilder text = new StringBuilder();
    private final List<String> header;
    private int length;
    private int position;
    private long rows;
    private boolean escapes;
    private boolean doubles;
    private boolean odd;
    private @Nullable String lineEnd;
    private long before;
    private long longestRow;

    /** Reads the header; the caller closes the stream. */
    public AmcCsv(InputStream in) throws IOException {
        this.reader =
                new InputStreamReader(
                        in,
                        StandardCharsets.UTF_8
                                .newDecoder()
                                .onMalformedInput(CodingErrorAction.REPORT)
                                .onUnmappableCharacter(CodingErrorAction.REPORT));
        if (peek() == '\uFEFF') {
            position++;
        }
        List<@Nullable String> first = new ArrayList<>();
        boolean some = peek() != END && readRow(first);
        this.header =
                some
                        ? first.stream().map(name -> name == null ? "" : name).toList()
                        : Collections.emptyList();
    }

    /** The names of the columns; none where the file is empty. */
    public List<String> header() {
        return header;
    }

    /** How many rows were read, without the header. */
    public long rows() {
        return rows;
    }

    /**
     * The plain CSV that everything read so far is, too; null where it is nothing that other
     * readers understand alike.
     */
    public @Nullable Dialect dialect() {
        return odd || (escapes && doubles)
                ? null
                : new Dialect(
                        escapes ? '\\' : '"',
                        lineEnd == null ? "\n" : lineEnd,
                        longestRow * MOST_BYTES);
    }

    /**
     * The next row, a value for each column of the header.
     *
     * @return null behind the last row
     */
    public @Nullable List<@Nullable String> next() throws IOException {
        List<@Nullable String> row = new ArrayList<>(header.size());
        do {
            row.clear();
            if (peek() == END) {
                return null;
            }
            readRow(row);
            odd |= row.size() == 1 && row.get(0) == null;
        } while (isBlankLine(row));
        rows++;
        if (row.size() != header.size()) {
            throw malformed(
                    "has %d fields where the header has %d".formatted(row.size(), header.size()));
        }
        return row;
    }

    /** A line without anything is no row, unless there is one column, which is NULL then. */
    private boolean isBlankLine(List<@Nullable String> row) {
        return row.size() == 1 && row.get(0) == null && header.size() > 1;
    }

    private boolean readRow(List<@Nullable String> row) throws IOException {
        long from = before + position;
        while (true) {
            row.add(peek() == '"' ? quoted() : plain());
            int next = take();
            if (next == ',') {
                continue;
            }
            boolean both = next == '\r' && peek() == '\n';
            if (both) {
                take();
            }
            if (next != END) {
                String end = both ? "\r\n" : "\n";
                odd |= (next == '\r' && !both) || (lineEnd != null && !lineEnd.equals(end));
                lineEnd = end;
            }
            longestRow = Math.max(longestRow, before + position - from);
            return true;
        }
    }

    private @Nullable String plain() throws IOException {
        text.setLength(0);
        for (int c = peek(); c != END && c != ',' && c != '\n' && c != '\r'; c = peek()) {
            odd |= c == '"' || c == '\\' || c == 0;
            text.append((char) take());
        }
        return text.isEmpty() ? null : text.toString();
    }

    private String quoted() throws IOException {
        take();
        text.setLength(0);
        while (true) {
            int c = take();
            if (c == END) {
                rows++;
                throw malformed("has a quote that is never closed");
            }
            if (c == '\\' && (peek() == '"' || peek() == '\\')) {
                text.append((char) take());
                escapes = true;
            } else if (c != '"') {
                odd |= c == '\\' || c == 0;
                text.append((char) c);
            } else if (peek() == '"') {
                text.append((char) take());
                doubles = true;
            } else {
                break;
            }
        }
        int c = peek();
        if (c != END && c != ',' && c != '\n' && c != '\r') {
            rows++;
            throw malformed("has text behind a closing quote");
        }
        return text.toString();
    }

    private int peek() throws IOException {
        if (position == length) {
            before += length;
            try {
                length = reader.read(buffer);
            } catch (CharacterCodingException e) {
                rows++;
                throw malformed("is not UTF-8");
            }
            position = 0;
            if (length <= 0) {
                length = 0;
                return END;
            }
        }
        return buffer[position];
    }

    private int take() throws IOException {
        int c = peek();
        if (c != END) {
            position++;
        }
        return c;
    }

    private MalformedException malformed(String what) {
        return new MalformedException("Row %d %s.".formatted(rows, what));
    }
}
