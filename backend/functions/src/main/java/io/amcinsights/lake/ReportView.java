package io.amcinsights.lake;

import io.amcinsights.contract.ReportMapping;
import io.amcinsights.contract.ReportMapping.ByColumn;
import io.amcinsights.contract.ReportMapping.Field;
import io.amcinsights.contract.ReportMapping.Fixed;
import io.amcinsights.lake.plan.Column;
import io.amcinsights.lake.plan.ColumnType;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.services.glue.model.TableInput;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The view {@code campaign_report}: of each dataset that feeds it, the rows of its view of the
 * latest, on one schema. It reads a column in the type that the column has in the documents, which
 * is never narrower than the one that the catalogue has: published before the catalogue widens, it
 * reads exactly before and after.
 */
final class ReportView {

    static final String NAME = "campaign_report";

    /** Digits behind the point of what a double or a text is read as. */
    private static final int FRACTION = 10;

    /** Money has as many at least. */
    private static final int CENTS = 2;

    /** A dataset that feeds the view. */
    record Part(DatasetState dataset, ReportMapping mapping) {

        Optional<Column> column(Field field) {
            return column(mapping.columns().get(field));
        }

        private Optional<Column> column(@Nullable String name) {
            return dataset.columns().stream().filter(c -> c.name().equals(name)).findFirst();
        }
    }

    private ReportView() {}

    /**
     * @param parts none makes a view without rows
     */
    static TableInput of(String database, List<Part> parts) {
        Map<Field, ColumnType> types = new EnumMap<>(Field.class);
        for (Field field : Field.values()) {
            types.put(field, type(field, parts));
        }
        Map<String, ColumnType> columns = columns(types);
        String sql =
                parts.isEmpty()
                        ? nothing(columns)
                        : parts.stream()
                                .map(part -> select(database, part, columns, types))
                                .collect(Collectors.joining("UNION ALL\n"));
        return PrestoView.of(
                database,
                NAME,
                sql,
                columns.entrySet().stream()
                        .map(
                                c ->
                                        software.amazon.awssdk.services.glue.model.Column.builder()
                                                .name(c.getKey())
                                                .type(c.getValue().hive())
                                                .build())
                        .toList());
    }

    private static Map<String, ColumnType> columns(Map<Field, ColumnType> types) {
        Map<String, ColumnType> columns = new LinkedHashMap<>();
        columns.put("tenant", ColumnType.VARCHAR);
        add(columns, types, Field.ADVERTISER, Field.CAMPAIGN);
        columns.put("channel", ColumnType.VARCHAR);
        columns.put("window_start", ColumnType.TIMESTAMP);
        columns.put("window_end", ColumnType.TIMESTAMP);
        add(
                columns,
                types,
                Field.IMPRESSIONS,
                Field.REACH,
                Field.CLICKS,
                Field.SPEND,
                Field.PURCHASES,
                Field.SALES,
                Field.CURRENCY);
        columns.put("dataset", ColumnType.VARCHAR);
        return columns;
    }

    private static void add(
            Map<String, ColumnType> columns, Map<Field, ColumnType> types, Field... fields) {
        for (Field field : fields) {
            columns.put(name(field), types.getOrDefault(field, ColumnType.VARCHAR));
        }
    }

    private static String name(Field field) {
        return field.name().toLowerCase(Locale.ROOT);
    }

    /** The type that holds the values of all columns that feed a field. */
    private static ColumnType type(Field field, List<Part> parts) {
        if (field.kind() == ReportMapping.Kind.TEXT) {
            return ColumnType.VARCHAR;
        }
        int scale = field.kind() == ReportMapping.Kind.MONEY ? CENTS : 0;
        boolean whole = field.kind() == ReportMapping.Kind.COUNT;
        for (Part part : parts) {
            ColumnType type = part.column(field).map(Column::type).orElse(ColumnType.BIGINT);
            whole &= type.kind() == ColumnType.Kind.BIGINT;
            scale =
                    Math.max(
                            scale,
                            switch (type.kind()) {
                                case BIGINT -> 0;
                                case DECIMAL -> type.scale();
                                case UNKNOWN,
                                        BOOLEAN,
                                        DOUBLE,
                                        DATE,
                                        TIMESTAMP,
                                        VARCHAR,
                                        ARRAY,
                                        ROW ->
                                        FRACTION;
                            });
        }
        return whole ? ColumnType.BIGINT : ColumnType.decimalOf(scale);
    }

    private static String nothing(Map<String, ColumnType> columns) {
        return "SELECT %s\nWHERE false\n"
                .formatted(
                        columns.entrySet().stream()
                                .map(c -> typed("NULL", c.getValue(), c.getKey()))
                                .collect(Collectors.joining(",\n  ")));
    }

    private static String select(
            String database,
            Part part,
            Map<String, ColumnType> columns,
            Map<Field, ColumnType> types) {
        Map<String, String> values = new LinkedHashMap<>();
        types.forEach((field, type) -> values.put(name(field), value(part, field, type)));
        values.put("channel", channel(part));
        values.put("dataset", text(part.dataset().name()));
        String selected =
                columns.entrySet().stream()
                        .map(
                                c ->
                                        typed(
                                                values.getOrDefault(c.getKey(), quoted(c.getKey())),
                                                c.getValue(),
                                                c.getKey()))
                        .collect(Collectors.joining(",\n  "));
        return "SELECT\n  %s\nFROM %s.%s\n"
                .formatted(
                        selected,
                        quoted(database),
                        quoted(LatestView.nameOf(part.dataset().name())));
    }

    private static String typed(String value, ColumnType type, String name) {
        return "CAST(%s AS %s) AS \"%s\"".formatted(value, sql(type), name);
    }

    private static String sql(ColumnType type) {
        return type.equals(ColumnType.TIMESTAMP) ? "timestamp(3)" : type.sql();
    }

    /** What a number cannot be read as is NULL. */
    private static String value(Part part, Field field, ColumnType type) {
        Column column = part.column(field).orElse(null);
        if (column == null) {
            return "NULL";
        }
        String name = quoted(column.name());
        return switch (column.type().kind()) {
            case BIGINT, DECIMAL -> name;
            case UNKNOWN, BOOLEAN, DOUBLE, DATE, TIMESTAMP, VARCHAR, ARRAY, ROW ->
                    field.kind() == ReportMapping.Kind.TEXT
                            ? name
                            : "TRY_CAST(%s AS %s)".formatted(name, sql(type));
        };
    }

    private static String channel(Part part) {
        return switch (part.mapping().channel()) {
            case null -> "NULL";
            case Fixed(String name) -> text(name);
            case ByColumn by -> byColumn(part, by);
        };
    }

    private static String byColumn(Part part, ByColumn by) {
        if (part.column(by.column()).isEmpty()) {
            return "NULL";
        }
        String value = "CAST(%s AS varchar)".formatted(quoted(by.column()));
        StringBuilder cases = new StringBuilder("CASE");
        by.names()
                .forEach(
                        (found, name) ->
                                cases.append(
                                        " WHEN lower(%s) = %s THEN %s"
                                                .formatted(
                                                        value,
                                                        text(found.toLowerCase(Locale.ROOT)),
                                                        text(name))));
        String absent = by.absent();
        if (absent != null) {
            cases.append(" WHEN %s IS NULL THEN %s".formatted(value, text(absent)));
        }
        return cases.length() == "CASE".length() ? value : cases + " ELSE " + value + " END";
    }

    private static String text(String value) {
        return "'%s'".formatted(value.replace("'", "''"));
    }

    private static String quoted(String name) {
        return "\"%s\"".formatted(name.replace("\"", "\"\""));
    }
}
