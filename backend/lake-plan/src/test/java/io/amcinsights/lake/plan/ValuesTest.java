package io.amcinsights.lake.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValuesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "varchar        | ''                          | ''",
                "varchar        | -                           | -",
                "bigint         | ''                          | -",
                "bigint         | 9007199254740993            | 9007199254740993",
                "decimal(38,4)  | 1.1                         | 1.1000",
                "decimal(38,10) | -0                          | 0E-10",
                "double         | 1.0E-5                      | 1.0E-5",
                "double         | -Infinity                   | -Infinity",
                "boolean        | TRUE                        | true",
                "date           | 2026-11-23                  | 2026-11-23",
                "timestamp      | 2026-11-23                  | 2026-11-23T00:00",
                "timestamp      | 2026-11-23T10:15:30.000001Z | 2026-11-23T10:15:30.000001",
                "timestamp      | 2026-11-23 10:15            | 2026-11-23T10:15",
            })
    void aTextIsReadExactlyInTheTypeOfItsColumn(
            String type, @Nullable String text, @Nullable String value) {
        Object read = Values.of(text, ColumnType.parse(type));
        assertThat(read == null ? null : read.toString()).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({
        "bigint, 1.5",
        "bigint, 9223372036854775808",
        "'decimal(38,4)', 0.00001",
        "'decimal(38,4)', 123456789012345678901234567890123456",
        "double, x",
        "boolean, yes",
        "date, 2026-02-30",
        "date, 2026-11-23 10:15",
        "timestamp, 10:15",
    })
    void aTextOfAnotherTypeIsRefused(String type, String text) {
        assertThatThrownBy(() -> Values.of(text, ColumnType.parse(type)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
