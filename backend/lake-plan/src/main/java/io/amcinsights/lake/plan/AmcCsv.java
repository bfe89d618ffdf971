package io.amcinsights.lake.plan;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Reads a result file of AMC, row by row: UTF-8, comma, quote {@code "} with escape {@code \}, NULL
 * as a field with nothing in it, the empty text as {@code ""}. Source: AMC Reporting API reference,
 * {@code outputFormat}. Or the same as RFC 4180 has it, where a quote is escaped by another one and
 * nothing else is.
 */
public final class AmcCsv implements SourceRows {

    /** The file is not what AMC writes, or not what it was before. */
    public static final class MalformedException extends IOException {

        private static final long serialVersionUID = 1;

        public MalformedException(String message) {
            super(message);
        }
    }

    /** Decodes so that what comes before a broken byte is read first, and the row is known. */
    private static final class Utf8 {

        private final InputStream in;
        private final CharsetDecoder decoder =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        private final ByteBuffer bytes = ByteBuffer.allocate(1 << 16).flip();
        private boolean ended;

        Utf8(InputStream in) {
            this.in = in;
        }

        /** How many characters; {@link #END} behind the last. */
        int read(char[] into) throws IOException {
            CharBuffer chars = CharBuffer.wrap(into);
            while (true) {
                CoderResult result = decoder.decode(bytes, chars, ended);
                if (chars.position() > 0) {
                    return chars.position();
                }
                if (result.isError()) {
                    result.throwException();
                }
                if (ended) {
                    return END;
                }
                bytes.compact();
                int count = in.read(bytes.array(), bytes.position(), bytes.remaining());
                ended = count < 0;
                bytes.position(bytes.position() + Math.max(0, count));
                bytes.flip();
            }
        }
    }

    private static final int END = -1;

    /** Of one character, in UTF-8. */
    private static final int MOST_BYTES = 3;

    private final Utf8 reader;
    private final boolean backslash;
    private final char[] buffer = new char[1 << 16];
    private final StringBuilder text = new StringBuilder();
    private List<String> header = List.of();
    private int field;
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
        this(in, true);
    }

    private AmcCsv(InputStream in, boolean backslash) throws IOException {
        this.reader = new Utf8(in);
        this.backslash = backslash;
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

    /** Reads a file that is written as RFC 4180 describes it; the caller closes the stream. */
    static AmcCsv rfc4180(InputStream in) throws IOException {
        return new AmcCsv(in, false);
    }

    /** The names of the columns; none where the file is empty. */
    @Override
    public List<String> header() {
        return header;
    }

    /** How many rows were read, without the header. */
    @Override
    public long rows() {
        return rows;
    }

    /**
     * The plain CSV that everything read so far is, too; null where it is nothing that other
     * readers understand alike.
     */
    @Override
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
        field = -1;
        if (row.size() != header.size()) {
            throw malformed(
                    "has %d fields where the header has %d".formatted(row.size(), header.size()));
        }
        return row;
    }

    @Override
    public @Nullable List<@Nullable Nested> nextValues() throws IOException {
        List<@Nullable String> texts = next();
        if (texts == null) {
            return null;
        }
        List<@Nullable Nested> values = new ArrayList<>(texts.size());
        for (String text : texts) {
            values.add(text == null ? null : new Nested.Leaf(text, false));
        }
        return values;
    }

    /** A line without anything is no row, unless there is one column, which is NULL then. */
    private boolean isBlankLine(List<@Nullable String> row) {
        return row.size() == 1 && row.get(0) == null && header.size() > 1;
    }

    private boolean readRow(List<@Nullable String> row) throws IOException {
        long from = before + position;
        while (true) {
            field = row.size();
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
            odd |= c == '"' || (backslash && c == '\\') || c == 0;
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
                throw malformedHere("has a quote that is never closed");
            }
            if (backslash && c == '\\' && (peek() == '"' || peek() == '\\')) {
                text.append((char) take());
                escapes = true;
            } else if (c != '"') {
                odd |= (backslash && c == '\\') || c == 0;
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
            throw malformedHere("has text behind a closing quote");
        }
        return text.toString();
    }

    private int peek() throws IOException {
        if (position == length) {
            before += length;
            try {
                length = reader.read(buffer);
            } catch (CharacterCodingException e) {
                throw malformedHere("is not UTF-8");
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

    /** In the row that is being read, which is not counted yet. */
    private MalformedException malformedHere(String what) {
        if (header.isEmpty()) {
            return new MalformedException("The header %s.".formatted(what));
        }
        rows++;
        return malformed(
                field < 0 || field >= header.size()
                        ? what
                        : "%s, in the column “%s”".formatted(what, header.get(field)));
    }

    private MalformedException malformed(String what) {
        return new MalformedException("Row %d %s.".formatted(rows, what));
    }
}
