package io.amcinsights.desktop.editor;

import com.github.vertical_blank.sqlformatter.SqlFormatter;
import com.github.vertical_blank.sqlformatter.core.FormatConfig;
import com.github.vertical_blank.sqlformatter.languages.Dialect;

/** Lays SQL out anew. */
final class SqlLayout {

    private static final FormatConfig CONFIG =
            FormatConfig.builder().indent("  ").maxColumnLength(80).linesBetweenQueries(2).build();

    private SqlLayout() {}

    /** The same SQL with other white space; the SQL as it is where that cannot be kept. */
    static String of(String sql) {
        String laidOut = SqlFormatter.of(Dialect.StandardSql).format(sql, CONFIG);
        return SqlTokens.same(sql, laidOut) ? laidOut : sql;
    }
}
