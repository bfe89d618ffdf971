package io.amcinsights.sql.athena;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.sql.Problem;
import io.amcinsights.sql.Problem.Severity;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AthenaSqlTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-- nothing yet",
                "SELECT campaign, sum(sales) FROM reach GROUP BY 1 ORDER BY 2 DESC LIMIT 10;",
                "SELECT * FROM t WHERE d > current_date - INTERVAL '7' DAY ; \n-- done",
                "SHOW TABLES",
                "MSCK REPAIR TABLE t",
                "UNLOAD (SELECT 1) TO 's3://b/p/' WITH (format = 'PARQUET')",
                "/* lake */ CREATE EXTERNAL TABLE t (a int) LOCATION 's3://b/'",
                "CREATE TABLE x WITH (format = 'PARQUET') AS SELECT 1 AS a"
            })
    void acceptsWhatAthenaRuns(String sql) {
        assertThat(AthenaSql.check(sql)).isEmpty();
    }

    @Test
    void pointsAtTheFirstError() {
        assertThat(AthenaSql.check("SELECT a\nFROM t WHER x = 1"))
                .singleElement()
                .satisfies(
                        p -> {
                            assertThat(p.line()).isEqualTo(2);
                            assertThat(p.column()).isEqualTo(13);
                            assertThat(p.endColumn()).isEqualTo(14);
                            assertThat(p.severity()).isEqualTo(Severity.ERROR);
                            assertThat(p.message()).startsWith("Unexpected \"x\". Expected here: ");
                        });
        assertThat(AthenaSql.check("SELECT a FROM"))
                .extracting(Problem::message)
                .singleElement()
                .asString()
                .startsWith("The statement ends too early. Expected here: ");
    }
}
