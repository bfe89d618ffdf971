package io.amcinsights.desktop.common;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatTest {

    @ParameterizedTest
    @CsvSource({
        "0, 7, 0 %",
        "7, 7, 100 %",
        "1, 2, 50 %",
        "1, 3, 33.3 %",
        "1, 100000, < 0.1 %",
        "99999, 100000, > 99.9 %",
        "0, 0, 0 %",
    })
    void aShareNeverReadsAsNothingOrAllWhereItIsNot(long part, long whole, String text) {
        assertThat(Format.share(part, whole)).isEqualTo(text);
    }
}
