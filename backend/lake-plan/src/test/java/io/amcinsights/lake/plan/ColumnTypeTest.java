package io.amcinsights.lake.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

class ColumnTypeTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "1 2 -3 0                        | bigint",
                "9223372036854775807             | bigint",
                "9223372036854775808             | decimal(38,0)",
                "9007199254740993 1.25           | decimal(38,4)",
                "1.0 2.0                         | decimal(38,4)",
                "1.12345                         | decimal(38,10)",
                "0.3333333333333333              | double",
                "1.5 1.0E-5                      | double",
                "1 NaN                           | double",
                "12345678901234567890123456789012345.5 | decimal(38,1)",
                "9007199254740993 0.33333333333  | decimal(38,11)",
                "9007199254740992 0.33333333333  | double",
                "9007199254740993 1.0E-5         | varchar",
                "00123 7                         | varchar",
                "true FALSE                      | boolean",
                "true 1                          | varchar",
                "2026-11-23                      | date",
                "2026-11-23 2026-11-23T10:15:30Z | timestamp",
                "2026-11-23T10:15:30.123Z        | timestamp",
                "2026-02-30                      | varchar",
                "2026-11-23T10:15:30+02:00       | varchar",
                "1 x                             | varchar",
                "12345678901234567890123456789012345678901 | varchar",
            })
    void theTypeHoldsEveryValueExactlyWhereOneDoes(String values, String type) {
        TypeGuess guess = new TypeGuess();
        guess.see(null);
        for (String value : List.of(values.split(" "))) {
            guess.see(value);
        }
        guess.see("");
        assertThat(guess.type().sql()).isEqualTo(type);
    }

    @Test
    void aColumnWithoutValuesHasNoTypeYet() {
        TypeGuess guess = new TypeGuess();
        guess.see(null);
        assertThat(guess.type()).isEqualTo(ColumnType.UNKNOWN);
        assertThat(guess.type().hive()).isEqualTo("string");
        assertThat(ColumnType.UNKNOWN.widen(ColumnType.BIGINT)).isEqualTo(ColumnType.BIGINT);
    }

    @ParameterizedTest
    @CsvSource({
        "campaign_id, true",
        "id, true",
        "campaign_id_string, true",
        "tracked_asin, true",
        "postal_code, true",
        "paid, false",
        "users, false",
        "identity, false",
    })
    void namesOfThingsStayText(String name, boolean identifier) {
        assertThat(TypeGuess.isIdentifier(name)).isEqualTo(identifier);
    }

    @Test
    void typesOnlyWiden() {
        ColumnType money = ColumnType.ofAmc("DECIMAL", 2);
        assertThat(money.sql()).isEqualTo("decimal(38,4)");
        assertThat(ColumnType.BIGINT.widen(money)).isEqualTo(money);
        assertThat(money.widen(ColumnType.BIGINT)).isEqualTo(money);
        assertThat(money.widen(ColumnType.DOUBLE)).isEqualTo(ColumnType.DOUBLE);
        assertThat(ColumnType.DOUBLE.widen(ColumnType.BOOLEAN)).isEqualTo(ColumnType.VARCHAR);
        assertThat(ColumnType.DATE.widen(ColumnType.TIMESTAMP)).isEqualTo(ColumnType.TIMESTAMP);
        assertThat(ColumnType.ofAmc("DECIMAL", 18).sql()).isEqualTo("decimal(38,18)");
    }

    @Test
    void typesTravelAsText() throws Exception {
        JsonMapper json = new JsonMapper();
        for (ColumnType type : List.of(ColumnType.BIGINT, ColumnType.ofAmc("DECIMAL", 8))) {
            assertThat(json.readValue(json.writeValueAsString(type), ColumnType.class))
                    .isEqualTo(type);
        }
        assertThat(json.writeValueAsString(ColumnType.ofAmc("DECIMAL", 8)))
                .isEqualTo("\"decimal(38,10)\"");
    }
}
