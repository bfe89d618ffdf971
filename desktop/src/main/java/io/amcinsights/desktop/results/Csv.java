package io.amcinsights.desktop.results;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * RFC 4180 with Athena's reading of emptiness: nothing between two commas is NULL, {@code ""} is
 * the empty string.
 */
final class Csv {

    private Csv() {}

    /** The rows of bytes that begin and end at the border of a row. */
    static List<Row> rows(byte[] bytes) {
        List<Row> rows = new ArrayList<>();
        List<@Nullable String> cells = new ArrayList<>();
        int at = 0;
        while (at < bytes.length) {
            int end = endOfCell(bytes, at);
            cells.add(cell(bytes, at, end));
            at = end;
            if (at < bytes.length && bytes[at] == ',') {
                at++;
                if (at < bytes.length) {
                    continue;
                }
                cells.add(null);
            } else {
                at = afterLineEnd(bytes, at);
            }
            rows.add(new Row(cells));
            cells.clear();
        }
        return rows;
    }

    private static int endOfCell(byte[] bytes, int from) {
        boolean quoted = false;
        for (int i = from; i < bytes.length; i++) {
            byte b = bytes[i];
            if (b == '"') {
                quoted = !quoted;
            } else if (!quoted && (b == ',' || b == '\n' || b == '\r')) {
                return i;
            }
        }
        return bytes.length;
    }

    private static int afterLineEnd(byte[] bytes, int at) {
        if (at + 1 < bytes.length && bytes[at] == '\r' && bytes[at + 1] == '\n') {
            return at + 2;
        }
        return at + 1;
    }

    private static @Nullable String cell(byte[] bytes, int from, int end) {
        if (from == end) {
            return null;
        }
        if (bytes[from] != '"') {
            return new String(bytes, from, end - from, StandardCharsets.UTF_8);
        }
        int last = bytes[end - 1] == '"' && end - 1 > from ? end - 1 : end;
        String text = new String(bytes, from + 1, last - from - 1, StandardCharsets.UTF_8);
        return text.indexOf('"') < 0 ? text : text.replace("\"\"", "\"");
    }

    /** Writes a row; quotes only where a reader needs them. */
    static void write(Iterable<? extends @Nullable String> cells, String lineEnd, Appendable out)
            throws IOException {
        boolean first = true;
        for (String cell : cells) {
            if (!first) {
                out.append(',');
            }
            first = false;
            write(cell, out);
        }
        out.append(lineEnd);
    }

    private static void write(@Nullable String cell, Appendable out) throws IOException {
        if (cell == null) {
            return;
        }
        if (cell.isEmpty() || needsQuotes(cell)) {
            out.append('"').append(cell.replace("\"", "\"\"")).append('"');
        } else {
            out.append(cell);
        }
    }

    private static boolean needsQuotes(String cell) {
        if (cell.charAt(0) == ' ' || cell.charAt(cell.length() - 1) == ' ') {
            return true;
        }
        for (int i = 0; i < cell.length(); i++) {
            switch (cell.charAt(i)) {
                case ',', '"', '\n', '\r' -> {
                    return true;
                }
                default -> {}
            }
        }
        return false;
    }
}
