package io.amcinsights.sql.athena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.amcinsights.sql.Completion;
import io.amcinsights.sql.Problem;
import io.amcinsights.sql.Problem.Severity;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT campaign, sum(sales) FROM reach GROUP BY 1 ORDER BY 2 DESC LIMIT 10",
                "SELECT name FROM t WHERE id = ? -- rand()",
                "WITH best AS (SELECT a FROM t ORDER BY a LIMIT 1) SELECT 'LIMIT', now() FROM best",
                "(SELECT 1) UNION (SELECT 2) ORDER BY 1 LIMIT 1"
            })
    void knowsWhatAnswersAlikeAgain(String sql) {
        assertThat(AthenaSql.isDeterministic(sql)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT a FROM t LIMIT 10",
                "SELECT a FROM t FETCH FIRST 1 ROW ONLY",
                "SELECT a FROM (SELECT a FROM t LIMIT 10) ORDER BY a",
                "SELECT a FROM t UNION SELECT b FROM u LIMIT 10",
                "SELECT a FROM t WHERE Rand() < 0.1",
                "SELECT shuffle(array_agg(a)) FROM t",
                "SELECT a FROM t TABLESAMPLE BERNOULLI (10)",
                "SELECT FROM"
            })
    void knowsWhatChanceDecides(String sql) {
        assertThat(AthenaSql.isDeterministic(sql)).isFalse();
    }

    @Test
    void findsTheStatementAtTheCaret() {
        String text = "-- first\nSELECT ';' AS a;\n\nSELECT 2 -- two; really\n;  ";
        assertThat(AthenaSql.statements(text))
                .extracting(Statement::sql)
                .containsExactly("SELECT ';' AS a", "SELECT 2");
        assertThat(AthenaSql.statementAt(text, 0).orElseThrow().sql()).isEqualTo("SELECT ';' AS a");
        assertThat(AthenaSql.statementAt(text, text.indexOf(";\n") + 1).orElseThrow().sql())
                .isEqualTo("SELECT ';' AS a");
        assertThat(AthenaSql.statementAt(text, text.indexOf(";\n") + 2).orElseThrow())
                .isEqualTo(
                        new Statement(
                                "SELECT 2",
                                text.indexOf("SELECT 2"),
                                text.lastIndexOf(';') + 1,
                                4,
                                1));
        assertThat(AthenaSql.statementAt(text, text.length()).orElseThrow().sql())
                .isEqualTo("SELECT 2");
        assertThat(AthenaSql.statementAt(" -- nothing; here", 3)).isEmpty();
    }

    @Test
    void placesTheErrorsOfEachStatement() {
        assertThat(AthenaSql.check("SELECT 1;\nSELECT 2; SELECT FROM;\nSELECT a FROM t WHER x = 1"))
                .extracting(Problem::line, Problem::column)
                .containsExactly(tuple(2, 18), tuple(3, 22));
    }

    @Test
    void completesWhatTheStatementNames() {
        AthenaSchema schema =
                new AthenaSchema(
                        List.of(
                                new AthenaSchema.Table(
                                        "reach",
                                        List.of(
                                                new AthenaSchema.Column("campaign", "varchar"),
                                                new AthenaSchema.Column("Cost €", "double"))),
                                new AthenaSchema.Table(
                                        "2026_sales",
                                        List.of(new AthenaSchema.Column("units", "bigint")))));

        assertThat(texts("SELECT 1; SELECT * FROM re|", schema)).containsExactly("reach");
        assertThat(texts("SELECT * FROM | WHERE x", schema))
                .containsExactly("reach", "\"2026_sales\"");
        assertThat(texts("SELECT r.| FROM reach AS r", schema))
                .containsExactly("campaign", "\"Cost €\"");
        assertThat(texts("SELECT r.\"co| FROM reach r", schema)).containsExactly("\"Cost €\"");
        assertThat(texts("SELECT cam| FROM reach", schema)).containsExactly("campaign");
        assertThat(texts("SELECT uni| FROM reach", schema)).containsExactly("UNION ALL");
        assertThat(texts("WITH best AS (SELECT 1) SELECT * FROM b|", schema))
                .containsExactly("best");
        assertThat(texts("SELECT 'a|", schema)).isEmpty();
        assertThat(texts("SELECT approx_d|", schema)).containsExactly("approx_distinct");
        assertThat(texts("|", schema)).contains("SELECT", "WITH");
    }

    private static List<String> texts(String marked, AthenaSchema schema) {
        int caret = marked.indexOf('|');
        String sql = marked.replace("|", "");
        return AthenaSql.complete(sql, caret, schema).stream()
                .peek(c -> assertThat(c.start()).isBetween(0, caret))
                .map(Completion::text)
                .toList();
    }
}
