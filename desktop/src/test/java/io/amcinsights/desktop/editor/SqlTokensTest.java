package io.amcinsights.desktop.editor;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.desktop.editor.SqlTokens.Kind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Random;

class SqlTokensTest {

    @Test
    void tellsThePiecesApart() {
        assertThat(
                        kinds(
                                """
                                SELECT count(*), 'it''s', "a b", 1.5e3 FROM t -- end
                                /* two
                                lines */
                                """))
                .containsExactly(
                        "KEYWORD SELECT",
                        "FUNCTION count",
                        "SYMBOL (",
                        "SYMBOL *",
                        "SYMBOL )",
                        "SYMBOL ,",
                        "STRING 'it''s'",
                        "SYMBOL ,",
                        "QUOTED_NAME \"a b\"",
                        "SYMBOL ,",
                        "NUMBER 1.5e3",
                        "KEYWORD FROM",
                        "NAME t",
                        "COMMENT -- end",
                        "COMMENT /* two\nlines */");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 'open",
                "SELECT \"open",
                "/* open",
                "--",
                "'",
                "''",
                "'a''",
                "é§$ 😀"
            })
    void takesTextsThatEndTooEarly(String sql) {
        assertCovered(sql);
    }

    @Test
    void givesEveryCharacterToOnePiece() {
        Random random = new Random(3);
        String alphabet = "aS1.'\"`-/*()[] \n\t,;é";
        for (int i = 0; i < 2_000; i++) {
            StringBuilder sql = new StringBuilder();
            for (int length = random.nextInt(30); length > 0; length--) {
                sql.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            assertCovered(sql.toString());
        }
    }

    @Test
    void findsThePairOfABracket() {
        String sql = "f(a, ')', [b])";

        assertThat(pair(sql, 1)).isEqualTo(new SqlTokens.Pair(1, 13));
        assertThat(pair(sql, 14)).isEqualTo(new SqlTokens.Pair(1, 13));
        assertThat(pair(sql, 10)).isEqualTo(new SqlTokens.Pair(10, 12));
        assertThat(SqlTokens.pairAt(sql, SqlTokens.of(sql), 6)).isEmpty();
        assertThat(SqlTokens.pairAt("(a]", SqlTokens.of("(a]"), 1)).isEmpty();
    }

    @Test
    void laysOutWithoutChangingTheWords() {
        String sql =
                "select campaign, count(distinct user_id) as reach from dsp_impressions where"
                    + " campaign in (CUSTOM_PARAMETER('brands')) and x is not null group by 1 --"
                    + " reach";

        String laidOut = SqlLayout.of(sql);

        assertThat(SqlTokens.same(sql, laidOut)).isTrue();
        assertThat(laidOut.lines().count()).isGreaterThan(6);
        assertThat(SqlLayout.of(laidOut)).isEqualTo(laidOut);
    }

    private static void assertCovered(String sql) {
        int at = 0;
        for (SqlTokens.Token token : SqlTokens.of(sql)) {
            assertThat(token.start()).as(sql).isEqualTo(at);
            assertThat(token.end()).as(sql).isGreaterThan(at);
            at = token.end();
        }
        assertThat(at).as(sql).isEqualTo(sql.length());
    }

    private static SqlTokens.Pair pair(String sql, int caret) {
        return SqlTokens.pairAt(sql, SqlTokens.of(sql), caret).orElseThrow();
    }

    private static List<String> kinds(String sql) {
        return SqlTokens.of(sql).stream()
                .filter(token -> token.kind() != Kind.SPACE)
                .map(token -> token.kind() + " " + sql.substring(token.start(), token.end()))
                .toList();
    }
}
