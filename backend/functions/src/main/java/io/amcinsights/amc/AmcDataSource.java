package io.amcinsights.amc;

import java.util.List;

/**
 * A table that AMC SQL may read.
 *
 * @param owner {@code AMAZON} or {@code CUSTOMER}
 * @param paid needs a subscription, which this instance has
 */
public record AmcDataSource(
        String name, String description, String owner, boolean paid, List<Column> columns) {

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
