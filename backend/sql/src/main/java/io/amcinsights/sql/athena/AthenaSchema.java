package io.amcinsights.sql.athena;

import java.util.List;

/** The tables and views that a query may name, as far as they are known. */
public record AthenaSchema(List<Table> tables) {

    /** Nothing is known. */
    public static final AthenaSchema UNKNOWN = new AthenaSchema(List.of());

    public AthenaSchema {
        tables = List.copyOf(tables);
    }

    /** A table or view. */
    public record Table(String name, List<Column> columns) {

        public Table {
            columns = List.copyOf(columns);
        }
    }

    /**
     * @param type as Athena names it
     */
    public record Column(String name, String type) {}
}
