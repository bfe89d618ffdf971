package io.amcinsights.lake.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

class LayoutTest {

    @ParameterizedTest
    @CsvSource({
        "Reach & Frequency, reach_frequency",
        "Größe, große",
        "wf.1-2, wf_1_2",
        "2nd touch, _2nd_touch",
        "'!!', column",
    })
    void namesNeedNoQuotes(String text, String name) {
        assertThat(Names.plain(text)).isEqualTo(name.replace("ß", "_"));
    }

    @Test
    void newColumnsComeLastAndNamesStayApart() {
        List<Column> first =
                Layout.merge(
                        List.of(),
                        List.of("users", "Users", "tenant", "run_id"),
                        List.of(
                                ColumnType.BIGINT,
                                ColumnType.BIGINT,
                                ColumnType.VARCHAR,
                                ColumnType.BIGINT));
        assertThat(first)
                .extracting(Column::name)
                .containsExactly("users", "users_2", "tenant_2", "run_id_2");

        List<String> header = List.of("new", "Users", "users");
        List<Column> second =
                Layout.merge(
                        first,
                        header,
                        List.of(ColumnType.DATE, ColumnType.DOUBLE, ColumnType.UNKNOWN));

        assertThat(second)
                .extracting(c -> c.name() + " " + c.type().sql())
                .containsExactly(
                        "users bigint",
                        "users_2 double",
                        "tenant_2 varchar",
                        "run_id_2 bigint",
                        "new date");
        assertThat(Layout.widens(first, second)).isTrue();
        assertThat(Layout.ofFile(second, header))
                .extracting(Column::name)
                .containsExactly("new", "users_2", "users");
    }

    @Test
    void aNewColumnWidensNothing() {
        List<Column> first = Layout.merge(List.of(), List.of("a"), List.of(ColumnType.DOUBLE));
        List<Column> second =
                Layout.merge(first, List.of("a", "b"), List.of(ColumnType.BIGINT, ColumnType.DATE));
        assertThat(Layout.widens(first, second)).isFalse();
    }

    @Test
    void twoColumnsOfOneNameStayTwo() {
        List<String> header = List.of("x", "x");
        List<ColumnType> types = List.of(ColumnType.BIGINT, ColumnType.DATE);
        List<Column> columns = Layout.merge(List.of(), header, types);

        assertThat(columns).extracting(Column::name).containsExactly("x", "x_2");
        assertThat(Layout.merge(columns, header, types)).isEqualTo(columns);
        assertThat(Layout.ofFile(columns, header)).isEqualTo(columns);
    }
}
