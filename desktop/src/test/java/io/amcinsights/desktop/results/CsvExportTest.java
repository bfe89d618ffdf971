package io.amcinsights.desktop.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class CsvExportTest {

    private static final List<Column> COLUMNS =
            List.of(new Column("a \"quoted\"", "varchar"), new Column("b", "varchar"));

    @TempDir Path folder;

    @Test
    void writesEveryCellAsItIs() throws Exception {
        try (ResultFile result =
                result(
                        "\"a \"\"quoted\"\"\",\"b\"\n"
                                + ",\"\"\n"
                                + "\"one\ntwo\",\"say \"\"hi\"\", twice\"\n"
                                + "\" padded \",\"=1+2\"\n")) {
            Path target = folder.resolve("out.csv");

            CsvExport.write(result, target, Progress.NONE);

            assertThat(target)
                    .hasContent(
                            "\"a \"\"quoted\"\"\",b\r\n"
                                    + ",\"\"\r\n"
                                    + "\"one\ntwo\",\"say \"\"hi\"\", twice\"\r\n"
                                    + "\" padded \",=1+2\r\n");
            List<Row> before = result.rows(0, 10);
            try (ResultFile again =
                    ResultFile.open(Files.copy(target, folder.resolve("again")), COLUMNS)) {
                assertThat(again.rows(0, 10)).isEqualTo(before);
            }
        }
    }

    @Test
    void writesAllRowsAndSaysHowFarItIs() throws Exception {
        StringBuilder text = new StringBuilder("a,b\n");
        for (int i = 0; i < 12_345; i++) {
            text.append(i).append(",x\n");
        }
        List<Long> progress = new ArrayList<>();
        Path target = folder.resolve("out.csv");
        try (ResultFile result = result(text.toString())) {
            CsvExport.write(result, target, (done, total) -> progress.add(done));
        }
        assertThat(Files.readAllLines(target)).hasSize(12_346).endsWith("12344,x");
        assertThat(progress).isSorted().endsWith(12_345L);
    }

    @Test
    void stoppedItLeavesTheOldFileAlone() throws Exception {
        Path target = Files.writeString(folder.resolve("out.csv"), "old");
        try (ResultFile result = result("a,b\nx,y\n")) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> CsvExport.write(result, target, Progress.NONE))
                    .isInstanceOf(InterruptedException.class);
        }
        assertThat(target).hasContent("old");
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
    }

    private ResultFile result(String text) throws IOException {
        return ResultFile.open(Files.writeString(folder.resolve("result.csv"), text), COLUMNS);
    }
}
