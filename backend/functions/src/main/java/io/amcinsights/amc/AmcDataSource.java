package io.amcinsights.amc;

import java.util.List;

/** A table that AMC SQL may read. */
public record AmcDataSource(String name, String description, List<Column> columns) {

    /**
     * @param columnType {@code DIMENSION} or {@code METRIC}
     * @param sensitivity the aggregation threshold's class; empty where AMC does not tell
     */
    public record Column(
            String name,
            String dataType,
            String columnType,
            String sensitivity,
            String description) {}
}
