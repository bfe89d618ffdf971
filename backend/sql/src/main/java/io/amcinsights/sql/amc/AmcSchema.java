package io.amcinsights.sql.amc;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The tables that AMC offers to a query. Names are looked up in any case. */
public final class AmcSchema {

    /**
     * A data source of AMC.
     *
     * @param paid needs a subscription
     * @param timeColumn what AMC compares with a run's time window; null where it does not filter
     */
    public record Table(
            String name,
            String description,
            boolean paid,
            @Nullable String timeColumn,
            List<Column> columns) {

        public Table {
            columns = List.copyOf(columns);
        }

        /** The column of that name, in any case. */
        public @Nullable Column column(String name) {
            for (Column column : columns) {
                if (column.name().equalsIgnoreCase(name)) {
                    return column;
                }
            }
            return null;
        }
    }

    /**
     * A column of a data source.
     *
     * @param dataType as AMC writes it: {@code STRING}, {@code LONG}, {@code DECIMAL(38,4)}…
     * @param metric AMC counts it as METRIC rather than DIMENSION
     */
    public record Column(String name, String dataType, boolean metric, Threshold threshold) {

        public AmcType type() {
            return AmcType.named(dataType);
        }
    }

    private static final AmcSchema STANDARD = load();

    private final Map<String, Table> tables;

    public AmcSchema(Collection<Table> tables) {
        Map<String, Table> byName = new LinkedHashMap<>();
        for (Table table : tables) {
            byName.put(key(table.name()), table);
        }
        this.tables = byName;
    }

    /** The tables of Amazon's documentation, paid ones included. */
    public static AmcSchema standard() {
        return STANDARD;
    }

    public Collection<Table> tables() {
        return tables.values();
    }

    /** The table of that name, in any case. */
    public @Nullable Table table(String name) {
        return tables.get(key(name));
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static AmcSchema load() {
        Map<String, List<Column>> columns = new LinkedHashMap<>();
        for (List<String> row : Csv.rows("columns.csv")) {
            columns.computeIfAbsent(row.get(0), _ -> new ArrayList<>())
                    .add(
                            new Column(
                                    row.get(1),
                                    row.get(2),
                                    row.get(3).equals("METRIC"),
                                    Threshold.valueOf(row.get(4))));
        }
        List<Table> tables = new ArrayList<>();
        for (List<String> row : Csv.rows("tables.csv")) {
            List<Column> own = columns.get(row.get(0));
            if (own == null) {
                throw new IllegalStateException("tables.csv names a table without columns: " + row);
            }
            for (String name : names(row.get(0))) {
                tables.add(
                        new Table(
                                name,
                                row.get(3),
                                row.get(1).equals("paid"),
                                row.get(2).isEmpty() ? null : row.get(2),
                                own));
            }
        }
        return new AmcSchema(tables);
    }

    /** The documentation describes the twelve audience tables once, as a pattern. */
    private static List<String> names(String table) {
        if (!table.contains("<")) {
            return List.of(table);
        }
        List<String> names = new ArrayList<>();
        for (String region : List.of("amer", "apac", "eu")) {
            for (String category : List.of("inmarket", "lifestyle")) {
                String name = "audience_segments_" + region + "_" + category;
                names.add(name);
                names.add(name + "_snapshot");
            }
        }
        return names;
    }
}
