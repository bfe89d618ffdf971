package io.amcinsights.desktop.results;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * Writes all rows of a result as CSV: RFC 4180, UTF-8, a header. NULL becomes an empty field, the
 * empty string {@code ""}, so that every cell reads back as Athena gave it.
 */
public final class CsvExport {

    private static final int ROWS_AT_ONCE = 5_000;

    private CsvExport() {}

    /**
     * Writes the file; an interrupt of the calling thread stops it. The target appears whole or not
     * at all.
     *
     * @param progress in rows
     */
    public static void write(ResultFile result, Path target, Progress progress)
            throws IOException, InterruptedException {
        Path unfinished = target.resolveSibling(target.getFileName() + ".part");
        try {
            try (BufferedWriter out = Files.newBufferedWriter(unfinished, StandardCharsets.UTF_8)) {
                Csv.write(result.columns().stream().map(Column::name).toList(), "\r\n", out);
                long total = result.rowCount();
                for (long from = 0; from < total; from += ROWS_AT_ONCE) {
                    if (Thread.interrupted()) {
                        throw new InterruptedException("The export was stopped.");
                    }
                    List<Row> rows = result.rows(from, ROWS_AT_ONCE);
                    for (Row row : rows) {
                        Csv.write(row.cells(), "\r\n", out);
                    }
                    progress.at(from + rows.size(), total);
                }
            }
            Files.move(unfinished, target, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }
}
