package io.amcinsights.local.amc.engine;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Struct;
import java.sql.Timestamp;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/**
 * CSV as AMC writes it: a header, commas, quotes where needed, a backslash before a quote inside
 * quotes, nothing for NULL. Source: AMC Reporting API reference, {@code outputFormat}.
 */
final class AmcCsv {

    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT);

    private final Writer out;

    AmcCsv(Writer out) {
        this.out = out;
    }

    void header(List<String> names) throws IOException {
        StringJoiner line = new StringJoiner(",", "", "\n");
        names.forEach(name -> line.add(field(name)));
        out.write(line.toString());
    }

    void row(ResultSet row, int columns) throws IOException, SQLException {
        StringJoiner line = new StringJoiner(",", "", "\n");
        for (int i = 1; i <= columns; i++) {
            Object value = row.getObject(i);
            line.add(value == null ? "" : field(text(value)));
        }
        out.write(line.toString());
    }

    private static String field(String text) {
        boolean plain =
                !text.isEmpty()
                        && text.chars()
                                .noneMatch(
                                        c ->
                                                c == ',' || c == '"' || c == '\\' || c == '\n'
                                                        || c == '\r');
        if (plain) {
            return text;
        }
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String text(@Nullable Object value) throws SQLException {
        return switch (value) {
            case null -> "null";
            case BigDecimal decimal -> decimal.toPlainString();
            case Timestamp timestamp -> TIMESTAMP.format(timestamp.toLocalDateTime());
            case LocalDateTime dateTime -> TIMESTAMP.format(dateTime.atOffset(ZoneOffset.UTC));
            case Array array -> values((Object[]) array.getArray());
            case Struct struct -> values(struct.getAttributes());
            case Map<?, ?> map -> map(map);
            default -> value.toString();
        };
    }

    private static String map(Map<?, ?> map) throws SQLException {
        StringJoiner text = new StringJoiner(", ", "{", "}");
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            text.add(text(entry.getKey()) + "=" + text(entry.getValue()));
        }
        return text.toString();
    }

    private static String values(@Nullable Object[] values) throws SQLException {
        StringJoiner text = new StringJoiner(", ", "[", "]");
        for (Object value : values) {
            text.add(text(value));
        }
        return text.toString();
    }
}
