package io.amcinsights.local.amc.engine;

import java.util.ArrayList;
import java.util.List;

/** Reads AMC's CSV. */
final class CsvRows {

    private CsvRows() {}

    /** Data rows of AMC's CSV. */
    static List<List<String>> of(String csv) {
        List<List<String>> rows = new ArrayList<>();
        List<String> row = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < csv.length(); i++) {
            char c = csv.charAt(i);
            if (c == '\\') {
                field.append(csv.charAt(++i));
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                row.add(field.toString());
                field.setLength(0);
            } else if (c == '\n' && !quoted) {
                row.add(field.toString());
                field.setLength(0);
                rows.add(row);
                row = new ArrayList<>();
            } else {
                field.append(c);
            }
        }
        return rows.subList(1, rows.size());
    }
}
