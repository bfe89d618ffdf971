package io.amcinsights.local.amc.engine;

import java.util.List;

/**
 * What came of a query.
 *
 * @param rows data rows in the file
 */
public record Result(List<Column> columns, long rows) {

    /**
     * A column of the file.
     *
     * @param dataType as AMC writes it
     * @param metric METRIC rather than DIMENSION
     * @param precision of a DECIMAL, else 0
     * @param scale of a DECIMAL, else 0
     */
    public record Column(String name, String dataType, boolean metric, int precision, int scale) {}
}
