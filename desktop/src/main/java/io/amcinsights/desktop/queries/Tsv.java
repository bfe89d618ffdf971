package io.amcinsights.desktop.queries;

import io.amcinsights.desktop.results.Column;
import io.amcinsights.desktop.results.Row;

import org.jspecify.annotations.Nullable;

import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;

/** Cells as spreadsheets take them from the clipboard: tabs between, quotes where needed. */
final class Tsv {

    private Tsv() {}

    /**
     * @param shown which columns, in which order
     * @param header with the columns' names as first line
     */
    static String of(
            Iterator<Row> rows, List<Column> columns, List<Integer> shown, boolean header) {
        StringBuilder text = new StringBuilder();
        if (header) {
            text.append(
                            shown.stream()
                                    .map(column -> cell(columns.get(column).name()))
                                    .collect(Collectors.joining("\t")))
                    .append('\n');
        }
        while (rows.hasNext()) {
            Row row = rows.next();
            text.append(
                            shown.stream()
                                    .map(column -> cell(row.cell(column)))
                                    .collect(Collectors.joining("\t")))
                    .append('\n');
        }
        // One cell alone is its text and nothing else.
        text.setLength(Math.max(0, text.length() - 1));
        return text.toString();
    }

    private static String cell(@Nullable String value) {
        if (value == null) {
            return "";
        }
        boolean quote = value.chars().anyMatch(c -> c == '\t' || c == '\n' || c == '\r');
        return quote ? '"' + value.replace("\"", "\"\"") + '"' : value;
    }
}
