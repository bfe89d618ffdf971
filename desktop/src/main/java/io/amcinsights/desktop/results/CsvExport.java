package io.amcinsights.desktop.results;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
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
        write(result.columns(), result.batches(ROWS_AT_ONCE), result.rowCount(), target, progress);
    }

    /**
     * Writes rows that come in batches; otherwise as {@link #write(ResultFile, Path, Progress)}.
     *
     * @param total how many rows there are; 0 where that is not known
     */
    public static void write(
            List<Column> columns,
            Iterator<List<Row>> batches,
            long total,
            Path target,
            Progress progress)
            throws IOException, InterruptedException {
        Path unfinished = target.resolveSibling(target.getFileName() + ".part");
        try {
            try (BufferedWriter out = Files.newBufferedWriter(unfinished, StandardCharsets.UTF_8)) {
                Csv.write(columns.stream().map(Column::name).toList(), "\r\n", out);
                long done = 0;
                while (batches.hasNext()) {
                    if (Thread.interrupted()) {
                        throw new InterruptedException("Writing was stopped.");
                    }
                    List<Row> rows = batches.next();
                    for (Row row : rows) {
                        Csv.write(row.cells(), "\r\n", out);
                    }
                    done += rows.size();
                    progress.at(done, total);
                }
            }
            Files.move(unfinished, target, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }
}
