package io.amcinsights.desktop.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class ResultFileTest {

    private static final List<Column> TWO =
            List.of(new Column("a", "varchar"), new Column("b", "bigint"));

    @TempDir Path folder;

    @Test
    void keepsNullAndEmptyApart() throws IOException {
        try (ResultFile file = file(TWO, "\"a\",\"b\"\n,\"1\"\n\"\",\n")) {
            assertThat(file.rows(0, 10)).containsExactly(Row.of(null, "1"), Row.of("", null));
        }
    }

    @Test
    void quotedLineEndsQuotesAndCommasStayInTheirCell() throws IOException {
        try (ResultFile file =
                file(
                        TWO,
                        "\"a\",\"b\"\n\"one\ntwo\r\n\"\"three\"\", four\",\"1\"\n\"é\",\"2\"\n")) {
            assertThat(file.rowCount()).isEqualTo(2);
            assertThat(file.row(0).cell(0)).isEqualTo("one\ntwo\r\n\"three\", four");
            assertThat(file.row(1)).isEqualTo(Row.of("é", "2"));
        }
    }

    @Test
    void anEmptyLineIsARowWhereTheOnlyColumnIsNull() throws IOException {
        List<Column> one = List.of(new Column("a", "varchar"));
        try (ResultFile file = file(one, "\"a\"\n\n\"x\"\n\n")) {
            assertThat(file.rows(0, 5))
                    .containsExactly(Row.of((String) null), Row.of("x"), Row.of((String) null));
        }
    }

    @Test
    void anInterruptedReaderLeavesItToTheOthers() throws IOException {
        try (ResultFile file = file(TWO, "a,b\nx,1\n")) {
            Thread.currentThread().interrupt();
            assertThat(file.row(0)).isEqualTo(Row.of("x", "1"));
            assertThat(Thread.interrupted()).isTrue();
            assertThat(file.row(0)).isEqualTo(Row.of("x", "1"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"a\",\"b\"\n", "\"a\",\"b\"", ""})
    void aHeaderAloneHasNoRows(String text) throws IOException {
        try (ResultFile file = file(TWO, text)) {
            assertThat(file.rowCount()).isZero();
            assertThat(file.rows(0, 10)).isEmpty();
        }
    }

    @Test
    void theLastRowNeedsNoLineEnd() throws IOException {
        try (ResultFile file = file(TWO, "a,b\nx,\ny,1")) {
            assertThat(file.rows(0, 5)).containsExactly(Row.of("x", null), Row.of("y", "1"));
        }
    }

    @Test
    void anyRowOfManyIsAtHand() throws IOException {
        StringBuilder text = new StringBuilder("\"a\",\"b\"\n");
        int rows = 12 * RowIndex.STRIDE + 7;
        for (int i = 0; i < rows; i++) {
            text.append("\"row\n").append(i).append("\",\"").append(i).append("\"\n");
        }
        try (ResultFile file = file(TWO, text.toString())) {
            assertThat(file.rowCount()).isEqualTo(rows);
            for (int i :
                    new int[] {0, 1, RowIndex.STRIDE - 1, RowIndex.STRIDE, rows / 2, rows - 1}) {
                assertThat(file.row(i)).isEqualTo(Row.of("row\n" + i, "" + i));
            }
            List<Row> across = file.rows(RowIndex.STRIDE - 2L, RowIndex.STRIDE + 4);
            assertThat(across).hasSize(RowIndex.STRIDE + 4);
            assertThat(across.getFirst().cell(1)).isEqualTo("" + (RowIndex.STRIDE - 2));
            assertThat(across.getLast().cell(1)).isEqualTo("" + (2 * RowIndex.STRIDE + 1));
            assertThat(file.rows(rows - 3L, 100)).hasSize(3);
            assertThatThrownBy(() -> file.rows(rows + 1L, 1))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void closingLeavesNoFileBehind() throws IOException {
        file(TWO, "a,b\n").close();
        assertThat(folder).isEmptyDirectory();
    }

    private ResultFile file(List<Column> columns, String text) throws IOException {
        return ResultFile.open(Files.writeString(folder.resolve("result.csv"), text), columns);
    }
}
