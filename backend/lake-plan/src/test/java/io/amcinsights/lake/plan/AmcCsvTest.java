package io.amcinsights.lake.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

class AmcCsvTest {

    @Test
    void quotesAreEscapedByABackslash() throws IOException {
        assertThat(rows("a,b\n\"He said \\\"hi\\\", ok\",\"C:\\\\temp\\new\"\n"))
                .containsExactly(row("He said \"hi\", ok", "C:\\temp\\new"));
    }

    @Test
    void nothingIsNullAndTheEmptyTextIsNot() throws IOException {
        assertThat(rows("a,b,c\n,\"\",x\n1,,\n"))
                .containsExactly(row(null, "", "x"), row("1", null, null));
    }

    @Test
    void linesMayBreakInsideQuotesAndEndInAnyWay() throws IOException {
        assertThat(rows("a,b\r\n\"one\ntwo\",\"[[1, OTT], [2, Display]]\"\r\n3,4"))
                .containsExactly(row("one\ntwo", "[[1, OTT], [2, Display]]"), row("3", "4"));
    }

    @Test
    void aBackslashOutsideQuotesIsJustThat() throws IOException {
        assertThat(rows("a\nun\\quoted\n")).containsExactly(row("un\\quoted"));
    }

    @Test
    void aSingleColumnMayBeNull() throws IOException {
        assertThat(rows("a\n1\n\n2\n")).containsExactly(row("1"), row((String) null), row("2"));
        assertThat(rows("a,b\n1,2\n\n")).containsExactly(row("1", "2"));
    }

    @Test
    void aHeaderAloneHasNoRowsAndAnEmptyFileNoHeader() throws IOException {
        assertThat(rows("a,b\n")).isEmpty();
        assertThat(new AmcCsv(new ByteArrayInputStream(new byte[0])).header()).isEmpty();
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstName() throws IOException {
        assertThat(csv("\uFEFFname,ünï\n").header()).containsExactly("name", "ünï");
    }

    @Test
    void valuesAcrossTheReadBufferStayWhole() throws IOException {
        String big = "x\"y\\z,".repeat(40_000);
        String escaped = big.replace("\\", "\\\\").replace("\"", "\\\"");
        assertThat(rows("a,b\n\"%s\",1\n".formatted(escaped))).containsExactly(row(big, "1"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "a,b;1,2;3 | Row 2 has 1 fields where the header has 2.",
                "a,b;1,2,3 | Row 1 has 3 fields where the header has 2.",
                "a,b;1,\"2 | Row 1 has a quote that is never closed, in the column “b”.",
                "a,b;1,\"2\"3 | Row 1 has text behind a closing quote, in the column “b”.",
            })
    void whatIsNotAmcsIsRefusedWithItsRow(String text, String message) {
        assertThatThrownBy(() -> rows(text.replace(';', '\n')))
                .isInstanceOf(AmcCsv.MalformedException.class)
                .hasMessage(message);
    }

    @Test
    void bytesThatAreNoUtf8AreRefused() {
        byte[] bytes = {'a', '\n', (byte) 0xC3, (byte) 0x28, '\n'};
        assertThatThrownBy(() -> new AmcCsv(new ByteArrayInputStream(bytes)).next())
                .hasMessageContaining("is not UTF-8");
    }

    private static List<List<@Nullable String>> rows(String text) throws IOException {
        AmcCsv csv = csv(text);
        List<List<@Nullable String>> rows = new ArrayList<>();
        List<@Nullable String> row;
        while ((row = csv.next()) != null) {
            rows.add(row);
        }
        return rows;
    }

    private static AmcCsv csv(String text) throws IOException {
        return new AmcCsv(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<@Nullable String> row(@Nullable String... values) {
        List<@Nullable String> row = new ArrayList<>();
        for (String value : values) {
            row.add(value);
        }
        return row;
    }
}
